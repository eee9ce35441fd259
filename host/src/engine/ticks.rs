//! What the rest of the process learns of a run while it goes on: every thread hands over what it recorded, at times that
//! all threads agree on. Nothing is asked of the hot path but to begin a new recorder.

use std::rc::Rc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use super::crew::Crew;
use super::tally::Counts;
use super::thread::{Records, Thread};
use crate::clock::{self, RunClock};

/// The length of the first ticks. Short, so that a short run has enough of them to tell how steady it was.
const FIRST_NS: u64 = 50_000_000;

/// After so many ticks they get twice as long.
const DOUBLE_AFTER: u64 = 1_800;

/// The length of the longest ticks. What is saved of a run is never more than a second behind it.
const LONGEST_NS: u64 = 800_000_000;

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
    let (mut end_ns, mut length_ns, mut left) = (0_u64, FIRST_NS, tick.saturating_add(1));
    while length_ns < LONGEST_NS && left > DOUBLE_AFTER {
        end_ns += length_ns * DOUBLE_AFTER;
        left -= DOUBLE_AFTER;
        length_ns *= 2;
    }
    end_ns.saturating_add(length_ns.saturating_mul(left))
}

/// Hands over what `thread` records, tick by tick, for as long as it is polled and somebody listens.
pub(super) async fn hand_over<O>(
    thread: Rc<Thread<O>>,
    index: usize,
    crew: Option<Rc<Crew>>,
    workers: u32,
    listener: Sender<Snapshot>,
) {
    for tick in 0_u64.. {
        let end_ns = end_of(tick);
        // A thread that was kept busy past the end of a tick hands over with the next.
        if end_ns <= thread.clock.now_ns() && tick > 0 {
            continue;
        }
        clock::sleep_until(thread.instant(end_ns)).await;
        let now_ns = thread.clock.now_ns();
        let snapshot = Snapshot {
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
        };
        if listener.send(snapshot).is_err() {
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
        assert_eq!(length(3_600), 200_000_000);
        assert_eq!(length(7_200), 800_000_000);
        assert_eq!(length(1_000_000), 800_000_000);
        assert_eq!(end_of(u64::MAX), u64::MAX);
    }
}
