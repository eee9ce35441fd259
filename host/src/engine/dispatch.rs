//! Open load: hands out each call when it is due, in order, to whoever is free.
//!
//! Every thread of a run has a dispatcher, and all look at one counter: the next call that nobody has claimed. They take
//! turns, so that one thread wakes for a call and not all of them; but a thread that computes cannot wake, so the others
//! look after its calls a moment later. A call that is late is made as soon as somebody is free, and measured from when it
//! was due. What fell due in a gap is missed: nobody was there to be late.

use std::ops::Range;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;

use super::control::Stage;
use super::crew::{Crew, Member};
use super::operation::Operation;
use super::task::{Slot, Source, Task};
use super::thread::Thread;
use super::worker::Worker;
use crate::clock;
use crate::schedule::{Due, Walk};

/// How late a call is when the thread whose turn is next looks after it; each one further on waits as long again. So at a
/// steady rate nobody wakes for a call of another's, and one whose thread computes is soon found all the same.
const GRACE_NS: u64 = 1_000_000;

/// How long a thread without a free worker waits before it looks whether another thread has given back a place.
const RETRY: Duration = Duration::from_millis(1);

/// The dispatcher of one thread.
pub(super) struct Dispatcher<O: Operation> {
    thread: Rc<Thread<O>>,
    crew: Rc<Crew>,
    /// Along the calls that nobody has claimed.
    next: Walk,
    /// Along those whose turn is this thread's.
    own: Walk,
    turn: u64,
    threads: u64,
}

/// Somebody to make a call.
enum Hand {
    Resting(Rc<Slot>),
    New(Member),
}

impl<O: Operation> Dispatcher<O> {
    /// The dispatcher of the thread with index `turn`, in open load; nothing in closed load.
    pub(super) fn new(thread: Rc<Thread<O>>, crew: Rc<Crew>, turn: usize) -> Option<Self> {
        let schedule = thread.shared.load.schedule.as_ref()?;
        let (next, own) = (schedule.walk(), schedule.walk());
        let threads = thread.shared.load.busy_threads() as u64;
        Some(Dispatcher {
            thread,
            crew,
            next,
            own,
            turn: turn as u64,
            threads,
        })
    }

    /// Hands out calls until there are none left, or none may start any more.
    pub(super) async fn run(mut self) {
        while self.thread.shared.control.is_running() && !self.crew.has_panicked() {
            let index = self.thread.shared.next_index.load(Ordering::Relaxed);
            let is_there = index < self.thread.shared.load.indexes();
            let Some(due) = self.next.due(index).filter(|_| is_there) else {
                break;
            };
            let now_ns = self.thread.clock.now_ns();
            self.thread.shared.gaps.sign(now_ns);
            if due.due_ns > now_ns {
                self.thread.late_since.set(None);
                self.wait_for(&due).await;
                continue;
            }
            if let Some(gap) = self.thread.shared.gaps.around(due.due_ns) {
                let after = self.next.first_from(index, gap.to_ns);
                if self.claim(index..after) {
                    self.thread.miss(index..after);
                }
                continue;
            }
            if self.thread.is_over() {
                self.thread.drained().await;
                break;
            }
            self.thread.late_since.set(Some(due.due_ns));
            let operation = self.operation_of(index);
            let Some(hand) = self.free_hand(operation) else {
                self.thread.wait_for_a_place();
                self.wait_for_a_hand().await;
                continue;
            };
            if !self.claim(index..index + 1) {
                self.let_go(hand);
                continue;
            }
            let Some(task) = self.task(due, operation).await else {
                self.let_go(hand);
                break;
            };
            self.put_to_work(hand, task);
            // Where calls are late one after another, those that were handed out must get to start.
            tokio::task::yield_now().await;
        }
        self.thread.late_since.set(None);
        self.crew.close();
    }

    fn operation_of(&self, index: u64) -> u16 {
        // There is no worker yet, and in open load it would mean nothing.
        self.thread.shared.load.mix.operation(index, 0, index)
    }

    /// Claims calls that begin with the first that nobody has claimed; false if somebody else was faster.
    fn claim(&self, indexes: Range<u64>) -> bool {
        let next = &self.thread.shared.next_index;
        next.compare_exchange(
            indexes.start,
            indexes.end,
            Ordering::Relaxed,
            Ordering::Relaxed,
        )
        .is_ok()
    }

    /// Waits until it is this thread's turn, or until a call of another's is so late that it looks after it.
    async fn wait_for(&mut self, due: &Due) {
        let ahead = (self.turn + self.threads - due.index % self.threads) % self.threads;
        let wake_ns = if ahead == 0 {
            due.due_ns
        } else {
            let mine = self.own.due(due.index + ahead);
            let late_ns = due.due_ns.saturating_add(GRACE_NS.saturating_mul(ahead));
            mine.map_or(late_ns, |mine| mine.due_ns.min(late_ns))
        };
        let clock = self.thread.clock;
        tokio::select! {
            () = clock::sleep_until(clock.instant(Duration::from_nanos(wake_ns))) => {}
            () = self.thread.shared.control.reached(Stage::Draining) => {}
        }
    }

    fn free_hand(&self, operation: u16) -> Option<Hand> {
        match self.crew.take(operation) {
            Some(slot) => Some(Hand::Resting(slot)),
            None => self.crew.admit(operation).map(Hand::New),
        }
    }

    async fn wait_for_a_hand(&self) {
        tokio::select! {
            () = self.crew.changed() => {}
            () = clock::sleep(RETRY) => {}
            () = self.thread.shared.control.reached(Stage::Draining) => {}
        }
    }

    fn let_go(&self, hand: Hand) {
        match hand {
            Hand::Resting(slot) => self.crew.rest(&slot),
            Hand::New(member) => drop(member),
        }
    }

    /// The call that is due; nothing if there is no item for it.
    async fn task(&self, due: Due, operation: u16) -> Option<Task> {
        let shared = &self.thread.shared;
        let mut task = Task {
            index: due.index,
            operation,
            due_ns: Some(due.due_ns),
            is_warm_up: due.is_warm_up,
            item: None,
        };
        if let Some(items) = &shared.feed.items {
            let item = match items.try_next() {
                crate::data::Taken::Item(item) => item,
                crate::data::Taken::End => return None,
                crate::data::Taken::Wait => {
                    let item = tokio::select! {
                        biased;
                        item = items.next() => item?,
                        () = shared.control.reached(Stage::Draining) => return None,
                    };
                    // No call is due before what it is about has been said.
                    task.due_ns = Some(due.due_ns.max(self.thread.clock.now_ns()));
                    item
                }
            };
            task.index = item.index;
            task.item = Some::<Bytes>(item.bytes);
        }
        Some(task)
    }

    fn put_to_work(&self, hand: Hand, task: Task) {
        match hand {
            Hand::Resting(slot) => slot.assign(task),
            Hand::New(member) => {
                let slot = Rc::new(Slot::new(task.operation));
                slot.assign(task);
                let worker = Worker::hired(Rc::clone(&self.thread), member.worker, slot.operation);
                let source = Source::Open {
                    slot,
                    crew: Rc::clone(&self.crew),
                };
                tokio::task::spawn_local(async move {
                    let _member = member;
                    worker.run(source).await;
                });
            }
        }
    }
}
