//! The numbers of a run: each is dealt out exactly once, to whichever worker asks.
//!
//! Workers share one counter. Where calls are short they claim a block at a time, so that the counter's cache line is
//! not fought over; where calls are long they claim one, so that nobody waits behind a block that somebody else holds.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most numbers claimed at once.
const BLOCK_MAX: u64 = 64;

/// A block should be used up in about this time, in nanoseconds: short beside anything a person watches, long beside
/// the cost of claiming.
const BLOCK_NS: u64 = 50_000;

/// The shared counter of a run.
#[derive(Debug)]
pub struct Numbers {
    first: u64,
    count: u64,
    dealt: AtomicU64,
    workers: u64,
}

impl Numbers {
    /// The `count` numbers from `first` on, for `workers` workers. `first + count` must not exceed 2^64, which the plan
    /// has checked.
    pub fn new(first: u64, count: u64, workers: u32) -> Numbers {
        Numbers {
            first,
            count,
            dealt: AtomicU64::new(0),
            workers: u64::from(workers.max(1)),
        }
    }

    /// Whether all numbers have been dealt out.
    pub fn are_dealt(&self) -> bool {
        self.dealt.load(Ordering::Relaxed) == self.count
    }

    /// The next numbers for a worker whose last call took `last_call_ns` (0: none yet). Empty at the end.
    pub fn claim(&self, last_call_ns: u64) -> Range<u64> {
        let mut dealt = self.dealt.load(Ordering::Relaxed);
        loop {
            let left = self.count - dealt;
            if left == 0 {
                return 0..0;
            }
            let size = block_size(left, self.workers, last_call_ns);
            let after = dealt + size;
            match self.dealt.compare_exchange_weak(
                dealt,
                after,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                // Wraps only for the very last block of a run that ends at 2^64 - 1; the worker counts its length.
                Ok(_) => return self.first + dealt..self.first.wrapping_add(after),
                Err(now) => dealt = now,
            }
        }
    }
}

/// How many numbers to claim: as many short calls as fit into [`BLOCK_NS`], and never more than an eighth of a worker's
/// fair share of what is left, so that all workers end together.
fn block_size(left: u64, workers: u64, last_call_ns: u64) -> u64 {
    if last_call_ns == 0 {
        return 1;
    }
    let by_time = BLOCK_NS / last_call_ns;
    let by_share = left / (8 * workers);
    by_time.min(by_share).clamp(1, BLOCK_MAX).min(left)
}

/// What one worker holds of the numbers.
#[derive(Debug, Default)]
pub struct Block {
    next: u64,
    left: u64,
}

impl Block {
    /// The next number for this worker, or nothing at the end of the run.
    pub fn next(&mut self, numbers: &Numbers, last_call_ns: u64) -> Option<u64> {
        if self.left == 0 {
            let claimed = numbers.claim(last_call_ns);
            self.next = claimed.start;
            self.left = claimed.end.wrapping_sub(claimed.start);
        }
        if self.left == 0 {
            return None;
        }
        let number = self.next;
        self.left -= 1;
        self.next = self.next.wrapping_add(1);
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

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

    #[test]
    fn every_number_is_dealt_exactly_once_over_threads() {
        for count in [0, 1, 7, 1000, 100_003] {
            let numbers = Numbers::new(17, count, 4);
            let mut dealt = Vec::new();
            std::thread::scope(|scope| {
                let workers: Vec<_> = (0..4u64)
                    .map(|worker| {
                        let numbers = &numbers;
                        scope.spawn(move || {
                            let mut block = Block::default();
                            let mut mine = Vec::new();
                            while let Some(number) = block.next(numbers, 1 + worker * 300) {
                                mine.push(number);
                            }
                            mine
                        })
                    })
                    .collect();
                for worker in workers {
                    dealt.extend(worker.join().unwrap());
                }
            });
            assert_eq!(dealt.len() as u64, count);
            assert_eq!(
                dealt.iter().copied().collect::<BTreeSet<_>>(),
                (17..17 + count).collect()
            );
        }
    }

    #[test]
    fn the_last_number_there_is_can_be_dealt() {
        let numbers = Numbers::new(u64::MAX - 2, 3, 1);
        let mut block = Block::default();
        let dealt: Vec<u64> = std::iter::from_fn(|| block.next(&numbers, 300)).collect();
        assert_eq!(dealt, [u64::MAX - 2, u64::MAX - 1, u64::MAX]);
    }
}
