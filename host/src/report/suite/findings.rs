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

/// What went wrong, of each run and around them, a line each.
pub(in crate::report) fn told(suite: &SuiteView, style: Style) -> Vec<String> {
    let runs = in_order(suite).into_iter();
    let of_runs = runs.flat_map(|(run, _)| {
        let problems = run.problems.iter();
        problems.map(|problem| line(&run.label(), problem, style))
    });
    let of_all = suite.index.problems.iter();
    let of_all = of_all.map(|problem| line("", problem, style));
    of_runs.chain(of_all).collect()
}

/// Writes what went wrong.
pub(super) fn problems(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    let told = told(suite, style);
    let sign = format!(" {} ", style.text("✗"));
    for text in &told {
        labelled(out, &sign, Ink::Bad, text, Ink::Bad, style)?;
    }
    if told.is_empty() {
        Ok(())
    } else {
        writeln!(out)
    }
}

/// A problem in a line.
fn line(label: &str, problem: &Problem, style: Style) -> String {
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

/// Something that speaks against the figures of a run, and of others.
pub(in crate::report) struct Doubt<'a> {
    /// The worst reason against one of them.
    pub(in crate::report) reason: &'a Reason,
    /// That run.
    label: String,
    /// Others of which the same is the worst.
    more: u64,
}

impl Doubt<'_> {
    /// Whose figures these are: `growing -w 8 (and 2 others likewise)`.
    pub(in crate::report) fn whose(&self) -> String {
        match self.more {
            0 => self.label.clone(),
            more => {
                let others = format::plural(more, "other", "others");
                format!("{} (and {others} likewise)", self.label)
            }
        }
    }
}

/// The worst reason against the figures of each run, runs with the same one together.
pub(in crate::report) fn doubts(suite: &SuiteView) -> Vec<Doubt<'_>> {
    let mut doubts: Vec<Doubt<'_>> = Vec::new();
    for (run, view) in in_order(suite) {
        let verdict = view.and_then(|view| view.summary.facts.verdict.as_ref());
        let Some(reason) = verdict.and_then(|verdict| verdict.reasons.first()) else {
            continue;
        };
        let is_alike = |doubt: &&mut Doubt<'_>| {
            (&doubt.reason.id, doubt.reason.state) == (&reason.id, reason.state)
        };
        match doubts.iter_mut().find(is_alike) {
            Some(doubt) => doubt.more += 1,
            None => doubts.push(Doubt {
                reason,
                label: run.label(),
                more: 0,
            }),
        }
    }
    doubts
}

/// Writes why figures cannot be trusted.
pub(super) fn verdicts(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    let doubts = doubts(suite);
    for doubt in &doubts {
        let reason = doubt.reason;
        let text = format!("{}: {}: {}", doubt.whose(), reason.state, reason.text);
        let ink = match reason.state {
            watch::State::Invalid => Ink::Bad,
            _ => Ink::Warn,
        };
        let text = printable(&text, style).into_owned();
        labelled(out, " ! ", ink, &text, Ink::Plain, style)?;
    }
    if doubts.is_empty() {
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
