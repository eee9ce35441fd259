//! Where the threads of a run wait for each other, so that its clock starts when all instances are made.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::control::{Cause, Control, Stage};
use crate::clock::RunClock;
use crate::error::{Error, Exit};

/// A line that everybody waits at until the last one has come; then the run starts, unless somebody failed.
#[derive(Debug)]
pub(super) struct StartLine {
    missing: AtomicUsize,
    started: OnceLock<Option<RunClock>>,
    error: Mutex<Option<Error>>,
}

impl StartLine {
    pub(super) fn new(threads: usize) -> StartLine {
        StartLine {
            missing: AtomicUsize::new(threads),
            started: OnceLock::new(),
            error: Mutex::new(None),
        }
    }

    /// Reports why there will be no run. The first reason is kept.
    pub(super) fn fail(&self, error: Error) {
        self.error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(error);
    }

    pub(super) fn has_failed(&self) -> bool {
        self.error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    /// A thread's place at the line. Whoever leaves without arriving, by a panic above all, does not keep the others
    /// waiting.
    pub(super) fn place<'a>(&'a self, control: &'a Control) -> Place<'a> {
        Place {
            line: self,
            control,
            arrived: Cell::new(false),
        }
    }

    /// Counts `threads` as arrived that will never come.
    pub(super) fn absent(&self, threads: usize) {
        if self.missing.fetch_sub(threads, Ordering::AcqRel) == threads {
            let clock = (!self.has_failed()).then(RunClock::start);
            self.started.get_or_init(|| clock);
        }
    }

    /// Waits for the start without being one of those waited for.
    pub(super) fn wait(&self) -> Option<RunClock> {
        *self.started.wait()
    }

    pub(super) fn into_error(self) -> Option<Error> {
        self.error
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// See [`StartLine::place`].
pub(super) struct Place<'a> {
    line: &'a StartLine,
    control: &'a Control,
    arrived: Cell<bool>,
}

impl Place<'_> {
    /// Arrives and waits for the others. Nothing comes back if the run does not start.
    pub(super) fn arrive(&self) -> Option<RunClock> {
        self.arrived.set(true);
        self.line.absent(1);
        self.line.wait()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.line.fail(bug());
            // A run without one of its threads is not the run that was asked for.
            self.control.advance(Stage::Stopping, Cause::Abort(bug()));
        }
        if !self.arrived.get() {
            self.line.absent(1);
        }
    }
}

pub(super) fn bug() -> Error {
    Error::new(Exit::Bug, "a thread of the run panicked")
        .hint("this is a bug in gorgon; please report it with the lines above")
}
