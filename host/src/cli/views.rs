//! The flags that ask for a view of a run besides the text, and where each view goes.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::sink::Sink;
use super::{misused, output};
use crate::error::{Exit, Result};
use crate::report::{self, RunView};

#[derive(Debug, Args)]
#[command(next_help_heading = "Views of the result; a FILE of `-` is stdout, instead of the text")]
pub(super) struct ViewArgs {
    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write what happened from stretch to stretch of the run as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// A rendering of a run that goes to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Json,
    Csv,
}

/// What shows a run that is over.
pub(super) trait Present {
    /// Whether it shows how the run went from stretch to stretch, which is in its file and nowhere else.
    fn need_series(&self) -> bool;

    /// Does without, because nobody knows it.
    fn give_up_series(&mut self);

    /// Shows what can be shown before the run is saved.
    fn text(&self, run: &RunView) -> Exit;

    /// Shows everything else.
    fn write(&mut self, run: &RunView) -> Exit;
}

/// The views that were asked for, each with its file open.
#[derive(Debug, Default)]
pub(super) struct Views {
    opened: Vec<(View, Sink)>,
}

impl ViewArgs {
    /// Whether what a program reads from stdout is JSON.
    pub(super) fn has_json_on_stdout(&self) -> bool {
        self.json
            .as_deref()
            .is_some_and(|path| path.as_os_str() == "-")
    }

    /// Makes sure that each can be written, before anything is done for it.
    ///
    /// # Errors
    /// One cannot be written, or several are to go to stdout.
    pub(super) fn open(&self) -> Result<Views> {
        let asked = [(View::Json, &self.json), (View::Csv, &self.csv)];
        let mut views = Views::default();
        for (view, path) in asked {
            let Some(path) = path else { continue };
            let sink = Sink::open(path)?;
            if sink.is_stdout() && views.has_stdout() {
                return Err(misused("several views are to be written to stdout")
                    .hint("give all but one of them a file"));
            }
            views.opened.push((view, sink));
        }
        Ok(views)
    }
}

impl View {
    /// Whether it shows how the run went from stretch to stretch, which only its file knows.
    fn needs_series(self) -> bool {
        match self {
            View::Json => false,
            View::Csv => true,
        }
    }

    fn write(self, run: &RunView, out: &mut dyn Write) -> io::Result<()> {
        match self {
            View::Json => report::json::write(out, run),
            View::Csv => report::csv::write(out, run),
        }
    }
}

impl Views {
    fn has_stdout(&self) -> bool {
        self.opened.iter().any(|(_, sink)| sink.is_stdout())
    }
}

impl Present for Views {
    /// Whether one of them shows how the run went from stretch to stretch.
    fn need_series(&self) -> bool {
        self.opened.iter().any(|(view, _)| view.needs_series())
    }

    /// Leaves out those that do, because nobody knows it.
    fn give_up_series(&mut self) {
        self.opened.retain(|(view, sink)| {
            let is_known = !view.needs_series();
            if !is_known {
                output::notice(&format!("`{}` is not written", sink.path().display()));
            }
            is_known
        });
    }

    /// Writes the text to stdout, unless a view goes there.
    fn text(&self, run: &RunView) -> Exit {
        if self.has_stdout() {
            return Exit::Done;
        }
        output::to_stdout(|out| {
            let style = output::stdout_style();
            report::text::write_with(out, &run.summary, &run.rules, run.exit_code, style)
        })
    }

    /// Writes all of them. What keeps one from being written does not keep the others.
    fn write(&mut self, run: &RunView) -> Exit {
        let mut exit = Exit::Done;
        for (view, sink) in &mut self.opened {
            let write = |out: &mut dyn Write| view.write(run, out);
            let written = if sink.is_stdout() {
                output::to_stdout(write)
            } else {
                sink.write(write).map_or_else(output::told, |()| Exit::Done)
            };
            exit = Exit::first([exit, written]);
        }
        exit
    }
}
