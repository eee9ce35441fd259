//! The rules that a run is held to, judged while it goes on.

use crate::error::{Error, Exit};
use crate::report::format;
use crate::stats::{Recorder, RunFacts, Summary, Tables};
use crate::thresholds::windows::{Second, Windows};
use crate::thresholds::{Evaluated, Threshold, ThresholdResult, Verdict};

/// All rules of a run.
pub(super) struct Rules {
    fail_if: Vec<Threshold>,
    abort_if: Vec<Threshold>,
    fail_windows: Windows,
    abort_windows: Windows,
    facts: RunFacts,
    is_missed: bool,
    ended_by: Option<Evaluated>,
}

impl Rules {
    pub(super) fn new(fail_if: Vec<Threshold>, abort_if: Vec<Threshold>, facts: RunFacts) -> Rules {
        Rules {
            fail_windows: Windows::of(&fail_if),
            abort_windows: Windows::of(&abort_if),
            fail_if,
            abort_if,
            facts,
            is_missed: false,
            ended_by: None,
        }
    }

    /// Nobody watched for a while: no window goes on beyond it.
    pub(super) fn interrupt(&mut self) {
        self.fail_windows.interrupt();
        self.abort_windows.interrupt();
    }

    /// Judges a run after one more second, `all` being everything so far and `elapsed_ns` how long it took. Returns why
    /// the run is to end, if it is.
    pub(super) fn judge(
        &mut self,
        second: Second,
        all: Option<&Recorder>,
        elapsed_ns: u64,
    ) -> Option<Error> {
        if self.fail_if.is_empty() && self.abort_if.is_empty() {
            return None;
        }
        self.fail_windows
            .add(second.clone(), elapsed_ns, &self.facts);
        self.abort_windows.add(second, elapsed_ns, &self.facts);
        let facts = RunFacts {
            elapsed_ns,
            window_ns: elapsed_ns,
            ..self.facts.clone()
        };
        let all = all.map_or_else(Tables::default, |all| all.clone().into_tables());
        let summary = Summary::of(facts, all);
        let missed = |rules: &[Threshold], windows: &Windows| {
            let whole = rules.iter().filter(|rule| rule.window_ns().is_none());
            let whole = whole.map(|rule| Evaluated {
                threshold: rule.clone(),
                verdict: Verdict {
                    reason: Some(format!("after {}", format::duration(elapsed_ns))),
                    ..rule.evaluate(&summary)
                },
            });
            whole
                .chain(windows.evaluated())
                .find(|one| one.verdict.result == ThresholdResult::Fail)
        };
        let broken = missed(&self.abort_if, &self.abort_windows);
        self.is_missed = broken.is_some() || missed(&self.fail_if, &self.fail_windows).is_some();
        let error = broken.as_ref().map(aborted);
        self.ended_by = broken;
        error
    }

    /// The rule that was found broken last and ends the run, with what was measured then.
    pub(super) fn ended_by(&self) -> Option<&Evaluated> {
        self.ended_by.as_ref()
    }

    /// Whether the run would fail if it ended now.
    pub(super) fn is_missed(&self) -> bool {
        self.is_missed
    }

    /// What the rules about windows came to: those that fail the run, then those that end it.
    pub(super) fn windows(&self) -> Vec<Evaluated> {
        let (fail, abort) = (&self.fail_windows, &self.abort_windows);
        fail.evaluated().chain(abort.evaluated()).collect()
    }
}

fn aborted(broken: &Evaluated) -> Error {
    let rule = format!("{:#}", broken.threshold);
    let error = Error::new(Exit::Threshold, format!("the run was ended by `{rule}`"));
    let measured = broken.shown().map(|measured| match &broken.verdict.reason {
        Some(when) => format!("it was {measured} {when}"),
        None => format!("it was {measured}"),
    });
    measured.into_iter().fold(error, Error::because)
}
