//! A terminal in memory, which knows as much as the live view uses and panics at anything else.

use unicode_width::UnicodeWidthChar;

/// What a terminal does with lines when it gets narrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resizing {
    /// Breaks them anew, as most do.
    Reflow,
    /// Cuts them off, as xterm does.
    Cut,
}

#[derive(Debug, Clone, Default)]
struct Row {
    /// The character of each cell; the second cell of a wide one is `'\0'`.
    cells: Vec<char>,
    /// Whether it goes on in the next row.
    goes_on: bool,
}

pub(super) struct Terminal {
    columns: usize,
    height: usize,
    resizing: Resizing,
    /// Everything that was ever shown; the last rows are the screen.
    rows: Vec<Row>,
    /// The first row of the screen.
    top: usize,
    row: usize,
    column: usize,
    /// Lines that were too long and went on in the next row.
    pub(super) overlong: usize,
    /// Whether it waits for the end of a frame.
    pub(super) is_waiting: bool,
}

impl Terminal {
    pub(super) fn new(columns: usize, height: usize, resizing: Resizing) -> Terminal {
        Terminal {
            columns,
            height,
            resizing,
            rows: vec![Row::default()],
            top: 0,
            row: 0,
            column: 0,
            overlong: 0,
            is_waiting: false,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '\r' => self.column = 0,
                // As a terminal driver has it: a new line begins at the left.
                '\n' => {
                    self.down();
                    self.column = 0;
                }
                '\u{1b}' => {
                    assert_eq!(chars.next(), Some('['), "{text:?}");
                    let mut parameters = String::new();
                    let end = loop {
                        match chars.next().unwrap() {
                            c @ '@'..='~' => break c,
                            c => parameters.push(c),
                        }
                    };
                    self.control(&parameters, end);
                }
                c => self.put(c),
            }
        }
    }

    fn control(&mut self, parameters: &str, end: char) {
        match (parameters, end) {
            (_, 'm') => {}
            (rows, 'A') => {
                let rows: usize = rows.parse().unwrap();
                self.row = self.row.saturating_sub(rows).max(self.top);
            }
            ("", 'J') => {
                self.rows.truncate(self.row + 1);
                self.rows[self.row].cells.truncate(self.column);
                self.rows[self.row].goes_on = false;
            }
            ("?2026", 'h' | 'l') => self.is_waiting = end == 'h',
            unknown => panic!("{unknown:?}"),
        }
    }

    fn put(&mut self, c: char) {
        let width = c.width().unwrap_or_else(|| panic!("{c:?}"));
        // The last column does not wrap by itself, only what would come after it.
        if self.column + width > self.columns {
            self.overlong += 1;
            self.rows[self.row].goes_on = true;
            self.down();
            self.column = 0;
        }
        let row = &mut self.rows[self.row];
        if row.cells.len() < self.column + width {
            row.cells.resize(self.column + width, ' ');
        }
        row.cells[self.column] = c;
        row.cells[self.column + 1..self.column + width].fill('\0');
        self.column += width;
    }

    fn down(&mut self) {
        self.row += 1;
        if self.row == self.rows.len() {
            self.rows.push(Row::default());
        }
        self.top = self.top.max((self.row + 1).saturating_sub(self.height));
    }

    pub(super) fn resize(&mut self, columns: usize, height: usize) {
        match self.resizing {
            Resizing::Reflow => self.reflow(columns),
            Resizing::Cut => {
                for row in &mut self.rows {
                    row.cells.truncate(columns);
                    row.goes_on = false;
                }
                self.column = self.column.min(columns - 1);
            }
        }
        (self.columns, self.height) = (columns, height);
        // The cursor stays on the screen, and the last rows do if there is room for both.
        self.top = self.rows.len().saturating_sub(height).min(self.row);
    }

    fn reflow(&mut self, columns: usize) {
        let mut rows: Vec<Row> = Vec::new();
        let mut cursor = (0, 0);
        let mut continues = false;
        for (index, old) in std::mem::take(&mut self.rows).into_iter().enumerate() {
            if !continues {
                rows.push(Row::default());
            }
            if index == self.row {
                // It rests at the beginning of a line, so no more need be known.
                assert_eq!(self.column, 0);
                cursor = (rows.len() - 1, 0);
            }
            for c in old.cells {
                if rows.last().unwrap().cells.len() >= columns {
                    rows.last_mut().unwrap().goes_on = true;
                    rows.push(Row::default());
                }
                rows.last_mut().unwrap().cells.push(c);
            }
            continues = old.goes_on;
        }
        self.rows = rows;
        (self.row, self.column) = cursor;
    }

    /// Everything that can be seen, or be scrolled back to. Spaces at the end of rows and empty rows at the end of all
    /// cannot be seen.
    pub(super) fn text(&self) -> String {
        let rows = self.rows.iter().map(|row| {
            let cells = row.cells.iter().filter(|c| **c != '\0');
            cells.collect::<String>().trim_end().to_owned()
        });
        let text: Vec<String> = rows.collect();
        text.join("\n").trim_end_matches('\n').to_owned()
    }

    /// Where the cursor is: the row, counted from the first that was ever written, and the column.
    pub(super) fn cursor(&self) -> (usize, usize) {
        (self.row, self.column)
    }

    /// Whether the cursor is on the screen, as are all rows below it.
    pub(super) fn is_all_on_screen(&self) -> bool {
        self.top <= self.row && self.rows.len() <= self.top + self.height
    }
}
