//! A percentile over time, in steps that are no finer than there are calls for.

use super::data::Line;
use crate::stats::Histogram;

/// A percentile while it is drawn.
///
/// A percentile needs ten calls beyond it, and a short stretch of a run has not as many: then it is drawn for several
/// neighbours together. What is left at the end goes with those before.
#[derive(Debug)]
pub(super) struct Drawn {
    quantile: f64,
    line: Line,
    /// What the value to come is of.
    open: Histogram,
    open_span: u32,
    /// What the last value is of.
    last: Histogram,
}

impl Drawn {
    /// The line of a percentile, 0 to 1.
    pub(super) fn new(label: String, quantile: f64, whole: String) -> Drawn {
        Drawn {
            quantile,
            line: Line {
                label,
                whole,
                ..Line::default()
            },
            open: Histogram::new(),
            open_span: 0,
            last: Histogram::new(),
        }
    }

    /// Goes on by a stretch.
    pub(super) fn push(&mut self, felt: &Histogram) {
        if self.open_span == 0 && felt.is_empty() {
            self.line.spans.push(1);
            self.line.values.push(None);
            return;
        }
        self.open.merge(felt);
        self.open_span += 1;
        if let Some(ns) = self.open.quantile(self.quantile) {
            self.line.spans.push(self.open_span);
            self.line.values.push(Some(ns));
            self.last = std::mem::take(&mut self.open);
            self.open_span = 0;
        }
    }

    /// The line.
    pub(super) fn finish(mut self) -> Line {
        if self.open_span == 0 {
            return self.line;
        }
        let joins = self.line.values.last().is_some_and(Option::is_some);
        if let (true, Some(span), Some(value)) = (
            joins,
            self.line.spans.last_mut(),
            self.line.values.last_mut(),
        ) {
            self.last.merge(&self.open);
            *span += self.open_span;
            *value = self.last.quantile(self.quantile);
        } else {
            self.line.spans.push(self.open_span);
            self.line.values.push(None);
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantile: f64, stretches: &[&[u64]]) -> (Vec<u32>, Vec<Option<u64>>) {
        let mut drawn = Drawn::new(String::new(), quantile, String::new());
        for stretch in stretches {
            let mut felt = Histogram::new();
            stretch.iter().for_each(|ns| felt.record(*ns));
            drawn.push(&felt);
        }
        let line = drawn.finish();
        (line.spans, line.values)
    }

    #[test]
    fn neighbours_are_taken_together_until_there_are_enough_calls() {
        let (ten, twenty): (&[u64], &[u64]) = (&[5; 10], &[7; 20]);
        assert_eq!(
            line(0.5, &[twenty, ten, ten, twenty]),
            (vec![1, 2, 1], vec![Some(7), Some(5), Some(7)])
        );
        // What is left goes with those before.
        assert_eq!(line(0.5, &[twenty, ten]), (vec![2], vec![Some(7)]));
        assert_eq!(line(0.5, &[ten]), (vec![1], vec![None]));
    }

    #[test]
    fn where_no_call_ended_there_is_a_gap() {
        let twenty: &[u64] = &[7; 20];
        assert_eq!(
            line(0.5, &[twenty, &[], &[], twenty]),
            (vec![1, 1, 1, 1], vec![Some(7), None, None, Some(7)])
        );
        assert_eq!(line(0.5, &[]), (vec![], vec![]));
    }
}
