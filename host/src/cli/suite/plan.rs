//! The runs of a suite before the first is made: whether each can be, and how they are shown.

use std::path::Path;

use clap::Parser;

use super::shell;
use crate::cli::{Cli, Command, misused, output};
use crate::error::{Error, Exit, Result};
use crate::plugins;
use crate::redact;
use crate::suite::{Plan, PlannedRun};

/// Checks that the command line of every run is one, and that its operations are there, unless something is done before that
/// may make them. `folder` is where the runs are made.
///
/// # Errors
/// One is not; the error says which, and why.
pub(in crate::cli) fn check(plan: &Plan, folder: Option<&Path>) -> Result<()> {
    plan.runs.iter().try_for_each(|run| parsed(run).map(drop))?;
    match plan.around.before.is_empty() {
        true => check_operations(plan, folder),
        false => Ok(()),
    }
}

/// The operations of a run.
///
/// # Errors
/// As [`check`].
fn parsed(run: &PlannedRun) -> Result<Vec<String>> {
    let mut args = vec!["gorgon".to_owned(), "run".to_owned()];
    args.extend(run.args.iter().cloned());
    if run.rate_of.is_some() {
        // Whatever it will be.
        args.extend(rate(1.0));
    }
    let cli =
        Cli::try_parse_from(&args).map_err(|cause| unusable(run).because(clap_words(&cause)))?;
    let Command::Run(parsed) = cli.command else {
        return Err(unusable(run).because("its arguments are no run"));
    };
    let checked = parsed.check_as_part_of_suite();
    checked
        .and_then(|()| parsed.operation_names())
        .map_err(|cause| {
            let error = unusable(run).because(cause.what());
            let error = cause.causes().iter().fold(error, Error::because);
            cause.hints().iter().fold(error, Error::hint)
        })
}

/// Checks that the operations of all runs are there, but for those that something is done before: it may make them.
///
/// # Errors
/// One is not.
pub(super) fn check_operations(plan: &Plan, folder: Option<&Path>) -> Result<()> {
    for run in plan.runs.iter().filter(|run| run.around.before.is_empty()) {
        for operation in parsed(run)? {
            let path = folder.map_or_else(
                || Path::new(&operation).to_owned(),
                |folder| folder.join(&operation),
            );
            let is_plugin = plugins::find(&operation).is_some();
            if !is_plugin && !operation.contains("://") && !path.exists() {
                let error = missing(&operation, &path);
                return Err(error.because(format!("the run `{}` needs it", run.label())));
            }
        }
    }
    Ok(())
}

fn missing(operation: &str, path: &Path) -> Error {
    let near = crate::near::near(operation, plugins::ALL.iter().map(|plugin| plugin.name));
    if operation.contains('/') || operation.ends_with(".wasm") {
        return Error::new(
            Exit::NoInput,
            format!("there is no operation `{}`", path.display()),
        )
        .hint("a path in a suite begins at the folder of its file");
    }
    let error = Error::new(
        Exit::NoInput,
        format!("there is no stock plugin `{}`", operation.escape_debug()),
    );
    match near {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`gorgon list` shows them; a file is given by its path"),
    }
}

fn unusable(run: &PlannedRun) -> Error {
    let what = format!("the run `{}` cannot be made", run.label());
    match run.line {
        0 => misused(what),
        line => misused(what).because(format!("line {line} of the suite")),
    }
}

/// The part of clap's words that says what is wrong.
fn clap_words(error: &clap::Error) -> String {
    let text = error.to_string();
    let text = text.split("\n\nUsage:").next().unwrap_or_default();
    let text = text
        .split("\n\nFor more information")
        .next()
        .unwrap_or_default();
    text.trim_start_matches("error: ").trim().to_owned()
}

/// The arguments that set a rate that was not known before.
pub(super) fn rate(per_s: f64) -> [String; 2] {
    ["--rate".to_owned(), rounded(per_s)]
}

/// A rate to about four digits: no more than it is known to.
fn rounded(per_s: f64) -> String {
    match per_s {
        per_s if per_s >= 1_000.0 => format!("{per_s:.0}"),
        per_s if per_s >= 1.0 => format!("{per_s:.2}"),
        per_s => format!("{per_s:.6}"),
    }
}

/// The command line of a run, for a person.
pub(super) fn command(run: &PlannedRun) -> Vec<String> {
    let mut command = vec!["gorgon".to_owned(), "run".to_owned()];
    command.extend(run.args.iter().map(|arg| redact::argument(arg)));
    if let Some(rate_of) = &run.rate_of {
        command.extend(["--rate".to_owned(), rate_of.to_string()]);
    }
    command
}

/// Prints the plan.
pub(super) fn show(plan: &Plan, folder: Option<&Path>) -> Exit {
    output::to_stdout(|out| {
        if let Some(title) = &plan.title {
            writeln!(out, "# {}", output::escaped(title))?;
        }
        if let Some(folder) = folder {
            writeln!(
                out,
                "cd {}",
                output::escaped(&shell::line(&[folder.to_string_lossy()]))
            )?;
        }
        if let Some(seed) = plan.order_seed {
            writeln!(out, "# in random order, of seed {seed}")?;
        }
        if plan.numbers_continue {
            writeln!(
                out,
                "# each run begins with the number after the last of the run before it"
            )?;
        }
        around(out, &plan.around.before, "before all")?;
        for (index, run) in plan.runs.iter().enumerate() {
            let place = format!("{}/{}", index + 1, plan.runs.len());
            writeln!(out, "\n# {place} {}", output::escaped(&run.label()))?;
            around(out, &run.around.before, "before")?;
            if let Some(address) = &run.around.wait_for {
                writeln!(
                    out,
                    "# waits for a connection to {}",
                    output::escaped(address)
                )?;
            }
            writeln!(out, "{}", output::escaped(&shell::line(&command(run))))?;
            around(out, &run.around.after, "after")?;
        }
        if !plan.around.after.is_empty() {
            writeln!(out)?;
        }
        around(out, &plan.around.after, "after all")
    })
}

fn around(
    out: &mut dyn std::io::Write,
    commands: &[crate::suite::file::CommandLine],
    when: &str,
) -> std::io::Result<()> {
    use crate::suite::file::CommandLine;
    for command in commands {
        let line = match command {
            CommandLine::Shell(line) => line.trim().to_owned(),
            CommandLine::Argv(args) => shell::line(args),
        };
        writeln!(out, "{}  # {when}", output::escaped(&line))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_as_exact_as_they_are_known() {
        #[track_caller]
        fn check(per_s: f64, expected: &str) {
            assert_eq!(rounded(per_s), expected);
            assert!(crate::cli::values::rate(expected).is_ok());
        }
        check(12_345.678, "12346");
        check(702.345, "702.35");
        check(0.012_345_6, "0.012346");
    }
}
