//! `--warmup 5s` or `--warmup 100`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::super::values::{self, ValueError};
use crate::schedule::WarmUp;

/// A warm-up as a person says it: a time or a number of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WarmUpFlag {
    Time(Duration),
    Calls(u64),
}

impl FromStr for WarmUpFlag {
    type Err = ValueError;

    /// What has a unit of time is a time; `2m` is two minutes and not two million calls.
    fn from_str(text: &str) -> Result<WarmUpFlag, ValueError> {
        match values::duration(text) {
            Ok(time) => Ok(WarmUpFlag::Time(time)),
            Err(no_time) => values::count(text)
                .map(WarmUpFlag::Calls)
                .map_err(|no_count| {
                    let looks_like_a_count = text.bytes().all(|byte| byte.is_ascii_digit());
                    if looks_like_a_count {
                        no_count
                    } else {
                        no_time
                    }
                }),
        }
    }
}

impl WarmUpFlag {
    pub(super) fn warm_up(self) -> WarmUp {
        match self {
            WarmUpFlag::Time(time) if time.is_zero() => WarmUp::None,
            WarmUpFlag::Calls(0) => WarmUp::None,
            WarmUpFlag::Time(time) => {
                WarmUp::For(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
            }
            WarmUpFlag::Calls(calls) => WarmUp::Calls(calls),
        }
    }
}

impl WarmUpFlag {
    /// How a person would have said it; nothing for none.
    pub(super) fn of(warm_up: WarmUp) -> Option<WarmUpFlag> {
        match warm_up {
            WarmUp::None => None,
            WarmUp::Calls(calls) => Some(WarmUpFlag::Calls(calls)),
            WarmUp::For(ns) => Some(WarmUpFlag::Time(Duration::from_nanos(ns))),
        }
    }
}

/// A comparison leaves out one part in so many of its beginning.
const USUAL_PART: u64 = 20;

/// But so many calls of each operation at least: the first ones touch memory and code that nobody has touched before.
const USUAL_LEAST: u64 = 10;

/// The warm-up of a comparison unless the person says otherwise: of so many calls of each operation, or of this time, whichever
/// was given. Each worker has instances of its own to warm up; but there are no more calls of it than of results.
pub(super) fn usual(calls: Option<u64>, duration: Option<Duration>, workers: u64) -> WarmUp {
    let usual = match (calls, duration) {
        (_, Some(duration)) => WarmUpFlag::Time(duration / USUAL_PART as u32),
        (Some(calls), None) => {
            let part = (calls / USUAL_PART).max(USUAL_LEAST).max(workers);
            WarmUpFlag::Calls(part.min(calls))
        }
        (None, None) => WarmUpFlag::Calls(0),
    };
    usual.warm_up()
}

impl fmt::Display for WarmUpFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WarmUpFlag::Time(time) => write!(f, "{time:?}"),
            WarmUpFlag::Calls(calls) => write!(f, "{calls} calls"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_warm_up_of_a_comparison_is_a_twentieth_and_some_calls_at_least() {
        #[track_caller]
        fn check(calls: Option<u64>, seconds: Option<u64>, workers: u64, expected: WarmUp) {
            let duration = seconds.map(Duration::from_secs);
            assert_eq!(usual(calls, duration, workers), expected);
        }
        check(Some(2_000), None, 1, WarmUp::Calls(100));
        check(Some(100), None, 1, WarmUp::Calls(10));
        check(Some(100), None, 32, WarmUp::Calls(32));
        check(Some(4), None, 8, WarmUp::Calls(4));
        check(Some(0), None, 1, WarmUp::None);
        check(None, Some(40), 1, WarmUp::For(2_000_000_000));
        check(Some(1_000_000), Some(40), 1, WarmUp::For(2_000_000_000));
        check(None, None, 1, WarmUp::None);
    }

    #[test]
    fn a_warm_up_is_a_time_or_a_number_of_calls() {
        #[track_caller]
        fn check(text: &str, expected: Option<WarmUp>) {
            let read = text.parse::<WarmUpFlag>().ok().map(WarmUpFlag::warm_up);
            assert_eq!(read, expected, "{text}");
        }
        check("5s", Some(WarmUp::For(5_000_000_000)));
        check("2m", Some(WarmUp::For(120_000_000_000)));
        check("100", Some(WarmUp::Calls(100)));
        check("1k", Some(WarmUp::Calls(1_000)));
        check("0", Some(WarmUp::None));
        check("0s", Some(WarmUp::None));
        check("5x", None);
        check("", None);
        check("-1", None);
    }
}
