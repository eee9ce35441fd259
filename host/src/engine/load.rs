//! What a run is to do: plain data, decided before it starts.

use std::sync::Arc;
use std::time::Duration;

use crate::data::Items;
use crate::schedule::{Mix, Schedule, Think, WarmUp};

/// How much is to be done and by whom.
#[derive(Debug, Clone)]
pub struct Load {
    /// In closed load how many workers make calls, in open load how many calls may be in flight.
    pub workers: u32,
    /// How many threads drive them.
    pub threads: usize,
    /// The number of the first call.
    pub first_number: u64,
    /// How many calls to make after the warm-up, of each operation where every one has each number; without it, the
    /// duration, the schedule or the items end the run.
    pub calls: Option<u64>,
    /// How long to start calls, counted from the end of the warm-up.
    pub duration: Option<Duration>,
    /// What comes before the results. It counts as `calls` does.
    pub warm_up: WarmUp,
    /// When calls are due; nothing in closed load.
    pub schedule: Option<Schedule>,
    /// Which operation each call is one of.
    pub mix: Arc<Mix>,
    /// How many calls can be told apart by what they are given, those of the warm-up among them.
    pub rows: Option<u64>,
    /// The limit for one call.
    pub timeout: Duration,
    /// How long calls in flight may go on once no more are started.
    pub grace: Duration,
    /// How long a worker waits between two of its calls, in closed load.
    pub think: Think,
    /// A fresh instance for every call.
    pub isolate_calls: bool,
    /// Note where operations that have the same number do not answer alike.
    pub check_answers: bool,
}

impl Load {
    /// How many indexes there are at most, those of the warm-up among them.
    pub(super) fn indexes(&self) -> u64 {
        // From 0 on there is one number more than a count can say; nobody will miss it.
        let numbers = (u64::MAX - self.first_number).saturating_add(1);
        self.rows.map_or(numbers, |rows| rows.min(numbers))
    }

    /// How many calls there are of each number.
    pub fn calls_of_a_number(&self) -> u64 {
        u64::from(self.mix.calls_of_an_index())
    }

    /// How many calls were asked for, those of all operations together.
    pub fn calls_in_all(&self) -> Option<u64> {
        let calls = self.calls?;
        Some(calls.saturating_mul(self.calls_of_a_number()))
    }

    /// How many numbers so many calls were made of.
    pub fn numbers_of(&self, calls: u64) -> u64 {
        calls.div_ceil(self.calls_of_a_number())
    }

    /// How many workers of a closed load find anything to do.
    pub fn busy_workers(&self) -> u32 {
        let warm_up = match self.warm_up {
            WarmUp::None => 0,
            WarmUp::Calls(calls) => calls,
            WarmUp::For(_) => u64::MAX,
        };
        let calls = self.calls.unwrap_or(u64::MAX).saturating_add(warm_up);
        let calls = calls.min(self.indexes());
        u32::try_from(calls).map_or(self.workers, |calls| self.workers.min(calls))
    }

    /// Whether calls are due by the clock.
    pub fn is_open(&self) -> bool {
        self.schedule.is_some()
    }

    /// Threads that find anything to do.
    pub fn busy_threads(&self) -> usize {
        let workers = if self.is_open() {
            self.workers
        } else {
            self.busy_workers()
        };
        self.threads.clamp(1, workers.max(1) as usize)
    }

    /// How long the window of the results is, where that is decided beforehand.
    pub fn window_ns(&self) -> Option<u64> {
        let by_duration = self
            .duration
            .map(|duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
        let by_schedule = self.schedule.as_ref().and_then(|schedule| {
            let end_ns = schedule.end_ns()?;
            Some(end_ns.saturating_sub(schedule.results_from_ns()))
        });
        by_duration.into_iter().chain(by_schedule).min()
    }
}

/// What calls are fed with one by one.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    /// An item for each call; the run ends with them.
    pub items: Option<Arc<Items>>,
    /// Keep the items of calls that did not end well.
    pub keep_failed: bool,
}
