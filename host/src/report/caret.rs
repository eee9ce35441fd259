//! A mistake in something a person typed, shown where it is.

use std::fmt;

use super::Style;
use super::printable::{columns, printable};

/// Characters of the text that are shown before and after the place.
const BEFORE: usize = 40;
const AFTER: usize = 24;

const INDENT: &str = "  ";

/// Writes three lines: what is wrong, the text (or what surrounds the place, if it is long), and a caret below the place
/// with what was expected there. `at` is in bytes.
///
/// # Errors
/// When the formatter fails.
pub(crate) fn write(
    f: &mut fmt::Formatter<'_>,
    problem: &dyn fmt::Display,
    text: &str,
    at: usize,
    expected: Option<String>,
) -> fmt::Result {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let before = match before.char_indices().rev().nth(BEFORE) {
        Some((cut, c)) => format!("...{}", escaped(&before[cut + c.len_utf8()..])),
        None => escaped(before),
    };
    let after = match after.char_indices().nth(AFTER) {
        Some((cut, _)) => format!("{}...", escaped(&after[..cut])),
        None => escaped(after.trim_ascii_end()),
    };
    let room = columns(&before);
    writeln!(f, "{problem}")?;
    writeln!(f, "{INDENT}{before}{after}")?;
    write!(f, "{INDENT}{:room$}^", "")?;
    expected.map_or(Ok(()), |expected| write!(f, " {expected}"))
}

/// Text with nothing in it that a terminal would act on.
pub(crate) fn escaped(text: &str) -> String {
    let style = Style {
        unicode: true,
        ..Style::PLAIN
    };
    printable(text, style).into_owned()
}
