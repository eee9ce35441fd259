//! What a run came to, as an exit code and a last word.

use crate::engine::Finished;
use crate::engine::control::Cause;
use crate::error::{Error, Exit};
use crate::report::format;
use crate::stats::{Outcome, Status, Summary};

/// How the run went, as far as it is not in its numbers.
pub(super) struct Outcomes {
    ended_early: Option<Exit>,
    /// Why there was nothing more to feed calls with, where more was wanted.
    broke_off: Option<Error>,
    all_denied: bool,
    pub(super) notes: Vec<String>,
}

impl Outcomes {
    pub(super) fn of(
        finished: &Finished,
        cause: Option<&Cause>,
        torn_down: Option<Error>,
        broke_off: Option<Error>,
    ) -> Outcomes {
        let mut notes = Vec::new();
        let ended_early = match cause {
            Some(Cause::Interrupt) => Some(Exit::Interrupted),
            Some(Cause::Terminate) => Some(Exit::Terminated),
            Some(Cause::Abort(error)) => {
                let why = error
                    .causes()
                    .first()
                    .map(|cause| format!(": {cause}"))
                    .unwrap_or_default();
                notes.push(format!("{}{why}", error.what()));
                Some(error.exit())
            }
            Some(Cause::Duration) | None => None,
        };
        if let Some(error) = torn_down {
            let cause = error.causes().first().map(String::as_str).unwrap_or("");
            notes.push(format!("{}: {cause}", error.what()));
        }
        let counts = finished.counts;
        Outcomes {
            ended_early,
            broke_off: broke_off.filter(|_| ended_early.is_none()),
            all_denied: counts.done > 0 && counts.denied == counts.done,
            notes,
        }
    }

    pub(super) fn exit(&self, summary: &Summary, threshold_broken: bool, is_doubted: bool) -> Exit {
        let mut reasons: Vec<Exit> = self.ended_early.into_iter().collect();
        reasons.extend(self.broke_off.as_ref().map(Error::exit));
        if self.all_denied {
            reasons.push(Exit::Denied);
        }
        if threshold_broken {
            reasons.push(Exit::Threshold);
        }
        if is_doubted {
            reasons.push(Exit::Environment);
        }
        let facts = &summary.facts;
        let asked = facts.accounting.asked > 0;
        // The warm-up has used up what there was.
        let used_up = facts.accounting.warmup_done > 0
            && facts.status == Status::Completed
            && facts.load.calls != Some(0);
        if (asked || used_up) && summary.count(Outcome::Ok) == 0 {
            reasons.push(Exit::NothingSucceeded);
        }
        Exit::first(reasons)
    }
}

impl Outcomes {
    /// A last word about a run that did not come to what it was to, for the person who does not see the report.
    pub(super) fn last_word(self, summary: &Summary, exit: Exit) -> Option<Error> {
        self.broke_off.or_else(|| in_vain(summary, exit))
    }
}

fn in_vain(summary: &Summary, exit: Exit) -> Option<Error> {
    let done = summary.facts.accounting.done;
    match exit {
        Exit::Denied => {
            let error = Error::new(exit, "the network policy refused something in every call");
            let denied = summary.facts.denied.iter().take(3);
            Some(denied.fold(error, |error, denied| {
                error.hint(format!("`--allow-host {}` grants it", denied.target))
            }))
        }
        Exit::NothingSucceeded => {
            let error = Error::new(exit, none_of(done));
            let first = summary
                .failures
                .first()
                .map(|failure| (&failure.key.tag, &failure.message));
            Some(
                match first {
                    Some((tag, message)) if message.is_empty() => {
                        error.because(format!("tag `{tag}`"))
                    }
                    Some((tag, message)) => error.because(format!("`{tag}`: {message}")),
                    None => error,
                }
                .hint("`gorgon try` makes one call and shows everything about it"),
            )
        }
        _ => None,
    }
}

fn none_of(done: u64) -> String {
    match done {
        0 => "no call ended".to_owned(),
        1 => "the only call did not succeed".to_owned(),
        done => format!("not one of {} calls succeeded", format::count(done)),
    }
}
