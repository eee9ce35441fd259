//! Reads comma- or tab-separated values: RFC 4180, and what the `csv` crate takes beyond it.
//!
//! The first line names the columns. A cell may stand in quotes, and then have separators and newlines in it, and a
//! quote written twice. Lines end with `\n` or `\r\n`; empty ones are skipped. Spaces belong to the cell.

use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::table::{COLUMNS_MAX, Flaw, Table};

const HEADER_HINT: &str =
    "the first line names the columns, each once and separated like the cells";

/// Read after the end of the file, as a line of its own unless a quote is still open there. The `csv` crate takes an
/// open quote for granted, and with it the rest of the file for one cell.
const END: &[u8] = b"\n\0the end of the data\0";

/// Reads a whole file, without its byte order mark.
pub(super) fn read(text: &[u8], delimiter: u8) -> Result<Table, Flaw> {
    let reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.chain(END));
    let mut records = Records { text, reader };
    let mut record = ByteRecord::new();
    let mut table = Table::default();
    if records.next(&mut record)?.is_none() {
        return Err(Flaw::new("it is empty", HEADER_HINT));
    }
    read_header(&record, &mut table)?;
    let columns = table.columns.names().len();
    while let Some(byte) = records.next(&mut record)? {
        if record.len() != columns {
            let line = line_at(text, byte);
            return Err(uneven(line, record.len(), columns, delimiter));
        }
        table.begin_row();
        for (column, cell) in (0..).zip(&record) {
            table.push(column, cell);
        }
    }
    Ok(table)
}

fn read_header(record: &ByteRecord, table: &mut Table) -> Result<(), Flaw> {
    for (index, name) in record.iter().enumerate() {
        let number = index + 1;
        let Ok(name) = std::str::from_utf8(name) else {
            let cause = format!("the name of column {number} is not UTF-8");
            return Err(Flaw::new(cause, "save the file as UTF-8"));
        };
        if name.trim().is_empty() {
            let cause = format!("column {number} has no name");
            return Err(Flaw::new(cause, HEADER_HINT));
        }
        if let Some(first) = table.columns.place(name) {
            let cause = format!(
                "columns {} and {number} are both named `{}`",
                first + 1,
                name.escape_debug()
            );
            return Err(Flaw::new(cause, HEADER_HINT));
        }
        if table.columns.place_or_add(name).is_none() {
            let cause = format!(
                "it has {} columns, and at most {COLUMNS_MAX} are read",
                record.len()
            );
            return Err(Flaw::new(cause, HEADER_HINT));
        }
    }
    Ok(())
}

fn uneven(line: usize, found: usize, expected: usize, delimiter: u8) -> Flaw {
    let cells = if found == 1 { "cell" } else { "cells" };
    let hint = match delimiter {
        b'\t' => {
            "tabs separate the cells of a `.tsv` file; a cell with a tab in it stands in quotes"
        }
        _ => "commas separate the cells; a cell with a comma in it stands in quotes: `\"a, b\"`",
    };
    Flaw::new(
        format!("line {line} has {found} {cells}, and the header {expected}"),
        hint,
    )
}

/// The lines of a file that are not empty.
struct Records<'a, R> {
    text: &'a [u8],
    reader: Reader<R>,
}

impl<R: Read> Records<'_, R> {
    /// Reads the next one. Returns the byte at which it begins, for [`line_at`], or nothing at the end.
    fn next(&mut self, record: &mut ByteRecord) -> Result<Option<usize>, Flaw> {
        let is_read = self.reader.read_byte_record(record);
        let is_read = is_read.map_err(|cause| Flaw::new(cause.to_string(), HEADER_HINT))?;
        let last = record.iter().next_back().unwrap_or_default();
        if !is_read || (record.len() == 1 && last == &END[1..]) {
            return Ok(None);
        }
        let byte = record.position().map_or(0, csv::Position::byte) as usize;
        if last.ends_with(END) {
            let line = line_at(self.text, byte);
            return Err(Flaw::new(
                format!("a quote in the row of line {line} is never closed"),
                "a quote inside of a quoted cell is written twice: `\"5\"\" pipe\"`",
            ));
        }
        Ok(Some(byte))
    }
}

/// The line of the record that begins at `byte` or after the ends of lines there, counted from 1. The `csv` crate counts
/// too, but leaves the second byte of `\r\n` and empty lines to the record that follows them.
fn line_at(text: &[u8], byte: usize) -> usize {
    let rest = text.get(byte..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| b"\r\n".contains(byte));
    let before = &text[..text.len().min(byte + ends.count())];
    let newlines = before.iter().filter(|byte| **byte == b'\n').count();
    // Old Macintosh files end lines with `\r` alone.
    let returns = before
        .windows(2)
        .filter(|two| two[0] == b'\r' && two[1] != b'\n');
    1 + newlines + returns.count() + usize::from(before.ends_with(b"\r"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_in_every_form_that_csv_has() {
        #[track_caller]
        fn check(text: &[u8], delimiter: u8, columns: &[&str], rows: &[&str]) {
            let table = read(text, delimiter).unwrap();
            assert_eq!(table.columns.names(), columns);
            assert_eq!(table.lines(), rows);
        }
        let ab = &["a", "b"];
        check(b"a,b\n1,2\n3,4\n", b',', ab, &["a=1 b=2", "a=3 b=4"]);
        check(b"a,b\r\n1,2\r\n3,4", b',', ab, &["a=1 b=2", "a=3 b=4"]);
        check(b"a,b\r1,2\r", b',', ab, &["a=1 b=2"]);
        check(b"\na,b\n\n\n1,2\n\n", b',', ab, &["a=1 b=2"]);
        check(b"a,b\n,\n\"\",x\n", b',', ab, &["a= b=", "a= b=x"]);
        check(b"a,b\n\"1,5\",\"x\ny\"\n", b',', ab, &[r"a=1,5 b=x\ny"]);
        check(
            b"a,b\n\"5\"\" pipe\",6\" pipe",
            b',',
            ab,
            &[r#"a=5\" pipe b=6\" pipe"#],
        );
        check(b"a,b\n1,\"2\"", b',', ab, &["a=1 b=2"]);
        check(b"a,b\n 1 ,\xff\0\n", b',', ab, &[r"a= 1  b=\xff\x00"]);
        check(b"a\tb\n1,5\t\"x\ty\"\n", b'\t', ab, &[r"a=1,5 b=x\ty"]);
        check("größe\n1".as_bytes(), b',', &["größe"], &["größe=1"]);
        check(b"\"a\nb\",c\n1,2\n", b',', &["a\nb", "c"], &["a\nb=1 c=2"]);
        check(b"a\n", b',', &["a"], &[]);
    }

    #[test]
    fn what_is_no_table_is_told_with_its_place() {
        #[track_caller]
        fn check(text: &[u8], cause: &str) {
            let flaw = read(text, b',').unwrap_err();
            assert_eq!(flaw.cause, cause);
            assert!(!flaw.hint.is_empty());
        }
        check(b"", "it is empty");
        check(b"\r\n\n", "it is empty");
        check(b"a,,c\n1,2,3\n", "column 2 has no name");
        check(b"a, \n1,2\n", "column 2 has no name");
        check(b"a,b,\n", "column 3 has no name");
        check(b"a,b,a\n", "columns 1 and 3 are both named `a`");
        check(b"a,\xe9\n", "the name of column 2 is not UTF-8");
        let many: Vec<String> = (0..=COLUMNS_MAX).map(|column| column.to_string()).collect();
        check(
            many.join(",").as_bytes(),
            "it has 16385 columns, and at most 16384 are read",
        );
        check(b"a,b\n1,2\n3\n", "line 3 has 1 cell, and the header 2");
        check(
            b"a,b\r\n1,2\r\n3,4,5\r\n",
            "line 3 has 3 cells, and the header 2",
        );
        check(
            b"a,b\n\n\n1,2\n\n3,4,5",
            "line 6 has 3 cells, and the header 2",
        );
        check(b"a,b\r1,2\r3\r", "line 3 has 1 cell, and the header 2");
        check(
            b"a,b\n\"1\n1\n1\",2\n3",
            "line 5 has 1 cell, and the header 2",
        );
        check(
            b"a,b\n1,2\n3,\"4\n5,6\n",
            "a quote in the row of line 3 is never closed",
        );
        check(b"a\n\"", "a quote in the row of line 2 is never closed");
        check(
            b"a,\"b\n1,2\n",
            "a quote in the row of line 1 is never closed",
        );
        check(
            b"a,b\n\"1,2\n3,4\n",
            "a quote in the row of line 2 is never closed",
        );
    }
}
