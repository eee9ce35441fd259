//! What is said about a rule that cannot be read: what is wrong, the rule, and below the place in it what was expected
//! there.

use std::fmt;

use super::limit::Kind;
use super::parse::MOST_BYTES;
use crate::cli::values::ValueError;
use crate::report::caret::{self, escaped};

/// A rule that cannot be read. Its `Display` has three lines: what is wrong, the rule (or what surrounds the place, if it
/// is long), and a caret below the place with what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    rule: String,
    at: usize,
    problem: Problem,
}

/// What is wrong with a rule. Its `Display` says so on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing in it.
    Empty,
    /// It is longer than 1 KiB.
    TooLong,
    /// A character beyond ASCII outside of a name.
    NotAscii(char),
    /// It does not begin with a figure.
    NoFigure,
    /// It begins with a word that is no figure.
    UnknownFigure {
        /// The word.
        word: String,
        /// The figure that was perhaps meant.
        near: Option<String>,
    },
    /// A kind of duration without one of its figures.
    NoDuration {
        /// All of it.
        word: String,
        /// The kind.
        clock: &'static str,
    },
    /// A percentile that does not exist.
    Percentile {
        /// All of it.
        word: String,
        /// The figure that was perhaps meant.
        near: Option<String>,
    },
    /// A figure that needs a name has none.
    NoName(&'static str),
    /// A figure that takes no name has one.
    NameNotTaken(&'static str),
    /// There is nothing in the parentheses.
    EmptyName,
    /// The parenthesis of a name is not closed.
    Unclosed,
    /// `over` without a length.
    NoWindow,
    /// A window that is too short or too long.
    Window(String),
    /// The rule ends after its figure.
    NoComparison,
    /// Something else stands where the comparison should.
    Comparison {
        /// The comparison that was perhaps meant.
        near: Option<&'static str>,
    },
    /// What should be compared with one of these is compared with nothing.
    NoValue(&'static [Kind]),
    /// A figure is compared with another and not with one of these.
    TwoFigures(&'static [Kind]),
    /// A value without its unit; what it probably should have been.
    NoUnit(String),
    /// A share written as a fraction, where a number would be a count; what it probably should have been.
    Fraction(String),
    /// A share that is none or more than all.
    Share(String),
    /// A value that the figure cannot be compared with.
    WrongKind {
        /// The value.
        value: String,
        /// The figure.
        figure: String,
        /// What it can be compared with.
        kinds: &'static [Kind],
    },
    /// A value that cannot be read.
    Value(ValueError),
    /// Something follows the value.
    Trailing,
}

impl ParseError {
    pub(super) fn new(rule: &str, at: usize, problem: Problem) -> ParseError {
        ParseError {
            rule: rule.to_owned(),
            at,
            problem,
        }
    }

    /// Where it is, in bytes from the beginning of the rule; at most its length.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

const FIGURES: &str = "`p99`, `min`, `mean`, `max`, `ok`, `fail`, `fault`, `tag(NAME)`, `rate`, `ok_rate`, `counter(NAME)` or `check(NAME)`";
const COMPARISONS: &str = "`>`, `>=`, `<` or `<=`";

/// What a figure can be compared with, with examples.
fn examples(kinds: &[Kind]) -> String {
    let examples: Vec<&str> = kinds.iter().map(|kind| kind.example()).collect();
    format!("expected {}", examples.join(" or "))
}

fn did_you_mean(near: &str) -> String {
    format!("did you mean `{near}`?")
}

impl Problem {
    /// What was expected; `None` where the description says so.
    fn expected(&self) -> Option<String> {
        Some(match self {
            Problem::Empty => "expected a rule such as `p99 > 150ms` or `fail > 1%`".to_owned(),
            Problem::TooLong => format!("a rule has at most {MOST_BYTES} bytes"),
            Problem::NotAscii('\u{2265}') => did_you_mean(">="),
            Problem::NotAscii('\u{2264}') => did_you_mean("<="),
            Problem::NotAscii(_) => "only names in parentheses may hold it".to_owned(),
            Problem::UnknownFigure {
                near: Some(near), ..
            }
            | Problem::Percentile {
                near: Some(near), ..
            } => did_you_mean(near),
            Problem::NoFigure | Problem::UnknownFigure { near: None, .. } => {
                format!("expected {FIGURES}")
            }
            Problem::NoDuration { clock, .. } => format!(
                "expected `{clock}.p99` or another percentile, `{clock}.min`, `{clock}.mean` or `{clock}.max`"
            ),
            Problem::Percentile { near: None, .. } => {
                "expected a number above 0 and below 100, as in `p99` or `p99.9`".to_owned()
            }
            Problem::NoName(word) => {
                format!("expected a name in parentheses, as in `{word}(NAME)`")
            }
            Problem::NameNotTaken("ok_rate") => "did you mean `rate(NAME)`?".to_owned(),
            Problem::NameNotTaken(_) => "did you mean `tag(NAME)`?".to_owned(),
            Problem::EmptyName => "expected a name".to_owned(),
            Problem::Unclosed => "expected `)` after the name".to_owned(),
            Problem::NoWindow => "expected a duration, as in `p99 over 10s > 150ms`".to_owned(),
            Problem::Window(_) => "expected `1s` to `10m`".to_owned(),
            Problem::NoComparison => format!(
                "expected {COMPARISONS}; quote the rule, since a shell takes these for itself"
            ),
            Problem::Comparison { near: Some(near) } => did_you_mean(near),
            Problem::Comparison { near: None } => format!("expected {COMPARISONS}"),
            Problem::NoValue(kinds) | Problem::TwoFigures(kinds) => examples(kinds),
            Problem::WrongKind { kinds, .. } => examples(kinds),
            Problem::NoUnit(near) | Problem::Fraction(near) => did_you_mean(near),
            Problem::Share(_) => {
                "expected `0%` to `100%`, with at most nine digits after the point".to_owned()
            }
            Problem::Value(_) => return None,
            Problem::Trailing => "expected the end; give each rule an option of its own".to_owned(),
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Empty => f.write_str("the rule is empty"),
            Problem::TooLong => f.write_str("the rule is too long"),
            Problem::NotAscii(c) => {
                write!(
                    f,
                    "`{}` (U+{:04X}) cannot stand here",
                    shown(&c.to_string()),
                    *c as u32
                )
            }
            Problem::NoFigure => f.write_str("the rule does not begin with a figure"),
            Problem::UnknownFigure { word, .. } | Problem::NoDuration { word, .. } => {
                write!(f, "`{}` is not a figure", shown(word))
            }
            Problem::Percentile { word, .. } => write!(f, "`{}` is not a percentile", shown(word)),
            Problem::NoName(word) => write!(f, "`{word}` needs a name"),
            Problem::NameNotTaken(word) => write!(f, "`{word}` takes no name"),
            Problem::EmptyName => f.write_str("there is no name in the parentheses"),
            Problem::Unclosed => f.write_str("the parenthesis is not closed"),
            Problem::NoWindow => f.write_str("`over` needs a length of time"),
            Problem::Window(text) => write!(f, "`{}` is no length for a window", shown(text)),
            Problem::NoComparison => f.write_str("the rule ends after its figure"),
            Problem::Comparison { .. } => f.write_str("this is not a comparison"),
            Problem::NoValue(_) => f.write_str("there is no value to compare with"),
            Problem::TwoFigures(_) => f.write_str("a figure cannot be compared with another"),
            Problem::NoUnit(_) => f.write_str("a unit is missing"),
            Problem::Fraction(_) => f.write_str("a count is a whole number"),
            Problem::Share(value) => write!(f, "`{}` is not a share", shown(value)),
            Problem::WrongKind { value, figure, .. } => {
                write!(
                    f,
                    "`{}` cannot be compared with `{}`",
                    shown(figure),
                    shown(value)
                )
            }
            Problem::Value(cause) => cause.fmt(f),
            Problem::Trailing => f.write_str("something follows the value"),
        }
    }
}

/// What a person typed, bounded and with nothing in it that a terminal would act on.
fn shown(text: &str) -> String {
    const MOST: usize = 24;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", escaped(&text[..end])),
        None => escaped(text),
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        caret::write(
            f,
            &self.problem,
            &self.rule,
            self.at,
            self.problem.expected(),
        )
    }
}

impl std::error::Error for ParseError {}
