//! The flags that ask for a view of a run besides the text, and where each view goes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::ci::{Ci, Job};
use super::sinks::Sinks;
use super::{misused, output};
use crate::error::{Exit, Result};
use crate::report::{self, RunView};

#[derive(Debug, Args)]
#[command(next_help_heading = "Views of the result; a FILE of `-` is stdout, instead of the text")]
pub(super) struct ViewArgs {
    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write the report as a page for a browser, all in one file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Write how the run went from stretch to stretch as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,

    /// Write the tags as CSV: calls, share, rate and durations of each
    #[arg(long, value_name = "FILE")]
    csv_tags: Option<PathBuf>,

    /// Write the rules as JUnit XML, a test case for each
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Write the result as GitHub flavoured Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    /// Write all percentiles as the tools of HdrHistogram do, for their plotters
    #[arg(long, value_name = "FILE")]
    hgrm: Option<PathBuf>,

    /// Write how the run went as an interval log of HdrHistogram
    #[arg(long, value_name = "FILE")]
    hlog: Option<PathBuf>,

    /// Write the result as metrics in the text format of OpenMetrics
    #[arg(long, value_name = "FILE")]
    openmetrics: Option<PathBuf>,

    /// Write charts as SVG: latency and calls per second over time, and all percentiles
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Tell a CI job what came of the run: its summary, and an annotation for each rule that is broken
    #[arg(long, value_name = "SYSTEM")]
    ci: Option<Ci>,
}

/// A rendering of a run that goes to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Json,
    Csv,
    CsvTags,
    Html,
    Junit,
    Markdown,
    Hgrm,
    Hlog,
    Openmetrics,
    Svg,
}

/// What a view has to do with the course of the run from stretch to stretch, which only its file knows, and which several
/// runs together do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// It is not in there.
    Unused,
    /// It is in there where it is known.
    Used,
    /// It is nothing without it.
    Needed,
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
    opened: Sinks<View>,
    job: Option<Job>,
}

impl ViewArgs {
    /// The views, with the flag of each and the file that it is to go to.
    fn asked(&self) -> impl Iterator<Item = (View, &'static str, &PathBuf)> {
        let asked = [
            (View::Json, "--json", &self.json),
            (View::Csv, "--csv", &self.csv),
            (View::CsvTags, "--csv-tags", &self.csv_tags),
            (View::Html, "--html", &self.html),
            (View::Junit, "--junit", &self.junit),
            (View::Markdown, "--markdown", &self.markdown),
            (View::Hgrm, "--hgrm", &self.hgrm),
            (View::Hlog, "--hlog", &self.hlog),
            (View::Openmetrics, "--openmetrics", &self.openmetrics),
            (View::Svg, "--svg", &self.svg),
        ];
        let asked = asked.into_iter();
        asked.filter_map(|(view, flag, path)| Some((view, flag, path.as_ref()?)))
    }

    /// The file of the page for a browser, where one was asked for.
    pub(super) fn html(&self) -> Option<&Path> {
        self.html.as_deref()
    }

    /// Asks for the page for a browser, in this file.
    pub(super) fn set_html(&mut self, path: PathBuf) {
        self.html = Some(path);
    }

    /// Makes sure that each can be written, before anything is done for it. `runs` are the files of the runs that they are made
    /// of, as they are named; there may be none.
    ///
    /// # Errors
    /// One cannot be written or cannot be made of so many runs, or several are to go to the same place or over a run.
    pub(super) fn open(&self, runs: &[&Path]) -> Result<Views> {
        let needs_one = |view: &View| runs.len() > 1 && view.course() == Course::Needed;
        if let Some((_, flag, _)) = self.asked().find(|(view, ..)| needs_one(view)) {
            let what = format!("`{flag}` cannot be made of several runs together");
            return Err(misused(what)
                .because("it shows how a run went on, and they have no time in common")
                .hint("name one run"));
        }
        let asked = self.asked().map(|(view, _, path)| (view, path.as_path()));
        Ok(Views {
            job: self.ci.map(Job::open).transpose()?,
            opened: Sinks::open(asked)?.spare(runs.iter().copied())?,
        })
    }
}

impl View {
    fn course(self) -> Course {
        match self {
            View::Csv | View::Hlog => Course::Needed,
            View::Html | View::Svg => Course::Used,
            View::Json
            | View::CsvTags
            | View::Junit
            | View::Markdown
            | View::Hgrm
            | View::Openmetrics => Course::Unused,
        }
    }

    fn write(self, run: &RunView, out: &mut dyn Write) -> io::Result<()> {
        match self {
            View::Json => report::json::write(out, run),
            View::Csv => report::csv::write(out, run),
            View::CsvTags => report::csv::write_tags(out, run),
            View::Junit => report::junit::write(out, run),
            View::Markdown => report::markdown::write(out, run),
            View::Hgrm => report::hgrm::write(out, run),
            View::Hlog => report::hlog::write(out, run),
            View::Html => report::html::write(out, run),
            View::Openmetrics => report::openmetrics::write(out, run),
            View::Svg => report::svg::write(out, run),
        }
    }
}

impl Present for Views {
    /// Whether one of them shows how the run went from stretch to stretch.
    fn need_series(&self) -> bool {
        let mut views = self.opened.views();
        views.any(|view| view.course() != Course::Unused)
    }

    /// Leaves out those that are nothing without it, because nobody knows it.
    fn give_up_series(&mut self) {
        let is_given_up = |view: View| view.course() == Course::Needed;
        self.opened.give_up(is_given_up);
    }

    /// Writes the text to stdout, unless a view goes there.
    fn text(&self, run: &RunView) -> Exit {
        if self.opened.has_stdout() {
            return Exit::Done;
        }
        output::to_stdout(|out| {
            let style = output::stdout_style();
            let text = |out: &mut dyn Write| {
                report::text::write_with(out, &run.summary, &run.rules, run.exit_code, style)
            };
            match &self.job {
                Some(job) => job.quoted(out, text),
                None => text(out),
            }
        })
    }

    /// Writes all of them. What keeps one from being written does not keep the others.
    fn write(&mut self, run: &RunView) -> Exit {
        let exit = self.opened.write(|view, out| view.write(run, out));
        let is_free = !self.opened.has_stdout();
        let told = self.job.as_mut().map(|job| job.write(run, is_free));
        Exit::first([exit, told.unwrap_or(Exit::Done)])
    }
}
