//! The head of a page: what ran, how it ended, and the key figures.

use super::data::{Figure, Mood, Pill};
use super::shown::{named, safe};
use crate::error::Exit;
use crate::report::conclusion::{self, Standing};
use crate::report::format;
use crate::report::view::RunView;
use crate::stats::facts::{Model, Status};
use crate::stats::{Distribution, Outcome, Quantile, Summary};
use crate::thresholds::ThresholdResult;

/// The key figure that operations side by side do not have.
pub(super) const THROUGHPUT: &str = "Throughput";

/// What ran.
pub(super) fn title(summary: &Summary) -> String {
    let components = &summary.facts.components;
    let names: Vec<String> = components.iter().map(|one| named(&one.name)).collect();
    names.join(" + ")
}

/// How the run ended, in a few words.
pub(super) fn pill(run: &RunView) -> Pill {
    let rules = run.rules.len() as u64;
    let count = |result| {
        let rules = run.rules.iter();
        rules.filter(|one| one.verdict.result == result).count() as u64
    };
    let is_strict = run.exit_code == Some(Exit::Threshold.code());
    let unknown = count(ThresholdResult::NoData);
    let broken = count(ThresholdResult::Fail);
    let lost = broken + if is_strict { unknown } else { 0 };
    let of_rules = |count| {
        let rules = format::plural(rules, "threshold", "thresholds");
        format!("{} of {rules}", format::count(count))
    };
    let none_succeeded = summary_failed(&run.summary);
    let (mood, text) = match run.summary.facts.status {
        _ if broken > 0 => (Mood::Bad, format!("✗ FAIL · {}", of_rules(lost))),
        _ if lost > 0 => {
            let unknown = of_rules(unknown);
            (Mood::Bad, format!("✗ FAIL · {unknown} without data"))
        }
        Status::Interrupted => (Mood::Warn, "! INTERRUPTED".to_owned()),
        Status::Aborted => (Mood::Bad, "✗ ABORTED".to_owned()),
        Status::Incomplete => (Mood::Warn, "! INCOMPLETE".to_owned()),
        Status::Completed if none_succeeded => (Mood::Bad, "✗ FAIL · no call succeeded".to_owned()),
        Status::Completed if rules == 0 => (Mood::Plain, "– no thresholds".to_owned()),
        Status::Completed if unknown > 0 => {
            let kept = of_rules(rules - unknown);
            (
                Mood::Warn,
                format!("! PASS · {kept}, the rest without data"),
            )
        }
        Status::Completed => {
            let rules = format::plural(rules, "threshold", "thresholds");
            (Mood::Good, format!("✓ PASS · {rules}"))
        }
    };
    Pill { mood, text }
}

fn summary_failed(summary: &Summary) -> bool {
    summary.done() > 0 && summary.count(Outcome::Ok) == 0
}

/// How the run ended, as the text report says it.
pub(super) fn conclusion(run: &RunView) -> Pill {
    let conclusion = conclusion::conclusion(&run.summary, &run.rules, run.exit_code);
    let mood = match conclusion.standing {
        Standing::Good => Mood::Good,
        Standing::Mixed => Mood::Warn,
        Standing::Bad => Mood::Bad,
    };
    Pill {
        mood,
        text: format!("{} {}", conclusion.standing.sign(), conclusion.text),
    }
}

/// What ran, when, how long and with which load.
pub(super) fn meta(summary: &Summary) -> Vec<String> {
    let facts = &summary.facts;
    let mut meta: Vec<String> = facts
        .components
        .iter()
        .map(|one| {
            format!(
                "sha256:{}…",
                safe(&one.sha256.chars().take(16).collect::<String>())
            )
        })
        .collect();
    // Of a mix they are below, each with its name.
    meta.truncate(if facts.components.len() == 1 { 1 } else { 0 });
    meta.extend([
        facts.started.replacen('T', " ", 1).replace('Z', " UTC"),
        format::duration(facts.elapsed_ns),
    ]);
    if let Some(warm_up) = &facts.load.warm_up {
        meta.push(format!("after {} of warm-up", named(warm_up)));
    }
    meta.push(match (facts.load.model, &facts.load.rate) {
        (Model::Closed, _) => "closed load".to_owned(),
        (Model::Open, Some(rate)) => format!("open load, {}", named(rate)),
        (Model::Open, None) => "open load".to_owned(),
    });
    if facts.load.arrivals.as_deref() == Some("poisson") {
        meta.push("Poisson arrivals".to_owned());
    }
    if facts.load.workers > 0 {
        meta.push(format::plural(facts.load.workers, "worker", "workers"));
    }
    if facts.load.think_ns > 0 {
        let think = format::duration(facts.load.think_ns);
        meta.push(format!("{think} between calls"));
    }
    meta.push(format::plural(facts.load.threads, "thread", "threads"));
    meta
}

/// The key figures.
pub(super) fn figures(summary: &Summary) -> Vec<Figure> {
    let felt = summary.latency.felt();
    let lost = lost(summary);
    let is_whole = lost.is_empty();
    let done = Figure {
        label: "Calls".to_owned(),
        value: format::count(summary.done()),
        unit: String::new(),
        note: format!(
            "of {} asked for{lost}",
            format::count(summary.facts.accounting.asked)
        ),
        mood: if is_whole { Mood::Plain } else { Mood::Warn },
        change: None,
    };
    vec![
        done,
        throughput(summary),
        success(summary),
        percentile("Median", 50.0, felt, &kind(summary, 50.0)),
        percentile("p99", 99.0, felt, &kind(summary, 99.0)),
        percentile("p99.9", 99.9, felt, &kind(summary, 99.9)),
    ]
}

/// What became of calls that were asked for and did not end.
fn lost(summary: &Summary) -> String {
    let calls = &summary.facts.accounting;
    let lost = [
        (calls.missed, "missed"),
        (calls.not_started, "not started"),
        (calls.unfinished, "unfinished"),
    ];
    let lost = lost.into_iter().filter(|(count, _)| *count > 0);
    lost.map(|(count, what)| format!(", {} {what}", format::count(count)))
        .collect()
}

fn throughput(summary: &Summary) -> Figure {
    let load = &summary.facts.load;
    let over = format::duration(summary.facts.window_ns);
    let note = match (load.model, &load.rate) {
        (Model::Open, Some(rate)) => format!("asked for {}, over {over}", named(rate)),
        _ => format!("over {over}"),
    };
    Figure {
        label: THROUGHPUT.to_owned(),
        value: summary.rate_per_s().map_or_else(none, format::rate),
        unit: "calls/s".to_owned(),
        note,
        mood: Mood::Plain,
        change: None,
    }
}

fn success(summary: &Summary) -> Figure {
    let [ok, fail, fault] =
        [Outcome::Ok, Outcome::Fail, Outcome::Fault].map(|outcome| summary.count(outcome));
    let counts = [(fail, "failed"), (fault, "faults")];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, what)| format!("{} {what}", format::count(*count)))
        .collect();
    let note = match summary.done() {
        0 => "no call ended".to_owned(),
        _ if counts.is_empty() => "none failed".to_owned(),
        _ => counts.join(", "),
    };
    Figure {
        label: "Success".to_owned(),
        value: summary.share(ok).map_or_else(none, format::share),
        unit: String::new(),
        note,
        mood: if fail + fault > 0 {
            Mood::Bad
        } else {
            Mood::Plain
        },
        change: None,
    }
}

fn percentile(label: &str, p: f64, of: &Distribution, note: &str) -> Figure {
    let found = of.percentile(p);
    let (value, note) = match found.value {
        Some(Quantile::Exact(ns)) => (format::duration(ns), note.to_owned()),
        Some(Quantile::AtLeast(ns)) => (
            format!("> {}", format::duration(ns)),
            format!("{note}; the rest never ended"),
        ),
        None => {
            let beyond = format::plural(found.samples_beyond, "call", "calls");
            (none(), format!("{beyond} beyond it, 10 are needed"))
        }
    };
    Figure {
        label: label.to_owned(),
        value,
        unit: String::new(),
        note,
        mood: Mood::Plain,
        change: None,
    }
}

/// Which duration it is; in open load with the other one beside it.
fn kind(summary: &Summary, p: f64) -> String {
    if summary.latency.response.is_none() {
        return "service".to_owned();
    }
    match summary.latency.service.percentile(p).value {
        Some(Quantile::Exact(ns)) => format!("response; service {}", format::duration(ns)),
        _ => "response".to_owned(),
    }
}

fn none() -> String {
    "–".to_owned()
}
