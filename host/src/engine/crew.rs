//! The workers of one thread in open load: as many as calls are in flight, the one that rested last called first.
//!
//! There are no users in open load, only calls in flight, so a worker is nothing but an instance with its connections. The
//! last to rest has the warmest of both.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Notify;

use super::task::Slot;

/// How many more workers a run may have, shared by its threads.
#[derive(Debug)]
pub(super) struct Places {
    free: AtomicU32,
    next_worker: AtomicU32,
}

impl Places {
    pub(super) fn new(most: u32) -> Places {
        Places {
            free: AtomicU32::new(most),
            next_worker: AtomicU32::new(0),
        }
    }

    /// Takes a place and gives its holder an index, if one is free.
    fn take(&self) -> Option<u32> {
        let less = |free: u32| free.checked_sub(1);
        self.free
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .ok()?;
        Some(self.next_worker.fetch_add(1, Ordering::Relaxed))
    }

    fn give_back(&self) {
        self.free.fetch_add(1, Ordering::Relaxed);
    }
}

/// The workers of one thread. See the module's description.
#[derive(Debug)]
pub(super) struct Crew {
    places: Arc<Places>,
    /// The resting ones, by operation.
    idle: RefCell<Vec<Vec<Rc<Slot>>>>,
    closed: Cell<bool>,
    panicked: Cell<bool>,
    alive: Cell<u32>,
    /// Somebody rests or has left.
    changed: Notify,
}

impl Crew {
    pub(super) fn new(operations: usize, places: Arc<Places>) -> Crew {
        Crew {
            places,
            idle: RefCell::new(vec![Vec::new(); operations]),
            closed: Cell::new(false),
            panicked: Cell::new(false),
            alive: Cell::new(0),
            changed: Notify::new(),
        }
    }

    /// A worker that rests and can make a call of this operation.
    pub(super) fn take(&self, operation: u16) -> Option<Rc<Slot>> {
        self.idle
            .borrow_mut()
            .get_mut(usize::from(operation))?
            .pop()
    }

    /// Puts a worker among those that rest, where it is called last in, first out.
    pub(super) fn rest(&self, slot: &Rc<Slot>) {
        if let Some(idle) = self.idle.borrow_mut().get_mut(usize::from(slot.operation)) {
            idle.push(Rc::clone(slot));
        }
        self.changed.notify_waiters();
    }

    /// A place for a new worker, if the run may have one more. Where it may not, one that rests and serves another
    /// operation makes room.
    pub(super) fn admit(self: &Rc<Crew>, operation: u16) -> Option<Member> {
        let Some(worker) = self.places.take() else {
            let mut idle = self.idle.borrow_mut();
            let mut others = idle.iter_mut().enumerate();
            let other = others.find_map(|(index, idle)| {
                let is_other = index != usize::from(operation) && !idle.is_empty();
                is_other.then(|| idle.remove(0))
            });
            drop(idle);
            if let Some(slot) = other {
                slot.retire();
            }
            return None;
        };
        self.alive.set(self.alive.get() + 1);
        Some(Member {
            crew: Rc::clone(self),
            worker,
        })
    }

    /// Sends home all that rest, and all others when they have ended their call.
    pub(super) fn close(&self) {
        self.closed.set(true);
        let resting = self.idle.take();
        resting.iter().flatten().for_each(|slot| slot.retire());
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// How many workers there are.
    pub(super) fn alive(&self) -> u32 {
        self.alive.get()
    }

    /// Waits until somebody rests or has left.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Waits until everybody has left. True if one of them panicked.
    pub(super) async fn gone(&self) -> bool {
        while self.alive.get() > 0 && !self.panicked.get() {
            self.changed.notified().await;
        }
        self.panicked.get()
    }

    pub(super) fn has_panicked(&self) -> bool {
        self.panicked.get()
    }
}

/// A worker's membership. Ends when it is dropped.
#[derive(Debug)]
pub(super) struct Member {
    crew: Rc<Crew>,
    /// The worker's index.
    pub(super) worker: u32,
}

impl Drop for Member {
    fn drop(&mut self) {
        // tokio catches the panic of a task; here is where it is noticed.
        if std::thread::panicking() {
            self.crew.panicked.set(true);
        }
        self.crew.alive.set(self.crew.alive.get() - 1);
        self.crew.places.give_back();
        self.crew.changed.notify_waiters();
    }
}
