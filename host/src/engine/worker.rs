//! A worker: one virtual user that makes calls one after another. This is the hot path of a run.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::Load;
use super::bounded::{Ended, bounded};
use super::control::{Cause, Control, Stage};
use super::numbers::{Block, Numbers};
use super::operation::{Call, Instance, Operation};
use super::thread::Thread;
use crate::clock;
use crate::error::{Error, Exit};
use crate::stats::Interner;

/// A worker that never waits gives its neighbours a turn after this many nanoseconds of calls.
const TURN_NS: u64 = 100_000;

/// The run ends when this many instances could not start and none has yet.
const FAILED_STARTS_MAX: u32 = 5;

/// The pause of a worker after a failed start; it doubles with each further one in a row, up to 64-fold.
const BACK_OFF: Duration = Duration::from_millis(10);
const BACK_OFF_DOUBLINGS: u32 = 6;

/// What all workers of a run share.
pub(super) struct Shared<O> {
    pub(super) load: Load,
    pub(super) operation: Arc<O>,
    pub(super) numbers: Numbers,
    pub(super) control: Arc<Control>,
    pub(super) interner: Arc<Interner>,
    /// Starts that failed before any succeeded; [`SUCCEEDED`] from then on.
    failed_starts: AtomicU32,
}

const SUCCEEDED: u32 = u32::MAX;

impl<O> Shared<O> {
    pub(super) fn new(
        load: Load,
        operation: Arc<O>,
        control: Arc<Control>,
        interner: Arc<Interner>,
    ) -> Shared<O> {
        let numbers = Numbers::new(load.first_number, load.numbers(), load.busy_workers());
        let failed_starts = AtomicU32::new(0);
        Shared {
            load,
            operation,
            numbers,
            control,
            interner,
            failed_starts,
        }
    }

    /// Counts a failed start; how many there are, if none has succeeded.
    fn start_failed(&self) -> Option<u32> {
        let add = |failed: u32| failed.checked_add(1).filter(|failed| *failed < SUCCEEDED);
        let before = self
            .failed_starts
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        before.ok().map(|failed| failed + 1)
    }
}

/// One worker with the instance it has at present.
pub(super) struct Worker<O: Operation> {
    thread: Rc<Thread<O>>,
    index: u32,
    seat: Seat<O>,
    failed_starts_in_a_row: u32,
}

/// Where a worker's instance is.
enum Seat<O: Operation> {
    /// Made, `start` not called yet.
    Made(O::Instance),
    /// Ready for calls.
    Ready(O::Instance),
    /// Thrown away.
    Empty(Option<<O::Instance as Instance>::Kept>),
}

impl<O: Operation> Worker<O> {
    pub(super) fn new(thread: Rc<Thread<O>>, index: u32, instance: O::Instance) -> Self {
        Worker {
            thread,
            index,
            seat: Seat::Made(instance),
            failed_starts_in_a_row: 0,
        }
    }

    fn shared(&self) -> &Shared<O> {
        &self.thread.shared
    }

    /// Makes calls until there are no numbers left or the run ends.
    pub(super) async fn run(mut self) {
        let clock = self.thread.clock;
        let mut block = Block::default();
        let (mut last_call_ns, mut turn_began_ns) = (0, clock.now_ns());
        while self.shared().control.is_running() {
            let Some(number) = block.next(&self.shared().numbers, last_call_ns) else {
                break;
            };
            let Some(mut instance) = self.ready(number).await else {
                continue;
            };

            let call = self.call_of(number, clock.now_ns());
            let ended = bounded(instance.call(&call), call.deadline, &self.thread.halt).await;
            let end_ns = clock.now_ns();

            let healthy = self
                .thread
                .record(&mut instance, self.index, &call, end_ns, ended);
            self.seat = if healthy && !self.shared().load.isolate_calls {
                Seat::Ready(instance)
            } else {
                Seat::Empty(Some(self.vacate(instance, healthy).await))
            };
            // Thinking included: who thinks must not hold numbers that others could use.
            let think_ns = self.shared().load.think.as_nanos() as u64;
            last_call_ns = (end_ns - call.due_ns).saturating_add(think_ns).max(1);
            self.think().await;
            if end_ns - turn_began_ns > TURN_NS {
                tokio::task::yield_now().await;
                turn_began_ns = clock.now_ns();
            }
        }
        self.leave().await;
    }

    /// Waits as a person would before the next call. No instance takes part in it.
    async fn think(&self) {
        let think = self.shared().load.think;
        if think.is_zero() || self.shared().numbers.are_dealt() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(think) => {}
            () = self.shared().control.reached(Stage::Draining) => {}
        }
    }

    /// In closed load a call is due when it starts.
    fn call_of(&self, number: u64, now_ns: u64) -> Call {
        let clock = self.thread.clock;
        let start = clock.instant(Duration::from_nanos(now_ns));
        let deadline = clock::later(start, self.shared().load.timeout);
        Call {
            number,
            due_ns: now_ns,
            clock,
            deadline,
        }
    }

    /// A started instance for call `number`; nothing if there is none, in which case the call has been recorded.
    async fn ready(&mut self, number: u64) -> Option<O::Instance> {
        let made = match std::mem::replace(&mut self.seat, Seat::Empty(None)) {
            Seat::Ready(instance) => return Some(instance),
            Seat::Made(instance) => instance,
            Seat::Empty(kept) => self.make(number, kept).await?,
        };
        self.start(number, made).await
    }

    /// A new instance in the place of one that was thrown away.
    async fn make(
        &mut self,
        number: u64,
        mut kept: Option<<O::Instance as Instance>::Kept>,
    ) -> Option<O::Instance> {
        let call = self.call_of(number, self.thread.clock.now_ns());
        let operation = Arc::clone(&self.shared().operation);
        let making = operation.instantiate(self.index, &mut kept);
        let why = match bounded(making, call.deadline, &self.thread.halt).await {
            Ended::Done(Ok(instance)) => {
                if !self.shared().load.isolate_calls {
                    self.thread.count(|counts| counts.replaced += 1);
                }
                return Some(instance);
            }
            Ended::Done(Err(error)) if error.exit() == Exit::Environment => {
                self.thread
                    .record_no_start(number, self.index, error.what(), false);
                self.shared()
                    .control
                    .advance(Stage::Stopping, Cause::Abort(error));
                None
            }
            Ended::Done(Err(error)) => Some(in_short(&error)),
            Ended::TimedOut => {
                Some("making its instance took longer than the call's timeout".to_owned())
            }
            Ended::Stopped => {
                self.thread.give_up(&call, self.thread.clock.now_ns());
                None
            }
        };
        self.seat = Seat::Empty(kept);
        self.start_failed(number, &why?, false).await;
        None
    }

    /// Calls `start` before an instance's first call.
    async fn start(&mut self, number: u64, mut instance: O::Instance) -> Option<O::Instance> {
        let call = self.call_of(number, self.thread.clock.now_ns());
        let why = match bounded(instance.start(&call), call.deadline, &self.thread.halt).await {
            Ended::Done(Ok(())) => {
                self.thread.record_around(instance.findings());
                self.shared()
                    .failed_starts
                    .store(SUCCEEDED, Ordering::Relaxed);
                self.failed_starts_in_a_row = 0;
                return Some(instance);
            }
            Ended::Done(Err(why)) => Some(why),
            Ended::TimedOut => Some("`start` took longer than the call's timeout".to_owned()),
            Ended::Stopped => {
                self.thread.give_up(&call, self.thread.clock.now_ns());
                None
            }
        };
        let denied = self.thread.record_around(instance.findings());
        self.seat = Seat::Empty(Some(instance.into_kept()));
        self.start_failed(number, &why?, denied).await;
        None
    }

    /// Records a call for which no instance could be had, ends a run in which nothing but that has happened, and pauses.
    async fn start_failed(&mut self, number: u64, why: &str, denied: bool) {
        self.thread.record_no_start(number, self.index, why, denied);
        if let Some(failed) = self.shared().start_failed()
            && failed >= FAILED_STARTS_MAX
        {
            let what = format!("the run was ended: its first {failed} instances could not start");
            let error = Error::new(Exit::NothingSucceeded, what).because(why);
            self.shared()
                .control
                .advance(Stage::Stopping, Cause::Abort(error));
            return;
        }
        let pause = BACK_OFF * 2u32.pow(self.failed_starts_in_a_row.min(BACK_OFF_DOUBLINGS));
        self.failed_starts_in_a_row = self.failed_starts_in_a_row.saturating_add(1);
        let until = clock::later(clock::now(), pause);
        tokio::select! {
            () = tokio::time::sleep_until(until) => {}
            // A worker that pauses has nothing in flight to finish.
            () = self.shared().control.reached(Stage::Draining) => {}
        }
    }

    /// Ends an instance and keeps what outlives it. Only a healthy one is asked to stop.
    async fn vacate(
        &self,
        mut instance: O::Instance,
        healthy: bool,
    ) -> <O::Instance as Instance>::Kept {
        if healthy {
            let deadline = clock::later(clock::now(), self.shared().load.timeout);
            bounded(instance.stop(deadline), deadline, &self.thread.halt).await;
            self.thread.record_around(instance.findings());
        }
        instance.into_kept()
    }

    async fn leave(mut self) {
        let kept = match std::mem::replace(&mut self.seat, Seat::Empty(None)) {
            Seat::Ready(instance) => Some(self.vacate(instance, true).await),
            Seat::Made(instance) => Some(instance.into_kept()),
            Seat::Empty(kept) => kept,
        };
        if let Some(kept) = kept {
            self.shared().operation.retire(kept);
        }
    }
}

/// An error as the message of a failed call: the cause if there is one.
fn in_short(error: &Error) -> String {
    match error.causes() {
        [] => error.what().to_owned(),
        causes => causes.join("; "),
    }
}
