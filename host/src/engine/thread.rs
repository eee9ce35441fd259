//! What the workers of one thread share: where they record. No other thread touches it, so nothing here locks.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::bounded::{Ended, Halt};
use super::control::Stage;
use super::operation::{Answer, Call, Findings, Instance};
use super::shared::Shared;
use super::tally::{Counts, Denied};
use super::task::Task;
use crate::clock::{self, RunClock};
use crate::schedule::WarmUp;
use crate::stats::{Agreement, Fault, Histogram, Outcome, Recorder, RowId, Said, Times};

/// The state of one thread of a run.
pub(super) struct Thread<O> {
    pub(super) shared: Arc<Shared<O>>,
    pub(super) clock: RunClock,
    pub(super) halt: Halt,
    /// Since when the next call is due that nobody has claimed, while it is late.
    pub(super) late_since: Cell<Option<u64>>,
    results: RefCell<Recorder>,
    warm_up: RefCell<Recorder>,
    counts: Cell<Counts>,
    denied: RefCell<Denied>,
    waits: RefCell<Histogram>,
    poll_delay: RefCell<Histogram>,
    missed: RefCell<Vec<Range<u64>>>,
    failed_items: RefCell<Vec<(u64, Bytes)>>,
    agreement: RefCell<Agreement>,
    has_results: Cell<bool>,
    busy: Cell<u32>,
}

/// What a thread leaves behind, apart from what it records.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) records: Records,
    pub(super) counts: Counts,
    pub(super) denied: Denied,
    pub(super) missed: Vec<Range<u64>>,
    pub(super) failed_items: Vec<(u64, Bytes)>,
    pub(super) agreement: Agreement,
}

/// What a thread has recorded since it was last asked.
#[derive(Debug, Default)]
pub struct Records {
    /// The calls that are results.
    pub results: Option<Recorder>,
    /// Those of the warm-up.
    pub warm_up: Option<Recorder>,
    /// Service times of the results that waited for something, as opposed to computing all the time.
    pub waits: Histogram,
    /// How long what was ready on the thread waited to be run.
    pub poll_delay: Histogram,
}

impl Records {
    /// Adds what another thread, or the same one later, has recorded.
    pub fn merge(&mut self, other: Records) {
        join(&mut self.results, other.results);
        join(&mut self.warm_up, other.warm_up);
        self.waits.merge(&other.waits);
        self.poll_delay.merge(&other.poll_delay);
    }
}

fn join(mine: &mut Option<Recorder>, theirs: Option<Recorder>) {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => mine.merge(theirs),
        (mine @ None, theirs) => *mine = theirs,
        (Some(_), None) => {}
    }
}

/// A call is under way for as long as this lives.
pub(super) struct Working<'a>(&'a Cell<u32>);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl<O> Thread<O> {
    pub(super) fn new(shared: Arc<Shared<O>>, clock: RunClock) -> Thread<O> {
        let recorder = || Recorder::new(Arc::clone(&shared.interner), shared.load.is_open());
        Thread {
            results: RefCell::new(recorder()),
            warm_up: RefCell::new(recorder()),
            shared,
            clock,
            halt: Halt::default(),
            late_since: Cell::default(),
            counts: Cell::default(),
            denied: RefCell::default(),
            waits: RefCell::default(),
            poll_delay: RefCell::default(),
            missed: RefCell::default(),
            failed_items: RefCell::default(),
            agreement: RefCell::default(),
            has_results: Cell::default(),
            busy: Cell::default(),
        }
    }

    /// Takes everything.
    pub(super) fn part(&self) -> Part {
        Part {
            records: self.records(),
            counts: self.counts.get(),
            denied: self.denied.take(),
            missed: self.missed.take(),
            failed_items: self.failed_items.take(),
            agreement: self.agreement.take(),
        }
    }

    /// Takes what was recorded since the last time.
    pub(super) fn records(&self) -> Records {
        Records {
            results: Some(self.results.borrow_mut().take()),
            warm_up: Some(self.warm_up.borrow_mut().take()),
            waits: self.waits.take(),
            poll_delay: self.poll_delay.take(),
        }
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts.get()
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.get();
        change(&mut counts);
        self.counts.set(counts);
    }

    /// How many calls are under way.
    pub(super) fn busy(&self) -> u32 {
        self.busy.get()
    }

    /// Counts a call as under way.
    pub(super) fn working(&self) -> Working<'_> {
        self.busy.set(self.busy.get() + 1);
        Working(&self.busy)
    }

    /// Keeps how long something that was ready waited.
    pub(super) fn sample_poll_delay(&self, ns: u64) {
        self.poll_delay.borrow_mut().record(ns);
    }

    /// In closed load the results begin with the first call after the warm-up, and where there is none, with the run.
    pub(super) fn begin_results(&self) {
        if !self.has_results.replace(true) {
            let from_ns = match self.shared.load.warm_up {
                WarmUp::None => 0,
                WarmUp::Calls(_) | WarmUp::For(_) => self.clock.now_ns(),
            };
            self.shared.window.begin(from_ns);
        }
    }

    /// The call of a task, started now.
    pub(super) fn call(&self, task: Task) -> Call {
        let start = clock::now();
        let start_ns = self.clock.ns_at(start);
        Call {
            index: task.index,
            number: self.shared.load.first_number.wrapping_add(task.index),
            operation: task.operation,
            is_warm_up: task.is_warm_up,
            due_ns: task.due_ns.unwrap_or(start_ns),
            start_ns,
            clock: self.clock,
            deadline: clock::later(start, self.shared.load.timeout),
            item: task.item,
        }
    }

    /// Whether a call of a closed load would start when no call may any more. It is not made then, and its item is one of
    /// those that are left.
    pub(super) fn is_too_late(&self, call: &Call) -> bool {
        let too_late = !self.shared.load.is_open() && call.start_ns >= self.shared.window.end_ns();
        if too_late {
            self.keep_item(call);
        }
        too_late
    }

    /// Lets a call start now instead of when it was taken. In closed load it is due now, too.
    pub(super) fn restart(&self, call: &mut Call) {
        let start = clock::now();
        call.start_ns = self.clock.ns_at(start);
        call.deadline = clock::later(start, self.shared.load.timeout);
        if !self.shared.load.is_open() {
            call.due_ns = call.start_ns;
        }
    }

    /// Records how a call ended; true if its instance may be used again.
    pub(super) fn record(
        &self,
        instance: &mut impl Instance,
        worker: u32,
        call: &Call,
        end_ns: u64,
        ended: Ended<Answer>,
    ) -> bool {
        let findings = instance.findings();
        if ended == Ended::Stopped {
            self.give_up(call, end_ns);
            return false;
        }
        let mut recorder = self.recorder(call).borrow_mut();
        let recorder = &mut *recorder;
        recorder.set_window_end(self.shared.window.end_ns());
        let (row, message) = self.judge(recorder, call.operation, &ended, findings);
        recorder.call(
            row,
            Times {
                due_ns: call.due_ns,
                start_ns: call.start_ns,
                end_ns,
            },
        );
        for (name, nanos) in findings.samples.drain(..) {
            recorder.measurement(row, &name, nanos);
        }
        if let Some(message) = &message {
            recorder.failure(row, message, call.number, worker, end_ns);
            self.keep_item(call);
        }
        if findings.waited && !call.is_warm_up {
            self.waits
                .borrow_mut()
                .record(end_ns.saturating_sub(call.start_ns));
        }
        let denied = self.record_findings(recorder, findings);
        self.ended(call, end_ns, denied && message.is_some());
        matches!(ended, Ended::Done(Answer::Tag(_)))
    }

    fn recorder(&self, call: &Call) -> &RefCell<Recorder> {
        if call.is_warm_up {
            &self.warm_up
        } else {
            &self.results
        }
    }

    fn ended(&self, call: &Call, end_ns: u64, was_denied: bool) {
        self.count(|counts| {
            if call.is_warm_up {
                counts.warm_up_done += 1;
            } else {
                counts.ended(end_ns);
                counts.denied += u64::from(was_denied);
            }
        });
    }

    /// The row of a call that ended, and what is to be said about it if it failed.
    fn judge(
        &self,
        recorder: &mut Recorder,
        operation: u16,
        ended: &Ended<Answer>,
        findings: &mut Findings,
    ) -> (RowId, Option<String>) {
        let complaint = findings.complaint.take();
        match ended {
            Ended::Done(Answer::Tag(tag)) => {
                let returned = tag.as_deref().map_err(String::as_str);
                let ok = self.shared.interner.outcome(returned) == Outcome::Ok;
                (
                    recorder.row_of_tag(operation, returned),
                    (!ok).then(|| complaint.unwrap_or_default()),
                )
            }
            Ended::Done(Answer::Fault(fault, message)) => (
                recorder.row_of_fault(operation, *fault),
                Some(message.clone()),
            ),
            Ended::TimedOut | Ended::Stopped => {
                let waiting = "still waiting when its timeout came";
                let message = match complaint {
                    Some(complaint) => format!("{waiting}; {complaint}"),
                    None => waiting.to_owned(),
                };
                (
                    recorder.row_of_fault(operation, Fault::Timeout),
                    Some(message),
                )
            }
        }
    }

    /// Records a call that ended before it began, since there was no instance for it. It counts, and has no time.
    pub(super) fn record_no_start(&self, call: &Call, worker: u32, why: &str, denied: bool) {
        let now_ns = self.clock.now_ns();
        let mut recorder = self.recorder(call).borrow_mut();
        recorder.set_window_end(self.shared.window.end_ns());
        let row = recorder.row_of_fault(call.operation, Fault::Start);
        recorder.call_without_timing(row, now_ns);
        recorder.failure(row, why, call.number, worker, now_ns);
        drop(recorder);
        self.keep_item(call);
        self.ended(call, now_ns, denied);
    }

    /// Records what `start` or `stop` found: it belongs to the run. What they timed has no tag to stand under. True if
    /// the network policy refused something.
    pub(super) fn record_around(&self, findings: &mut Findings) -> bool {
        findings.samples.clear();
        self.record_findings(&mut self.results.borrow_mut(), findings)
    }

    fn record_findings(&self, recorder: &mut Recorder, findings: &mut Findings) -> bool {
        for (name, delta) in findings.counters.drain(..) {
            recorder.counter(&name, delta);
        }
        for (name, passed) in findings.checks.drain(..) {
            recorder.check(&name, passed);
        }
        let denied = !findings.denied.is_empty();
        for target in findings.denied.drain(..) {
            self.denied.borrow_mut().add(target, 1);
        }
        denied
    }

    /// Records a call that was given up.
    pub(super) fn give_up(&self, call: &Call, now_ns: u64) {
        self.keep_item(call);
        if call.is_warm_up {
            self.count(|counts| counts.warm_up_unfinished += 1);
            return;
        }
        self.results
            .borrow_mut()
            .never_ended(call.due_ns, Some(call.start_ns), now_ns);
        self.count(|counts| counts.given_up(now_ns));
    }

    /// Counts calls that fell due while the runner slept, by their indexes. How long they would have been watched is known
    /// at the end.
    pub(super) fn miss(&self, indexes: Range<u64>) {
        self.missed.borrow_mut().push(indexes);
    }

    /// Notes that a call is late because the run has no place for another worker.
    pub(super) fn wait_for_a_place(&self) {
        self.count(|counts| counts.waits_for_a_place += 1);
    }

    /// Compares what all operations answered a number.
    pub(super) fn compare(&self, number: u64, said: &[Said]) {
        self.agreement.borrow_mut().compare(number, said);
    }

    fn keep_item(&self, call: &Call) {
        self.keep(call.index, call.item.as_ref());
    }

    /// Keeps an item to be run again, where that was asked for.
    pub(super) fn keep(&self, index: u64, item: Option<&Bytes>) {
        if let (true, Some(item)) = (self.shared.feed.keep_failed, item) {
            self.failed_items.borrow_mut().push((index, item.clone()));
        }
    }

    /// Whether calls may start.
    pub(super) fn is_running(&self) -> bool {
        self.shared.control.is_running()
    }

    /// Whether the time in which calls may start is over.
    pub(super) fn is_over(&self) -> bool {
        let end_ns = self.shared.window.end_ns();
        end_ns != u64::MAX && self.clock.now_ns() >= end_ns
    }

    /// Waits until that time is over, or somebody has ended the run.
    pub(super) async fn over(&self) {
        let end_ns = self.shared.window.end_ns();
        tokio::select! {
            () = self.drained() => {}
            () = clock::sleep_until(self.instant(end_ns)), if end_ns != u64::MAX => {}
        }
    }

    /// Waits until the run has been told to start no more calls. Its supervisor has a timer that is a little late, so its
    /// time [may be over](Thread::is_over) before.
    pub(super) async fn drained(&self) {
        self.shared.control.reached(Stage::Draining).await;
    }

    /// An instant of the run's clock.
    pub(super) fn instant(&self, ns: u64) -> tokio::time::Instant {
        self.clock.instant(Duration::from_nanos(ns))
    }
}
