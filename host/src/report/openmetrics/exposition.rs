//! Families of metrics as text.

use std::fmt::Display;
use std::io::{self, Write};

use crate::report::distinct::distinct;

/// Names and values of labels. The names are ours.
pub(super) type Labels = [(&'static str, String)];

/// Writes families, each followed by its samples.
pub(super) struct Exposition<'a> {
    out: &'a mut dyn Write,
    family: &'static str,
}

impl<'a> Exposition<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Exposition<'a> {
        Exposition { out, family: "" }
    }

    pub(super) fn gauge(&mut self, name: &'static str, help: &str) -> io::Result<()> {
        self.family(name, "gauge", help)
    }

    /// A gauge whose name ends in its unit.
    pub(super) fn seconds_gauge(&mut self, name: &'static str, help: &str) -> io::Result<()> {
        self.family(name, "gauge", help)?;
        writeln!(self.out, "# UNIT {name} seconds")
    }

    pub(super) fn counter(&mut self, name: &'static str, help: &str) -> io::Result<()> {
        self.family(name, "counter", help)?;
        match name.ends_with("_bytes") {
            true => writeln!(self.out, "# UNIT {name} bytes"),
            false => Ok(()),
        }
    }

    /// A summary of seconds.
    pub(super) fn summary(&mut self, name: &'static str, help: &str) -> io::Result<()> {
        self.family(name, "summary", help)?;
        writeln!(self.out, "# UNIT {name} seconds")
    }

    fn family(&mut self, name: &'static str, kind: &str, help: &str) -> io::Result<()> {
        self.family = name;
        writeln!(self.out, "# HELP {name} {help}")?;
        writeln!(self.out, "# TYPE {name} {kind}")
    }

    /// A sample of the family that was begun last, whose name ends in `suffix`.
    pub(super) fn sample(
        &mut self,
        suffix: &str,
        labels: &Labels,
        value: impl Display,
    ) -> io::Result<()> {
        let family = self.family;
        let labels = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)));
        let labels = labels.collect::<Vec<_>>().join(",");
        match labels.is_empty() {
            true => writeln!(self.out, "{family}{suffix} {value}"),
            false => writeln!(self.out, "{family}{suffix}{{{labels}}} {value}"),
        }
    }

    /// Writes the end, without which the text counts as cut off.
    pub(super) fn end(self) -> io::Result<()> {
        writeln!(self.out, "# EOF")
    }
}

/// Nanoseconds as seconds, exactly.
pub(super) fn seconds(ns: u128) -> String {
    format!("{}.{:09}", ns / 1_000_000_000, ns % 1_000_000_000)
}

/// The value of a label: `\`, `"` and line breaks are escaped, and the latter are not there any more. What cannot be seen is
/// escaped before, as text that differs where it did.
fn escaped(value: &str) -> String {
    distinct(value).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_for_people_and_for_the_format() {
        assert_eq!(escaped("a\"b\\c"), "a\\\"b\\\\c");
        assert_eq!(escaped("a\nb\u{1b}"), "a\\\\nb\\\\u{1b}");
        assert_eq!(escaped("größe"), "größe");
    }

    #[test]
    fn seconds_are_exact() {
        assert_eq!(seconds(1), "0.000000001");
        assert_eq!(seconds(u128::from(u64::MAX)), "18446744073.709551615");
    }
}
