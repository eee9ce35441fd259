//! The final screen of a suite: a row for each run, how they compare, and what went wrong.

use std::io::{self, Write};

use super::{charts, findings, rows};
use crate::error::Exit;
use crate::report::format;
use crate::report::printable::{name, printable};
use crate::report::style::{Ink, Style};
use crate::report::text::labelled;
use crate::suite::index::SuiteState;
use crate::suite::{SavedRun, State, SuiteView};

/// Writes the report of a suite.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    header(out, suite, style)?;
    rows::write(out, suite, style)?;
    charts::write(out, suite, style)?;
    findings::problems(out, suite, style)?;
    findings::verdicts(out, suite, style)?;
    findings::rules(out, suite, style)?;
    conclusion(out, suite, style)
}

fn header(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    let title = name(&title(suite), style).into_owned();
    labelled(out, "", Ink::Plain, &title, Ink::Strong, style)?;
    let facts = printable(&facts(suite).join(", "), style).into_owned();
    labelled(out, "", Ink::Plain, &facts, Ink::Dim, style)?;
    writeln!(out)
}

/// What a suite is about.
pub(in crate::report) fn title(suite: &SuiteView) -> String {
    match (&suite.index.title, &suite.index.file) {
        (Some(title), _) => title.clone(),
        (None, Some(file)) => file.clone(),
        (None, None) => operations(suite),
    }
}

/// How many runs it has, and where they were made.
pub(in crate::report) fn facts(suite: &SuiteView) -> Vec<String> {
    let index = &suite.index;
    let mut runs = format::plural(index.runs.len() as u64, "run", "runs");
    if let Some(seed) = index.order_seed {
        runs = format!("{runs} in random order, of seed {seed}");
    }
    let mut facts = vec![runs];
    if let Some(view) = suite.runs.iter().flatten().next() {
        let host = &view.summary.facts.host;
        facts.push(format::plural(host.cpus, "processor", "processors"));
        facts.push(host.os.clone());
    }
    facts
}

/// The operations of all runs, each once.
fn operations(suite: &SuiteView) -> String {
    let mut names: Vec<&str> = Vec::new();
    for run in &suite.index.runs {
        if !names.contains(&&*run.name) {
            names.push(&run.name);
        }
    }
    names.join(", ")
}

fn conclusion(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    let (sign, text, ink) = concluded(suite);
    let sign = format!(" {} ", style.text(sign));
    labelled(out, &sign, ink, &text, ink, style)
}

/// How a suite ended.
pub(in crate::report) fn concluded(suite: &SuiteView) -> (&'static str, String, Ink) {
    let index = &suite.index;
    let word = match index.state {
        SuiteState::Completed => "done",
        SuiteState::Interrupted => "interrupted",
        SuiteState::Aborted => "ended early",
        SuiteState::Incomplete => "incomplete",
    };
    let all = index.runs.len() as u64;
    let with_result = suite.runs.iter().flatten().count() as u64;
    let failed = index.runs.iter().filter(|run| has_failed(run)).count() as u64;
    let runs = format::plural(all, "run", "runs");
    let mut text = match with_result == all {
        true => format!("{word}: {runs}"),
        false => format!(
            "{word}: {} of {runs} have a result",
            format::count(with_result)
        ),
    };
    if failed > 0 {
        text = format!("{text}, {} failed", format::count(failed));
    }
    let code = index.exit_code.filter(|code| *code != 0);
    if let Some(code) = code {
        text = format!("{text}; exit {code}");
    }
    let (sign, ink) = match (code, index.state) {
        (None, SuiteState::Completed) => ("✓", Ink::Good),
        (None, _) => ("!", Ink::Warn),
        (Some(_), _) => ("✗", Ink::Bad),
    };
    (sign, text, ink)
}

/// Whether a run came to something bad. One that was interrupted did not come to its end.
fn has_failed(run: &SavedRun) -> bool {
    let interrupted = [Exit::Interrupted.code(), Exit::Terminated.code()];
    match run.exit_code {
        Some(0) => false,
        Some(code) => !interrupted.contains(&code),
        None => run.state == State::Failed,
    }
}
