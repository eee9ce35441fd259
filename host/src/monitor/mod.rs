//! Watches a run while it goes on, from a thread of its own: puts together what its threads hand over, saves it, shows
//! it, judges the rules that can end the run early, and looks at the runner itself.
//!
//! Everything here costs the same whatever the rate of the calls: it sees ticks, not calls.

mod batches;
mod recent;
mod rules;
mod tags;
mod watcher;

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::time::Instant;

use crate::clock::{self, RunClock};
use crate::data::Items;
use crate::engine::Records;
use crate::engine::control::Control;
use crate::engine::ticks::{self, Snapshot};
use crate::error::{Error, Exit, Result};
use crate::report::live::Progress;
use crate::saved::RunFile;
use crate::stats::{Histogram, RunFacts};
use crate::thresholds::{Evaluated, Threshold};
use crate::watch::SystemReadings;

use self::watcher::Watcher;

/// What the monitor needs to know beforehand.
pub struct Plan {
    /// What is known of the run, as far as rules ask for it.
    pub facts: RunFacts,
    /// The run as it is shown, with everything filled in that does not change.
    pub progress: Progress,
    /// Rules that fail the run.
    pub fail_if: Vec<Threshold>,
    /// Rules that end it, too.
    pub abort_if: Vec<Threshold>,
    /// Ends the run.
    pub control: Arc<Control>,
    /// What calls are fed with.
    pub items: Option<Arc<Items>>,
    /// Where the run is saved.
    pub file: Option<RunFile>,
    /// Who shows it.
    pub screen: Option<Screen>,
    /// Who is told each second how far it is, for when somebody asks.
    pub remember: fn(&Progress),
    /// What the workers logged last.
    pub logs: Option<LatestLogs>,
}

/// Reads the latest line that each worker logged.
pub type LatestLogs = Box<dyn Fn() -> Vec<(u32, String)> + Send>;

/// Who shows the progress of a run, and how often.
pub struct Screen {
    /// The time between two looks.
    pub every: Duration,
    /// Shows it.
    pub show: Box<dyn FnMut(&Progress) + Send>,
}

/// What came of watching.
pub struct Observed {
    /// Everything that was recorded.
    pub records: Records,
    /// The durations of the results in batches of the same length, in the order of time.
    pub batches: Vec<Histogram>,
    /// What the system told.
    pub system: SystemReadings,
    /// What the rules about windows came to: those that fail the run, then those that end it.
    pub windows: Vec<Evaluated>,
    /// The file that the run is being saved to.
    pub file: Option<RunFile>,
}

/// A run being watched.
pub struct Monitor {
    thread: JoinHandle<Watcher>,
}

/// How long after its end a tick is put together: by then every thread that could hand over its part has.
const SLACK: Duration = Duration::from_millis(25);

impl Monitor {
    /// Starts to watch; what the threads of the run hand over goes into the sender.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn start(plan: Plan) -> Result<(Monitor, Sender<Snapshot>)> {
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("gorgon-monitor".to_owned())
            .spawn(move || watch(Watcher::new(plan), &receiver))
            .map_err(|cause| {
                Error::new(
                    Exit::Environment,
                    "cannot start the thread that watches the run",
                )
                .caused_by(&cause)
            })?;
        Ok((Monitor { thread }, sender))
    }

    /// Ends watching a run that never began, once every sender is gone. Nothing of it is kept.
    pub fn abandon(self) {
        // Whatever the thread has come to, there is nothing to be had from it.
        drop(self.thread.join());
    }

    /// Ends watching, once every sender is gone. `rest` is what was recorded and not handed over, until `end_ns`.
    ///
    /// # Errors
    /// The monitor panicked, a bug.
    pub fn finish(
        self,
        rest: Records,
        results_from_ns: u64,
        clock: RunClock,
        end_ns: u64,
    ) -> Result<Observed> {
        let watcher = self.thread.join().map_err(|_| {
            Error::new(Exit::Bug, "the thread that watches the run panicked")
                .hint("this is a bug in gorgon; please report it with the lines above")
        })?;
        Ok(watcher.finish(rest, results_from_ns, clock, end_ns))
    }
}

fn watch(mut watcher: Watcher, receiver: &mpsc::Receiver<Snapshot>) -> Watcher {
    let mut clock: Option<RunClock> = None;
    let mut tick = 0;
    let mut next_frame = clock::now();
    loop {
        let wait = wait(clock, tick, &watcher, next_frame);
        match receiver.recv_timeout(wait) {
            Ok(snapshot) => {
                if clock.is_none() {
                    watcher.begin(snapshot.clock);
                    next_frame = clock::now() + watcher.period();
                }
                clock = Some(snapshot.clock);
                watcher.take(snapshot);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                watcher.end(clock::now());
                return watcher;
            }
        }
        let now = clock::now();
        if let Some(clock) = clock {
            let settled_ns = clock.ns_at(now).saturating_sub(SLACK.as_nanos() as u64);
            // After a gap there may be many ticks at once; nothing was recorded in all but one of them.
            while ticks::end_of(tick) <= settled_ns {
                let is_last = ticks::end_of(tick + 1) > settled_ns;
                if is_last {
                    watcher.end_tick(ticks::end_of(tick));
                }
                tick += 1;
            }
        }
        if now >= next_frame {
            watcher.show(now);
            next_frame = now + watcher.period();
        }
    }
}

/// How long nothing has to be done.
fn wait(clock: Option<RunClock>, tick: u64, watcher: &Watcher, next_frame: Instant) -> Duration {
    let now = clock::now();
    let until_tick = clock.map_or(SLACK, |clock| {
        let end = clock.instant(Duration::from_nanos(ticks::end_of(tick))) + SLACK;
        end.saturating_duration_since(now)
    });
    let until_frame = if watcher.is_shown() {
        next_frame.saturating_duration_since(now)
    } else {
        until_tick
    };
    until_tick.min(until_frame).max(Duration::from_millis(1))
}
