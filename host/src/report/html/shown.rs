//! A run as a page shows it.

use super::data::Run;
use super::{cards, course, head, repeat, spectrum, tables, trust};
use crate::report::printable::{name, printable};
use crate::report::style::Style;
use crate::report::view::RunView;

/// How text looks in a page: all of Unicode, and the page's own colours and width.
pub(super) const STYLE: Style = Style {
    color: false,
    unicode: true,
    width: usize::MAX,
};

/// Everything that a page shows of a run, drawn in stretches of a length.
pub(super) fn run(run: &RunView, label: &str, stretch_ns: u64) -> Run {
    let summary = &run.summary;
    let (course, rows) = course::course(run, stretch_ns);
    Run {
        label: label.to_owned(),
        name: head::title(summary),
        id: safe(&summary.facts.run_id),
        pill: head::pill(run),
        conclusion: head::conclusion(run),
        meta: head::meta(summary),
        figures: head::figures(summary),
        thresholds: cards::thresholds(run),
        trust: trust::trust(summary),
        latency: cards::latency(summary),
        course,
        spectrum: spectrum::spectrum(summary),
        tags: tables::tags(summary, &rows),
        measurements: tables::measurements(summary),
        checks: tables::checks(summary),
        counters: tables::counters(summary),
        failures: tables::failures(summary),
        failures_beyond: tables::failures_beyond(summary),
        environment: repeat::environment(summary),
        repeat: repeat::repeat(&summary.facts),
    }
}

/// Text that somebody else chose, with everything visible that is in it.
pub(super) fn safe(text: &str) -> String {
    printable(text, STYLE).into_owned()
}

/// A name that somebody else chose; the empty one is shown as such.
pub(super) fn named(text: &str) -> String {
    name(text, STYLE).into_owned()
}
