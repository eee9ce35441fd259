//! A comparison for people.

use std::io::{self, Write};

use super::words::{difference, interval, name, value, verdict};
use super::{Against, ComparisonView, Side};
use crate::compare::RuleResult;
use crate::report::bars::{BAR_MIN, bar};
use crate::report::format;
use crate::report::printable::{self, printable};
use crate::report::style::{Ink, Style};
use crate::report::table::{Cell, Table};
use crate::report::text::labelled;
use crate::stats::{Outcome, RowKey};
use crate::watch::State;

/// Characters of a digest that are shown.
const DIGEST: usize = 12;

/// Rows by tag that are shown.
const TAGS: usize = 10;

/// Writes the screen of a comparison.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, view: &ComparisonView, style: Style) -> io::Result<()> {
    for (index, side) in view.sides.iter().enumerate() {
        header(out, index, side, style)?;
    }
    writeln!(out)?;
    for against in &view.against {
        figures(out, against, style)?;
    }
    tags(out, view, style)?;
    let remarks = view.remarks();
    for note in &remarks {
        let (sign, ink) = if note.is_warning {
            (" ! ", Ink::Warn)
        } else {
            (" i ", Ink::Dim)
        };
        let text = style.text(&note.text);
        labelled(out, sign, ink, &printable(&text, style), Ink::Plain, style)?;
    }
    if !remarks.is_empty() && !view.rules.is_empty() {
        writeln!(out)?;
    }
    rules(out, view, style)
}

/// Writes what a side is: its name, calls, date, operations and what was found against it.
fn header(out: &mut dyn Write, index: usize, side: &Side, style: Style) -> io::Result<()> {
    let facts = &side.summary.facts;
    let mut parts = vec![printable::name(&side.name, style).into_owned()];
    parts.push(format::plural(side.summary.done(), "call", "calls"));
    let (date, _) = facts
        .started
        .split_once('T')
        .unwrap_or((&facts.started, ""));
    if !date.is_empty() {
        parts.push(printable(date, style).into_owned());
    }
    for component in &facts.components {
        let end = component
            .sha256
            .char_indices()
            .nth(DIGEST)
            .map_or(component.sha256.len(), |(end, _)| end);
        let digest = printable(&component.sha256[..end], style);
        parts.push(format!(
            "{} {digest}",
            printable::name(&component.name, style)
        ));
    }
    match facts.verdict.as_ref().map(|verdict| verdict.state) {
        Some(State::Valid) | None => {}
        Some(state) => parts.push(state.to_string()),
    }
    let label = format!(" {}  ", ComparisonView::label(index));
    labelled(
        out,
        &label,
        Ink::Strong,
        &parts.join("   "),
        Ink::Plain,
        style,
    )
}

/// Writes the table of figures of one side against the baseline. On a narrow screen both figures go before what was
/// found.
fn figures(out: &mut dyn Write, against: &Against, style: Style) -> io::Result<()> {
    let (a, b) = (
        ComparisonView::label(0),
        ComparisonView::label(against.side),
    );
    let mut table = Table::default();
    let head = [
        a.clone(),
        b.clone(),
        format!("{b} − {a}"),
        "95 % interval".to_owned(),
    ];
    let cells = head.map(|text| Cell::right(style.text(&text)));
    let cells = std::iter::once(Cell::left("")).chain(cells);
    table.head(cells.chain([Cell::left("  verdict")]).collect());
    for figure in &against.comparison.figures {
        let texts = [
            value(figure.metric, figure.a),
            value(figure.metric, figure.b),
            difference(figure),
            interval(figure.interval, figure.metric.is_share()),
        ];
        let cells = texts.map(|text| Cell::right(style.text(&text)));
        let (word, ink) = verdict(figure, against.comparison.is_identical);
        let cells = std::iter::once(Cell::left(name(figure.metric))).chain(cells);
        table.row(
            cells
                .chain([Cell::left(style.text(&word)).ink(ink)])
                .collect(),
        );
    }
    // The interval says most, then the verdict: both stay.
    for column in [2, 1, 1] {
        if table.width() > style.columns() {
            table.drop_column(column);
        }
    }
    table.write(out, style)?;
    writeln!(out)
}

/// The rows that any side has, the most frequent of the baseline first.
fn keys(view: &ComparisonView) -> Vec<RowKey> {
    let mut keys: Vec<RowKey> = Vec::new();
    for row in view.sides.iter().flat_map(|side| &side.summary.rows) {
        // An operation of a mix keeps its place; of interleaved ones each side has its own.
        if !keys.contains(&row.key) {
            keys.push(row.key.clone());
        }
    }
    keys
}

/// Writes how often each tag came back on each side, and how long that took.
fn tags(out: &mut dyn Write, view: &ComparisonView, style: Style) -> io::Result<()> {
    let keys = keys(view);
    let table = |room: usize| {
        let mut table = Table::default();
        let mut head = ["Tag", "Outcome", ""].map(Cell::left).to_vec();
        head.extend(["Share", "p50"].map(Cell::right));
        head.push(Cell::left(if room > 0 { "shorter is better" } else { "" }));
        table.head(head);
        for key in keys.iter().take(TAGS) {
            rows(&mut table, view, key, room, style);
        }
        table
    };
    if keys.is_empty() {
        return Ok(());
    }
    let room = style.columns().saturating_sub(table(0).width());
    let has_bars = room >= BAR_MIN + "shorter is better".len();
    let mut table = table(if has_bars { room } else { 0 });
    table.squeeze(0, style.columns(), 8, style);
    table.write(out, style)?;
    if let Some(more) = keys.len().checked_sub(TAGS).filter(|more| *more > 0) {
        let more = format!(
            " … {}",
            format::plural(more as u64, "more tag", "more tags")
        );
        style.paint(out, Ink::Dim, &style.text(&more))?;
        writeln!(out)?;
    }
    writeln!(out)
}

/// Adds a row for each side, with a bar for the median.
fn rows(table: &mut Table, view: &ComparisonView, key: &RowKey, room: usize, style: Style) {
    let medians = view.sides.iter().map(|side| {
        let row = side.summary.rows.iter().find(|row| row.key == *key)?;
        row.latency.felt().ended.quantile(0.5)
    });
    let medians: Vec<Option<u64>> = medians.collect();
    let longest = medians.iter().flatten().copied().max().unwrap_or(0).max(1);
    for (index, (side, median)) in view.sides.iter().zip(&medians).enumerate() {
        let count = side
            .summary
            .rows
            .iter()
            .find(|row| row.key == *key)
            .map_or(0, |row| row.count);
        let share = side.summary.share(count).unwrap_or(0.0);
        let (tag, outcome) = match index {
            0 => (tag_name(view, key, style), key.outcome.word()),
            _ => (String::new(), ""),
        };
        let shown = median.map_or("–".to_owned(), format::duration);
        let length = median.map_or(0.0, |median| median as f64 / longest as f64);
        table.row(vec![
            Cell::left(tag),
            Cell::left(outcome).ink(ink(key.outcome)),
            Cell::left(ComparisonView::label(index)).ink(Ink::Strong),
            Cell::right(format::share(share)),
            Cell::right(style.text(&shown)),
            Cell::left(bar(length, room, style)).ink(Ink::Bar),
        ]);
    }
}

/// A tag, with its operation where there are several.
fn tag_name(view: &ComparisonView, key: &RowKey, style: Style) -> String {
    let tag = printable::name(&key.tag, style);
    let mix = view.sides.first().map(|side| &side.summary);
    match mix.filter(|summary| summary.facts.components.len() > 1) {
        Some(summary) => {
            let operation = printable::name(summary.operation(key.operation), style);
            format!("{operation} {tag}")
        }
        None => tag.into_owned(),
    }
}

fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Ok => Ink::Good,
        Outcome::Fail => Ink::Bad,
        Outcome::Fault => Ink::Warn,
    }
}

/// Writes what became of the rules.
fn rules(out: &mut dyn Write, view: &ComparisonView, style: Style) -> io::Result<()> {
    for of in &view.rules {
        let (sign, ink) = match of.judged.result {
            RuleResult::Pass => ("✓", Ink::Good),
            RuleResult::Fail => ("✗", Ink::Bad),
            RuleResult::NoData => ("?", Ink::Warn),
        };
        let found = match of.judged.result {
            RuleResult::NoData => "no data".to_owned(),
            _ => interval(of.judged.interval, of.judged.is_share),
        };
        let label = ComparisonView::label(of.side);
        let text = format!("{label}  {}   {found}", of.judged.rule);
        let sign = format!(" {} ", style.text(sign));
        labelled(out, &sign, ink, &style.text(&text), ink, style)?;
    }
    Ok(())
}
