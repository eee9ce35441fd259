//! A TOML document and the places in it, for what a person is told about it.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Error, Exit, Result};
use crate::report::caret;

/// The most bytes that a suite file may have.
const MOST_BYTES: usize = 1 << 20;

/// The text of a suite file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document<'a> {
    name: &'a str,
    text: &'a str,
}

/// Reads the bytes of the suite file at `path`.
///
/// # Errors
/// It cannot be read, or is too large.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    use std::io::Read;
    let cannot = |cause: &std::io::Error| {
        let error = Error::new(
            Exit::NoInput,
            format!("cannot read the suite `{}`", path.display()),
        )
        .caused_by(cause);
        match cause.kind() {
            std::io::ErrorKind::NotFound => {
                error.hint("`docs/suites.md` shows how to write one, and `examples/suite` has some")
            }
            std::io::ErrorKind::IsADirectory => error.hint(
                "name the file in it; to show a suite that was saved there: `gorgon suite --show DIR`",
            ),
            _ => error,
        }
    };
    let file = std::fs::File::open(path).map_err(|cause| cannot(&cause))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|cause| cannot(&cause))?;
    Ok(bytes)
}

impl<'a> Document<'a> {
    /// The text in the bytes of the file called `name`.
    ///
    /// # Errors
    /// They are too many, or no text.
    pub(super) fn new(name: &'a str, bytes: &'a [u8]) -> Result<Document<'a>> {
        let refused = || Error::new(Exit::NoInput, format!("cannot read the suite `{name}`"));
        if bytes.len() > MOST_BYTES {
            return Err(refused()
                .because("it has more than 1 MiB")
                .hint("a suite is a short file in TOML: see `docs/suites.md`"));
        }
        let text = std::str::from_utf8(bytes).map_err(|cause| {
            let line = line_of(&bytes[..cause.valid_up_to()]);
            refused()
                .because(format!("line {line} is not UTF-8"))
                .hint("save it as UTF-8 text")
        })?;
        Ok(Document {
            name,
            // Some editors begin a file with it.
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
        })
    }

    /// The table that it is.
    ///
    /// # Errors
    /// It is no TOML.
    pub(super) fn table(&self) -> Result<DeTable<'a>> {
        let table = DeTable::parse(self.text).map_err(|cause| {
            let at = cause.span().map_or(self.text.len(), |span| span.start);
            self.refuse(at, cause.message())
                .hint("the file is TOML: https://toml.io has the rules")
        })?;
        Ok(table.into_inner())
    }

    /// What is wrong at a place.
    pub(super) fn refuse(&self, at: usize, problem: impl fmt::Display) -> Error {
        Error::new(Exit::Usage, format!("cannot use the suite `{}`", self.name))
            .because(self.shown(at, problem))
    }

    /// The line of a place, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        let at = self.text.floor_char_boundary(at.min(self.text.len()));
        line_of(&self.text.as_bytes()[..at])
    }

    /// A problem, the line it is in, and a caret below the place.
    fn shown(&self, at: usize, problem: impl fmt::Display) -> String {
        let at = self.text.floor_char_boundary(at.min(self.text.len()));
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |end| at + end);
        let line = self.text[start..end].trim_end_matches('\r');
        let problem = format!("line {}: {problem}", self.line(at));
        if line.trim().is_empty() {
            return problem;
        }
        let at = line.floor_char_boundary((at - start).min(line.len()));
        Shown { problem, line, at }.to_string()
    }
}

/// See [`caret::write`].
struct Shown<'a> {
    problem: String,
    line: &'a str,
    at: usize,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        caret::write(f, &self.problem, self.line, self.at, None)
    }
}

fn line_of(before: &[u8]) -> usize {
    1 + before.iter().filter(|&&byte| byte == b'\n').count()
}

/// The entries of a table in the order in which they were written.
pub(super) fn in_order<'t, 'a>(
    table: &'t DeTable<'a>,
) -> Vec<(&'t str, usize, &'t Spanned<DeValue<'a>>)> {
    let entries = table.iter();
    let mut entries: Vec<_> = entries
        .map(|(key, value)| (key.get_ref().as_ref(), key.span().start, value))
        .collect();
    entries.sort_by_key(|(_, at, _)| *at);
    entries
}

/// What a value is, in words.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Text or a number as it would be written on a command line; nothing for what is neither.
pub(super) fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Integer(number) => i128::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(|number| number.to_string()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

/// Where a value begins.
pub(super) fn at(value: &Spanned<DeValue<'_>>) -> usize {
    let Range { start, .. } = value.span();
    start
}
