//! What is to be known of the runs of a suite besides their figures: what went wrong, what cannot be trusted, which rules were
//! not kept.

use std::io::{self, Write};

use super::in_order;
use crate::report::format;
use crate::report::printable::printable;
use crate::report::style::{Ink, Style};
use crate::report::text::labelled;
use crate::suite::{Problem, SuiteView};
use crate::thresholds::ThresholdResult;
use crate::watch::{self, Reason};

/// Writes what went wrong, of each run and around them.
pub(super) fn problems(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    let of_runs = in_order(suite).into_iter();
    let of_runs =
        of_runs.flat_map(|(run, _)| run.problems.iter().map(|problem| (run.label(), problem)));
    let of_all = suite
        .index
        .problems
        .iter()
        .map(|problem| (String::new(), problem));
    let mut is_any = false;
    for (label, problem) in of_runs.chain(of_all) {
        is_any = true;
        labelled(
            out,
            &format!(" {} ", style.text("✗")),
            Ink::Bad,
            &told(&label, problem, style),
            Ink::Bad,
            style,
        )?;
    }
    if is_any { writeln!(out) } else { Ok(()) }
}

fn told(label: &str, problem: &Problem, style: Style) -> String {
    let mut text = printable(&problem.message, style).into_owned();
    if let Some(cause) = problem.cause.first() {
        // The last lines of a command's output: more of them were shown when it failed.
        let line = cause.lines().last().unwrap_or_default();
        text = format!("{text}: {}", printable(line.trim(), style));
    }
    match label {
        "" => text,
        label => format!("{}: {text}", printable(label, style)),
    }
}

/// Writes why figures cannot be trusted: the worst reason of each run, runs with the same one together.
pub(super) fn verdicts(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    let mut told: Vec<(String, &Reason, u64)> = Vec::new();
    for (run, view) in in_order(suite) {
        let verdict = view.and_then(|view| view.summary.facts.verdict.as_ref());
        let Some(reason) = verdict.and_then(|verdict| verdict.reasons.first()) else {
            continue;
        };
        let alike = |(_, other, _): &&mut (String, &Reason, u64)| {
            (&other.id, other.state) == (&reason.id, reason.state)
        };
        match told.iter_mut().find(alike) {
            Some((_, _, more)) => *more += 1,
            None => told.push((run.label(), reason, 0)),
        }
    }
    for (label, reason, more) in &told {
        let others = match more {
            0 => String::new(),
            more => format!(
                " (and {} likewise)",
                format::plural(*more, "other", "others")
            ),
        };
        let text = format!("{label}{others}: {}: {}", reason.state, reason.text);
        let ink = match reason.state {
            watch::State::Invalid => Ink::Bad,
            _ => Ink::Warn,
        };
        let text = printable(&text, style).into_owned();
        labelled(out, " ! ", ink, &text, Ink::Plain, style)?;
    }
    if told.is_empty() {
        Ok(())
    } else {
        writeln!(out)
    }
}

/// Writes the rules that were not kept.
pub(super) fn rules(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    let mut is_any = false;
    for (run, view) in in_order(suite) {
        let rules = view.into_iter().flat_map(|view| &view.rules);
        for rule in rules.filter(|rule| rule.verdict.result != ThresholdResult::Pass) {
            is_any = true;
            let found = rule.shown().or_else(|| rule.verdict.reason.clone());
            let found = found.unwrap_or_else(|| "no data".to_owned());
            let text = format!("{}: {:#}: {found}", run.label(), rule.threshold);
            let text = if style.unicode {
                text
            } else {
                text.replace('µ', "u")
            };
            let (sign, ink) = match rule.verdict.result {
                ThresholdResult::Fail => ("✗", Ink::Bad),
                _ => ("?", Ink::Warn),
            };
            let sign = format!(" {} ", style.text(sign));
            labelled(out, &sign, ink, &printable(&text, style), ink, style)?;
        }
    }
    if is_any { writeln!(out) } else { Ok(()) }
}
