//! What the operations of a comparison answer the same number, as one worker hears it.

use super::bounded::Ended;
use super::operation::{Answer, Call};
use crate::stats::{Fault, Interner, Outcome, Said, normalise};

/// The answers to one number, until every operation has given its own.
#[derive(Debug)]
pub(super) struct Answers {
    index: u64,
    operations: usize,
    said: Vec<Said>,
}

impl Answers {
    /// None yet, of so many operations.
    pub(super) fn of(operations: usize) -> Answers {
        Answers {
            index: 0,
            operations,
            said: Vec::with_capacity(operations),
        }
    }

    /// Keeps an answer. Returns all of them with the last, by operation. A number of the warm-up is not compared, and
    /// neither is one of which a call was given up.
    pub(super) fn hear(
        &mut self,
        call: &Call,
        ended: &Ended<Answer>,
        interner: &Interner,
    ) -> Option<&[Said]> {
        if call.is_warm_up {
            return None;
        }
        if call.index != self.index {
            self.said.clear();
            self.index = call.index;
        }
        let (outcome, tag) = said(ended, interner)?;
        self.said.push(Said {
            operation: call.operation,
            outcome,
            tag,
        });
        if self.said.len() < self.operations {
            return None;
        }
        self.said.sort_unstable_by_key(|said| said.operation);
        Some(&self.said)
    }
}

/// How a call ended, and its tag; nothing if it was given up.
fn said(ended: &Ended<Answer>, interner: &Interner) -> Option<(Outcome, String)> {
    let of_fault = |fault: Fault| (Outcome::Fault, fault.tag().to_owned());
    match ended {
        Ended::Done(Answer::Tag(returned)) => {
            let returned = returned.as_deref().map_err(String::as_str);
            let (Ok(tag) | Err(tag)) = returned;
            Some((interner.outcome(returned), normalise(tag).into_owned()))
        }
        Ended::Done(Answer::Fault(fault, _)) => Some(of_fault(*fault)),
        Ended::TimedOut => Some(of_fault(Fault::Timeout)),
        Ended::Stopped => None,
    }
}
