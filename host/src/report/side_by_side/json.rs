//! Operations beside each other for programs: a document `gorgon.comparison/0` of kind `interleaved`.

use std::io::{self, Write};

use super::{Side, SideBySide, is_invalid};
use crate::compare::Metric;
use crate::report::comparison::json::{
    self, ComponentDocument, Document, FiguresDocument, LevelDocument, NoteDocument,
};
use crate::report::comparison::{Against, ComparisonView, Kind, Side as SideView};
use crate::report::json as summary;
use crate::stats::Summary;

/// Writes the document.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, of: &SideBySide<'_>) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(of)).map_err(io::Error::from)?;
    writeln!(out)
}

/// The document: that of any comparison, and what is known of operations besides.
pub(super) fn document(of: &SideBySide<'_>) -> Document {
    let whole = summary::document(&of.run.summary);
    let mut document = json::document(&view(of));
    for (side, shown) in of.sides.iter().zip(&mut document.sides) {
        shown.components = of.components(side);
        shown.figures = Some(figures(side));
        shown.memory_peak_bytes = side.memory_peak_bytes;
    }
    for compared in &mut document.comparisons {
        // How many calls there are in a second was decided for all by the taking of turns.
        let rate = Metric::CallsPerS.word();
        compared.figures.retain(|figure| figure.figure != rate);
    }
    document.agreement = whole.agreement;
    document.notes = of.notes(whole.notes);
    document
}

/// The fastest as A, and the others.
fn view(of: &SideBySide<'_>) -> ComparisonView {
    let compared = of
        .sides
        .iter()
        .find_map(|side| side.against_fastest.as_ref());
    let batches = compared.map_or(0, |comparison| comparison.batches[0]);
    let side = |side: &Side| SideView {
        name: of.name(side).to_owned(),
        summary: alone(&of.run.summary, side.operation),
        batches,
        ..SideView::default()
    };
    let against = of.sides.iter().enumerate().filter_map(|(index, side)| {
        Some(Against {
            side: index,
            comparison: side.against_fastest.clone()?,
            is_believed: !is_invalid(of.run),
        })
    });
    ComparisonView {
        kind: Kind::Interleaved,
        settings: of.settings,
        sides: of.sides.iter().map(side).collect(),
        against: against.collect(),
        rules: of.rules.clone(),
        notes: Vec::new(),
        exit_code: of.exit_code(),
    }
}

/// A result with the calls of one operation alone.
fn alone(summary: &Summary, operation: u16) -> Summary {
    let rows = summary.rows.iter();
    let rows = rows.filter(|row| row.key.operation == operation);
    Summary {
        facts: summary.facts.clone(),
        rows: rows.cloned().collect(),
        ..Summary::default()
    }
}

fn figures(side: &Side) -> FiguresDocument {
    let durations = &side.durations;
    let whole = |ns: Option<f64>| ns.map(|ns| ns.round() as u64);
    let [ok, fail, fault] = side.outcomes;
    FiguresDocument {
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

impl SideBySide<'_> {
    fn components(&self, side: &Side) -> Vec<ComponentDocument> {
        let components = &self.run.summary.facts.components;
        let component = components.get(usize::from(side.operation));
        let component = component.map(|component| ComponentDocument {
            name: component.name.clone(),
            sha256: component.sha256.clone(),
        });
        component.into_iter().collect()
    }

    /// What follows, in words, and the remarks on the run.
    fn notes(&self, of_run: Vec<summary::Note>) -> Vec<NoteDocument> {
        let info = |text: String| NoteDocument {
            level: LevelDocument::Info,
            text,
        };
        let sentences = self.sides.iter();
        let sentences = sentences.filter_map(|side| self.sentence(side, &str::to_owned));
        let own = sentences
            .chain(self.remainder().map(str::to_owned))
            .map(info);
        let of_run = of_run.into_iter().map(|note| NoteDocument {
            level: match note.level {
                summary::NoteLevel::Warning => LevelDocument::Warn,
                summary::NoteLevel::Info => LevelDocument::Info,
            },
            text: note.text,
        });
        let mut notes: Vec<NoteDocument> = own.chain(of_run).collect();
        notes.sort_by_key(|note| note.level != LevelDocument::Warn);
        notes
    }
}
