//! What one thread records of its calls.
//!
//! With every tag met once, recording a call neither locks nor allocates: a tag is found in the thread's own memory of
//! names, a call is a few additions. Recorders are merged by key; [`Recorder::take`] hands over what was recorded so
//! far and keeps the memory of names, so that swapping recorders costs nothing afterwards.

use std::borrow::Cow;
use std::sync::Arc;

use super::interner::{Interner, RowId, RowKey};
use super::rows::{CheckStats, FailureStats, FirstFailure, RowStats};
use super::table::{Names, Table};
use super::tags::{Fault, OTHER, Outcome, normalise};
use super::tallies::{Tables, Tallies};

/// The longest failure message kept, in bytes.
pub const MESSAGE_BYTES: usize = 512;

/// The three instants of a call, in nanoseconds since the run started. In closed load a call is due when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When it was to start.
    pub due_ns: u64,
    /// When it started.
    pub start_ns: u64,
    /// When it ended.
    pub end_ns: u64,
}

/// Records the calls of one thread. See the module's description.
#[derive(Debug, Clone)]
pub struct Recorder {
    interner: Arc<Interner>,
    open_load: bool,
    window_end_ns: u64,
    seen: Seen,
    tallies: Tallies,
}

/// The numbers that this thread has learned.
#[derive(Debug, Clone, Default)]
struct Seen {
    operations: Vec<SeenOfOperation>,
    /// Indexed by row.
    measurements: Vec<Names>,
    /// Indexed by row.
    failures: Vec<Names>,
    counters: Names,
    checks: Names,
}

#[derive(Debug, Clone, Default)]
struct SeenOfOperation {
    /// By the arm of the result: ok, err.
    tags: [Names; 2],
    /// By the outcome: ok, fail.
    others: [Option<RowId>; 2],
    faults: [Option<RowId>; Fault::ALL.len()],
}

impl Recorder {
    /// A recorder for one thread of a run. In closed load there is neither lag nor response to keep.
    pub fn new(interner: Arc<Interner>, open_load: bool) -> Recorder {
        let (seen, tallies) = (Seen::default(), Tallies::default());
        Recorder {
            interner,
            open_load,
            window_end_ns: u64::MAX,
            seen,
            tallies,
        }
    }

    /// Sets the end of the window that rates are computed over: calls that end later count, but not into a rate.
    /// Without it every call is inside.
    pub fn set_window_end(&mut self, ns: u64) {
        self.window_end_ns = ns;
    }

    /// The row of what an operation returned. Takes the interner's lock only for a tag this thread has not met.
    pub fn row_of_tag(&mut self, operation: u16, returned: Result<&str, &str>) -> RowId {
        let (Ok(tag) | Err(tag)) = returned;
        let name = normalise(tag);
        let seen = at(&mut self.seen.operations, usize::from(operation));
        let names = &mut seen.tags[usize::from(returned.is_err())];
        if let Some(id) = names.get(&name) {
            return RowId(id);
        }
        let outcome = self.interner.outcome(returned);
        let key = RowKey {
            operation,
            outcome,
            tag: name.into_owned(),
        };
        match self.interner.rows.claim(&key) {
            Some(id) => {
                names.insert(&key.tag, id);
                RowId(id)
            }
            None => *seen.others[usize::from(outcome != Outcome::Ok)]
                .get_or_insert_with(|| self.interner.other_row(operation, outcome)),
        }
    }

    /// The row of a fault.
    pub fn row_of_fault(&mut self, operation: u16, fault: Fault) -> RowId {
        let seen = at(&mut self.seen.operations, usize::from(operation));
        *seen.faults[fault.index()].get_or_insert_with(|| {
            let key = RowKey {
                operation,
                outcome: Outcome::Fault,
                tag: fault.tag().to_owned(),
            };
            RowId(self.interner.rows.admit(key))
        })
    }

    /// Records a call that has ended.
    pub fn call(&mut self, row: RowId, times: Times) {
        let row = self.count(row, times.end_ns);
        row.time(times);
    }

    /// Records a call that ended without having run, such as one whose instance could not start. It counts, but has no
    /// duration.
    pub fn call_without_timing(&mut self, row: RowId, end_ns: u64) {
        self.count(row, end_ns);
    }

    /// Records that a call did not end: how long it was watched bounds its times from below. `start_ns` is `None` for
    /// one that never started.
    pub fn never_ended(&mut self, due_ns: u64, start_ns: Option<u64>, now_ns: u64) {
        let waited_ns = now_ns.saturating_sub(due_ns);
        let Some(start_ns) = start_ns else {
            return self.never_started(waited_ns, 1);
        };
        self.tallies.response_censored.record(waited_ns);
        self.tallies
            .service_censored
            .record(now_ns.saturating_sub(start_ns));
    }

    /// Records that `count` calls were due for at least `waited_ns` and never started.
    pub fn never_started(&mut self, waited_ns: u64, count: u64) {
        self.tallies.response_censored.record_n(waited_ns, count);
        self.tallies.lag_censored.record_n(waited_ns, count);
    }

    /// Adds a sample to a measurement of the calls of a row.
    pub fn measurement(&mut self, row: RowId, name: &str, ns: u64) {
        let names = at(&mut self.seen.measurements, row.0 as usize);
        let of_row = |name| (row, name);
        let id = named(&self.interner.measurements, names, normalise(name), of_row);
        at(&mut self.tallies.measurements, id)
            .get_or_insert_default()
            .record(ns);
    }

    /// Adds to a counter of the run.
    pub fn counter(&mut self, name: &str, delta: u64) {
        let id = named(
            &self.interner.counters,
            &mut self.seen.counters,
            normalise(name),
            |name| name,
        );
        let total = at(&mut self.tallies.counters, id).get_or_insert(0);
        // A guest chooses `delta`, so the sum may reach the end of what a counter holds.
        *total = total.saturating_add(delta);
    }

    /// Counts a named check.
    pub fn check(&mut self, name: &str, passed: bool) {
        let id = named(
            &self.interner.checks,
            &mut self.seen.checks,
            normalise(name),
            |name| name,
        );
        let one = CheckStats {
            passed: u64::from(passed),
            failed: u64::from(!passed),
        };
        at(&mut self.tallies.checks, id)
            .get_or_insert_default()
            .merge(one);
    }

    /// Records what a failed call said about its failure. Equal messages of a row are counted together; of each kind
    /// the first is kept, and kinds beyond the cap are only counted.
    pub fn failure(&mut self, row: RowId, message: &str, number: u64, worker: u32, at_ns: u64) {
        let message = cut(message);
        let names = at(&mut self.seen.failures, row.0 as usize);
        let Some(id) = names.get(&message).or_else(|| {
            let id = self
                .interner
                .failures
                .claim(&(row, message.clone().into_owned()))?;
            names.insert(&message, id);
            Some(id)
        }) else {
            self.tallies.failures_beyond += 1;
            return;
        };
        let one = FailureStats {
            count: 1,
            first: FirstFailure {
                at_ns,
                number,
                worker,
            },
        };
        match at(&mut self.tallies.failures, id as usize) {
            Some(kind) => kind.merge(one),
            empty @ None => *empty = Some(one),
        }
    }

    /// How many calls have been recorded, those of the warm-up not among them.
    pub fn calls(&self) -> u64 {
        self.tallies.calls()
    }

    /// What was recorded since the last time. This recorder goes on empty, knowing the names it knew.
    pub fn take(&mut self) -> Recorder {
        Recorder {
            interner: Arc::clone(&self.interner),
            open_load: self.open_load,
            window_end_ns: self.window_end_ns,
            seen: Seen::default(),
            tallies: std::mem::take(&mut self.tallies),
        }
    }

    /// Adds everything that `other` has recorded, by key: it may come from another run with numbers of its own. Nothing
    /// is folded here, so the caps may be exceeded by what several runs bring.
    pub fn merge(&mut self, other: Recorder) {
        if Arc::ptr_eq(&self.interner, &other.interner) {
            self.tallies.merge(other.tallies);
        } else {
            self.tallies
                .merge(other.tallies.renumbered(&other.interner, &self.interner));
        }
    }

    /// Everything recorded, by key.
    pub fn into_tables(self) -> Tables {
        self.tallies.into_tables(&self.interner)
    }

    fn count(&mut self, row: RowId, end_ns: u64) -> &mut RowStats {
        let inside = end_ns <= self.window_end_ns;
        let slot = at(&mut self.tallies.rows, row.0 as usize);
        let row = slot.get_or_insert_with(|| Box::new(RowStats::new(self.open_load)));
        row.count(end_ns, inside);
        row
    }
}

/// The number of a name as an index, or that of `!other` for a name that came too late.
fn named<K>(
    table: &Table<K>,
    names: &mut Names,
    name: Cow<'_, str>,
    key: impl Fn(String) -> K,
) -> usize
where
    K: Clone + Eq + std::hash::Hash,
{
    if let Some(id) = names.get(&name) {
        return id as usize;
    }
    if let Some(id) = table.claim(&key(name.clone().into_owned())) {
        names.insert(&name, id);
        return id as usize;
    }
    // No name of a guest can be `!other`: it would have been escaped.
    let id = names.get(OTHER).unwrap_or_else(|| {
        let id = table.admit(key(OTHER.to_owned()));
        names.insert(OTHER, id);
        id
    });
    id as usize
}

/// The element at an index of a list that grows as numbers are given out.
fn at<T: Default>(list: &mut Vec<T>, index: usize) -> &mut T {
    if index >= list.len() {
        list.resize_with(index + 1, T::default);
    }
    &mut list[index]
}

fn cut(message: &str) -> Cow<'_, str> {
    if message.len() <= MESSAGE_BYTES {
        return Cow::Borrowed(message);
    }
    Cow::Owned(format!(
        "{}…",
        &message[..message.floor_char_boundary(MESSAGE_BYTES)]
    ))
}

#[cfg(test)]
mod tests;
