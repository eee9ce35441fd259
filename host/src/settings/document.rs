//! The text of a file of settings: TOML, in sections, each with keys that are flags.
//!
//! ```toml
//! [defaults]          # for every command that has the flag
//! timeout = "5s"
//! [run]               # for one command; one below another is `[runs.prune]`
//! workers = 8
//! fail-if = ["p99 > 150ms", "fail > 1%"]
//! set = { url = "http://127.0.0.1:8080/" }
//! [profile.ci]        # as `[defaults]`, with `--profile ci`
//! duration = "2m"
//! ```

mod reader;

use super::flag::{Command, Takes};
use super::setting::Given;

/// The longest file that is read, in bytes.
pub const BYTES_MAX: u64 = 1 << 20;

/// What is said about a text: the line it is about, from 1, what is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: Option<usize>,
    pub(super) what: String,
    pub(super) hint: Option<String>,
}

/// A file of settings that has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    sections: Vec<(Scope, Vec<Entry>)>,
}

/// What a section is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every command that has the flag.
    Defaults,
    /// One command, by the names that lead to it.
    Command(Vec<String>),
    /// Every command that has the flag, where the profile is asked for.
    Profile(String),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key, which is the long name of a flag.
    pub key: String,
    /// The line it is in, from 1.
    pub line: usize,
    /// The value.
    pub value: Raw,
}

/// A value as it stands in the file. Numbers are the text that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    /// `true` or `false`.
    Switch(bool),
    /// A text or a number.
    Text(String),
    /// A list of texts or numbers.
    List(Vec<String>),
    /// A table of texts, numbers or switches.
    Table(Vec<(String, String)>),
    /// Something that no flag takes; what TOML calls it.
    Other(&'static str),
}

impl Document {
    /// Reads a text. Every key has to be a flag of `commands`, and every value something that the flag takes.
    pub(super) fn read(text: &str, commands: &Command) -> Result<Document, Problem> {
        let mut sections = reader::sections(text, commands)?;
        // In the order of the file, whatever order its tables have in memory.
        for (_, entries) in &mut sections {
            entries.sort_by_key(|entry| entry.line);
        }
        Ok(Document { sections })
    }

    /// The entries of a section.
    pub fn entries(&self, scope: &Scope) -> &[Entry] {
        let section = self.sections.iter().find(|(of, _)| of == scope);
        section.map_or(&[], |(_, entries)| entries)
    }

    /// All sections and their entries.
    pub fn sections(&self) -> impl Iterator<Item = (&Scope, &[Entry])> {
        self.sections
            .iter()
            .map(|(scope, entries)| (scope, &entries[..]))
    }

    /// The names of its profiles.
    pub fn profiles(&self) -> Vec<&str> {
        let names = self.sections.iter().filter_map(|(scope, _)| match scope {
            Scope::Profile(name) => Some(name.as_str()),
            Scope::Defaults | Scope::Command(_) => None,
        });
        names.collect()
    }
}

impl Scope {
    /// As it stands in brackets.
    pub fn section(&self) -> String {
        match self {
            Scope::Defaults => "defaults".to_owned(),
            Scope::Command(path) => path.join("."),
            Scope::Profile(name) => format!("profile.{name}"),
        }
    }
}

impl Raw {
    /// What it gives to a flag; nothing if the flag does not take such a value.
    pub(super) fn given(&self, takes: Takes) -> Option<Given> {
        let values = |texts: &[String]| Given::Values(texts.iter().map(Into::into).collect());
        match (takes, self) {
            (Takes::Nothing | Takes::MaybeValue, Raw::Switch(true)) => Some(Given::On),
            (Takes::Nothing | Takes::MaybeValue, Raw::Switch(false)) => Some(Given::Off),
            (Takes::Value | Takes::MaybeValue | Takes::Values, Raw::Text(text)) => {
                Some(values(std::slice::from_ref(text)))
            }
            (Takes::Values, Raw::List(texts)) => Some(values(texts)),
            (Takes::Pairs, Raw::Table(pairs)) => {
                let pairs = pairs
                    .iter()
                    .map(|(name, value)| format!("{name}={value}").into());
                Some(Given::Values(pairs.collect()))
            }
            _ => None,
        }
    }
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests;
