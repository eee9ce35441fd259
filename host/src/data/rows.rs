//! The rows of a run: a table read before it, one row for each call (`--data F.csv`, `--rows`).

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::input::{self, cannot_read, shown};
use super::table::{DATA_BYTES_MAX, Flaw, Table};
use super::{csv, jsonl};
use crate::error::{Error, Exit, Result};
use crate::splitmix::{GOLDEN_GAMMA, mixed};

/// Which row a call gets (`--rows`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The first call the first row and so on, each once. The run ends with the rows.
    Unique,
    /// In turn, and from the first again after the last.
    Circular,
    /// Any, drawn with the seed of the run. What a call gets does not depend on other calls.
    Random,
}

/// A table, shared by the threads of a run and never changed. Memory: the bytes of its cells, and 8 for each cell.
#[derive(Debug)]
pub struct Data {
    table: Table,
    order: Order,
    seed: u64,
}

impl Data {
    /// Reads a file of at most 1 GiB; its extension tells the kind. `.csv` and `.tsv` begin with a line of column names.
    /// Of `.jsonl` or `.ndjson` each line is an object, its keys the columns. A byte order mark is dropped.
    ///
    /// # Errors
    /// Another extension; it is missing or cannot be read; it is too large, has no rows, or a line that is no row, which
    /// is named.
    pub fn load(path: &Path, order: Order, seed: u64) -> Result<Data> {
        let kind = Kind::of(path)?;
        let file = input::open(path)?;
        let text = match read_at_most(DATA_BYTES_MAX, file) {
            Ok(Some(text)) => text,
            Ok(None) => {
                let flaw = Flaw::new(
                    "it is larger than 1 GiB, and would be kept in memory",
                    "split it, or use `--items`, which reads one line for each call while the run goes on",
                );
                return Err(unusable(path, flaw));
            }
            Err(cause) => return Err(cannot_read(&shown(path), &cause)),
        };
        let table = read(&text, kind).map_err(|flaw| unusable(path, flaw))?;
        Ok(Data { table, order, seed })
    }

    /// The row of the call with that index, counted from 0 over the whole run. Nothing where the rows are
    /// [unique](Order::Unique) and have come to their end.
    pub fn row(&self, index: u64) -> Option<Row<'_>> {
        let rows = self.len() as u64;
        let row = match self.order {
            Order::Unique if index >= rows => return None,
            Order::Unique => index,
            Order::Circular => index.checked_rem(rows)?,
            Order::Random => draw(self.seed, index, rows),
        };
        Some(Row {
            table: &self.table,
            // Smaller than the number of rows, which is a `usize`.
            row: row as usize,
        })
    }

    /// How many rows there are; at least one.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a table without rows is refused"
    )]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// The names of the columns: in the order of the header, or of JSON Lines that in which they first appear.
    pub fn columns(&self) -> &[String] {
        self.table.columns.names()
    }

    /// How many calls there are rows for, if no row is used twice.
    pub fn unique_limit(&self) -> Option<u64> {
        (self.order == Order::Unique).then_some(self.len() as u64)
    }
}

/// What one call is fed with.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    row: usize,
}

impl<'a> Row<'a> {
    /// The cell in a column; nothing if there is no such column, or, in JSON Lines, the row does not have it or has
    /// `null` there. An empty cell of CSV is a cell without bytes.
    pub fn cell(&self, column: &str) -> Option<&'a [u8]> {
        let column = self.table.columns.place(column)?;
        self.table.cell(self.row, column)
    }

    /// Its columns and cells in the order of the file.
    pub fn cells(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        let names = self.table.columns.names();
        let cells = self.table.cells(self.row);
        cells.map(|(column, cell)| (names[column as usize].as_str(), cell))
    }
}

/// What is in a file.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Separated(u8),
    JsonLines,
}

impl Kind {
    fn of(path: &Path) -> Result<Kind> {
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        match extension.to_ascii_lowercase().as_str() {
            "csv" => return Ok(Kind::Separated(b',')),
            "tsv" => return Ok(Kind::Separated(b'\t')),
            "jsonl" | "ndjson" => return Ok(Kind::JsonLines),
            _ => {}
        }
        let error = Error::new(
            Exit::Usage,
            format!("cannot tell what kind of data {} is", shown(path)),
        )
        .because("its name ends in none of `.csv`, `.tsv`, `.jsonl` and `.ndjson`");
        Err(match extension.to_ascii_lowercase().as_str() {
            "json" => error.hint(
                "`.jsonl` has an object on each line; of an array: `jq -c '.[]' data.json > data.jsonl`",
            ),
            _ if path.as_os_str() == "-" => {
                error.hint("data is read from a file; `--items -` reads lines from standard input")
            }
            _ => error.hint("rename it, or use `--items` where each line is one value"),
        })
    }
}

fn read(text: &[u8], kind: Kind) -> Result<Table, Flaw> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut table = match kind {
        Kind::Separated(delimiter) => csv::read(text, delimiter)?,
        Kind::JsonLines => jsonl::read(text)?,
    };
    if table.len() == 0 {
        let hint = match kind {
            Kind::Separated(_) => "each line after the one with the column names is a row",
            Kind::JsonLines => "each line is a row",
        };
        return Err(Flaw::new("it has no rows", hint));
    }
    table.shrink();
    Ok(table)
}

fn unusable(path: &Path, flaw: Flaw) -> Error {
    Error::new(Exit::Unusable, format!("cannot use {}", shown(path)))
        .because(flaw.cause)
        .hint(flaw.hint)
}

/// Reads everything; nothing if that is more than `most` bytes.
fn read_at_most(most: u64, file: File) -> io::Result<Option<Vec<u8>>> {
    let length = file.metadata()?.len();
    if length > most {
        return Ok(None);
    }
    // A pipe has no length, and a file may grow meanwhile.
    let mut text = Vec::with_capacity(length as usize + 1);
    file.take(most + 1).read_to_end(&mut text)?;
    Ok((text.len() as u64 <= most).then_some(text))
}

/// A number below `rows` that follows from the seed and the index.
///
/// The index is mixed, and of the product with `rows` the upper half is taken (Daniel Lemire,
/// "Fast random integer generation in an interval", 2019). His correction is left out: without it some rows are likelier
/// than others by a factor of 1 + 2^-34 at most, as there are no more than 2^30 of them.
fn draw(seed: u64, index: u64, rows: u64) -> u64 {
    // Apart from the streams that operations draw from, which begin with the seed and a number as well.
    const ROWS: u64 = u64::from_be_bytes(*b"the rows");
    let drawn = mixed(mixed(seed ^ ROWS) ^ mixed(index.wrapping_add(GOLDEN_GAMMA)));
    ((u128::from(drawn) * u128::from(rows)) >> 64) as u64
}

#[cfg(test)]
mod tests;
