//! What the rest of the process learns of a run while it goes on: every thread hands over what it recorded, at times that
//! all threads agree on. Nothing is asked of the hot path but to begin a new recorder.

use std::rc::Rc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use super::crew::Crew;
use super::tally::Counts;
use super::thread::{Records, Thread};
use crate::clock::{self, RunClock};

/// The lengths of ticks. Short at first, so that a short run has enough of them to tell how steady it was; never longer
/// than what is saved of a run may be behind it. Each goes into a second without a rest, so that seconds end with ticks.
const LENGTHS_NS: [u64; 4] = [50_000_000, 100_000_000, 250_000_000, 500_000_000];

/// After so many ticks they get longer.
const OF_A_LENGTH: u64 = 1_800;

/// Samples of the poll delay of a thread are this far apart.
const POLL_DELAY_EVERY: Duration = Duration::from_millis(10);

/// How late a timer of the system may be without saying anything about this process.
const TIMER_LATE_NS: u64 = 500_000;

/// What one thread hands over.
#[derive(Debug)]
pub struct Snapshot {
    /// The clock of the run.
    pub clock: RunClock,
    /// Which thread.
    pub thread: usize,
    /// When, in nanoseconds since the run started.
    pub at_ns: u64,
    /// What it recorded since the last time.
    pub records: Records,
    /// What it counted since the run started.
    pub counts: Counts,
    /// Calls under way.
    pub busy: u32,
    /// Workers in existence.
    pub workers: u32,
    /// How late the next call is that nobody has claimed, in open load.
    pub late_ns: Option<u64>,
    /// When the results began, if they have.
    pub results_from_ns: Option<u64>,
}

/// When the tick with index `tick` ends, in nanoseconds since the run started.
pub fn end_of(tick: u64) -> u64 {
    let (mut end_ns, mut left) = (0_u64, tick.saturating_add(1));
    let [shorter @ .., longest_ns] = LENGTHS_NS;
    for length_ns in shorter {
        let ticks = left.min(OF_A_LENGTH);
        end_ns += length_ns * ticks;
        left -= ticks;
    }
    end_ns.saturating_add(longest_ns.saturating_mul(left))
}

/// How many ticks end at `ns` or earlier.
pub fn ended_by(ns: u64) -> u64 {
    let (mut ticks, mut left_ns) = (0, ns);
    let [shorter @ .., longest_ns] = LENGTHS_NS;
    for length_ns in shorter {
        let ended = (left_ns / length_ns).min(OF_A_LENGTH);
        ticks += ended;
        if ended < OF_A_LENGTH {
            return ticks;
        }
        left_ns -= length_ns * OF_A_LENGTH;
    }
    ticks + left_ns / longest_ns
}

/// Hands over what `thread` records, tick by tick, for as long as it is polled and somebody listens.
pub(super) async fn hand_over<O>(
    thread: Rc<Thread<O>>,
    index: usize,
    crew: Option<Rc<Crew>>,
    workers: u32,
    listener: Sender<Snapshot>,
) {
    let snapshot = || {
        let now_ns = thread.clock.now_ns();
        Snapshot {
            clock: thread.clock,
            thread: index,
            at_ns: now_ns,
            records: thread.records(),
            counts: thread.counts(),
            busy: thread.busy(),
            workers: crew.as_ref().map_or(workers, |crew| crew.alive()),
            late_ns: thread
                .late_since
                .get()
                .map(|due_ns| now_ns.saturating_sub(due_ns)),
            results_from_ns: thread.shared.window.begin_ns(),
        }
    };
    // Says that the run has begun: a short one is over before its first tick is.
    if listener.send(snapshot()).is_err() {
        return;
    }
    for tick in 0_u64.. {
        let end_ns = end_of(tick);
        // A thread that was kept busy past the end of a tick hands over with the next.
        if end_ns <= thread.clock.now_ns() && tick > 0 {
            continue;
        }
        clock::sleep_until(thread.instant(end_ns)).await;
        if listener.send(snapshot()).is_err() {
            return;
        }
    }
}

/// Samples how long what is ready on this thread waits to be run: the time of one round of its event loop, and how late
/// a timer is looked after.
pub(super) async fn sample_poll_delay<O>(thread: Rc<Thread<O>>) {
    let clock = thread.clock;
    loop {
        let due_ns = clock.now_ns() + POLL_DELAY_EVERY.as_nanos() as u64;
        clock::sleep_until(thread.instant(due_ns)).await;
        let woken_ns = clock.now_ns();
        tokio::task::yield_now().await;
        let round_ns = clock.now_ns().saturating_sub(woken_ns);
        let late_ns = woken_ns.saturating_sub(due_ns);
        let late_ns = if late_ns > TIMER_LATE_NS { late_ns } else { 0 };
        if thread.shared.window.begin_ns().is_some() && thread.is_running() {
            thread.sample_poll_delay(round_ns + late_ns);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_short_at_first_and_never_longer_than_a_second() {
        assert_eq!(end_of(0), 50_000_000);
        assert_eq!(end_of(1_799), 90_000_000_000);
        let length = |tick: u64| end_of(tick) - end_of(tick - 1);
        assert_eq!(length(1_799), 50_000_000);
        assert_eq!(length(1_800), 100_000_000);
        assert_eq!(length(3_600), 250_000_000);
        assert_eq!(length(5_400), 500_000_000);
        assert_eq!(length(1_000_000), 500_000_000);
        assert_eq!(end_of(u64::MAX), u64::MAX);
    }

    #[test]
    fn every_second_ends_with_a_tick_and_ticks_are_counted_as_they_end() {
        let ends: Vec<u64> = (0..20_000).map(end_of).collect();
        let seconds = ends.iter().filter(|end_ns| **end_ns % 1_000_000_000 == 0);
        assert_eq!(seconds.count() as u64, ends[19_999] / 1_000_000_000);
        for (tick, end_ns) in (0..).zip(ends) {
            assert_eq!(ended_by(end_ns), tick + 1);
            assert_eq!(ended_by(end_ns - 1), tick);
        }
        assert_eq!(ended_by(0), 0);
    }
}
