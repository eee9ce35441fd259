//! What is shown of a run while it goes on: a block of lines for a terminal, or one plain line for a log.
//!
//! Both are made of a [`Progress`], a snapshot of the run, so that what they cost has nothing to do with how many calls
//! are made.

mod block;
mod eta;
mod line;
mod painted;
mod words;

pub use block::block;
pub use eta::Eta;
pub use line::line;

use crate::stats::Outcome;

/// How far a run has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// Calls are made that will not count.
    WarmUp,
    /// Calls are made.
    #[default]
    Running,
    /// No call starts any more; those in flight may end.
    Draining,
    /// Calls in flight are given up.
    Stopping,
}

/// A run as it is at one moment.
///
/// Strings are taken as they are: whatever a guest chose is made safe to show where it is shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// The operation, or the operations of a mix: `browse.wasm + buy.wasm`.
    pub name: String,
    /// The run's time.
    pub elapsed_ns: u64,
    /// How the load is made: `8 workers`, `open load, 400/s`.
    pub load: String,
    /// The calls asked for.
    pub planned_calls: Option<u64>,
    /// Where each call takes an item of an input: the items read so far, and whether the input has ended.
    pub items_known: Option<(u64, bool)>,
    /// The time asked for.
    pub planned_ns: Option<u64>,
    /// How far the run has come.
    pub phase: Phase,
    /// The calls that have ended.
    pub done: u64,
    /// Those of them that went as meant.
    pub ok: u64,
    /// Those of them that did not.
    pub fail: u64,
    /// Those of them that the host had to end.
    pub fault: u64,
    /// The calls that ended each second, over the last few seconds.
    pub rate_per_s: Option<f64>,
    /// The median duration of the last few seconds; nothing where there are too few calls to tell.
    pub p50_ns: Option<u64>,
    /// The 99th percentile of the last few seconds; nothing where there are too few calls to tell.
    pub p99_ns: Option<u64>,
    /// The longest duration of the last few seconds.
    pub max_ns: Option<u64>,
    /// The workers in a call.
    pub busy: u64,
    /// The workers that have an instance.
    pub workers: u64,
    /// In open load: how long ago the next call was due.
    pub late_ns: Option<u64>,
    /// How often each tag came back, the most frequent first.
    pub tags: Vec<(String, Outcome, u64)>,
    /// The calls that ended in each of the last seconds, the latest last.
    pub rates: Vec<f64>,
    /// The latest line that each worker logged, if they are to be shown.
    pub logs: Vec<(u32, String)>,
    /// Whether the run would fail by its rules if it ended now.
    pub thresholds_missed: bool,
}

/// The calls that a run will have made when all is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Total {
    Known(u64),
    /// At least these: the input has not ended.
    AtLeast(u64),
    Unknown,
}

impl Progress {
    fn total(&self) -> Total {
        match (self.planned_calls, self.items_known) {
            (Some(calls), Some((items, complete))) if complete || items >= calls => {
                Total::Known(calls.min(items))
            }
            (None, Some((items, true))) => Total::Known(items),
            (_, Some((items, false))) => Total::AtLeast(items),
            (Some(calls), _) => Total::Known(calls),
            (None, None) => Total::Unknown,
        }
    }

    /// How much of the run is over, 0 to 1: by calls or by time, whichever will end it first. Nothing where neither tells.
    fn share_over(&self) -> Option<f64> {
        let share = |part: u64, whole: u64| {
            if part >= whole {
                1.0
            } else {
                part as f64 / whole as f64
            }
        };
        let by_time = self.planned_ns.map(|whole| share(self.elapsed_ns, whole));
        match self.total() {
            Total::Known(calls) => {
                let by_calls = share(self.done, calls);
                Some(by_time.map_or(by_calls, |by_time| by_time.max(by_calls)))
            }
            // The input may end at any moment.
            Total::AtLeast(_) => None,
            Total::Unknown => by_time,
        }
    }

    /// The share of some calls in those that have ended, 0 to 1.
    fn share_of(&self, calls: u64) -> f64 {
        calls as f64 / self.done.max(1) as f64
    }
}

#[cfg(test)]
mod tests;
