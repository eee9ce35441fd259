//! What a run has different from its baseline.

use super::data::{Against, Difference, Figure, Item, Mood, Pill};
use super::shown::{named, safe};
use super::{Compared, head};
use crate::compare::{self, CONFIDENCE, Comparison, Interval, Metric, Verdict};
use crate::report::format;

/// The figures of both, what changed, and how sure that is.
pub(super) fn against(compared: &Compared<'_>) -> Against {
    let comparison = compared.comparison;
    let facts = &compared.baseline.summary.facts;
    let when = facts.started.replacen('T', " ", 1).replace('Z', " UTC");
    let mut remarks: Vec<Item> = Vec::new();
    if comparison.is_identical {
        remarks.push(remark(
            false,
            "both are the same calls, so there is nothing to estimate",
        ));
    }
    remarks.extend(
        compared
            .remarks
            .iter()
            .map(|(is_warning, text)| remark(*is_warning, text)),
    );
    remarks.extend(comparison.figures.iter().filter_map(needed));
    Against {
        pill: pill(compared),
        baseline: format!(
            "{}, {when}, {}",
            head::title(&compared.baseline.summary),
            named(&facts.run_id)
        ),
        note: format!("{} % intervals", CONFIDENCE * 100.0),
        figures: comparison.figures.iter().map(difference).collect(),
        remarks,
        rules: compared.rules.to_vec(),
    }
}

/// What came of the rules, or how many figures are better and worse.
fn pill(compared: &Compared<'_>) -> Pill {
    let count = |verdict: Verdict| {
        let figures = compared.comparison.figures.iter();
        figures.filter(|one| one.verdict == verdict).count()
    };
    let broken = compared.rules.iter();
    let broken = broken.filter(|rule| rule.verdict.mood == Mood::Bad).count();
    let (better, worse) = (count(Verdict::Better), count(Verdict::Worse));
    let (mood, text) = match (broken, worse, better) {
        (1.., _, _) => (
            Mood::Bad,
            format!(
                "✗ FAIL · {broken} of {}",
                format::plural(compared.rules.len() as u64, "rule", "rules")
            ),
        ),
        (0, 1.., 0) => (Mood::Bad, format!("✗ {worse} worse")),
        (0, 1.., _) => (Mood::Warn, format!("! {worse} worse, {better} better")),
        (0, 0, 1..) => (Mood::Good, format!("✓ {better} better")),
        (0, 0, 0) if count(Verdict::Same) > 0 => {
            (Mood::Plain, "= nothing changed that matters".to_owned())
        }
        (0, 0, 0) => (Mood::Plain, "? no evidence of a change".to_owned()),
    };
    Pill { mood, text }
}

fn remark(is_warning: bool, text: &str) -> Item {
    Item {
        mood: if is_warning { Mood::Warn } else { Mood::Plain },
        text: safe(text),
        evidence: String::new(),
    }
}

/// Puts the changes below the key figures that they are of.
pub(super) fn changes(figures: &mut [Figure], comparison: &Comparison) {
    for figure in figures {
        let metric = match figure.label.as_str() {
            "Throughput" => Metric::CallsPerS,
            "Success" => Metric::Fail,
            "Median" => Metric::P50,
            "p99" => Metric::P99,
            _ => continue,
        };
        figure.change = comparison.figure(metric).map(short);
    }
}

/// A change in a few words.
fn short(of: &compare::Compared) -> Pill {
    let mood = mood(of.verdict);
    let text = match (of.verdict, of.difference) {
        (Verdict::Better | Verdict::Worse, Some(difference)) => {
            let sign = if difference > 0.0 { "▲" } else { "▼" };
            let what = if of.metric.is_share() { " failed" } else { "" };
            format!(
                "{sign} {}{what}, {}",
                signed(of.metric, difference),
                of.verdict
            )
        }
        (Verdict::Same, _) => "= same as the baseline".to_owned(),
        (Verdict::NotEnoughData, _) => "too little data to compare".to_owned(),
        _ => "no evidence of a change".to_owned(),
    };
    Pill { mood, text }
}

fn mood(verdict: Verdict) -> Mood {
    match verdict {
        Verdict::Better => Mood::Good,
        Verdict::Worse => Mood::Bad,
        Verdict::NoEvidence => Mood::Warn,
        Verdict::Same | Verdict::NotEnoughData => Mood::Plain,
    }
}

fn difference(of: &compare::Compared) -> Difference {
    let value = |value: Option<f64>| value.map_or_else(none, |value| figure(of.metric, value));
    let sign = match of.verdict {
        Verdict::Better => "✓ ",
        Verdict::Worse => "✗ ",
        Verdict::Same => "= ",
        Verdict::NoEvidence | Verdict::NotEnoughData => "? ",
    };
    Difference {
        figure: match of.metric {
            Metric::CallsPerS => "calls/s".to_owned(),
            Metric::Fail => "failed".to_owned(),
            metric => metric.word().to_owned(),
        },
        baseline: value(of.a),
        here: value(of.b),
        change: of
            .difference
            .map_or_else(none, |of_it| signed(of.metric, of_it)),
        interval: of
            .interval
            .map_or_else(none, |of_it| interval(of.metric, of_it)),
        verdict: Pill {
            mood: mood(of.verdict),
            text: format!("{sign}{}", of.verdict),
        },
    }
}

fn none() -> String {
    "–".to_owned()
}

fn figure(metric: Metric, value: f64) -> String {
    match metric {
        Metric::CallsPerS => format::rate(value),
        Metric::Fail => format::share(value),
        Metric::P50 | Metric::P90 | Metric::P99 | Metric::Mean => {
            format::duration(value.round() as u64)
        }
    }
}

/// A difference with its sign: relative in percent, or of a share in points.
fn signed(metric: Metric, difference: f64) -> String {
    let unit = if metric.is_share() { "points" } else { "%" };
    format!("{} {unit}", hundredths(difference))
}

fn interval(metric: Metric, of: Interval) -> String {
    let unit = if metric.is_share() { "points" } else { "%" };
    format!("{} … {} {unit}", hundredths(of.low), hundredths(of.high))
}

/// In hundredths, with a sign and as many decimals as say something.
fn hundredths(part: f64) -> String {
    let percent = part * 100.0;
    let text = match percent.abs() {
        small if small < 0.995 => format!("{percent:+.2}"),
        usual if usual < 99.95 => format!("{percent:+.1}"),
        _ => format!("{percent:+.0}"),
    };
    // What is rounded to nothing has no sign.
    let is_nothing = text.bytes().all(|byte| !(b'1'..=b'9').contains(&byte));
    let text = if is_nothing {
        text.trim_start_matches(['+', '-'])
    } else {
        &text
    };
    text.replace('-', "−")
}

/// How many calls would tell what these do not.
fn needed(of: &compare::Compared) -> Option<Item> {
    let calls = match of.verdict {
        Verdict::NoEvidence => compare::recommended_calls(of, of.min_effect)?,
        _ => return None,
    };
    Some(Item {
        mood: Mood::Plain,
        text: format!("no evidence either way for {}", difference(of).figure),
        evidence: format!(
            "about {} on each side would find a change of {}",
            format::plural(calls, "call", "calls"),
            signed(of.metric, of.min_effect).trim_start_matches('+')
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_a_sign_and_as_many_decimals_as_say_something() {
        for (part, expected) in [
            (-0.115, "−11.5"),
            (0.001_4, "+0.14"),
            (0.0, "0.00"),
            (-0.000_01, "0.00"),
            (2.0, "+200"),
            (0.019_96, "+2.0"),
        ] {
            assert_eq!(hundredths(part), expected);
        }
        assert_eq!(signed(Metric::P50, 0.02), "+2.0 %");
        assert_eq!(signed(Metric::Fail, 0.002), "+0.20 points");
    }
}
