//! Reads a saved run, line by line, in memory that does not depend on its length.
//!
//! Any prefix of a file that was written is read: the last line may be torn and is left out then. Anything else that is
//! not as it was written, or does not agree with itself, is an error that names the line. A file may come from
//! anywhere: nothing in it makes this code panic or hold more than it should.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::budget::Budget;
use super::extras::{Events, Extra, Extras};
use super::figures::{Felt, Keys, Series, TickFigures};
use super::format::{Closing, Event, Header, Kind, Tick};
use super::lines::{Lines, cannot_read, parse};
use super::problem::Problem;
use super::writer::partial_of;
use crate::error::{Error, Exit, Result};
use crate::stats::{RowKey, Tables};
use crate::suite;

/// A saved run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SavedRun {
    /// What was about to run.
    pub header: Header,
    /// What was recorded from stretch to stretch: neighbours are joined where there are more than 3600.
    pub ticks: Vec<TickFigures>,
    /// The rows that these count, at the indices they name.
    pub keys: Vec<RowKey>,
    /// All results together.
    pub tables: Tables,
    /// All calls of the warm-up together.
    pub warmup: Tables,
    /// What happened to the run itself.
    pub events: Vec<Event>,
    /// Events that were too many to keep.
    pub events_beyond: u64,
    /// What the runner read of itself: thinned out evenly where it is more than 3600 times.
    pub extras: Vec<Extra>,
    /// What was known at the end; `None` for a run that did not come to its end, or has not yet.
    pub summary: Option<Closing>,
    /// Whether the last line was cut off or damaged, and is left out.
    pub torn: bool,
    /// Lines of types that a newer gorgon writes. They are left out.
    pub unknown_lines: u64,
    /// Everything counted in the tables.
    pub(super) counted: u64,
}

impl SavedRun {
    /// Whether the run came to its end and the file has all of it.
    pub fn is_complete(&self) -> bool {
        self.summary.is_some() && !self.torn
    }

    /// When the last tick ended, in nanoseconds since the run started.
    pub fn end_ns(&self) -> u64 {
        self.ticks.last().map_or(0, |tick| tick.to_ns)
    }
}

/// Reads the run at `path`.
///
/// # Errors
/// There is none, or it cannot be read ([`Exit::NoInput`]); it is none, damaged, or made by a newer gorgon
/// ([`Exit::Unusable`]).
pub fn read(path: &Path) -> Result<SavedRun> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|cause| cannot_open(path, &cause))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        let error = Error::new(Exit::NoInput, format!("`{name}` is a directory"));
        return Err(match path.join(suite::INDEX).is_file() {
            true => error.hint(format!("it is a suite: `gorgon suite --show {name}`")),
            false => error.hint("name a file in it"),
        });
    }
    read_from(BufReader::with_capacity(1 << 16, file), &name)
}

/// The same of anything that can be read; `name` is what errors call it.
pub(super) fn read_from(input: impl BufRead, name: &str) -> Result<SavedRun> {
    let mut lines = Lines::new(input, name);
    let header = lines.header()?;
    let mut reading = Reading::default();
    let mut torn = false;
    while let Some(is_whole) = lines.next()? {
        if !is_whole {
            if !lines.is_at_end()? {
                return Err(lines.error(&Problem::Damaged));
            }
            torn = true;
            break;
        }
        reading
            .line(lines.present())
            .map_err(|problem| lines.error(&problem))?;
    }
    Ok(SavedRun {
        header,
        torn,
        ticks: reading.series.into_ticks(),
        keys: reading.keys.into_keys(),
        tables: reading.tables,
        warmup: reading.warmup,
        events: reading.events.kept,
        events_beyond: reading.events.beyond,
        extras: reading.extras.into_kept(),
        summary: reading.summary,
        unknown_lines: reading.unknown_lines,
        counted: reading.budget.counted(),
    })
}

/// What was read so far.
#[derive(Debug, Default)]
struct Reading {
    series: Series,
    keys: Keys,
    tables: Tables,
    warmup: Tables,
    events: Events,
    extras: Extras,
    budget: Budget,
    /// The summary that these lines should have.
    found: Closing,
    summary: Option<Closing>,
    last_ns: u64,
    unknown_lines: u64,
}

impl Reading {
    fn line(&mut self, line: &[u8]) -> Result<(), Problem> {
        let Kind { kind } = parse(line)?;
        if self.summary.is_some() {
            return Err(Problem::AfterSummary);
        }
        match kind.as_str() {
            "tick" => self.tick(parse(line)?)?,
            "event" => self.events.push(parse(line)?),
            "summary" => self.summary = Some(self.checked(parse(line)?)?),
            "header" => return Err(Problem::Header),
            _ => self.unknown_lines += 1,
        }
        Ok(())
    }

    fn tick(&mut self, mut tick: Tick) -> Result<(), Problem> {
        if tick.from_ns < self.last_ns || tick.to_ns < tick.from_ns {
            return Err(Problem::Backwards {
                from_ns: tick.from_ns,
                to_ns: tick.to_ns,
                last_ns: self.last_ns,
            });
        }
        self.last_ns = tick.to_ns;
        let mut felt = Felt::new();
        tick.add_to(
            &mut self.tables,
            &mut self.warmup,
            &mut felt,
            &mut self.budget,
        )?;
        self.found.ticks += 1;
        self.found.done += tick.done();
        self.found.warmup_done += tick.warmup_done();
        self.series
            .push(TickFigures::new(&tick, &felt, &mut self.keys));
        if let Some(value) = tick.extra.take() {
            let to_ns = tick.to_ns;
            self.extras.push(Extra { to_ns, value });
        }
        Ok(())
    }

    /// A summary, if it agrees with the ticks before it.
    fn checked(&self, summary: Closing) -> Result<Closing, Problem> {
        let pairs = [
            ("ticks", summary.ticks, self.found.ticks),
            ("calls", summary.done, self.found.done),
            (
                "calls of the warm-up",
                summary.warmup_done,
                self.found.warmup_done,
            ),
        ];
        match pairs.into_iter().find(|(_, said, found)| said != found) {
            Some((what, said, found)) => Err(Problem::Summary { what, said, found }),
            None => Ok(summary),
        }
    }
}

fn cannot_open(path: &Path, cause: &io::Error) -> Error {
    let error = cannot_read(&path.display().to_string(), cause);
    let partial = partial_of(path);
    if cause.kind() == io::ErrorKind::NotFound && partial.exists() {
        return error.hint(format!(
            "`{}` is there: the run is still going on, or did not come to its end",
            partial.display()
        ));
    }
    match cause.kind() {
        io::ErrorKind::NotFound => {
            error.hint("`gorgon report last` is the run that was saved last")
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests;
