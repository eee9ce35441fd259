//! The table of tags, and what all tables with a row for each tag have in common.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::bars::{BAR_MIN, bar};
use super::format;
use super::printable::name;
use super::style::{Ink, Style};
use super::table::{Cell, Table};
use crate::stats::{Outcome, Row, Summary};

/// Rows shown before the rest is summed up: what fits a screen.
const ROWS: usize = 20;

/// The least columns a name or tag is squeezed to.
pub(super) const NAME_MIN: usize = 8;

/// Writes how often each tag came back.
pub(super) fn tags(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    if summary.rows.is_empty() {
        return Ok(());
    }
    let table = |room: usize| {
        let mut table = tag_table(summary, room, style);
        if !has_mix(summary) {
            table.drop_column(0);
        }
        table
    };
    // Without a bar its column is empty, but the gap before it is there.
    let room = style.columns().saturating_sub(table(0).width());
    let mut table = table(if room < BAR_MIN { 0 } else { room });
    let mut names = if has_mix(summary) { 0..2 } else { 0..1 };
    if room < BAR_MIN {
        table.drop_column(names.end + 3);
        names
            .clone()
            .for_each(|column| table.squeeze(column, style.columns(), NAME_MIN, style));
    }
    if table.width() > style.columns() {
        table.drop_column(names.end + 2);
        names.all(|column| {
            table.squeeze(column, style.columns(), NAME_MIN, style);
            table.width() > style.columns()
        });
    }
    table.write(out, style)?;
    writeln!(out)
}

fn tag_table(summary: &Summary, room: usize, style: Style) -> Table {
    let (shown, hidden) = shown(summary);
    let mut table = Table::default();
    let head = ["Operation", "Tag", "Outcome"].map(Cell::left);
    table.head(
        head.into_iter()
            .chain(["Calls", "Share"].map(Cell::right))
            .collect(),
    );
    for row in shown {
        let share = summary.share(row.count).unwrap_or(0.0);
        let bar_ink = if row.key.outcome == Outcome::Ok {
            Ink::Bar
        } else {
            ink(row.key.outcome)
        };
        table.row(vec![
            Cell::left(operation(summary, row, style)),
            Cell::left(name(&row.key.tag, style)),
            Cell::left(row.key.outcome.word()).ink(ink(row.key.outcome)),
            Cell::right(format::count(row.count)),
            Cell::right(format::share(share)),
            Cell::left(bar(share, room, style)).ink(bar_ink),
        ]);
    }
    if !hidden.is_empty() {
        let count = hidden.iter().map(|row| row.count).sum();
        table.row(vec![
            Cell::left(""),
            more_tags(hidden.len(), style),
            Cell::left(""),
            Cell::right(format::count(count)),
            Cell::right(format::share(summary.share(count).unwrap_or(0.0))),
        ]);
    }
    table
}

/// What stands for the tags that are not shown.
pub(super) fn more_tags(count: usize, style: Style) -> Cell {
    let more = format!(
        "… {}",
        format::plural(count as u64, "more tag", "more tags")
    );
    Cell::left(style.text(&more)).ink(Ink::Dim)
}

/// Faults and the most frequent of the other rows, in their order, and the rest.
pub(super) fn shown(summary: &Summary) -> (Vec<&Row>, Vec<&Row>) {
    let mut order: Vec<usize> = (0..summary.rows.len()).collect();
    order.sort_by_key(|&index| {
        let row = &summary.rows[index];
        (
            row.key.outcome != Outcome::Fault,
            std::cmp::Reverse(row.count),
        )
    });
    let chosen: BTreeSet<usize> = order.into_iter().take(ROWS).collect();
    let (mut shown, mut hidden) = (Vec::new(), Vec::new());
    for (index, row) in summary.rows.iter().enumerate() {
        if chosen.contains(&index) {
            shown.push(row)
        } else {
            hidden.push(row)
        }
    }
    (shown, hidden)
}

/// Whether several operations are told apart.
pub(super) fn has_mix(summary: &Summary) -> bool {
    summary.facts.components.len() > 1
}

/// The name of a row's operation.
pub(super) fn operation(summary: &Summary, row: &Row, style: Style) -> String {
    name(summary.operation(row.key.operation), style).into_owned()
}

/// The ink of an outcome's word.
pub(super) fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Ok => Ink::Good,
        Outcome::Fail => Ink::Bad,
        Outcome::Fault => Ink::Warn,
    }
}
