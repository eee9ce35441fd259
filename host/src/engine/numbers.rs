//! The indexes of the calls of a closed load: each is dealt out exactly once, to whichever worker asks.
//!
//! Workers share one counter. Where calls are short they claim a block at a time, so that the counter's cache line is
//! not fought over; where calls are long they claim one, so that nobody waits behind a block that somebody else holds.
//! Indexes count from 0 and are what a call's number, operation and row of data follow from. The first ones are those
//! of the warm-up.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::schedule::WarmUp;

/// The most indexes claimed at once.
const BLOCK_MAX: u64 = 64;

/// A block should be used up in about this time, in nanoseconds: short beside anything a person watches, long beside
/// the cost of claiming.
const BLOCK_NS: u64 = 50_000;

/// Where the results begin while the warm-up goes on for as long as it takes.
const OPEN: u64 = u64::MAX;

/// The same for the moment in which it is being decided.
const ENDING: u64 = u64::MAX - 1;

/// The shared counter of a run.
#[derive(Debug)]
pub struct Numbers {
    dealt: AtomicU64,
    /// The first index that is not of the warm-up.
    results_from: AtomicU64,
    /// How many indexes there are after the warm-up.
    calls: Option<u64>,
    /// How many indexes there are in all.
    most: u64,
    workers: u64,
}

impl Numbers {
    /// `calls` indexes after those of the warm-up, or as many as are asked for, but at most `most` of both; for `workers`
    /// workers.
    pub fn new(warm_up: WarmUp, calls: Option<u64>, most: u64, workers: u32) -> Numbers {
        let results_from = match warm_up {
            WarmUp::None => 0,
            WarmUp::Calls(calls) => calls,
            WarmUp::For(_) => OPEN,
        };
        Numbers {
            dealt: AtomicU64::new(0),
            results_from: AtomicU64::new(results_from),
            calls,
            most,
            workers: u64::from(workers.max(1)),
        }
    }

    /// Ends a warm-up that was given a time: the indexes from here on are results.
    pub fn end_warm_up(&self) {
        // Whoever looks from here on waits until it is decided, and whoever has looked before had claimed before. So all
        // agree about every index.
        let begun =
            self.results_from
                .compare_exchange(OPEN, ENDING, Ordering::SeqCst, Ordering::SeqCst);
        if begun.is_ok() {
            let from = self.dealt.load(Ordering::SeqCst);
            self.results_from.store(from, Ordering::SeqCst);
        }
    }

    /// The first index that is not of the warm-up, [`OPEN`] while there is none.
    fn results_from(&self) -> u64 {
        loop {
            match self.results_from.load(Ordering::SeqCst) {
                ENDING => std::hint::spin_loop(),
                from => return from,
            }
        }
    }

    /// Whether the call with this index is one of the warm-up.
    pub fn is_warm_up(&self, index: u64) -> bool {
        index < self.results_from()
    }

    /// Whether all indexes have been dealt out.
    pub fn are_dealt(&self) -> bool {
        self.dealt.load(Ordering::Relaxed) >= self.limit()
    }

    /// The end of the indexes, as far as it is known.
    fn limit(&self) -> u64 {
        let results_from = self.results_from();
        match self.calls {
            Some(calls) => results_from.saturating_add(calls).min(self.most),
            None => self.most,
        }
    }

    /// The next indexes for a worker whose last call took `last_call_ns` (0: none yet). Empty at the end.
    pub fn claim(&self, last_call_ns: u64) -> Range<u64> {
        let mut dealt = self.dealt.load(Ordering::Relaxed);
        loop {
            let left = self.limit().saturating_sub(dealt);
            if left == 0 {
                return 0..0;
            }
            let after = dealt + block_size(left, self.workers, last_call_ns);
            match self.dealt.compare_exchange_weak(
                dealt,
                after,
                Ordering::SeqCst,
                Ordering::Relaxed,
            ) {
                // The warm-up may have ended, and the end become known, while this was claimed.
                Ok(_) => return dealt..after.min(self.limit().max(dealt)),
                Err(now) => dealt = now,
            }
        }
    }
}

/// How many indexes to claim: as many short calls as fit into [`BLOCK_NS`], and never more than an eighth of a worker's
/// fair share of what is left, so that all workers end together.
fn block_size(left: u64, workers: u64, last_call_ns: u64) -> u64 {
    if last_call_ns == 0 {
        return 1;
    }
    let by_time = BLOCK_NS / last_call_ns;
    let by_share = left / (8 * workers);
    by_time.min(by_share).clamp(1, BLOCK_MAX).min(left)
}

/// What one worker holds of the indexes.
#[derive(Debug, Default)]
pub struct Block {
    claimed: Range<u64>,
}

impl Block {
    /// The next index for this worker, or nothing at the end of the run.
    pub fn next(&mut self, numbers: &Numbers, last_call_ns: u64) -> Option<u64> {
        if self.claimed.is_empty() {
            self.claimed = numbers.claim(last_call_ns);
        }
        self.claimed.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn of(calls: u64, workers: u32) -> Numbers {
        Numbers::new(WarmUp::None, Some(calls), u64::MAX, workers)
    }

    #[test]
    fn blocks_shrink_with_what_is_left_and_with_the_length_of_calls() {
        #[track_caller]
        fn check(left: u64, workers: u64, last_call_ns: u64, expected: u64) {
            assert_eq!(block_size(left, workers, last_call_ns), expected);
        }
        check(1_000_000, 8, 0, 1); // nothing known yet
        check(1_000_000, 8, 300, 64); // empty calls
        check(1_000_000, 8, 10_000, 5);
        check(1_000_000, 8, 50_000, 1);
        check(1_000_000, 8, u64::MAX, 1); // long ones
        check(640, 8, 300, 10);
        check(64, 8, 300, 1);
        check(1, 1, 1, 1);
    }

    /// Everything that four threads are dealt.
    fn deal(numbers: &Numbers) -> Vec<u64> {
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..4u64)
                .map(|worker| {
                    scope.spawn(move || {
                        let mut block = Block::default();
                        std::iter::from_fn(|| block.next(numbers, 1 + worker * 300))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            let dealt = workers.into_iter().map(|worker| worker.join().unwrap());
            dealt.flatten().collect()
        })
    }

    #[test]
    fn every_index_is_dealt_exactly_once_over_threads() {
        for count in [0, 1, 7, 1000, 100_003] {
            let dealt = deal(&of(count, 4));
            assert_eq!(dealt.len() as u64, count);
            let different: BTreeSet<u64> = dealt.into_iter().collect();
            assert_eq!(different, (0..count).collect());
        }
    }

    #[test]
    fn the_calls_of_a_warm_up_come_on_top_of_those_asked_for() {
        let numbers = Numbers::new(WarmUp::Calls(100), Some(1_000), u64::MAX, 4);
        let dealt = deal(&numbers);
        assert_eq!(dealt.len(), 1_100);
        let results = dealt.iter().filter(|index| !numbers.is_warm_up(**index));
        assert_eq!(results.count(), 1_000);
    }

    #[test]
    fn a_warm_up_for_a_time_takes_what_it_is_given_and_then_the_count_begins() {
        let numbers = Numbers::new(WarmUp::For(1), Some(10), u64::MAX, 1);
        let mut block = Block::default();
        for index in 0..37 {
            assert_eq!(block.next(&numbers, 0), Some(index));
            assert!(numbers.is_warm_up(index));
        }
        assert!(!numbers.are_dealt());
        numbers.end_warm_up();
        numbers.end_warm_up();
        assert_eq!(deal(&numbers).len(), 10);
        assert!(numbers.are_dealt() && numbers.is_warm_up(36) && !numbers.is_warm_up(37));
    }

    #[test]
    fn no_more_are_dealt_than_there_are() {
        let numbers = Numbers::new(WarmUp::Calls(5), None, 17, 2);
        assert_eq!(deal(&numbers).len(), 17);
        let numbers = Numbers::new(WarmUp::For(1), None, 17, 2);
        assert_eq!(deal(&numbers).len(), 17);
    }
}
