//! The workers of one thread in open load: as many as calls are in flight, the one that rested last called first.
//!
//! There are no users in open load, only calls in flight, so a worker is nothing but an instance with its connections. The
//! last to rest has the warmest of both.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::task::Slot;

const NOBODY: usize = usize::MAX;

/// How many more workers a run may have, shared by its threads. Each of them has one place of its own, so that none is
/// left without when the others were faster.
#[derive(Debug)]
pub(super) struct Places {
    free: AtomicU32,
    /// The last crew that looked for a place and found none.
    wanted_by: AtomicUsize,
    next_worker: AtomicU32,
}

impl Places {
    /// Places for `most` workers of `crews` threads; at least one for each.
    pub(super) fn new(most: u32, crews: usize) -> Places {
        let crews = u32::try_from(crews).unwrap_or(u32::MAX);
        Places {
            free: AtomicU32::new(most.saturating_sub(crews)),
            wanted_by: AtomicUsize::new(NOBODY),
            next_worker: AtomicU32::new(0),
        }
    }

    fn next_worker(&self) -> u32 {
        self.next_worker.fetch_add(1, Ordering::Relaxed)
    }

    /// Takes a place for a crew, if one is free.
    fn take(&self, crew: usize) -> bool {
        let less = |free: u32| free.checked_sub(1);
        let taken = self
            .free
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok();
        if !taken {
            self.wanted_by.store(crew, Ordering::Relaxed);
        }
        taken
    }

    /// Whether another crew than this looks for a place. Who is told so gives one back.
    fn are_wanted(&self, crew: usize) -> bool {
        let by = self.wanted_by.load(Ordering::Relaxed);
        // Mostly nobody does, and reading is cheap.
        by != NOBODY
            && by != crew
            && self
                .wanted_by
                .compare_exchange(by, NOBODY, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    fn give_back(&self) {
        self.free.fetch_add(1, Ordering::Relaxed);
    }
}

/// The workers of one thread. See the module's description.
#[derive(Debug)]
pub(super) struct Crew {
    /// Which thread's it is.
    index: usize,
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
    pub(super) fn new(index: usize, operations: usize, places: Arc<Places>) -> Crew {
        Crew {
            index,
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

    /// Puts a worker among those that rest, where it is called last in, first out. Where another thread looks for a place,
    /// the one that has rested longest makes room, if there is more than this one.
    pub(super) fn rest(&self, slot: &Rc<Slot>) {
        if let Some(idle) = self.idle.borrow_mut().get_mut(usize::from(slot.operation)) {
            idle.push(Rc::clone(slot));
            if idle.len() > 1 && self.places.are_wanted(self.index) {
                idle.remove(0).retire();
            }
        }
        self.changed.notify_waiters();
    }

    /// A place for a new worker, if the run may have one more. Where it may not, one that rests and serves another
    /// operation makes room.
    pub(super) fn admit(self: &Rc<Crew>, operation: u16) -> Option<Member> {
        let has_own = self.alive.get() == 0;
        if !has_own && !self.places.take(self.index) {
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
        }
        self.alive.set(self.alive.get() + 1);
        Some(Member {
            crew: Rc::clone(self),
            worker: self.places.next_worker(),
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
        let left = self.crew.alive.get() - 1;
        self.crew.alive.set(left);
        // The last one had the thread's own.
        if left > 0 {
            self.crew.places.give_back();
        }
        self.crew.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crews(most: u32) -> [Rc<Crew>; 2] {
        let places = Arc::new(Places::new(most, 2));
        [0, 1].map(|index| Rc::new(Crew::new(index, 1, Arc::clone(&places))))
    }

    #[test]
    fn no_thread_is_left_without_a_place_and_there_are_never_more_than_there_may_be() {
        let [one, other] = crews(3);
        let mut members: Vec<Member> = std::iter::from_fn(|| one.admit(0)).collect();
        assert_eq!(members.len(), 2);
        members.extend(other.admit(0));
        assert_eq!(members.len(), 3);
        assert!(one.admit(0).is_none() && other.admit(0).is_none());
        // What the first gives back but its own is anybody's.
        members.remove(0);
        assert!(other.admit(0).is_some());
        drop(members);
        assert_eq!((one.alive(), other.alive()), (0, 0));
        let again: Vec<Member> = std::iter::from_fn(|| other.admit(0)).collect();
        assert_eq!(again.len(), 2);
    }

    #[tokio::test]
    async fn who_has_more_resting_than_one_makes_room_for_another_thread() {
        let [one, other] = crews(4);
        let members: Vec<Member> = std::iter::from_fn(|| one.admit(0)).collect();
        let slots: Vec<Rc<Slot>> = members.iter().map(|_| Rc::new(Slot::new(0))).collect();
        one.rest(&slots[0]);
        one.rest(&slots[1]);
        assert_eq!(one.idle.borrow()[0].len(), 2, "nobody wants their places");
        let _own = other.admit(0).unwrap();
        assert!(other.admit(0).is_none());
        one.rest(&slots[2]);
        let idle = one.idle.borrow()[0].clone();
        assert!(Rc::ptr_eq(&idle[0], &slots[1]) && Rc::ptr_eq(&idle[1], &slots[2]));
        assert!(slots[0].next(&one).await.is_none(), "it goes home");
    }
}
