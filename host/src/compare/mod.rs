//! Whether B differs from A, and how sure that is.
//!
//! Values in, values out: nothing here reads a clock or a file, and the same batches always give the same answer.
//! [`independent`] compares two runs, [`paired`] two operations of one run whose calls were made side by side. Both
//! take [`Batch`]es, the calls of short stretches of a run in the order of time, because neighbouring calls resemble
//! each other: how much a figure varies by itself is learnt from batches and not from calls. The method, its sources
//! and what it was measured to do are in `docs/design/comparison.md`.

mod batch;
mod comparison;
mod difference;
mod margin;
mod plan;
mod sample;
mod student;
mod variance;

pub use batch::{Batch, batches, paired_batches};
pub use comparison::{
    BATCHES_LEAST, CONFIDENCE, Compared, Comparison, Interval, Metric, Settings, Verdict,
};
pub use plan::recommended_calls;

use difference::Sides;
use sample::Sample;

/// Compares two runs that went on one after the other, or on different machines.
pub fn independent(a: &[Batch], b: &[Batch], settings: &Settings) -> Comparison {
    compare(
        &Sample::new(a),
        &Sample::new(b),
        Sides::Independent,
        a == b,
        settings,
    )
}

/// Compares two operations whose calls were made side by side in one run: what disturbs a stretch disturbs both, and
/// drops out of the difference.
pub fn paired(pairs: &[(Batch, Batch)], settings: &Settings) -> Comparison {
    let a: Vec<&Batch> = pairs.iter().map(|(a, _)| a).collect();
    let b: Vec<&Batch> = pairs.iter().map(|(_, b)| b).collect();
    compare(
        &Sample::of(a),
        &Sample::of(b),
        Sides::Paired,
        pairs.iter().all(|(a, b)| a == b),
        settings,
    )
}

fn compare(
    a: &Sample<'_>,
    b: &Sample<'_>,
    sides: Sides,
    is_same: bool,
    settings: &Settings,
) -> Comparison {
    let is_identical = is_same && a.calls() > 0;
    let figures = Metric::ALL.into_iter();
    Comparison {
        calls: [a.calls(), b.calls()],
        batches: [a.batches().len(), b.batches().len()],
        is_identical,
        figures: figures
            .map(|metric| difference::compared(metric, a, b, sides, is_identical, settings))
            .collect(),
    }
}
