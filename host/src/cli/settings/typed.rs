//! What was typed, before anything is required of it.
//!
//! The same flags as the real command line has, but all values are any text and nothing has to be there. So the command line
//! may lack what a file has, and is known down to which word belongs to which flag.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::ValueParser;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::model::takes;
use crate::settings::{Given, Origin, Setting, Takes};

/// A command line as it was typed.
#[derive(Debug)]
pub(super) struct Typed {
    /// The command, by the names that lead to it.
    pub(super) path: Vec<String>,
    /// The flags of the command that were typed.
    pub(super) layer: Vec<Setting>,
    /// The flags of the whole program that were typed.
    pub(super) globals: Vec<Setting>,
}

impl Typed {
    /// Reads a command line; nothing if it cannot be read whatever a file may add to it, or only asks for help. `command` is
    /// not built yet.
    pub(super) fn read(command: &Command, args: &[OsString]) -> Option<Typed> {
        let matches = lenient(command).try_get_matches_from(args).ok()?;
        let (mut command, mut matches) = (command, &matches);
        let mut typed = Typed {
            path: Vec::new(),
            layer: Vec::new(),
            globals: layer(command, matches, true),
        };
        while let Some((name, below)) = matches.subcommand() {
            command = command.find_subcommand(name)?;
            matches = below;
            typed.path.push(name.to_owned());
        }
        typed.layer = layer(command, matches, false);
        Some(typed)
    }
}

/// The first value that was typed that is no UTF-8, and the argument it is of, as its help names it.
pub(in crate::cli) fn not_utf8(command: &Command, args: &[OsString]) -> Option<(String, String)> {
    let matches = lenient(command).try_get_matches_from(args).ok()?;
    let (mut command, mut matches) = (command, &matches);
    loop {
        for arg in command.get_arguments() {
            let mut values = matches.get_raw(arg.get_id().as_str()).into_iter().flatten();
            let is_text = !takes_any_bytes(arg);
            if let Some(value) = values.find(|value| is_text && value.to_str().is_none()) {
                return Some((arg.to_string(), value.to_string_lossy().into_owned()));
            }
        }
        let (name, below) = matches.subcommand()?;
        command = command.find_subcommand(name)?;
        matches = below;
    }
}

fn takes_any_bytes(arg: &Arg) -> bool {
    let value = arg.get_value_parser().type_id();
    value == TypeId::of::<OsString>() || value == TypeId::of::<PathBuf>()
}

/// The command without requirements.
fn lenient(command: &Command) -> Command {
    let args = command.get_arguments().map(loose);
    let below = command.get_subcommands().map(lenient);
    Command::new(command.get_name().to_owned())
        .aliases(command.get_all_aliases().map(str::to_owned))
        .args(args)
        .subcommands(below)
}

fn loose(arg: &Arg) -> Arg {
    let mut loose = Arg::new(arg.get_id().clone())
        .action(arg.get_action().clone())
        .allow_hyphen_values(arg.is_allow_hyphen_values_set())
        .trailing_var_arg(arg.is_trailing_var_arg_set())
        .last(arg.is_last_set())
        .require_equals(arg.is_require_equals_set())
        .global(arg.is_global_set());
    if let Some(long) = arg.get_long() {
        loose = loose.long(long.to_owned());
    }
    loose = loose.short(arg.get_short());
    loose = loose.aliases(
        arg.get_all_aliases()
            .into_iter()
            .flatten()
            .map(str::to_owned),
    );
    if let Some(number) = arg.get_num_args() {
        loose = loose.num_args(number);
    }
    match arg.get_action() {
        ArgAction::Set | ArgAction::Append => loose.value_parser(ValueParser::os_string()),
        _ => loose,
    }
}

fn layer(command: &Command, matches: &ArgMatches, globals: bool) -> Vec<Setting> {
    let flags = command
        .get_arguments()
        .filter(|arg| arg.is_global_set() == globals);
    let settings = flags.filter_map(|arg| {
        let flag = arg.get_long()?.to_owned();
        let id = arg.get_id().as_str();
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            return None;
        }
        let values = || {
            let values = matches.get_raw(id).into_iter().flatten();
            values.map(OsStr::to_owned).collect::<Vec<_>>()
        };
        let given = match takes(arg)? {
            Takes::Nothing => Given::On,
            Takes::MaybeValue if values().is_empty() => Given::On,
            _ => Given::Values(values()),
        };
        let origin = Origin::CommandLine;
        Some(Setting {
            flag,
            given,
            origin,
        })
    });
    settings.collect()
}
