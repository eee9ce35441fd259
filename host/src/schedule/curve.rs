//! The curve of `--rate`: how often calls are due, over the run.

use std::fmt;
use std::str::FromStr;

use super::error::CurveError;
use super::parse;
use super::rate::Rate;
use super::stage::Stage;

/// How often calls are due: a rate for ever, or stages one after another.
///
/// Read from `400/s`, `24k/min` or `0..500/30s, 500/2m, 500..0/10s`. What follows the last `/` of a stage is its length
/// if there is a digit in it, and belongs to the rate if not: `500/2m` is 500 a second for two minutes, `500/m` is 500
/// a minute, and `24k/min/2m` is 24,000 a minute for two minutes. `Display` gives the canonical text, which reads as
/// the same curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// Not empty, at least one with a rate above 0, and together at most 2^53 calls and 2^64 - 1 ns. One endless stage
    /// for a plain rate.
    stages: Vec<Stage>,
    is_plain: bool,
}

impl Curve {
    /// A rate for ever.
    pub(super) fn plain(rate: Rate) -> Curve {
        Curve {
            stages: vec![Stage::endless(rate)],
            is_plain: true,
        }
    }

    /// Stages that fulfil what is said at the field.
    pub(super) fn staged(stages: Vec<Stage>) -> Curve {
        Curve {
            stages,
            is_plain: false,
        }
    }

    pub(super) fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The rate it begins with.
    pub(super) fn first(&self) -> Rate {
        self.stages.first().map_or(Rate::ZERO, Stage::from)
    }

    /// How long the stages take together, in nanoseconds; `None` for a plain rate, which has no end.
    pub fn duration_ns(&self) -> Option<u64> {
        (!self.is_plain).then(|| self.stages.iter().map(Stage::length_ns).sum())
    }

    /// Where the rate changes: times in nanoseconds and calls per second, in the order of time, to be joined by straight
    /// lines. A plain rate ends with the nanoseconds of 64 bits.
    pub fn corners(&self) -> Vec<(u64, f64)> {
        let mut corners = Vec::with_capacity(2 * self.stages.len());
        let mut from_ns: u64 = 0;
        for stage in &self.stages {
            corners.push((from_ns, stage.from().per_second()));
            from_ns = from_ns.saturating_add(stage.length_ns());
            corners.push((from_ns, stage.to().per_second()));
        }
        corners
    }

    /// The highest rate that is reached, in calls per second. Above 0.
    pub fn peak_per_s(&self) -> f64 {
        let rates = self.stages.iter().map(|stage| stage.from().max(stage.to()));
        rates.max().unwrap_or(Rate::ZERO).per_second()
    }

    /// The rate it begins with, in calls per second. It may be 0.
    pub fn first_per_s(&self) -> f64 {
        self.first().per_second()
    }
}

impl FromStr for Curve {
    type Err = CurveError;

    fn from_str(text: &str) -> Result<Curve, CurveError> {
        parse::parse(text)
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_plain {
            return self.first().fmt(f);
        }
        for (position, stage) in self.stages.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            write_stage(f, stage)?;
        }
        Ok(())
    }
}

fn write_stage(f: &mut fmt::Formatter<'_>, stage: &Stage) -> fmt::Result {
    let (from, to) = (stage.from(), stage.to());
    let is_per_second = from.is_per_second() && to.is_per_second();
    let write_rate = |f: &mut fmt::Formatter<'_>, rate: Rate| {
        if is_per_second || rate == Rate::ZERO {
            write!(f, "{rate:#}")
        } else {
            write!(f, "{rate}")
        }
    };
    write_rate(f, from)?;
    if from != to {
        f.write_str("..")?;
        write_rate(f, to)?;
    }
    f.write_str("/")?;
    write_length(f, stage.length_ns())
}

/// A duration in whole numbers of its units, from large to small: `1m30s`, `1s500ms`.
fn write_length(f: &mut fmt::Formatter<'_>, ns: u64) -> fmt::Result {
    const UNITS: [(u64, &str); 7] = [
        (86_400_000_000_000, "d"),
        (3_600_000_000_000, "h"),
        (60_000_000_000, "m"),
        (1_000_000_000, "s"),
        (1_000_000, "ms"),
        (1_000, "us"),
        (1, "ns"),
    ];
    let mut rest = ns;
    for (unit, name) in UNITS {
        if rest >= unit {
            write!(f, "{}{name}", rest / unit)?;
            rest %= unit;
        }
    }
    Ok(())
}
