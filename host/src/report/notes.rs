//! What the figures do not say by themselves.

use super::format;
use super::printable::printable;
use super::style::Style;
use crate::stats::facts::{Model, Status};
use crate::stats::histogram::SAMPLES_BEYOND;
use crate::stats::{OTHER, Outcome, Summary};

/// A remark on a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// True for what may mislead, false for what only explains.
    pub(super) is_warning: bool,
    /// A sentence without full stop.
    pub(super) text: String,
}

/// The percentiles that a person expects to see.
const WANTED: [f64; 4] = [50.0, 90.0, 99.0, 99.9];

/// All remarks on a run, the warnings first. Text that others chose is left as it is.
pub(super) fn notes(summary: &Summary) -> Vec<Note> {
    let warn = |text: String| Note {
        is_warning: true,
        text,
    };
    let info = |text: String| Note {
        is_warning: false,
        text,
    };
    let denied = summary.facts.denied.iter().map(|denied| {
        let times = format::count(denied.count);
        warn(format!(
            "`{0}` was denied ({times}×); --allow-host {0} grants it",
            denied.target
        ))
    });
    let mut notes: Vec<Note> = denied.collect();
    notes.extend(
        [
            censored(summary),
            folded(summary),
            dropped_lines(summary),
            modes(summary),
            drift(summary),
        ]
        .into_iter()
        .flatten()
        .map(warn),
    );
    // What ended a run is no remark in passing.
    let remark = if summary.facts.status == Status::Aborted {
        warn
    } else {
        info
    };
    notes.extend(summary.facts.notes.iter().cloned().map(remark));
    notes.extend(
        [
            few_samples(summary),
            untimed(summary),
            by_due_time(summary),
            closed_model(summary),
        ]
        .into_iter()
        .flatten()
        .map(info),
    );
    notes
}

/// The same, safe to show.
pub(super) fn printable_notes(summary: &Summary, style: Style) -> Vec<Note> {
    let safe = |note: Note| Note {
        text: printable(&style.text(&note.text), style).into_owned(),
        ..note
    };
    notes(summary).into_iter().map(safe).collect()
}

fn censored(summary: &Summary) -> Option<String> {
    let censored = summary.latency.felt().censored.len();
    let calls = format::plural(censored, "call", "calls");
    (censored > 0).then(|| {
        format!("{calls} never ended; what they could have changed is marked > as a lower bound")
    })
}

fn folded(summary: &Summary) -> Option<String> {
    let is_other = |key: &crate::stats::RowKey| key.tag == OTHER && key.outcome != Outcome::Fault;
    let count: u64 = summary
        .rows
        .iter()
        .filter(|row| is_other(&row.key))
        .map(|row| row.count)
        .sum();
    let cap = crate::stats::interner::TAG_CAP;
    let calls = format::plural(count, "call", "calls");
    (count > 0).then(|| {
        format!("{calls} came with tags beyond the first {cap} and are counted as {OTHER}")
    })
}

fn dropped_lines(summary: &Summary) -> Option<String> {
    let dropped = summary.facts.log.dropped;
    let lines = format::plural(dropped, "line", "lines");
    (dropped > 0).then(|| format!("{lines} of the operation's log were too much and are not kept"))
}

fn modes(summary: &Summary) -> Option<String> {
    let modes = &summary.facts.shape.modes_ns;
    let (last, rest) = modes.split_last().filter(|(_, rest)| !rest.is_empty())?;
    let rest: Vec<String> = rest.iter().map(|ns| format::duration(*ns)).collect();
    Some(format!(
        "durations come in {} groups, around {} and {}: the mean describes none of them",
        modes.len(),
        rest.join(", "),
        format::duration(*last)
    ))
}

fn drift(summary: &Summary) -> Option<String> {
    let (from_ns, to_ns) = summary.facts.shape.drift_ns?;
    Some(format!(
        "the median went from {} to {} within the run: no one figure describes both",
        format::duration(from_ns),
        format::duration(to_ns)
    ))
}

fn few_samples(summary: &Summary) -> Option<String> {
    let felt = summary.latency.felt();
    if felt.ended.is_empty() {
        return None;
    }
    let missing = WANTED
        .into_iter()
        .map(|p| felt.percentile(p))
        .find(|percentile| percentile.value.is_none())?;
    let needed = (SAMPLES_BEYOND as f64 / (1.0 - missing.p / 100.0)).round() as u64;
    let name = format::percentile(missing.p);
    let calls = match missing.samples_beyond {
        1 => "1 call lies".to_owned(),
        beyond => format!("{} lie", format::plural(beyond, "call", "calls")),
    };
    let needed = format::plural(needed, "call", "calls");
    Some(format!(
        "no {name}: {calls} beyond it and {SAMPLES_BEYOND} are needed; {needed} would do"
    ))
}

fn by_due_time(summary: &Summary) -> Option<String> {
    let has_both = summary.latency.response.is_some() && !summary.latency.service.ended.is_empty();
    has_both.then(|| {
        "response counts from when a call was due, service from when it started; tags show response".to_owned()
    })
}

/// What closed load hides only matters where calls wait for somebody.
fn closed_model(summary: &Summary) -> Option<String> {
    let is_closed = summary.facts.load.model == Model::Closed;
    let has_waited = summary
        .facts
        .http
        .as_ref()
        .is_some_and(|http| http.responses > 0);
    (is_closed && has_waited).then(|| {
        "closed load: a slow answer delays the next call, so a stall shows in few of them"
            .to_owned()
    })
}

fn untimed(summary: &Summary) -> Option<String> {
    let is_untimed = summary.done() > 0 && summary.latency.felt().ended.is_empty();
    is_untimed.then(|| "no call got as far as to run, so there are no durations".to_owned())
}
