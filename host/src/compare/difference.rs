//! The difference of one figure between both sides, its interval and the verdict.

use super::comparison::{
    BATCHES_LEAST, CONFIDENCE, Compared, Interval, Metric, Settings, Spread, Verdict,
};
use super::margin::Margin;
use super::sample::Sample;
use super::student::critical;
use super::variance::{self, Variance};

/// With fewer independent values than these nothing is said: the calls of a whole run resemble each other.
const FREEDOM_LEAST: f64 = 3.0;

/// How the sides were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sides {
    /// Apart from each other.
    Independent,
    /// Side by side, batch by batch.
    Paired,
}

/// What is known of a difference, in the scale that it is taken in.
#[derive(Debug, Clone, Copy)]
struct Estimate {
    low: f64,
    high: f64,
    /// The variance of the difference, in square units of the scale.
    variance: f64,
    /// How many independent values that is known from.
    freedom: f64,
}

/// Compares one figure.
pub(super) fn compared(
    metric: Metric,
    a: &Sample<'_>,
    b: &Sample<'_>,
    sides: Sides,
    is_identical: bool,
    settings: &Settings,
) -> Compared {
    let (of_a, of_b) = (Margin::of(metric, a), Margin::of(metric, b));
    let mut compared = Compared {
        metric,
        a: of_a.as_ref().map(|margin| margin.figure),
        b: of_b.as_ref().map(|margin| margin.figure),
        difference: None,
        interval: None,
        min_effect: match metric.is_share() {
            true => settings.min_points(),
            false => settings.min_effect,
        },
        verdict: Verdict::NotEnoughData,
        spread: None,
    };
    let (Some(of_a), Some(of_b)) = (of_a, of_b) else {
        return compared;
    };
    let shown = |difference: f64| match metric.is_share() {
        true => difference,
        false => difference.exp_m1(),
    };
    compared.difference = Some(shown(of_b.at - of_a.at));
    if is_identical {
        compared.interval = Some(Interval {
            low: 0.0,
            high: 0.0,
        });
        compared.verdict = Verdict::Same;
        return compared;
    }
    if a.batches().len() < BATCHES_LEAST || b.batches().len() < BATCHES_LEAST {
        return compared;
    }
    let estimate = match sides {
        Sides::Independent => apart(&of_a, &of_b),
        Sides::Paired => together(&of_a, &of_b),
    };
    if let Some(estimate) = estimate {
        let interval = Interval {
            low: shown(estimate.low),
            high: shown(estimate.high),
        };
        compared.interval = Some(interval);
        compared.verdict = verdict(&compared, interval);
        let harmonic = (of_a.calls.recip() + of_b.calls.recip()).recip();
        let batches = a.batches().len().max(b.batches().len()) as f64;
        compared.spread = Some(Spread {
            of_one_call: 2.0 * harmonic * estimate.variance,
            freedom: estimate.freedom,
            batch: of_a.calls.max(of_b.calls) / batches,
        });
    }
    compared
}

fn verdict(compared: &Compared, interval: Interval) -> Verdict {
    let matters = compared.min_effect;
    let difference = compared.difference.unwrap_or(0.0);
    if -matters <= interval.low && interval.high <= matters {
        return Verdict::Same;
    }
    if interval.contains(0.0) || difference.abs() < matters {
        return Verdict::NoEvidence;
    }
    match (difference > 0.0) == compared.metric.more_is_better() {
        true => Verdict::Better,
        false => Verdict::Worse,
    }
}

/// The interval of a difference of two figures whose errors have nothing to do with each other, from the interval of
/// each (G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27,
/// 2008), with the degrees of freedom of Welch and Satterthwaite.
fn apart(a: &Margin<'_>, b: &Margin<'_>) -> Option<Estimate> {
    let variances = [a, b].map(|margin| variance::of_sum(&margin.influence));
    let scaled =
        |margin, variance: Variance| Some(scale(margin, variance)?.powi(2) * variance.of_sum);
    let [va, vb] = [scaled(a, variances[0])?, scaled(b, variances[1])?];
    let freedom = match va + vb > 0.0 {
        true => {
            (va + vb).powi(2) / (va * va / variances[0].freedom + vb * vb / variances[1].freedom)
        }
        false => f64::INFINITY,
    };
    let t = trusted(freedom)?;
    let [a, b] = [
        Ends::new(a, variances[0], t)?,
        Ends::new(b, variances[1], t)?,
    ];
    let difference = b.at - a.at;
    Some(Estimate {
        low: difference - (b.below).hypot(a.above),
        high: difference + (b.above).hypot(a.below),
        variance: va + vb,
        freedom,
    })
}

/// The interval of a difference of two figures of the same batches, from the variance of what each batch adds to the
/// difference.
fn together(a: &Margin<'_>, b: &Margin<'_>) -> Option<Estimate> {
    let variances = [a, b].map(|margin| variance::of_sum(&margin.influence));
    if variances.iter().any(|variance| variance.of_sum <= 0.0) {
        // A figure that does not vary has nothing in common with the other.
        return apart(a, b);
    }
    let scales = [scale(a, variances[0])?, scale(b, variances[1])?];
    // The same scale upwards and downwards: else what both sides have in common would not drop out.
    let both = a.influence.iter().zip(&b.influence);
    let both: Vec<f64> = both.map(|(a, b)| scales[1] * b - scales[0] * a).collect();
    let variance = variance::of_sum(&both);
    let reach = trusted(variance.freedom)? * variance.error();
    let difference = b.at - a.at;
    Some(Estimate {
        low: difference - reach,
        high: difference + reach,
        variance: variance.of_sum,
        freedom: variance.freedom,
    })
}

/// The factor for a standard error that is known from that many independent values.
fn trusted(freedom: f64) -> Option<f64> {
    (freedom >= FREEDOM_LEAST).then(|| critical(CONFIDENCE, freedom))
}

/// How far the interval of one figure reaches.
#[derive(Debug, Clone, Copy)]
struct Ends {
    at: f64,
    below: f64,
    above: f64,
}

impl Ends {
    /// `None` where it reaches beyond all durations.
    fn new(margin: &Margin<'_>, variance: Variance, t: f64) -> Option<Ends> {
        let (low, high) = margin.reach(t * variance.error(), t);
        Some(Ends {
            at: margin.at,
            below: (margin.at - low?).max(0.0),
            above: (high? - margin.at).max(0.0),
        })
    }
}

/// What an error of the raw figure is worth in the scale of the figure.
fn scale(margin: &Margin<'_>, variance: Variance) -> Option<f64> {
    let t = trusted(variance.freedom)?;
    let ends = Ends::new(margin, variance, t)?;
    let raw = variance.error();
    Some(match raw > 0.0 {
        true => (ends.below + ends.above) / 2.0 / (t * raw),
        false => 0.0,
    })
}
