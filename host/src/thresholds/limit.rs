//! The values of rules: read exactly, and written so that they read as the same value again.

use std::cmp::Ordering;
use std::fmt;

use super::error::Problem;
use super::measured::{Measured, Quantity};
use crate::cli::values;

/// What a figure can be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A length of time.
    Duration,
    /// A part of a whole.
    Share,
    /// A number of calls or whatever an operation counts.
    Count,
    /// How many in a second.
    Rate,
}

impl Kind {
    /// The kind with an example, for messages.
    pub(super) fn example(self) -> &'static str {
        match self {
            Kind::Duration => "a duration such as `150ms`",
            Kind::Share => "a share such as `1%`",
            Kind::Count => "a count such as `10`",
            Kind::Rate => "a rate such as `390/s`",
        }
    }
}

/// The value of a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    /// Nanoseconds.
    Duration(u64),
    /// 10^-9 percent, at most [`WHOLE`].
    Share(u64),
    Count(u64),
    /// Per second.
    Rate(f64),
}

/// 100 % in the unit of [`Limit::Share`].
const WHOLE: u64 = 100_000_000_000;

/// The same for one percent.
const PERCENT: u64 = 1_000_000_000;

impl Limit {
    /// Reads `text`, which holds no spaces, as a value that fits one of `kinds`.
    pub(super) fn read(text: &str, kinds: &'static [Kind], figure: &str) -> Result<Limit, Problem> {
        let kind = kind(text, kinds);
        if kinds.contains(&kind) {
            return Limit::of_kind(text, kind, kinds);
        }
        let has_unit = text.ends_with(|c: char| c.is_alphabetic());
        match (kinds, kind) {
            // Without a unit a rate is per second, as it is everywhere.
            ([Kind::Rate], Kind::Count) => Limit::of_kind(text, Kind::Rate, kinds),
            ([Kind::Duration], Kind::Count) if !has_unit => {
                Err(Problem::NoUnit(format!("{text}ms")))
            }
            ([Kind::Share], Kind::Count) if !has_unit => Err(Problem::NoUnit(format!("{text}%"))),
            _ => Err(Problem::WrongKind {
                value: text.to_owned(),
                figure: figure.to_owned(),
                kinds,
            }),
        }
    }

    fn of_kind(text: &str, kind: Kind, kinds: &[Kind]) -> Result<Limit, Problem> {
        match kind {
            Kind::Duration => {
                let duration = values::duration(text).map_err(Problem::Value)?;
                // Durations are read from 64 bits of nanoseconds.
                Ok(Limit::Duration(
                    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX),
                ))
            }
            Kind::Share => share(text).map(Limit::Share),
            Kind::Rate => values::rate(text).map(Limit::Rate).map_err(Problem::Value),
            Kind::Count => match values::count(text) {
                Ok(count) => Ok(Limit::Count(count)),
                Err(cause) => Err(part_of_one(text)
                    .filter(|_| kinds.contains(&Kind::Share))
                    .unwrap_or(Problem::Value(cause))),
            },
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Limit::Duration(_) => Kind::Duration,
            Limit::Share(_) => Kind::Share,
            Limit::Count(_) => Kind::Count,
            Limit::Rate(_) => Kind::Rate,
        }
    }

    /// How something measured compares with the value, exactly. `None` for different kinds, which no rule holds.
    pub(super) fn compare(self, measured: Quantity) -> Option<Ordering> {
        match (measured, self) {
            (Quantity::Ns(ns), Limit::Duration(limit)) => Some(ns.cmp(&limit)),
            (Quantity::Share { part, whole }, Limit::Share(limit)) => {
                let part = u128::from(part) * u128::from(WHOLE);
                Some(part.cmp(&(u128::from(limit) * u128::from(whole))))
            }
            (Quantity::Count(count), Limit::Count(limit)) => Some(count.cmp(&limit)),
            (Quantity::PerS(per_s), Limit::Rate(limit)) => per_s.partial_cmp(&limit),
            _ => None,
        }
    }

    /// The value as it would be shown if it had been measured.
    pub(super) fn rounded(self) -> String {
        let quantity = match self {
            Limit::Duration(ns) => Quantity::Ns(ns),
            Limit::Share(part) => Quantity::Share { part, whole: WHOLE },
            Limit::Count(count) => Quantity::Count(count),
            Limit::Rate(per_s) => Quantity::PerS(per_s),
        };
        Measured::exactly(quantity).to_string()
    }
}

/// What `text` looks like. `2m` is minutes where a duration may stand and two million elsewhere.
fn kind(text: &str, kinds: &[Kind]) -> Kind {
    let is_number = |c: char| c.is_ascii_digit() || c == '_' || c == '.';
    match text.trim_start_matches(is_number) {
        unit if unit.ends_with('%') => Kind::Share,
        unit if unit.contains('/') => Kind::Rate,
        "" | "k" | "K" | "M" | "g" | "G" => Kind::Count,
        "m" if !kinds.contains(&Kind::Duration) => Kind::Count,
        // What begins with no digit is no better as a duration, and its own reader says what is wrong with it.
        unit if unit.len() == text.len() => kinds.first().copied().unwrap_or(Kind::Count),
        _ => Kind::Duration,
    }
}

fn share(text: &str) -> Result<u64, Problem> {
    let wrong = || Problem::Share(text.to_owned());
    let number = text.strip_suffix('%').ok_or_else(wrong)?;
    // The letter stands for 10^9, so that the count is in the unit of `Limit::Share`, exactly.
    let share = values::count(&format!("{number}G")).map_err(|_| wrong())?;
    if share <= WHOLE {
        Ok(share)
    } else {
        Err(wrong())
    }
}

/// A count between 0 and 1 was probably meant as a part of the whole.
fn part_of_one(text: &str) -> Option<Problem> {
    let part = values::count(&format!("{text}G")).ok()?;
    (part < PERCENT).then(|| Problem::Fraction(format!("{}%", decimal(part * 100, PERCENT))))
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gap = if f.alternate() { " " } else { "" };
        match *self {
            Limit::Duration(ns) => f.write_str(&duration(ns, gap)),
            Limit::Share(share) => write!(f, "{}{gap}%", decimal(share, PERCENT)),
            Limit::Count(count) => write!(f, "{count}"),
            Limit::Rate(per_s) => write!(f, "{per_s}/s"),
        }
    }
}

/// A duration in full, with ASCII units and `gap` before a single one: `150 ms`, `1.5 s`, `1h30m`, `1m0.5s`.
pub(super) fn duration(ns: u64, gap: &str) -> String {
    const SECOND: u64 = 1_000_000_000;
    match ns {
        0 => format!("0{gap}s"),
        1..1_000 => format!("{ns}{gap}ns"),
        1_000..1_000_000 => format!("{}{gap}us", decimal(ns, 1_000)),
        1_000_000..SECOND => format!("{}{gap}ms", decimal(ns, 1_000_000)),
        SECOND..60_000_000_000 => format!("{}{gap}s", decimal(ns, SECOND)),
        _ => {
            let (minutes, rest) = (ns / (60 * SECOND), ns % (60 * SECOND));
            let parts = [(minutes / 60, "h"), (minutes % 60, "m")];
            let parts = parts.iter().filter(|(number, _)| *number > 0);
            let mut text: String = parts
                .map(|(number, unit)| format!("{number}{unit}"))
                .collect();
            if rest > 0 {
                text = format!("{text}{}s", decimal(rest, SECOND));
            }
            text
        }
    }
}

/// `number / unit` in full, for a unit that is a power of ten.
fn decimal(number: u64, unit: u64) -> String {
    let (whole, rest) = (number / unit, number % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let places = unit.ilog10() as usize;
    let digits = format!("{rest:0places$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}
