//! Completes the command line with what variables and files set.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::announce::announce;
use super::globals::NO_CONFIG;
use super::model::{MAIN, program};
use super::typed::Typed;
use super::{Files, Settled, files, globals};
use crate::component::is_variable_of_programs;
use crate::error::Result;
use crate::settings::{self, LeftOut, Origin, Place, Resolved, Setting, Variables};

/// The command line with all that is set elsewhere. Tells a person what a project's file sets, and what looks wrong.
///
/// # Errors
/// A variable or a file has something that cannot be used.
pub(in crate::cli) fn settle(command: &Command, args: &[OsString]) -> Result<Settled> {
    let built = built(command);
    let program = program(&built);
    let variables = Variables::new(std::env::vars_os());
    let Some((settled, files)) = gather(command, args, &program, &variables)? else {
        return Ok(Settled::as_typed(args));
    };
    let is_quiet = settled.resolved.effective.iter().any(|setting| {
        // A file that asks for quiet does not silence what is said about itself.
        setting.flag == "quiet" && setting.given.is_on() && setting.origin.file().is_none()
    });
    if !is_quiet {
        announce(&settled, &files, &variables, &program, &built);
    }
    Ok(settled)
}

/// The same without a word; nothing where the command line cannot be read, or no flag of its command can be set.
///
/// # Errors
/// As [`settle`].
pub(in crate::cli) fn gather(
    command: &Command,
    args: &[OsString],
    program: &settings::Command,
    variables: &Variables,
) -> Result<Option<(Settled, Files)>> {
    let Some(typed) = Typed::read(command, args) else {
        return Ok(None);
    };
    if globals::contradict(&typed.globals) {
        return Ok(None);
    }
    let Some(target) = program
        .at(&typed.path)
        .filter(|target| !target.flags.is_empty())
    else {
        return Ok(None);
    };
    let built = built(command);
    let globals = globals::said(&built, &typed, variables)?;
    let files = Files::read(&globals, program)?;
    let main = program.child(MAIN).unwrap_or(target);
    let mut layers = vec![
        typed.layer,
        variables.layer(target, main, is_variable_of_programs)?,
    ];
    layers.extend(files.layers(&typed.path, target)?);
    let mut settled = Settled {
        resolved: settings::resolve(target, layers),
        path: typed.path,
        ..Settled::default()
    };
    settled.args = completed(&built, args, &settled.resolved);
    leave_out_the_needy(&built, args, &mut settled);
    Ok(Some((settled, files)))
}

/// Where files are looked for, as a command line says.
///
/// # Errors
/// A variable has something that cannot be used.
pub(in crate::cli) fn places(command: &Command, args: &[OsString]) -> Result<Vec<Place>> {
    let variables = Variables::new(std::env::vars_os());
    match Typed::read(command, args) {
        Some(typed) => Ok(files::places(&globals::said(
            &built(command),
            &typed,
            &variables,
        )?)),
        None => Ok(Vec::new()),
    }
}

/// The program with everything that clap adds to it.
pub(in crate::cli) fn built(command: &Command) -> Command {
    let mut built = command.clone();
    built.build();
    built
}

/// The command line with what was said elsewhere, and without what says where that is.
fn completed(built: &Command, args: &[OsString], resolved: &Resolved) -> Vec<OsString> {
    let added = || {
        let effective = resolved.effective.iter();
        effective.filter(|setting| setting.origin != Origin::CommandLine)
    };
    let (begin, rest) = args.split_at(end_of_names(built, args));
    let mut completed = globals::removed(begin);
    if added().any(|setting| setting.origin.file().is_some()) {
        completed.push(format!("--{NO_CONFIG}").into());
    }
    completed.extend(added().flat_map(Setting::arguments));
    completed.extend(globals::removed(rest));
    completed
}

/// Where the names end that lead to a command: the index of the first argument behind them.
fn end_of_names(built: &Command, args: &[OsString]) -> usize {
    command_of(built, args).1
}

/// The command that a command line names, and the index of the first argument behind its name.
pub(in crate::cli) fn command_of<'a>(
    built: &'a Command,
    args: &[OsString],
) -> (&'a Command, usize) {
    let (mut command, mut end, mut at) = (built, 1, 1);
    while let Some(word) = args.get(at) {
        at += 1;
        let text = word.to_string_lossy();
        if text.starts_with('-') {
            let flag = text.strip_prefix("--").unwrap_or_default();
            let is_it =
                |arg: &clap::Arg| arg.get_long() == Some(flag) && arg.get_action().takes_values();
            at += usize::from(command.get_arguments().any(is_it));
            continue;
        }
        let Some(below) = command.find_subcommand(word) else {
            break;
        };
        (command, end) = (below, at);
    }
    (command, end.min(args.len()))
}

/// Leaves out what was said elsewhere and needs a flag that is not there, such as `arrivals` where there is no rate.
fn leave_out_the_needy(built: &Command, args: &[OsString], settled: &mut Settled) {
    let mut missing = missing(built, &settled.args);
    let mut at = 0;
    while !missing.is_empty() && at < settled.resolved.effective.len() {
        let is_typed = settled.resolved.effective[at].origin == Origin::CommandLine;
        let mut without = settled.resolved.clone();
        let setting = without.effective.remove(at);
        let completed = completed(built, args, &without);
        let still = self::missing(built, &completed);
        match missing.iter().find(|flag| !still.contains(flag)) {
            Some(needed) if !is_typed => {
                let flag = needed.clone();
                without.left_out.push(LeftOut {
                    setting,
                    flag,
                    origin: None,
                });
                (settled.resolved, settled.args, missing) = (without, completed, still);
                // What was needed by several is told of the last of them alone.
                at = 0;
            }
            _ => at += 1,
        }
    }
}

/// What is missing from a command line, as clap names it.
fn missing(built: &Command, args: &[OsString]) -> Vec<String> {
    match built.clone().try_get_matches_from(args) {
        Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => {
            match error.get(ContextKind::InvalidArg) {
                Some(ContextValue::Strings(missing)) => missing.clone(),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
