//! What a page shows, as its scripts read it. Figures are text already, in the words of the other views; only what is
//! drawn or read off under a cursor is in numbers.

mod drawn;

use serde::Serialize;

pub use drawn::{Course, Heat, Layer, Limit, Line, Span, Spectrum};

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// What the browser calls it.
    pub title: String,
    /// The runs: what the page is about first, then what it is drawn over.
    pub runs: Vec<Run>,
    /// What they have different, where they are compared.
    pub comparison: Option<Comparison>,
}

/// What runs have different from a baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// What is compared, in a few words.
    pub title: String,
    /// Whether the sides are operations that shared one run, so that what is said of the first holds for all.
    pub is_one_run: bool,
    /// What came of it, in a few words.
    pub pill: Pill,
    /// What the sides are, in the order of their letters: the letter and what it is.
    pub sides: Vec<[String; 2]>,
    /// How sure the intervals are, and what matters.
    pub note: String,
    /// Each side against the baseline.
    pub against: Vec<Against>,
    /// What to know about that.
    pub remarks: Vec<Item>,
    /// What the comparison was held to.
    pub rules: Vec<Rule>,
}

/// What a side has different from the baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Against {
    /// The letter of the baseline.
    pub a: String,
    /// The letter of the side.
    pub b: String,
    /// The figures.
    pub figures: Vec<Difference>,
}

/// A figure of both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is.
    pub figure: String,
    /// Of the baseline.
    pub of_a: String,
    /// Of the side.
    pub of_b: String,
    /// How much it changed.
    pub change: String,
    /// Where the true change is likely to be.
    pub interval: String,
    /// What follows.
    pub verdict: Pill,
}

/// How good something is. Never shown by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// As it should be.
    Good,
    /// To be looked at.
    Warn,
    /// As it should not be.
    Bad,
    /// Neither.
    Plain,
}

/// Text with how good what it says is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pill {
    /// How good it is.
    pub mood: Mood,
    /// What it says.
    pub text: String,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    /// What it is called among the runs of the page.
    pub label: String,
    /// What ran.
    pub name: String,
    /// The name of the run, for the files that are saved from the page.
    pub id: String,
    /// How it ended, in a few words.
    pub pill: Pill,
    /// How it ended, in a line.
    pub conclusion: Pill,
    /// What ran, when, how long and with which load.
    pub meta: Vec<String>,
    /// The key figures.
    pub figures: Vec<Figure>,
    /// What it was held to.
    pub thresholds: Thresholds,
    /// Whether the figures can be trusted.
    pub trust: Trust,
    /// How long calls took.
    pub latency: Latency,
    /// How it went from stretch to stretch, or why that is not known.
    pub course: Course,
    /// Its percentiles.
    pub spectrum: Vec<Spectrum>,
    /// Its results by tag.
    pub tags: Vec<Tag>,
    /// What the operation measured inside of its calls.
    pub measurements: Vec<Measurement>,
    /// What it checked: name, passed, failed, share passed.
    pub checks: Vec<Check>,
    /// What it counted: name, total, per second.
    pub counters: Vec<[String; 3]>,
    /// How it failed.
    pub failures: Vec<Failure>,
    /// A line on the failures of further kinds.
    pub failures_beyond: Option<String>,
    /// What the calls used, and what became of them.
    pub environment: Vec<Fact>,
    /// How to repeat it.
    pub repeat: Vec<Fact>,
}

/// A key figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
    /// Its unit, where it is not in the value.
    pub unit: String,
    /// What stands below it.
    pub note: String,
    /// How good that is.
    pub mood: Mood,
    /// How much it changed from the baseline, where there is one.
    pub change: Option<Pill>,
}

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Its name; empty where it goes on about what the one before does.
    pub label: String,
    /// What it is.
    pub text: String,
    /// Whether it is for copying: a command, a digest.
    pub is_code: bool,
    /// Whether something is wrong with it.
    pub is_bad: bool,
}

/// What a run was held to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thresholds {
    /// What the process ended with.
    pub note: String,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The rule: what fails the run.
    pub rule: String,
    /// What was measured.
    pub measured: String,
    /// Where in the run that was, or why there is nothing to tell.
    pub why: String,
    /// What came of it.
    pub verdict: Pill,
}

/// Whether figures can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trust {
    /// The verdict.
    pub verdict: Pill,
    /// What speaks against them, what to know, and what was looked at and found well.
    pub items: Vec<Item>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// How good it is.
    pub mood: Mood,
    /// What it is.
    pub text: String,
    /// What shows it, or what to do.
    pub evidence: String,
}

/// How long calls took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// Which duration the charts, the tags and the key figures show.
    pub shown: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// Names and figures.
    pub rows: Vec<Figures>,
}

/// The figures of some durations, in the order of the columns of [`Latency`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// What took so long.
    pub label: String,
    /// The figures.
    pub figures: Vec<String>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tag {
    /// The operation, where there are several.
    pub operation: String,
    /// Its name.
    pub tag: String,
    /// How the calls ended.
    pub outcome: String,
    /// How many there are.
    pub count: String,
    /// Their share of all.
    pub share: String,
    /// The same, 0 to 1.
    pub part: f64,
    /// How many a second.
    pub rate: String,
    /// Their latency, in the order of the columns of [`Latency`].
    pub figures: Vec<String>,
    /// How many ended over time, in hundredths of the most.
    pub spark: Vec<u8>,
    /// Its layer in [`Course`].
    pub layer: Option<usize>,
}

/// A measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measurement {
    /// The operation, where there are several.
    pub operation: String,
    /// The tag of the calls.
    pub tag: String,
    /// How they ended.
    pub outcome: String,
    /// What was measured.
    pub name: String,
    /// How many samples there are.
    pub count: String,
    /// How long it took, in the order of the columns of [`Latency`].
    pub figures: Vec<String>,
}

/// A check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// How often it passed.
    pub passed: String,
    /// How often it failed.
    pub failed: String,
    /// The share that passed.
    pub share: String,
    /// How good that is.
    pub mood: Mood,
}

/// Failures with one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The operation, where there are several.
    pub operation: String,
    /// The tag.
    pub tag: String,
    /// How the calls ended.
    pub outcome: String,
    /// What they said.
    pub message: String,
    /// How many there are.
    pub count: String,
    /// When the first ended.
    pub at: String,
    /// Which call it was.
    pub first: String,
}
