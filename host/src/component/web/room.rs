//! What the bodies of one instance may take while the host has them.
//!
//! Invariant: at no time does the host hold more than three times [`BODIES`] for one instance: what is being received
//! (a turn for each), what the guest has not read or not finished (counted, and refused beyond the limit), and what was
//! received since the last time that anybody looked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};

/// How many bytes all bodies of an instance may have together: as many as those of a batch of `gorgon:load/http`.
const BODIES: u64 = 256 << 20;

/// How many requests of one instance are under way at a time, whatever their bodies may have; the others are `blocked`.
const PARALLEL: u64 = 256;

/// The bounds of one instance, and what it has taken of them.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) body_limit: u64,
    turns: Semaphore,
    held: AtomicU64,
}

impl Room {
    /// For bodies of so many bytes at most.
    pub(super) fn new(body_limit: u64) -> Room {
        Room {
            body_limit,
            turns: Semaphore::new(parallel(body_limit)),
            held: AtomicU64::new(0),
        }
    }

    /// Waits until one more request may be under way. None at once means that others have to end first.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.turns.acquire().await.ok()
    }

    /// A turn, if one is free.
    pub(super) fn turn_now(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.try_acquire().ok()
    }

    /// Whether the guest has left so much unread that it gets no more.
    pub(super) fn is_full(&self) -> bool {
        self.held.load(Ordering::Relaxed) > BODIES
    }
}

/// So many bodies of that size fit.
fn parallel(body_limit: u64) -> usize {
    (BODIES / body_limit.max(1)).clamp(1, PARALLEL) as usize
}

/// Bytes that the host holds for a guest, until this is dropped.
#[derive(Debug)]
pub(super) struct Held {
    room: Arc<Room>,
    bytes: u64,
}

impl Held {
    pub(super) fn none(room: &Arc<Room>) -> Held {
        Held {
            room: Arc::clone(room),
            bytes: 0,
        }
    }

    pub(super) fn add(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        self.room.held.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.room.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_are_under_way_that_their_bodies_fit() {
        #[track_caller]
        fn check(body_limit: u64, expected: usize) {
            assert_eq!(parallel(body_limit), expected, "{body_limit}");
        }
        check(0, 256);
        check(1, 256);
        check(1 << 20, 256);
        check(16 << 20, 16);
        check(100 << 20, 2);
        check(1 << 40, 1);
    }

    #[test]
    fn what_is_held_is_given_back() {
        let room = Arc::new(Room::new(1 << 20));
        let mut held = Held::none(&room);
        held.add(BODIES as usize);
        assert!(!room.is_full());
        let mut more = Held::none(&room);
        more.add(1);
        assert!(room.is_full());
        drop(held);
        assert!(!room.is_full());
    }
}
