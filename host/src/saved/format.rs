//! The lines of a saved run, as they are written.
//!
//! Times are nanoseconds since the run started. Numbers that may exceed 2^53 are strings, because most readers of JSON
//! in other languages would round them. What is empty is absent.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::stats::histogram::Encoded;
use crate::stats::{Outcome, RowKey};

/// What the format is called before its version.
pub(super) const FORMAT: &str = "gorgon.run/";

/// The version of the format that this gorgon writes. A reader takes every version that it begins with, and what is new
/// in it is left alone; what a reader of this version would misunderstand needs the next number.
pub(super) const VERSION: u64 = 0;

/// The first line: what was about to run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "header")]
pub struct Header {
    /// The format and its version.
    pub format: String,
    /// The name of the run.
    pub run_id: String,
    /// When it started, as RFC 3339 has it.
    pub started: String,
    /// The version of gorgon.
    pub gorgon: String,
    /// The command line.
    pub command: Vec<String>,
    /// What is known before a run about it.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub facts: Value,
}

impl Header {
    /// The header of a run in the present format.
    pub fn new(run_id: impl Into<String>) -> Header {
        Header {
            format: format!("{FORMAT}{VERSION}"),
            run_id: run_id.into(),
            ..Header::default()
        }
    }
}

/// What was recorded in one stretch of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "tick")]
pub struct Tick {
    /// When it begins.
    pub from_ns: u64,
    /// When it ends.
    pub to_ns: u64,
    /// The calls that are results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// The calls of the warm-up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warmup: Vec<Row>,
    /// What the operation measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measurements: Vec<Measurement>,
    /// What it counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<Counter>,
    /// What it checked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// How it failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Failure>,
    /// Failures of kinds that came after the cap was reached.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failures_beyond: u64,
    /// How long calls that started and did not end were watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_censored: Option<Encoded>,
    /// How long calls that did not end were watched since they were due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_censored: Option<Encoded>,
    /// How long calls that did not start were watched since they were due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag_censored: Option<Encoded>,
    /// What the runner read of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<Value>,
}

/// The calls of one operation that ended with one outcome and tag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The index of the operation in the run's mix.
    pub operation: u16,
    /// How they ended.
    #[serde(with = "word")]
    pub outcome: Outcome,
    /// Their tag.
    pub tag: String,
    /// How many there are.
    pub count: u64,
    /// How many of them ended inside the window that rates are computed over.
    pub inside: u64,
    /// When the first of them ended.
    pub first_ns: u64,
    /// Whether the load was open, so that calls have a lag and a response of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// Start to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Encoded>,
    /// Due to start, in open load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag: Option<Encoded>,
    /// Due to end, in open load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Encoded>,
}

impl Row {
    /// What its calls have in common.
    pub(super) fn key(&self) -> RowKey {
        RowKey {
            operation: self.operation,
            outcome: self.outcome,
            tag: self.tag.clone(),
        }
    }
}

/// A named part of the calls of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The index of the operation in the run's mix.
    pub operation: u16,
    /// How the calls ended.
    #[serde(with = "word")]
    pub outcome: Outcome,
    /// Their tag.
    pub tag: String,
    /// The name of the measurement.
    pub name: String,
    /// Its samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<Encoded>,
}

/// A counter: its name, and what it grew by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter(pub String, #[serde(with = "digits")] pub u64);

/// A check: its name, how often it passed, and how often it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check(pub String, pub u64, pub u64);

/// Failures of one row with one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The index of the operation in the run's mix.
    pub operation: u16,
    /// How the calls ended.
    #[serde(with = "word")]
    pub outcome: Outcome,
    /// Their tag.
    pub tag: String,
    /// What they said.
    pub message: String,
    /// How many there are.
    pub count: u64,
    /// The earliest.
    pub first: First,
}

/// The first failure of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct First {
    /// When.
    pub at_ns: u64,
    /// The number of the call.
    #[serde(with = "digits")]
    pub number: u64,
    /// The worker that made it.
    pub worker: u32,
}

/// Something that happened to the run itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "event")]
pub struct Event {
    /// When.
    pub at_ns: u64,
    /// When it was over, for what lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ns: Option<u64>,
    /// What kind of thing: `gap`, `signal`, `abort` and the like.
    pub kind: String,
    /// What happened, for people.
    pub text: String,
}

/// The last line, of type `summary`. A run without it did not come to its end.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "summary")]
pub struct Closing {
    /// What is known after a run about it.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub facts: Value,
    /// Ticks in the file.
    pub ticks: u64,
    /// Calls in their rows.
    pub done: u64,
    /// Calls in their rows of the warm-up.
    pub warmup_done: u64,
}

/// What a line is.
#[derive(Debug, Deserialize)]
pub(super) struct Kind {
    /// Its type.
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// The version that a header names.
#[derive(Debug, Deserialize)]
pub(super) struct Version {
    /// The format and its version.
    pub(super) format: String,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An outcome as its word.
mod word {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::stats::Outcome;

    pub(super) fn serialize<S: Serializer>(outcome: &Outcome, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(outcome.word())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Outcome, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        let known = [Outcome::Ok, Outcome::Fail, Outcome::Fault];
        let outcome = known.into_iter().find(|outcome| outcome.word() == word);
        outcome.ok_or_else(|| D::Error::unknown_variant(&word, &["ok", "fail", "fault"]))
    }
}

/// A number as a string of decimal digits.
mod digits {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}
