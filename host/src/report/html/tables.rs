//! The tables of a page: tags, measurements, checks, counters, failures.

use super::course::DrawnRow;
use super::data::{Check, Failure, Measurement, Mood, Tag};
use super::shown::{named, safe};
use crate::report::format;
use crate::report::latency::figure_texts;
use crate::report::tables::has_mix;
use crate::stats::{RowKey, Summary};

/// The results by tag. `drawn` is what is known of each over time.
pub(super) fn tags(summary: &Summary, drawn: &[DrawnRow]) -> Vec<Tag> {
    let tag = |(index, row): (usize, &crate::stats::Row)| {
        let part = summary.share(row.count).unwrap_or(0.0);
        let drawn = drawn.get(index).cloned().unwrap_or_default();
        Tag {
            operation: operation(summary, &row.key),
            tag: named(&row.key.tag),
            outcome: row.key.outcome.word().to_owned(),
            count: format::count(row.count),
            share: format::share(part),
            part,
            rate: summary
                .row_per_s(row)
                .map_or_else(|| "–".to_owned(), format::rate),
            figures: figure_texts(row.latency.felt()).to_vec(),
            spark: drawn.spark,
            layer: drawn.layer,
        }
    };
    summary.rows.iter().enumerate().map(tag).collect()
}

/// The name of a row's operation, where there are several.
pub(super) fn operation(summary: &Summary, key: &RowKey) -> String {
    if has_mix(summary) {
        named(summary.operation(key.operation))
    } else {
        String::new()
    }
}

/// What the operation measured inside of its calls.
pub(super) fn measurements(summary: &Summary) -> Vec<Measurement> {
    let of_row = |row: &crate::stats::Row| {
        let measurement = |one: &crate::stats::Measurement| Measurement {
            operation: operation(summary, &row.key),
            tag: named(&row.key.tag),
            outcome: row.key.outcome.word().to_owned(),
            name: named(&one.name),
            count: format::count(one.samples.ended.len()),
            figures: figure_texts(&one.samples).to_vec(),
        };
        row.measurements.iter().map(measurement).collect::<Vec<_>>()
    };
    summary.rows.iter().flat_map(of_row).collect()
}

/// What the operation checked, what failed first.
pub(super) fn checks(summary: &Summary) -> Vec<Check> {
    let mut checks: Vec<_> = summary.checks.iter().collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.failed));
    let check = |check: &crate::stats::Check| {
        let all = (u128::from(check.passed) + u128::from(check.failed)).max(1);
        Check {
            name: named(&check.name),
            passed: format::count(check.passed),
            failed: format::count(check.failed),
            share: format::share(check.passed as f64 / all as f64),
            mood: if check.failed > 0 {
                Mood::Bad
            } else {
                Mood::Good
            },
        }
    };
    checks.into_iter().map(check).collect()
}

/// What the operation counted.
pub(super) fn counters(summary: &Summary) -> Vec<[String; 3]> {
    let counter = |counter: &crate::stats::Counter| {
        let rate = summary.counter_per_s(counter);
        [
            named(&counter.name),
            format::count(counter.total),
            rate.map_or_else(|| "–".to_owned(), format::rate),
        ]
    };
    summary.counters.iter().map(counter).collect()
}

/// What failed calls said.
pub(super) fn failures(summary: &Summary) -> Vec<Failure> {
    let failure = |failure: &crate::stats::Failure| Failure {
        operation: operation(summary, &failure.key),
        tag: named(&failure.key.tag),
        outcome: failure.key.outcome.word().to_owned(),
        message: safe(&failure.message),
        count: format::count(failure.count),
        at: format::duration(failure.first.at_ns),
        // The number as `gorgon try --number` takes it.
        first: format!(
            "call {}, worker {}",
            failure.first.number, failure.first.worker
        ),
    };
    summary.failures.iter().map(failure).collect()
}

/// A line on the failures that are only counted.
pub(super) fn failures_beyond(summary: &Summary) -> Option<String> {
    let count = summary.failures_beyond;
    let failures = format::plural(count, "failure", "failures");
    (count > 0).then(|| format!("… {failures} of other kinds"))
}
