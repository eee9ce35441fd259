//! What the operations answered: how often each tag came back, and where that they had to answer alike was broken.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::{Side, SideBySide};
use crate::report::printable::name;
use crate::report::style::{Ink, Style};
use crate::report::table::{Cell, Table};
use crate::report::tables::{self, NAME_MIN};
use crate::report::{format, text};
use crate::stats::{Agreement, Difference, Outcome};

/// Operations with a column each; more are told one below the other.
const COLUMNS: usize = 4;

/// Rows with the tags of all operations that are shown.
const TAGS: usize = 12;

/// How often each tag came back, beside each other. The same numbers are to give the same tags.
pub(super) fn tags(out: &mut dyn Write, of: &SideBySide<'_>, style: Style) -> io::Result<()> {
    let summary = &of.run.summary;
    let mut rows: BTreeMap<(Outcome, &str), BTreeMap<u16, u64>> = BTreeMap::new();
    for row in &summary.rows {
        let key = (row.key.outcome, &*row.key.tag);
        let of_tag = rows.entry(key).or_default();
        *of_tag.entry(row.key.operation).or_default() += row.count;
    }
    if of.sides.len() > COLUMNS || rows.len() > TAGS {
        return tables::tags(out, summary, style);
    }
    let mut table = Table::default();
    let names = of.sides.iter().map(|side| name(of.name(side), style));
    let head = ["Tag", "Outcome"].map(Cell::left).into_iter();
    table.head(head.chain(names.map(Cell::right)).collect());
    for ((outcome, tag), counts) in &rows {
        let count = |side: &Side| counts.get(&side.operation).copied().unwrap_or(0);
        let first = of.sides.first().map_or(0, count);
        let differ = of.sides.iter().any(|side| count(side) != first);
        let ink = if differ { Ink::Warn } else { Ink::Plain };
        let counts = of.sides.iter().map(count);
        let counts = counts.map(|count| Cell::right(format::count(count)).ink(ink));
        let head = [
            Cell::left(name(tag, style)),
            Cell::left(outcome.word()).ink(tables::ink(*outcome)),
        ];
        table.row(head.into_iter().chain(counts).collect());
    }
    for column in (0..of.sides.len() + 2).rev().filter(|column| *column != 1) {
        table.squeeze(column, style.columns(), NAME_MIN, style);
    }
    table.write(out, style)?;
    writeln!(out)
}

/// Whether the operations answered alike.
pub(super) fn agreement(
    out: &mut dyn Write,
    of: &SideBySide<'_>,
    agreement: &Agreement,
    style: Style,
) -> io::Result<()> {
    let compared = format::plural(agreement.compared, "number", "numbers");
    if agreement.differing == 0 {
        let (sign, ink) = match agreement.compared {
            0 => ("!", Ink::Warn),
            _ => ("✓", Ink::Good),
        };
        let said = match agreement.compared {
            0 => "no number was answered by all operations".to_owned(),
            _ => format!("all operations answered {compared} alike"),
        };
        let sign = format!(" {} ", style.text(sign));
        text::labelled(out, &sign, ink, &said, ink, style)?;
        return writeln!(out);
    }
    let differing = format::count(agreement.differing);
    let said = format!("{differing} of {compared} were not answered alike");
    let sign = format!(" {} ", style.text("✗"));
    text::labelled(out, &sign, Ink::Bad, &said, Ink::Bad, style)?;
    for difference in &agreement.first {
        let label = format!("   {} ", format::count(difference.number));
        let said = said_by_each(of, difference, style);
        text::labelled(out, &label, Ink::Plain, &said, Ink::Plain, style)?;
    }
    if agreement.differing > agreement.first.len() as u64 {
        let more = agreement.differing - agreement.first.len() as u64;
        let more = style
            .text(&format!("   … {} more", format::count(more)))
            .into_owned();
        style.paint(out, Ink::Dim, &more)?;
        writeln!(out)?;
    }
    writeln!(out)
}

fn said_by_each(of: &SideBySide<'_>, difference: &Difference, style: Style) -> String {
    let each = difference.said.iter().map(|said| {
        format!(
            "{}: {} {}",
            name(of.run.summary.operation(said.operation), style),
            said.outcome.word(),
            name(&said.tag, style)
        )
    });
    each.collect::<Vec<_>>().join(", ")
}
