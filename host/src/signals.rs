//! What a person asks of a run by signals.
//!
//! Ctrl-C and its like: once ends the run and reports, twice gives up what is in flight, thrice leaves at once. Besides,
//! [from the beginning](requests), SIGUSR1 tells how far the run is, SIGQUIT does so and ends the process as it does
//! everywhere, with a core, and Ctrl-Z leaves an orderly terminal.

mod requests;

use std::io;
use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::engine::control::{Cause, Control, Stage};
use crate::error::{Error, Exit, Result};

pub use self::requests::watch_requests;

/// Ends the process without a report.
pub type Leave = fn(Exit) -> !;

/// What is said to the person, and done before the process is left.
#[derive(Debug, Clone, Copy)]
pub struct Manners {
    /// Says what a signal has led to.
    pub notice: fn(&str),
    /// Tells how far the run is.
    pub tell: fn(),
    /// Puts the terminal in order, without waiting for anybody.
    pub tidy_up: fn(),
    /// Puts the terminal in order and keeps it so while it does something.
    pub tidy_while: fn(fn()),
    /// Ends the process without a report.
    pub leave: Leave,
}

/// Watches for the signals that end a run from a thread of its own, so that a guest that computes cannot delay them. The
/// thread ends with the process.
///
/// # Errors
/// The signals or the thread are not to be had.
pub fn watch(control: Arc<Control>, manners: Manners) -> Result<()> {
    let mut endings = 0;
    let end = move |(exit, cause): (Exit, Cause)| {
        endings += 1;
        match endings {
            1 => {
                control.advance(Stage::Draining, cause);
                (manners.notice)("stopping: calls in flight may end; once more to stop now");
            }
            2 => {
                control.advance(Stage::Stopping, cause);
                (manners.notice)("stopping now; once more to leave without a report");
            }
            _ => {
                (manners.tidy_up)();
                (manners.leave)(exit)
            }
        }
    };
    spawn(
        "gorgon-signals",
        Endings::new,
        async |endings| endings.next().await,
        end,
    )
}

/// Watches for the same signals for somebody who has something else to end than a run.
///
/// # Errors
/// The signals or the thread are not to be had.
pub fn watch_endings(mut act: impl FnMut(Exit) + Send + 'static) -> Result<()> {
    spawn(
        "gorgon-signals",
        Endings::new,
        async |endings| endings.next().await,
        move |(exit, _)| act(exit),
    )
}

struct Endings {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
    hangup: Option<Signal>,
}

impl Endings {
    fn new() -> io::Result<Endings> {
        Ok(Endings {
            interrupt: unless_ignored(SignalKind::interrupt())?,
            terminate: unless_ignored(SignalKind::terminate())?,
            hangup: unless_ignored(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> (Exit, Cause) {
        tokio::select! {
            () = received(&mut self.interrupt) => (Exit::Interrupted, Cause::Interrupt),
            () = received(&mut self.terminate) => (Exit::Terminated, Cause::Terminate),
            () = received(&mut self.hangup) => (Exit::Terminated, Cause::Terminate),
        }
    }
}

/// Starts a thread that does something about each signal that comes.
fn spawn<S: Send + 'static, T>(
    name: &str,
    signals: fn() -> io::Result<S>,
    next: impl AsyncFn(&mut S) -> T + Send + 'static,
    mut act: impl FnMut(T) + Send + 'static,
) -> Result<()> {
    let cannot = |cause: io::Error| {
        Error::new(Exit::Environment, "cannot watch for signals").caused_by(&cause)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(cannot)?;
    let mut signals = {
        let _context = runtime.enter();
        signals().map_err(cannot)?
    };
    let body = move || {
        runtime.block_on(async {
            loop {
                act(next(&mut signals).await);
            }
        });
    };
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(body).map_err(cannot)?;
    Ok(())
}

/// A signal, but what whoever started this process wants ignored stays so: `nohup` and background jobs of scripts.
fn unless_ignored(kind: SignalKind) -> io::Result<Option<Signal>> {
    (!is_ignored(kind.as_raw_value()))
        .then(|| signal(kind))
        .transpose()
}

async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}

#[expect(unsafe_code, reason = "one system call on a structure of our own")]
fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: with no new action, `sigaction` only writes the present one to `action`, which has room for it and is
    // valid with every bit zero.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_is_told_from_what_is_not() {
        // Rust's start-up code ignores SIGPIPE, and nobody ignores SIGSEGV.
        assert!(is_ignored(libc::SIGPIPE));
        assert!(!is_ignored(libc::SIGSEGV));
    }
}
