//! The flags that ask for a view of a suite, and where each view goes.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use crate::cli::output;
use crate::cli::sinks::Sinks;
use crate::error::{Exit, Result};
use crate::report;
use crate::suite::SuiteView;

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Views of the result; a FILE of `-` is stdout, instead of the text")]
pub(in crate::cli) struct SuiteViewArgs {
    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write a line for each run as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,

    /// Write the tables in Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    /// Write a page for a browser, all in one file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// A rendering of a suite that goes to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Json,
    Csv,
    Markdown,
    Html,
}

/// The views that were asked for, each with its file open.
#[derive(Debug)]
pub(super) struct SuiteViews(Sinks<View>);

impl SuiteViewArgs {
    /// Those whose name somebody knows a file for.
    pub(in crate::cli) fn of(file: impl Fn(&str) -> Option<PathBuf>) -> SuiteViewArgs {
        SuiteViewArgs {
            json: file("json"),
            csv: file("csv"),
            markdown: file("markdown"),
            html: file("html"),
        }
    }

    /// Makes sure that each can be written, before anything is done for it.
    ///
    /// # Errors
    /// One cannot be written, or several are to go to the same place.
    pub(super) fn open(&self) -> Result<SuiteViews> {
        let asked = [
            (View::Json, &self.json),
            (View::Csv, &self.csv),
            (View::Markdown, &self.markdown),
            (View::Html, &self.html),
        ];
        let asked = asked.into_iter();
        let asked = asked.filter_map(|(view, path)| Some((view, path.as_deref()?)));
        Ok(SuiteViews(Sinks::open(asked)?))
    }
}

impl View {
    fn write(self, suite: &SuiteView, out: &mut dyn Write) -> io::Result<()> {
        match self {
            View::Json => report::suite::json::write(out, suite),
            View::Csv => report::suite::csv::write(out, suite),
            View::Markdown => report::suite::markdown::write(out, suite),
            View::Html => report::html::suite::write(out, suite),
        }
    }
}

impl SuiteViews {
    /// Writes the text to stdout, unless a view goes there, and then all of them. What keeps one from being written does not
    /// keep the others.
    pub(super) fn write(&mut self, suite: &SuiteView) -> Exit {
        let mut exit = Exit::Done;
        if !self.0.has_stdout() {
            exit = output::to_stdout(|out| {
                report::suite::text::write(out, suite, output::stdout_style())
            });
        }
        let written = self.0.write(|view, out| view.write(suite, out));
        Exit::first([exit, written])
    }
}
