//! The calls of a run by tag, as they are drawn one upon the other.

use std::collections::BTreeMap;

use super::data::Layer;
use super::shown::named;
use super::stretches::Stretch;
use super::tables::operation;
use crate::report::format;
use crate::report::view::Series;
use crate::stats::{Outcome, RowKey, Summary};

/// Tags with a layer of their own, of those that went as meant and of those that did not.
const LAYERS: usize = 4;

/// Points of a spark line.
const SPARK: usize = 60;

/// What is drawn of a row besides its figures.
#[derive(Debug, Clone, Default)]
pub(super) struct DrawnRow {
    /// How many calls ended over time, in hundredths of the most.
    pub(super) spark: Vec<u8>,
    /// Which layer it is, or is in.
    pub(super) layer: Option<usize>,
}

/// The calls by tag. Those that did not go as meant are lowest, so that one sees them.
pub(super) fn layers(
    summary: &Summary,
    series: &Series,
    stretches: &[Stretch<'_>],
) -> (Vec<Layer>, Vec<DrawnRow>) {
    let mut counts = counts(series, stretches);
    let mut rows = vec![DrawnRow::default(); summary.rows.len()];
    let mut layers: Vec<Layer> = Vec::new();
    for is_ok in [false, true] {
        let mut of_kind: Vec<usize> = (0..summary.rows.len())
            .filter(|row| (summary.rows[*row].key.outcome == Outcome::Ok) == is_ok)
            .collect();
        of_kind.sort_by_key(|row| std::cmp::Reverse(summary.rows[*row].count));
        for (rank, row) in of_kind.iter().copied().enumerate() {
            let key = &summary.rows[row].key;
            let counted = counts
                .remove(key)
                .unwrap_or_else(|| vec![0; stretches.len()]);
            rows[row].spark = spark(&counted);
            if rank < LAYERS {
                layers.push(Layer {
                    label: label(summary, key),
                    outcome: key.outcome.word().to_owned(),
                    total: format::count(summary.rows[row].count),
                    counts: counted,
                });
            } else if let (true, Some(last)) = (rank > LAYERS, layers.last_mut()) {
                for (sum, more) in last.counts.iter_mut().zip(counted) {
                    *sum += more;
                }
            } else {
                layers.push(others(summary, &of_kind[LAYERS..], is_ok, counted));
            }
            rows[row].layer = Some(layers.len() - 1);
        }
    }
    (layers, rows)
}

/// How many calls of each row ended in each stretch.
fn counts<'a>(series: &'a Series, stretches: &[Stretch<'_>]) -> BTreeMap<&'a RowKey, Vec<u64>> {
    let mut counts = vec![vec![0; stretches.len()]; series.keys.len()];
    for (at, stretch) in stretches.iter().enumerate() {
        for row in stretch.ticks.iter().flat_map(|tick| &tick.rows) {
            if let Some(of_row) = counts.get_mut(row.row) {
                of_row[at] += row.count;
            }
        }
    }
    series.keys.iter().zip(counts).collect()
}

/// The layer of what has none of its own.
fn others(summary: &Summary, rows: &[usize], is_ok: bool, counts: Vec<u64>) -> Layer {
    let total = rows.iter().map(|row| summary.rows[*row].count).sum();
    let outcome = if is_ok { Outcome::Ok } else { Outcome::Fail };
    let tags = format::plural(rows.len() as u64, "more tag", "more tags");
    Layer {
        label: format!("{tags} ({})", outcome.word()),
        outcome: outcome.word().to_owned(),
        total: format::count(total),
        counts,
    }
}

fn label(summary: &Summary, key: &RowKey) -> String {
    let (operation, tag) = (operation(summary, key), named(&key.tag));
    match operation.is_empty() {
        true => tag,
        false => format!("{operation} {tag}"),
    }
}

/// The shape of counts over time, in so few points that it fits a table.
fn spark(counts: &[u64]) -> Vec<u8> {
    let points: Vec<f64> = counts
        .chunks(counts.len().div_ceil(SPARK).max(1))
        .map(|part| part.iter().sum::<u64>() as f64 / part.len() as f64)
        .collect();
    let most = points.iter().copied().fold(0.0, f64::max);
    let share = |point: f64| {
        if most > 0.0 {
            (point / most * 100.0).round() as u8
        } else {
            0
        }
    };
    points.into_iter().map(share).collect()
}
