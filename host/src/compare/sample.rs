//! The batches of one side, and all their durations together.

use super::batch::Batch;
use crate::stats::Histogram;
use crate::stats::histogram::{SAMPLES_BEYOND, rank};

/// One side of a comparison.
#[derive(Debug)]
pub(super) struct Sample<'a> {
    batches: Vec<&'a Batch>,
    /// The buckets in use, each with the number of durations up to and with it.
    up_to: Vec<(u32, u64)>,
}

impl<'a> Sample<'a> {
    pub(super) fn new(batches: &'a [Batch]) -> Sample<'a> {
        Sample::of(batches.iter().collect())
    }

    pub(super) fn of(batches: Vec<&'a Batch>) -> Sample<'a> {
        let mut counts: Vec<u64> = Vec::new();
        for (bucket, count) in batches.iter().flat_map(|batch| batch.counts()) {
            let bucket = bucket as usize;
            if counts.len() <= bucket {
                counts.resize(bucket + 1, 0);
            }
            counts[bucket] = counts[bucket].saturating_add(count);
        }
        let mut total = 0u64;
        let up_to = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let up_to = up_to.map(|(bucket, count)| {
            total = total.saturating_add(*count);
            (bucket as u32, total)
        });
        Sample {
            up_to: up_to.collect(),
            batches,
        }
    }

    pub(super) fn batches(&self) -> &[&'a Batch] {
        &self.batches
    }

    pub(super) fn calls(&self) -> u64 {
        self.batches.iter().map(|batch| batch.calls).sum()
    }

    pub(super) fn ok(&self) -> u64 {
        self.batches.iter().map(|batch| batch.ok).sum()
    }

    pub(super) fn seconds(&self) -> f64 {
        let ns: u128 = self
            .batches
            .iter()
            .map(|batch| u128::from(batch.length_ns))
            .sum();
        ns as f64 / 1e9
    }

    /// How many durations there are. Calls that have none are faults.
    pub(super) fn durations(&self) -> u64 {
        self.up_to.last().map_or(0, |(_, total)| *total)
    }

    pub(super) fn sum(&self) -> f64 {
        self.batches.iter().map(|batch| batch.sum()).sum()
    }

    /// The bucket of the duration that a share `q` does not exceed; `None` where too few lie beyond it to tell, or `q`
    /// is none.
    pub(super) fn quantile(&self, q: f64) -> Option<u32> {
        let count = self.durations();
        let rank = rank(q, count);
        (count - rank >= SAMPLES_BEYOND).then(|| self.at_rank(rank))?
    }

    /// The same where any number may lie beyond it; `None` where `q` is no share.
    pub(super) fn within(&self, q: f64) -> Option<u32> {
        (0.0..1.0)
            .contains(&q)
            .then(|| self.at_rank(rank(q, self.durations())))?
    }

    fn at_rank(&self, rank: u64) -> Option<u32> {
        let at = self.up_to.partition_point(|(_, up_to)| *up_to < rank);
        self.up_to.get(at).map(|(bucket, _)| *bucket)
    }
}

/// The logarithms of the shortest and longest duration in a bucket, in nanoseconds.
pub(super) fn logarithms(bucket: u32) -> (f64, f64) {
    let (low, high) = Histogram::bucket_at(bucket);
    // A call of no duration is one of less than a nanosecond.
    let log = |ns: u64| (ns as f64).max(0.5).ln();
    (log(low), log(high))
}
