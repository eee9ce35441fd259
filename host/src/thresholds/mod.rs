//! The rules of `--fail-if` and `--abort-if`: which figure of a run fails it.
//!
//! A rule is read once, before the run, and judged by its summary afterwards: values in, values out. It is a figure, a
//! comparison and a value, and *fails* the run where the comparison is true: `p99 > 150ms`, `fail > 1%`,
//! `tag(503) > 10`, `rate < 390/s`. Comparisons are exact (shares by their counts, durations in nanoseconds, percentiles
//! to the three digits of the histograms), and use the figures that the reports show. What cannot be told is neither
//! kept nor broken: it has [no data](ThresholdResult::NoData), and counts as failed unless somebody allows it.
//!
//! | figure | of what | value |
//! |---|---|---|
//! | `p99`, `p99.9`, `min`, `mean`, `max` | durations: service in closed load, response in open load | duration |
//! | `service.p99`, `response.max`, `lag.p99` | the same of one kind; in closed load response is service, and there is no lag | duration |
//! | `p99(200)`, `lag.max(200)` | the calls with one tag, whatever their outcome | duration |
//! | `ok`, `fail`, `fault` | calls by outcome | count or share |
//! | `tag(503)` | calls with one tag, whatever their outcome | count or share |
//! | `rate`, `rate(200)`, `ok_rate` | calls that ended, in the window | rate |
//! | `counter(items)` | a counter of the operation's | count, or rate over the run |
//! | `check(has a body)` | how often a check passed | share |
//!
//! With `over 10s` after the figure, `p99 over 10s > 150ms`, it is about any ten seconds of the run: the rule is broken if
//! the figure of one such window breaks it. Windows move on by a second ([`windows`]).
//!
//! A share is of the calls that ended, that of a check of the times it was made. A tag that never came back was seen 0
//! times; a counter or check that does not exist has no data. Names are written as the reports show them, and may hold
//! anything but a `)` with a comparison after it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use self::figure::{Clock, Figure};
use self::limit::Limit;
use crate::stats::Summary;

pub use self::error::{ParseError, Problem};
pub use self::limit::Kind;
pub use self::measured::{Measured, Quantity};
pub use self::verdict::{ThresholdResult, Verdict};

mod error;
mod figure;
mod limit;
mod measure;
mod measured;
mod parse;
mod verdict;
pub mod windows;

/// A rule that a run is held to. Its `Display` is its canonical text, `p99 > 150ms`; with `{:#}` the unit is set off by a
/// space, `p99 > 150 ms`, as in a report. Both read as the same rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    figure: Figure,
    window_ns: Option<u64>,
    comparison: Comparison,
    limit: Limit,
}

/// When a figure breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    More,
    AtLeast,
    Less,
    AtMost,
}

impl Comparison {
    fn sign(self) -> &'static str {
        match self {
            Comparison::More => ">",
            Comparison::AtLeast => ">=",
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
        }
    }
}

impl Threshold {
    /// The length of the windows that the rule is about, in nanoseconds; nothing for one about the whole run.
    pub fn window_ns(&self) -> Option<u64> {
        self.window_ns
    }

    /// The duration that the rule holds what all callers felt to, in nanoseconds; `None` for a rule about anything else.
    pub fn felt_limit_ns(&self) -> Option<u64> {
        match (&self.figure, self.limit) {
            (
                Figure::Latency {
                    clock: None | Some(Clock::Response),
                    tag: None,
                    ..
                },
                Limit::Duration(ns),
            ) => Some(ns),
            _ => None,
        }
    }

    /// What the rule says of a run, or of the part of one that the summary is of.
    pub fn evaluate(&self, summary: &Summary) -> Verdict {
        match measure::measure(&self.figure, self.limit.kind(), summary) {
            Ok(measured) => verdict::of(self.comparison, measured, self.limit),
            Err(reason) => Verdict::no_data(reason),
        }
    }
}

impl FromStr for Threshold {
    type Err = ParseError;

    fn from_str(rule: &str) -> Result<Threshold, ParseError> {
        parse::parse(rule)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.figure)?;
        if let Some(window_ns) = self.window_ns {
            write!(f, "over {} ", limit::duration(window_ns, ""))?;
        }
        write!(f, "{} ", self.comparison.sign())?;
        // Handed on with the formatter, and so with its `#`.
        self.limit.fmt(f)
    }
}

/// A rule and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluated {
    /// The rule, saved as its text.
    #[serde(with = "as_text")]
    pub threshold: Threshold,
    /// What came of it.
    pub verdict: Verdict,
}

mod as_text {
    //! A rule as the text that it is read from.

    use serde::{Deserialize, Deserializer, Serializer};

    use super::Threshold;

    pub(super) fn serialize<S: Serializer>(of: &Threshold, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(of)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Threshold, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Evaluated {
    /// What was measured, as a person reads it beside the rule: rounded like every other figure, unless that would make
    /// it look like the value of the rule. `None` where nothing was.
    pub fn shown(&self) -> Option<String> {
        let measured = self.verdict.measured?;
        let limit = self.threshold.limit;
        let is_told_apart = measured.is_equal_to(limit) || measured.to_string() != limit.rounded();
        Some(if is_told_apart {
            measured.to_string()
        } else {
            measured.in_full()
        })
    }
}

/// What every rule says of a finished run, in the order of the rules. What those about windows came to was found out
/// while it went on, and is in `windows` in the same order.
pub fn evaluate_all(
    rules: &[Threshold],
    summary: &Summary,
    windows: impl IntoIterator<Item = Evaluated>,
) -> Vec<Evaluated> {
    let mut windows = windows.into_iter();
    let evaluated = rules.iter().map(|threshold| {
        let of_windows = threshold.window_ns.and_then(|_| windows.next());
        of_windows.unwrap_or_else(|| Evaluated {
            threshold: threshold.clone(),
            verdict: match threshold.window_ns {
                Some(_) => Verdict::no_data("nobody watched the windows of the run"),
                None => threshold.evaluate(summary),
            },
        })
    });
    evaluated.collect()
}

/// The same rules where what was measured cannot be trusted: none of them has data.
pub fn without_trust(evaluated: Vec<Evaluated>, why: &str) -> Vec<Evaluated> {
    let unknown = |one: Evaluated| Evaluated {
        verdict: Verdict::no_data(why),
        ..one
    };
    evaluated.into_iter().map(unknown).collect()
}

/// Whether a run fails by its rules: one was broken or, unless `allow_no_data`, one cannot be told.
pub fn any_failed(evaluated: &[Evaluated], allow_no_data: bool) -> bool {
    evaluated.iter().any(|one| match one.verdict.result {
        ThresholdResult::Pass => false,
        ThresholdResult::Fail => true,
        ThresholdResult::NoData => !allow_no_data,
    })
}

#[cfg(test)]
mod tests;
