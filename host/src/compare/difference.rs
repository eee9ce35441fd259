//! The difference of one figure between both sides, its interval and the verdict.

use super::comparison::{BATCHES_LEAST, CONFIDENCE, Compared, Interval, Metric, Settings, Verdict};
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
        compared.spread = Some(2.0 * harmonic * estimate.variance);
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
    let scaled = [Scaled::new(a, variances[0])?, Scaled::new(b, variances[1])?];
    let [va, vb] = [scaled[0].variance(), scaled[1].variance()];
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
    let scaled = [Scaled::new(a, variances[0])?, Scaled::new(b, variances[1])?];
    let end = |of_a: f64, of_b: f64| {
        let both = a.influence.iter().zip(&b.influence);
        let both: Vec<f64> = both.map(|(a, b)| of_b * b - of_a * a).collect();
        let variance = variance::of_sum(&both);
        Some((
            trusted(variance.freedom)? * variance.error(),
            variance.of_sum,
        ))
    };
    let (below, variance_below) = end(scaled[0].above, scaled[1].below)?;
    let (above, variance_above) = end(scaled[0].below, scaled[1].above)?;
    let difference = b.at - a.at;
    Some(Estimate {
        low: difference - below,
        high: difference + above,
        variance: (variance_below + variance_above) / 2.0,
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

/// What an error of the raw figure is worth in the scale of the figure, downwards and upwards.
#[derive(Debug, Clone, Copy)]
struct Scaled {
    below: f64,
    above: f64,
    raw: f64,
}

impl Scaled {
    fn new(margin: &Margin<'_>, variance: Variance) -> Option<Scaled> {
        let t = trusted(variance.freedom)?;
        let ends = Ends::new(margin, variance, t)?;
        let raw = variance.error();
        let scale = |reach: f64| if raw > 0.0 { reach / (t * raw) } else { 0.0 };
        Some(Scaled {
            below: scale(ends.below),
            above: scale(ends.above),
            raw,
        })
    }

    fn variance(&self) -> f64 {
        let scale = (self.below + self.above) / 2.0;
        (scale * self.raw).powi(2)
    }
}
