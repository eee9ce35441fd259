//! The values of command-line options: counts, durations, sizes, rates and `name=value` pairs.
//!
//! Each function reads one kind of value and fits the value parser of the command line. Reading is exact (nothing is
//! rounded to an integer), ASCII only, and a value that could mean two things is refused rather than guessed at. Every
//! error lists the accepted forms.

use std::time::Duration;

use self::decimal::Decimal;
pub use self::error::ValueError;
use self::error::{Kind, Reason};

mod decimal;
mod error;

const COUNTS: Kind = Kind {
    forms: "`4000`, `4_000`, `4k`, `1.5k`, `2M`, `1G`",
    most: "18446744073709551615, which is 2^64 - 1",
};
const DURATIONS: Kind = Kind {
    forms: "`500ms`, `30s`, `1.5s`, `2m`, `1h30m`; units `ns`, `us`, `ms`, `s`, `m`, `h`, `d`",
    most: "584 years, which is 2^64 - 1 ns",
};
const SIZES: Kind = Kind {
    forms: "`65536`, `64kB`, `64KiB`, `64MB`, `64MiB`, `1GiB`",
    most: "18446744073709551615 bytes, which is 2^64 - 1",
};
const RATES: Kind = Kind {
    forms: "`400/s`, `24k/min`, `0.5/s`, `90/h`, or `400`, which is per second",
    most: "a number of 38 digits",
};
const SHARES: Kind = Kind {
    forms: "`0%`, `12.5%`, `100%`",
    most: "100%",
};
const PAIRS: Kind = Kind {
    forms: "`name=value`",
    most: "what the system allows",
};

/// A whole number: `4000`, `4_000`, `4k`, `1.5k`, `2M`, `1G`. The letters mean thousands, millions and thousand
/// millions in either case. Zero is a count.
pub fn count(text: &str) -> Result<u64, ValueError> {
    let fail = |reason| COUNTS.refuses(reason);
    let (number, suffix) = Decimal::leading(text).map_err(fail)?;
    let factor = magnitude(suffix).ok_or_else(|| fail(Reason::unknown_unit(suffix)))?;
    number.times(factor).map_err(fail)
}

/// A count that is at least 1.
pub fn positive(text: &str) -> Result<u64, ValueError> {
    match count(text)? {
        0 => Err(COUNTS.refuses(Reason::Zero)),
        count => Ok(count),
    }
}

/// A length of time: numbers with units from large to small, as in `500ms`, `1.5s`, `1h30m`. Any number may stand
/// before a unit (`1h61m` is 2 h 1 min). `0s` is a duration: options that cannot use it say so themselves. A number
/// without a unit is an error, because seconds and milliseconds are both common elsewhere. The longest is 2^64 - 1 ns,
/// about 584 years.
pub fn duration(text: &str) -> Result<Duration, ValueError> {
    nanoseconds(text)
        .map(Duration::from_nanos)
        .map_err(|reason| DURATIONS.refuses(reason))
}

fn nanoseconds(text: &str) -> Result<u64, Reason> {
    let mut rest = text;
    let mut total = 0_u64;
    let mut previous = u64::MAX;
    loop {
        let (number, after) = Decimal::leading(rest)?;
        let end = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        if unit.is_empty() {
            // `1h30` is as likely seconds as minutes, so only a value without any unit gets a suggestion of its own.
            return Err(Reason::NoUnit(format!("{rest}s")));
        }
        let factor = time_unit(unit).ok_or_else(|| Reason::unknown_unit(after))?;
        if factor >= previous {
            return Err(Reason::Order(unit.to_owned()));
        }
        previous = factor;
        total = total
            .checked_add(number.times(factor)?)
            .ok_or(Reason::TooLarge)?;
        if next.is_empty() {
            return Ok(total);
        }
        rest = next;
    }
}

/// The nanoseconds of a unit of time.
fn time_unit(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        // The second is the micro sign, the third the Greek letter that keyboards give for it.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" | "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        _ => return None,
    })
}

/// A number of bytes: `65536`, `64kB` and `64MB` (powers of 1000), `64KiB`, `64MiB` and `1GiB` (powers of 1024), in
/// any case. `64M` is refused: programs disagree about what it means.
pub fn size(text: &str) -> Result<u64, ValueError> {
    let fail = |reason| SIZES.refuses(reason);
    let (number, unit) = Decimal::leading(text).map_err(fail)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        "k" => {
            return Err(fail(Reason::TwoMeanings(
                unit.to_owned(),
                "`KiB` (1024 bytes) or `kB` (1000)",
            )));
        }
        "m" => {
            return Err(fail(Reason::TwoMeanings(
                unit.to_owned(),
                "`MiB` (1024 KiB) or `MB` (1000 kB)",
            )));
        }
        "g" => {
            return Err(fail(Reason::TwoMeanings(
                unit.to_owned(),
                "`GiB` (1024 MiB) or `GB` (1000 MB)",
            )));
        }
        _ => return Err(fail(Reason::unknown_unit(unit))),
    };
    number.times(factor).map_err(fail)
}

/// How often per second: `400/s`, `24k/min`, `90/h`; a number alone is per second. Always finite and above 0.
pub fn rate(text: &str) -> Result<f64, ValueError> {
    let fail = |reason| RATES.refuses(reason);
    let (number, rest) = Decimal::leading(text).map_err(fail)?;
    let (suffix, seconds) = match rest.split_once('/') {
        None => (rest, 1.0),
        Some((_, "")) => return Err(fail(Reason::NoUnit(format!("{text}s")))),
        Some((suffix, unit)) => (
            suffix,
            period(unit).ok_or_else(|| fail(Reason::unknown_unit(unit)))?,
        ),
    };
    let factor = magnitude(suffix).ok_or_else(|| fail(Reason::unknown_unit(suffix)))?;
    let per_second = number.to_f64(factor) / seconds;
    if per_second > 0.0 {
        Ok(per_second)
    } else {
        Err(fail(Reason::Zero))
    }
}

/// A part of a whole, 0 to 1: `20%`, `12.5%`. A number without the sign is refused, since both `0.2` and `20` are common.
pub fn share(text: &str) -> Result<f64, ValueError> {
    let fail = |reason| SHARES.refuses(reason);
    let (number, unit) = Decimal::leading(text).map_err(fail)?;
    match unit {
        "%" => {}
        "" => return Err(fail(Reason::NoUnit(format!("{text}%")))),
        unit => return Err(fail(Reason::unknown_unit(unit))),
    }
    let share = number.to_f64(1) / 100.0;
    if share <= 1.0 {
        Ok(share)
    } else {
        Err(fail(Reason::TooLarge))
    }
}

/// The seconds of the unit after the `/` of a rate.
fn period(unit: &str) -> Option<f64> {
    Some(match unit {
        "s" | "sec" | "second" => 1.0,
        "m" | "min" | "minute" => 60.0,
        "h" | "hour" => 3_600.0,
        _ => return None,
    })
}

/// What the letter after a count multiplies it by.
fn magnitude(suffix: &str) -> Option<u64> {
    Some(match suffix {
        "" => 1,
        "k" | "K" => 1_000,
        "m" | "M" => 1_000_000,
        "g" | "G" => 1_000_000_000,
        _ => return None,
    })
}

/// A name and a value, divided at the first `=`. The value may be empty and may hold further `=`; the name may not be
/// empty.
pub fn pair(text: &str) -> Result<(String, String), ValueError> {
    let fail = |reason| PAIRS.refuses(reason);
    match text.split_once('=') {
        None if text.is_empty() => Err(fail(Reason::Empty)),
        None => Err(fail(Reason::NoEquals)),
        Some(("", _)) => Err(fail(Reason::NoKey)),
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
    }
}

#[cfg(test)]
mod tests;
