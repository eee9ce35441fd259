//! Operations beside each other for programs: a document `gorgon.comparison/0` of kind `interleaved`.

use std::io::{self, Write};

use super::{Side, SideBySide};
use crate::report::comparison::json::{
    self, ComponentDocument, Document, FiguresDocument, LevelDocument, NoteDocument,
};
use crate::report::json as summary;

/// Writes the document.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, of: &SideBySide<'_>) -> io::Result<()> {
    crate::report::document::write(out, &document(of))
}

/// The document: that of any comparison, and what is known of operations besides.
pub(super) fn document(of: &SideBySide<'_>) -> Document {
    let whole = summary::document(&of.run.summary);
    let mut document = json::document(&of.view());
    for (side, shown) in of.sides.iter().zip(&mut document.sides) {
        shown.components = of.components(side);
        shown.figures = Some(figures(side));
        shown.memory_peak_bytes = side.memory_peak_bytes;
    }
    document.agreement = whole.agreement;
    document.notes = of.notes(whole.notes);
    document
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
        let own = self.remarks().map(info);
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
