//! `gorgon compare`: whether one thing differs from another, and how sure that is.

mod runs;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::sink::Sink;
use super::{Done, misused, output};
use crate::compare::{Rule, RuleResult, Settings, percentage};
use crate::error::{Exit, Result};
use crate::plugins;
use crate::report::comparison::{self, ComparisonView, RuleOf};
use crate::report::html;

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Saved runs: `last`, the name of a run as `gorgon runs` lists it or the beginning of one, or a file. The first is the
    /// baseline
    #[arg(value_name = "RUN", required = true, num_args = 2..)]
    sides: Vec<String>,

    /// The least difference that matters; for the share of calls that fail, a tenth of it in points
    #[arg(long, value_name = "PERCENT", default_value = "2%", value_parser = percentage, allow_hyphen_values = true)]
    min_effect: f64,

    /// End with exit code 99 where the whole interval of a difference lies beyond this: `p50 slower 5%`, `rate lower 2%`,
    /// `fail worse 0.5%`; repeat for more
    #[arg(long = "fail-if", value_name = "RULE")]
    fail_if: Vec<Rule>,

    /// Let a rule about which there is not enough data count as kept
    #[arg(long)]
    allow_no_data: bool,

    /// Compare what cannot rightly be compared
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    views: ViewArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Views of the result; a FILE of `-` is stdout, instead of the text")]
struct ViewArgs {
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
type Render = fn(&mut dyn Write, &ComparisonView) -> io::Result<()>;

impl CompareArgs {
    pub(super) fn main(self) -> Done {
        let mut views = self.views.open()?;
        let settings = Settings {
            min_effect: self.min_effect,
        };
        let mut view = match Sides::of(&self.sides)? {
            Sides::Runs => runs::compare(&self.sides, settings, self.force)?,
        };
        let held = self.hold(&mut view);
        view.exit_code = Some(held.code());
        Ok(Exit::first([write(&view, &mut views), held]))
    }

    /// Holds every side to the rules.
    fn hold(&self, view: &mut ComparisonView) -> Exit {
        let against = view.against.iter();
        let judged = against.flat_map(|against| {
            self.fail_if.iter().map(|rule| RuleOf {
                side: against.side,
                judged: rule.judge(&against.comparison, against.is_believed),
            })
        });
        view.rules = judged.collect();
        let is_broken = view.rules.iter().any(|of| match of.judged.result {
            RuleResult::Pass => false,
            RuleResult::Fail => true,
            RuleResult::NoData => !self.allow_no_data,
        });
        if is_broken {
            Exit::Threshold
        } else {
            Exit::Done
        }
    }
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sides {
    /// Saved runs.
    Runs,
}

impl Sides {
    /// # Errors
    /// There are operations among them.
    fn of(names: &[String]) -> Result<Sides> {
        match names.iter().find(|name| is_operation(name)) {
            None => Ok(Sides::Runs),
            Some(name) => Err(misused(format!("`{name}` is an operation and not a saved run"))
                .hint(format!("save a run of each, and name the files: `gorgon run {name} -n 10k --save a.jsonl`"))),
        }
    }
}

/// Whether a name is that of an operation. A file of the name of a stock plugin is not.
fn is_operation(name: &str) -> bool {
    let is_plugin = plugins::find(name).is_some() && !std::path::Path::new(name).exists();
    name.ends_with(".wasm")
        || name.starts_with("https://")
        || name.starts_with("http://")
        || is_plugin
}

impl ViewArgs {
    /// Makes sure that each can be written, before anything is done for it.
    ///
    /// # Errors
    /// One cannot be written, or both are to go to stdout.
    fn open(&self) -> Result<Vec<(Render, Sink)>> {
        let asked: [(Render, &Option<PathBuf>); 3] = [
            (comparison::json::write, &self.json),
            (comparison::markdown::write, &self.markdown),
            (html::write_comparison, &self.html),
        ];
        let mut opened: Vec<(Render, Sink)> = Vec::new();
        for (render, path) in asked {
            let Some(path) = path else { continue };
            let sink = Sink::open(path)?;
            if sink.is_stdout() && opened.iter().any(|(_, sink)| sink.is_stdout()) {
                return Err(misused("several views are to be written to stdout")
                    .hint("give all but one of them a file"));
            }
            opened.push((render, sink));
        }
        Ok(opened)
    }
}

/// Writes the text, unless a view goes to stdout, and all views. What keeps one from being written does not keep the others.
fn write(view: &ComparisonView, views: &mut [(Render, Sink)]) -> Exit {
    let mut exit = Exit::Done;
    if !views.iter().any(|(_, sink)| sink.is_stdout()) {
        let style = output::stdout_style();
        exit = output::to_stdout(|out| comparison::text::write(out, view, style));
    }
    for (render, sink) in views {
        let write = |out: &mut dyn Write| render(out, view);
        let written = if sink.is_stdout() {
            output::to_stdout(write)
        } else {
            sink.write(write).map_or_else(output::told, |()| Exit::Done)
        };
        exit = Exit::first([exit, written]);
    }
    exit
}
