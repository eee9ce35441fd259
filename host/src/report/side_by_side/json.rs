//! Operations beside each other for programs: a document `gorgon.comparison/0` of kind `interleaved`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Side, SideBySide, is_invalid};
use crate::compare::{CONFIDENCE, Compared, Comparison, Metric, recommended_calls};
use crate::report::json::{self as summary, VerdictState};
use crate::stats::{Outcome, Row};

/// Name and version of the format. The version counts what breaks readers; additions do not.
pub const SCHEMA: &str = "gorgon.comparison/0";

#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    exit_code: Option<u8>,
    kind: &'static str,
    confidence: f64,
    min_effect: f64,
    min_effect_points: f64,
    /// The fastest first.
    sides: Vec<SideDocument>,
    /// The others as B, each against the fastest as A.
    comparisons: Vec<ComparisonDocument>,
    agreement: Option<summary::Agreement>,
    rules: [(); 0],
    notes: Vec<summary::Note>,
}

#[derive(Debug, Serialize)]
struct SideDocument {
    label: String,
    name: String,
    run_id: String,
    started: String,
    gorgon: String,
    components: Vec<summary::Component>,
    /// Its place in the run that is saved.
    operation: u16,
    calls: u64,
    elapsed_ns: u64,
    batches: Option<usize>,
    verdict: VerdictState,
    figures: Figures,
    memory_peak_bytes: Option<u64>,
    tags: Vec<Tag>,
}

/// What there is to say about the times of one operation.
#[derive(Debug, Serialize)]
struct Figures {
    ok: u64,
    fail: u64,
    fault: u64,
    p50_ns: Option<u64>,
    mean_ns: Option<u64>,
    stdev_ns: Option<u64>,
    sum_ns: Option<u64>,
    p99_ns: Option<u64>,
    min_ns: Option<u64>,
    max_ns: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Tag {
    operation: String,
    tag: String,
    outcome: Outcome,
    count: u64,
    share: f64,
}

#[derive(Debug, Serialize)]
struct ComparisonDocument {
    a: String,
    b: String,
    identical: bool,
    believed: bool,
    figures: Vec<FigureDocument>,
}

#[derive(Debug, Serialize)]
struct FigureDocument {
    figure: &'static str,
    unit: &'static str,
    a: Option<f64>,
    b: Option<f64>,
    difference: Option<f64>,
    interval: Option<IntervalDocument>,
    min_effect: f64,
    verdict: String,
    recommended_calls: Option<u64>,
}

#[derive(Debug, Serialize)]
struct IntervalDocument {
    low: f64,
    high: f64,
}

/// Writes the document.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, of: &SideBySide<'_>) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(of)).map_err(io::Error::from)?;
    writeln!(out)
}

fn document(of: &SideBySide<'_>) -> Document {
    let whole = summary::document(&of.run.summary);
    let remainder = of.remainder().map(|text| summary::Note {
        level: summary::NoteLevel::Info,
        text: text.to_owned(),
    });
    let others = of.sides.iter().enumerate();
    let comparisons = others.filter_map(|(place, side)| {
        let comparison = side.against_fastest.as_ref()?;
        Some(compared(of, place, comparison))
    });
    Document {
        schema: SCHEMA,
        exit_code: of.run.exit_code,
        kind: "interleaved",
        confidence: CONFIDENCE,
        min_effect: of.settings.min_effect,
        min_effect_points: of.settings.min_points(),
        comparisons: comparisons.collect(),
        sides: (0..of.sides.len())
            .map(|place| side(of, place, &whole))
            .collect(),
        agreement: whole.agreement,
        rules: [],
        notes: remainder.into_iter().chain(whole.notes).collect(),
    }
}

fn side(of: &SideBySide<'_>, place: usize, whole: &summary::Document) -> SideDocument {
    let side = &of.sides[place];
    let facts = &of.run.summary.facts;
    let component = whole.components.get(usize::from(side.operation));
    let rows = of.run.summary.rows.iter();
    let rows = rows.filter(|row| row.key.operation == side.operation);
    // All are compared over the same stretches.
    let compared = of
        .sides
        .iter()
        .find_map(|side| side.against_fastest.as_ref());
    SideDocument {
        label: label(place),
        name: of.name(side).to_owned(),
        run_id: facts.run_id.clone(),
        started: facts.started.clone(),
        gorgon: facts.gorgon.clone(),
        components: component.into_iter().cloned().collect(),
        operation: side.operation,
        calls: side.calls(),
        elapsed_ns: facts.elapsed_ns,
        batches: compared.map(|comparison| comparison.batches[0]),
        verdict: whole.verdict.state,
        figures: figures(side),
        memory_peak_bytes: side.memory_peak_bytes,
        tags: rows.map(|row| tag(of, side, row)).collect(),
    }
}

fn figures(side: &Side) -> Figures {
    let durations = &side.durations;
    let whole = |ns: Option<f64>| ns.map(|ns| ns.round() as u64);
    let [ok, fail, fault] = side.outcomes;
    Figures {
        ok,
        fail,
        fault,
        p50_ns: side.median(),
        mean_ns: whole(durations.mean()),
        stdev_ns: whole(durations.stdev()),
        sum_ns: side.sum(),
        p99_ns: durations.quantile(0.99),
        min_ns: durations.min(),
        max_ns: durations.max(),
    }
}

fn tag(of: &SideBySide<'_>, side: &Side, row: &Row) -> Tag {
    Tag {
        operation: of.name(side).to_owned(),
        tag: row.key.tag.clone(),
        outcome: row.key.outcome,
        count: row.count,
        share: row.count as f64 / side.calls().max(1) as f64,
    }
}

fn compared(of: &SideBySide<'_>, place: usize, comparison: &Comparison) -> ComparisonDocument {
    ComparisonDocument {
        a: label(0),
        b: label(place),
        identical: comparison.is_identical,
        believed: !is_invalid(of.run),
        figures: comparison
            .figures
            .iter()
            // How many calls there are in a second was decided for both by the taking of turns.
            .filter(|figure| figure.metric != Metric::CallsPerS)
            .map(figure)
            .collect(),
    }
}

fn figure(of: &Compared) -> FigureDocument {
    let effect = of.difference.map_or(0.0, f64::abs).max(of.min_effect);
    FigureDocument {
        figure: of.metric.word(),
        unit: match of.metric {
            metric if metric.is_share() => "share",
            _ => "ns",
        },
        a: of.a,
        b: of.b,
        difference: of.difference,
        interval: of.interval.map(|interval| IntervalDocument {
            low: interval.low,
            high: interval.high,
        }),
        min_effect: of.min_effect,
        verdict: of.verdict.word().replace(' ', "_"),
        recommended_calls: recommended_calls(of, effect),
    }
}

/// `A` for the fastest, then `B` and so on; from the 27th on numbers.
fn label(place: usize) -> String {
    match u8::try_from(place) {
        Ok(place @ 0..26) => char::from(b'A' + place).to_string(),
        _ => (place + 1).to_string(),
    }
}
