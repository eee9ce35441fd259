//! What the operation says about its calls: counters, checks and the messages of failures.

use std::io::{self, Write};

use super::format;
use super::printable::{clip, name, printable, wrap};
use super::style::{Ink, Style};
use super::table::{Cell, Table};
use super::tables::{NAME_MIN, has_mix, ink};
use crate::stats::{Failure, Summary};

/// Kinds of failure, counters and checks shown, each.
const KINDS: usize = 10;

/// Writes the operation's counters.
pub(super) fn counters(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    if summary.counters.is_empty() {
        return Ok(());
    }
    let mut table = Table::default();
    table.head(vec![
        Cell::left("Counter"),
        Cell::right("total"),
        Cell::right("per second"),
    ]);
    for counter in summary.counters.iter().take(KINDS) {
        let rate = summary
            .counter_per_s(counter)
            .map_or_else(|| style.text("–").into_owned(), format::rate);
        let total = format::count(counter.total);
        table.row(vec![
            Cell::left(name(&counter.name, style)),
            Cell::right(total),
            Cell::right(rate),
        ]);
    }
    more(
        &mut table,
        summary.counters.len(),
        "more counter",
        "more counters",
        style,
    );
    table.squeeze(0, style.columns(), NAME_MIN, style);
    if table.width() > style.columns() {
        table.drop_column(2);
    }
    table.write(out, style)?;
    writeln!(out)
}

/// Writes the operation's checks, the failed ones first.
pub(super) fn checks(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    if summary.checks.is_empty() {
        return Ok(());
    }
    let mut checks: Vec<_> = summary.checks.iter().collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.failed));
    let mut table = Table::default();
    let numerals = ["passed", "failed", "share"].map(Cell::right);
    table.head(
        std::iter::once(Cell::left("Check"))
            .chain(numerals)
            .collect(),
    );
    for check in checks.iter().take(KINDS) {
        let all = (u128::from(check.passed) + u128::from(check.failed)).max(1);
        let ink = if check.failed > 0 {
            Ink::Bad
        } else {
            Ink::Good
        };
        table.row(vec![
            Cell::left(name(&check.name, style)),
            Cell::right(format::count(check.passed)),
            Cell::right(format::count(check.failed)).ink(if check.failed > 0 {
                Ink::Bad
            } else {
                Ink::Plain
            }),
            Cell::right(format::share(check.passed as f64 / all as f64)).ink(ink),
        ]);
    }
    more(&mut table, checks.len(), "more check", "more checks", style);
    table.squeeze(0, style.columns(), NAME_MIN, style);
    table.write(out, style)?;
    writeln!(out)
}

/// Writes what failed calls said, equal messages together.
pub(super) fn failures(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    if summary.failures.is_empty() && summary.failures_beyond == 0 {
        return Ok(());
    }
    let shown = &summary.failures[..summary.failures.len().min(KINDS)];
    let in_rows = failure_table(shown, summary, true, style);
    let fits = in_rows.width() <= style.columns();
    let mut table = if fits {
        in_rows
    } else {
        failure_table(shown, summary, false, style)
    };
    if table.width() > style.columns() {
        table.drop_column(2);
    }
    style.paint(out, Ink::Dim, " Failures")?;
    writeln!(out)?;
    for (row, failure) in shown.iter().enumerate() {
        table.write_row(out, row, style)?;
        // A message that does not fit beside the figures is worth lines of its own.
        if !fits && !failure.message.is_empty() {
            let message = printable(&failure.message, style);
            for line in wrap(&message, style.columns().saturating_sub(INDENT.len())) {
                writeln!(out, "{INDENT}{line}")?;
            }
        }
    }
    let hidden = summary
        .failures
        .iter()
        .skip(KINDS)
        .map(|failure| failure.count)
        .sum::<u64>();
    if let beyond @ 1.. = hidden + summary.failures_beyond {
        let beyond = format!(
            " … {} of other kinds",
            format::plural(beyond, "failure", "failures")
        );
        style.paint(out, Ink::Dim, &style.text(&beyond))?;
        writeln!(out)?;
    }
    writeln!(out)
}

const INDENT: &str = "      ";

fn failure_table(failures: &[Failure], summary: &Summary, messages: bool, style: Style) -> Table {
    let mut table = Table::default();
    for failure in failures {
        let first = &failure.first;
        let at = style.text(&format::duration(first.at_ns)).into_owned();
        let mut tag = name(&failure.key.tag, style).into_owned();
        if has_mix(summary) {
            tag = format!(
                "{} {tag}",
                name(summary.operation(failure.key.operation), style)
            );
        }
        let count = format!("{}×", format::count(failure.count));
        // The number as `gorgon try --number` takes it.
        let first = format!("first: call {} at {at}", first.number);
        let mut cells = vec![
            Cell::right(style.text(&count)).ink(ink(failure.key.outcome)),
            Cell::left(clip(&tag, style.columns() / 4, style)),
        ];
        if messages {
            cells.push(Cell::left(printable(&failure.message, style)));
        }
        cells.push(Cell::left(first).ink(Ink::Dim));
        table.row(cells);
    }
    table
}

fn more(table: &mut Table, count: usize, one: &str, many: &str, style: Style) {
    if let more @ 1.. = count.saturating_sub(KINDS) {
        let more = format!("… {}", format::plural(more as u64, one, many));
        table.row(vec![Cell::left(style.text(&more)).ink(Ink::Dim)]);
    }
}
