//! Rules that a comparison is held to: `p50 slower 5%`.
//!
//! A rule is broken only where the whole interval of the difference lies beyond it: what may be chance breaks nothing.

use std::fmt;
use std::str::FromStr;

use super::comparison::{Comparison, Interval, Metric, Verdict};
use crate::report::caret;

/// The longest rule, in bytes.
const MOST_BYTES: usize = 256;

/// `figure word percent`, such as `p50 slower 5%`. Of a share the percents are points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    metric: Metric,
    word: Word,
    /// As a part of one.
    least: f64,
}

/// Which way a figure must not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Slower,
    Faster,
    Worse,
    Higher,
    Lower,
}

const WORDS: [(&str, Word); 5] = [
    ("slower", Word::Slower),
    ("faster", Word::Faster),
    ("worse", Word::Worse),
    ("higher", Word::Higher),
    ("lower", Word::Lower),
];

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleResult {
    /// It holds.
    Pass,
    /// It is broken.
    Fail,
    /// There is no interval to judge, or none that can be believed.
    NoData,
}

/// A rule and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The rule, in its usual form.
    pub rule: String,
    /// What became of it.
    pub result: RuleResult,
    /// The interval that was judged.
    pub interval: Option<Interval>,
    /// Whether its figure is a share, whose differences are points.
    pub is_share: bool,
}

impl Rule {
    /// Judges a comparison.
    pub fn judge(&self, comparison: &Comparison, is_believed: bool) -> Judged {
        let figure = comparison.figure(self.metric).filter(|_| is_believed);
        let figure = figure.filter(|figure| figure.verdict != Verdict::NotEnoughData);
        let interval = figure.and_then(|figure| figure.interval);
        let result = match interval {
            None => RuleResult::NoData,
            Some(interval) if self.is_beyond(interval) => RuleResult::Fail,
            Some(_) => RuleResult::Pass,
        };
        Judged {
            rule: self.to_string(),
            result,
            interval,
            is_share: self.metric.is_share(),
        }
    }

    fn is_beyond(&self, interval: Interval) -> bool {
        let more_is_better = self.metric.more_is_better();
        let is_upwards = match self.word {
            Word::Higher => true,
            Word::Lower => false,
            Word::Slower | Word::Worse => !more_is_better,
            Word::Faster => more_is_better,
        };
        match is_upwards {
            true => interval.low > self.least,
            false => interval.high < -self.least,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = WORDS.iter().find(|(_, word)| *word == self.word);
        let word = word.map_or("", |(text, _)| *text);
        // What was read has at most nine digits after the point, and so has this.
        let percent = (self.least * 1e11).round() / 1e9;
        write!(f, "{} {word} {percent}%", self.metric.word())
    }
}

/// A rule that cannot be read. Its `Display` has three lines: what is wrong, the rule, and a caret below the place with
/// what was expected there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    rule: String,
    at: usize,
    problem: String,
    expected: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        caret::write(
            f,
            &self.problem,
            &self.rule,
            self.at,
            Some(self.expected.clone()),
        )
    }
}

impl std::error::Error for RuleError {}

/// What is wrong, what was expected, and where.
type Wrong = (usize, String, String);

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(rule: &str) -> Result<Rule, RuleError> {
        read(rule).map_err(|(at, problem, expected)| RuleError {
            rule: rule.to_owned(),
            at,
            problem,
            expected,
        })
    }
}

fn read(rule: &str) -> Result<Rule, Wrong> {
    if rule.len() > MOST_BYTES {
        let at = rule.floor_char_boundary(MOST_BYTES);
        let expected = format!("a rule has at most {MOST_BYTES} bytes");
        return Err((at, "the rule is too long".to_owned(), expected));
    }
    let mut words = words(rule);
    let end = rule.trim_ascii_end().len();
    let example = "expected a rule such as `p50 slower 5%`".to_owned();
    let (at, figure) = words
        .next()
        .ok_or((0, "the rule is empty".to_owned(), example))?;
    let metric = metric(figure).map_err(|(problem, expected)| (at, problem, expected))?;
    let (at, word) = words.next().ok_or_else(|| {
        let problem = "the rule ends after its figure".to_owned();
        (end, problem, expected_words(metric))
    })?;
    let word = direction(word, metric).ok_or_else(|| {
        let problem = format!("`{}` is no way for `{}` to go", shown(word), metric.word());
        (at, problem, expected_words(metric))
    })?;
    let percents = "expected percents such as `5%`".to_owned();
    let (at, number) = words.next().ok_or_else(|| {
        let problem = "the rule does not say how much".to_owned();
        (end, problem, percents.clone())
    })?;
    // `5 %` is as good as `5%`.
    let (number, next) = match words.next() {
        Some((_, "%")) if !number.ends_with('%') => (format!("{number}%"), words.next()),
        next => (number.to_owned(), next),
    };
    let least = percentage(&number).map_err(|expected| {
        let problem = format!("`{}` is no percentage", shown(&number));
        (at, problem, expected)
    })?;
    match next {
        None => Ok(Rule {
            metric,
            word,
            least,
        }),
        Some((at, _)) => {
            let problem = "something follows the percentage".to_owned();
            let expected = "expected the end; give each rule an option of its own".to_owned();
            Err((at, problem, expected))
        }
    }
}

/// The words of a rule and where they begin.
fn words(rule: &str) -> impl Iterator<Item = (usize, &str)> {
    let words = rule.split_ascii_whitespace();
    words.map(move |word| (word.as_ptr() as usize - rule.as_ptr() as usize, word))
}

fn metric(word: &str) -> Result<Metric, (String, String)> {
    let found = Metric::ALL.into_iter().find(|metric| metric.word() == word);
    found.ok_or_else(|| {
        let words: Vec<String> = Metric::ALL
            .iter()
            .map(|metric| format!("`{}`", metric.word()))
            .collect();
        let problem = format!("`{}` is not a figure that is compared", shown(word));
        (problem, format!("expected one of {}", words.join(", ")))
    })
}

/// A share has no speed.
fn direction(word: &str, metric: Metric) -> Option<Word> {
    let (_, word) = WORDS.into_iter().find(|(text, _)| *text == word)?;
    let is_speed = matches!(word, Word::Slower | Word::Faster);
    (!(is_speed && metric.is_share())).then_some(word)
}

fn expected_words(metric: Metric) -> String {
    let fitting = WORDS
        .iter()
        .filter(|(text, _)| direction(text, metric).is_some());
    let fitting: Vec<String> = fitting.map(|(text, _)| format!("`{text}`")).collect();
    format!("expected {}", fitting.join(", "))
}

/// `5%` as 0.05.
///
/// # Errors
/// It is no percentage; what was expected.
pub fn percentage(text: &str) -> Result<f64, String> {
    let expected = || "expected percents such as `5%` or `0.5%`".to_owned();
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let Some(number) = text.strip_suffix('%') else {
        let is_bare = text.chars().all(is_number) && text.parse::<f64>().is_ok();
        return Err(match is_bare {
            true => format!("did you mean `{text}%`?"),
            false => expected(),
        });
    };
    // The reader of numbers would take `inf` and `1e3` too.
    let number = number
        .chars()
        .all(is_number)
        .then(|| number.parse::<f64>().ok());
    let percent = number.flatten().filter(|percent| *percent < 1e6);
    percent.map(|percent| percent / 100.0).ok_or_else(expected)
}

/// What a person typed, bounded and with nothing in it that a terminal would act on.
fn shown(text: &str) -> String {
    const MOST: usize = 24;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", caret::escaped(&text[..end])),
        None => caret::escaped(text),
    }
}

#[cfg(test)]
mod tests;
