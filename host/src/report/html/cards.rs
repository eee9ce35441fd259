//! The rules of a run, and its latency in figures.

use super::data::{Figures, Latency, Mood, Pill, Rule, Thresholds};
use super::shown::safe;
use crate::report::latency::{FIGURES, figure_texts};
use crate::report::view::RunView;
use crate::stats::{Distribution, Summary};
use crate::thresholds::{Evaluated, ThresholdResult};

/// What a run was held to.
pub(super) fn thresholds(run: &RunView) -> Thresholds {
    Thresholds {
        note: run
            .exit_code
            .map(|code| format!("exit code {code}"))
            .unwrap_or_default(),
        rules: run.rules.iter().map(rule).collect(),
    }
}

fn rule(one: &Evaluated) -> Rule {
    let (mood, text) = match one.verdict.result {
        ThresholdResult::Pass => (Mood::Good, "✓ pass"),
        ThresholdResult::Fail => (Mood::Bad, "✗ fail"),
        ThresholdResult::NoData => (Mood::Warn, "? no data"),
    };
    Rule {
        rule: safe(&format!("{:#}", one.threshold)),
        measured: one.shown().unwrap_or_else(|| "–".to_owned()),
        why: one.verdict.reason.as_deref().map(safe).unwrap_or_default(),
        verdict: Pill {
            mood,
            text: text.to_owned(),
        },
    }
}

/// How long calls took, all together.
pub(super) fn latency(summary: &Summary) -> Latency {
    let latency = &summary.latency;
    let row = |label: &str, of: &Distribution| Figures {
        label: label.to_owned(),
        figures: figure_texts(of).to_vec(),
    };
    let (shown, rows) = match (&latency.lag, &latency.response) {
        (Some(lag), Some(response)) => (
            "response: from when a call was due until it ended",
            vec![
                row("response: due to end", response),
                row("service: start to end", &latency.service),
                row("lag: due to start", lag),
            ],
        ),
        _ => (
            "service: from when a call started until it ended",
            vec![row("service: start to end", &latency.service)],
        ),
    };
    Latency {
        shown: shown.to_owned(),
        columns: FIGURES.map(str::to_owned).to_vec(),
        rows,
    }
}
