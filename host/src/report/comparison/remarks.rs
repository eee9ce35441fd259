//! What the table of a comparison does not say by itself: what can be believed, and how long a run would tell more.

use super::words::{effect, name};
use super::{Against, ComparisonView, Kind, Note};
use crate::compare::{BATCHES_LEAST, Verdict, recommended_calls};
use crate::report::format;

impl ComparisonView {
    /// All remarks: those given, then what follows from the comparison itself, the warnings first.
    pub(in crate::report) fn remarks(&self) -> Vec<Note> {
        let mut notes = self.notes.clone();
        for (index, side) in self.sides.iter().enumerate() {
            let whose = match (self.kind, index) {
                (Kind::Runs, _) => ComparisonView::label(index),
                (Kind::Interleaved, 0) => "the run".to_owned(),
                // They share it.
                (Kind::Interleaved, _) => continue,
            };
            if let Some(reason) = side.invalid() {
                notes.push(Note::warning(format!(
                    "{whose} is invalid, so that nothing it says is evidence: {}",
                    reason.text
                )));
            }
        }
        for against in &self.against {
            let about = self.about(against).into_iter().map(|mut note| {
                if self.against.len() > 1 {
                    let [a, b] = [0, against.side].map(ComparisonView::label);
                    note.text = format!("{b} and {a}: {}", note.text);
                }
                note
            });
            notes.extend(about);
        }
        notes.sort_by_key(|note| !note.is_warning);
        notes
    }

    fn about(&self, against: &Against) -> Vec<Note> {
        let (a, b) = (
            ComparisonView::label(0),
            ComparisonView::label(against.side),
        );
        let comparison = &against.comparison;
        if comparison.is_identical {
            return vec![Note::info(format!(
                "{a} and {b} are identical: the same calls, stretch by stretch"
            ))];
        }
        let notes = [self.more_calls(against), self.too_little(against, &a, &b)];
        notes.into_iter().flatten().collect()
    }

    /// How many calls would tell the least difference that matters, where these do not.
    fn more_calls(&self, against: &Against) -> Option<Note> {
        if !against.is_believed {
            return None;
        }
        let figures = against.comparison.figures.iter();
        let unsure = figures.filter(|figure| figure.verdict == Verdict::NoEvidence);
        let wanted: Vec<String> = unsure
            .filter_map(|figure| {
                let calls = recommended_calls(figure, figure.min_effect)?;
                Some(format!("{} {}", name(figure.metric), format::count(calls)))
            })
            .collect();
        let effect = effect(self.settings.min_effect);
        let each = match self.kind {
            Kind::Runs => "each run",
            Kind::Interleaved => "each operation",
        };
        (!wanted.is_empty()).then(|| {
            Note::info(format!(
                "calls of {each} that would tell a difference of {effect}, nine times of ten: {}",
                wanted.join(", ")
            ))
        })
    }

    fn too_little(&self, against: &Against, a: &str, b: &str) -> Option<Note> {
        let comparison = &against.comparison;
        let figures = comparison.figures.iter();
        let lacking = figures.filter(|figure| figure.verdict == Verdict::NotEnoughData);
        let lacking: Vec<&str> = lacking.map(|figure| name(figure.metric)).collect();
        if lacking.is_empty() {
            return None;
        }
        let [of_a, of_b] = comparison.batches;
        let text = if of_a < BATCHES_LEAST || of_b < BATCHES_LEAST {
            format!(
                "not enough data: {a} has {} and {b} {of_b}; {BATCHES_LEAST} are needed, so longer runs are",
                format::plural(of_a as u64, "stretch", "stretches")
            )
        } else {
            format!(
                "not enough data for {}: too few calls lie beyond it, or all of a run's resemble each other; longer runs have more",
                lacking.join(", ")
            )
        };
        Some(Note::warning(text))
    }
}
