//! Runs beside a baseline, in the words of the other renderings of a comparison.

use super::data::{Against, Comparison, Difference, Figure, Item, Mood, Pill, Rule, Run};
use super::head::THROUGHPUT;
use super::repeat;
use super::shown::{named, safe};
use crate::compare::{CONFIDENCE, Compared, Metric, RuleResult, Verdict};
use crate::report::comparison::{self, ComparisonView, Kind, RuleOf, Side, words};
use crate::report::format;
use crate::report::view::RunView;
use crate::stats::RunFacts;

/// The sides with their letters: what is compared first, then the baseline, then the rest.
pub(super) fn order(view: &ComparisonView) -> Vec<(String, &Side)> {
    let mut sides: Vec<(String, &Side)> =
        (0..).map(ComparisonView::label).zip(&view.sides).collect();
    if sides.len() > 1 {
        sides.swap(0, 1);
    }
    sides
}

/// A side as the run that it is.
pub(super) fn run(side: &Side) -> RunView {
    RunView {
        summary: side.summary.clone(),
        series: side.series.clone(),
        ..RunView::default()
    }
}

/// What the sides have different. The changes of the first are put below its key figures.
pub(super) fn against(view: &ComparisonView, runs: &mut [Run]) -> Comparison {
    let is_one_run = view.kind == Kind::Interleaved;
    if is_one_run {
        share(view, runs);
    }
    if let (Some(run), Some(first)) = (runs.first_mut(), view.against.first()) {
        changes(&mut run.figures, &first.comparison);
    }
    let names: Vec<String> = view.sides.iter().map(|side| named(&side.name)).collect();
    let effect = words::effect(view.settings.min_effect);
    Comparison {
        title: match &names[..] {
            [a, b] => format!("{b} against {a}"),
            names => names.join(", "),
        },
        is_one_run,
        pill: pill(view),
        sides: (0..).zip(&view.sides).map(side).collect(),
        note: format!("{} % intervals; {effect} matters", CONFIDENCE * 100.0),
        against: view.against.iter().map(figures).collect(),
        remarks: view.remarks().iter().map(remark).collect(),
        rules: view.rules.iter().map(rule).collect(),
    }
}

/// What operations that shared one run have in common is told once, with the first.
fn share(view: &ComparisonView, runs: &mut [Run]) {
    for run in runs.iter_mut() {
        // How many calls there are in a second was decided for all by the taking of turns.
        run.figures.retain(|figure| figure.label != THROUGHPUT);
        run.repeat.clear();
    }
    if let (Some(run), Some(side)) = (runs.first_mut(), view.sides.first()) {
        let all = view.sides.iter();
        let components = all.flat_map(|side| side.summary.facts.components.clone());
        run.repeat = repeat::repeat(&RunFacts {
            components: components.collect(),
            ..side.summary.facts.clone()
        });
    }
}

fn side((index, side): (usize, &Side)) -> [String; 2] {
    let facts = &side.summary.facts;
    let mut parts = vec![named(&side.name)];
    parts.push(format::plural(side.summary.done(), "call", "calls"));
    if !facts.started.is_empty() {
        parts.push(safe(
            &facts.started.replacen('T', " ", 1).replace('Z', " UTC"),
        ));
    }
    for component in &facts.components {
        let digest: String = component.sha256.chars().take(12).collect();
        // An operation goes by its own name.
        parts.push(match component.name == side.name {
            true => safe(&digest),
            false => format!("{} {}", named(&component.name), safe(&digest)),
        });
    }
    [ComparisonView::label(index), parts.join(" · ")]
}

/// What came of the rules, or how many figures are better and worse.
fn pill(view: &ComparisonView) -> Pill {
    let broken = view.rules.iter();
    let broken = broken
        .filter(|of| of.judged.result == RuleResult::Fail)
        .count();
    let rules = format::plural(view.rules.len() as u64, "rule", "rules");
    let count = |verdict: Verdict| {
        let figures = view.against.iter().flat_map(|one| &one.comparison.figures);
        figures.filter(|figure| figure.verdict == verdict).count()
    };
    let (better, worse) = (count(Verdict::Better), count(Verdict::Worse));
    let (mood, text) = match (broken, worse, better) {
        (1.., _, _) => (Mood::Bad, format!("✗ FAIL · {broken} of {rules}")),
        (0, 1.., 0) => (Mood::Bad, format!("✗ {worse} worse")),
        (0, 1.., _) => (Mood::Warn, format!("! {worse} worse, {better} better")),
        (0, 0, 1..) => (Mood::Good, format!("✓ {better} better")),
        (0, 0, 0) if count(Verdict::Same) > 0 => {
            (Mood::Plain, "= no change that matters".to_owned())
        }
        (0, 0, 0) => (Mood::Plain, "? no evidence of a change".to_owned()),
    };
    Pill { mood, text }
}

/// Puts the changes below the key figures that they are of.
fn changes(figures: &mut [Figure], comparison: &crate::compare::Comparison) {
    for figure in figures {
        let metric = match figure.label.as_str() {
            THROUGHPUT => Metric::CallsPerS,
            "Success" => Metric::Fail,
            "Median" => Metric::P50,
            "p99" => Metric::P99,
            _ => continue,
        };
        figure.change = comparison.figure(metric).map(short);
    }
}

/// A change in a few words.
fn short(of: &Compared) -> Pill {
    let text = match (of.verdict, of.difference) {
        (Verdict::Better | Verdict::Worse, Some(difference)) => {
            let sign = if difference > 0.0 { "▲" } else { "▼" };
            let what = if of.metric.is_share() { " failed" } else { "" };
            format!("{sign} {}{what}, {}", words::difference(of), of.verdict)
        }
        (Verdict::Same, _) => "= same as the baseline".to_owned(),
        (Verdict::NotEnoughData, _) => "too little data to compare".to_owned(),
        _ => "no evidence of a change".to_owned(),
    };
    Pill {
        mood: mood(of.verdict),
        text,
    }
}

fn mood(verdict: Verdict) -> Mood {
    match verdict {
        Verdict::Better => Mood::Good,
        Verdict::Worse => Mood::Bad,
        Verdict::NotEnoughData => Mood::Warn,
        Verdict::Same | Verdict::NoEvidence => Mood::Plain,
    }
}

fn figures(of: &comparison::Against) -> Against {
    let is_identical = of.comparison.is_identical;
    let difference = |figure: &Compared| {
        let (verdict, _) = words::verdict(figure, is_identical);
        Difference {
            figure: words::name(figure.metric).to_owned(),
            of_a: words::value(figure.metric, figure.a),
            of_b: words::value(figure.metric, figure.b),
            change: words::difference(figure),
            interval: words::interval(figure.interval, figure.metric.is_share()),
            verdict: Pill {
                mood: mood(figure.verdict),
                text: verdict.trim_start().to_owned(),
            },
        }
    };
    Against {
        a: ComparisonView::label(0),
        b: ComparisonView::label(of.side),
        figures: of.comparison.figures.iter().map(difference).collect(),
    }
}

fn remark(note: &comparison::Note) -> Item {
    Item {
        mood: if note.is_warning {
            Mood::Warn
        } else {
            Mood::Plain
        },
        text: safe(&note.text),
        evidence: String::new(),
    }
}

fn rule(of: &RuleOf) -> Rule {
    let (mood, text) = match of.judged.result {
        RuleResult::Pass => (Mood::Good, "✓ pass"),
        RuleResult::Fail => (Mood::Bad, "✗ fail"),
        RuleResult::NoData => (Mood::Warn, "? no data"),
    };
    Rule {
        rule: format!("{}: {}", ComparisonView::label(of.side), of.judged.rule),
        measured: words::interval(of.judged.interval, of.judged.is_share),
        why: String::new(),
        verdict: Pill {
            mood,
            text: text.to_owned(),
        },
    }
}
