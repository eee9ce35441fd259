//! How a run is told to end: first no new calls, then no calls at all.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::watch;

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
    cause: OnceLock<Cause>,
}

impl Default for Control {
    fn default() -> Control {
        Control {
            stage: AtomicU8::new(Stage::Running as u8),
            watch: watch::Sender::new(Stage::Running),
            cause: OnceLock::new(),
        }
    }
}

impl Control {
    /// Moves the run to `stage`, unless it is further already. The first cause given is the one that is kept.
    pub fn advance(&self, stage: Stage, cause: Cause) {
        self.cause.get_or_init(|| cause);
        self.stage.fetch_max(stage as u8, Ordering::Relaxed);
        self.watch.send_if_modified(|current| {
            let forward = stage > *current;
            if forward {
                *current = stage;
            }
            forward
        });
    }

    /// Gives up what is still in flight, whatever it was that began the end.
    pub fn end_grace(&self) {
        self.advance(Stage::Stopping, Cause::Duration);
    }

    /// True while calls may start: one load, for the hot path.
    pub fn is_running(&self) -> bool {
        self.stage.load(Ordering::Relaxed) == Stage::Running as u8
    }

    /// Why the run ended early, if it did.
    pub fn cause(&self) -> Option<&Cause> {
        self.cause.get()
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
        control.advance(Stage::Stopping, Cause::Interrupt);
        control.advance(Stage::Draining, Cause::Duration);
        assert!(!control.is_running());
        assert_eq!(control.cause(), Some(&Cause::Interrupt));
        control.reached(Stage::Stopping).await;
    }
}
