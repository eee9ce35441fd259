//! Reads JSON Lines: an object on each line, its keys the columns.
//!
//! A string is a cell with its text. Any other value is one with its JSON as it stands in the file, so that no digit of
//! a number is lost. `null` is no cell. Empty lines are skipped.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::table::{COLUMNS_MAX, Flaw, Table};

/// The deepest nesting of arrays and objects in a cell: what most parsers in operations can read.
const NESTING_MAX: usize = 128;

const HINT: &str = "every line is a JSON object: `{\"id\": 1, \"name\": \"Ann\"}`";

/// Reads a whole file, without its byte order mark.
pub(super) fn read(text: &[u8]) -> Result<Table, Flaw> {
    let mut table = Table::default();
    let mut seen = Vec::new();
    for (line, text) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        if text.trim_ascii().is_empty() {
            continue;
        }
        table.begin_row();
        read_row(text, &mut table, &mut seen).map_err(|(column, cause)| {
            let hint = match text.trim_ascii_start() {
                [b'[', ..] => "of an array, `jq -c '.[]'` makes a line for each element",
                _ => HINT,
            };
            Flaw::new(format!("line {line}, column {column}: {cause}"), hint)
        })?;
    }
    Ok(table)
}

/// What is wrong with a row, and the byte at which that was seen, counted from 1.
type Wrong = (usize, String);

fn read_row(text: &[u8], table: &mut Table, seen: &mut Vec<usize>) -> Result<(), Wrong> {
    let text = std::str::from_utf8(text)
        .map_err(|error| (error.valid_up_to() + 1, "it is not UTF-8".to_owned()))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let row = RowOf { table, seen }.deserialize(&mut deserializer);
    row.and_then(|()| deserializer.end()).map_err(|error| {
        // A line of its own is always line 1 to serde.
        (error.column().max(1), without_place(&error))
    })
}

/// Reads an object into the last row of a table.
struct RowOf<'t> {
    table: &'t mut Table,
    /// For each column the number of the last row that had it, `null` or not: what tells a key that is there twice
    /// without looking through the row for each of its cells.
    seen: &'t mut Vec<usize>,
}

impl RowOf<'_> {
    /// The column of a key, which must be new in this row.
    fn column<E: Error>(&mut self, key: &str) -> Result<u32, E> {
        let Some(column) = self.table.columns.place_or_add(key) else {
            return Err(E::custom(format!(
                "the key `{}` would be a column too many, at most {COLUMNS_MAX} are read",
                key.escape_debug()
            )));
        };
        let row = self.table.len();
        let place = column as usize;
        if place >= self.seen.len() {
            self.seen.resize(place + 1, 0);
        }
        if std::mem::replace(&mut self.seen[place], row) == row {
            let key = key.escape_debug();
            return Err(E::custom(format!("the key `{key}` is there twice")));
        }
        Ok(column)
    }
}

impl<'de> DeserializeSeed<'de> for RowOf<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowOf<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let column = self.column(&key)?;
            let value = map.next_value::<&RawValue>()?.get();
            match value.as_bytes() {
                b"null" => {}
                [b'"', ..] => {
                    let text: String = serde_json::from_str(value).map_err(in_text)?;
                    self.table.push(column, text.as_bytes());
                }
                json if nesting(json) > NESTING_MAX => {
                    return Err(M::Error::custom(format!(
                        "arrays and objects nest more than {NESTING_MAX} deep"
                    )));
                }
                json => self.table.push(column, json),
            }
        }
        Ok(())
    }
}

/// The error of a text that is in the form of JSON and stands for no characters. Its own place is one in the text.
fn in_text<E: Error>(cause: serde_json::Error) -> E {
    E::custom(without_place(&cause))
}

/// What is wrong, without the line and the column that serde appends.
fn without_place(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

/// How deep arrays and objects nest in JSON that has been checked.
fn nesting(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    let (mut is_text, mut is_escaped) = (false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => depth += 1,
            b']' | b'}' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_with_every_kind_of_value() {
        #[track_caller]
        fn check(text: &str, columns: &[&str], rows: &[&str]) {
            let table = read(text.as_bytes()).unwrap();
            assert_eq!(table.columns.names(), columns);
            assert_eq!(table.lines(), rows);
        }
        check(r#"{"a":"x","b":""}"#, &["a", "b"], &["a=x b="]);
        check(
            "{\"a\":1}\r\n \n\n  {\"a\" : 2 } \n",
            &["a"],
            &["a=1", "a=2"],
        );
        check(
            r#"{"a":"1\n\u00e9\ud83d\ude00\"\\"}"#,
            &["a"],
            &[r#"a=1\n\xc3\xa9\xf0\x9f\x98\x80\"\\"#],
        );
        // As they stand there: a number may have more digits than a float has.
        check(
            r#"{"a":12345678901234567890123,"b":1.50,"c":-1E400,"d":true}"#,
            &["a", "b", "c", "d"],
            &["a=12345678901234567890123 b=1.50 c=-1E400 d=true"],
        );
        check(
            r#"{"a":[1, {"b":null}],"c":{"d":"x\n"}}"#,
            &["a", "c"],
            &[r#"a=[1, {\"b\":null}] c={\"d\":\"x\\n\"}"#],
        );
        check(
            "{\"b\":1,\"a\":null}\n{\"c\":3,\"a\":2}\n{}",
            &["b", "a", "c"],
            &["b=1", "c=3 a=2", ""],
        );
        check(r#"{"":1,"\u0061":2}"#, &["", "a"], &["=1 a=2"]);
        check("", &[], &[]);
        let deep = |depth| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        check(
            &deep(128),
            &["a"],
            &[&format!("a={}{}", "[".repeat(128), "]".repeat(128))],
        );
    }

    #[test]
    fn a_line_that_is_no_object_is_told_with_its_place() {
        #[track_caller]
        fn check(text: &[u8], cause: &str) {
            let flaw = read(text).unwrap_err();
            assert!(flaw.cause.starts_with(cause), "{flaw:?}");
            assert!(
                !flaw.hint.is_empty() && !flaw.cause.contains("at line"),
                "{flaw:?}"
            );
        }
        check(b"{\"a\":1}\n\n{\"a\":}", "line 3, column 6: expected value");
        check(b"{\"a\":1", "line 1, column 6: EOF");
        check(
            b"{\"a\":1} {\"a\":2}",
            "line 1, column 9: trailing characters",
        );
        check(b"{'a':1}", "line 1, column 2: key must be a string");
        check(
            b"[1]",
            "line 1, column 1: invalid type: sequence, expected a JSON object",
        );
        check(
            b"7\n",
            "line 1, column 1: invalid type: integer `7`, expected a JSON object",
        );
        check(
            b"null",
            "line 1, column 4: invalid type: null, expected a JSON object",
        );
        check(
            b"{\"a\":1,\"a\":2}",
            "line 1, column 10: the key `a` is there twice",
        );
        check(
            b"{}\n{\"a\":null,\"\\u0061\":2}",
            "line 2, column 18: the key `a` is there twice",
        );
        check(b"{\"a\":\"\xff\"}", "line 1, column 7: it is not UTF-8");
        check(
            b"{\"a\":\"\\ud800\"}",
            "line 1, column 14: unexpected end of hex escape",
        );
        check(b"{\"a\":\"\x01\"}", "line 1, column 6: control character");
        check(b"{\"a\":01}", "line 1, column 7: invalid number");
        check(b"{\"a\":NaN}", "line 1, column 6: expected value");
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(129), "]".repeat(129));
        check(
            deep.as_bytes(),
            "line 1, column 264: arrays and objects nest more than 128 deep",
        );
        check("{\"a\":".repeat(100_000).as_bytes(), "line 1, column");
        check("[".repeat(100_000).as_bytes(), "line 1, column");
        let keys = (0..=COLUMNS_MAX).map(|key| format!("{{\"{key}\":1}}\n"));
        check(
            keys.collect::<String>().as_bytes(),
            "line 16385, column 8: the key `16384` would be a column too many",
        );
    }

    #[test]
    fn an_array_gets_the_command_that_helps() {
        assert!(read(b" [\n{}]").unwrap_err().hint.contains("jq -c"));
        assert!(read(b"7").unwrap_err().hint.contains("JSON object"));
    }

    #[test]
    fn brackets_in_text_do_not_nest() {
        assert_eq!(nesting(br#"["[[[", "\"[[", {"a{": [1]}, []]"#), 3);
        assert_eq!(nesting(b"1"), 0);
    }
}
