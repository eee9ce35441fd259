//! How long a comparison would have to be to tell a difference.

use super::comparison::{CONFIDENCE, Compared};
use super::student::critical;

/// How often a difference is to be found. That leaves room for its variance being known from one comparison only.
const FOUND: f64 = 0.9;

/// Batches that are planned for at least: with fewer, an interval is as long as what is known of the variance is little.
const BATCHES: f64 = 64.0;

/// How many calls each side would need for a difference of `effect` (0.05 is 5 %, or for a share 5 points) to be found nine
/// times of ten, to two digits. `None` where how much the figure varies is not known.
///
/// It follows from the variance of the difference in this comparison, which falls with the number of calls: so many that the
/// difference is as long as the interval reaches, and as far beyond that as an estimate falls short of the truth once in
/// ten times.
pub fn recommended_calls(compared: &Compared, effect: f64) -> Option<u64> {
    let spread = compared.spread?;
    let effect = match compared.metric.is_share() {
        true => effect.abs(),
        false => effect.abs().ln_1p(),
    };
    let one_sided = 2.0 * FOUND - 1.0;
    let errors = critical(CONFIDENCE, spread.freedom) + critical(one_sided, spread.freedom);
    let calls = spread.of_one_call * (errors / effect).powi(2);
    let calls = calls.max(BATCHES * spread.batch);
    (calls < u64::MAX as f64).then(|| round_up(calls))
}

/// Up to two digits: more would be a promise.
fn round_up(calls: f64) -> u64 {
    let digits = calls.max(1.0).log10().floor();
    let unit = 10f64.powf((digits - 1.0).max(0.0));
    ((calls / unit).ceil() * unit).max(1.0) as u64
}
