//! What came of a rule.

use serde::{Deserialize, Serialize};

use super::Comparison;
use super::limit::Limit;
use super::measured::Measured;

/// What came of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdResult {
    /// It was kept.
    Pass,
    /// It was broken.
    Fail,
    /// There is not enough to tell.
    NoData,
}

/// What came of a rule, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What came of it.
    pub result: ThresholdResult,
    /// What was measured; `None` where nothing was.
    pub measured: Option<Measured>,
    /// Why there is no data, without full stop; `None` for the other results.
    pub reason: Option<String>,
}

impl Verdict {
    /// There is not enough to tell, for a reason.
    pub fn no_data(reason: impl Into<String>) -> Verdict {
        Verdict {
            result: ThresholdResult::NoData,
            measured: None,
            reason: Some(reason.into()),
        }
    }
}

/// The verdict on something that was measured. A lower bound decides where everything above it says the same.
pub(super) fn of(comparison: Comparison, measured: Measured, limit: Limit) -> Verdict {
    let Some(order) = limit.compare(measured.quantity) else {
        return Verdict::no_data("what was measured cannot be compared with the rule");
    };
    let (is_upward, is_broken) = match comparison {
        Comparison::More => (true, order.is_gt()),
        Comparison::AtLeast => (true, order.is_ge()),
        Comparison::Less => (false, order.is_lt()),
        Comparison::AtMost => (false, order.is_le()),
    };
    let is_decided = !measured.is_lower_bound || is_upward == is_broken;
    let result = match (is_decided, is_broken) {
        (false, _) => ThresholdResult::NoData,
        (true, true) => ThresholdResult::Fail,
        (true, false) => ThresholdResult::Pass,
    };
    let reason =
        (!is_decided).then(|| format!("{measured} and no more is known, since calls never ended"));
    Verdict {
        result,
        measured: Some(measured),
        reason,
    }
}
