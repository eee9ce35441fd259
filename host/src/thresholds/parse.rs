//! Reads a rule.
//!
//! `figure [ "(" name ")" ] [ "over" duration ] comparison value`, with spaces between any two of them and between a number and its unit.
//! Only names may hold other characters than ASCII (and a duration the sign for micro).

use std::time::Duration;

use super::error::{ParseError, Problem};
use super::figure::Word;
use super::limit::Limit;
use super::{Comparison, Threshold};
use crate::cli::values;

/// The longest rule, in bytes. A name has at most 75 in a report.
pub(super) const MOST_BYTES: usize = 1024;

/// Windows move on by a second, so a shorter one would leave calls out.
const WINDOW_LEAST: Duration = Duration::from_secs(1);

/// What is in a window is kept while the run goes on; a longer one is better asked of the whole run.
const WINDOW_MOST: Duration = Duration::from_secs(600);

/// Reads a rule.
pub(super) fn parse(rule: &str) -> Result<Threshold, ParseError> {
    read(rule).map_err(|(at, problem)| ParseError::new(rule, at, problem))
}

/// What is wrong, and where.
type Wrong = (usize, Problem);

fn read(rule: &str) -> Result<Threshold, Wrong> {
    if rule.len() > MOST_BYTES {
        return Err((rule.floor_char_boundary(MOST_BYTES), Problem::TooLong));
    }
    let mut cursor = Cursor {
        text: rule.trim_ascii_end(),
        at: 0,
    };
    cursor.skip_spaces();
    if cursor.rest().is_empty() {
        return Err((0, Problem::Empty));
    }
    let start = cursor.at;
    let word = cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    if word.is_empty() {
        return Err(cursor.unexpected(Problem::NoFigure));
    }
    let word = Word::of(word).map_err(|problem| (start, problem))?;
    cursor.skip_spaces();
    let open = cursor.at;
    let name = cursor.name()?;
    let figure = word.with(name).map_err(|problem| (open, problem))?;
    let shown = &cursor.text[start..cursor.at].trim_ascii_end();
    let window_ns = cursor.window()?;
    let comparison = cursor.comparison()?;
    cursor.skip_spaces();
    let limit = cursor.limit(figure.kinds(), shown)?;
    Ok(Threshold {
        figure,
        window_ns,
        comparison,
        limit,
    })
}

/// A place in a rule.
struct Cursor<'a> {
    /// The rule without the spaces at its end.
    text: &'a str,
    /// What is read, in bytes.
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn skip_spaces(&mut self) {
        self.take_while(|c| c.is_ascii_whitespace());
    }

    /// The problem here, or the character beyond ASCII that leads to it.
    fn unexpected(&self, problem: Problem) -> Wrong {
        match self.rest().chars().next() {
            Some(c) if !c.is_ascii() => (self.at, Problem::NotAscii(c)),
            _ => (self.at, problem),
        }
    }

    /// A name in parentheses, if there is one.
    fn name(&mut self) -> Result<Option<String>, Wrong> {
        let Some(inside) = self.rest().strip_prefix('(') else {
            return Ok(None);
        };
        let open = self.at;
        let close = closing(inside).ok_or((open, Problem::Unclosed))?;
        let name = inside[..close].trim_ascii();
        if name.is_empty() {
            return Err((open + 1, Problem::EmptyName));
        }
        self.at = open + close + 2;
        Ok(Some(name.to_owned()))
    }

    /// The length of a window, if the rule is about one.
    fn window(&mut self) -> Result<Option<u64>, Wrong> {
        self.skip_spaces();
        let start = self.at;
        let word = self.take_while(|c| c.is_ascii_alphabetic());
        if word != "over" {
            self.at = start;
            return Ok(None);
        }
        self.skip_spaces();
        let start = self.at;
        let text = self.take_while(|c| !c.is_ascii_whitespace() && !"<>=!".contains(c));
        if text.is_empty() {
            return Err((start, Problem::NoWindow));
        }
        let length = values::duration(text).map_err(|cause| (start, Problem::Value(cause)))?;
        if !(WINDOW_LEAST..=WINDOW_MOST).contains(&length) {
            return Err((start, Problem::Window(text.to_owned())));
        }
        Ok(Some(length.as_nanos() as u64))
    }

    fn comparison(&mut self) -> Result<Comparison, Wrong> {
        self.skip_spaces();
        let start = self.at;
        let found = match self.take_while(|c| "<>=!".contains(c)) {
            ">" => return Ok(Comparison::More),
            ">=" => return Ok(Comparison::AtLeast),
            "<" => return Ok(Comparison::Less),
            "<=" => return Ok(Comparison::AtMost),
            "" if self.rest().is_empty() => return Err((start, Problem::NoComparison)),
            "" => return Err(self.unexpected(Problem::Comparison { near: None })),
            found => found,
        };
        let near = match found {
            "=>" => Some(">="),
            "=<" => Some("<="),
            _ => None,
        };
        Err((start, Problem::Comparison { near }))
    }

    fn limit(&mut self, kinds: &'static [super::Kind], figure: &str) -> Result<Limit, Wrong> {
        let start = self.at;
        if self.rest().is_empty() {
            return Err((start, Problem::NoValue(kinds)));
        }
        let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        if word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let is_figure = Word::of(word).is_ok();
            let problem = if is_figure {
                Problem::TwoFigures(kinds)
            } else {
                Problem::NoValue(kinds)
            };
            return Err((start, problem));
        }
        self.at = start;
        let number = self.take_while(|c| c.is_ascii_digit() || c == '_' || c == '.');
        if !number.is_empty() {
            self.skip_spaces();
        }
        let unit_at = self.at;
        let unit = self.take_while(|c| !c.is_ascii_whitespace() && !"<>=&|;".contains(c));
        if let Some((at, c)) = unit.char_indices().find(|(_, c)| !is_of_value(*c)) {
            return Err((unit_at + at, Problem::NotAscii(c)));
        }
        let is_bare = unit.is_empty();
        // Digits after a space are no unit: `1 000` is refused and not guessed at.
        if unit.starts_with(|c: char| c.is_ascii_digit()) {
            return Err((unit_at, Problem::Trailing));
        }
        let end = if is_bare {
            start + number.len()
        } else {
            self.at
        };
        self.skip_spaces();
        if !self.rest().is_empty() {
            return Err(self.unexpected(Problem::Trailing));
        }
        Limit::read(&format!("{number}{unit}"), kinds, figure).map_err(|problem| {
            let is_at_end = matches!(problem, Problem::NoUnit(_));
            (if is_at_end { end } else { start }, problem)
        })
    }
}

/// ASCII, or one of the two signs for micro that keyboards have.
fn is_of_value(c: char) -> bool {
    c.is_ascii() || c == '\u{b5}' || c == '\u{3bc}'
}

/// Where the name ends that `inside` begins with: at the first parenthesis with a comparison or a window after it, since
/// names may hold parentheses; without one, at the last.
fn closing(inside: &str) -> Option<usize> {
    let mut last = None;
    for (end, _) in inside.match_indices(')') {
        let after = inside[end + 1..].trim_ascii_start();
        if after.starts_with(['<', '>', '=', '!']) || after.starts_with("over ") {
            return Some(end);
        }
        last = Some(end);
    }
    last
}
