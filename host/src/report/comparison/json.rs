//! A comparison for programs: one JSON document, `gorgon.comparison/0`.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Against, ComparisonView, Kind, RuleOf, Side};
use crate::compare::{self, CONFIDENCE, Compared, Metric, recommended_calls};
use crate::report::json::{Agreement, VerdictState, verdict_state};
use crate::stats::Row;

/// Name and version of the format. The version counts what breaks readers; additions do not.
pub const SCHEMA: &str = "gorgon.comparison/0";

/// Runs, or operations of one run, compared with a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "gorgon.comparison/0")]
pub struct Document {
    /// Name and version of this format: `gorgon.comparison/0`. To be checked first.
    pub schema: String,
    /// What the process exits with, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<u8>,
    /// How the sides were made.
    pub kind: SidesKind,
    /// How often an interval contains the true difference.
    pub confidence: f64,
    /// The least difference that matters, as a part of the baseline's figure.
    pub min_effect: f64,
    /// The least difference of a share that matters, in parts of one.
    pub min_effect_points: f64,
    /// The sides; the first is the baseline.
    pub sides: Vec<SideDocument>,
    /// Each of the others against the baseline.
    pub comparisons: Vec<ComparisonDocument>,
    /// Whether interleaved sides answered the same numbers alike; null where nobody asked.
    pub agreement: Option<Agreement>,
    /// What became of the rules that the comparison is held to.
    pub rules: Vec<RuleDocument>,
    /// Remarks, the warnings first.
    pub notes: Vec<NoteDocument>,
}

/// How the sides of a comparison were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SidesKind {
    /// Each in a run of its own.
    Runs,
    /// Side by side in one run.
    Interleaved,
}

/// One side.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SideDocument {
    /// The letter that it goes by.
    pub label: String,
    /// The name of a run as it was given, or of an operation.
    pub name: String,
    /// The name of its run.
    pub run_id: String,
    /// When its run started, as RFC 3339 has it.
    pub started: String,
    /// The version of gorgon.
    pub gorgon: String,
    /// The operations.
    pub components: Vec<ComponentDocument>,
    /// Calls that ended.
    pub calls: u64,
    /// From the first call to the last end, the warm-up left out.
    pub elapsed_ns: u64,
    /// The stretches that its figures are learnt from.
    pub batches: u64,
    /// Whether its figures can be trusted.
    pub verdict: VerdictState,
    /// The figures of an interleaved side; null for a run, whose summary has them.
    pub figures: Option<FiguresDocument>,
    /// The most memory that one instance had, where known.
    pub memory_peak_bytes: Option<u64>,
    /// Its calls by operation, outcome and tag.
    pub tags: Vec<TagDocument>,
}

/// The figures of one interleaved side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FiguresDocument {
    /// Calls that the operation calls a success.
    pub ok: u64,
    /// Those that it calls a failure.
    pub fail: u64,
    /// Those that the host had to end.
    pub fault: u64,
    /// The median, however few calls there are.
    pub p50_ns: Option<u64>,
    /// The mean.
    pub mean_ns: Option<u64>,
    /// The standard deviation.
    pub stdev_ns: Option<u64>,
    /// The sum.
    pub sum_ns: Option<u64>,
    /// The 99th percentile; null where fewer than ten calls lie beyond it.
    pub p99_ns: Option<u64>,
    /// The shortest.
    pub min_ns: Option<u64>,
    /// The longest.
    pub max_ns: Option<u64>,
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComponentDocument {
    /// The name it goes by.
    pub name: String,
    /// The SHA-256 of its file in lower-case hexadecimal.
    pub sha256: String,
}

/// Calls with one tag.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TagDocument {
    /// The operation.
    pub operation: String,
    /// The tag.
    pub tag: String,
    /// `ok`, `fail` or `fault`.
    pub outcome: String,
    /// How many there are.
    pub count: u64,
    /// The part of all calls of the side, 0 to 1.
    pub share: f64,
    /// The median of what callers felt; null where too few samples stand behind it.
    pub p50_ns: Option<u64>,
}

/// A side against the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ComparisonDocument {
    /// The label of the baseline.
    pub a: String,
    /// The label of the other.
    pub b: String,
    /// Whether both are the same calls.
    pub identical: bool,
    /// Whether both can be believed. Where not, no verdict says anything.
    pub believed: bool,
    /// The figures.
    pub figures: Vec<FigureDocument>,
}

/// One figure of both.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FigureDocument {
    /// `rate`, `p50`, `p90`, `p99`, `mean` or `fail`.
    pub figure: String,
    /// The unit of `a` and `b`.
    pub unit: UnitDocument,
    /// Of the baseline; null where there is none, or too few samples stand behind it.
    pub a: Option<f64>,
    /// Of the other, likewise.
    pub b: Option<f64>,
    /// B − A, as a part of A (0.05 is 5 % more); for a share in parts of one (0.01 is a point).
    pub difference: Option<f64>,
    /// Where the true difference lies, in the same unit.
    pub interval: Option<IntervalDocument>,
    /// The least difference that matters, in the same unit.
    pub min_effect: f64,
    /// What follows.
    pub verdict: VerdictDocument,
    /// How many calls each side would need for the least difference that matters to be found nine times of ten.
    pub recommended_calls: Option<u64>,
}

/// The unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitDocument {
    /// Nanoseconds.
    Ns,
    /// Per second.
    PerS,
    /// A part of one.
    Share,
}

/// Two ends, both within.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct IntervalDocument {
    /// The lower.
    pub low: f64,
    /// The upper.
    pub high: f64,
}

/// What a comparison says of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictDocument {
    /// B is better.
    Better,
    /// B is worse.
    Worse,
    /// They differ by less than matters.
    Same,
    /// None of these can be said.
    NoEvidence,
    /// There are too few calls or stretches to say anything.
    NotEnoughData,
}

/// A rule that a side was held to.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RuleDocument {
    /// The rule.
    pub rule: String,
    /// The label of the side.
    pub b: String,
    /// What became of it.
    pub result: ResultDocument,
    /// The interval that was judged.
    pub interval: Option<IntervalDocument>,
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResultDocument {
    /// It holds.
    Pass,
    /// The whole interval lies beyond it.
    Fail,
    /// There is no interval to judge.
    NoData,
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoteDocument {
    /// How grave it is.
    pub level: LevelDocument,
    /// A sentence without full stop.
    pub text: String,
}

/// How grave a remark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelDocument {
    /// It may mislead.
    Warn,
    /// It only explains.
    Info,
}

/// Writes the document.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, view: &ComparisonView) -> io::Result<()> {
    crate::report::document::write(out, &document(view))
}

/// The JSON Schema of the document.
pub fn schema() -> serde_json::Value {
    crate::report::document::schema::<Document>()
}

/// The document of a comparison.
pub fn document(view: &ComparisonView) -> Document {
    let notes = view.remarks().into_iter().map(|note| NoteDocument {
        level: match note.is_warning {
            true => LevelDocument::Warn,
            false => LevelDocument::Info,
        },
        text: note.text,
    });
    Document {
        schema: SCHEMA.to_owned(),
        exit_code: view.exit_code,
        kind: match view.kind {
            Kind::Runs => SidesKind::Runs,
            Kind::Interleaved => SidesKind::Interleaved,
        },
        confidence: CONFIDENCE,
        min_effect: view.settings.min_effect,
        min_effect_points: view.settings.min_points(),
        sides: view.sides.iter().enumerate().map(side).collect(),
        comparisons: view.against.iter().map(comparison).collect(),
        agreement: None,
        rules: view.rules.iter().map(rule).collect(),
        notes: notes.collect(),
    }
}

fn side((index, side): (usize, &Side)) -> SideDocument {
    let (facts, summary) = (&side.summary.facts, &side.summary);
    let components = facts.components.iter().map(|component| ComponentDocument {
        name: component.name.clone(),
        sha256: component.sha256.clone(),
    });
    let tag = |row: &Row| TagDocument {
        operation: summary.operation(row.key.operation).to_owned(),
        tag: row.key.tag.clone(),
        outcome: row.key.outcome.word().to_owned(),
        count: row.count,
        share: summary.share(row.count).unwrap_or(0.0),
        p50_ns: row.latency.felt().ended.quantile(0.5),
    };
    SideDocument {
        label: ComparisonView::label(index),
        name: side.name.clone(),
        run_id: facts.run_id.clone(),
        started: facts.started.clone(),
        gorgon: facts.gorgon.clone(),
        components: components.collect(),
        calls: summary.done(),
        elapsed_ns: facts.elapsed_ns,
        batches: side.batches as u64,
        verdict: facts
            .verdict
            .as_ref()
            .map_or(VerdictState::NotAssessed, |verdict| {
                verdict_state(verdict.state)
            }),
        figures: None,
        memory_peak_bytes: facts.instances.memory_peak_bytes,
        tags: summary.rows.iter().map(tag).collect(),
    }
}

fn comparison(against: &Against) -> ComparisonDocument {
    ComparisonDocument {
        a: ComparisonView::label(0),
        b: ComparisonView::label(against.side),
        identical: against.comparison.is_identical,
        believed: against.is_believed,
        figures: against.comparison.figures.iter().map(figure).collect(),
    }
}

fn figure(figure: &Compared) -> FigureDocument {
    FigureDocument {
        figure: figure.metric.word().to_owned(),
        unit: match figure.metric {
            Metric::CallsPerS => UnitDocument::PerS,
            Metric::Fail => UnitDocument::Share,
            Metric::P50 | Metric::P90 | Metric::P99 | Metric::Mean => UnitDocument::Ns,
        },
        a: figure.a,
        b: figure.b,
        difference: figure.difference,
        interval: figure.interval.map(interval),
        min_effect: figure.min_effect,
        verdict: match figure.verdict {
            compare::Verdict::Better => VerdictDocument::Better,
            compare::Verdict::Worse => VerdictDocument::Worse,
            compare::Verdict::Same => VerdictDocument::Same,
            compare::Verdict::NoEvidence => VerdictDocument::NoEvidence,
            compare::Verdict::NotEnoughData => VerdictDocument::NotEnoughData,
        },
        recommended_calls: recommended_calls(figure, figure.min_effect),
    }
}

fn interval(of: compare::Interval) -> IntervalDocument {
    IntervalDocument {
        low: of.low,
        high: of.high,
    }
}

fn rule(of: &RuleOf) -> RuleDocument {
    RuleDocument {
        rule: of.judged.rule.clone(),
        b: ComparisonView::label(of.side),
        result: match of.judged.result {
            compare::RuleResult::Pass => ResultDocument::Pass,
            compare::RuleResult::Fail => ResultDocument::Fail,
            compare::RuleResult::NoData => ResultDocument::NoData,
        },
        interval: of.judged.interval.map(interval),
    }
}
