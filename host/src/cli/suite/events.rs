//! What a suite waits for, and what it does when it is told to end.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use super::process::{Event, signal_group};
use crate::clock;
use crate::error::{Exit, Result};
use crate::signals::{self, Leave, Manners};

/// The run that goes on, by the id of its process, for signals that are passed on to it. It is reaped only after it is gone
/// from here.
static RUNNING: Mutex<Option<u32>> = Mutex::new(None);

/// The signals after which the suite is left as it is: each run has its own three.
const PATIENCE: u32 = 4;

/// Ends of processes, and signals, in the order in which they came.
#[derive(Debug)]
pub(super) struct Events {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
    /// What the suite ends with, where it was told to end.
    ended_by: Option<Exit>,
    /// Signals since something began that is not given up with the first.
    since: u32,
    has_patience: bool,
}

impl Events {
    /// Watches for signals from here on.
    ///
    /// # Errors
    /// They cannot be watched for.
    pub(super) fn watch(leave: Leave) -> Result<Events> {
        let (sender, receiver) = mpsc::channel();
        let manners = Manners {
            notice: crate::cli::output::notice,
            tell: || pass_on(libc::SIGUSR1),
            tidy_up: || pass_on(libc::SIGQUIT),
            tidy_while: |stop| {
                pass_on(libc::SIGTSTP);
                stop();
                pass_on(libc::SIGCONT);
            },
            leave,
        };
        signals::watch_requests(manners)?;
        let signals = sender.clone();
        let mut count = 0;
        signals::watch_endings(move |exit| {
            count += 1;
            if count >= PATIENCE {
                pass_on(libc::SIGKILL);
                leave(exit)
            }
            pass_on(match exit {
                Exit::Interrupted => libc::SIGINT,
                _ => libc::SIGTERM,
            });
            // The suite may be over.
            let _ = signals.send(Event::Signal(exit));
        })?;
        Ok(Events {
            sender,
            receiver,
            ended_by: None,
            since: 0,
            has_patience: false,
        })
    }

    /// Where those who wait for a process tell its end.
    pub(super) fn sender(&self) -> &Sender<Event> {
        &self.sender
    }

    /// What the suite ends with, where it was told to end.
    pub(super) fn ended_by(&mut self) -> Option<Exit> {
        while let Ok(event) = self.receiver.try_recv() {
            self.note(event);
        }
        self.ended_by
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Option<Event> {
        let event = self.receiver.recv().ok()?;
        self.note(event);
        Some(event)
    }

    /// The same, until some time.
    ///
    /// # Errors
    /// Nothing came until then.
    pub(super) fn next_until(
        &mut self,
        deadline: Instant,
    ) -> std::result::Result<Event, RecvTimeoutError> {
        let left = deadline.saturating_duration_since(clock::now());
        let event = self.receiver.recv_timeout(left)?;
        self.note(event);
        Ok(event)
    }

    /// What begins now is to clean up, and is not given up for a signal that came before.
    pub(super) fn forget_patience(&mut self) {
        // Those that wait are about what was before.
        self.ended_by();
        (self.since, self.has_patience) = (0, true);
    }

    /// What begins now is given up with the first signal.
    pub(super) fn lose_patience(&mut self) {
        self.has_patience = false;
    }

    /// Whether what goes on is to be given up.
    pub(super) fn is_out_of_patience(&self) -> bool {
        match self.has_patience {
            true => self.since > 1,
            false => self.ended_by.is_some(),
        }
    }

    fn note(&mut self, event: Event) {
        if let Event::Signal(exit) = event {
            self.ended_by = self.ended_by.or(Some(exit));
            self.since += 1;
        }
    }
}

/// Says which run goes on; nothing when it has ended and before it is reaped.
pub(super) fn set_running(id: Option<u32>) {
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = id;
}

/// Sends a signal to the run that goes on, if there is one.
fn pass_on(signal: i32) {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(id) = *running {
        signal_group(id, signal);
    }
}
