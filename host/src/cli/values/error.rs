//! What is said about a value that cannot be read: what is wrong with it, then every form that would have been right.
//!
//! The command-line parser puts the option and the value in front, so neither is repeated here.

use std::fmt;

/// A value that cannot be read. Its `Display` is one line: the cause and the accepted forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    reason: Reason,
    kind: Kind,
}

/// What is said about every value of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// Examples of every accepted form.
    pub(super) forms: &'static str,
    /// The largest value.
    pub(super) most: &'static str,
}

impl Kind {
    pub(super) fn refuses(self, reason: Reason) -> ValueError {
        ValueError { reason, kind: self }
    }
}

impl ValueError {
    #[cfg(test)]
    pub(super) fn reason(&self) -> &Reason {
        &self.reason
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        if self.reason == Reason::TooLarge {
            write!(f, ", the most is {}", self.kind.most)?;
        }
        write!(f, "; accepted: {}", self.kind.forms)
    }
}

impl std::error::Error for ValueError {}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reason {
    Empty,
    Negative,
    /// A digit of another script, which looks right and is not.
    ForeignDigit(char),
    NoDigit(char),
    Separator,
    /// `0x10`, `1e3` and the like.
    Notation(&'static str),
    TooLarge,
    NotWhole,
    Zero,
    /// A value without its unit; what it probably should have been.
    NoUnit(String),
    Unit(String),
    /// A unit that could mean two things, and what each would be written like.
    TwoMeanings(String, &'static str),
    /// Units of a duration out of order, or one of them twice.
    Order(String),
    NoEquals,
    NoKey,
}

impl Reason {
    /// Why `text` does not begin with a number.
    pub(super) fn no_digit(text: &str) -> Reason {
        match text.chars().next() {
            None => Reason::Empty,
            Some('-' | '\u{2212}') => Reason::Negative,
            Some(c) if c.is_numeric() => Reason::ForeignDigit(c),
            Some(c) => Reason::NoDigit(c),
        }
    }

    /// Why `unit`, which follows a number, is none of the known units.
    pub(super) fn unknown_unit(unit: &str) -> Reason {
        let mut chars = unit.chars();
        match (chars.next(), chars.next()) {
            (Some('x' | 'X'), Some(c)) if c.is_ascii_hexdigit() => Reason::Notation("hexadecimal"),
            (Some('e' | 'E'), Some(c)) if c.is_ascii_digit() || c == '+' || c == '-' => {
                Reason::Notation("exponents")
            }
            (Some(c), _) if c.is_numeric() => Reason::ForeignDigit(c),
            _ => Reason::Unit(shown(unit)),
        }
    }
}

/// What a person typed, bounded and with nothing in it that a terminal would act on.
fn shown(text: &str) -> String {
    const MOST: usize = 24;
    let mut shown: String = text
        .chars()
        .take(MOST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Empty => f.write_str("nothing given"),
            Reason::Negative => f.write_str("cannot be negative"),
            Reason::ForeignDigit(c) => write!(
                f,
                "`{c}` (U+{:04X}) is not one of the digits 0 to 9",
                *c as u32
            ),
            Reason::NoDigit(c) => write!(f, "begins with `{}`, not with a digit", c.escape_debug()),
            Reason::Separator => {
                f.write_str("`_` and `.` can only stand between two digits, the point once")
            }
            Reason::Notation(name) => write!(f, "{name} cannot be read here"),
            Reason::TooLarge => f.write_str("too large"),
            Reason::NotWhole => f.write_str("not a whole number of the smallest unit"),
            Reason::Zero => f.write_str("has to be more than 0"),
            Reason::NoUnit(suggestion) => {
                write!(f, "a unit is missing, did you mean `{suggestion}`?")
            }
            Reason::Unit(unit) => write!(f, "`{unit}` is not a known unit"),
            Reason::TwoMeanings(unit, choice) => {
                write!(f, "`{unit}` could mean two things, write {choice}")
            }
            Reason::Order(unit) => {
                write!(
                    f,
                    "`{unit}` comes after a unit that is not larger, units go from large to small"
                )
            }
            Reason::NoEquals => f.write_str("there is no `=` in it"),
            Reason::NoKey => f.write_str("the name before `=` is empty"),
        }
    }
}
