//! Where a run is saved, and what is saved of it besides its numbers.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::output;
use crate::clock;
use crate::engine::Finished;
use crate::engine::control::Cause;
use crate::error::{Error, Exit, Result};
use crate::report::RunView;
use crate::saved::{Event, Header, RunFile, Runs};
use crate::stats::RunFacts;
use crate::thresholds::Evaluated;

/// Runs that are kept in the user's own directory, and the bytes they may take together.
pub(in crate::cli) const RUNS_KEPT: usize = 100;
pub(in crate::cli) const RUNS_BYTES: u64 = 1 << 30;

#[derive(Debug, Args)]
pub(in crate::cli) struct SaveArgs {
    /// Save the run to this file instead of the directory of `gorgon runs`
    #[arg(long, value_name = "FILE", conflicts_with = "no_save")]
    save: Option<PathBuf>,

    /// Do not save the run
    #[arg(long)]
    no_save: bool,

    /// This is a run of a suite, which says itself where it is saved
    #[arg(long, requires = "save", hide = true)]
    in_suite: bool,
}

/// What is known of a run besides what its ticks hold.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::cli) struct SavedFacts {
    /// The facts; as far as they are known, in the header of a run that goes on.
    pub(in crate::cli) facts: RunFacts,
    /// What the process ended with.
    #[serde(default)]
    pub(in crate::cli) exit_code: Option<u8>,
    /// The rules it was held to.
    #[serde(default)]
    pub(in crate::cli) rules: Vec<Evaluated>,
    /// Whether those without enough data count as kept.
    #[serde(default)]
    pub(in crate::cli) allow_no_data: bool,
}

impl SavedFacts {
    /// As it is put into a file.
    pub(in crate::cli) fn to_value(&self) -> serde_json::Value {
        // Plain data with text for keys: there is nothing in it that JSON cannot hold.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Read from a file.
    ///
    /// # Errors
    /// It was written by a version with other facts.
    pub(in crate::cli) fn from_value(value: &serde_json::Value) -> serde_json::Result<SavedFacts> {
        SavedFacts::deserialize(value)
    }
}

impl SaveArgs {
    /// The file that was asked for.
    pub(in crate::cli) fn file(&self) -> Option<&Path> {
        self.save.as_deref()
    }

    /// Opens the file that the run is saved to, and tells what will become of it. `is_needed` says that there has to be one,
    /// if only for the time of the run.
    ///
    /// # Errors
    /// A file that was asked for by name, or that is needed, cannot be made. That the user's own directory cannot be used is
    /// a notice.
    pub(super) fn open(
        &self,
        facts: &mut RunFacts,
        is_needed: bool,
    ) -> Result<Option<(RunFile, Place)>> {
        let mut header = header(facts);
        if let Some(path) = &self.save {
            let file = RunFile::create(path, &header)?;
            let place = match self.in_suite {
                true => Place::Suite,
                false => Place::Asked,
            };
            return Ok(Some((file, place)));
        }
        let made = match self.no_save {
            true => None,
            false => Some(users_runs().map(|runs| runs.create(&mut header))),
        };
        match made {
            Some(Some(Ok(file))) => {
                facts.run_id = header.run_id;
                return Ok(Some((file, Place::Users)));
            }
            Some(None) => {
                output::notice("the run is not saved: neither HOME nor XDG_STATE_HOME says where");
            }
            Some(Some(Err(error))) => {
                output::notice(&format!("the run is not saved: {}", on_one_line(&error)));
            }
            None => {}
        }
        match is_needed {
            true => temporary(&header).map(Some),
            false => Ok(None),
        }
    }
}

/// Where a run is saved, and so what becomes of the file.
#[derive(Debug)]
pub(super) enum Place {
    /// Among the user's runs, of which the oldest are removed.
    Users,
    /// Where it was asked for.
    Asked,
    /// Among the runs of a suite.
    Suite,
    /// In a directory that is removed with this, because views are made of it and nobody wants to keep it.
    Temporary { _folder: tempfile::TempDir },
}

impl Place {
    /// Completes the file and tells where it is.
    ///
    /// # Errors
    /// Something of it could not be written.
    pub(super) fn finish(&self, file: RunFile, run: &RunView) -> Result<PathBuf> {
        let facts = SavedFacts {
            facts: run.summary.facts.clone(),
            exit_code: run.exit_code,
            rules: run.rules.clone(),
            allow_no_data: run.allow_no_data,
        };
        let path = file.finish(facts.to_value())?;
        match self {
            Place::Users => {
                tell(&facts.facts.run_id);
                if let Some(runs) = users_runs() {
                    // An old run more or less is nothing to bother anybody with.
                    runs.prune(RUNS_KEPT, RUNS_BYTES, clock::wall(), Some(&path));
                }
            }
            Place::Asked => tell(&path.display().to_string()),
            Place::Suite | Place::Temporary { .. } => {}
        }
        Ok(path)
    }
}

fn temporary(header: &Header) -> Result<(RunFile, Place)> {
    let folder = tempfile::tempdir().map_err(|cause| {
        Error::new(
            Exit::CannotWrite,
            "there is no place for what the run records",
        )
        .caused_by(&cause)
        .hint("set `TMPDIR` to a folder that can be written to, or leave out `--no-save`")
    })?;
    let file = RunFile::create(&folder.path().join("run"), header)?;
    Ok((file, Place::Temporary { _folder: folder }))
}

/// What happened to the run itself.
pub(super) fn events(finished: &Finished, cause: Option<&Cause>) -> impl Iterator<Item = Event> {
    let gaps = finished.gaps.iter().map(|gap| Event {
        at_ns: gap.from_ns,
        until_ns: Some(gap.to_ns),
        kind: "gap".to_owned(),
        text: "the runner itself did not run".to_owned(),
    });
    let end = cause.and_then(|cause| {
        let (kind, text) = match cause {
            Cause::Duration => return None,
            Cause::Interrupt => ("signal", "interrupted".to_owned()),
            Cause::Terminate => ("signal", "terminated".to_owned()),
            Cause::Abort(error) => ("abort", error.what().to_owned()),
        };
        Some(Event {
            at_ns: finished.drained_ns.unwrap_or(finished.counts.last_end_ns),
            until_ns: None,
            kind: kind.to_owned(),
            text,
        })
    });
    let events: Vec<Event> = gaps.chain(end).collect();
    events.into_iter()
}

fn tell(run: &str) {
    if output::stderr_is_terminal() {
        output::notice(&format!("saved; `gorgon report {run}` shows it again"));
    }
}

fn header(facts: &RunFacts) -> Header {
    let saved = SavedFacts {
        facts: facts.clone(),
        ..SavedFacts::default()
    };
    Header {
        started: facts.started.clone(),
        gorgon: facts.gorgon.clone(),
        command: facts.command.clone(),
        facts: saved.to_value(),
        ..Header::new(facts.run_id.clone())
    }
}

fn on_one_line(error: &Error) -> String {
    let causes = error.causes().join("; ");
    match causes.is_empty() {
        true => error.what().to_owned(),
        false => format!("{}: {causes}", error.what()),
    }
}

/// The directory of this user's runs.
pub(in crate::cli) fn users_runs() -> Option<Runs> {
    Runs::of_user(|name| std::env::var_os(name))
}
