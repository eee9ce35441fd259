//! What clap has to say about a command line, as an error like any other.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::misused;
use super::output::{self, stderr_style};
use super::settings::{Settled, built, command_of, not_utf8};
use crate::error::{Error, Exit};
use crate::report::printable::{clip, printable};
use crate::settings::{Origin, Setting};

/// The columns that a value is shown in.
const VALUE_COLUMNS: usize = 60;

/// What was wrong with the command line. `command` is the program, not built yet, and `args` what was typed.
pub(super) fn error(
    error: &clap::Error,
    command: &clap::Command,
    args: &[OsString],
    settled: &Settled,
) -> Error {
    let misuse = Misuse { error, settled };
    let told = match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => misuse.value(),
        ErrorKind::UnknownArgument => misuse.unknown(),
        ErrorKind::InvalidSubcommand => misuse.command(),
        ErrorKind::ArgumentConflict => misuse.conflict(),
        ErrorKind::MissingRequiredArgument => misuse.missing(),
        ErrorKind::InvalidUtf8 => not_utf8(command, args).map(|(arg, value)| {
            misused(format!("`{arg}` is not UTF-8: `{}`", value.escape_debug()))
                .hint("give it a name of plain text")
        }),
        _ => None,
    };
    let told = told.unwrap_or_else(|| misuse.in_claps_words());
    let built = built(command);
    let (named, _) = command_of(&built, args);
    match error.kind() {
        ErrorKind::MissingRequiredArgument => told.hint(
            named
                .clone()
                .render_usage()
                .to_string()
                .replacen("Usage", "usage", 1),
        ),
        ErrorKind::UnknownArgument => {
            let name = named.get_bin_name().unwrap_or("gorgon");
            told.hint(format!("`{name} --help` lists what there is"))
        }
        _ => told,
    }
}

struct Misuse<'a> {
    error: &'a clap::Error,
    settled: &'a Settled,
}

impl Misuse<'_> {
    fn value(&self) -> Option<Error> {
        let (arg, value) = (
            self.text(ContextKind::InvalidArg)?,
            self.text(ContextKind::InvalidValue)?,
        );
        let said = match self.said_elsewhere(&arg) {
            Some(setting) => format!(", which {} says,", place(&setting.origin)),
            None => String::new(),
        };
        let value = printable(&value, stderr_style()).into_owned();
        let value = clip(&value, VALUE_COLUMNS, stderr_style());
        let error = match value.is_empty() && self.error.source().is_none() {
            true => misused(format!("`{arg}` needs a value")),
            false => misused(format!("`{value}`{said} is no value of `{arg}`")),
        };
        let error = match self.error.source() {
            Some(cause) => error.because(cause.to_string()),
            None => error,
        };
        let valid = self.texts(ContextKind::ValidValue);
        let error = match self.text(ContextKind::SuggestedValue) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error,
        };
        Some(match valid.is_empty() {
            true => error,
            false => error.hint(format!("accepted: {}", quoted(&valid))),
        })
    }

    fn unknown(&self) -> Option<Error> {
        let arg = self.text(ContextKind::InvalidArg)?;
        let error = misused(format!(
            "there is no argument `{}` here",
            arg.escape_debug()
        ));
        let near = self
            .text(ContextKind::SuggestedArg)
            .or_else(|| self.text(ContextKind::SuggestedSubcommand));
        Some(match near {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error,
        })
    }

    fn command(&self) -> Option<Error> {
        let word = self.text(ContextKind::InvalidSubcommand)?;
        let error = misused(format!("there is no command `{}`", word.escape_debug()));
        if word.ends_with(".wasm") || crate::plugins::find(&word).is_some() {
            return Some(error.hint(format!("to run it: `gorgon run {word} -n 100`")));
        }
        let near = self.texts(ContextKind::SuggestedSubcommand);
        Some(match near.is_empty() {
            true => error.hint("`gorgon --help` lists the commands"),
            false => error.hint(format!("did you mean {}?", quoted(&near))),
        })
    }

    fn conflict(&self) -> Option<Error> {
        let arg = self.text(ContextKind::InvalidArg)?;
        let others = self.texts(ContextKind::PriorArg);
        if others.is_empty() || others == [arg.clone()] {
            return Some(
                misused(format!("`{arg}` is given more than once")).hint("leave out all but one"),
            );
        }
        let others = others
            .iter()
            .map(|other| format!("`{other}`"))
            .collect::<Vec<_>>()
            .join(" and ");
        Some(
            misused(format!("`{arg}` and {others} do not go together"))
                .hint("leave out one of them"),
        )
    }

    fn missing(&self) -> Option<Error> {
        let missing = self.texts(ContextKind::InvalidArg);
        (!missing.is_empty()).then(|| misused(format!("{} is missing", quoted(&missing))))
    }

    /// Whatever else there may be: its own first line.
    fn in_claps_words(&self) -> Error {
        let text = self.error.to_string();
        let text = text.trim_start_matches("error: ");
        let end = text.find("\n\n").unwrap_or(text.len());
        misused(text[..end].trim().replace('\'', "`"))
    }

    /// The setting that an argument was not typed but added by.
    fn said_elsewhere(&self, arg: &str) -> Option<&Setting> {
        let flag = arg.strip_prefix("--")?.split([' ', '=', '[']).next()?;
        self.settled.added().find(|setting| setting.flag == flag)
    }

    fn text(&self, kind: ContextKind) -> Option<String> {
        self.texts(kind).into_iter().next()
    }

    fn texts(&self, kind: ContextKind) -> Vec<String> {
        match self.error.get(kind) {
            Some(ContextValue::String(text)) => vec![text.clone()],
            Some(ContextValue::Strings(texts)) => texts.clone(),
            _ => Vec::new(),
        }
    }
}

fn place(origin: &Origin) -> String {
    match origin {
        Origin::CommandLine => "the command line".to_owned(),
        Origin::Variable(name) => format!("`{name}`"),
        Origin::File { path, line, .. } => format!("`{}` in line {line}", path.display()),
    }
}

fn quoted(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    quoted.join(", ")
}

/// An error of flags, with the way to where they come from if that is not the command line alone.
pub(super) fn traced(error: Error, settled: &Settled) -> Error {
    if error.exit() != Exit::Usage || settled.added().next().is_none() {
        return error;
    }
    let path = settled.path.join(" ");
    error.hint(format!(
        "`gorgon config --explain {path}` tells where each flag comes from"
    ))
}

/// Whether a program reads the errors of this command line: they go to stdout, too, where its report would go.
pub(super) fn wants_json(args: &[OsString]) -> bool {
    let before_dashes = || args.iter().take_while(|arg| *arg != "--");
    let follows = before_dashes().zip(before_dashes().skip(1));
    before_dashes().any(|arg| arg == "--json=-")
        || follows
            .into_iter()
            .any(|(flag, value)| flag == "--json" && value == "-")
}

/// Tells an error to a person, and to a program that asked for JSON.
pub(super) fn tell(error: &Error, is_json: bool) {
    if is_json {
        output::to_stdout(|out| writeln!(out, "{:#}", crate::report::error::json(error)));
    }
    output::error(error);
}
