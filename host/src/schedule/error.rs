//! What is said about a curve that cannot be read, and about a schedule that cannot be made.

use std::fmt;

use super::parse::MOST_BYTES;
use crate::cli::values::ValueError;
use crate::report::caret;

/// A curve that cannot be read. Its `Display` has three lines: what is wrong, the text (or what surrounds the place, if
/// it is long), and a caret below the place with what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurveError {
    text: String,
    at: usize,
    problem: Problem,
}

/// What is wrong with a curve. Its `Display` says so on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing in it.
    Empty,
    /// It is longer than 1 KiB, as it stands or written in full.
    TooLong,
    /// There is nothing before, between or after commas.
    NoStage {
        /// It is the last comma that nothing follows.
        is_last: bool,
    },
    /// A stage goes on after its length.
    NoComma,
    /// A rate or a length that cannot be read.
    Value(ValueError),
    /// A rate for ever that is 0.
    Zero,
    /// A rate of more than one call per nanosecond.
    TooFast,
    /// A rate of less than one call in 10^9 hours.
    TooSlow,
    /// One rate of a ramp has a unit and the other has none; what it probably should have been, per second and in the
    /// other's unit.
    TwoMeanings(String, String),
    /// A stage without a length, and it is not the only one or is a ramp.
    NoLength,
    /// A stage of 0 ns.
    NoTime,
    /// All stages together are longer than 2^64 - 1 ns.
    TooMuchTime,
    /// The rate is 0 in every stage.
    NoCalls,
    /// More than 2^53 calls.
    TooManyCalls,
}

impl CurveError {
    pub(super) fn new(text: &str, at: usize, problem: Problem) -> CurveError {
        CurveError {
            text: text.to_owned(),
            at,
            problem,
        }
    }

    /// Where it is, in bytes from the beginning of the text; at most its length.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl Problem {
    /// What was expected; `None` where the description says so.
    fn expected(&self) -> Option<String> {
        Some(match self {
            Problem::Empty => {
                "expected a rate such as `400/s`, or stages such as `0..500/30s, 500/2m`".to_owned()
            }
            Problem::TooLong => format!("a curve has at most {MOST_BYTES} bytes, written in full"),
            Problem::NoStage { is_last: false } => "expected a stage such as `500/2m`".to_owned(),
            Problem::NoStage { is_last: true } => {
                "expected another stage such as `500/2m`, or no comma before".to_owned()
            }
            Problem::NoComma => "expected a comma and the next stage".to_owned(),
            Problem::Value(_) => return None,
            Problem::Zero => {
                "expected a rate above 0, or a length as in `0/10s, 400/1m`".to_owned()
            }
            Problem::TooFast => "expected at most `1G/s`".to_owned(),
            Problem::TooSlow => "expected 0, or at least `0.000000001/h`".to_owned(),
            Problem::TwoMeanings(second, unit) => format!("write `{second}` or `{unit}`"),
            Problem::NoLength => {
                "expected a length, as in `400/30s` or `0..24k/min/30s`".to_owned()
            }
            Problem::NoTime => "expected a length above 0".to_owned(),
            Problem::TooMuchTime => "expected at most 584 years in all stages together".to_owned(),
            Problem::NoCalls => "expected a rate above 0 in one of the stages".to_owned(),
            Problem::TooManyCalls => {
                "expected lower rates or shorter stages: at most 2^53 calls in all".to_owned()
            }
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Problem::Empty => "the rate is empty",
            Problem::TooLong => "the rate is too long",
            Problem::NoStage { is_last: false } => "there is no stage here",
            Problem::NoStage { is_last: true } => "nothing follows the last comma",
            Problem::NoComma => "a length ends its stage, and more follows",
            Problem::Value(cause) => return cause.fmt(f),
            Problem::Zero => "at a rate of 0 no call is ever due",
            Problem::TooFast => "the rate is more than one call per nanosecond",
            Problem::TooSlow => "the rate is less than one call in a hundred thousand years",
            Problem::TwoMeanings(..) => "one rate of this ramp has a unit and the other has none",
            Problem::NoLength => "this stage has no length",
            Problem::NoTime => "this stage takes no time",
            Problem::TooMuchTime => "the stages are longer than a run can be",
            Problem::NoCalls => "all stages are at a rate of 0, so no call is ever due",
            Problem::TooManyCalls => "there are more calls than can be counted exactly",
        })
    }
}

impl fmt::Display for CurveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        caret::write(
            f,
            &self.problem,
            &self.text,
            self.at,
            self.problem.expected(),
        )
    }
}

impl std::error::Error for CurveError {}

/// Options that no schedule fits. Its `Display` is one line: what is wrong, why, and what to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScheduleError {
    /// The jitter is not a share of the interval between calls: it is below 0, above 1 or not a number.
    JitterShare(f64),
    /// Jitter with Poisson arrivals.
    JitterWithPoisson,
    /// A warm-up before a curve that begins at rate 0.
    WarmUpAtZero,
    /// A warm-up of more than 2^53 calls or 584 years.
    WarmUpTooLong,
    /// A warm-up of more than 100 million calls before Poisson arrivals.
    PoissonWarmUpTooLong,
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScheduleError::JitterShare(share) => write!(
                f,
                "a jitter of {share} is not a share of the time between two calls; give 0 to 1"
            ),
            ScheduleError::JitterWithPoisson => f.write_str(
                "Poisson arrivals are random already and take no jitter; leave one of the two out",
            ),
            ScheduleError::WarmUpAtZero => f.write_str(
                "the warm-up runs at the rate that the curve begins with, which is 0; leave the warm-up out, since the \
                 curve rises by itself, or begin the curve with a rate above 0",
            ),
            ScheduleError::WarmUpTooLong => f.write_str(
                "the warm-up is longer than 2^53 calls or 584 years; give a shorter one",
            ),
            ScheduleError::PoissonWarmUpTooLong => f.write_str(
                "the warm-up is longer than 100 million calls, and with Poisson arrivals each of them has to be drawn \
                 beforehand; give a shorter one, or leave out the Poisson arrivals",
            ),
        }
    }
}

impl std::error::Error for ScheduleError {}
