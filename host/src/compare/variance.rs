//! How much a sum over batches varies, when neighbouring batches resemble each other.

use std::f64::consts::PI;

/// The variance of a sum, and how many independent values it is known from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Variance {
    pub(super) of_sum: f64,
    pub(super) freedom: f64,
}

impl Variance {
    pub(super) fn error(self) -> f64 {
        self.of_sum.sqrt()
    }
}

/// Estimates the variance of the sum of a series whose mean is 0, from the series itself.
///
/// An autoregressive model takes out what batches have in common with their neighbours; the variance at the lowest
/// frequencies of what is left is the equal-weighted mean of its cosine transforms; and the model puts back what it took.
/// The sources are in `docs/design/comparison.md`.
pub(super) fn of_sum(series: &[f64]) -> Variance {
    let count = series.len() as f64;
    let model = autoregression(series);
    let (low, waves) = cosine_variance(&residuals(series, &model));
    if model.is_empty() {
        return Variance {
            of_sum: count * low,
            freedom: waves,
        };
    }
    let sum: f64 = model.iter().sum();
    // Kendall's correction of the bias of an estimated correlation, and the bound of Sul, Phillips and Choi, which is
    // approached by a series that does not return to its mean within the run.
    let sum = (sum + (1.0 + 3.0 * sum) / count).min(1.0 - count.sqrt().recip());
    let independent = count * ((1.0 - sum) / (1.0 + sum)).min(1.0);
    Variance {
        of_sum: count * low / (1.0 - sum).powi(2),
        freedom: (1.0 / waves + 2.0 / independent).recip(),
    }
}

/// The coefficients of the autoregressive model that describes a series best, by the criterion of Schwarz. None where
/// neighbours do not resemble each other.
fn autoregression(series: &[f64]) -> Vec<f64> {
    let count = series.len();
    let most = ((10.0 * (count as f64).log10()) as usize).min(count / 10);
    let covariance = |lag: usize| {
        let products = series[lag..]
            .iter()
            .zip(series)
            .map(|(one, before)| one * before);
        products.sum::<f64>() / count as f64
    };
    let covariances: Vec<f64> = (0..=most).map(covariance).collect();
    let mut rest = covariances[0];
    if rest <= 0.0 || !rest.is_finite() {
        return Vec::new();
    }
    let score =
        |rest: f64, order: usize| count as f64 * rest.ln() + (count as f64).ln() * order as f64;
    let mut best = (score(rest, 0), Vec::new());
    let mut model: Vec<f64> = Vec::new();
    // The recursion of Levinson and Durbin: each model follows from the one of the order before.
    for order in 1..=most {
        let explained = model.iter().zip(covariances[1..order].iter().rev());
        let explained: f64 = explained
            .map(|(weight, covariance)| weight * covariance)
            .sum();
        let reflection = (covariances[order] - explained) / rest;
        let before = model.clone();
        for (weight, mirrored) in model.iter_mut().zip(before.iter().rev()) {
            *weight -= reflection * mirrored;
        }
        model.push(reflection);
        rest *= 1.0 - reflection * reflection;
        if rest <= 0.0 || !rest.is_finite() {
            break;
        }
        if score(rest, order) < best.0 {
            best = (score(rest, order), model.clone());
        }
    }
    best.1
}

/// What a model does not explain of a series.
fn residuals(series: &[f64], model: &[f64]) -> Vec<f64> {
    let windows = series.windows(model.len() + 1);
    let residual = |window: &[f64]| {
        let (before, one) = window.split_at(model.len());
        let explained = model.iter().zip(before.iter().rev());
        one[0] - explained.map(|(weight, value)| weight * value).sum::<f64>()
    };
    windows.map(residual).collect()
}

/// The long-run variance of a series as the mean square of its first cosine transforms, and how many of them that is.
fn cosine_variance(series: &[f64]) -> (f64, f64) {
    let count = series.len() as f64;
    let waves = (0.41 * count.powf(2.0 / 3.0)).round().max(1.0);
    let square = |wave: usize| {
        // Rotation gives all cosines of a wave from one of each function.
        let (sin, cos) = (PI * wave as f64 / count).sin_cos();
        let (mut y, mut x) = (PI * wave as f64 / count / 2.0).sin_cos();
        let mut sum = 0.0;
        for value in series {
            sum += x * value;
            (x, y) = (x * cos - y * sin, x * sin + y * cos);
        }
        sum * sum * 2.0 / count
    };
    let squares: f64 = (1..=waves as usize).map(square).sum();
    (squares / waves, waves)
}
