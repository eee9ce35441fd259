//! A call that is to be made, and where a worker gets it from.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use bytes::Bytes;

use super::crew::Crew;
use super::numbers::Block;
use super::thread::Thread;
use crate::data::{Item, Items};
use crate::schedule::WarmUp;

/// A call that is to be made.
#[derive(Debug)]
pub(super) struct Task {
    /// Which call of the run, counted from 0.
    pub(super) index: u64,
    /// Which operation of the mix.
    pub(super) operation: u16,
    /// When it was due; in closed load a call is due when it starts.
    pub(super) due_ns: Option<u64>,
    /// Whether it is one of the warm-up.
    pub(super) is_warm_up: bool,
    /// Its item, in a run with items.
    pub(super) item: Option<Bytes>,
}

/// Where a worker gets its next call from.
pub(super) enum Source {
    /// Closed load: whenever the worker is free.
    Closed(Closed),
    /// Open load: when the dispatcher of the thread hands it one.
    Open {
        /// The worker's place.
        slot: Rc<Slot>,
        /// Those it takes turns with.
        crew: Rc<Crew>,
    },
}

impl Source {
    /// The next call, or nothing when the worker has done its part.
    pub(super) async fn next<O>(&mut self, thread: &Thread<O>, worker: u32) -> Option<Task> {
        match self {
            Source::Closed(closed) => closed.next(thread, worker).await,
            Source::Open { slot, crew } => {
                // Who is new has a call already and does not rest before it.
                if let Some(task) = slot.task.take() {
                    return Some(task);
                }
                crew.rest(slot);
                slot.next(crew).await
            }
        }
    }
}

/// What a worker of a closed load knows of its calls.
#[derive(Debug, Default)]
pub(super) struct Closed {
    block: Block,
    /// What is left of a number that every operation has a call of.
    round: Option<Round>,
    /// How long its last call took, thinking included: who thinks must not hold indexes that others could use.
    pub(super) last_call_ns: u64,
    /// How many calls it has begun.
    pub(super) begun: u64,
}

/// The calls of one number: one, or one of every operation.
#[derive(Debug)]
struct Round {
    index: u64,
    is_warm_up: bool,
    item: Option<Bytes>,
    /// How many of them are left.
    left: u16,
}

impl Closed {
    async fn next<O>(&mut self, thread: &Thread<O>, worker: u32) -> Option<Task> {
        let shared = &thread.shared;
        if !shared.control.is_running() {
            if let Some(round) = self.round.take() {
                // Not all operations have had it.
                thread.keep(round.index, round.item.as_ref());
            }
            return None;
        }
        let mut round = match self.round.take() {
            Some(round) => round,
            None => self.begin(thread).await?,
        };
        let (index, is_warm_up) = (round.index, round.is_warm_up);
        round.left -= 1;
        let item = if round.left == 0 {
            round.item
        } else {
            let item = round.item.clone();
            self.round = Some(round);
            item
        };
        let operation = shared.load.mix.operation(index, worker, self.begun);
        self.begun += 1;
        Some(Task {
            index,
            operation,
            due_ns: None,
            is_warm_up,
            item,
        })
    }

    /// Claims a number.
    async fn begin<O>(&mut self, thread: &Thread<O>) -> Option<Round> {
        let shared = &thread.shared;
        let left = shared.load.mix.calls_of_an_index();
        let (index, is_warm_up, item) = match &shared.feed.items {
            None => {
                let last_ns = self.last_call_ns.saturating_mul(u64::from(left));
                let index = self.block.next(&shared.numbers, last_ns)?;
                (index, shared.numbers.is_warm_up(index), None)
            }
            Some(items) => {
                let (item, is_warm_up) = self.take(items, thread).await?;
                (item.index, is_warm_up, Some(item.bytes))
            }
        };
        if !is_warm_up {
            thread.begin_results();
        }
        Some(Round {
            index,
            is_warm_up,
            item,
            left,
        })
    }

    /// Whether the worker has no call to look forward to.
    pub(super) fn is_done<O>(&self, thread: &Thread<O>) -> bool {
        self.round.is_none() && thread.shared.numbers.are_dealt()
    }
}

impl Closed {
    /// The next item, and whether its call is one of the warm-up. Of the indexes only their count matters here: which
    /// call it is, the item says.
    async fn take<O>(&mut self, items: &Items, thread: &Thread<O>) -> Option<(Item, bool)> {
        let shared = &thread.shared;
        loop {
            let claimed = self.block.next(&shared.numbers, 0)?;
            let is_warm_up = shared.numbers.is_warm_up(claimed);
            let is_timed = is_warm_up && matches!(shared.load.warm_up, WarmUp::For(_));
            tokio::select! {
                biased;
                item = items.next() => return item.map(|item| (item, is_warm_up)),
                () = shared.window.begun(), if is_timed => {
                    // What comes from here on is a result, and to be claimed as one.
                }
                () = thread.over() => {
                    thread.drained().await;
                    return None;
                }
            }
        }
    }
}

/// The place where the dispatcher of a thread leaves the next call of one worker.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// Which operation the worker has an instance of.
    pub(super) operation: u16,
    task: RefCell<Option<Task>>,
    waker: RefCell<Option<Waker>>,
    is_retired: Cell<bool>,
}

impl Slot {
    pub(super) fn new(operation: u16) -> Slot {
        Slot {
            operation,
            ..Slot::default()
        }
    }

    /// Hands the worker a call.
    pub(super) fn assign(&self, task: Task) {
        self.task.replace(Some(task));
        self.wake();
    }

    /// Sends the worker home.
    pub(super) fn retire(&self) {
        self.is_retired.set(true);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// The worker's next call; nothing if it is to go home.
    pub(super) async fn next(&self, crew: &Crew) -> Option<Task> {
        poll_fn(|cx| {
            if let Some(task) = self.task.take() {
                return Poll::Ready(Some(task));
            }
            if self.is_retired.get() || crew.is_closed() {
                return Poll::Ready(None);
            }
            self.waker.replace(Some(cx.waker().clone()));
            Poll::Pending
        })
        .await
    }
}
