//! How a run is told to end: first no new calls, then no calls at all.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use tokio::sync::watch;
use tokio::time::Instant;

use crate::clock;
use crate::error::Error;

/// How far the end of a run has come. It only ever goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Calls are made.
    Running,
    /// No call starts any more; those in flight are given the grace time.
    Draining,
    /// Calls in flight are given up.
    Stopping,
}

/// Why a run ended before all its calls were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The time given with `-d` is over.
    Duration,
    /// SIGINT, Ctrl-C.
    Interrupt,
    /// SIGTERM or SIGHUP.
    Terminate,
    /// The run could not go on; why, and how the process is to end.
    Abort(Error),
}

/// Shared by everyone who may end a run and everyone who must notice.
#[derive(Debug)]
pub struct Control {
    stage: AtomicU8,
    watch: watch::Sender<Stage>,
    cause: Mutex<Option<Cause>>,
    drained_at: OnceLock<Instant>,
}

impl Default for Control {
    fn default() -> Control {
        Control {
            stage: AtomicU8::new(Stage::Running as u8),
            watch: watch::Sender::new(Stage::Running),
            cause: Mutex::new(None),
            drained_at: OnceLock::new(),
        }
    }
}

impl Control {
    /// Moves the run to `stage`, unless it is further already. The first cause is kept, but that a run's time is over
    /// gives way to somebody who would not wait for it.
    pub fn advance(&self, stage: Stage, cause: Cause) {
        self.advance_at(stage, cause, clock::now());
    }

    /// The same, where calls could start until `at` and no longer.
    pub fn advance_at(&self, stage: Stage, cause: Cause, at: Instant) {
        let mut kept = self.cause.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*kept, None | Some(Cause::Duration)) {
            *kept = Some(cause);
        }
        drop(kept);
        self.drained_at.get_or_init(|| at);
        self.move_to(stage);
    }

    /// Gives up what is still in flight, whatever it was that began the end.
    pub fn end_grace(&self) {
        self.move_to(Stage::Stopping);
    }

    fn move_to(&self, stage: Stage) {
        self.stage.fetch_max(stage as u8, Ordering::Relaxed);
        self.watch.send_if_modified(|current| {
            let forward = stage > *current;
            if forward {
                *current = stage;
            }
            forward
        });
    }

    /// True while calls may start: one load, for the hot path.
    pub fn is_running(&self) -> bool {
        self.stage.load(Ordering::Relaxed) == Stage::Running as u8
    }

    /// How far the end of the run has come.
    pub fn stage(&self) -> Stage {
        *self.watch.borrow()
    }

    /// Why the run ended early, if it did.
    pub fn cause(&self) -> Option<Cause> {
        self.cause
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// When calls could start for the last time, if the run ended early.
    pub fn drained_at(&self) -> Option<Instant> {
        self.drained_at.get().copied()
    }

    /// Waits until the run has come to `stage`.
    pub async fn reached(&self, stage: Stage) {
        let mut watch = self.watch.subscribe();
        // The sender lives as long as `self`, so this ends only with the stage.
        let _ = watch.wait_for(|current| *current >= stage).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_only_comes_nearer_and_keeps_its_first_cause() {
        let control = Control::default();
        assert!(control.is_running());
        assert_eq!(control.drained_at(), None);
        control.advance(Stage::Stopping, Cause::Interrupt);
        control.advance(Stage::Draining, Cause::Duration);
        assert!(!control.is_running());
        assert_eq!(control.cause(), Some(Cause::Interrupt));
        control.reached(Stage::Stopping).await;
    }

    #[test]
    fn who_would_not_wait_for_the_end_of_the_time_has_interrupted_the_run() {
        let control = Control::default();
        control.advance(Stage::Draining, Cause::Duration);
        control.advance(Stage::Stopping, Cause::Interrupt);
        control.advance(Stage::Stopping, Cause::Terminate);
        assert_eq!(control.cause(), Some(Cause::Interrupt));
    }
}
