//! The distribution of Student.

use std::f64::consts::FRAC_PI_2;

/// Beyond these degrees of freedom it is the normal distribution, to five digits.
const NORMAL: f64 = 1e5;

/// The value that a variable with `freedom` degrees of freedom (not below 1) lies within, above or below 0, with a
/// probability between 0 and 1.
///
/// With `x = √freedom · tan(angle)` the density becomes `cos(angle)^(freedom − 1)`, which is summed up by Simpson's rule
/// until the probability is reached. That is exact to four digits, more than any variance is known to.
pub(super) fn critical(probability: f64, freedom: f64) -> f64 {
    const STEPS: usize = 512;
    let freedom = freedom.clamp(1.0, NORMAL);
    let end = FRAC_PI_2.min(9.0 / freedom.sqrt());
    let step = end / STEPS as f64;
    let density = |angle: f64| angle.cos().max(0.0).powf(freedom - 1.0);
    let slices = (0..STEPS).map(|index| {
        let from = index as f64 * step;
        let middle = density(from + step / 2.0);
        (density(from) + 4.0 * middle + density(from + step)) * step / 6.0
    });
    let slices: Vec<f64> = slices.collect();
    let wanted = slices.iter().sum::<f64>() * probability;
    let mut reached = 0.0;
    for (index, slice) in slices.iter().enumerate() {
        if reached + slice >= wanted {
            let angle = (index as f64 + (wanted - reached) / slice) * step;
            return freedom.sqrt() * angle.tan();
        }
        reached += slice;
    }
    freedom.sqrt() * end.tan()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_are_those_of_the_tables() {
        for (freedom, expected) in [
            (1.0, 12.7062),
            (2.0, 4.3027),
            (3.0, 3.1824),
            (5.0, 2.5706),
            (10.0, 2.2281),
            (30.0, 2.0423),
            (1e3, 1.9623),
            (1e9, 1.95996),
        ] {
            let found = critical(0.95, freedom);
            assert!((found / expected - 1.0).abs() < 2e-4, "{freedom}: {found}");
        }
        assert!((critical(0.99, 10.0) - 3.1693).abs() < 1e-3);
    }
}
