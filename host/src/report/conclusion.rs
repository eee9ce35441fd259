//! How a run ended, in a line: what the last line of the screen says is what the other views say.

use super::format;
use crate::error::Exit;
use crate::stats::facts::Status;
use crate::stats::{Outcome, Summary};
use crate::thresholds::{Evaluated, ThresholdResult};

/// Whether a run is to be looked at twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It did what was asked, and every call succeeded.
    Good,
    /// It did not fail, and not all of it is as it should be.
    Mixed,
    /// It failed.
    Bad,
}

impl Standing {
    /// The sign for it.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Standing::Good => "✓",
            Standing::Mixed => "!",
            Standing::Bad => "✗",
        }
    }
}

/// How a run ended, and what became of every call that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conclusion {
    /// How it stands.
    pub(super) standing: Standing,
    /// All of it in a line without full stop. It holds no text that somebody else chose.
    pub(super) text: String,
    /// Why the run failed, the rules that it was held to left aside. Empty if it did not.
    pub(super) own_failures: Vec<String>,
}

/// What is to be said of a run in the end.
pub(super) fn conclusion(
    summary: &Summary,
    evaluated: &[Evaluated],
    exit_code: Option<u8>,
) -> Conclusion {
    let calls = &summary.facts.accounting;
    let [ok, fail, fault] =
        [Outcome::Ok, Outcome::Fail, Outcome::Fault].map(|outcome| summary.count(outcome));
    let ended = ended(summary.facts.status);
    let in_vain = in_vain(summary.done(), ok);
    let result = match (&in_vain, summary.done()) {
        (Some(in_vain), _) => in_vain.clone(),
        (None, 0) if calls.asked == 0 => match summary.facts.status {
            Status::Completed => "no call was asked for".to_owned(),
            // A time was, and in it no call that counts.
            _ => "no call was made".to_owned(),
        },
        (None, 0) => "no call ended".to_owned(),
        (None, _) => listed([(ok, "ok"), (fail, "fail"), (fault, "fault")]),
    };
    let lost = listed([
        (calls.missed, "missed"),
        (calls.not_started, "not started"),
        (calls.unfinished, "unfinished"),
    ]);
    let is_whole = summary.facts.status == Status::Completed && lost.is_empty();
    let cut = cut(summary, exit_code);
    let disagreed = disagreed(summary);
    let doubts: Vec<String> = broken_rules(evaluated, exit_code)
        .chain(disagreed.clone())
        .chain(cut.clone())
        .collect();
    let standing = match summary.done() {
        _ if in_vain.is_some() || !doubts.is_empty() => Standing::Bad,
        1.. if is_whole && fail + fault == 0 => Standing::Good,
        _ => Standing::Mixed,
    };
    let mut text = format!("{ended}: {result}");
    if !lost.is_empty() {
        text = format!("{text}; {} asked for: {lost}", format::count(calls.asked));
    }
    if calls.warmup_done > 0 {
        text = format!(
            "{text}; {} left out",
            format::plural(calls.warmup_done, "warm-up call", "warm-up calls")
        );
    }
    for doubt in doubts {
        text = format!("{text}; {doubt}");
    }
    let is_broken_off = summary.facts.status != Status::Completed;
    let broken_off = is_broken_off.then(|| format!("the run is {ended}"));
    Conclusion {
        standing,
        text,
        own_failures: broken_off
            .into_iter()
            .chain(in_vain)
            .chain(disagreed)
            .chain(cut)
            .collect(),
    }
}

fn ended(status: Status) -> &'static str {
    match status {
        Status::Completed => "done",
        Status::Interrupted => "interrupted",
        Status::Aborted => "aborted",
        Status::Incomplete => "incomplete",
    }
}

/// That calls ended and none of them succeeded.
fn in_vain(done: u64, ok: u64) -> Option<String> {
    match done {
        1 if ok == 0 => Some("the only call did not succeed".to_owned()),
        2.. if ok == 0 => Some(format!(
            "not one of {} calls succeeded",
            format::count(done)
        )),
        _ => None,
    }
}

fn broken_rules(evaluated: &[Evaluated], exit_code: Option<u8>) -> impl Iterator<Item = String> {
    let rules = |result: ThresholdResult| {
        let rules = evaluated.iter();
        let count = rules.filter(|one| one.verdict.result == result).count() as u64;
        (count > 0).then(|| format::plural(count, "rule", "rules"))
    };
    let broken = rules(ThresholdResult::Fail).map(|rules| format!("{rules} broken"));
    // Whether having no data is a failure was up to whoever ran it.
    let is_strict = exit_code == Some(Exit::Threshold.code());
    let unknown = rules(ThresholdResult::NoData).filter(|_| is_strict);
    let unknown = unknown.map(|rules| format!("{rules} without data"));
    broken.into_iter().chain(unknown)
}

/// That operations side by side did not answer alike.
fn disagreed(summary: &Summary) -> Option<String> {
    let agreement = summary.facts.agreement.as_ref()?;
    let numbers = format::plural(agreement.differing, "number", "numbers");
    (agreement.differing > 0).then(|| format!("{numbers} not answered alike"))
}

/// Why a run failed that came to its end and whose calls may all have succeeded.
fn cut(summary: &Summary, exit_code: Option<u8>) -> Option<String> {
    let is_whole = summary.facts.status == Status::Completed;
    let ended_with = |exit: Exit| is_whole && exit_code == Some(exit.code());
    let doubted =
        ended_with(Exit::Environment).then(|| "the verdict is worse than `--require`".to_owned());
    let short = (ended_with(Exit::Unusable) || ended_with(Exit::NoInput))
        .then(|| "the items were not read to their end".to_owned());
    doubted.or(short)
}

/// The counts that are not zero, each with its word.
fn listed<const N: usize>(counts: [(u64, &str); N]) -> String {
    let listed = counts.iter().filter(|(count, _)| *count > 0);
    listed
        .map(|(count, word)| format!("{} {word}", format::count(*count)))
        .collect::<Vec<_>>()
        .join(", ")
}
