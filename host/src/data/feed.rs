//! The queue between the thread that reads items and those that make calls.
//!
//! The reader waits where the queue is full, a call where it is empty. Calls belong to tasks of several runtimes, so they
//! are woken through [`Notify`], which is bound to none.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

use super::items::{Item, Progress, Taken};
use super::split::ITEM_BYTES_MAX;
use crate::error::Error;

/// The most items that have been read and not given out, and the most bytes in them.
pub(super) const AHEAD_ITEMS_MAX: usize = 100_000;
pub(super) const AHEAD_BYTES_MAX: usize = 64 << 20;

/// How much is read at once. All of it may be separators, so one read gives at most as many items.
pub(super) const READ_BYTES: usize = 32 << 10;

/// How long the items are given out, and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// Both.
    Open,
    /// Not given out to calls any more. Read only on behalf of [`Feed::take_rest`], where `reads_on`.
    Closed,
    /// Neither: nobody is left to ask.
    Abandoned,
}

#[derive(Debug)]
struct State {
    queue: VecDeque<Bytes>,
    /// Bytes in the queue's items.
    bytes: usize,
    /// The index of the queue's first.
    next_index: u64,
    taken: u64,
    skipped: u64,
    stage: Stage,
    is_complete: bool,
    error: Option<Error>,
    reader_waits: bool,
}

impl State {
    /// Whether another read keeps the queue in its bounds, whatever it brings: items of the read, the first of which
    /// may have begun long before.
    fn has_room(&self) -> bool {
        self.queue.len() + READ_BYTES <= AHEAD_ITEMS_MAX
            && self.bytes + ITEM_BYTES_MAX + READ_BYTES <= AHEAD_BYTES_MAX
    }

    /// Whether it is time to wake a reader that waits: at half, so that it is not woken for each item.
    fn is_half_empty(&self) -> bool {
        self.queue.len() <= AHEAD_ITEMS_MAX / 2 && self.bytes <= AHEAD_BYTES_MAX / 2
    }

    fn pop(&mut self) -> Option<Item> {
        let bytes = self.queue.pop_front()?;
        self.bytes -= bytes.len();
        let index = self.next_index;
        self.next_index += 1;
        Some(Item { index, bytes })
    }
}

/// The queue with all that wait at it.
#[derive(Debug)]
pub(super) struct Feed {
    state: Mutex<State>,
    /// Whether reading on can wait for nobody else, because it is a regular file.
    reads_on: bool,
    /// Wakes calls.
    arrived: Notify,
    /// Calls that wait or are about to.
    waiting: AtomicUsize,
    /// Wakes the reader.
    room: Condvar,
    /// Wakes [`Feed::take_rest`].
    changed: Condvar,
}

impl Feed {
    pub(super) fn new(reads_on: bool) -> Feed {
        Feed {
            state: Mutex::new(State {
                queue: VecDeque::new(),
                bytes: 0,
                next_index: 0,
                taken: 0,
                skipped: 0,
                stage: Stage::Open,
                is_complete: false,
                error: None,
                reader_waits: false,
            }),
            reads_on,
            arrived: Notify::new(),
            waiting: AtomicUsize::new(0),
            room: Condvar::new(),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For the reader: waits until there is room for another read. False: read no more.
    pub(super) fn wait_for_room(&self) -> bool {
        let mut state = self.lock();
        loop {
            match state.stage {
                Stage::Abandoned => return false,
                Stage::Closed if !self.reads_on => return false,
                _ if state.has_room() => return true,
                _ => {}
            }
            state.reader_waits = true;
            state = self
                .room
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.reader_waits = false;
        }
    }

    /// For the reader: adds what one read brought.
    pub(super) fn add(&self, items: &mut Vec<Bytes>, skipped: u64) {
        let added = items.len();
        {
            let mut state = self.lock();
            state.skipped = skipped;
            state.bytes += items.iter().map(Bytes::len).sum::<usize>();
            state.queue.extend(items.drain(..));
        }
        // A call counts itself before it looks at the queue. One that is not counted here therefore looks later than
        // the lines above, and finds what they added.
        for _ in 0..added.min(self.waiting.load(Ordering::Relaxed)) {
            self.arrived.notify_one();
        }
        self.changed.notify_all();
    }

    /// For the reader: says that nothing more comes, and why if that is not the end of the file.
    pub(super) fn complete(&self, error: Option<Error>) {
        {
            let mut state = self.lock();
            state.is_complete = true;
            state.error = error;
        }
        self.wake_all();
    }

    /// The next item. Each is given to exactly one caller, in the order of the file.
    ///
    /// Dropping the future loses nothing: an item leaves the queue in the very poll that returns it, and a wake-up that
    /// came too late for a dropped future is passed on by [`Notify`].
    pub(super) async fn next(&self) -> Option<Item> {
        match self.try_next() {
            Taken::Item(item) => return Some(item),
            Taken::End => return None,
            Taken::Wait => {}
        }
        let _counted = Counted::new(&self.waiting);
        loop {
            let mut arrived = pin!(self.arrived.notified());
            // In line before the look, so that nothing falls between the look and the wait.
            arrived.as_mut().enable();
            match self.try_next() {
                Taken::Item(item) => return Some(item),
                Taken::End => return None,
                // Also after a wake-up: a call that did not have to wait may have been faster.
                Taken::Wait => arrived.await,
            }
        }
    }

    /// The next item if it is there.
    pub(super) fn try_next(&self) -> Taken {
        let mut state = self.lock();
        if state.stage > Stage::Open {
            return Taken::End;
        }
        match state.pop() {
            Some(item) => {
                state.taken += 1;
                self.make_room(&state);
                Taken::Item(item)
            }
            None if state.is_complete => Taken::End,
            None => Taken::Wait,
        }
    }

    /// The next of those that no call gets any more. Waits for the reader where that reads on.
    pub(super) fn take_rest(&self) -> Option<Item> {
        let mut state = self.lock();
        loop {
            if let Some(item) = state.pop() {
                self.make_room(&state);
                return Some(item);
            }
            if state.is_complete || !self.reads_on {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn make_room(&self, state: &State) {
        if state.reader_waits && state.is_half_empty() {
            self.room.notify_one();
        }
    }

    pub(super) fn progress(&self) -> Progress {
        let state = self.lock();
        Progress {
            taken: state.taken,
            known: state.next_index + state.queue.len() as u64,
            skipped: state.skipped,
            is_complete: state.is_complete,
        }
    }

    pub(super) fn error(&self) -> Option<Error> {
        self.lock().error.clone()
    }

    /// Gives out nothing more.
    pub(super) fn close(&self) {
        self.advance(Stage::Closed);
    }

    /// Lets the reader go as well.
    pub(super) fn abandon(&self) {
        self.advance(Stage::Abandoned);
    }

    fn advance(&self, stage: Stage) {
        {
            let mut state = self.lock();
            state.stage = state.stage.max(stage);
        }
        self.wake_all();
        self.room.notify_all();
    }

    fn wake_all(&self) {
        self.arrived.notify_waiters();
        self.changed.notify_all();
    }
}

/// One of those that wait, for as long as it does.
struct Counted<'a>(&'a AtomicUsize);

impl Counted<'_> {
    fn new(count: &AtomicUsize) -> Counted<'_> {
        count.fetch_add(1, Ordering::Relaxed);
        Counted(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
impl Feed {
    /// Waits until the reader has filled the queue. Returns how many items and bytes are in it.
    pub(super) fn wait_until_full(&self) -> (usize, usize) {
        loop {
            let state = self.lock();
            if state.reader_waits {
                return (state.queue.len(), state.bytes);
            }
            drop(state);
            std::thread::yield_now();
        }
    }

    /// How many calls wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}
