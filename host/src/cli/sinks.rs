//! The files of all views that were asked for.

use std::io::{self, Write};
use std::path::Path;

use super::sink::Sink;
use super::{misused, output};
use crate::error::{Exit, Result};

/// Views, each with its file open. One at most goes to stdout, and no two to the same file.
#[derive(Debug)]
pub(super) struct Sinks<V>(Vec<(V, Sink)>);

impl<V> Default for Sinks<V> {
    fn default() -> Self {
        Sinks(Vec::new())
    }
}

impl<V: Copy> Sinks<V> {
    /// Makes sure that each can be written, before anything is done for it.
    ///
    /// # Errors
    /// One cannot be written, or several are to go to the same place.
    pub(super) fn open<'a>(asked: impl IntoIterator<Item = (V, &'a Path)>) -> Result<Sinks<V>> {
        let mut sinks = Sinks::default();
        for (view, path) in asked {
            let sink = Sink::open(path)?;
            if sink.is_stdout() && sinks.has_stdout() {
                return Err(misused("several views are to be written to stdout")
                    .hint("give all but one of them a file"));
            }
            if sinks.0.iter().any(|(_, other)| other.is_same_file(&sink)) {
                let what = format!("several views are to be written to `{}`", path.display());
                return Err(misused(what).hint("give each of them a file of its own"));
            }
            sinks.0.push((view, sink));
        }
        Ok(sinks)
    }

    /// Makes sure that none is written over a file that is the run itself.
    ///
    /// # Errors
    /// One would be.
    pub(super) fn spare<'a>(self, runs: impl IntoIterator<Item = &'a Path>) -> Result<Sinks<V>> {
        let is_replaced = |run: &&Path| self.0.iter().any(|(_, sink)| sink.replaces(run));
        match runs.into_iter().find(is_replaced) {
            None => Ok(self),
            Some(run) => Err(
                misused(format!("a view would be written over `{}`", run.display()))
                    .because("that is the file of the run itself")
                    .hint("give the view a file of its own"),
            ),
        }
    }

    /// The views.
    pub(super) fn views(&self) -> impl Iterator<Item = V> {
        self.0.iter().map(|(view, _)| *view)
    }

    /// Whether one goes to stdout, where the text does not go then.
    pub(super) fn has_stdout(&self) -> bool {
        self.0.iter().any(|(_, sink)| sink.is_stdout())
    }

    /// Leaves out views, and tells whoever asked for them.
    pub(super) fn give_up(&mut self, is_given_up: impl Fn(V) -> bool) {
        self.0.retain(|(view, sink)| {
            let is_kept = !is_given_up(*view);
            if !is_kept {
                output::notice(&format!("`{}` is not written", sink.path().display()));
            }
            is_kept
        });
    }

    /// Writes all of them. What keeps one from being written does not keep the others.
    pub(super) fn write(&mut self, write: impl Fn(V, &mut dyn Write) -> io::Result<()>) -> Exit {
        let mut exit = Exit::Done;
        for (view, sink) in &mut self.0 {
            let write = |out: &mut dyn Write| write(*view, out);
            let written = match sink.is_stdout() {
                true => output::to_stdout(write),
                false => sink.write(write).map_or_else(output::told, |()| Exit::Done),
            };
            exit = Exit::first([exit, written]);
        }
        exit
    }
}
