//! How long a comparison would have to be to tell a difference.

use super::comparison::Compared;

/// The sum of the quantiles of the normal distribution for an interval of 95 % (1.960) and for finding the difference nine
/// times of ten (1.282), which leaves room for the variance being known from one comparison only.
const SURELY: f64 = 1.960 + 1.282;

/// How many calls each side would need for a difference of `effect` (0.05 is 5 %, or for a share 5 points) to be found nine
/// times of ten. `None` where how much the figure varies is not known.
///
/// It follows from the variance of the difference in this comparison, which falls with the number of calls.
pub fn recommended_calls(compared: &Compared, effect: f64) -> Option<u64> {
    let effect = match compared.metric.is_share() {
        true => effect.abs(),
        false => effect.abs().ln_1p(),
    };
    let calls = compared.spread? * (SURELY / effect).powi(2);
    (calls.is_finite() && calls < u64::MAX as f64).then(|| round_up(calls))
}

/// Up to two digits: more would be a promise.
fn round_up(calls: f64) -> u64 {
    let unit = 10f64.powf((calls.max(1.0).log10() - 1.0).floor().max(0.0));
    ((calls / unit).ceil() * unit).max(1.0) as u64
}
