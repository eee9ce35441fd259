//! The lines of a saved run, one at a time, and what is told of one that cannot be used.

use std::io::{self, BufRead, Read};

use serde::de::DeserializeOwned;

use super::format::{FORMAT, Header, Kind, VERSION, Version};
use super::line;
use super::problem::Problem;
use crate::error::{Error, Exit, Result};

/// The lines of a file, one at a time.
pub(super) struct Lines<'a, R> {
    input: R,
    name: &'a str,
    /// The present line, without its end.
    line: Vec<u8>,
    /// Its number, from 1.
    number: u64,
    /// Where it begins, in bytes.
    offset: u64,
    /// Where the next one begins.
    next_offset: u64,
}

impl<'a, R: BufRead> Lines<'a, R> {
    pub(super) fn new(input: R, name: &'a str) -> Lines<'a, R> {
        Lines {
            input,
            name,
            line: Vec::new(),
            number: 0,
            offset: 0,
            next_offset: 0,
        }
    }

    /// The present line, without its end.
    pub(super) fn present(&self) -> &[u8] {
        &self.line
    }

    /// Reads the next line, and tells whether it is as it was written; `None` at the end. The last line need not have
    /// an end of its own: its checksum tells whether it is whole.
    pub(super) fn next(&mut self) -> Result<Option<bool>> {
        self.line.clear();
        let mut bounded = self.input.by_ref().take(line::MOST_BYTES as u64 + 1);
        let length = bounded
            .read_until(b'\n', &mut self.line)
            .map_err(|cause| cannot_read(self.name, &cause))?;
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.offset = self.next_offset;
        self.next_offset += length as u64;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        } else if length > line::MOST_BYTES {
            return Err(self.error(&Problem::TooLong));
        }
        Ok(Some(line::is_whole(&self.line)))
    }

    /// Whether the present line is the last.
    pub(super) fn is_at_end(&mut self) -> Result<bool> {
        loop {
            match self.input.fill_buf() {
                Ok(rest) => return Ok(rest.is_empty()),
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cannot_read(self.name, &cause)),
            }
        }
    }

    /// Reads the first line.
    pub(super) fn header(&mut self) -> Result<Header> {
        let is_whole = match self.next() {
            Ok(Some(is_whole)) => is_whole,
            Ok(None) => return Err(unusable(self.name, "it is empty")),
            // The first line of something else may be of any length.
            Err(_) if self.number == 1 => return Err(self.not_ours()),
            Err(error) => return Err(error),
        };
        let version = parse::<Version>(&self.line).ok();
        let version = version.as_ref().and_then(|of| version_of(&of.format));
        if version.is_some_and(|version| version > VERSION) {
            return Err(unusable(self.name, "it was made by a newer gorgon")
                .hint("use the gorgon that made it, or a newer one"));
        }
        let begins_as_ours = format!("{{\"type\":\"header\",\"format\":\"{FORMAT}");
        if version.is_none() && !self.line.starts_with(begins_as_ours.as_bytes()) {
            return Err(self.not_ours());
        }
        if !is_whole {
            let is_all = self.is_at_end()?;
            return Err(if is_all {
                unusable(self.name, "it ends before its first line does")
                    .hint("the run ended, or the disk was full, before anything was recorded")
            } else {
                self.error(&Problem::Damaged)
            });
        }
        let Kind { kind } = parse(&self.line).map_err(|problem| self.error(&problem))?;
        if kind != "header" {
            return Err(self.not_ours());
        }
        parse(&self.line).map_err(|problem| self.error(&problem))
    }

    /// What is wrong with the present line, for a person.
    pub(super) fn error(&self, problem: &Problem) -> Error {
        let what = format!("the saved run `{}` cannot be used", self.name);
        let place = format!("line {}, from byte {} on", self.number, self.offset);
        Error::new(Exit::Unusable, what)
            .because(format!("{place}: {problem}"))
            .hint(format!(
                "what stands before it can be read: `head -c {} FILE > PART`",
                self.offset
            ))
    }

    fn not_ours(&self) -> Error {
        unusable(self.name, "it does not begin with the header of one")
            .hint("`gorgon run` saves runs; what `--json` writes is a report and not a saved run")
    }
}

/// The number in a format's name; `None` if it is none of ours.
fn version_of(format: &str) -> Option<u64> {
    let version = format.strip_prefix(FORMAT)?;
    let (major, _) = version.split_once('.').unwrap_or((version, ""));
    major.parse().ok()
}

fn unusable(name: &str, cause: &str) -> Error {
    Error::new(
        Exit::Unusable,
        format!("`{name}` is no saved run that can be used"),
    )
    .because(cause)
}

/// An error for what cannot be read at all.
pub(super) fn cannot_read(name: &str, cause: &io::Error) -> Error {
    Error::new(Exit::NoInput, format!("cannot read `{name}`")).caused_by(cause)
}

/// The value of a line.
pub(super) fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(line).map_err(|error| Problem::Json(error.to_string()))
}
