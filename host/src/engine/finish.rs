//! Puts together what the threads of a run leave behind, and accounts for every call.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;

use super::gaps::Gap;
use super::shared::Shared;
use super::tally::{Counts, Denied};
use super::thread::{Part, Records};
use crate::clock::RunClock;
use crate::schedule::Walk;
use crate::stats::{Agreement, Histogram, Recorder};

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
    /// What came of comparing the answers of operations that had the same numbers, where that was asked for.
    pub agreement: Option<Agreement>,
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
    let mut agreement = Agreement::default();
    for part in parts {
        records.merge(part.records);
        counts.merge(part.counts);
        denied.merge(part.denied);
        missed.extend(part.missed);
        failed_items.extend(part.failed_items);
        agreement.merge(part.agreement);
    }
    let mut drained_ns = shared.control.drained_at().map(|at| clock.ns_at(at));
    if shared.load.is_open() && shared.window.end_ns() != u64::MAX {
        // The last call may have ended, and all threads with it, before the time was over.
        drained_ns.get_or_insert(shared.window.end_ns());
    }
    if let Some(gap) = shared.gaps.all().last().filter(|_| !missed.is_empty()) {
        // Nothing may have been called since, and yet the run went on until then.
        counts.last_end_ns = counts.last_end_ns.max(gap.to_ns);
    }
    let started = counts.started();
    let results = records
        .results
        .get_or_insert_with(|| Recorder::new(Arc::clone(&shared.interner), shared.load.is_open()));
    let (asked, missed, not_started) = match &shared.load.schedule {
        None => {
            let asked = asked_in_closed_load(shared, &counts);
            (asked, 0, asked.saturating_sub(started))
        }
        Some(schedule) => {
            let walk = schedule.walk();
            // Without an early end every call was claimed, but for those whose item never came.
            let end_ns = drained_ns.unwrap_or(counts.last_end_ns);
            let mut unmade = |indexes: Range<u64>| {
                let first = indexes.start.max(schedule.warm_up_calls());
                unmade(results, &walk, first..indexes.end.max(first), end_ns)
            };
            let missed: u64 = missed.into_iter().map(&mut unmade).sum();
            let not_started = unmade(unclaimed(shared, &walk, drained_ns.unwrap_or(0)));
            (started + missed + not_started, missed, not_started)
        }
    };
    Finished {
        records,
        counts,
        denied,
        asked,
        missed,
        not_started,
        agreement: shared.load.check_answers.then_some(agreement),
        failed_items,
        gaps: shared.gaps.all(),
        most_workers: shared.load.workers,
        results_from_ns: shared.window.begin_ns().unwrap_or(0),
        drained_ns,
        clock,
    }
}

/// The calls of an open load that nobody has claimed and that were due before the end.
fn unclaimed<O>(shared: &Shared<O>, walk: &Walk, end_ns: u64) -> Range<u64> {
    let first = shared.next_index.load(Ordering::Relaxed);
    let items_left = match &shared.feed.items {
        Some(items) => {
            let items = items.progress();
            items.known.saturating_sub(items.taken)
        }
        None => u64::MAX,
    };
    let last = first.saturating_add(items_left).min(shared.load.indexes());
    first..walk.first_from(first, end_ns).min(last)
}

/// Records calls that were due and never made, each with the time it had waited for at the end, and counts them. There may
/// be thousands of millions of them, so those that fall into one bucket of a histogram are recorded at once, with the
/// least time that any of them waited.
fn unmade(results: &mut Recorder, walk: &Walk, indexes: Range<u64>, end_ns: u64) -> u64 {
    let mut cursor = walk.clone();
    let mut index = indexes.start;
    while index < indexes.end {
        let Some(due) = cursor.due(index) else { break };
        let waited_ns = end_ns.saturating_sub(due.due_ns);
        let floor_ns = Histogram::bucket_floor(waited_ns);
        let next = match waited_ns {
            0 => indexes.end,
            _ => cursor.first_from(index, (end_ns - floor_ns).saturating_add(1)),
        };
        let next = next.clamp(index + 1, indexes.end);
        let least_ns = if next - index == 1 {
            waited_ns
        } else {
            floor_ns
        };
        results.never_started(least_ns, next - index);
        index = next;
    }
    indexes.end - indexes.start
}

/// `-n`, or what the items are, or what was started.
fn asked_in_closed_load<O>(shared: &Shared<O>, counts: &Counts) -> u64 {
    let load = &shared.load;
    let (started, warm_up) = (counts.started(), load.numbers_of(counts.warm_up_started()));
    let by_items = shared.feed.items.as_ref().map(|items| {
        let items = items.progress();
        // How far ahead of the calls the items were read is nobody's business.
        let items = if items.is_complete {
            items.known
        } else {
            items.taken
        };
        items.saturating_sub(warm_up)
    });
    let by_calls = load.calls;
    let by_rows = load
        .rows
        .filter(|_| by_calls.is_some())
        .map(|rows| rows.saturating_sub(warm_up));
    let numbers = [by_calls, by_items, by_rows].into_iter().flatten().min();
    let asked = numbers.map(|numbers| numbers.saturating_mul(load.calls_of_a_number()));
    asked.unwrap_or(started).max(started)
}
