//! Operations beside each other as any comparison is shown: each as if it had had a run of its own.

use super::{Side, SideBySide, is_invalid};
use crate::compare::{Comparison, Metric};
use crate::report::comparison::{Against, ComparisonView, Kind, Note, Side as SideView};

impl SideBySide<'_> {
    /// The fastest as A, and the others.
    pub fn view(&self) -> ComparisonView {
        let compared = self.sides.iter();
        let compared = compared.filter_map(|side| side.against_fastest.as_ref());
        let batches = compared.map(|comparison| comparison.batches[0]).next();
        let side = |side: &Side| SideView {
            name: self.name(side).to_owned(),
            summary: self.run.summary.of_operation(side.operation),
            batches: batches.unwrap_or(0),
            series: self.run.series.of_operation(side.operation),
        };
        let against = self.sides.iter().enumerate().filter_map(|(index, side)| {
            Some(Against {
                side: index,
                comparison: without_rate(side.against_fastest.as_ref()?),
                is_believed: !is_invalid(self.run),
            })
        });
        ComparisonView {
            kind: Kind::Interleaved,
            settings: self.settings,
            sides: self.sides.iter().map(side).collect(),
            against: against.collect(),
            rules: self.rules.clone(),
            notes: self.remarks().chain(self.held()).map(Note::info).collect(),
            exit_code: self.exit_code(),
        }
    }

    /// What the rules are about, which need not be the fastest.
    fn held(&self) -> Option<String> {
        let first = self.sides.iter().position(|side| side.operation == 0)?;
        (!self.rules.is_empty()).then(|| {
            format!(
                "the rules are about the difference from {}, {}, which was named first",
                ComparisonView::label(first),
                self.name(&self.sides[first])
            )
        })
    }

    /// What follows, in words: sentences without full stop.
    pub(super) fn remarks(&self) -> impl Iterator<Item = String> {
        let sentences = self.sides.iter();
        let sentences = sentences.filter_map(|side| self.sentence(side, &str::to_owned));
        sentences.chain(self.remainder().map(str::to_owned))
    }
}

/// How many calls there are in a second was decided for all by the taking of turns.
fn without_rate(of: &Comparison) -> Comparison {
    let mut comparison = of.clone();
    comparison
        .figures
        .retain(|figure| figure.metric != Metric::CallsPerS);
    comparison
}
