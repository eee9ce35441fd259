//! What is kept for each row, check and kind of failure, and how two of them are merged.

use super::histogram::Histogram;
use super::recorder::Times;

/// The calls of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowStats {
    /// How many there are.
    pub count: u64,
    /// How many of them ended inside the window that rates are computed over.
    pub inside: u64,
    /// When the first of them ended, in nanoseconds since the run started.
    pub first_ns: u64,
    /// Start to end. Holds fewer than `count` where calls had no timing.
    pub service: Histogram,
    /// What exists in open load only.
    pub open: Option<Box<OpenStats>>,
}

/// The further durations of open load, where a call may start later than it was due.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenStats {
    /// Due to start.
    pub lag: Histogram,
    /// Due to end.
    pub response: Histogram,
}

impl RowStats {
    /// A row without calls.
    pub(super) fn new(open_load: bool) -> RowStats {
        let open = open_load.then(Box::default);
        RowStats {
            count: 0,
            inside: 0,
            first_ns: u64::MAX,
            service: Histogram::new(),
            open,
        }
    }

    /// Counts a call that has ended.
    pub(super) fn count(&mut self, end_ns: u64, inside: bool) {
        self.count += 1;
        self.inside += u64::from(inside);
        self.first_ns = self.first_ns.min(end_ns);
    }

    /// Keeps the durations of a call.
    pub(super) fn time(&mut self, times: Times) {
        self.service
            .record(times.end_ns.saturating_sub(times.start_ns));
        if let Some(open) = &mut self.open {
            open.lag.record(times.start_ns.saturating_sub(times.due_ns));
            open.response
                .record(times.end_ns.saturating_sub(times.due_ns));
        }
    }

    /// Adds what `other` holds.
    pub(super) fn merge(&mut self, other: RowStats) {
        self.count += other.count;
        self.inside += other.inside;
        self.first_ns = self.first_ns.min(other.first_ns);
        self.service.merge(&other.service);
        match (&mut self.open, other.open) {
            (Some(mine), Some(theirs)) => {
                mine.lag.merge(&theirs.lag);
                mine.response.merge(&theirs.response);
            }
            (mine @ None, theirs) => *mine = theirs,
            (Some(_), None) => {}
        }
    }
}

/// How often a named check passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckStats {
    /// Times it passed.
    pub passed: u64,
    /// Times it failed.
    pub failed: u64,
}

impl CheckStats {
    /// Adds what `other` holds.
    pub(super) fn merge(&mut self, other: CheckStats) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The first failure of a kind. Ordered by time, so that the earliest is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FirstFailure {
    /// When, in nanoseconds since the run started.
    pub at_ns: u64,
    /// The number of the call.
    pub number: u64,
    /// The worker that made it.
    pub worker: u32,
}

/// Failures of one kind: of one row, with one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureStats {
    /// How many there are.
    pub count: u64,
    /// The earliest.
    pub first: FirstFailure,
}

impl FailureStats {
    /// Adds what `other` holds.
    pub(super) fn merge(&mut self, other: FailureStats) {
        self.count += other.count;
        self.first = self.first.min(other.first);
    }
}
