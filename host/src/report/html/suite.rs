//! The page of a suite: a row for each run, and how rate and latency go with the load.

use std::io;

use serde::Serialize;

use super::assets;
use super::data::{Fact, Figures, Item, Mood, Pill, Rule, Thresholds, Trust};
use super::repeat;
use super::shown::{STYLE, named, safe};
use crate::report::style::Ink;
use crate::report::suite::charts::{part_word, whole_percent};
use crate::report::suite::{
    FIGURES, figures, findings, in_order, json, quantile, rate, remarks, rows, text,
};
use crate::stats::Quantile;
use crate::suite::growth::{self, Point, growth};
use crate::suite::{SavedRun, SuiteView};
use crate::thresholds::ThresholdResult;
use crate::watch::State;

/// What the page of a suite shows, as its scripts read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Page {
    /// What the suite is about.
    name: String,
    /// Its name, for the files that are saved from the page.
    id: String,
    /// How it ended.
    conclusion: Pill,
    /// Where and when.
    meta: Vec<String>,
    /// What the columns of the runs' figures are called.
    columns: Vec<String>,
    /// The runs.
    runs: Vec<Run>,
    /// How they grow.
    growth: Vec<Growth>,
    /// The rules that the runs were held to.
    thresholds: Thresholds,
    /// What speaks against the figures, and what went wrong.
    trust: Trust,
    /// How to repeat it.
    repeat: Vec<Fact>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Run {
    name: String,
    with: String,
    verdict: Pill,
    figures: Vec<String>,
    command: String,
}

/// Runs that are drawn in one chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Growth {
    title: String,
    /// What the part of what would be best is called, and what would be.
    part: &'static str,
    best: &'static str,
    labels: Vec<String>,
    per_s: Vec<Option<f64>>,
    best_per_s: Vec<Option<f64>>,
    /// The least and the greatest rate of repetitions.
    ranges: Vec<Option<[f64; 2]>>,
    p50_ns: Vec<Option<u64>>,
    p99_ns: Vec<Option<u64>>,
    max_ns: Vec<Option<u64>>,
    rows: Vec<Figures>,
}

/// Writes the page of a suite.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, suite: &SuiteView) -> io::Result<()> {
    let page = page(suite);
    assets::write(
        out,
        &assets::SUITE,
        &page.name,
        &page,
        &[json::document(suite)],
    )
}

fn page(suite: &SuiteView) -> Page {
    let index = &suite.index;
    let (sign, conclusion, ink) = text::concluded(suite);
    let mut meta: Vec<String> = text::facts(suite).iter().map(|fact| safe(fact)).collect();
    meta.push(index.started.replacen('T', " ", 1).replace('Z', " UTC"));
    let runs = in_order(suite).into_iter();
    Page {
        name: named(&text::title(suite)),
        id: safe(&index.id),
        conclusion: Pill {
            mood: mood(ink),
            text: format!("{sign} {conclusion}"),
        },
        meta: meta.iter().map(|part| safe(part)).collect(),
        columns: FIGURES.map(str::to_owned).to_vec(),
        runs: runs
            .map(|(run, view)| {
                of_run(
                    run,
                    rows::sign(run, view),
                    remarks(run, view),
                    figures(view, STYLE),
                )
            })
            .collect(),
        growth: growth(suite).iter().map(of_growth).collect(),
        thresholds: thresholds(suite),
        trust: trust(suite),
        repeat: how_to_repeat(suite),
    }
}

fn mood(ink: Ink) -> Mood {
    match ink {
        Ink::Good => Mood::Good,
        Ink::Bad => Mood::Bad,
        Ink::Warn => Mood::Warn,
        _ => Mood::Plain,
    }
}

fn of_run(
    run: &SavedRun,
    (sign, ink): (&str, Ink),
    remarks: Vec<String>,
    figures: [String; 7],
) -> Run {
    let remark = match remarks.is_empty() {
        true => "valid".to_owned(),
        false => remarks.join(", "),
    };
    Run {
        name: named(&run.name),
        with: safe(&rows::with(run)),
        verdict: Pill {
            mood: mood(ink),
            text: format!("{sign} {remark}"),
        },
        figures: figures.to_vec(),
        command: repeat::shell(&run.command),
    }
}

fn of_growth(of: &growth::Growth) -> Growth {
    let all = |value: fn(&Point) -> Option<u64>| of.points.iter().map(value).collect();
    let is_open = of.points.iter().any(|point| point.kept.is_some());
    let best = |point: &Point| match (point.asked_per_s, point.per_s, point.efficiency) {
        (Some(asked), _, _) => Some(asked),
        (None, Some(per_s), Some(efficiency)) if efficiency > 0.0 => Some(per_s / efficiency),
        _ => None,
    };
    Growth {
        title: named(of.name.as_deref().unwrap_or("All runs")),
        part: part_word(of),
        best: if is_open {
            "asked for"
        } else {
            "linear growth"
        },
        labels: of.points.iter().map(|point| safe(&point.label)).collect(),
        per_s: of.points.iter().map(|point| point.per_s).collect(),
        best_per_s: of.points.iter().map(best).collect(),
        ranges: of
            .points
            .iter()
            .map(|point| point.range_per_s.map(|(least, most)| [least, most]))
            .collect(),
        p50_ns: all(|point| exact(point, 50.0)),
        p99_ns: all(|point| exact(point, 99.0)),
        max_ns: all(|point| point.felt.ended.max()),
        rows: of.points.iter().map(row).collect(),
    }
}

fn exact(point: &Point, p: f64) -> Option<u64> {
    match point.felt.percentile(p).value {
        Some(Quantile::Exact(ns)) => Some(ns),
        _ => None,
    }
}

fn row(point: &Point) -> Figures {
    let speed_up = point
        .speed_up
        .map_or_else(|| "–".to_owned(), |factor| format!("{factor:.2} ×"));
    let percentile = |p: f64| quantile(point.felt.percentile(p).value, STYLE);
    Figures {
        label: safe(&point.label),
        figures: vec![
            rate(point.per_s, STYLE),
            speed_up,
            whole_percent(point, STYLE),
            percentile(50.0),
            percentile(99.0),
        ],
    }
}

fn thresholds(suite: &SuiteView) -> Thresholds {
    let runs = in_order(suite).into_iter();
    let rules = runs.flat_map(|(run, view)| {
        let rules = view.into_iter().flat_map(|view| &view.rules);
        rules.map(move |rule| {
            let (mood, text) = match rule.verdict.result {
                ThresholdResult::Pass => (Mood::Good, "✓ pass"),
                ThresholdResult::Fail => (Mood::Bad, "✗ fail"),
                ThresholdResult::NoData => (Mood::Warn, "? no data"),
            };
            Rule {
                rule: safe(&format!("{:#}", rule.threshold)),
                measured: rule.shown().unwrap_or_else(|| "–".to_owned()),
                why: safe(&run.label()),
                verdict: Pill {
                    mood,
                    text: text.to_owned(),
                },
            }
        })
    });
    Thresholds {
        note: String::new(),
        rules: rules.collect(),
    }
}

fn trust(suite: &SuiteView) -> Trust {
    let went_wrong = findings::told(suite, STYLE).into_iter().map(|text| Item {
        mood: Mood::Bad,
        text,
        evidence: String::new(),
    });
    let doubts = findings::doubts(suite);
    let doubts = doubts.iter().map(|doubt| {
        let reason = doubt.reason;
        // What to do stands after the last semicolon.
        let (text, advice) = reason.text.rsplit_once("; ").unwrap_or((&reason.text, ""));
        let whose = format!("{}: {}", doubt.whose(), reason.state);
        let evidence = match advice {
            "" => whose,
            advice => format!("{whose}; {advice}"),
        };
        Item {
            mood: if reason.state == State::Invalid {
                Mood::Bad
            } else {
                Mood::Warn
            },
            text: safe(text),
            evidence: safe(&evidence),
        }
    });
    let verdicts = suite
        .runs
        .iter()
        .flatten()
        .filter_map(|view| view.summary.facts.verdict.as_ref());
    let worst = verdicts.map(|verdict| verdict.state).max();
    let (mood, text) = match worst {
        Some(State::Valid) => (Mood::Good, "✓ all valid"),
        Some(State::Degraded) => (Mood::Warn, "! some degraded"),
        Some(State::Invalid) => (Mood::Bad, "✗ some invalid"),
        None => (Mood::Plain, "– not assessed"),
    };
    Trust {
        verdict: Pill {
            mood,
            text: text.to_owned(),
        },
        items: went_wrong.chain(doubts).collect(),
    }
}

fn how_to_repeat(suite: &SuiteView) -> Vec<Fact> {
    let index = &suite.index;
    let fact = |label: &str, text: String, is_code: bool| Fact {
        label: label.to_owned(),
        text: safe(&text),
        is_code,
        is_bad: false,
    };
    let mut facts = vec![fact("Command", repeat::shell(&index.command), true)];
    if let Some(seed) = index.order_seed {
        facts.push(fact("Order", format!("random, of seed {seed}"), false));
    }
    facts.push(fact("gorgon", index.gorgon.clone(), false));
    facts.push(fact("Suite", index.id.clone(), false));
    facts
}
