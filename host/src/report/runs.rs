//! The list of saved runs.

use std::io::{self, Write};

use super::format;
use super::printable::{name, printable};
use super::style::{Ink, Style};
use super::table::{Cell, Table};
use crate::saved::{Entry, State};

/// Writes the runs, the newest first as they are given.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, runs: &[Entry], style: Style) -> io::Result<()> {
    if runs.is_empty() {
        return Ok(());
    }
    let mut table = Table::default();
    table.head(vec![
        Cell::left("Run"),
        Cell::left("Operation"),
        Cell::right("Calls"),
        Cell::right("Size"),
        Cell::left(""),
    ]);
    for run in runs {
        let operation = run.header.as_ref().map(operations).unwrap_or_default();
        let calls = run
            .done
            .map_or_else(|| style.text("–").into_owned(), format::count);
        let (state, ink) = match run.state {
            State::Complete => ("", Ink::Plain),
            State::Incomplete => ("incomplete", Ink::Warn),
            State::Unreadable => ("unreadable", Ink::Bad),
        };
        table.row(vec![
            Cell::left(name(&run.id, style)),
            Cell::left(printable(&operation, style)),
            Cell::right(calls),
            Cell::right(format::bytes(run.bytes)),
            Cell::left(state).ink(ink),
        ]);
    }
    table.squeeze(1, style.columns(), 8, style);
    table.write(out, style)
}

/// The names of the operations in a header's facts.
fn operations(header: &crate::saved::Header) -> String {
    let components = header.facts.pointer("/facts/components");
    let components = components.and_then(serde_json::Value::as_array);
    let names = components
        .into_iter()
        .flatten()
        .filter_map(|component| component.get("name")?.as_str());
    names.collect::<Vec<_>>().join(" + ")
}
