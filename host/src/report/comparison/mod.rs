//! Several runs beside each other: what they are, how their figures differ, and how sure that is.
//!
//! All renderings are made of a [`ComparisonView`], so that no two can disagree.

pub mod json;
pub mod markdown;
mod remarks;
pub mod text;
pub(super) mod words;

#[cfg(test)]
mod tests;

use crate::compare::{Comparison, Judged, Settings};
use crate::report::Series;
use crate::stats::Summary;
use crate::watch::{Reason, State};

/// How the sides of a comparison were made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// Each in a run of its own.
    #[default]
    Runs,
    /// Side by side in one run.
    Interleaved,
}

/// A comparison as its renderings show it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ComparisonView {
    /// How the sides were made.
    pub kind: Kind,
    /// What was asked for.
    pub settings: Settings,
    /// The sides: A, the baseline, then B and so on.
    pub sides: Vec<Side>,
    /// Each of the others against the baseline, in their order.
    pub against: Vec<Against>,
    /// What became of the rules that the comparison is held to.
    pub rules: Vec<RuleOf>,
    /// What to know besides.
    pub notes: Vec<Note>,
    /// What the process exits with, where that is known.
    pub exit_code: Option<u8>,
}

/// One side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Side {
    /// What it is called: the name of a run as it was given, or of an operation.
    pub name: String,
    /// Its result. Of interleaved operations, that of the operation alone.
    pub summary: Summary,
    /// The stretches that its figures are learnt from.
    pub batches: usize,
    /// How its run went, or what is known of the operation in it.
    pub series: Series,
}

/// A side against the baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Against {
    /// The index of the side.
    pub side: usize,
    /// What came of it.
    pub comparison: Comparison,
    /// Whether the figures of both can be believed. Where not, no verdict says anything.
    pub is_believed: bool,
}

/// A rule that a side was held to.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOf {
    /// The index of the side.
    pub side: usize,
    /// What became of the rule.
    pub judged: Judged,
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// True for what may mislead, false for what only explains.
    pub is_warning: bool,
    /// A sentence without full stop.
    pub text: String,
}

impl Note {
    /// What may mislead.
    pub fn warning(text: impl Into<String>) -> Note {
        Note {
            is_warning: true,
            text: text.into(),
        }
    }

    /// What only explains.
    pub fn info(text: impl Into<String>) -> Note {
        Note {
            is_warning: false,
            text: text.into(),
        }
    }
}

impl Side {
    /// Why its figures are not about what was loaded, where they are not.
    pub fn invalid(&self) -> Option<&Reason> {
        let verdict = self.summary.facts.verdict.as_ref()?;
        let reason = verdict
            .reasons
            .iter()
            .find(|reason| reason.state == State::Invalid);
        reason.filter(|_| verdict.state == State::Invalid)
    }
}

impl ComparisonView {
    /// The letter that a side goes by.
    pub fn label(side: usize) -> String {
        match u8::try_from(side) {
            Ok(index @ 0..26) => char::from(b'A' + index).to_string(),
            _ => format!("#{}", side + 1),
        }
    }
}
