//! The flags as clap knows them, told to `settings`.

use std::any::TypeId;

use clap::builder::{ArgExt, ValueHint};
use clap::{Arg, ArgAction};

use crate::settings::{Command, Flag, Takes};

/// Marks a flag that lets something out of the sandbox, or others in. A project's file does not set it unasked.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Opens;

impl ArgExt for Opens {}

/// Marks a flag that says the same as these in another way. Both may be given together; but one from a more explicit place
/// replaces the other.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct InsteadOf(pub(in crate::cli) &'static [&'static str]);

impl ArgExt for InsteadOf {}

/// Marks a flag that is of no use without one of these, where clap is not told so because a word of our own says it better.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Needs(pub(in crate::cli) &'static [&'static str]);

impl ArgExt for Needs {}

/// The command whose flags have variables.
pub(super) const MAIN: &str = "run";

/// The commands that are about the command line itself. Nothing sets their flags.
const ABOUT_ITSELF: [&str; 4] = ["completions", "config", "help", "man"];

/// The program's commands and flags as far as something can set them. `command` has been built.
pub(in crate::cli) fn program(command: &clap::Command) -> Command {
    let below = command.get_subcommands();
    let commands = below.filter(|below| !ABOUT_ITSELF.contains(&below.get_name()));
    Command {
        name: command.get_name().to_owned(),
        flags: command
            .get_arguments()
            .filter_map(|arg| flag(command, arg))
            .collect(),
        commands: commands.map(program).collect(),
    }
}

fn flag(command: &clap::Command, arg: &Arg) -> Option<Flag> {
    // Those of the whole program say where settings come from. One that is not shown is no flag of the command, but known to it.
    if arg.is_global_set() || arg.is_hide_set() {
        return None;
    }
    let name = arg.get_long()?.to_owned();
    let conflicts = command.get_arg_conflicts_with(arg);
    let conflicts = conflicts.iter().filter_map(|arg| arg.get_long());
    let alternatives = arg.get::<InsteadOf>().map_or(&[][..], |instead| instead.0);
    let needs = arg.get::<Needs>().map_or(&[][..], |needs| needs.0);
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Some(Flag {
        takes: takes(arg)?,
        is_path: is_path(arg),
        opens: arg.get::<Opens>().is_some() || is_address(arg),
        conflicts: conflicts.map(str::to_owned).collect(),
        alternatives: owned(alternatives),
        needs: owned(needs),
        name,
    })
}

/// What a flag takes; nothing for one that cannot be set, such as `--help`.
pub(super) fn takes(arg: &Arg) -> Option<Takes> {
    let is_pair = arg.get_value_parser().type_id() == TypeId::of::<(String, String)>();
    let can_be_bare = arg
        .get_num_args()
        .is_some_and(|range| range.min_values() == 0);
    match arg.get_action() {
        ArgAction::SetTrue => Some(Takes::Nothing),
        ArgAction::Set if can_be_bare => Some(Takes::MaybeValue),
        ArgAction::Set => Some(Takes::Value),
        ArgAction::Append if is_pair => Some(Takes::Pairs),
        ArgAction::Append => Some(Takes::Values),
        _ => None,
    }
}

/// Whether something besides the command line can set a flag.
pub(in crate::cli) fn can_be_set(arg: &Arg) -> bool {
    arg.get_long().is_some() && takes(arg).is_some()
}

fn is_path(arg: &Arg) -> bool {
    matches!(
        arg.get_value_hint(),
        ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath | ValueHint::ExecutablePath
    )
}

fn is_address(arg: &Arg) -> bool {
    matches!(
        arg.get_value_hint(),
        ValueHint::Hostname | ValueHint::Url | ValueHint::EmailAddress
    )
}
