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

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::flag::{Command, Flag, Takes};
use super::setting::Given;
use crate::near::near;

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
        let table = DeTable::parse(text).map_err(|error| Problem {
            line: error.span().map(|span| line_of(text, span.start)),
            what: error.message().trim_end().replace('\n', ", "),
            hint: None,
        })?;
        let mut reader = Reader {
            text,
            commands,
            sections: Vec::new(),
        };
        for (key, value) in table.get_ref() {
            reader.top(key, value)?;
        }
        // In the order of the file, whatever order its tables have in memory.
        for (_, entries) in &mut reader.sections {
            entries.sort_by_key(|entry| entry.line);
        }
        Ok(Document {
            sections: reader.sections,
        })
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

/// Reads the tables of a text into sections.
struct Reader<'a> {
    text: &'a str,
    commands: &'a Command,
    sections: Vec<(Scope, Vec<Entry>)>,
}

type Key<'a> = Spanned<toml::de::DeString<'a>>;
type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn top(&mut self, key: &Key<'_>, value: &Value<'_>) -> Result<(), Problem> {
        let name = key.get_ref().as_ref();
        let (all, commands) = (self.commands.all_flags(), self.commands);
        match (name, value.get_ref().as_table()) {
            ("defaults", Some(table)) => self.section(Scope::Defaults, table, &all),
            ("profile", Some(profiles)) => profiles.iter().try_for_each(|(key, value)| {
                let name = key.get_ref().to_string();
                let Some(table) = value.get_ref().as_table() else {
                    let what = format!("`profile.{name}` has to be a section");
                    return Err(self.problem(key.span(), what, Some(format!("[profile.{name}]"))));
                };
                self.section(Scope::Profile(name), table, &all)
            }),
            (name, Some(table)) if commands.child(name).is_some() => {
                self.command(vec![name.to_owned()], table)
            }
            (name, _) => Err(self.no_section(key.span(), name)),
        }
    }

    /// A section of a command, in which there may be sections of the commands below it.
    fn command(&mut self, path: Vec<String>, table: &DeTable<'_>) -> Result<(), Problem> {
        let Some(command) = self.commands.at(&path) else {
            return Ok(());
        };
        let scope = Scope::Command(path.clone());
        let flags: Vec<&Flag> = command.flags.iter().collect();
        let mut entries = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match value
                .get_ref()
                .as_table()
                .filter(|_| command.child(name).is_some())
            {
                Some(below) => {
                    let path = path.iter().cloned().chain([name.to_owned()]);
                    self.command(path.collect(), below)?;
                }
                None => entries.push(self.entry(&scope, key, value, &flags)?),
            }
        }
        self.sections.push((scope, entries));
        Ok(())
    }

    fn section(
        &mut self,
        scope: Scope,
        table: &DeTable<'_>,
        flags: &[&Flag],
    ) -> Result<(), Problem> {
        let entries = table
            .iter()
            .map(|(key, value)| self.entry(&scope, key, value, flags));
        let entries = entries.collect::<Result<_, _>>()?;
        self.sections.push((scope, entries));
        Ok(())
    }

    fn entry(
        &self,
        scope: &Scope,
        key: &Key<'_>,
        value: &Value<'_>,
        flags: &[&Flag],
    ) -> Result<Entry, Problem> {
        let name = key.get_ref().as_ref();
        let mut named = flags.iter().filter(|flag| flag.name == name).peekable();
        let Some(first) = named.peek() else {
            return Err(self.no_flag(scope, key.span(), name, flags));
        };
        let takes = first.takes;
        let entry = Entry {
            key: name.to_owned(),
            line: line_of(self.text, key.span().start),
            value: self.raw(value),
        };
        if named.any(|flag| entry.value.given(flag.takes).is_some()) {
            return Ok(entry);
        }
        let what = format!("`{name}` cannot be {}", in_words(&entry.value));
        Err(self.problem(
            key.span(),
            what,
            Some(format!("it takes {}", takes.in_words())),
        ))
    }

    fn raw(&self, value: &Value<'_>) -> Raw {
        let scalars = |values: &mut dyn Iterator<Item = &Value<'_>>| -> Option<Vec<String>> {
            values.map(|value| self.scalar(value)).collect()
        };
        match value.get_ref() {
            DeValue::Boolean(switch) => Raw::Switch(*switch),
            DeValue::Array(array) => scalars(&mut array.iter())
                .map_or(Raw::Other("a list of lists or tables"), Raw::List),
            DeValue::Table(table) => {
                let pairs = table.iter().map(|(name, value)| {
                    let value = match value.get_ref() {
                        DeValue::Boolean(switch) => switch.to_string(),
                        _ => self.scalar(value)?,
                    };
                    Some((name.get_ref().to_string(), value))
                });
                pairs
                    .collect::<Option<_>>()
                    .map_or(Raw::Other("a table of lists or tables"), Raw::Table)
            }
            DeValue::Datetime(_) => Raw::Other("a date"),
            DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) => {
                self.scalar(value).map_or(Raw::Other("a value"), Raw::Text)
            }
        }
    }

    /// A text, or a number as it was written.
    fn scalar(&self, value: &Value<'_>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(_) | DeValue::Float(_) => {
                self.text.get(value.span()).map(str::to_owned)
            }
            DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                None
            }
        }
    }

    fn no_section(&self, span: Range<usize>, name: &str) -> Problem {
        let commands = || {
            self.commands
                .commands
                .iter()
                .map(|command| command.name.as_str())
        };
        let shown = name.escape_debug();
        if self
            .commands
            .all_flags()
            .iter()
            .any(|flag| flag.name == name)
        {
            let what = format!("`{shown}` stands before any section");
            return self.problem(
                span,
                what,
                Some("put it below `[defaults]`, or below the name of a command".to_owned()),
            );
        }
        let near = near(name, commands().chain(["defaults", "profile"]));
        let hint = match near {
            Some(near) => format!("did you mean `[{near}]`?"),
            None => {
                "sections are `[defaults]`, `[profile.NAME]`, and those of commands such as `[run]`"
                    .to_owned()
            }
        };
        self.problem(span, format!("there is no section `[{shown}]`"), Some(hint))
    }

    fn no_flag(&self, scope: &Scope, span: Range<usize>, name: &str, flags: &[&Flag]) -> Problem {
        let shown = name.escape_debug();
        let of = match scope {
            Scope::Command(path) => format!("`gorgon {}`", path.join(" ")),
            Scope::Defaults | Scope::Profile(_) => "any command".to_owned(),
        };
        let names = || flags.iter().map(|flag| flag.name.as_str());
        // What a person writes who thinks of another language.
        let dashed = name.replace('_', "-").to_lowercase();
        let meant = names()
            .find(|flag| *flag == dashed)
            .or_else(|| near(name, names()));
        let elsewhere = || {
            self.commands
                .all_flags()
                .iter()
                .any(|flag| flag.name == name)
        };
        let hint = match meant {
            Some(meant) => Some(format!("did you mean `{meant}`?")),
            None if elsewhere() => Some(
                "it is a flag of another command: put it into the section of that one".to_owned(),
            ),
            None => Some(
                "keys are the long names of flags, without the dashes: `gorgon run --help`"
                    .to_owned(),
            ),
        };
        self.problem(
            span,
            format!("`{shown}` is no flag of {of} that can be set"),
            hint,
        )
    }

    fn problem(&self, span: Range<usize>, what: String, hint: Option<String>) -> Problem {
        let line = Some(line_of(self.text, span.start));
        Problem { line, what, hint }
    }
}

fn in_words(value: &Raw) -> &'static str {
    match value {
        Raw::Switch(_) => "`true` or `false`",
        Raw::Text(_) => "a text or a number",
        Raw::List(_) => "a list",
        Raw::Table(_) => "a table",
        Raw::Other(what) => what,
    }
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests;
