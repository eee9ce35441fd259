//! The flags that ask for a view of a run besides the text, and where each view goes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

    /// Write the report as a page for a browser, all in one file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// A rendering of a run that goes to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Json,
    Csv,
    Html,
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

    /// The file of the page for a browser, where one was asked for.
    pub(super) fn html(&self) -> Option<&Path> {
        self.html.as_deref()
    }

    /// Asks for the page for a browser, in this file.
    pub(super) fn set_html(&mut self, path: PathBuf) {
        self.html = Some(path);
    }

    /// Makes sure that each can be written, before anything is done for it.
    ///
    /// # Errors
    /// One cannot be written, or several are to go to stdout.
    pub(super) fn open(&self) -> Result<Views> {
        let asked = [
            (View::Json, &self.json),
            (View::Csv, &self.csv),
            (View::Html, &self.html),
        ];
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
            View::Csv | View::Html => true,
        }
    }

    fn write(self, run: &RunView, out: &mut dyn Write) -> io::Result<()> {
        match self {
            View::Json => report::json::write(out, run),
            View::Csv => report::csv::write(out, run),
            View::Html => report::html::write(out, run),
        }
    }
}

impl Views {
    /// Whether one of them shows how the run went from stretch to stretch.
    pub(super) fn need_series(&self) -> bool {
        self.opened.iter().any(|(view, _)| view.needs_series())
    }

    /// Leaves out those that do, because nobody knows it.
    pub(super) fn give_up_series(&mut self) {
        self.opened.retain(|(view, sink)| {
            let is_known = !view.needs_series();
            if !is_known {
                output::notice(&format!("`{}` is not written", sink.path().display()));
            }
            is_known
        });
    }

    fn has_stdout(&self) -> bool {
        self.opened.iter().any(|(_, sink)| sink.is_stdout())
    }

    /// Writes the text to stdout, unless a view goes there.
    pub(super) fn text(&self, run: &RunView) -> Exit {
        if self.has_stdout() {
            return Exit::Done;
        }
        output::to_stdout(|out| {
            let style = output::stdout_style();
            report::text::write_with(out, &run.summary, &run.rules, run.exit_code, style)
        })
    }

    /// Writes all of them. What keeps one from being written does not keep the others.
    pub(super) fn write(&mut self, run: &RunView) -> Exit {
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
