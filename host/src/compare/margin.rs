//! A figure of one side, and how it follows from the batches.

use super::batch::Batch;
use super::comparison::Metric;
use super::sample::{Sample, logarithms};

/// A figure of one side.
///
/// It is seen as a function of a mean over batches, the *raw* figure, whose error is that of a sum of what each batch
/// adds to it, its influence. For a percentile the raw figure is the share of durations up to it, which makes it one of
/// counts; what an error of that share means for the duration is read from the durations themselves.
#[derive(Debug)]
pub(super) struct Margin<'a> {
    /// The figure as it is shown: nanoseconds, per second or a share.
    pub(super) figure: f64,
    /// The figure in the scale that differences are taken in: the logarithm, or the share itself.
    pub(super) at: f64,
    /// What each batch adds to the error of the raw figure.
    pub(super) influence: Vec<f64>,
    /// Calls it rests on.
    pub(super) calls: f64,
    reach: Reach<'a>,
}

#[derive(Debug)]
enum Reach<'a> {
    /// The raw figure is relative to the figure.
    Ratio,
    /// It is the share of durations up to this one.
    Quantile { q: f64, of: &'a Sample<'a> },
    /// It is the share itself.
    Share,
}

impl<'a> Margin<'a> {
    /// `None` where the figure is not known: there are no calls, or too few beyond a percentile.
    pub(super) fn of(metric: Metric, sample: &'a Sample<'a>) -> Option<Margin<'a>> {
        match metric {
            Metric::CallsPerS => rate(sample),
            Metric::Mean => mean(sample),
            Metric::Fail => share(sample),
            Metric::P50 | Metric::P90 | Metric::P99 => quantile(metric.quantile()?, sample),
        }
    }

    /// Where the figure would be, in its scale, if the raw figure erred by `error` (of `t` standard errors) downwards or
    /// upwards. `None` for an end that is beyond all durations.
    pub(super) fn reach(&self, error: f64, t: f64) -> (Option<f64>, Option<f64>) {
        match &self.reach {
            Reach::Ratio => (Some(self.at - error), Some(self.at + error)),
            Reach::Quantile { q, of } => {
                // To the outer ends of the buckets, since nothing is known inside of one.
                let end = |q: f64| of.within(q).map(logarithms);
                let low = end((q - error).max(0.0)).map(|(low, _)| low);
                (low, end(q + error).map(|(_, high)| high))
            }
            Reach::Share => {
                let (low, high) = wilson(self.at, self.calls, error, t);
                (Some(low), Some(high))
            }
        }
    }
}

fn rate<'a>(sample: &'a Sample<'a>) -> Option<Margin<'a>> {
    let (calls, seconds) = (sample.calls() as f64, sample.seconds());
    let rate = calls / seconds;
    let influence =
        |batch: &&Batch| off(batch.calls as f64, rate * batch.length_ns as f64 / 1e9) / calls;
    (calls > 0.0 && seconds > 0.0).then(|| Margin {
        figure: rate,
        at: rate.ln(),
        influence: sample.batches().iter().map(influence).collect(),
        calls,
        reach: Reach::Ratio,
    })
}

fn mean<'a>(sample: &'a Sample<'a>) -> Option<Margin<'a>> {
    let (count, sum) = (sample.durations() as f64, sample.sum());
    let mean = sum / count;
    let influence = |batch: &&Batch| off(batch.sum(), mean * batch.durations() as f64) / sum;
    (count > 0.0 && sum > 0.0).then(|| Margin {
        figure: mean,
        at: mean.ln(),
        influence: sample.batches().iter().map(influence).collect(),
        calls: count,
        reach: Reach::Ratio,
    })
}

fn quantile<'a>(q: f64, sample: &'a Sample<'a>) -> Option<Margin<'a>> {
    let bucket = sample.quantile(q)?;
    let count = sample.durations() as f64;
    // A bucket may hold many durations: the share is the one that is there, not the one that was asked for.
    let up_to: u64 = sample
        .batches()
        .iter()
        .map(|batch| batch.up_to(bucket))
        .sum();
    let share = up_to as f64 / count;
    let influence =
        |batch: &&Batch| off(batch.up_to(bucket) as f64, share * batch.durations() as f64) / count;
    let (_, at) = logarithms(bucket);
    Some(Margin {
        figure: at.exp(),
        at,
        influence: sample.batches().iter().map(influence).collect(),
        calls: count,
        reach: Reach::Quantile { q, of: sample },
    })
}

fn share<'a>(sample: &'a Sample<'a>) -> Option<Margin<'a>> {
    let calls = sample.calls() as f64;
    let share = (sample.calls() - sample.ok()) as f64 / calls;
    let influence =
        |batch: &&Batch| off((batch.calls - batch.ok) as f64, share * batch.calls as f64) / calls;
    (calls > 0.0).then(|| Margin {
        figure: share,
        at: share,
        influence: sample.batches().iter().map(influence).collect(),
        calls,
        reach: Reach::Share,
    })
}

/// By how much a batch is off what it would be if all were alike. What arithmetic leaves where they are is nothing: as a
/// series it would be one of values that resemble each other.
fn off(part: f64, expected: f64) -> f64 {
    const ROUNDING: f64 = 1e-13;
    let off = part - expected;
    if off.abs() > ROUNDING * part.abs() {
        off
    } else {
        0.0
    }
}

/// The interval of E. B. Wilson ("Probable inference, the law of succession, and statistical inference", JASA 22, 1927)
/// around a share, for as many calls as would give the standard error that was found if none resembled its neighbours:
/// it has a length even where nothing or everything failed.
fn wilson(share: f64, calls: f64, error: f64, t: f64) -> (f64, f64) {
    let variance = (error / t).powi(2);
    let binomial = share * (1.0 - share);
    let effective = if binomial > 0.0 && variance > 0.0 {
        binomial / variance
    } else {
        calls
    };
    let z = t * t / effective;
    let middle = (share + z / 2.0) / (1.0 + z);
    let half = t / (1.0 + z) * ((binomial + z / 4.0) / effective).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}
