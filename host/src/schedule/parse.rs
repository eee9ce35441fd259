//! Reads a curve.
//!
//! `rate`, or stages `rate [ ".." rate ] "/" length` with commas between them. Spaces may stand around the commas, the
//! dots and the last `/`.

use super::curve::Curve;
use super::error::{CurveError, Problem};
use super::rate::{CALL, MOST_CALLS, Rate};
use super::stage::Stage;
use crate::cli::values;

/// The longest text, in bytes.
pub(super) const MOST_BYTES: usize = 1024;

/// Reads a curve.
pub(super) fn parse(text: &str) -> Result<Curve, CurveError> {
    read(text).map_err(|(at, problem)| CurveError::new(text, at, problem))
}

/// What is wrong, and where.
type Wrong = (usize, Problem);

fn read(text: &str) -> Result<Curve, Wrong> {
    if text.len() > MOST_BYTES {
        return Err((text.floor_char_boundary(MOST_BYTES), Problem::TooLong));
    }
    let whole = Piece { text, at: 0 }.trimmed();
    if whole.text.is_empty() {
        return Err((0, Problem::Empty));
    }
    if !whole.text.contains(',') && whole.stage().length.is_none() {
        return plain(whole);
    }
    let curve = staged(whole)?;
    // Written in full it can be longer, and whoever reads it then has the same limit.
    if curve.to_string().len() > MOST_BYTES {
        return Err((whole.end(), Problem::TooLong));
    }
    Ok(curve)
}

fn plain(text: Piece<'_>) -> Result<Curve, Wrong> {
    if text.text.contains("..") {
        text.ramp()?;
        return Err((text.end(), Problem::NoLength));
    }
    match text.rate()? {
        Rate::ZERO => Err((text.at, Problem::Zero)),
        rate => Ok(Curve::plain(rate)),
    }
}

fn staged(text: Piece<'_>) -> Result<Curve, Wrong> {
    let mut stages = Vec::new();
    let (mut calls, mut duration_ns) = (0_u128, 0_u64);
    let mut rest = Some(text);
    while let Some(here) = rest {
        let (piece, after) = here.split_at_comma();
        rest = after;
        let piece = piece.trimmed();
        if piece.text.is_empty() {
            let is_last = rest.is_none();
            return Err((piece.at, Problem::NoStage { is_last }));
        }
        let stage = piece.read_stage()?;
        calls = calls.saturating_add(stage.calls());
        if calls > u128::from(MOST_CALLS) * CALL {
            return Err((piece.at, Problem::TooManyCalls));
        }
        duration_ns = duration_ns
            .checked_add(stage.length_ns())
            .ok_or((piece.at, Problem::TooMuchTime))?;
        stages.push(stage);
    }
    if calls == 0 {
        return Err((text.at, Problem::NoCalls));
    }
    Ok(Curve::staged(stages))
}

/// A part of the text, and where it is.
#[derive(Debug, Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    at: usize,
}

/// The two parts of a stage.
struct Parts<'a> {
    rates: Piece<'a>,
    length: Option<Piece<'a>>,
}

impl<'a> Piece<'a> {
    fn end(self) -> usize {
        self.at + self.text.len()
    }

    fn trimmed(self) -> Piece<'a> {
        let text = self.text.trim_ascii_start();
        Piece {
            at: self.at + self.text.len() - text.len(),
            text: text.trim_ascii_end(),
        }
    }

    /// What is before and what is after the separator at `found`.
    fn split(self, found: usize, separator: &str) -> (Piece<'a>, Piece<'a>) {
        let next = found + separator.len();
        let before = Piece {
            text: &self.text[..found],
            at: self.at,
        };
        let after = Piece {
            text: &self.text[next..],
            at: self.at + next,
        };
        (before, after)
    }

    fn split_at_comma(self) -> (Piece<'a>, Option<Piece<'a>>) {
        match self.text.find(',') {
            Some(found) => {
                let (before, after) = self.split(found, ",");
                (before, Some(after))
            }
            None => (self, None),
        }
    }

    /// What follows the last `/` is a length if there is a digit in it.
    fn stage(self) -> Parts<'a> {
        if let Some(found) = self.text.rfind('/') {
            let (rates, length) = self.split(found, "/");
            if length.text.contains(|c: char| c.is_ascii_digit()) {
                return Parts {
                    rates: rates.trimmed(),
                    length: Some(length.trimmed()),
                };
            }
        }
        Parts {
            rates: self,
            length: None,
        }
    }

    fn read_stage(self) -> Result<Stage, Wrong> {
        let Parts { rates, length } = self.stage();
        let (from, to) = rates.ramp()?;
        let length = length.ok_or((self.end(), Problem::NoLength))?;
        let duration = values::duration(length.text)
            .map_err(|cause| (length.at, Problem::Value(cause)))?
            .as_nanos();
        let length_ns = u64::try_from(duration).map_err(|_| (length.at, Problem::TooMuchTime))?;
        if length_ns == 0 {
            return Err((length.at, Problem::NoTime));
        }
        Stage::new(from, to, length_ns).ok_or((self.at, Problem::TooManyCalls))
    }

    /// `RATE..RATE`, or one rate for both.
    fn ramp(self) -> Result<(Rate, Rate), Wrong> {
        let Some(found) = self.text.find("..") else {
            let rate = self.rate()?;
            return Ok((rate, rate));
        };
        let (from, to) = self.split(found, "..");
        let (from, to) = (from.trimmed(), to.trimmed());
        let rates = (from.rate()?, to.rate()?);
        // `10..24k/min` is as likely 10 a minute as 10 a second.
        for (bare, rate, other) in [(from, rates.0, to), (to, rates.1, from)] {
            let is_bare = rate != Rate::ZERO && !bare.text.contains('/');
            if let (true, Some(unit)) = (is_bare, other.unit_but_second()) {
                let near = (format!("{}/s", bare.text), format!("{}/{unit}", bare.text));
                return Err((bare.end(), Problem::TwoMeanings(near.0, near.1)));
            }
        }
        Ok(rates)
    }

    /// The unit of a rate, unless it is the second.
    fn unit_but_second(self) -> Option<&'a str> {
        let (_, unit) = self.text.split_once('/')?;
        (!unit.starts_with('s')).then_some(unit)
    }

    fn rate(self) -> Result<Rate, Wrong> {
        let parts = self.text.find('/').map(|found| self.split(found, "/"));
        // A unit holds no digit, so this is a length, and what ends the piece is that of another stage.
        if let Some((_, length)) = parts
            && length.text.contains(|c: char| c.is_ascii_digit())
        {
            let end = length
                .text
                .find(|c: char| !c.is_alphanumeric() && c != '.')
                .unwrap_or(length.text.len());
            return Err((length.at + end, Problem::NoComma));
        }
        Rate::read(self.text).map_err(|problem| {
            let is_value = matches!(problem, Problem::Value(_));
            // The unit is to blame where the rest is a rate.
            let at = match parts {
                Some((number, unit)) if is_value && Rate::read(number.text).is_ok() => unit.at,
                _ => self.at,
            };
            (at, problem)
        })
    }
}
