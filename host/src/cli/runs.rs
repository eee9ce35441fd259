//! `gorgon runs`: what is saved, and making room.

use clap::{Args, Subcommand};

use super::run::{RUNS_BYTES, RUNS_KEPT, users_runs};
use super::{Done, output, values};
use crate::clock;
use crate::error::{Error, Exit};
use crate::report;
use crate::report::format;
use crate::saved::Runs;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon runs
  gorgon runs prune --keep 20 --size 100MiB")]
pub(super) struct RunsArgs {
    #[command(subcommand)]
    command: Option<RunsCommand>,
}

#[derive(Debug, Subcommand)]
enum RunsCommand {
    /// Remove the oldest runs
    Prune {
        /// How many to keep
        #[arg(long, value_name = "COUNT", value_parser = values::count, allow_hyphen_values = true)]
        keep: Option<u64>,

        /// How much room they may take together
        #[arg(long, value_name = "SIZE", value_parser = values::size, allow_hyphen_values = true)]
        size: Option<u64>,
    },
}

impl RunsArgs {
    pub(super) fn main(self) -> Done {
        let runs = users_runs().ok_or_else(nowhere)?;
        match self.command {
            None => Ok(list(&runs)),
            Some(RunsCommand::Prune { keep, size }) => Ok(prune(&runs, keep, size)),
        }
    }
}

fn list(runs: &Runs) -> Exit {
    let entries = runs.list();
    if entries.is_empty() {
        output::notice(&format!(
            "no run is saved in `{}`",
            runs.directory().display()
        ));
    }
    output::to_stdout(|out| report::runs::write(out, &entries, output::stdout_style()))
}

fn prune(runs: &Runs, keep: Option<u64>, size: Option<u64>) -> Exit {
    let keep = keep.map_or(RUNS_KEPT, |keep| {
        usize::try_from(keep).unwrap_or(usize::MAX)
    });
    let removed = runs.prune(keep, size.unwrap_or(RUNS_BYTES), clock::wall(), None);
    let shown = output::to_stdout(|out| {
        for path in &removed {
            writeln!(out, "{}", output::escaped(&path.display().to_string()))?;
        }
        Ok(())
    });
    output::notice(&format!(
        "{} removed",
        format::plural(removed.len() as u64, "run", "runs")
    ));
    shown
}

fn nowhere() -> Error {
    Error::new(Exit::Environment, "there is no place where runs are saved")
        .because("neither `GORGON_STATE_DIR` nor `XDG_STATE_HOME` nor `HOME` is set")
        .hint("set one of them, or name files: `gorgon run --save FILE`, `gorgon report FILE`")
}
