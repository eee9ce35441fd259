//! Renderings of a suite: its runs beside each other, and how they grow.

pub(super) mod charts;
pub mod csv;
pub(super) mod findings;
pub mod json;
pub mod markdown;
pub(super) mod rows;
pub mod text;

use super::format;
use super::style::Style;
use super::view::RunView;
use crate::stats::{Distribution, Outcome, Quantile, Summary};
use crate::suite::{SavedRun, State, SuiteView};
use crate::watch;

/// What a run came to, in a line.
pub fn line(summary: &Summary, style: Style) -> String {
    let mut parts = vec![format::plural(summary.done(), "call", "calls")];
    if let (Some(per_s), 1..) = (summary.rate_per_s(), summary.done()) {
        parts.push(format!("{} calls/s", format::rate(per_s)));
    }
    let felt = summary.latency.felt();
    for p in [50.0, 99.0] {
        if let Some(value) = felt.percentile(p).value {
            parts.push(format!(
                "{} {}",
                format::percentile(p),
                quantile(Some(value), style)
            ));
        }
    }
    if let Some(verdict) = &summary.facts.verdict
        && verdict.state != watch::State::Valid
    {
        parts.push(verdict.state.to_string());
    }
    parts.join(", ")
}

/// The runs as they stand in the suite file, whatever the order was in which they were made.
pub(super) fn in_order(suite: &SuiteView) -> Vec<(&SavedRun, Option<&RunView>)> {
    let mut runs: Vec<_> = suite.runs().collect();
    runs.sort_by_key(|(run, _)| (run.entry, run.point));
    runs
}

/// The figures of a run, by what they are called.
pub(super) const FIGURES: [&str; 7] = ["calls", "calls/s", "ok", "p50", "p90", "p99", "max"];

/// The figures of a run as they are shown.
pub(super) fn figures(view: Option<&RunView>, style: Style) -> [String; 7] {
    let Some(view) = view else {
        return FIGURES.map(|_| duration(None, style));
    };
    let summary = &view.summary;
    let felt = summary.latency.felt();
    let percentile = |p: f64| quantile(felt.percentile(p).value, style);
    [
        format::count(summary.done()),
        rate(summary.rate_per_s(), style),
        percent(ok(summary), style),
        percentile(50.0),
        percentile(90.0),
        percentile(99.0),
        duration(longest(felt), style),
    ]
}

/// The part of a run's calls that succeeded.
fn ok(summary: &Summary) -> Option<f64> {
    summary.share(summary.count(Outcome::Ok))
}

/// The longest that a caller waited.
fn longest(felt: &Distribution) -> Option<u64> {
    felt.ended.max().max(felt.censored.max())
}

/// What is to be known of a run besides its figures, in words; empty where all is well.
pub(super) fn remarks(run: &SavedRun, view: Option<&RunView>) -> Vec<String> {
    let exit = run.exit_code.filter(|code| *code != 0);
    let exit = exit.map(|code| format!("exit {code}"));
    let verdict = view.and_then(|view| view.summary.facts.verdict.as_ref());
    let state = verdict.map(|verdict| verdict.state);
    let doubted = state.filter(|state| *state != watch::State::Valid);
    let mut remarks: Vec<String> = doubted.map(|state| state.to_string()).into_iter().collect();
    remarks.extend(match (run.state, view, exit) {
        (State::NotRun, _, _) => Some("not run".to_owned()),
        (_, _, Some(exit)) => Some(exit),
        (_, None, None) => Some("no result".to_owned()),
        (_, Some(_), None) => None,
    });
    remarks
}

/// A percentile as it is shown.
pub(super) fn quantile(value: Option<Quantile>, style: Style) -> String {
    match value {
        Some(Quantile::Exact(ns)) => duration(Some(ns), style),
        Some(Quantile::AtLeast(ns)) => format!("> {}", duration(Some(ns), style)),
        None => duration(None, style),
    }
}

fn duration(ns: Option<u64>, style: Style) -> String {
    let text = ns.map_or_else(|| "–".to_owned(), format::duration);
    style.text(&text).into_owned()
}

pub(super) fn rate(per_s: Option<f64>, style: Style) -> String {
    match per_s {
        Some(per_s) => format::rate(per_s),
        None => style.text("–").into_owned(),
    }
}

/// A part of a whole in percent, as exactly as a column has room for.
fn percent(share: Option<f64>, style: Style) -> String {
    let text = match share {
        None => "–".to_owned(),
        Some(1.0) => "100 %".to_owned(),
        // Only all is a hundred.
        Some(share) if (0.9995..1.0).contains(&share) => ">99.9 %".to_owned(),
        Some(share) => format!("{:.1} %", share * 100.0),
    };
    style.text(&text).into_owned()
}

#[cfg(test)]
mod tests;
