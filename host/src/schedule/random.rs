//! Random numbers that are a pure function of a seed, of what they are for, and of an index.
//!
//! The n-th value can be had without the ones before it, so threads need not agree on anything but the seed.

use crate::splitmix::{self, GOLDEN_GAMMA};

/// What numbers are drawn for. Each purpose has numbers of its own, though the seed is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// How long until the next arrival.
    Arrivals,
    /// How far a call is moved.
    Jitter,
    /// The order of a mix.
    Mix,
    /// How long a worker waits.
    Think,
}

/// Numbers for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Draws {
    start: u64,
}

impl Draws {
    /// The numbers of a seed. Seed and purpose are mixed, so that neighbouring seeds do not have overlapping numbers.
    pub(super) fn new(seed: u64, purpose: Purpose) -> Draws {
        let purpose = splitmix::mixed((purpose as u64 + 1).wrapping_mul(GOLDEN_GAMMA));
        Draws {
            start: splitmix::mixed(seed ^ purpose),
        }
    }

    /// The number with this index: all 64 bits are random.
    pub(super) fn at(self, index: u64) -> u64 {
        splitmix::after(self.start, index.wrapping_add(1))
    }

    /// A number from 0 on and below 1.
    pub(super) fn uniform(self, index: u64) -> f64 {
        splitmix::unit(self.at(index))
    }

    /// An exponential number with mean 1, by inversion: -ln(u) of a uniform u, above 0 and at most 1.
    pub(super) fn exponential(self, index: u64) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        let uniform = ((self.at(index) >> 11) + 1) as f64 * STEP;
        -uniform.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // The first values from state 1234567, as in the reference implementation by Sebastiano Vigna.
        let draws = Draws { start: 1_234_567 };
        let values: Vec<u64> = (0..3).map(|index| draws.at(index)).collect();
        assert_eq!(
            values,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn seeds_and_purposes_have_numbers_of_their_own() {
        let mut seen = HashSet::new();
        for seed in 0..100 {
            for purpose in [Purpose::Arrivals, Purpose::Jitter, Purpose::Mix] {
                let draws = Draws::new(seed, purpose);
                seen.extend((0..100).map(|index| draws.at(index)));
            }
        }
        assert_eq!(seen.len(), 100 * 3 * 100);
    }

    #[test]
    fn exponential_numbers_have_mean_and_variance_one() {
        let draws = Draws::new(1, Purpose::Arrivals);
        let count = 100_000;
        let values: Vec<f64> = (0..count).map(|index| draws.exponential(index)).collect();
        let mean = values.iter().sum::<f64>() / count as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count as f64;
        assert!(values.iter().all(|v| v.is_finite() && *v >= 0.0));
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
    }
}
