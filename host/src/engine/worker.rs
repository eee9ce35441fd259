//! A worker: one virtual user that makes calls one after another. This is the hot path of a run.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::Load;
use super::bounded::{Ended, bounded};
use super::control::{Cause, Control, Stage};
use super::numbers::{Block, Numbers};
use super::operation::{Answer, Call, Findings, Instance, Operation};
use super::tally::{Counts, Denied};
use crate::clock::{self, RunClock};
use crate::error::{Error, Exit};
use crate::stats::{Fault, Interner, Outcome, Recorder, RowId, Times};

/// A worker that never waits gives its neighbours a turn after this many nanoseconds of calls.
const TURN_NS: u64 = 100_000;

/// The run ends when this many `start`s have failed and none has succeeded yet.
const FAILED_STARTS_MAX: u32 = 5;

/// The pause after a first failed `start`; it doubles with each further one, up to a hundredfold.
const START_BACK_OFF: Duration = Duration::from_millis(10);

/// What all workers of a run share.
pub(super) struct Shared<O> {
    pub(super) load: Load,
    pub(super) operation: Arc<O>,
    pub(super) numbers: Numbers,
    pub(super) control: Arc<Control>,
    pub(super) interner: Arc<Interner>,
    pub(super) starts: Starts,
}

impl<O> Shared<O> {
    pub(super) fn new(
        load: Load,
        operation: Arc<O>,
        control: Arc<Control>,
        interner: Arc<Interner>,
    ) -> Shared<O> {
        let numbers = Numbers::new(load.first_number, load.numbers(), load.busy_workers());
        Shared {
            load,
            operation,
            numbers,
            control,
            interner,
            starts: Starts::default(),
        }
    }
}

/// How the `start`s of a run have gone.
#[derive(Debug, Default)]
pub(super) struct Starts {
    failed: AtomicU32,
    succeeded: AtomicU32,
}

/// What the workers of one thread share.
pub(super) struct Thread<O> {
    pub(super) shared: Arc<Shared<O>>,
    pub(super) clock: RunClock,
    pub(super) recorder: RefCell<Recorder>,
    pub(super) counts: Cell<Counts>,
    pub(super) denied: RefCell<Denied>,
}

/// One worker with the instance it has at present.
pub(super) struct Worker<O: Operation> {
    thread: Rc<Thread<O>>,
    index: u32,
    seat: Seat<O>,
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
            let ended = bounded(instance.call(&call), call.deadline, &self.shared().control).await;
            let end_ns = clock.now_ns();

            let healthy = self.record(&mut instance, &call, end_ns, ended);
            self.seat = if healthy && !self.shared().load.isolate_calls {
                Seat::Ready(instance)
            } else {
                Seat::Empty(Some(self.vacate(instance, healthy).await))
            };
            last_call_ns = (end_ns - call.due_ns).max(1);
            if end_ns - turn_began_ns > TURN_NS {
                tokio::task::yield_now().await;
                turn_began_ns = end_ns;
            }
        }
        self.leave().await;
    }

    /// In closed load a call is due when it starts.
    fn call_of(&self, number: u64, now_ns: u64) -> Call {
        let clock = self.thread.clock;
        let start = clock.instant(Duration::from_nanos(now_ns));
        Call {
            number,
            due_ns: now_ns,
            clock,
            deadline: clock::later(start, self.shared().load.timeout),
        }
    }

    /// A started instance for call `number`; nothing if there is none, in which case the call has been recorded.
    async fn ready(&mut self, number: u64) -> Option<O::Instance> {
        let mut instance = match std::mem::replace(&mut self.seat, Seat::Empty(None)) {
            Seat::Ready(instance) => return Some(instance),
            Seat::Made(instance) => instance,
            Seat::Empty(kept) => {
                match self.shared().operation.instantiate(self.index, kept).await {
                    Ok(instance) => {
                        if !self.shared().load.isolate_calls {
                            self.count(|counts| counts.replaced += 1);
                        }
                        instance
                    }
                    Err(error) => {
                        self.record_fault(number, Fault::Start, error.what());
                        self.shared()
                            .control
                            .advance(Stage::Stopping, Cause::Abort(error));
                        return None;
                    }
                }
            }
        };
        let call = self.call_of(number, self.thread.clock.now_ns());
        let why = match bounded(instance.start(&call), call.deadline, &self.shared().control).await
        {
            Ended::Done(Ok(())) => {
                self.record_start(instance.findings());
                self.shared().starts.succeeded.store(1, Ordering::Relaxed);
                return Some(instance);
            }
            Ended::Done(Err(why)) => why,
            Ended::TimedOut => "`start` took longer than the call's timeout".to_owned(),
            Ended::Stopped => {
                let now_ns = self.thread.clock.now_ns();
                self.count(|counts| counts.given_up(now_ns));
                self.seat = Seat::Empty(Some(instance.into_kept()));
                return None;
            }
        };
        self.seat = Seat::Empty(Some(instance.into_kept()));
        self.failed_start(number, &why).await;
        None
    }

    /// What a `start` counted belongs to the run; what it timed has no tag to stand under.
    fn record_start(&self, findings: &mut Findings) {
        let mut recorder = self.thread.recorder.borrow_mut();
        for (name, delta) in findings.counters.drain(..) {
            recorder.counter(&name, delta);
        }
        for (name, passed) in findings.checks.drain(..) {
            recorder.check(&name, passed);
        }
    }

    /// Records a failed `start`, and ends a run in which nothing but that has happened.
    async fn failed_start(&self, number: u64, why: &str) {
        let failed = self.shared().starts.failed.fetch_add(1, Ordering::Relaxed) + 1;
        let none_yet = self.shared().starts.succeeded.load(Ordering::Relaxed) == 0;
        self.record_fault(number, Fault::Start, why);
        if none_yet && failed >= FAILED_STARTS_MAX {
            let what = format!("the run was ended: its first {failed} instances could not start");
            let error = Error::new(Exit::NothingSucceeded, what).because(why);
            self.shared()
                .control
                .advance(Stage::Stopping, Cause::Abort(error));
            return;
        }
        let pause = START_BACK_OFF * 2u32.pow(failed.min(7) - 1);
        let until = clock::later(clock::now(), pause);
        bounded(
            tokio::time::sleep_until(until),
            clock::later(until, pause),
            &self.shared().control,
        )
        .await;
    }

    /// A call that ended before it began counts, and has no time.
    fn record_fault(&self, number: u64, fault: Fault, why: &str) {
        let now_ns = self.thread.clock.now_ns();
        let mut recorder = self.thread.recorder.borrow_mut();
        let row = recorder.row_of_fault(0, fault);
        recorder.call_without_timing(row, now_ns);
        recorder.failure(row, why, number, self.index, now_ns);
        self.count(|counts| counts.ended(now_ns));
    }

    /// Records how a call ended; true if its instance may be used again.
    fn record(
        &self,
        instance: &mut O::Instance,
        call: &Call,
        end_ns: u64,
        ended: Ended<Answer>,
    ) -> bool {
        let mut recorder = self.thread.recorder.borrow_mut();
        let recorder = &mut *recorder;
        let findings = instance.findings();
        let (row, failed, healthy): (RowId, Option<&str>, bool) = match &ended {
            Ended::Done(Answer::Tag(tag)) => {
                let returned = tag.as_deref().map_err(String::as_str);
                let row = recorder.row_of_tag(0, returned);
                let ok = self.shared().interner.outcome(returned) == Outcome::Ok;
                let failed = (!ok).then(|| findings.complaint.as_deref().unwrap_or(""));
                (row, failed, true)
            }
            Ended::Done(Answer::Fault(fault, message)) => {
                (recorder.row_of_fault(0, *fault), Some(message), false)
            }
            Ended::TimedOut => {
                let message = "still waiting when its timeout came";
                (
                    recorder.row_of_fault(0, Fault::Timeout),
                    Some(message),
                    false,
                )
            }
            Ended::Stopped => {
                recorder.never_ended(call.due_ns, Some(call.due_ns), end_ns);
                self.count(|counts| counts.given_up(end_ns));
                return false;
            }
        };
        recorder.call(
            row,
            Times {
                due_ns: call.due_ns,
                start_ns: call.due_ns,
                end_ns,
            },
        );
        for (name, nanos) in findings.samples.drain(..) {
            recorder.measurement(row, &name, nanos);
        }
        for (name, delta) in findings.counters.drain(..) {
            recorder.counter(&name, delta);
        }
        for (name, passed) in findings.checks.drain(..) {
            recorder.check(&name, passed);
        }
        if let Some(message) = failed {
            recorder.failure(row, message, call.number, self.index, end_ns);
        }
        let denied = failed.is_some() && !findings.denied.is_empty();
        for target in findings.denied.drain(..) {
            self.thread.denied.borrow_mut().add(target, 1);
        }
        self.count(|counts| {
            counts.ended(end_ns);
            counts.denied += u64::from(denied);
        });
        healthy
    }

    /// Ends an instance and keeps what outlives it. Only a healthy one is asked to stop.
    async fn vacate(
        &self,
        mut instance: O::Instance,
        healthy: bool,
    ) -> <O::Instance as Instance>::Kept {
        if healthy {
            let deadline = clock::later(clock::now(), self.shared().load.timeout);
            bounded(instance.stop(deadline), deadline, &self.shared().control).await;
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

    fn count(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.thread.counts.get();
        change(&mut counts);
        self.thread.counts.set(counts);
    }
}
