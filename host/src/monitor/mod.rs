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
use crate::saved::{Line, RunFile, Tick};
use crate::stats::{Histogram, RunFacts, Tables};
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
    /// The rule that ended the run, with what was measured then.
    pub ended_by: Option<Evaluated>,
    /// The file that the run is being saved to.
    pub file: Option<RunFile>,
}

impl Observed {
    /// Adds counters and checks that belong to the run and to no call, as of `at_ns` on its clock.
    pub fn add(&mut self, counters: &[(String, u64)], checks: &[(String, bool)], at_ns: u64) {
        let Some(results) = &mut self.records.results else {
            return;
        };
        if counters.is_empty() && checks.is_empty() {
            return;
        }
        let before = results.take();
        for (name, delta) in counters {
            results.counter(name, *delta);
        }
        for (name, passed) in checks {
            results.check(name, *passed);
        }
        if let Some(file) = &mut self.file {
            let found = results.clone().into_tables();
            let tick = Tick::new(at_ns, at_ns, &found, &Tables::default());
            file.append(Line::Tick(Box::new(tick)));
        }
        results.merge(before);
    }
}

/// How a run ended, as far as the monitor does not know.
pub struct Ending {
    /// What was recorded and not handed over.
    pub rest: Records,
    /// The clock of the run; the other times are its own, in nanoseconds.
    pub clock: RunClock,
    /// When the results began.
    pub results_from_ns: u64,
    /// When no call could start any more.
    pub window_end_ns: u64,
    /// When the last call ended.
    pub end_ns: u64,
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

    /// Ends watching, once every sender is gone. Everything that was recorded is in the run's file then.
    ///
    /// # Errors
    /// The monitor panicked, a bug.
    pub fn finish(self, ending: Ending) -> Result<Observed> {
        let watcher = self.thread.join().map_err(|_| {
            Error::new(Exit::Bug, "the thread that watches the run panicked")
                .hint("this is a bug in gorgon; please report it with the lines above")
        })?;
        Ok(watcher.finish(ending))
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
                // All have handed over what they were to, and later ticks are none of theirs.
                while ticks::end_of(tick) <= watcher.heard_until_ns() {
                    watcher.end_tick(tick);
                    tick += 1;
                }
                watcher.end(clock::now());
                return watcher;
            }
        }
        let now = clock::now();
        if let Some(clock) = clock {
            let settled_ns = clock.ns_at(now).saturating_sub(SLACK.as_nanos() as u64);
            while ticks::end_of(tick) <= settled_ns {
                watcher.end_tick(tick);
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
