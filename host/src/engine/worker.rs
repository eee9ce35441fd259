//! A worker: one virtual user that makes calls one after another. This is the hot path of a run.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::answers::Answers;
use super::bounded::{Ended, bounded};
use super::control::{Cause, Stage};
use super::operation::{Answer, Call, Instance, Operation};
use super::task::{Source, Task};
use super::thread::Thread;
use crate::clock;
use crate::error::{Error, Exit};
use crate::stats::Fault;

/// A worker that never waits gives its neighbours a turn after this many nanoseconds of calls.
const TURN_NS: u64 = 100_000;

/// The run ends when this many instances could not start and none has yet.
const FAILED_STARTS_MAX: u32 = 5;

/// The pause of a worker after a failed start; it doubles with each further one in a row, up to 64-fold.
const BACK_OFF: Duration = Duration::from_millis(10);
const BACK_OFF_DOUBLINGS: u32 = 6;

/// One worker with the instances it has at present: in a mix one of each operation, but in open load of only one.
pub(super) struct Worker<O: Operation> {
    thread: Rc<Thread<O>>,
    index: u32,
    first_operation: u16,
    seats: Vec<Seat<O>>,
    failed_starts_in_a_row: u32,
    /// What the operations answered the number at hand, where that is compared.
    answers: Option<Box<Answers>>,
}

/// Where an instance of a worker is.
enum Seat<O: Operation> {
    /// Made, `start` not called yet.
    Made(O::Instance),
    /// Ready for calls.
    Ready(O::Instance),
    /// Thrown away, or not made yet.
    Empty(Option<<O::Instance as Instance>::Kept>),
}

/// When a call started and ended, on the run's clock.
struct Span {
    start_ns: u64,
    end_ns: u64,
}

impl<O: Operation> Worker<O> {
    /// A worker of a closed load, with an instance of every operation.
    pub(super) fn new(thread: Rc<Thread<O>>, index: u32, instances: Vec<O::Instance>) -> Self {
        let check = thread.shared.load.check_answers;
        let answers = check.then(|| Box::new(Answers::of(instances.len())));
        Worker {
            answers,
            thread,
            index,
            first_operation: 0,
            seats: instances.into_iter().map(Seat::Made).collect(),
            failed_starts_in_a_row: 0,
        }
    }

    /// A worker of an open load, for one operation. Its instance is made for its first call.
    pub(super) fn hired(thread: Rc<Thread<O>>, index: u32, operation: u16) -> Self {
        Worker {
            thread,
            index,
            first_operation: operation,
            seats: vec![Seat::Empty(None)],
            failed_starts_in_a_row: 0,
            answers: None,
        }
    }

    /// Makes calls until there are none left for it.
    pub(super) async fn run(mut self, mut source: Source) {
        let clock = self.thread.clock;
        let mut turn_began_ns = clock.now_ns();
        while let Some(task) = source.next(&self.thread, self.index).await {
            let Some(span) = self.make(task).await else {
                continue;
            };
            if let Source::Closed(closed) = &mut source {
                let think = self
                    .thread
                    .shared
                    .load
                    .think
                    .pause(self.index, closed.begun);
                closed.last_call_ns = (span.end_ns - span.start_ns)
                    .saturating_add(think.as_nanos() as u64)
                    .max(1);
                if !think.is_zero() && !closed.is_done(&self.thread) {
                    self.think(think).await;
                }
            }
            if span.end_ns.saturating_sub(turn_began_ns) > TURN_NS {
                tokio::task::yield_now().await;
                turn_began_ns = clock.now_ns();
            }
        }
        self.leave().await;
    }

    /// Makes one call and records it; nothing if there was no instance for it, which has been recorded then.
    async fn make(&mut self, task: Task) -> Option<Span> {
        let seat = usize::from(task.operation - self.first_operation);
        let mut call = self.thread.call(task);
        if self.thread.is_too_late(&call) {
            // The supervisor's timer is a little late to say so.
            self.thread.drained().await;
            return None;
        }
        let mut instance = self.ready(seat, &mut call).await?;

        let working = self.thread.working();
        let ended = bounded(instance.call(&call), call.deadline, &self.thread.halt).await;
        drop(working);
        let end_ns = self.thread.clock.now_ns();
        self.hear(&call, &ended);

        let healthy = self
            .thread
            .record(&mut instance, self.index, &call, end_ns, ended);
        let is_kept = healthy && !self.is_used_once(call.operation) && !instance.is_worn();
        self.seats[seat] = if is_kept {
            Seat::Ready(instance)
        } else {
            Seat::Empty(Some(self.vacate(instance, healthy).await))
        };
        Some(Span {
            start_ns: call.start_ns,
            end_ns,
        })
    }

    /// Keeps what an operation answered, to be compared with what the others do. Nothing, unless that was asked for.
    fn hear(&mut self, call: &Call, ended: &Ended<Answer>) {
        if let Some(answers) = &mut self.answers
            && let Some(said) = answers.hear(call, ended, &self.thread.shared.interner)
        {
            self.thread.compare(call.number, said);
        }
    }

    /// Whether each call of an operation has a fresh instance.
    fn is_used_once(&self, operation: u16) -> bool {
        let shared = &self.thread.shared;
        shared.load.isolate_calls || shared.operations[usize::from(operation)].is_used_once()
    }

    /// Waits as a person would before the next call. No instance takes part in it.
    async fn think(&self, think: Duration) {
        tokio::select! {
            () = clock::sleep(think) => {}
            () = self.thread.drained() => {}
        }
    }

    /// A started instance for a call; nothing if there is none, in which case the call has been recorded.
    async fn ready(&mut self, seat: usize, call: &mut Call) -> Option<O::Instance> {
        let made = match std::mem::replace(&mut self.seats[seat], Seat::Empty(None)) {
            Seat::Ready(instance) => return Some(instance),
            Seat::Made(instance) => instance,
            Seat::Empty(kept) => self.instantiate(seat, call, kept).await?,
        };
        let started = self.start(seat, call, made).await;
        // What came before it is not in the call's time.
        self.thread.restart(call);
        started
    }

    /// A new instance where there is none.
    async fn instantiate(
        &mut self,
        seat: usize,
        call: &mut Call,
        mut kept: Option<<O::Instance as Instance>::Kept>,
    ) -> Option<O::Instance> {
        let is_replacement = kept.is_some() && !self.is_used_once(call.operation);
        let operation = Arc::clone(&self.thread.shared.operations[usize::from(call.operation)]);
        let making = operation.instantiate(self.index, &mut kept);
        let why = match bounded(making, call.deadline, &self.thread.halt).await {
            Ended::Done(Ok(instance)) => {
                self.thread
                    .count(|counts| counts.replaced += u64::from(is_replacement));
                return Some(instance);
            }
            Ended::Done(Err(error)) if error.exit() == Exit::Environment => {
                self.thread
                    .record_no_start(call, self.index, error.what(), false);
                self.thread
                    .shared
                    .control
                    .advance(Stage::Stopping, Cause::Abort(error));
                None
            }
            Ended::Done(Err(error)) => Some(in_short(&error)),
            Ended::TimedOut => {
                Some("making its instance took longer than the call's timeout".to_owned())
            }
            Ended::Stopped => {
                self.thread.give_up(call, self.thread.clock.now_ns());
                None
            }
        };
        self.seats[seat] = Seat::Empty(kept);
        self.start_failed(call, &why?, false).await;
        None
    }

    /// Calls `start` before an instance's first call.
    async fn start(
        &mut self,
        seat: usize,
        call: &mut Call,
        mut instance: O::Instance,
    ) -> Option<O::Instance> {
        self.thread.restart(call);
        let why = match bounded(instance.start(call), call.deadline, &self.thread.halt).await {
            Ended::Done(Ok(())) => {
                self.thread.record_around(instance.findings());
                self.thread.shared.starts.succeeded();
                self.failed_starts_in_a_row = 0;
                return Some(instance);
            }
            Ended::Done(Err(why)) => Some(why),
            Ended::TimedOut => Some("`start` took longer than the call's timeout".to_owned()),
            Ended::Stopped => {
                self.thread.give_up(call, self.thread.clock.now_ns());
                None
            }
        };
        let denied = self.thread.record_around(instance.findings());
        self.seats[seat] = Seat::Empty(Some(instance.into_kept()));
        self.start_failed(call, &why?, denied).await;
        None
    }

    /// Records a call for which no instance could be had, ends a run in which nothing but that has happened, and pauses.
    async fn start_failed(&mut self, call: &Call, why: &str, denied: bool) {
        self.thread.record_no_start(call, self.index, why, denied);
        let fault = Answer::Fault(Fault::Start, String::new());
        self.hear(call, &Ended::Done(fault));
        let shared = &self.thread.shared;
        if let Some(failed) = shared.starts.failed()
            && failed >= FAILED_STARTS_MAX
        {
            let what = format!("the run was ended: its first {failed} instances could not start");
            let error = Error::new(Exit::NothingSucceeded, what).because(why);
            shared.control.advance(Stage::Stopping, Cause::Abort(error));
            return;
        }
        let pause = BACK_OFF * 2u32.pow(self.failed_starts_in_a_row.min(BACK_OFF_DOUBLINGS));
        self.failed_starts_in_a_row = self.failed_starts_in_a_row.saturating_add(1);
        tokio::select! {
            () = clock::sleep(pause) => {}
            // A worker that pauses has nothing in flight to finish.
            () = shared.control.reached(Stage::Draining) => {}
        }
    }

    /// Ends an instance and keeps what outlives it. Only a healthy one is asked to stop.
    async fn vacate(
        &self,
        mut instance: O::Instance,
        healthy: bool,
    ) -> <O::Instance as Instance>::Kept {
        if healthy {
            let deadline = clock::later(clock::now(), self.thread.shared.load.timeout);
            bounded(instance.stop(deadline), deadline, &self.thread.halt).await;
            self.thread.record_around(instance.findings());
        }
        instance.into_kept()
    }

    async fn leave(mut self) {
        for (operation, seat) in (self.first_operation..).zip(std::mem::take(&mut self.seats)) {
            let kept = match seat {
                Seat::Ready(instance) => Some(self.vacate(instance, true).await),
                Seat::Made(instance) => Some(instance.into_kept()),
                Seat::Empty(kept) => kept,
            };
            if let Some(kept) = kept {
                self.thread.shared.operations[usize::from(operation)].retire(kept);
            }
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
