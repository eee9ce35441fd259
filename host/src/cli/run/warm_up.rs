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
