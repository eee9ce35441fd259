//! Values as they are written on gorgon's command line: durations, sizes, counts.
//!
//! Parsing is total: any text gives a value or an [`Error`] that says how to write one.

use std::fmt;
use std::time::Duration;

/// A text that is not a value of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    text: String,
    expected: &'static str,
}

impl Error {
    pub(crate) fn new(text: &str, expected: &'static str) -> Error {
        Error {
            text: text.to_owned(),
            expected,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {}", self.text, self.expected)
    }
}

impl std::error::Error for Error {}

const DURATION: &str =
    "a duration: write a number and a unit, such as `500us`, `50ms`, `2s` or `1m30s`";
const SIZE: &str =
    "a size: write a number and perhaps a unit, such as `512`, `64KiB`, `1MiB` or `10MB`";
const COUNT: &str = "a count: write a number such as `4000`, `4_000`, `4k` or `2M`";

const DURATION_UNITS: &[(&str, u64)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

const SIZE_UNITS: &[(&str, u64)] = &[
    ("", 1),
    ("B", 1),
    ("kB", 1_000),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

const COUNT_UNITS: &[(&str, u64)] = &[
    ("", 1),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
];

/// A duration: one or more numbers, each with a unit (`ns us ms s m h`), largest first: `500us`, `1.5s`, `1m30s`.
///
/// # Errors
///
/// If the text is something else, a number without a unit above all, or more than 584 years.
///
/// ```
/// use std::time::Duration;
/// use gorgon_sdk::value;
///
/// assert_eq!(value::duration("1m30s"), Ok(Duration::from_secs(90)));
/// assert!(value::duration("30").is_err());
/// ```
pub fn duration(text: &str) -> Result<Duration, Error> {
    parse_durations(text.trim())
        .map(Duration::from_nanos)
        .ok_or_else(|| Error::new(text, DURATION))
}

/// A size in bytes: a number and perhaps a unit (`B kB MB GB KiB MiB GiB`).
///
/// # Errors
///
/// If the text is something else.
pub fn size(text: &str) -> Result<u64, Error> {
    parse_whole(text.trim(), SIZE_UNITS).ok_or_else(|| Error::new(text, SIZE))
}

/// A count: a number, perhaps with `_` between its digits, and perhaps `k`, `M` or `G`.
///
/// # Errors
///
/// If the text is something else.
pub fn count(text: &str) -> Result<u64, Error> {
    parse_whole(text.trim(), COUNT_UNITS).ok_or_else(|| Error::new(text, COUNT))
}

/// Everything that is a number and a unit, added up.
fn parse_durations(mut text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut smallest = u64::MAX;
    loop {
        let (number, rest) = split_number(text);
        let end = rest
            .find(|character: char| character.is_ascii_digit())
            .unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let unit = unit(DURATION_UNITS, name).filter(|unit| *unit < smallest)?;
        total = total.checked_add(scale(number, unit)?)?;
        if rest.is_empty() {
            return Some(total);
        }
        (text, smallest) = (rest, unit);
    }
}

fn parse_whole(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, name) = split_number(text);
    scale(number, unit(units, name.trim_start())?)
}

/// The digits at the beginning, and what follows them.
fn split_number(text: &str) -> (&str, &str) {
    let is_part =
        |character: char| character.is_ascii_digit() || character == '.' || character == '_';
    text.split_at(
        text.find(|character| !is_part(character))
            .unwrap_or(text.len()),
    )
}

fn unit(units: &[(&str, u64)], name: &str) -> Option<u64> {
    units
        .iter()
        .find(|(unit, _)| *unit == name)
        .map(|(_, factor)| *factor)
}

/// `number` × `unit` in integers, so that `0.1s` is exactly a tenth. Nothing where the result is not whole.
fn scale(number: &str, unit: u64) -> Option<u64> {
    let number = number.replace('_', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, "0"));
    let scaled = whole.parse::<u64>().ok()?.checked_mul(unit)?;
    let digits = u32::try_from(fraction.len()).ok()?;
    let denominator = 10_u128.checked_pow(digits)?;
    let parts = u128::from(fraction.parse::<u64>().ok()?) * u128::from(unit);
    if parts % denominator != 0 {
        return None;
    }
    scaled.checked_add(u64::try_from(parts / denominator).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_numbers_with_units() {
        #[track_caller]
        fn check(text: &str, nanos: u64) {
            assert_eq!(duration(text), Ok(Duration::from_nanos(nanos)), "{text}");
        }
        check("1ns", 1);
        check("500us", 500_000);
        check("500µs", 500_000);
        check("50ms", 50_000_000);
        check("2s", 2_000_000_000);
        check("0s", 0);
        check("1.5s", 1_500_000_000);
        check("0.1s", 100_000_000);
        check("1m30s", 90_000_000_000);
        check("1h30m", 5_400_000_000_000);
        check(" 1_000ms ", 1_000_000_000);
    }

    #[test]
    fn what_is_not_a_duration_is_refused_with_the_way_to_write_one() {
        for text in [
            "",
            "30",
            "s",
            "1 s",
            "-1s",
            "1x",
            "1s1s",
            "1s1m",
            "1.s",
            ".5s",
            "1e3s",
            "0.0001us",
            "99999999h",
        ] {
            let error = duration(text).expect_err(text).to_string();
            assert!(
                error.starts_with(&format!("`{text}` is not a duration")),
                "{error}"
            );
            assert!(error.contains("`50ms`"), "{error}");
        }
    }

    #[test]
    fn sizes_may_have_a_unit() {
        #[track_caller]
        fn check(text: &str, expected: Option<u64>) {
            assert_eq!(size(text).ok(), expected, "{text}");
        }
        check("0", Some(0));
        check("512", Some(512));
        check("512B", Some(512));
        check("1MiB", Some(1 << 20));
        check("1 MiB", Some(1 << 20));
        check("1.5KiB", Some(1536));
        check("10MB", Some(10_000_000));
        check("1.5B", None);
        check("MiB", None);
        check("1mib", None);
        check("99999999999GiB", None);
    }

    #[test]
    fn counts_may_be_short() {
        #[track_caller]
        fn check(text: &str, expected: Option<u64>) {
            assert_eq!(count(text).ok(), expected, "{text}");
        }
        check("4000", Some(4000));
        check("4_000", Some(4000));
        check("4k", Some(4000));
        check("2.5k", Some(2500));
        check("2M", Some(2_000_000));
        check("18446744073709551615", Some(u64::MAX));
        check("18446744073709551616", None);
        check("-1", None);
        check("four", None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in ".{0,24}") {
            let _ = (duration(&text), size(&text), count(&text));
        }

        #[test]
        fn whole_milliseconds_come_back(millis in 0_u64..1_000_000_000) {
            proptest::prop_assert_eq!(duration(&format!("{millis}ms")), Ok(Duration::from_millis(millis)));
        }
    }
}
