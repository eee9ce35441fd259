//! Gaps: times in which the runner itself did not run, because it was stopped (SIGSTOP, a debugger, a frozen container)
//! or the machine slept.
//!
//! Every thread says now and then that it runs, a watchdog ten times a second. Whoever finds that nobody has for over a
//! second, and that the process has used next to no CPU time meanwhile, has found a gap. It is found before the next
//! call is made: what fell due in it would otherwise be fired in a burst, which no user ever did.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::clock;

/// Nobody ran for longer than this: a gap.
const GAP_NS: u64 = 1_000_000_000;

/// The share of a gap, one in so many, that the process may have run in it: more means that a thread was busy and the
/// watchdog was not let through.
const RAN_AT_MOST: u64 = 20;

/// Signs of life closer than this are not worth a write to memory that all threads share.
const SIGN_EVERY_NS: u64 = 20_000_000;

/// A time in which the runner did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// When it was last seen running, in nanoseconds since the run started.
    pub from_ns: u64,
    /// When it was seen running again.
    pub to_ns: u64,
}

/// Finds the gaps of a run. Shared by its threads.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// On time that a test makes jump there is nothing to be found.
    is_blind: bool,
    last_sign_ns: AtomicU64,
    cpu_then_ns: AtomicU64,
    /// When the last gap ended; 0 while there was none.
    ended_ns: AtomicU64,
    found: Mutex<Vec<Gap>>,
}

impl Gaps {
    /// Finds nothing by itself.
    #[cfg(test)]
    pub(super) fn blind() -> Gaps {
        Gaps {
            is_blind: true,
            ..Gaps::default()
        }
    }

    /// Says that this thread runs at `now_ns`; a gap that ends here is kept.
    pub(super) fn sign(&self, now_ns: u64) {
        let since = now_ns.saturating_sub(self.last_sign_ns.load(Ordering::Relaxed));
        if since < SIGN_EVERY_NS || self.is_blind {
            return;
        }
        let cpu_ns = clock::process_cpu_ns();
        if since > GAP_NS {
            self.judge(now_ns, cpu_ns);
        }
        self.cpu_then_ns.store(cpu_ns, Ordering::Relaxed);
        self.last_sign_ns.fetch_max(now_ns, Ordering::Relaxed);
    }

    fn judge(&self, now_ns: u64, cpu_ns: u64) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        // All threads wake from the same gap; the first to come here has kept it.
        let from_ns = self.last_sign_ns.load(Ordering::Relaxed);
        let length_ns = now_ns.saturating_sub(from_ns);
        let ran_ns = cpu_ns.saturating_sub(self.cpu_then_ns.load(Ordering::Relaxed));
        if length_ns > GAP_NS && ran_ns < length_ns / RAN_AT_MOST {
            let to_ns = now_ns;
            found.push(Gap { from_ns, to_ns });
            self.ended_ns.store(to_ns, Ordering::Relaxed);
            self.last_sign_ns.fetch_max(now_ns, Ordering::Relaxed);
        }
    }

    /// Adds a gap that somebody else has found.
    #[cfg(test)]
    pub(super) fn add(&self, gap: Gap) {
        self.found.lock().unwrap().push(gap);
        self.ended_ns.store(gap.to_ns, Ordering::Relaxed);
    }

    /// The gap that `ns` lies in.
    pub(super) fn around(&self, ns: u64) -> Option<Gap> {
        // What is due after the last gap need not look at the list.
        if ns >= self.ended_ns.load(Ordering::Relaxed) {
            return None;
        }
        let mut gaps = self.all().into_iter();
        gaps.find(|gap| (gap.from_ns..gap.to_ns).contains(&ns))
    }

    /// All gaps so far.
    pub(super) fn all(&self) -> Vec<Gap> {
        self.found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn a_second_without_a_sign_is_a_gap_and_is_kept_once() {
        let gaps = Gaps::default();
        for tenth in 1..30 {
            gaps.sign(tenth * SECOND / 10);
        }
        assert_eq!(gaps.all(), []);
        // Two threads wake at about the same time.
        gaps.sign(8 * SECOND);
        gaps.sign(8 * SECOND + 1);
        let gap = Gap {
            from_ns: 29 * SECOND / 10,
            to_ns: 8 * SECOND,
        };
        assert_eq!(gaps.all(), [gap]);
        assert_eq!(gaps.around(5 * SECOND), Some(gap));
        assert_eq!((gaps.around(8 * SECOND), gaps.around(SECOND)), (None, None));
    }

    #[test]
    fn a_process_that_computed_meanwhile_was_busy_and_not_away() {
        let gaps = Gaps::default();
        gaps.sign(SECOND / 10);
        // A sixteenth of the time that is said to have passed since.
        let until = clock::process_cpu_ns() + SECOND / 12;
        while clock::process_cpu_ns() < until {}
        gaps.sign(SECOND / 10 + SECOND + SECOND / 5);
        assert_eq!(gaps.all(), []);
    }
}
