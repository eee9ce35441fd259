//! A run as GitHub flavoured Markdown, for the summary of a CI job or a comment.
//!
//! Short: how the run ended, its figures, the tags, the rules, what failed, and the notes. Its length is bounded like that
//! of the screen, whatever the operation returned.

mod escape;

use std::io::{self, Write};

use self::escape::{code, plain, prose};
use super::conclusion::{Standing, conclusion};
use super::junit::found;
use super::latency::{FIGURES, figure_texts};
use super::notes;
use super::tables::{has_mix, shown};
use super::view::RunView;
use super::{format, opening};
use crate::stats::{Distribution, Failure, Row, Summary};
use crate::thresholds::{Evaluated, ThresholdResult};
use crate::watch::State;

/// Kinds of failure shown.
const KINDS: usize = 10;

/// Writes the Markdown.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, run: &RunView) -> io::Result<()> {
    let summary = &run.summary;
    head(out, run)?;
    durations(out, summary)?;
    tags(out, summary)?;
    rules(out, run)?;
    failures(out, summary)?;
    remarks(out, summary)
}

fn head(out: &mut dyn Write, run: &RunView) -> io::Result<()> {
    let summary = &run.summary;
    let conclusion = conclusion(summary, &run.rules, run.exit_code);
    let sign = match conclusion.standing {
        Standing::Good => "✅",
        Standing::Mixed => "⚠️",
        Standing::Bad => "❌",
    };
    let names = summary.facts.components.iter();
    let names: Vec<String> = names.map(|component| code(&component.name)).collect();
    writeln!(out, "### {sign} {}", names.join(" + "))?;
    writeln!(out)?;
    writeln!(out, "**{}**", plain(&conclusion.text))?;
    writeln!(out)?;
    // Spaces beside each other are one.
    let pace = opening::pace(summary).replace("  ", " ");
    writeln!(
        out,
        "{}; {}",
        plain(&pace),
        plain(&opening::load(&summary.facts))
    )
}

/// Writes a table: its columns, of which those that begin with a `>` have numerals, and its lines.
fn table(out: &mut dyn Write, columns: &[&str], lines: &[Vec<String>]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let names = columns.iter().map(|column| column.trim_start_matches('>'));
    let rules = columns.iter().map(|column| match column.starts_with('>') {
        true => "--:",
        false => "---",
    });
    writeln!(out)?;
    writeln!(out, "| {} |", names.collect::<Vec<_>>().join(" | "))?;
    writeln!(out, "|{}|", rules.collect::<Vec<_>>().join("|"))?;
    for line in lines {
        writeln!(out, "| {} |", line.join(" | "))?;
    }
    Ok(())
}

fn durations(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    let latency = &summary.latency;
    let line = |label: &str, of: &Distribution| {
        let figures = figure_texts(of).map(|figure| plain(&figure));
        [label.to_owned()].into_iter().chain(figures).collect()
    };
    let lines: Vec<Vec<String>> = match (&latency.response, &latency.lag) {
        _ if latency.felt().ended.is_empty() => Vec::new(),
        (Some(response), Some(lag)) => vec![
            line("**response**", response),
            line("service", &latency.service),
            line("lag", lag),
        ],
        _ => vec![line("**all**", &latency.service)],
    };
    let figures = FIGURES.map(|figure| format!(">{figure}"));
    let columns: Vec<&str> = ["Latency"]
        .into_iter()
        .chain(figures.iter().map(|of| &**of))
        .collect();
    table(out, &columns, &lines)
}

fn tags(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    let (shown, hidden) = shown(summary);
    let operations = has_mix(summary).then_some("Operation");
    let columns = ["Tag", "Outcome", ">Calls", ">Share", ">p50", ">p99", ">max"];
    let columns: Vec<&str> = operations.into_iter().chain(columns).collect();
    let mut lines: Vec<Vec<String>> = shown.iter().map(|row| tag(summary, row)).collect();
    if !hidden.is_empty() {
        let count = hidden.iter().map(|row| row.count).sum();
        let more = format!(
            "… {}",
            format::plural(hidden.len() as u64, "more tag", "more tags")
        );
        let mut line = vec![String::new(); columns.len() - 7];
        line.extend([
            more,
            String::new(),
            format::count(count),
            share(summary, count),
        ]);
        line.resize(columns.len(), String::new());
        lines.push(line);
    }
    table(out, &columns, &lines)
}

fn tag(summary: &Summary, row: &Row) -> Vec<String> {
    let operation = has_mix(summary).then(|| code(summary.operation(row.key.operation)));
    let [_, p50, _, p99, _, max, _] = figure_texts(row.latency.felt());
    let cells = [
        code(&row.key.tag),
        row.key.outcome.word().to_owned(),
        format::count(row.count),
        share(summary, row.count),
        plain(&p50),
        plain(&p99),
        plain(&max),
    ];
    operation.into_iter().chain(cells).collect()
}

fn share(summary: &Summary, count: u64) -> String {
    plain(&format::share(summary.share(count).unwrap_or(0.0)))
}

fn rules(out: &mut dyn Write, run: &RunView) -> io::Result<()> {
    let line = |rule: &Evaluated| {
        let sign = match (rule.verdict.result, run.fails(rule)) {
            (ThresholdResult::Pass, _) => "✅ kept",
            (ThresholdResult::Fail, _) => "❌ broken",
            (ThresholdResult::NoData, true) => "❌ no data",
            (ThresholdResult::NoData, false) => "⚠️ no data",
        };
        let rule_text = code(&format!("{:#}", rule.threshold));
        vec![sign.to_owned(), rule_text, prose(&found(rule))]
    };
    let lines: Vec<Vec<String>> = run.rules.iter().map(line).collect();
    table(out, &["Rule", "Fails where", "Found"], &lines)
}

fn failures(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    let line = |failure: &Failure| {
        let tag = code(&failure.key.tag);
        let tag = match has_mix(summary) {
            true => format!("{} {tag}", code(summary.operation(failure.key.operation))),
            false => tag,
        };
        let at = format::duration(failure.first.at_ns);
        let message = match failure.message.is_empty() {
            true => String::new(),
            false => code(&failure.message),
        };
        let first = format!("call {} at {at}", failure.first.number);
        vec![format::count(failure.count), tag, message, first]
    };
    let shown = summary.failures.iter().take(KINDS);
    let lines: Vec<Vec<String>> = shown.map(line).collect();
    table(out, &[">Failures", "Tag", "Message", "First"], &lines)?;
    let hidden = summary
        .failures
        .iter()
        .skip(KINDS)
        .map(|failure| failure.count);
    match hidden.sum::<u64>() + summary.failures_beyond {
        0 => Ok(()),
        beyond => {
            let failures = format::plural(beyond, "failure", "failures");
            writeln!(out, "\n… {failures} of other kinds")
        }
    }
}

/// Writes what is to be said of the runner, and the notes.
fn remarks(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    let verdict = summary.facts.verdict.iter();
    let reasons = verdict.flat_map(|verdict| &verdict.reasons).map(|reason| {
        let sign = match reason.state {
            State::Valid => "✅",
            State::Degraded => "⚠️",
            State::Invalid => "❌",
        };
        format!("- {sign} {}: {}", reason.state, prose(&reason.text))
    });
    let notes = notes::notes(summary).into_iter().map(|note| {
        let sign = if note.is_warning { "⚠️ " } else { "" };
        format!("- {sign}{}", prose(&note.text))
    });
    let remarks: Vec<String> = reasons.chain(notes).collect();
    if remarks.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", remarks.join("\n"))
}

#[cfg(test)]
mod tests;
