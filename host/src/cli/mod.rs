//! The command line: what can be said, and what then happens. The only module that names clap.
//!
//! Each sub-command is a file with its arguments and a function that does it. Results go to stdout; everything else,
//! errors, notices and progress, goes to stderr.

mod adapt;
mod build;
mod doctor;
mod facts;
mod inspect;
mod list;
mod live;
mod new;
mod open;
mod operation;
mod outcomes;
mod output;
mod readings;
mod report;
mod run;
mod runs;
mod saved_run;
mod sink;
mod suite;
mod target;
mod trial;
pub mod values;
mod views;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::error::{Error, Exit, Result};
use crate::signals::Leave;

/// The versions that matter when somebody reports something.
const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (wasmtime ",
    env!("GORGON_WASMTIME_VERSION"),
    ")"
);

/// A load runner whose operations are WebAssembly components
///
/// Write one function, `run(number) -> tag`, in a language that targets WASI; gorgon calls it as often as asked, from as
/// many workers as asked, and reports how often each tag came back and how long it took.
#[derive(Debug, Parser)]
#[command(name = "gorgon", version = VERSION, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Call an operation many times and report
    Run(Box<run::RunArgs>),
    /// Make one call and show everything about it
    Try(trial::TryArgs),
    /// Tell what an operation is, what it imports and what it would be allowed
    Inspect(inspect::InspectArgs),
    /// Write a small project to begin with
    New(new::NewArgs),
    /// Build a project with the one command of its language
    Build(build::BuildArgs),
    /// Write the component that a core module is run as
    Adapt(adapt::AdaptArgs),
    /// Make several runs and compare them in one report
    Suite(suite::SuiteArgs),
    /// Show a saved run again, or several as one
    Report(report::ReportArgs),
    /// List the saved runs, or remove old ones
    Runs(runs::RunsArgs),
    /// Look whether this machine is fit to make load, and tell what to change
    Doctor(doctor::DoctorArgs),
    /// List the stock plugins
    List(list::ListArgs),
    /// Serve HTTP on this machine, to try operations against
    Target(target::TargetArgs),
}

/// Does what the command line says and tells how the process is to end.
pub fn main(args: impl IntoIterator<Item = OsString>, leave: Leave) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return usage(error),
    };
    let done = match cli.command {
        Command::Run(run_args) => run_args.main(&args, leave),
        Command::Try(args) => args.main(),
        Command::Inspect(args) => args.main(),
        Command::New(args) => args.main(),
        Command::Build(args) => args.main(),
        Command::Adapt(args) => args.main(),
        Command::Suite(suite_args) => suite_args.main(&args, leave),
        Command::Report(args) => args.main(),
        Command::Runs(args) => args.main(),
        Command::Doctor(args) => args.main(),
        Command::List(args) => args.main(),
        Command::Target(args) => args.main(),
    };
    done.unwrap_or_else(|error| {
        output::error(&error);
        error.exit()
    })
}

/// Help and version are answers; everything else that clap has to say is an error of exit code 64.
fn usage(error: clap::Error) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            output::to_stdout(|out| write!(out, "{}", output::rendered(&text)))
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            output::to_stderr(&Cli::command().render_help().ansi().to_string());
            Exit::Usage
        }
        _ => {
            output::to_stderr(&error.render().ansi().to_string());
            if let Some(operation) = unknown_command(&error) {
                output::to_stderr(&format!(
                    "  hint: to run it: `gorgon run {operation} -n 100`\n"
                ));
            }
            Exit::Usage
        }
    }
}

/// The file or plugin in `gorgon op.wasm`, where a sub-command should be.
fn unknown_command(error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue};
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word))
            if word.ends_with(".wasm") || crate::plugins::find(word).is_some() =>
        {
            Some(word.clone())
        }
        _ => None,
    }
}

/// An error of the command line that clap cannot see, because it is about several flags or about this machine.
fn misused(what: impl Into<String>) -> Error {
    Error::new(Exit::Usage, what)
}

type Done = Result<Exit>;
