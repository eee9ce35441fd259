//! A table in memory: all cells in one buffer, and where each begins.

use std::collections::HashMap;

/// The most columns. More are a mistake: a file of another kind, or JSON objects with data in their keys.
pub(super) const COLUMNS_MAX: usize = 16_384;

/// The largest file, in bytes. A cell has at most as many bytes in memory as in the file, and takes one of them at least,
/// so `u32` counts cells and bytes alike.
pub(super) const DATA_BYTES_MAX: u64 = 1 << 30;

/// Why a file is no table, for a person.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// What is wrong, and where.
    pub(super) cause: String,
    /// What to do about it.
    pub(super) hint: String,
}

impl Flaw {
    pub(super) fn new(cause: impl Into<String>, hint: impl Into<String>) -> Flaw {
        Flaw {
            cause: cause.into(),
            hint: hint.into(),
        }
    }
}

/// The columns of a table in their order.
#[derive(Debug, Default)]
pub(super) struct Columns {
    names: Vec<String>,
    places: HashMap<String, u32>,
}

impl Columns {
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn place(&self, name: &str) -> Option<u32> {
        self.places.get(name).copied()
    }

    /// The place of a column that may be new; nothing if that were one too many.
    pub(super) fn place_or_add(&mut self, name: &str) -> Option<u32> {
        if let Some(place) = self.place(name) {
            return Some(place);
        }
        if self.names.len() == COLUMNS_MAX {
            return None;
        }
        let place = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        Some(place)
    }
}

/// Where a cell begins; it ends where the next one begins.
#[derive(Debug, Clone, Copy)]
struct Cell {
    column: u32,
    start: u32,
}

/// Rows of cells. A row need not have every column.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) columns: Columns,
    bytes: Vec<u8>,
    cells: Vec<Cell>,
    /// Where each row begins in `cells`.
    rows: Vec<u32>,
}

impl Table {
    /// Begins another row. The cells that follow belong to it.
    pub(super) fn begin_row(&mut self) {
        self.rows.push(self.cells.len() as u32);
    }

    /// Adds a cell to the last row.
    pub(super) fn push(&mut self, column: u32, cell: &[u8]) {
        self.cells.push(Cell {
            column,
            start: self.bytes.len() as u32,
        });
        self.bytes.extend_from_slice(cell);
    }

    /// Gives back the memory that growing has taken in advance.
    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.cells.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The cell of a row in that column.
    pub(super) fn cell(&self, row: usize, column: u32) -> Option<&[u8]> {
        let (start, end) = self.row(row);
        // Where every row has every column, which is all of CSV, a cell is where its column is.
        let guess = start + column as usize;
        let is_at = |at: &usize| self.cells[*at].column == column;
        let at = Some(guess).filter(|at| *at < end && is_at(at));
        let at = at.or_else(|| (start..end).find(is_at))?;
        Some(self.bytes_of(at))
    }

    /// The cells of a row in its own order, with the places of their columns.
    pub(super) fn cells(&self, row: usize) -> impl Iterator<Item = (u32, &[u8])> {
        let (start, end) = self.row(row);
        (start..end).map(|at| (self.cells[at].column, self.bytes_of(at)))
    }

    fn row(&self, row: usize) -> (usize, usize) {
        let end = self.rows.get(row + 1);
        let end = end.map_or(self.cells.len(), |end| *end as usize);
        (self.rows[row] as usize, end)
    }

    fn bytes_of(&self, at: usize) -> &[u8] {
        let end = self.cells.get(at + 1);
        let end = end.map_or(self.bytes.len(), |next| next.start as usize);
        &self.bytes[self.cells[at].start as usize..end]
    }
}

#[cfg(test)]
impl Table {
    /// Every row as text: `id=1 name=a`.
    pub(super) fn lines(&self) -> Vec<String> {
        let cell = |(column, bytes): (u32, &[u8])| {
            let name = &self.columns.names()[column as usize];
            format!("{name}={}", bytes.escape_ascii())
        };
        let line = |row| self.cells(row).map(cell).collect::<Vec<_>>().join(" ");
        (0..self.len()).map(line).collect()
    }
}
