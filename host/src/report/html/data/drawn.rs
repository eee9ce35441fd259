//! What is drawn, in numbers.

use serde::Serialize;

/// How a run went. Times are in nanoseconds since it started.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Course {
    /// Why there is nothing to draw, where that is so.
    pub missing: Option<String>,
    /// How long a stretch is.
    pub stretch: String,
    /// When the first begins.
    pub from_ns: u64,
    /// How long they are: pairs of how many follow each other, and their length in nanoseconds.
    pub lengths: Vec<u64>,
    /// Calls that ended in each.
    pub calls: Vec<u64>,
    /// Those that went as meant.
    pub ok: Vec<u64>,
    /// Those that did not.
    pub fail: Vec<u64>,
    /// Those that were faults.
    pub fault: Vec<u64>,
    /// Calls of the warm-up; empty where there is none.
    pub warmup: Vec<u64>,
    /// Percentiles, each in runs: how many stretches together, and their value in nanoseconds. A percentile is over as many
    /// neighbours as it takes to have ten calls beyond it.
    pub lines: Vec<Line>,
    /// The longest in each.
    pub max_ns: Vec<Option<u64>>,
    /// The calls by tag, those that are drawn lowest first.
    pub layers: Vec<Layer>,
    /// The rate asked for: times, and calls per second.
    pub asked: Vec<(u64, f64)>,
    /// When the warm-up was over.
    pub warm_until_ns: Option<u64>,
    /// Where more calls failed than elsewhere.
    pub failing: Vec<Span>,
    /// What happened to the run itself.
    pub events: Vec<Span>,
    /// Durations that rules hold the run to.
    pub limits: Vec<Limit>,
    /// How often durations of each magnitude occurred in each stretch.
    pub heat: Option<Heat>,
}

/// A percentile over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Line {
    /// Which one.
    pub label: String,
    /// Over the whole run.
    pub whole: String,
    /// How many stretches each value is of.
    pub spans: Vec<u32>,
    /// Nanoseconds; nothing where no call ended or all of them are too few.
    pub values: Vec<Option<u64>>,
}

/// The calls with a tag, or with several together, over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Layer {
    /// Its name.
    pub label: String,
    /// How the calls ended.
    pub outcome: String,
    /// How many there are, as it is shown.
    pub total: String,
    /// How many ended in each stretch.
    pub counts: Vec<u64>,
}

/// A stretch of time, or a moment where both ends are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// When it begins.
    pub from_ns: u64,
    /// When it ends.
    pub to_ns: u64,
    /// What is there.
    pub text: String,
}

/// A duration that a rule names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The duration.
    pub ns: u64,
    /// The rule.
    pub text: String,
}

/// Durations over time: columns of counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Heat {
    /// The edges of the rows in nanoseconds, one more than there are rows.
    pub edges_ns: Vec<f64>,
    /// How many stretches a column is of; the last may have fewer.
    pub stretches: usize,
    /// The columns, each with its first row that is not empty and the counts from there on.
    pub columns: Vec<Vec<u64>>,
    /// The largest count.
    pub most: u64,
}

/// Percentiles of a kind of duration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spectrum {
    /// Which duration.
    pub label: String,
    /// Pairs of a percentile (0 to 100) and nanoseconds, from the shortest to the last that is known.
    pub points: Vec<(f64, u64)>,
    /// What it ends with, where calls that never ended leave no more to be known.
    pub ends_in_bound: bool,
}
