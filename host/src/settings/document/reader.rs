//! Reads the tables of a text into sections.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Problem, Raw, Scope, line_of};
use crate::near::near;
use crate::settings::flag::{Command, Flag};

/// The sections of a text, each checked against the flags that it can set.
pub(super) fn sections(
    text: &str,
    commands: &Command,
) -> Result<Vec<(Scope, Vec<Entry>)>, Problem> {
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
    Ok(reader.sections)
}

/// What is read, and what was read of it.
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
            DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) => self
                .scalar(value)
                .map_or(Raw::Other("a text with a zero byte"), Raw::Text),
        }
    }

    /// A text, or a number as it was written.
    fn scalar(&self, value: &Value<'_>) -> Option<String> {
        match value.get_ref() {
            // No argument can have a zero byte.
            DeValue::String(text) => (!text.contains('\0')).then(|| text.to_string()),
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
