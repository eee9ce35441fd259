//! When the bytes of an exchange went out and came in.
//!
//! Shared by the connection, which leaves the instants here, and by whoever waits for it under a limit. All access is
//! from one thread at a time; the atomics are there because the futures of a client may move between threads.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::Instant;

use crate::clock;

use super::error::Phase;
use super::response::nanos;

/// The instants of the exchange that a connection carries.
#[derive(Debug)]
pub(super) struct Stamps {
    /// What the instants count from.
    base: Instant,
    /// Instants, as nanoseconds since `base` plus one; 0 is not yet.
    sent: AtomicU64,
    first: AtomicU64,
}

impl Stamps {
    pub(super) fn new() -> Stamps {
        Stamps {
            base: clock::now(),
            sent: AtomicU64::new(0),
            first: AtomicU64::new(0),
        }
    }

    /// An exchange begins.
    pub(super) fn begin(&self) {
        self.sent.store(0, Relaxed);
        self.first.store(0, Relaxed);
    }

    /// The last byte of the request has left.
    pub(super) fn mark_sent(&self) {
        self.sent.store(self.now(), Relaxed);
    }

    /// The first byte of the answer has come.
    pub(super) fn mark_first(&self) {
        self.first.store(self.now(), Relaxed);
    }

    /// When the last byte of the request went out.
    pub(super) fn sent_at(&self) -> Option<Instant> {
        self.instant(&self.sent)
    }

    /// When the first byte of the answer came in.
    pub(super) fn first_at(&self) -> Option<Instant> {
        self.instant(&self.first)
    }

    /// The part of the exchange that it is in.
    pub(super) fn phase(&self) -> Phase {
        match (self.first_at(), self.sent_at()) {
            (Some(_), _) => Phase::Receive,
            (None, Some(_)) => Phase::Wait,
            (None, None) => Phase::Send,
        }
    }

    fn instant(&self, stamp: &AtomicU64) -> Option<Instant> {
        let nanos = stamp.load(Relaxed).checked_sub(1)?;
        self.base.checked_add(Duration::from_nanos(nanos))
    }

    fn now(&self) -> u64 {
        nanos(clock::now().saturating_duration_since(self.base)).saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phase_of_an_exchange_follows_from_its_stamps() {
        let stamps = Stamps::new();
        assert_eq!(stamps.phase(), Phase::Send);
        stamps.mark_sent();
        assert_eq!((stamps.phase(), stamps.first_at()), (Phase::Wait, None));
        stamps.mark_first();
        assert_eq!(stamps.phase(), Phase::Receive);
        assert!(stamps.first_at() >= stamps.sent_at());
        stamps.begin();
        assert_eq!((stamps.phase(), stamps.sent_at()), (Phase::Send, None));
    }
}
