//! A line for each run, as CSV (RFC 4180) for spreadsheets and scripts.

use std::io;

use super::{in_order, longest};
use crate::report::view::RunView;
use crate::stats::{Outcome, Quantile};
use crate::suite::{SavedRun, SuiteView};
use crate::thresholds::ThresholdResult;

/// The names of the columns.
const HEAD: [&str; 23] = [
    "run",
    "with",
    "repetition",
    "exit_code",
    "model",
    "workers",
    "rate",
    "asked",
    "done",
    "ok",
    "fail",
    "fault",
    "calls_per_s",
    "ok_per_s",
    "min_ns",
    "p50_ns",
    "p90_ns",
    "p99_ns",
    "p999_ns",
    "max_ns",
    "verdict",
    "rules_broken",
    "problem",
];

/// Writes a line for each run, in the order of the suite file. Times are whole nanoseconds of what callers felt: response
/// in open load, service in closed; what is not known, or only bounded, is empty.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, suite: &SuiteView) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEAD)?;
    for (run, view) in in_order(suite) {
        csv.write_record(record(run, view))?;
    }
    csv.flush()
}

fn record(run: &SavedRun, view: Option<&RunView>) -> Vec<String> {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut record = vec![
        safe(&run.name),
        safe(&run.point_label()),
        number(run.repetition.map(u64::from)),
        number(run.exit_code.map(u64::from)),
    ];
    match view {
        Some(view) => record.extend(figures(view)),
        None => record.resize(HEAD.len() - 1, String::new()),
    }
    let problem = run.problems.first().map(|problem| safe(&problem.message));
    record.push(problem.unwrap_or_default());
    record
}

fn figures(view: &RunView) -> Vec<String> {
    let summary = &view.summary;
    let facts = &summary.facts;
    let felt = summary.latency.felt();
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let per_s = |per_s: Option<f64>| per_s.map(|per_s| per_s.to_string()).unwrap_or_default();
    let percentile = |p: f64| match felt.percentile(p).value {
        Some(Quantile::Exact(ns)) => ns.to_string(),
        _ => String::new(),
    };
    let outcome = |outcome: Outcome| summary.count(outcome).to_string();
    let verdict = facts
        .verdict
        .as_ref()
        .map(|verdict| verdict.state.to_string());
    let broken = view
        .rules
        .iter()
        .filter(|rule| rule.verdict.result == ThresholdResult::Fail);
    let model = if facts.load.rate.is_some() {
        "open"
    } else {
        "closed"
    };
    vec![
        model.to_owned(),
        facts.load.workers.to_string(),
        facts.load.rate.as_deref().map(safe).unwrap_or_default(),
        facts.accounting.asked.to_string(),
        summary.done().to_string(),
        outcome(Outcome::Ok),
        outcome(Outcome::Fail),
        outcome(Outcome::Fault),
        per_s(summary.rate_per_s()),
        per_s(summary.ok_per_s()),
        number(felt.ended.min()),
        percentile(50.0),
        percentile(90.0),
        percentile(99.0),
        percentile(99.9),
        number(longest(felt)),
        verdict.unwrap_or_default(),
        broken.count().to_string(),
    ]
}

/// Text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
