//! Operations beside each other as Markdown, for a page or a review.

use std::io::{self, Write};

use super::{Side, SideBySide, excess};
use crate::compare::{Compared, Metric};
use crate::report::format;
use crate::report::printable::printable;
use crate::report::style::Style;

/// Markdown shows Unicode and no colours.
const STYLE: Style = Style {
    color: false,
    unicode: true,
    width: 0,
};

/// Writes the comparison.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, of: &SideBySide<'_>) -> io::Result<()> {
    let facts = &of.run.summary.facts;
    let each = of.sides.iter().map(Side::calls).max().unwrap_or(0);
    writeln!(
        out,
        "{} of each in {}, {}, random order, seed {}\n",
        format::plural(each, "call", "calls"),
        format::duration(facts.elapsed_ns),
        format::plural(facts.load.workers, "worker", "workers"),
        facts.load.seed
    )?;
    writeln!(
        out,
        "| fastest first | calls | median | difference | mean | stdev | min | p99 | max | sum | fail | memory |"
    )?;
    writeln!(out, "|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")?;
    for (place, side) in of.sides.iter().enumerate() {
        figures(out, of, place, side)?;
    }
    if of.sides.len() > 1 {
        writeln!(out, "\n| | figure | difference | 95 % interval | verdict |")?;
        writeln!(out, "|:--|:--|--:|--:|:--|")?;
    }
    for side in &of.sides {
        evidence(out, of, side)?;
    }
    writeln!(out)?;
    for side in &of.sides {
        if let Some(sentence) = of.sentence(side, &escaped) {
            writeln!(out, "- {sentence}")?;
        }
    }
    if let Some(remainder) = of.remainder() {
        writeln!(out, "- {remainder}")?;
    }
    if let Some(agreement) = &facts.agreement {
        writeln!(
            out,
            "- {} of {} were not answered alike",
            format::count(agreement.differing),
            format::plural(agreement.compared, "number", "numbers")
        )?;
    }
    Ok(())
}

fn figures(out: &mut dyn Write, of: &SideBySide<'_>, place: usize, side: &Side) -> io::Result<()> {
    let duration = |ns: Option<u64>| ns.map_or("–".to_owned(), format::duration);
    let whole = |ns: Option<f64>| ns.map(|ns| ns.round() as u64);
    let durations = &side.durations;
    let difference = match (place, of.excess(side)) {
        (0, Some(_)) => "fastest".to_owned(),
        (_, part) => part.map_or("–".to_owned(), excess),
    };
    let fail = side.failed() as f64 / side.calls().max(1) as f64;
    let cells = [
        escaped(of.name(side)),
        format::count(side.calls()),
        duration(side.median()),
        difference,
        duration(whole(durations.mean())),
        duration(whole(durations.stdev())),
        duration(durations.min()),
        duration(durations.quantile(0.99)),
        duration(durations.max()),
        duration(side.sum()),
        format::share(fail),
        side.memory_peak_bytes.map_or("–".to_owned(), format::bytes),
    ];
    writeln!(out, "| {} |", cells.join(" | "))
}

fn evidence(out: &mut dyn Write, of: &SideBySide<'_>, side: &Side) -> io::Result<()> {
    let Some(comparison) = &side.against_fastest else {
        return Ok(());
    };
    for (figure, word) in [(Metric::P50, "median"), (Metric::Mean, "mean")] {
        let Some(compared) = comparison.figure(figure) else {
            continue;
        };
        let difference = compared.difference.map_or("–".to_owned(), excess);
        let cells = [
            escaped(of.name(side)),
            word.to_owned(),
            difference,
            interval(compared),
            compared.verdict.word().to_owned(),
        ];
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn interval(compared: &Compared) -> String {
    compared.interval.map_or("–".to_owned(), |interval| {
        format!("{} … {}", excess(interval.low), excess(interval.high))
    })
}

/// Text that others chose, without a meaning in Markdown or HTML: every punctuation mark of ASCII may have a backslash
/// before it (CommonMark 0.31, 2.4).
fn escaped(text: &str) -> String {
    let text = printable(text, STYLE);
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | '-' | '/' | ':' | '=') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
