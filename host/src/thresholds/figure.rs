//! The figures that a rule can be about, and the words for them.

use std::fmt;

use super::error::Problem;
use super::limit::Kind;
use crate::report::format;
use crate::stats::Outcome;

/// A figure of a run.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Figure {
    /// How long calls took; those with one tag, where one is given.
    Latency {
        clock: Option<Clock>,
        statistic: Statistic,
        tag: Option<String>,
    },
    /// Calls that ended with an outcome.
    Outcome(Outcome),
    /// Calls with a tag, whatever their outcome.
    Tag(String),
    /// Calls that ended, for each second; those with one tag, where one is given.
    Rate(Option<String>),
    /// Calls that succeeded, for each second.
    OkRate,
    /// What the operation counted.
    Counter(String),
    /// How often a check of the operation's passed.
    Check(String),
}

/// Between which of a call's instants a duration lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    Service,
    Response,
    Lag,
}

impl Clock {
    pub(super) const ALL: [Clock; 3] = [Clock::Service, Clock::Response, Clock::Lag];

    pub(super) fn word(self) -> &'static str {
        match self {
            Clock::Service => "service",
            Clock::Response => "response",
            Clock::Lag => "lag",
        }
    }
}

/// What is asked of many durations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Statistic {
    /// The percentile, above 0 and below 100.
    Percentile(f64),
    Min,
    Mean,
    Max,
}

impl Figure {
    /// The values that the figure can be compared with.
    pub(super) fn kinds(&self) -> &'static [Kind] {
        match self {
            Figure::Latency { .. } => &[Kind::Duration],
            Figure::Outcome(_) | Figure::Tag(_) => &[Kind::Count, Kind::Share],
            Figure::Rate(_) | Figure::OkRate => &[Kind::Rate],
            Figure::Counter(_) => &[Kind::Count, Kind::Rate],
            Figure::Check(_) => &[Kind::Share],
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, name) = match self {
            Figure::Latency {
                clock,
                statistic,
                tag,
            } => {
                if let Some(clock) = clock {
                    write!(f, "{}.", clock.word())?;
                }
                let word = match statistic {
                    Statistic::Percentile(p) => &*format::percentile(*p),
                    Statistic::Min => "min",
                    Statistic::Mean => "mean",
                    Statistic::Max => "max",
                };
                f.write_str(word)?;
                ("", tag.as_ref())
            }
            Figure::Outcome(outcome) => (outcome.word(), None),
            Figure::Tag(tag) => ("tag", Some(tag)),
            Figure::Rate(tag) => ("rate", tag.as_ref()),
            Figure::OkRate => ("ok_rate", None),
            Figure::Counter(name) => ("counter", Some(name)),
            Figure::Check(name) => ("check", Some(name)),
        };
        f.write_str(word)?;
        name.map_or(Ok(()), |name| write!(f, "({name})"))
    }
}

/// What a figure begins with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Word {
    Latency(Option<Clock>, Statistic),
    Outcome(Outcome),
    Tag,
    Rate,
    OkRate,
    Counter,
    Check,
}

/// The words that stand for themselves.
const WORDS: [(&str, Word); 11] = [
    ("min", Word::Latency(None, Statistic::Min)),
    ("mean", Word::Latency(None, Statistic::Mean)),
    ("max", Word::Latency(None, Statistic::Max)),
    ("ok", Word::Outcome(Outcome::Ok)),
    ("fail", Word::Outcome(Outcome::Fail)),
    ("fault", Word::Outcome(Outcome::Fault)),
    ("tag", Word::Tag),
    ("rate", Word::Rate),
    ("ok_rate", Word::OkRate),
    ("counter", Word::Counter),
    ("check", Word::Check),
];

/// What other tools, or people in a hurry, call our figures.
const OTHERWISE: [(&str, &str); 18] = [
    ("avg", "mean"),
    ("average", "mean"),
    ("med", "p50"),
    ("median", "p50"),
    ("latency", "p99"),
    ("service", "service.p99"),
    ("response", "response.p99"),
    ("lag", "lag.p99"),
    ("error", "fail"),
    ("errors", "fail"),
    ("failed", "fail"),
    ("failures", "fail"),
    ("success", "ok"),
    ("rps", "rate"),
    ("qps", "rate"),
    ("throughput", "rate"),
    ("status", "tag"),
    ("trap", "fault"),
];

impl Word {
    /// The word that `text` is.
    pub(super) fn of(text: &str) -> Result<Word, Problem> {
        for clock in Clock::ALL {
            let statistic = text
                .strip_prefix(clock.word())
                .and_then(|rest| rest.strip_prefix('.'));
            if let Some(statistic) = statistic {
                return match Word::plain(statistic) {
                    Ok(Word::Latency(_, statistic)) => Ok(Word::Latency(Some(clock), statistic)),
                    Err(problem @ Problem::Percentile { .. }) => Err(problem),
                    Ok(_) | Err(_) => Err(Problem::NoDuration {
                        word: text.to_owned(),
                        clock: clock.word(),
                    }),
                };
            }
        }
        Word::plain(text)
    }

    fn plain(text: &str) -> Result<Word, Problem> {
        if let Some((_, word)) = WORDS.iter().find(|(name, _)| *name == text) {
            return Ok(*word);
        }
        match text.strip_prefix('p') {
            Some(number) if number.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
                let percentile = percentile(number).ok_or_else(|| Problem::Percentile {
                    word: text.to_owned(),
                    near: near_percentile(number),
                })?;
                Ok(Word::Latency(None, Statistic::Percentile(percentile)))
            }
            _ => Err(Problem::UnknownFigure {
                word: text.to_owned(),
                near: near(text),
            }),
        }
    }

    /// The figure of this word, with the name that followed it in parentheses.
    pub(super) fn with(self, name: Option<String>) -> Result<Figure, Problem> {
        let needed = |word| name.clone().ok_or(Problem::NoName(word));
        let refused = |word, figure| match &name {
            None => Ok(figure),
            Some(_) => Err(Problem::NameNotTaken(word)),
        };
        match self {
            Word::Latency(clock, statistic) => Ok(Figure::Latency {
                clock,
                statistic,
                tag: name,
            }),
            Word::Outcome(outcome) => refused(outcome.word(), Figure::Outcome(outcome)),
            Word::Tag => needed("tag").map(Figure::Tag),
            Word::Rate => Ok(Figure::Rate(name)),
            Word::OkRate => refused("ok_rate", Figure::OkRate),
            Word::Counter => needed("counter").map(Figure::Counter),
            Word::Check => needed("check").map(Figure::Check),
        }
    }
}

/// The number of a percentile: digits with at most one point between them, above 0 and below 100.
fn percentile(number: &str) -> Option<f64> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_decimal = match number.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(number),
    };
    let percentile: f64 = number.parse().ok().filter(|_| is_decimal)?;
    (percentile > 0.0 && percentile < 100.0).then_some(percentile)
}

/// What was perhaps meant with a number that is no percentile. Many write `p999` for p99.9.
fn near_percentile(number: &str) -> Option<String> {
    match number.parse::<f64>().ok()? {
        0.0 => Some("min".to_owned()),
        100.0 => Some("max".to_owned()),
        _ => {
            let (whole, fraction) = number
                .starts_with('9')
                .then(|| number.split_at_checked(2))??;
            let number = format!("{whole}.{fraction}");
            percentile(&number).map(format::percentile)
        }
    }
}

/// The figure that was perhaps meant.
fn near(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    if lower != text && Word::of(&lower).is_ok() {
        return Some(lower);
    }
    let otherwise = OTHERWISE.iter().find(|(name, _)| *name == lower);
    if let Some((_, figure)) = otherwise {
        return Some((*figure).to_owned());
    }
    let slips = WORDS
        .iter()
        .find(|(name, _)| is_one_slip(lower.as_bytes(), name.as_bytes()));
    slips.map(|(name, _)| (*name).to_owned())
}

/// Whether two words differ by one letter more, less or other, or by two neighbours that changed places. The words are
/// too short for more to be likely.
fn is_one_slip(a: &[u8], b: &[u8]) -> bool {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tails = a.iter().rev().zip(b.iter().rev());
    let tail = tails.take_while(|(a, b)| a == b).count();
    match (&a[..a.len() - tail], &b[..b.len() - tail]) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}
