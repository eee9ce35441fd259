//! Saved runs as the sub-commands that show them read them.

use std::path::Path;

use super::run::{SavedFacts, users_runs};
use crate::error::{Error, Exit, Result};
use crate::report::{RunView, Series};
use crate::saved::{self, SavedRun};
use crate::stats::{Summary, facts};

/// The run that a person means: `last`, the name of a run or the beginning of one, or a file.
///
/// # Errors
/// There is none, or it cannot be used.
pub(super) fn named(what: &str) -> Result<RunView> {
    let path = saved::find(users_runs().as_ref(), what)?;
    Ok(read(&path)?.into_view())
}

/// Several runs as one: what several machines made of one load.
///
/// # Errors
/// One of them is not there or cannot be used, or they do not belong together.
pub(super) fn together(names: &[String]) -> Result<RunView> {
    if let [what] = names {
        return named(what);
    }
    let runs = names.iter().map(|what| {
        let path = saved::find(users_runs().as_ref(), what)?;
        read(&path)
    });
    merged(runs.collect::<Result<_>>()?)
}

/// The course of the run in a file that was just written.
///
/// # Errors
/// It cannot be read back.
pub(super) fn series(path: &Path) -> Result<Series> {
    Ok(Series::take(&mut saved::read(path)?))
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
    fn into_view(mut self) -> RunView {
        RunView {
            series: Series::take(&mut self.run),
            summary: Summary::of(self.facts.facts, self.run.tables),
            rules: self.facts.rules,
            allow_no_data: self.facts.allow_no_data,
            exit_code: self.facts.exit_code,
        }
    }

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

fn merged(runs: Vec<Read>) -> Result<RunView> {
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
    Ok(RunView {
        summary: Summary::of(together, saved::merge(runs)?.tables),
        ..RunView::default()
    })
}
