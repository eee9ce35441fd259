//! Ctrl-C and its like: once ends the run and reports, twice gives up what is in flight, thrice leaves at once.

use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::engine::control::{Cause, Control, Stage};
use crate::error::{Error, Exit, Result};

/// Ends the process without a report.
pub type Leave = fn(Exit) -> !;

/// Watches for signals from a thread of its own, so that a guest that computes cannot delay them. The thread ends with the
/// process.
///
/// # Errors
/// The signals or the thread are not to be had.
pub fn watch(control: Arc<Control>, notice: fn(&str), leave: Leave) -> Result<()> {
    let cannot = |cause: std::io::Error| {
        Error::new(Exit::Environment, "cannot watch for signals").caused_by(&cause)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(cannot)?;
    let mut signals = {
        let _context = runtime.enter();
        Signals::new().map_err(cannot)?
    };
    let body = move || {
        runtime.block_on(async {
            let (_, cause) = signals.next().await;
            notice("stopping: calls in flight may end; once more to stop now");
            control.advance(Stage::Draining, cause);
            let (_, cause) = signals.next().await;
            notice("stopping now; once more to leave without a report");
            control.advance(Stage::Stopping, cause);
            let (exit, _) = signals.next().await;
            leave(exit)
        });
    };
    std::thread::Builder::new()
        .name("gorgon-signals".to_owned())
        .spawn(body)
        .map_err(cannot)?;
    Ok(())
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Signals> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> (Exit, Cause) {
        tokio::select! {
            _ = self.interrupt.recv() => (Exit::Interrupted, Cause::Interrupt),
            _ = self.terminate.recv() => (Exit::Terminated, Cause::Terminate),
            _ = self.hangup.recv() => (Exit::Terminated, Cause::Terminate),
        }
    }
}
