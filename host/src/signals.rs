//! Ctrl-C and its like: once ends the run and reports, twice gives up what is in flight, thrice leaves at once. Besides,
//! SIGUSR1 tells how far the run is, and SIGQUIT does so and ends the process as it does everywhere, with a core.

use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::engine::control::{Cause, Control, Stage};
use crate::error::{Error, Exit, Result};

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
    /// Ends the process without a report.
    pub leave: Leave,
}

/// Watches for signals from a thread of its own, so that a guest that computes cannot delay them. The thread ends with the
/// process.
///
/// # Errors
/// The signals or the thread are not to be had.
pub fn watch(control: Arc<Control>, manners: Manners) -> Result<()> {
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
            let mut endings = 0;
            loop {
                let (exit, cause) = match signals.next().await {
                    Told::Tell => {
                        (manners.tell)();
                        continue;
                    }
                    Told::Quit => {
                        (manners.tell)();
                        (manners.tidy_up)();
                        quit();
                        continue;
                    }
                    Told::End(exit, cause) => (exit, cause),
                };
                endings += 1;
                match endings {
                    1 => {
                        control.advance(Stage::Draining, cause);
                        (manners.notice)(
                            "stopping: calls in flight may end; once more to stop now",
                        );
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
            }
        });
    };
    std::thread::Builder::new()
        .name("gorgon-signals".to_owned())
        .spawn(body)
        .map_err(cannot)?;
    Ok(())
}

/// What a signal asks for.
enum Told {
    /// The end of the run.
    End(Exit, Cause),
    /// Word of how far it is.
    Tell,
    /// The end of the process, with a core.
    Quit,
}

struct Signals {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
    hangup: Option<Signal>,
    quit: Option<Signal>,
    user: Option<Signal>,
}

impl Signals {
    fn new() -> std::io::Result<Signals> {
        // What whoever started this process wants ignored stays so: `nohup` and background jobs of scripts.
        let unless_ignored = |kind: SignalKind| {
            (!is_ignored(kind.as_raw_value()))
                .then(|| signal(kind))
                .transpose()
        };
        Ok(Signals {
            interrupt: unless_ignored(SignalKind::interrupt())?,
            terminate: unless_ignored(SignalKind::terminate())?,
            hangup: unless_ignored(SignalKind::hangup())?,
            quit: unless_ignored(SignalKind::quit())?,
            user: unless_ignored(SignalKind::user_defined1())?,
        })
    }

    async fn next(&mut self) -> Told {
        tokio::select! {
            () = received(&mut self.interrupt) => Told::End(Exit::Interrupted, Cause::Interrupt),
            () = received(&mut self.terminate) => Told::End(Exit::Terminated, Cause::Terminate),
            () = received(&mut self.hangup) => Told::End(Exit::Terminated, Cause::Terminate),
            () = received(&mut self.quit) => Told::Quit,
            () = received(&mut self.user) => Told::Tell,
        }
    }
}

/// Ends the process as SIGQUIT does where nobody catches it.
#[expect(unsafe_code, reason = "two system calls without pointers")]
fn quit() {
    // SAFETY: the default action needs no handler of ours, and the signal is sent to this process itself.
    unsafe {
        libc::signal(libc::SIGQUIT, libc::SIG_DFL);
        libc::kill(libc::getpid(), libc::SIGQUIT);
    }
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
