//! `gorgon report`: a saved run again, in any of its views.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::run::{SavedFacts, users_runs};
use super::sink::Sink;
use super::{Done, output};
use crate::error::{Error, Exit, Result};
use crate::report;
use crate::saved::{self, SavedRun};
use crate::stats::{Summary, Tables, facts};
use crate::thresholds::Evaluated;

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// `last`, the name of a run as `gorgon runs` lists it or the beginning of one, or a file. Several are put together as
    /// one, exactly
    #[arg(value_name = "RUN", required = true, num_args = 1..)]
    runs: Vec<String>,

    /// Write the report as JSON to this file; `-` writes it to stdout instead of the text
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl ReportArgs {
    pub(super) fn main(self) -> Done {
        let mut sink = self.json.as_deref().map(Sink::open).transpose()?;
        let mut runs = Vec::with_capacity(self.runs.len());
        for what in &self.runs {
            let path = saved::find(users_runs().as_ref(), what)?;
            runs.push(read(&path)?);
        }
        let Shown {
            summary,
            rules,
            exit_code,
        } = together(runs)?;
        let text = || {
            output::to_stdout(|out| {
                report::text::write_with(out, &summary, &rules, exit_code, output::stdout_style())
            })
        };
        let Some(sink) = &mut sink else {
            return Ok(text());
        };
        let write = json(&summary, &rules, exit_code);
        if sink.is_stdout() {
            return Ok(output::to_stdout(write));
        }
        let shown = text();
        sink.write(write)?;
        Ok(shown)
    }
}

/// What is to be shown of one run or of several.
struct Shown {
    summary: Summary,
    rules: Vec<Evaluated>,
    exit_code: Option<u8>,
}

/// A run as it was read, and its facts.
struct Read {
    run: SavedRun,
    facts: SavedFacts,
}

fn read(path: &Path) -> Result<Read> {
    let run = saved::read(path)?;
    let value = match &run.summary {
        Some(summary) => &summary.facts,
        None => &run.header.facts,
    };
    let facts = SavedFacts::from_value(value).map_err(|cause| {
        Error::new(
            Exit::Unusable,
            format!("the run `{}` cannot be used", path.display()),
        )
        .caused_by(&cause)
        .hint("it was saved by another version of gorgon; that one can show it")
    })?;
    let mut read = Read { run, facts };
    if read.run.summary.is_none() {
        read.complete();
    }
    Ok(read)
}

impl Read {
    /// Works out what a run that did not come to its end would have said there.
    fn complete(&mut self) {
        let done = self.run.tables.calls();
        let warmup_done = self.run.warmup.calls();
        let from_ns = self
            .run
            .ticks
            .iter()
            .find(|tick| tick.count > 0)
            .map_or(0, |tick| tick.from_ns);
        let facts = &mut self.facts.facts;
        facts.status = facts::Status::Incomplete;
        facts.elapsed_ns = self.run.end_ns().saturating_sub(from_ns);
        facts.window_ns = facts.elapsed_ns;
        facts.accounting = facts::Accounting {
            asked: done,
            done,
            warmup_done,
            ..facts::Accounting::default()
        };
        facts.notes.push(
            "the run did not come to its end, or goes on: this is what was saved of it".to_owned(),
        );
    }
}

fn together(mut runs: Vec<Read>) -> Result<Shown> {
    if runs.len() > 1 {
        return merged(runs);
    }
    let Some(read) = runs.pop() else {
        return Err(Error::new(Exit::Usage, "no run is named"));
    };
    Ok(Shown {
        summary: Summary::of(read.facts.facts, read.run.tables),
        rules: read.facts.rules,
        exit_code: read.facts.exit_code,
    })
}

/// Several runs as one: what several machines made of one load.
fn merged(runs: Vec<Read>) -> Result<Shown> {
    let (runs, facts): (Vec<SavedRun>, Vec<SavedFacts>) =
        runs.into_iter().map(|read| (read.run, read.facts)).unzip();
    let mut facts = facts.into_iter().map(|facts| facts.facts);
    let first = facts.next().unwrap_or_default();
    let mut together = first;
    for other in facts {
        let digests = |of: &facts::RunFacts| {
            let digests = of
                .components
                .iter()
                .map(|component| component.sha256.clone());
            digests.collect::<Vec<_>>()
        };
        if digests(&together) != digests(&other) || together.load.model != other.load.model {
            return Err(Error::new(
                Exit::Unusable,
                format!(
                    "the runs `{}` and `{}` cannot be put together",
                    together.run_id, other.run_id
                ),
            )
            .because("they are of different operations or load models")
            .hint("name runs of the same operation with the same kind of load"));
        }
        together.add(&other);
    }
    let tables: Tables = saved::merge(runs)?.tables;
    Ok(Shown {
        summary: Summary::of(together, tables),
        rules: Vec::new(),
        exit_code: None,
    })
}

/// Writes a summary as JSON.
pub(super) fn json(
    summary: &Summary,
    rules: &[Evaluated],
    exit_code: Option<u8>,
) -> impl FnOnce(&mut dyn Write) -> std::io::Result<()> {
    let mut document = report::json::document(summary);
    document.exit_code = exit_code;
    document.thresholds = report::json::thresholds(rules);
    move |out| {
        serde_json::to_writer_pretty(&mut *out, &document).map_err(std::io::Error::from)?;
        writeln!(out)
    }
}
