//! `--ci`: a CI job learns what came of a run, besides the exit code.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use super::{misused, operation, output};
use crate::error::{Error, Exit, Result};
use crate::report::{self, RunView};

/// Where GitHub Actions reads the Markdown that it shows with a job.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Ci {
    /// GitHub Actions: Markdown in the job's summary, an annotation for each rule that is broken
    Github,
}

/// A job of GitHub Actions.
#[derive(Debug)]
pub(super) struct Job {
    path: PathBuf,
    summary: File,
    /// A word that nobody can guess, with which the job's runner is told where to look for commands again.
    token: String,
}

impl Job {
    /// The job that this process is a part of.
    ///
    /// # Errors
    /// There is none, or its summary cannot be written.
    pub(super) fn open(ci: Ci) -> Result<Job> {
        let Ci::Github = ci;
        let path = std::env::var_os(SUMMARY).filter(|path| !path.is_empty());
        let Some(path) = path.map(PathBuf::from) else {
            return Err(misused("`--ci github` works in a job of GitHub Actions")
                .because(format!(
                    "the variable `{SUMMARY}` is not set, as it is there"
                ))
                .hint("`--markdown FILE` writes the same elsewhere"));
        };
        let opened = OpenOptions::new().append(true).create(true).open(&path);
        let summary = opened.map_err(|cause| cannot_write(&path, &cause))?;
        Ok(Job {
            path,
            summary,
            token: format!("{:016x}{:016x}", operation::fresh(), operation::fresh()),
        })
    }

    /// Writes text to stdout in which the job's runner looks for no commands: an operation may have chosen some of it.
    pub(super) fn quoted(
        &self,
        out: &mut dyn Write,
        text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        report::github::without_commands(out, &self.token, text)
    }

    /// Adds the run to the job's summary, and makes the annotations: on stdout, or on stderr where that is taken, since the
    /// job's runner reads both.
    pub(super) fn write(&mut self, run: &RunView, stdout_is_free: bool) -> Exit {
        let added = self.add(run);
        let added = added.map_err(|cause| cannot_write(&self.path, &cause));
        let added = added.map_or_else(output::told, |()| Exit::Done);
        let annotated = if stdout_is_free {
            output::to_stdout(|out| report::github::write(out, run))
        } else {
            let mut commands = Vec::new();
            // Writing to memory does not fail.
            let _ = report::github::write(&mut commands, run);
            output::to_stderr(&String::from_utf8_lossy(&commands));
            Exit::Done
        };
        Exit::first([added, annotated])
    }

    fn add(&mut self, run: &RunView) -> io::Result<()> {
        // In one piece, since other processes of the job may be adding to it. What they left there may lack its end of line,
        // and then a blank line is needed.
        let mut markdown = b"\n".to_vec();
        report::markdown::write(&mut markdown, run)?;
        self.summary.write_all(&markdown)?;
        self.summary.flush()
    }
}

fn cannot_write(path: &std::path::Path, cause: &io::Error) -> Error {
    let what = format!("cannot write `{}`, which `{SUMMARY}` names", path.display());
    Error::new(Exit::CannotWrite, what).caused_by(cause)
}
