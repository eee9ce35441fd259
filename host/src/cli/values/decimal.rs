//! Decimal numbers read exactly: what a person writes is never rounded on its way to an integer.
//!
//! Only ASCII digits count, `_` may stand between two digits, and one point may stand between two digits. There are
//! no signs and no exponents: nothing that is counted here can be negative, and `1e3` is as often a slip as a number.

use super::error::Reason;

/// `digits` × 10^-`places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: u128,
    places: u32,
}

/// More digits than this do not fit the 128 bits that the value is held in.
const MOST_DIGITS: u32 = 38;

impl Decimal {
    /// Reads the number that `text` begins with and returns it with what follows it.
    pub(super) fn leading(text: &str) -> Result<(Decimal, &str), Reason> {
        let end = text
            .find(|c: char| !(c.is_ascii_digit() || c == '_' || c == '.'))
            .unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        if number.is_empty() {
            return Err(Reason::no_digit(text));
        }
        Ok((Decimal::of(number)?, rest))
    }

    fn of(number: &str) -> Result<Decimal, Reason> {
        let (whole, fraction) = match number.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (number, None),
        };
        let mut decimal = Decimal {
            digits: 0,
            places: 0,
        };
        decimal.append(whole)?;
        if let Some(fraction) = fraction {
            decimal.places = decimal.append(fraction)?;
        }
        Ok(decimal)
    }

    /// Appends the digits of one side of the point and returns how many there were.
    fn append(&mut self, part: &str) -> Result<u32, Reason> {
        let misplaced = part.is_empty()
            || part.contains('.')
            || part.starts_with('_')
            || part.ends_with('_')
            || part.contains("__");
        if misplaced {
            return Err(Reason::Separator);
        }
        let mut count = 0;
        for digit in part.bytes().filter(u8::is_ascii_digit) {
            self.digits = self
                .digits
                .checked_mul(10)
                .and_then(|digits| digits.checked_add(u128::from(digit - b'0')))
                .ok_or(Reason::TooLarge)?;
            count += 1;
            if count > MOST_DIGITS {
                return Err(Reason::TooLarge);
            }
        }
        Ok(count)
    }

    /// The number times `factor`, which has to be whole and to fit.
    pub(super) fn times(self, factor: u64) -> Result<u64, Reason> {
        let product = self
            .digits
            .checked_mul(u128::from(factor))
            .ok_or(Reason::TooLarge)?;
        let divisor = 10_u128.checked_pow(self.places).ok_or(Reason::TooLarge)?;
        if product % divisor != 0 {
            return Err(Reason::NotWhole);
        }
        u64::try_from(product / divisor).map_err(|_| Reason::TooLarge)
    }

    /// The nearest floating-point number to the number times `factor`.
    pub(super) fn to_f64(self, factor: u64) -> f64 {
        let places = i32::try_from(self.places).unwrap_or(i32::MAX);
        self.digits as f64 * factor as f64 / 10_f64.powi(places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_ends_where_the_unit_begins() {
        #[track_caller]
        fn check(text: &str, digits: u128, places: u32, rest: &str) {
            assert_eq!(
                Decimal::leading(text),
                Ok((Decimal { digits, places }, rest))
            );
        }
        check("4000", 4000, 0, "");
        check("4_000k", 4000, 0, "k");
        check("1.5k", 15, 1, "k");
        check("007", 7, 0, "");
        check("0.050s", 50, 3, "s");
        check("1h30m", 1, 0, "h30m");
    }

    #[test]
    fn separators_stand_between_digits_only() {
        for text in ["_1", "1_", "1__0", "1.", ".5", "1._5", "1_.5", "1.2.3", "."] {
            assert_eq!(Decimal::leading(text), Err(Reason::Separator), "{text}");
        }
    }

    #[test]
    fn more_digits_than_fit_are_too_large() {
        let text = "9".repeat(39);
        assert_eq!(Decimal::leading(&text), Err(Reason::TooLarge));
        let zeros = format!("0.{}1", "0".repeat(60));
        assert_eq!(Decimal::leading(&zeros), Err(Reason::TooLarge));
    }
}
