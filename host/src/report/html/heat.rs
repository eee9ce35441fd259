//! How often durations of each magnitude occurred over time, in columns that can be drawn.

use super::data::Heat;
use crate::stats::Histogram;
use crate::stats::histogram::HIGHEST_NS;

/// The most rows: more could not be told apart.
const ROWS: usize = 36;

/// The most columns: what the widest page has room for.
pub(super) const COLUMNS: usize = 1_200;

/// Rows for each tenfold duration, the finest first.
const PER_DECADE: [u32; 12] = [40, 32, 24, 20, 16, 12, 10, 8, 6, 5, 4, 3];

/// A heat map while it is filled.
#[derive(Debug)]
pub(super) struct Filled {
    edges_ns: Vec<f64>,
    stretches: usize,
    columns: Vec<Vec<u64>>,
    /// Stretches that were put in.
    filled: usize,
}

impl Filled {
    /// One for so many stretches, with durations from `min_ns` to `max_ns`.
    pub(super) fn new(stretches: usize, min_ns: u64, max_ns: u64) -> Filled {
        Filled {
            edges_ns: edges(min_ns, max_ns),
            stretches: stretches.div_ceil(COLUMNS).max(1),
            columns: Vec::new(),
            filled: 0,
        }
    }

    /// Goes on by a stretch.
    pub(super) fn push(&mut self, felt: &Histogram) {
        if self.filled.is_multiple_of(self.stretches) {
            self.columns.push(vec![0; self.edges_ns.len() - 1]);
        }
        self.filled += 1;
        let Some(column) = self.columns.last_mut() else {
            return;
        };
        let (least, most) = (felt.min().unwrap_or(0), felt.max().unwrap_or(0));
        let (mut row, last) = (0, column.len() - 1);
        // Both are in ascending order.
        for bucket in felt.buckets() {
            let ns = (bucket.low.midpoint(bucket.high)).clamp(least, most) as f64;
            while row < last && self.edges_ns[row + 1] <= ns {
                row += 1;
            }
            column[row] += bucket.count;
        }
    }

    /// The heat map.
    pub(super) fn finish(self) -> Heat {
        let most = self.columns.iter().flatten().copied().max().unwrap_or(0);
        Heat {
            edges_ns: self.edges_ns,
            stretches: self.stretches,
            columns: self.columns.into_iter().map(cut).collect(),
            most,
        }
    }
}

/// A column without what is empty at its ends: the first row that is not, then the counts.
fn cut(column: Vec<u64>) -> Vec<u64> {
    let Some(first) = column.iter().position(|count| *count > 0) else {
        return Vec::new();
    };
    let last = column.iter().rposition(|count| *count > 0).unwrap_or(first);
    let counts = column[first..=last].iter().copied();
    std::iter::once(first as u64).chain(counts).collect()
}

/// The edges of as many rows as can be told apart, of equal height on a logarithmic scale, so that whole decades are
/// among them where they can be.
fn edges(min_ns: u64, max_ns: u64) -> Vec<f64> {
    let low = (min_ns.clamp(1, HIGHEST_NS) as f64).log10();
    let high = (max_ns.clamp(1, HIGHEST_NS) as f64).log10().max(low);
    // Durations that are all alike are not drawn as if they were spread.
    let (low, high) = (low - 0.1, high + 0.1);
    let rows = |per_decade: u32| {
        let per_decade = f64::from(per_decade);
        let (first, last) = ((low * per_decade).floor(), (high * per_decade).ceil());
        (first as i64, last as i64)
    };
    let fits = |per_decade: &&u32| {
        let (first, last) = rows(**per_decade);
        (last - first) as usize <= ROWS
    };
    let per_decade = PER_DECADE.iter().find(fits).copied().unwrap_or(2);
    let (first, last) = rows(per_decade);
    (first..=last)
        .map(|step| 10f64.powf(step as f64 / f64::from(per_decade)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_duration_is_in_a_cell(
            values in prop::collection::vec(prop::collection::vec(any::<u64>(), 0..20), 1..40),
            shift in 0u32..50,
        ) {
            let stretches: Vec<Histogram> = values.iter().map(|values| {
                let mut felt = Histogram::new();
                values.iter().for_each(|value| felt.record(value >> shift));
                felt
            }).collect();
            let mut all = Histogram::new();
            stretches.iter().for_each(|felt| all.merge(felt));
            let (min, max) = (all.min().unwrap_or(0), all.max().unwrap_or(0));
            let mut filled = Filled::new(stretches.len(), min, max);
            stretches.iter().for_each(|felt| filled.push(felt));
            let heat = filled.finish();
            prop_assert!(heat.edges_ns.len() <= ROWS + 1 && heat.edges_ns.is_sorted());
            prop_assert_eq!(heat.columns.len(), stretches.len());
            let counted: u64 = heat.columns.iter().flat_map(|column| column.iter().skip(1)).sum();
            prop_assert_eq!(counted, all.len());
        }
    }

    #[test]
    fn neighbours_are_added_up_where_there_are_too_many() {
        let mut felt = Histogram::new();
        felt.record(1_000);
        let mut filled = Filled::new(3_600, 1_000, 1_000);
        (0..3_600).for_each(|_| filled.push(&felt));
        let heat = filled.finish();
        assert_eq!((heat.columns.len(), heat.stretches), (1_200, 3));
        assert_eq!(heat.most, 3);
        assert!(heat.columns.iter().all(|column| column[1..] == [3]));
    }

    #[test]
    fn the_rows_span_the_durations() {
        for (min, max) in [(1, 1), (5, HIGHEST_NS), (1_000, 1_100), (0, u64::MAX)] {
            let edges = edges(min, max);
            assert!(edges.len() > 4 && edges.len() <= ROWS + 1, "{min} {max}");
            assert!(edges[0] <= min.max(1) as f64);
            assert!(edges[edges.len() - 1] >= max.min(HIGHEST_NS) as f64);
        }
    }
}
