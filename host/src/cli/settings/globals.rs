//! The flags of the whole program, which say where settings come from.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};
use clap_complete::ArgValueCandidates;

use super::model::takes;
use super::typed::Typed;
use crate::error::Result;
use crate::settings::{self, Flag, Setting, Variables};

pub(super) const CONFIG: &str = "config";
pub(super) const NO_CONFIG: &str = "no-config";
pub(super) const PROFILE: &str = "profile";

/// Adds them to the program. No field of the parsed command line stands for them: when it is parsed they have had their
/// effect.
pub(in crate::cli) fn with_globals(command: Command) -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .help(help)
            .help_heading("Settings from files")
            .global(true)
    };
    let profiles = ArgValueCandidates::new(super::super::completions::profiles);
    command
        .arg(
            flag(PROFILE, "Take the settings of this profile too")
                .value_name("NAME")
                .conflicts_with(NO_CONFIG)
                .add(profiles),
        )
        .arg(
            flag(
                CONFIG,
                "Take settings from this file instead of the nearest `gorgon.toml`",
            )
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .conflicts_with(NO_CONFIG),
        )
        .arg(flag(NO_CONFIG, "Take no settings from files").action(ArgAction::SetTrue))
}

/// What they are set to, by the command line or by variables.
///
/// # Errors
/// A variable has a value that cannot be used.
pub(super) fn said(built: &Command, typed: &Typed, variables: &Variables) -> Result<Vec<Setting>> {
    let command = flags(built);
    let set = variables.layer(&command, &command, |_| false)?;
    let layers = vec![typed.globals.clone(), set];
    Ok(settings::resolve(&command, layers).effective)
}

/// They as far as something can set them.
pub(super) fn flags(built: &Command) -> settings::Command {
    let args = built.get_arguments().filter(|arg| arg.is_global_set());
    let flags = args.filter_map(|arg| {
        let name = arg.get_long()?.to_owned();
        let conflicts = match name.as_str() {
            NO_CONFIG => vec![CONFIG.to_owned(), PROFILE.to_owned()],
            _ => Vec::new(),
        };
        let takes = takes(arg)?;
        Some(Flag {
            name,
            takes,
            conflicts,
            ..Flag::default()
        })
    });
    settings::Command {
        flags: flags.collect(),
        ..settings::Command::default()
    }
}

/// Arguments without those that add settings. What stands behind `--` is none, and `--no-config` stays.
pub(super) fn removed(args: &[OsString]) -> Vec<OsString> {
    let (config, profile) = (typed(CONFIG), typed(PROFILE));
    let with_value = |arg: &OsString| {
        let arg = arg.as_encoded_bytes();
        [&config, &profile].iter().any(|flag| {
            let rest = arg.strip_prefix(flag.as_encoded_bytes());
            rest.is_some_and(|rest| rest.starts_with(b"="))
        })
    };
    let mut kept = Vec::with_capacity(args.len());
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "--" {
            kept.push(arg.clone());
            kept.extend(rest.by_ref().cloned());
        } else if *arg == config || *arg == profile {
            rest.next();
        } else if !with_value(arg) {
            kept.push(arg.clone());
        }
    }
    kept
}

/// Only them, with their values.
pub(in crate::cli) fn only(args: &[OsString]) -> Vec<OsString> {
    let others = removed(args);
    let mut others = others.iter().peekable();
    let is_one = |arg: &&OsString| others.next_if_eq(arg).is_none() || **arg == typed(NO_CONFIG);
    args.iter().filter(is_one).cloned().collect()
}

/// Whether a command line asks for settings from files, and for none. Clap has the words for that.
pub(super) fn contradict(globals: &[Setting]) -> bool {
    let has = |name: &str| globals.iter().any(|setting| setting.flag == name);
    has(NO_CONFIG) && (has(CONFIG) || has(PROFILE))
}

/// The word by which a flag is typed.
fn typed(name: &str) -> OsString {
    format!("--{name}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_removed_wherever_they_stand_but_behind_two_dashes() {
        #[track_caller]
        fn check(args: &str, expected: &str) {
            let split = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
            assert_eq!(removed(&split(args)), split(expected));
        }
        check("gorgon run hash -n 5", "gorgon run hash -n 5");
        check(
            "gorgon --no-config run --config f hash --profile=ci",
            "gorgon --no-config run hash",
        );
        check(
            "gorgon run --profile ci -- --no-config",
            "gorgon run -- --no-config",
        );
        check("gorgon run --profiles", "gorgon run --profiles");
    }

    #[test]
    fn they_are_what_is_left_without_all_others() {
        let args = [
            "config",
            "--explain",
            "--profile",
            "ci",
            "--json",
            "--no-config",
            "--config=f",
        ];
        let only = only(&args.map(OsString::from));
        assert_eq!(only, ["--profile", "ci", "--no-config", "--config=f"]);
    }
}
