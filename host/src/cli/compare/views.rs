//! Where a comparison goes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::views::Present;
use super::super::{output, sinks};
use super::held;
use crate::compare::{Rule, Settings};
use crate::error::{Exit, Result};
use crate::report::comparison::{self, ComparisonView};
use crate::report::side_by_side::{self, SideBySide};
use crate::report::{RunView, Style, html};

#[derive(Debug, Args)]
#[command(next_help_heading = "Views of the result; a FILE of `-` is stdout, instead of the text")]
pub(super) struct ViewArgs {
    /// Write the comparison as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write the comparison as Markdown, for a pull request
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    /// Write the comparison as a page for a browser, all in one file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// A rendering that goes to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Markdown,
    Html,
}

/// The renderings that were asked for, each with its file open.
#[derive(Debug)]
pub(super) struct Sinks(sinks::Sinks<Format>);

/// What renders a comparison.
trait Render {
    fn text(&self, out: &mut dyn Write, style: Style) -> io::Result<()>;
    fn json(&self, out: &mut dyn Write) -> io::Result<()>;
    fn markdown(&self, out: &mut dyn Write) -> io::Result<()>;
    fn html(&self, out: &mut dyn Write) -> io::Result<()>;
}

impl Render for ComparisonView {
    fn text(&self, out: &mut dyn Write, style: Style) -> io::Result<()> {
        comparison::text::write(out, self, style)
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        comparison::json::write(out, self)
    }

    fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        comparison::markdown::write(out, self)
    }

    fn html(&self, out: &mut dyn Write) -> io::Result<()> {
        html::write_comparison(out, self)
    }
}

impl Render for SideBySide<'_> {
    fn text(&self, out: &mut dyn Write, style: Style) -> io::Result<()> {
        side_by_side::text::write(out, self, style)
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        side_by_side::json::write(out, self)
    }

    fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        side_by_side::markdown::write(out, self)
    }

    fn html(&self, out: &mut dyn Write) -> io::Result<()> {
        html::write_comparison(out, &self.view())
    }
}

impl ViewArgs {
    /// Makes sure that each can be written, before anything is done for it. `runs` are files of what is compared.
    ///
    /// # Errors
    /// One cannot be written, or several are to go to the same place or over a run.
    pub(super) fn open<'a>(&self, runs: impl IntoIterator<Item = &'a Path>) -> Result<Sinks> {
        let asked = [
            (Format::Json, &self.json),
            (Format::Markdown, &self.markdown),
            (Format::Html, &self.html),
        ];
        let asked = asked.into_iter();
        let asked = asked.filter_map(|(format, path)| Some((format, path.as_deref()?)));
        Ok(Sinks(sinks::Sinks::open(asked)?.spare(runs)?))
    }
}

impl Sinks {
    /// Writes the text, unless a view goes to stdout, and all views. What keeps one from being written does not keep the
    /// others.
    pub(super) fn write(&mut self, of: &ComparisonView) -> Exit {
        self.render(of)
    }

    fn render(&mut self, of: &impl Render) -> Exit {
        let mut exit = Exit::Done;
        if !self.0.has_stdout() {
            exit = output::to_stdout(|out| of.text(out, output::stdout_style()));
        }
        let written = self.0.write(|format, out| match format {
            Format::Json => of.json(out),
            Format::Markdown => of.markdown(out),
            Format::Html => of.html(out),
        });
        Exit::first([exit, written])
    }
}

/// The views of operations side by side, and the rules they are held to.
#[derive(Debug)]
pub(super) struct SideBySideViews {
    pub(super) settings: Settings,
    pub(super) rules: Vec<Rule>,
    pub(super) allow_no_data: bool,
    pub(super) sinks: Sinks,
}

impl Present for SideBySideViews {
    /// What is told of a difference rests on how the run went.
    fn need_series(&self) -> bool {
        true
    }

    fn give_up_series(&mut self) {
        output::notice(
            "how sure the differences are is not known: it rests on the file of the run",
        );
    }

    /// Everything is shown once the run is saved.
    fn text(&self, _: &RunView) -> Exit {
        Exit::Done
    }

    fn write(&mut self, run: &RunView) -> Exit {
        let mut compared = SideBySide::of(run, self.settings);
        compared.hold(&self.rules);
        let held = held(&compared.rules, self.allow_no_data);
        compared.is_broken = held == Exit::Threshold;
        Exit::first([self.sinks.render(&compared), held])
    }
}
