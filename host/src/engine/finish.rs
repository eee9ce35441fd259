//! Puts together what the threads of a run leave behind, and accounts for every call.

use std::sync::Arc;

use bytes::Bytes;

use super::gaps::Gap;
use super::shared::Shared;
use super::tally::{Counts, Denied};
use super::thread::{Part, Records};
use crate::clock::RunClock;
use crate::stats::Recorder;

/// What a run leaves behind. `asked = done + missed + not_started + unfinished`.
#[derive(Debug)]
pub struct Finished {
    /// What was recorded and not handed to the listener.
    pub records: Records,
    /// What was counted beside it.
    pub counts: Counts,
    /// What the network policy refused.
    pub denied: Denied,
    /// The calls that were asked for.
    pub asked: u64,
    /// Those that fell due in a gap.
    pub missed: u64,
    /// Those that never started.
    pub not_started: u64,
    /// The items of calls that did not end well, with the index of the call.
    pub failed_items: Vec<(u64, Bytes)>,
    /// When the runner itself did not run.
    pub gaps: Vec<Gap>,
    /// The most workers there could be.
    pub most_workers: u32,
    /// When the results began, in nanoseconds since the run started.
    pub results_from_ns: u64,
    /// When calls could start for the last time, if that was before all were made.
    pub drained_ns: Option<u64>,
    /// The clock of the run.
    pub clock: RunClock,
}

pub(super) fn finish<O>(shared: &Shared<O>, clock: RunClock, parts: Vec<Part>) -> Finished {
    let (mut records, mut counts) = (Records::default(), Counts::default());
    let (mut denied, mut missed, mut failed_items) = (Denied::default(), Vec::new(), Vec::new());
    for part in parts {
        records.merge(part.records);
        counts.merge(part.counts);
        denied.merge(part.denied);
        missed.extend(part.missed);
        failed_items.extend(part.failed_items);
    }
    let mut drained_ns = shared.control.drained_at().map(|at| clock.ns_at(at));
    if shared.load.is_open() && shared.window.end_ns() != u64::MAX {
        // The last call may have ended, and all threads with it, before the time was over.
        drained_ns.get_or_insert(shared.window.end_ns());
    }
    let started = counts.done + counts.unfinished;
    let late = match &shared.load.schedule {
        Some(_) => never_started(shared, drained_ns),
        None => Vec::new(),
    };
    let (asked, not_started) = if shared.load.is_open() {
        let not_started = late.len() as u64;
        let asked = started + missed.len() as u64 + not_started;
        (asked, not_started)
    } else {
        let asked = asked_in_closed_load(shared, started, counts.warm_up_done);
        (asked, asked.saturating_sub(started))
    };
    let results = records
        .results
        .get_or_insert_with(|| Recorder::new(Arc::clone(&shared.interner), shared.load.is_open()));
    let end_ns = drained_ns.unwrap_or(counts.last_end_ns);
    for due_ns in missed.iter().chain(&late) {
        results.never_ended(*due_ns, None, end_ns);
    }
    Finished {
        records,
        counts,
        denied,
        asked,
        missed: missed.len() as u64,
        not_started,
        failed_items,
        gaps: shared.gaps.all(),
        most_workers: shared.load.workers,
        results_from_ns: shared.window.begin_ns().unwrap_or(0),
        drained_ns,
        clock,
    }
}

/// When the calls of an open load were due that nobody has claimed and that were due before the end.
fn never_started<O>(shared: &Shared<O>, drained_ns: Option<u64>) -> Vec<u64> {
    let Some(schedule) = &shared.load.schedule else {
        return Vec::new();
    };
    let mut walk = schedule.walk();
    let first = shared.next_index.load(std::sync::atomic::Ordering::Relaxed);
    // Without an early end every call was claimed, but for those whose item never came.
    let end_ns = drained_ns.unwrap_or(0);
    let items_left = match &shared.feed.items {
        Some(items) => items.progress().known.saturating_sub(first),
        None => u64::MAX,
    };
    let mut late = Vec::new();
    let last = first.saturating_add(items_left).min(shared.load.indexes());
    for index in first..last {
        match walk.due(index) {
            Some(due) if due.due_ns < end_ns => {
                if !due.is_warm_up {
                    late.push(due.due_ns);
                }
            }
            _ => break,
        }
    }
    late
}

/// `-n`, or what the items are, or what was started.
fn asked_in_closed_load<O>(shared: &Shared<O>, started: u64, warm_up_done: u64) -> u64 {
    let by_items = shared.feed.items.as_ref().map(|items| {
        let known = items.progress().known;
        known.saturating_sub(warm_up_done)
    });
    let by_calls = shared.load.calls;
    let by_rows = shared
        .load
        .rows
        .filter(|_| by_calls.is_some())
        .map(|rows| rows.saturating_sub(warm_up_done));
    let asked = [by_calls, by_items, by_rows].into_iter().flatten().min();
    // What was started in any case: a call of the warm-up that never ended may have taken an item.
    asked.unwrap_or(started).max(started)
}
