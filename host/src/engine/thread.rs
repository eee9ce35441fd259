//! What the workers of one thread share: where they record. No other thread touches it, so nothing here locks.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::bounded::{Ended, Halt};
use super::operation::{Answer, Call, Findings, Instance};
use super::tally::{Counts, Denied};
use super::worker::Shared;
use crate::clock::RunClock;
use crate::stats::{Fault, Outcome, Recorder, RowId, Times};

/// The state of one thread of a run.
pub(super) struct Thread<O> {
    pub(super) shared: Arc<Shared<O>>,
    pub(super) clock: RunClock,
    pub(super) halt: Halt,
    recorder: RefCell<Recorder>,
    counts: Cell<Counts>,
    denied: RefCell<Denied>,
}

/// What a thread leaves behind.
pub(super) struct Part {
    pub(super) recorder: Recorder,
    pub(super) counts: Counts,
    pub(super) denied: Denied,
}

impl<O> Thread<O> {
    pub(super) fn new(shared: Arc<Shared<O>>, clock: RunClock, recorder: Recorder) -> Thread<O> {
        Thread {
            shared,
            clock,
            halt: Halt::default(),
            recorder: RefCell::new(recorder),
            counts: Cell::default(),
            denied: RefCell::default(),
        }
    }

    /// Takes what was recorded.
    pub(super) fn part(&self) -> Part {
        Part {
            recorder: self.recorder.borrow_mut().take(),
            counts: self.counts.get(),
            denied: self.denied.take(),
        }
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.get();
        change(&mut counts);
        self.counts.set(counts);
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
        let mut recorder = self.recorder.borrow_mut();
        let recorder = &mut *recorder;
        self.close_window(recorder);
        let (row, message) = self.judge(recorder, &ended, findings);
        let Call { number, due_ns, .. } = *call;
        recorder.call(
            row,
            Times {
                due_ns,
                start_ns: due_ns,
                end_ns,
            },
        );
        for (name, nanos) in findings.samples.drain(..) {
            recorder.measurement(row, &name, nanos);
        }
        if let Some(message) = &message {
            recorder.failure(row, message, number, worker, end_ns);
        }
        let denied = self.record_findings(recorder, findings);
        self.count(|counts| {
            counts.ended(end_ns);
            counts.denied += u64::from(denied && message.is_some());
        });
        matches!(ended, Ended::Done(Answer::Tag(_)))
    }

    /// The row of a call that ended, and what is to be said about it if it failed.
    fn judge(
        &self,
        recorder: &mut Recorder,
        ended: &Ended<Answer>,
        findings: &mut Findings,
    ) -> (RowId, Option<String>) {
        let complaint = findings.complaint.take();
        match ended {
            Ended::Done(Answer::Tag(tag)) => {
                let returned = tag.as_deref().map_err(String::as_str);
                let ok = self.shared.interner.outcome(returned) == Outcome::Ok;
                (
                    recorder.row_of_tag(0, returned),
                    (!ok).then(|| complaint.unwrap_or_default()),
                )
            }
            Ended::Done(Answer::Fault(fault, message)) => {
                (recorder.row_of_fault(0, *fault), Some(message.clone()))
            }
            Ended::TimedOut | Ended::Stopped => {
                let waiting = "still waiting when its timeout came";
                let message = match complaint {
                    Some(complaint) => format!("{waiting}; {complaint}"),
                    None => waiting.to_owned(),
                };
                (recorder.row_of_fault(0, Fault::Timeout), Some(message))
            }
        }
    }

    /// Records a call that ended before it began, since there was no instance for it. It counts, and has no time.
    pub(super) fn record_no_start(&self, number: u64, worker: u32, why: &str, denied: bool) {
        let now_ns = self.clock.now_ns();
        let mut recorder = self.recorder.borrow_mut();
        self.close_window(&mut recorder);
        let row = recorder.row_of_fault(0, Fault::Start);
        recorder.call_without_timing(row, now_ns);
        recorder.failure(row, why, number, worker, now_ns);
        self.count(|counts| {
            counts.ended(now_ns);
            counts.denied += u64::from(denied);
        });
    }

    /// Records what `start` or `stop` found: it belongs to the run. What they timed has no tag to stand under. True if
    /// the network policy refused something.
    pub(super) fn record_around(&self, findings: &mut Findings) -> bool {
        findings.samples.clear();
        self.record_findings(&mut self.recorder.borrow_mut(), findings)
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
        self.recorder
            .borrow_mut()
            .never_ended(call.due_ns, Some(call.due_ns), now_ns);
        self.count(|counts| counts.given_up(now_ns));
    }

    /// A rate counts the calls that ended while calls could still start.
    fn close_window(&self, recorder: &mut Recorder) {
        if let Some(drained_at) = self.shared.control.drained_at() {
            recorder.set_window_end(self.clock.ns_at(drained_at));
        }
    }
}
