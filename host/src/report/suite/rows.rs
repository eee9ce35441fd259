//! A row for each run of a suite.

use std::io::{self, Write};

use super::{FIGURES, figures, in_order, remarks};
use crate::report::printable::{name, printable};
use crate::report::style::{Ink, Style};
use crate::report::table::{Cell, Table};
use crate::report::view::RunView;
use crate::suite::{SavedRun, State, SuiteView};
use crate::watch;

/// Which figures go first where they do not all fit. The rate, the median and p99 stay.
const GIVEN_UP: [&str; 4] = ["p90", "max", "calls", "ok"];

/// The least columns for names where figures are given up for them, and where nothing is left to give up.
const NAME_WIDE: usize = 22;
const NAME_MIN: usize = 8;

/// Writes a row for each run. Those of a list stand below its name.
pub(super) fn write(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    let rows = in_order(suite);
    let mut table = Table::default();
    let mut head = vec![Cell::left(""), Cell::left("Run")];
    head.extend(FIGURES.map(Cell::right));
    head.push(Cell::left(""));
    table.head(head);
    let mut last = None;
    for (run, view) in &rows {
        let with = with(run);
        if !with.is_empty() && last != Some(&run.name) {
            table.row(vec![
                Cell::left(""),
                Cell::left(name(&run.name, style)).ink(Ink::Dim),
            ]);
        }
        last = Some(&run.name);
        let shown = match &*with {
            "" => name(&run.name, style).into_owned(),
            with => format!("  {}", printable(with, style)),
        };
        table.row(row(run, *view, shown, style));
    }
    fit(&mut table, &rows, style);
    table.write(out, style)?;
    writeln!(out)
}

fn row(run: &SavedRun, view: Option<&RunView>, shown: String, style: Style) -> Vec<Cell> {
    let (sign, ink) = sign(run, view);
    let mut cells = vec![Cell::left(style.text(sign)).ink(ink), Cell::left(shown)];
    for (column, figure) in FIGURES.into_iter().zip(figures(view, style)) {
        let ink = match (view, column) {
            (None, _) => Ink::Dim,
            (Some(_), "calls/s") => Ink::Strong,
            (Some(_), _) => Ink::Plain,
        };
        cells.push(Cell::right(figure).ink(ink));
    }
    cells.push(Cell::left(remarks(run, view).join(", ")).ink(ink));
    cells
}

/// What tells a run from the others of its name.
pub(in crate::report) fn with(run: &SavedRun) -> String {
    let with = run.point_label();
    match run.repetition {
        Some(repetition) => format!("{with} #{repetition}").trim_start().to_owned(),
        None => with,
    }
}

/// Whether all is well with a run.
pub(in crate::report) fn sign(run: &SavedRun, view: Option<&RunView>) -> (&'static str, Ink) {
    let state = view.and_then(|view| view.summary.facts.verdict.as_ref());
    let state = state.map(|verdict| verdict.state);
    match (run.state, run.exit_code, state) {
        (State::NotRun, _, _) => ("–", Ink::Dim),
        (State::Failed, _, _) => ("✗", Ink::Bad),
        (State::Done, code, _) if code.is_some_and(|code| code != 0) => ("✗", Ink::Bad),
        (State::Done, _, Some(watch::State::Degraded | watch::State::Invalid)) => ("!", Ink::Warn),
        (State::Done, _, _) => ("✓", Ink::Good),
    }
}

/// Leaves out what says nothing, and then what there is no room for.
fn fit(table: &mut Table, rows: &[(&SavedRun, Option<&RunView>)], style: Style) {
    const NAME: usize = 1;
    let mut columns = vec!["sign", "run"];
    columns.extend(FIGURES);
    columns.push("remarks");
    let mut drop = |table: &mut Table, name: &str| {
        if let Some(index) = columns.iter().position(|&column| column == name) {
            columns.remove(index);
            table.drop_column(index);
        }
    };
    if rows
        .iter()
        .all(|(run, view)| remarks(run, *view).is_empty())
    {
        drop(table, "remarks");
    }
    for given_up in GIVEN_UP {
        table.squeeze(NAME, style.columns(), NAME_WIDE, style);
        if table.width() <= style.columns() {
            return;
        }
        drop(table, given_up);
    }
    table.squeeze(NAME, style.columns(), NAME_MIN, style);
    if table.width() > style.columns() {
        // They are told below, too.
        drop(table, "remarks");
    }
}
