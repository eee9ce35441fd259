//! The command line: what can be said, and what then happens. The only module that names clap.
//!
//! Each sub-command is a file with its arguments and a function that does it. Results go to stdout; everything else,
//! errors, notices and progress, goes to stderr.

mod adapt;
mod build;
mod ci;
mod compare;
mod completions;
mod config;
mod doctor;
mod facts;
mod inspect;
mod list;
mod live;
mod man;
mod misuse;
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
mod settings;
mod sink;
mod sinks;
mod suite;
mod target;
mod trial;
pub mod values;
mod views;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use self::settings::Settled;
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
    /// Tell whether operations, or saved runs, differ, and how sure that is
    Compare(Box<compare::CompareArgs>),
    /// List the saved runs, or remove old ones
    Runs(runs::RunsArgs),
    /// Look whether this machine is fit to make load, and tell what to change
    Doctor(doctor::DoctorArgs),
    /// List the stock plugins
    List(list::ListArgs),
    /// Serve HTTP on this machine, to try operations against
    Target(target::TargetArgs),
    /// Show where the values of flags come from: files, variables, the command line
    Config(config::ConfigArgs),
    /// Print what a shell needs to complete command lines
    Completions(completions::CompletionsArgs),
    /// Print a page of the manual, or write all of them
    Man(man::ManArgs),
}

/// The program as clap has it: its commands, and the flags of the whole program.
fn program() -> clap::Command {
    let command = Cli::command().mut_subcommand("compare", compare::explained);
    settings::with_globals(command)
}

/// Does what the command line says and tells how the process is to end.
pub fn main(args: impl IntoIterator<Item = OsString>, leave: Leave) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    if let Some(exit) = completions::answer(&args) {
        return exit;
    }
    let command = program();
    let (args, done) = match settings::settle(&command, &args) {
        Err(error) => (args, Err(error)),
        Ok(settled) => match parse(&command, &settled.args) {
            Ok(cli) => {
                let done = cli.command.main(&settled, leave);
                let done = done.map_err(|error| misuse::traced(error, &settled));
                (settled.args, done)
            }
            Err(error) if !error.use_stderr() => return help(&error),
            Err(error) if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                output::to_stderr(&error.render().ansi().to_string());
                return Exit::Usage;
            }
            Err(error) => {
                let error = misuse::error(&error, &command, &args, &settled);
                (settled.args, Err(error))
            }
        },
    };
    done.unwrap_or_else(|error| {
        misuse::tell(&error, misuse::wants_json(&args));
        error.exit()
    })
}

fn parse(command: &clap::Command, args: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = command.clone().try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches)
}

impl Command {
    /// Does what it is for. `settled` has the whole command line.
    fn main(self, settled: &Settled, leave: Leave) -> Done {
        let args = &settled.args;
        match self {
            Command::Run(run_args) => run_args.main(args, leave),
            Command::Try(args) => args.main(),
            Command::Inspect(args) => args.main(),
            Command::New(args) => args.main(),
            Command::Build(args) => args.main(),
            Command::Adapt(args) => args.main(),
            Command::Suite(suite_args) => suite_args.main(args, leave),
            Command::Report(args) => args.main(),
            Command::Compare(compare_args) => compare_args.main(settled, leave),
            Command::Runs(args) => args.main(),
            Command::Doctor(args) => args.main(),
            Command::List(args) => args.main(),
            Command::Target(args) => args.main(),
            Command::Config(config_args) => config_args.main(args),
            Command::Completions(completions_args) => completions_args.main(args.first()),
            Command::Man(args) => args.main(),
        }
    }
}

/// Help and version are answers.
fn help(answer: &clap::Error) -> Exit {
    let text = answer.render();
    output::to_stdout(|out| write!(out, "{}", output::rendered(&text)))
}

/// An error of the command line that clap cannot see, because it is about several flags or about this machine.
fn misused(what: impl Into<String>) -> Error {
    Error::new(Exit::Usage, what)
}

type Done = Result<Exit>;
