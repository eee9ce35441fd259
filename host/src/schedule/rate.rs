//! A rate held exactly, and the units in which calls are counted between two of them.
//!
//! Rates are whole numbers of *nano-calls per hour*: every rate with at most nine digits after the point is one,
//! whether it is per second, per minute or per hour, and a third of a call per second (`20/min`) is one too. Where in a
//! run a call is due is then a matter of integers, without drift however long the run.

use std::fmt;

use super::error::Problem;
use crate::cli::values;

/// One call, in *grains*. A rate of one nano-call per hour is two grains per nanosecond: two, so that half the sum of
/// two rates, the mean of a ramp, is whole as well.
pub(super) const CALL: u128 = 2 * NANO * NANO * SECONDS_PER_HOUR;

/// The most calls of a schedule. At this many, 2^53, the grains fit 127 bits.
pub(super) const MOST_CALLS: u64 = 1 << 53;

const NANO: u128 = 1_000_000_000;
const SECONDS_PER_HOUR: u128 = 3_600;

/// How often calls are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rate {
    /// In 10^-9 calls per hour, at most [`Rate::MOST`].
    nano_calls_per_hour: u128,
}

impl Rate {
    /// No calls.
    pub(super) const ZERO: Rate = Rate {
        nano_calls_per_hour: 0,
    };

    /// One call per nanosecond, 10^9 a second. Two calls could not be told apart by when they are due above it.
    const MOST: Rate = Rate {
        nano_calls_per_hour: NANO * NANO * SECONDS_PER_HOUR,
    };

    /// Reads what [`values::rate`] reads, and a rate of 0, which it refuses.
    pub(super) fn read(text: &str) -> Result<Rate, Problem> {
        let per_second = match values::rate(text) {
            Ok(per_second) => per_second,
            Err(_) if is_zero(text) => return Ok(Rate::ZERO),
            Err(cause) => return Err(Problem::Value(cause)),
        };
        if per_second > Rate::MOST.per_second() {
            return Err(Problem::TooFast);
        }
        match Rate::exactly(text) {
            Rate::ZERO => Err(Problem::TooSlow),
            rate if rate > Rate::MOST => Err(Problem::TooFast),
            rate => Ok(rate),
        }
    }

    /// The rate that is written here, rounded to the nearest nano-call per hour. `text` is one that [`values::rate`]
    /// reads, as at most 10^9 per second, so nothing overflows.
    fn exactly(text: &str) -> Rate {
        /// Digits after the point that are looked at.
        const MOST_PLACES: u32 = 15;
        let (number, unit) = text.split_once('/').unwrap_or((text, "s"));
        let periods_per_hour = match unit.as_bytes().first() {
            Some(b'h') => 1,
            Some(b'm') => 60,
            _ => SECONDS_PER_HOUR,
        };
        let (mut digits, mut factor) = (0_u128, 1_u128);
        let (mut places, mut is_after_point) = (0, false);
        for c in number.bytes() {
            match c {
                b'0'..=b'9' if places < MOST_PLACES => {
                    digits = digits * 10 + u128::from(c - b'0');
                    places += u32::from(is_after_point);
                }
                b'.' => is_after_point = true,
                b'k' | b'K' => factor = 1_000,
                b'm' | b'M' => factor = 1_000_000,
                b'g' | b'G' => factor = NANO,
                _ => {}
            }
        }
        let divisor = 10_u128.pow(places);
        let scaled = digits * factor * periods_per_hour * NANO;
        Rate {
            nano_calls_per_hour: (scaled + divisor / 2) / divisor,
        }
    }

    /// The nearest number of calls per second.
    pub(super) fn per_second(self) -> f64 {
        self.nano_calls_per_hour as f64 / (NANO * SECONDS_PER_HOUR) as f64
    }

    /// In grains, which fits 73 bits and is even.
    pub(super) fn grains_per_ns(self) -> u128 {
        self.nano_calls_per_hour * 2
    }

    /// Whether it is a number of calls per second with at most nine digits after the point.
    pub(super) fn is_per_second(self) -> bool {
        self.nano_calls_per_hour.is_multiple_of(SECONDS_PER_HOUR)
    }
}

/// Whether `text` is a rate of 0: the same with other digits would be a rate.
fn is_zero(text: &str) -> bool {
    !text.contains(|c| matches!(c, '1'..='9')) && values::rate(&text.replace('0', "1")).is_ok()
}

/// The rate in full, per second, minute or hour, whichever is the first that needs at most nine digits after the point.
/// With `{:#}` the unit is left out where it is the second. Either reads as the same rate.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (per_hour, unit) = match self.nano_calls_per_hour {
            n if n.is_multiple_of(SECONDS_PER_HOUR) => (SECONDS_PER_HOUR, "/s"),
            n if n.is_multiple_of(60) => (60, "/min"),
            _ => (1, "/h"),
        };
        let nano = self.nano_calls_per_hour / per_hour;
        write!(f, "{}", nano / NANO)?;
        if !nano.is_multiple_of(NANO) {
            let fraction = format!("{:09}", nano % NANO);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        if f.alternate() && self.is_per_second() {
            return Ok(());
        }
        f.write_str(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rates_are_read_exactly_and_written_in_full() {
        #[track_caller]
        fn check(text: &str, nano_calls_per_hour: u128, written: &str) {
            let rate = Rate::read(text).unwrap();
            assert_eq!(rate.nano_calls_per_hour, nano_calls_per_hour, "{text}");
            assert_eq!(rate.to_string(), written, "{text}");
            assert_eq!(Rate::read(written), Ok(rate), "{text}");
        }
        check("0", 0, "0/s");
        check("0.00/min", 0, "0/s");
        check("400", 400 * 3_600 * NANO, "400/s");
        check("24k/min", 400 * 3_600 * NANO, "400/s");
        check("0.5/s", 1_800 * NANO, "0.5/s");
        check("20/min", 1_200 * NANO, "20/min");
        check("20.5/minute", 1_230 * NANO, "20.5/min");
        check("1/h", NANO, "1/h");
        check("90/hour", 90 * NANO, "0.025/s");
        check("1.5/h", 3 * NANO / 2, "0.025/min");
        check("1_000_000.1/s", 3_600_000_360_000_000_000, "1000000.1/s");
        check("0.000000001/h", 1, "0.000000001/h");
        check("0.0000000005/h", 1, "0.000000001/h");
        check("0.123456789/s", 3_600 * 123_456_789, "0.123456789/s");
        check("1G", Rate::MOST.nano_calls_per_hour, "1000000000/s");
        check("3600G/h", Rate::MOST.nano_calls_per_hour, "1000000000/s");
        check(
            "3.14159265358979323846",
            11_309_733_552_923,
            "11309.733552923/h",
        );
    }

    #[test]
    fn what_no_schedule_can_hold_is_refused() {
        assert_eq!(Rate::read("1000000001"), Err(Problem::TooFast));
        assert_eq!(Rate::read("1000000000.000000001"), Err(Problem::TooFast));
        assert_eq!(Rate::read("9999999999999G/s"), Err(Problem::TooFast));
        assert_eq!(Rate::read("0.0000000004/h"), Err(Problem::TooSlow));
        for text in ["", "0x", "0/fortnight", "-0", "0..1", "00_"] {
            assert!(matches!(Rate::read(text), Err(Problem::Value(_))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_rate_reads_back(nano_calls_per_hour in 1..=Rate::MOST.nano_calls_per_hour) {
            let rate = Rate { nano_calls_per_hour };
            prop_assert_eq!(Rate::read(&rate.to_string()), Ok(rate));
            prop_assert_eq!(Rate::read(&format!("{rate:#}")), Ok(rate));
        }
    }
}
