//! Columns of text: numerals to the right, words to the left, nothing after the last word of a line.

use std::io::{self, Write};

use super::printable::{clip, columns};
use super::style::{Ink, Style};

/// One column of indentation, as every section of the report has it.
pub(super) const INDENT: usize = 1;

/// Spaces between two columns.
pub(super) const GAP: usize = 2;

/// A piece of text in a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    text: String,
    ink: Ink,
    to_the_right: bool,
}

impl Cell {
    /// Words.
    pub(super) fn left(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            ..Cell::default()
        }
    }

    /// A numeral.
    pub(super) fn right(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            to_the_right: true,
            ..Cell::default()
        }
    }

    /// The same in an ink.
    pub(super) fn ink(mut self, ink: Ink) -> Cell {
        self.ink = ink;
        self
    }
}

/// Rows of cells.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Adds a row of headings.
    pub(super) fn head(&mut self, cells: Vec<Cell>) {
        self.rows
            .push(cells.into_iter().map(|cell| cell.ink(Ink::Dim)).collect());
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The columns that a line takes.
    pub(super) fn width(&self) -> usize {
        let widths = self.widths();
        INDENT + widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
    }

    /// Clips a column of words so that lines take at most `width`, but leaves it `least` columns.
    pub(super) fn squeeze(&mut self, column: usize, width: usize, least: usize, style: Style) {
        let excess = self.width().saturating_sub(width);
        let Some(&wide) = self.widths().get(column) else {
            return;
        };
        let room = wide.saturating_sub(excess).max(least);
        for cell in self.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            cell.text = clip(&cell.text, room, style).into_owned();
        }
    }

    /// Removes a column.
    pub(super) fn drop_column(&mut self, column: usize) {
        for row in self.rows.iter_mut().filter(|row| column < row.len()) {
            row.remove(column);
        }
    }

    /// Writes all rows.
    pub(super) fn write(&self, out: &mut dyn Write, style: Style) -> io::Result<()> {
        let widths = self.widths();
        self.rows
            .iter()
            .try_for_each(|row| line(out, row, &widths, style))
    }

    /// Writes one row, in the columns of the whole table.
    pub(super) fn write_row(
        &self,
        out: &mut dyn Write,
        row: usize,
        style: Style,
    ) -> io::Result<()> {
        match self.rows.get(row) {
            Some(row) => line(out, row, &self.widths(), style),
            None => Ok(()),
        }
    }

    fn widths(&self) -> Vec<usize> {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width_of = |index: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(index))
                .map(|cell| columns(&cell.text))
                .max()
        };
        (0..count)
            .map(|index| width_of(index).unwrap_or(0))
            .collect()
    }
}

/// Spaces are written only before the next visible text, so none can trail.
fn line(out: &mut dyn Write, row: &[Cell], widths: &[usize], style: Style) -> io::Result<()> {
    let mut spaces = INDENT;
    for (cell, width) in row.iter().zip(widths) {
        let padding = width.saturating_sub(columns(&cell.text));
        let (before, after) = if cell.to_the_right {
            (padding, 0)
        } else {
            (0, padding)
        };
        spaces += before;
        if !cell.text.is_empty() {
            write!(out, "{:spaces$}", "")?;
            style.paint(out, cell.ink, &cell.text)?;
            spaces = 0;
        }
        spaces += after + GAP;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(table: &Table) -> String {
        let mut out = Vec::new();
        table.write(&mut out, Style::PLAIN).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn sample() -> Table {
        let mut table = Table::default();
        table.head(vec![
            Cell::left("name"),
            Cell::right("n"),
            Cell::left("note"),
        ]);
        table.row(vec![
            Cell::left("long name"),
            Cell::right("10 000"),
            Cell::left("x"),
        ]);
        table.row(vec![Cell::left("尺"), Cell::right("7"), Cell::left("")]);
        table
    }

    #[test]
    fn numerals_are_right_aligned_and_nothing_trails() {
        assert_eq!(
            written(&sample()),
            " name            n  note\n long name  10 000  x\n 尺              7\n"
        );
        assert_eq!(sample().width(), 24);
    }

    #[test]
    fn a_squeezed_column_keeps_its_least_width() {
        let mut table = sample();
        table.squeeze(0, 20, 4, Style::PLAIN);
        assert_eq!(
            written(&table),
            " name        n  note\n lon..  10 000  x\n 尺          7\n"
        );
        table.squeeze(0, 5, 4, Style::PLAIN);
        assert_eq!(table.width(), 19);
    }

    #[test]
    fn a_dropped_column_leaves_no_gap() {
        let mut table = sample();
        table.drop_column(1);
        assert_eq!(written(&table), " name       note\n long name  x\n 尺\n");
    }
}
