//! A comparison as Markdown, for a pull request or the summary of a CI job.

use std::io::{self, Write};

use super::words::{difference, interval, name, value, verdict};
use super::{Against, ComparisonView};
use crate::compare::RuleResult;
use crate::report::format;

/// Writes the comparison.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, view: &ComparisonView) -> io::Result<()> {
    writeln!(out, "### gorgon: comparison\n")?;
    for (index, side) in view.sides.iter().enumerate() {
        let calls = format::plural(side.summary.done(), "call", "calls");
        let components = &side.summary.facts.components;
        let digests = components
            .iter()
            .map(|component| escaped(component.sha256.get(..12).unwrap_or("")));
        let digests = digests.collect::<Vec<_>>().join(", ");
        let label = ComparisonView::label(index);
        writeln!(
            out,
            "- **{label}** {}: {calls}, {digests}",
            escaped(&side.name)
        )?;
    }
    for against in &view.against {
        figures(out, against)?;
    }
    let remarks = view.remarks();
    if !remarks.is_empty() {
        writeln!(out)?;
    }
    for note in remarks {
        let sign = if note.is_warning { "⚠ " } else { "" };
        writeln!(out, "- {sign}{}", escaped(&note.text))?;
    }
    if !view.rules.is_empty() {
        writeln!(out, "\n| rule | | interval | |\n|---|---|---:|---|")?;
    }
    for of in &view.rules {
        let word = match of.judged.result {
            RuleResult::Pass => "✓ pass",
            RuleResult::Fail => "✗ **fail**",
            RuleResult::NoData => "? no data",
        };
        let (label, judged) = (ComparisonView::label(of.side), &of.judged);
        let interval = interval(judged.interval, judged.is_share);
        writeln!(
            out,
            "| {} | {label} | {interval} | {word} |",
            escaped(&judged.rule)
        )?;
    }
    Ok(())
}

fn figures(out: &mut dyn Write, against: &Against) -> io::Result<()> {
    let (a, b) = (
        ComparisonView::label(0),
        ComparisonView::label(against.side),
    );
    writeln!(
        out,
        "\n| | {a} | {b} | {b} − {a} | 95 % interval | verdict |"
    )?;
    writeln!(out, "|---|---:|---:|---:|---:|---|")?;
    for figure in &against.comparison.figures {
        let (word, _) = verdict(figure, against.comparison.is_identical);
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            name(figure.metric),
            value(figure.metric, figure.a),
            value(figure.metric, figure.b),
            difference(figure),
            interval(figure.interval, figure.metric.is_share()),
            word.trim_start()
        )?;
    }
    Ok(())
}

/// Text that others chose, with nothing in it that Markdown or HTML would act on.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' => {
                escaped.extend(['\\', c])
            }
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // Nobody is to be called by a name, and no address is to become a link.
            '@' => escaped.push_str("&#64;"),
            ':' => escaped.push_str("&#58;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
