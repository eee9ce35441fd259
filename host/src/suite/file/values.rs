//! The values of the keys that are a suite's own.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::super::document::{at, kind, plain};
use super::{Around, CommandLine, Reader};
use crate::cli::values;
use crate::error::{Error, Result};

/// The longest text, such as the name of a run, in bytes.
const LONGEST_TEXT: usize = 100;

/// The most repetitions of a run.
const MOST_REPETITIONS: u32 = 1_000;

impl<'a> Reader<'_, 'a> {
    pub(super) fn around(
        &self,
        around: &mut Around,
        key: &str,
        value: &Spanned<DeValue<'a>>,
    ) -> Result<()> {
        match key {
            "before" => around.before = self.commands("before", value)?,
            "after" => around.after = self.commands("after", value)?,
            "wait_for" => around.wait_for = Some(self.address(value)?),
            "wait_timeout" => around.wait_timeout = self.time("wait_timeout", value)?,
            _ => around.command_timeout = self.time("command_timeout", value)?,
        }
        Ok(())
    }

    /// A line for the shell, or a list of lines and of lists of arguments.
    fn commands(&self, key: &str, value: &Spanned<DeValue<'a>>) -> Result<Vec<CommandLine>> {
        let expected = "a command such as `\"./restart\"`, or a list of commands";
        let one = |value: &Spanned<DeValue<'a>>| match value.get_ref() {
            DeValue::String(line) if line.trim().is_empty() => {
                Err(self.document.refuse(at(value), "the command is empty"))
            }
            DeValue::String(line) if line.contains('\0') => {
                Err(self.document.refuse(at(value), "no command holds a NUL"))
            }
            DeValue::String(line) => Ok(CommandLine::Shell(line.to_string())),
            DeValue::Array(args) => self.argv(args.iter(), value),
            _ => Err(self.wrong(&format!("`{key}`"), expected, value)),
        };
        match value.get_ref() {
            DeValue::Array(commands) => commands.iter().map(one).collect(),
            _ => Ok(vec![one(value)?]),
        }
    }

    fn argv<'t>(
        &self,
        args: impl Iterator<Item = &'t Spanned<DeValue<'a>>>,
        whole: &Spanned<DeValue<'a>>,
    ) -> Result<CommandLine>
    where
        'a: 't,
    {
        let args = args.map(|arg| match plain(arg.get_ref()) {
            Some(text) if text.contains('\0') => {
                Err(self.document.refuse(at(arg), "no command holds a NUL"))
            }
            Some(text) => Ok(text),
            None => Err(self.wrong("an argument", "text or a number", arg)),
        });
        let args = args.collect::<Result<Vec<_>>>()?;
        match args.first() {
            Some(program) if !program.is_empty() => Ok(CommandLine::Argv(args)),
            _ => Err(self
                .document
                .refuse(at(whole), "the command names no program")),
        }
    }

    fn address(&self, value: &Spanned<DeValue<'a>>) -> Result<String> {
        let text = self.text("wait_for", value)?;
        let port = text.rsplit_once(':').and_then(|(host, port)| {
            let port: u16 = port.parse().ok()?;
            (!host.is_empty() && port > 0).then_some(port)
        });
        match port {
            Some(_) => Ok(text),
            None => Err(self
                .document
                .refuse(at(value), "`wait_for` is a host and a port")
                .hint("as in `wait_for = \"127.0.0.1:8080\"`")),
        }
    }

    fn time(&self, key: &str, value: &Spanned<DeValue<'a>>) -> Result<Duration> {
        let text = plain(value.get_ref())
            .ok_or_else(|| self.wrong(&format!("`{key}`"), "a time such as `\"30s\"`", value))?;
        let time = values::duration(&text).map_err(|cause| {
            self.document
                .refuse(at(value), cause.to_string().trim_end())
        })?;
        if time.is_zero() {
            return Err(self
                .document
                .refuse(at(value), format!("`{key}` leaves no time")));
        }
        Ok(time)
    }

    pub(super) fn repetitions(&self, value: &Spanned<DeValue<'a>>) -> Result<u32> {
        let number = self.number("repeat", value)?;
        match u32::try_from(number) {
            Ok(number @ 1..=MOST_REPETITIONS) => Ok(number),
            _ => {
                let problem = format!("`repeat` is a number from 1 to {MOST_REPETITIONS}");
                Err(self.document.refuse(at(value), problem))
            }
        }
    }

    pub(super) fn number(&self, key: &str, value: &Spanned<DeValue<'a>>) -> Result<u64> {
        let number = match value.get_ref() {
            DeValue::Integer(_) => plain(value.get_ref()).and_then(|text| text.parse().ok()),
            _ => None,
        };
        number.ok_or_else(|| self.wrong(&format!("`{key}`"), "a whole number from 0 on", value))
    }

    pub(super) fn text(&self, key: &str, value: &Spanned<DeValue<'a>>) -> Result<String> {
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong(&format!("`{key}`"), "text", value));
        };
        if text.trim().is_empty() || text.len() > LONGEST_TEXT || text.chars().any(char::is_control)
        {
            let problem = format!("`{key}` is a line of 1 to {LONGEST_TEXT} bytes");
            return Err(self.document.refuse(at(value), problem));
        }
        Ok(text.to_string())
    }

    pub(super) fn truth(&self, key: &str, value: &Spanned<DeValue<'a>>) -> Result<bool> {
        match value.get_ref() {
            DeValue::Boolean(truth) => Ok(*truth),
            _ => Err(self.wrong(&format!("`{key}`"), "`true` or `false`", value)),
        }
    }

    /// The index of the word that the value is.
    pub(super) fn one_of<const N: usize>(
        &self,
        key: &str,
        value: &Spanned<DeValue<'a>>,
        words: [&str; N],
    ) -> Result<usize> {
        let word = plain(value.get_ref()).unwrap_or_default();
        let found = words.iter().position(|known| *known == word);
        found.ok_or_else(|| {
            let quoted = words.map(|word| format!("`\"{word}\"`")).join(" or ");
            self.document
                .refuse(at(value), format!("`{key}` is {quoted}"))
        })
    }

    pub(super) fn wrong(&self, what: &str, expected: &str, value: &Spanned<DeValue<'a>>) -> Error {
        let problem = format!("{what} is {expected}, and not {}", kind(value.get_ref()));
        self.document.refuse(at(value), problem)
    }
}
