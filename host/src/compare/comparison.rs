//! What comes out of a comparison.

use std::fmt;

/// Batches that each side needs at least. With fewer, how much a figure varies by itself cannot be told.
pub const BATCHES_LEAST: usize = 20;

/// The part of calls that is right more often than not is no interval; this is the usual one.
pub const CONFIDENCE: f64 = 0.95;

/// What is asked of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The least difference that matters, as a part of the baseline's figure: 0.02 is 2 %.
    pub min_effect: f64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { min_effect: 0.02 }
    }
}

impl Settings {
    /// The least difference of a share that matters: a tenth of that of the other figures, in points. Where 2 % of a
    /// duration begin to matter, 0.2 % more of the calls that fail do.
    pub fn min_points(self) -> f64 {
        self.min_effect / 10.0
    }
}

/// A figure that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Calls that ended, per second.
    CallsPerS,
    /// The median of what callers felt.
    P50,
    /// Its 90th percentile.
    P90,
    /// Its 99th percentile.
    P99,
    /// Its mean.
    Mean,
    /// The share of calls that did not go as meant: failures and faults.
    Fail,
}

impl Metric {
    /// All of them, in the order in which they are told.
    pub const ALL: [Metric; 6] = [
        Metric::CallsPerS,
        Metric::P50,
        Metric::P90,
        Metric::P99,
        Metric::Mean,
        Metric::Fail,
    ];

    /// Its name, as rules and documents have it.
    pub fn word(self) -> &'static str {
        match self {
            Metric::CallsPerS => "rate",
            Metric::P50 => "p50",
            Metric::P90 => "p90",
            Metric::P99 => "p99",
            Metric::Mean => "mean",
            Metric::Fail => "fail",
        }
    }

    /// The share of durations below it, for a percentile.
    pub fn quantile(self) -> Option<f64> {
        match self {
            Metric::P50 => Some(0.5),
            Metric::P90 => Some(0.9),
            Metric::P99 => Some(0.99),
            Metric::CallsPerS | Metric::Mean | Metric::Fail => None,
        }
    }

    /// Whether more of it is better.
    pub fn more_is_better(self) -> bool {
        self == Metric::CallsPerS
    }

    /// Whether its difference is in points and not relative: a share is, since twice of next to nothing is next to
    /// nothing.
    pub fn is_share(self) -> bool {
        self == Metric::Fail
    }
}

/// What a comparison says of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// B is better: the interval excludes no difference, and the difference found is at least one that matters.
    Better,
    /// B is worse, likewise.
    Worse,
    /// The whole interval lies within what does not matter.
    Same,
    /// Neither can be said.
    NoEvidence,
    /// There are too few calls or stretches to say anything.
    NotEnoughData,
}

impl Verdict {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Same => "same",
            Verdict::NoEvidence => "no evidence",
            Verdict::NotEnoughData => "not enough data",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Two ends, both within.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower.
    pub low: f64,
    /// The upper.
    pub high: f64,
}

impl Interval {
    /// Whether it contains this.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// One figure of both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// Which.
    pub metric: Metric,
    /// Of A, the baseline: nanoseconds, per second, or a share of 0 to 1. `None` where there is none, or too few samples
    /// stand behind it.
    pub a: Option<f64>,
    /// Of B, likewise.
    pub b: Option<f64>,
    /// B − A: as a part of A (0.05 is 5 % more), or for a share in parts of one (0.01 is a point).
    pub difference: Option<f64>,
    /// Where the true difference lies in 95 of 100 comparisons, in the same unit.
    pub interval: Option<Interval>,
    /// The least difference that matters, in the same unit.
    pub min_effect: f64,
    /// What follows.
    pub verdict: Verdict,
    /// What the variance of the difference would be with a single call on each side, where it is known.
    pub(super) spread: Option<f64>,
}

/// What two runs, or two operations of one, have different.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Calls of A and of B.
    pub calls: [u64; 2],
    /// Batches of A and of B.
    pub batches: [usize; 2],
    /// Whether both are the same calls, batch by batch. There is nothing to estimate then.
    pub is_identical: bool,
    /// The figures, in the order of [`Metric::ALL`].
    pub figures: Vec<Compared>,
}

impl Comparison {
    /// One figure.
    pub fn figure(&self, metric: Metric) -> Option<&Compared> {
        self.figures.iter().find(|figure| figure.metric == metric)
    }

    /// Takes back what was said, because the figures cannot be believed: what would be better, worse or the same is no
    /// evidence.
    pub fn doubt(&mut self) {
        for figure in &mut self.figures {
            if figure.verdict != Verdict::NotEnoughData {
                figure.verdict = Verdict::NoEvidence;
            }
        }
    }
}
