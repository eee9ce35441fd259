//! `gorgon run … -w 1,2,4,8`: a suite that needs no file.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args};

use super::super::suite::{self, Session, SuiteViewArgs, flags};
use super::super::views::ViewArgs;
use super::super::{Done, misused, output, program};
use super::RunArgs;
use super::several::parts;
use crate::error::Result;
use crate::signals::Leave;
use crate::suite::file::Entry;
use crate::suite::{Alternative, File, Flag, FlagKind, Plan, Setting, With, expand};

/// The flags whose list stands for several runs.
const LISTS: [&str; 2] = ["workers", "rate"];

/// Makes the runs of a command line that was read before.
pub(super) fn main(argv: &[OsString], leave: Leave) -> Done {
    let unread = || misused("the command line cannot be read twice");
    let matches = program().try_get_matches_from(argv).map_err(|_| unread())?;
    let (_, matches) = matches.subcommand().ok_or_else(unread)?;
    if matches.get_flag("quiet") {
        output::be_quiet();
    }
    if is_given(matches, "save") {
        return Err(misused("`--save` names one file, and there are several runs")
            .hint("leave it out: they are saved together, and `gorgon suite --show last` shows them again"));
    }
    let views = views(matches)?;
    let plan = plan(matches)?;
    suite::check(&plan, None)?;
    Session {
        plan,
        argv: argv.to_vec(),
        file: None,
        folder: None,
        save_dir: None,
        no_save: matches.get_flag("no_save"),
        quiet: matches.get_flag("quiet"),
        views,
        leave,
    }
    .run()
}

/// The views of one run that are views of several, too.
fn views(matches: &ArgMatches) -> Result<SuiteViewArgs> {
    let of_suite = SuiteViewArgs::augment_args(clap::Command::new("views"));
    let of_run = ViewArgs::augment_args(clap::Command::new("views"));
    for arg in of_run.get_arguments() {
        let id = arg.get_id().as_str();
        let has_it = of_suite.get_arguments().any(|other| other.get_id() == id);
        if is_given(matches, id) && !has_it {
            let name = arg.get_long().unwrap_or(id);
            return Err(
                misused(format!("`--{name}` shows one run, and there are several")).hint(format!(
                    "`gorgon report FILE --{name} …` shows one of them, later"
                )),
            );
        }
    }
    Ok(SuiteViewArgs::of(|id| {
        // A view of a suite may be none of a run.
        matches.try_contains_id(id).ok()?;
        let path = matches.get_raw(id)?.next()?;
        is_given(matches, id).then(|| PathBuf::from(path))
    }))
}

fn plan(matches: &ArgMatches) -> Result<Plan> {
    let operations = texts(matches, "operations")?;
    let name = operations.join(" + ");
    let mut settings = vec![Setting {
        key: "operation".to_owned(),
        alternatives: vec![Alternative {
            operations,
            ..Alternative::default()
        }],
        ..Setting::default()
    }];
    let command = RunArgs::augment_args(clap::Command::new("run"));
    let mut given: Vec<(usize, Setting)> = Vec::new();
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        let Some(flag) = flags::of(arg).filter(|_| is_given(matches, id)) else {
            continue;
        };
        let is_of_run = flag.refused.is_none() || flag.name == "verbose";
        let Some(place) = matches.index_of(id).filter(|_| is_of_run) else {
            continue;
        };
        given.push((place, setting(&flag, texts(matches, id)?)));
    }
    given.sort_by_key(|(place, _)| *place);
    settings.extend(given.into_iter().map(|(_, setting)| setting));
    let entry = Entry {
        name,
        settings,
        repeat: 1,
        ..Entry::default()
    };
    let file = File {
        entries: vec![entry],
        ..File::default()
    };
    expand(&file, 0)
}

fn setting(flag: &Flag, values: Vec<String>) -> Setting {
    let whole = values.first().filter(|_| LISTS.contains(&&*flag.name));
    let several = whole
        .map(|whole| parts(whole))
        .filter(|parts| parts.len() > 1);
    // Stages of a rate hold commas too, but not in a run of several workers alone.
    let several =
        several.filter(|parts| flag.name != "rate" || !parts.iter().any(|part| is_stage(part)));
    let is_list = several.is_some();
    let alternatives = match several {
        Some(parts) => parts.into_iter().map(|value| one(flag, value)).collect(),
        None => vec![Alternative {
            args: match flag.kind {
                FlagKind::Switch => flag.args(&[]),
                _ => flag.args(&values),
            },
            ..Alternative::default()
        }],
    };
    Setting {
        key: flag.name.clone(),
        alternatives,
        is_list,
        ..Setting::default()
    }
}

fn one(flag: &Flag, value: String) -> Alternative {
    Alternative {
        args: flag.args(std::slice::from_ref(&value)),
        with: With {
            name: flag.name.clone(),
            text: flag.with(&value),
            value,
        },
        ..Alternative::default()
    }
}

/// Whether a part of a rate is a stage, which has a length.
fn is_stage(part: &str) -> bool {
    let curve = part.parse::<crate::schedule::Curve>();
    !curve.is_ok_and(|curve| curve.duration_ns().is_none())
}

fn is_given(matches: &ArgMatches, id: &str) -> bool {
    matches.value_source(id) == Some(ValueSource::CommandLine)
}

fn texts(matches: &ArgMatches, id: &str) -> Result<Vec<String>> {
    let values = matches.get_raw(id).into_iter().flatten();
    let text = |value: &OsStr| {
        value.to_str().map(str::to_owned).ok_or_else(|| {
            misused("with a list of workers or rates, every argument has to be text")
                .because(format!("`{}` is not UTF-8", value.display()))
        })
    };
    values.map(text).collect()
}
