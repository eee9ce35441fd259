//! Durations in the buckets of an HdrHistogram with three significant digits, from 1 ns to one hour.
//!
//! The buckets, and so the interchange format and the error of at most 0.1 %, are those of HdrHistogram.
//! Counts are kept here in pages, one for each power of two, made when a value first falls into them, because a run
//! has several histograms for every tag and nearly all of their 264 KiB stay untouched. Recording into a page that
//! exists neither allocates nor branches on more than that page. Count, sum, minimum and maximum are exact.

mod encoded;

use super::hdr;

pub use super::hdr::HdrError;
pub use encoded::{Encoded, EncodedError};

/// The longest duration with a bucket of its own, one hour in nanoseconds. A longer one is counted in the last bucket
/// and still enters count, sum and maximum as it is.
pub const HIGHEST_NS: u64 = 3_600_000_000_000;

/// Significant decimal digits kept.
pub const DIGITS: u8 = 3;

/// Samples that must lie beyond a percentile for it to be told.
pub const SAMPLES_BEYOND: u64 = 10;

/// 2048 sub-buckets are what three digits take; every page but the first is the upper half of them.
const PAGE: usize = 1024;
const PAGE_BITS: u32 = PAGE.ilog2();
const PAGES: usize = (HIGHEST_NS.ilog2() - PAGE_BITS) as usize + 2;

/// Buckets that a duration can fall into. A bucket's index, its page times 1024 plus its slot, is that of HdrHistogram.
pub(super) const BUCKETS: usize = index(place(HIGHEST_NS)) + 1;

/// Counted durations. See the module's description.
#[derive(Clone, PartialEq, Eq)]
pub struct Histogram {
    pages: [Option<Box<[u64; PAGE]>>; PAGES],
    count: u64,
    sum: u128,
    min: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram {
            pages: [const { None }; PAGES],
            count: 0,
            sum: 0,
            min: u64::MAX,
            max: 0,
        }
    }
}

impl std::fmt::Debug for Histogram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (min, max) = (self.min(), self.max());
        f.debug_struct("Histogram")
            .field("count", &self.count)
            .field("min", &min)
            .field("max", &max)
            .finish()
    }
}

impl Histogram {
    /// An empty one. Allocates nothing.
    pub fn new() -> Histogram {
        Histogram::default()
    }

    /// Counts one duration.
    pub fn record(&mut self, ns: u64) {
        let (page, slot) = place(ns);
        let counts = self.pages[page].get_or_insert_with(|| Box::new([0; PAGE]));
        counts[slot] += 1;
        self.count += 1;
        self.sum += u128::from(ns);
        self.min = self.min.min(ns);
        self.max = self.max.max(ns);
    }

    /// Counts `count` durations of the same length.
    pub fn record_n(&mut self, ns: u64, count: u64) {
        if count == 0 {
            return;
        }
        let (page, slot) = place(ns);
        let counts = self.pages[page].get_or_insert_with(|| Box::new([0; PAGE]));
        counts[slot] = counts[slot].saturating_add(count);
        self.count = self.count.saturating_add(count);
        self.sum = self.sum.saturating_add(u128::from(ns) * u128::from(count));
        self.min = self.min.min(ns);
        self.max = self.max.max(ns);
    }

    /// The shortest duration in the bucket that `ns` falls into, in nanoseconds.
    pub fn bucket_floor(ns: u64) -> u64 {
        let (page, slot) = place(ns);
        bucket(page, slot, 0).low
    }

    /// The buckets that are not empty by their index, with their counts, in ascending order.
    pub(crate) fn indexed(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        let counts = self.counts();
        counts.map(|(place, count)| (index(place) as u32, count))
    }

    /// The shortest and the longest duration in the bucket with this index, in nanoseconds.
    pub(crate) fn bucket_at(index: u32) -> (u64, u64) {
        let index = (index as usize).min(BUCKETS - 1);
        let Bucket { low, high, .. } = bucket(index / PAGE, index % PAGE, 0);
        (low, high)
    }

    /// Adds what `other` has counted.
    pub fn merge(&mut self, other: &Histogram) {
        for (mine, theirs) in self.pages.iter_mut().zip(&other.pages) {
            match (mine, theirs) {
                (_, None) => {}
                (Some(mine), Some(theirs)) => {
                    for (count, more) in mine.iter_mut().zip(theirs.iter()) {
                        *count += more;
                    }
                }
                (mine @ None, Some(theirs)) => *mine = Some(theirs.clone()),
            }
        }
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many durations were counted.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// True if none was.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The shortest, exactly.
    pub fn min(&self) -> Option<u64> {
        (self.count > 0).then_some(self.min)
    }

    /// The longest, exactly.
    pub fn max(&self) -> Option<u64> {
        (self.count > 0).then_some(self.max)
    }

    /// The sum, exactly.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The arithmetic mean in nanoseconds, from the exact sum.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// The standard deviation (of the population) in nanoseconds, with each duration taken as the middle of its bucket.
    pub fn stdev(&self) -> Option<f64> {
        let mean = self.mean()?;
        if self.min == self.max {
            return Some(0.0);
        }
        let squares = |bucket: Bucket| {
            let off = (bucket.low as f64 + bucket.high as f64) / 2.0 - mean;
            off * off * bucket.count as f64
        };
        Some((self.buckets().map(squares).sum::<f64>() / self.count as f64).sqrt())
    }

    /// The duration that a share `q` (0 to 1) of all does not exceed, to three digits; `None` where fewer than
    /// [`SAMPLES_BEYOND`] lie beyond it.
    pub fn quantile(&self, q: f64) -> Option<u64> {
        let rank = rank(q, self.count);
        (self.count - rank >= SAMPLES_BEYOND).then(|| self.value_at_rank(rank))
    }

    /// The duration that is `rank`th when all are sorted, counted from 1: the upper end of its bucket, as
    /// HdrHistogram has it, but never beyond the exact minimum and maximum. 0 where there is none.
    pub(crate) fn value_at_rank(&self, rank: u64) -> u64 {
        let mut seen = 0;
        for bucket in self.buckets() {
            seen += bucket.count;
            if seen >= rank {
                return bucket.high.clamp(self.min, self.max);
            }
        }
        self.max
    }

    /// The buckets that are not empty, in ascending order.
    pub fn buckets(&self) -> impl Iterator<Item = Bucket> + '_ {
        self.counts()
            .map(|((page, slot), count)| bucket(page, slot, count))
    }

    /// The counts that are not 0 with their page and slot, in ascending order.
    fn counts(&self) -> impl Iterator<Item = ((usize, usize), u64)> + '_ {
        let pages = self
            .pages
            .iter()
            .enumerate()
            .filter_map(|(page, counts)| Some((page, counts.as_ref()?)));
        pages.flat_map(|(page, counts)| {
            let used = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
            used.map(move |(slot, &count)| ((page, slot), count))
        })
    }

    /// How many durations lie at or above `from` and below `to`, to the precision of the buckets: all of a bucket count
    /// where it begins, but never below the exact minimum.
    pub fn count_between(&self, from: u64, to: u64) -> u64 {
        let least = self.min.min(HIGHEST_NS);
        let is_between = |bucket: &Bucket| (from..to).contains(&bucket.low.max(least));
        self.buckets()
            .filter(is_between)
            .map(|bucket| bucket.count)
            .sum()
    }

    /// The histogram in HdrHistogram's own interchange format, V2 with DEFLATE in base64, readable by every
    /// implementation of it. `None` if it cannot be encoded: the format has no counts above 2^63 - 1.
    pub fn v2_deflate_base64(&self) -> Option<String> {
        hdr::encode(self.counts().map(|(place, count)| (index(place), count)))
    }

    /// Bytes of memory held by the counts.
    pub fn memory(&self) -> usize {
        self.pages.iter().flatten().count() * PAGE * size_of::<u64>()
    }
}

/// A bucket that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// The shortest duration in it, in nanoseconds.
    pub low: u64,
    /// The longest, in nanoseconds.
    pub high: u64,
    /// How many durations it holds.
    pub count: u64,
}

/// The rank, from 1, that a share `q` of `count` samples reaches. The subtraction keeps a product that is whole in
/// decimals (0.999 × 1000) from being rounded up for its binary error.
pub(crate) fn rank(q: f64, count: u64) -> u64 {
    let exact = q.clamp(0.0, 1.0) * count as f64;
    ((exact * (1.0 - 1e-12)).ceil() as u64).clamp(count.min(1), count)
}

/// The page and slot of a duration.
const fn place(ns: u64) -> (usize, usize) {
    let ns = if ns > HIGHEST_NS { HIGHEST_NS } else { ns };
    if ns < PAGE as u64 {
        return (0, ns as usize);
    }
    let shift = ns.ilog2() - PAGE_BITS;
    (shift as usize + 1, (ns >> shift) as usize & (PAGE - 1))
}

/// The index of the bucket at a page and slot.
const fn index((page, slot): (usize, usize)) -> usize {
    page * PAGE + slot
}

fn bucket(page: usize, slot: usize, count: u64) -> Bucket {
    let shift = page.saturating_sub(1);
    let mantissa = if page == 0 { slot } else { slot + PAGE };
    let low = (mantissa as u64) << shift;
    Bucket {
        low,
        high: low + (1 << shift) - 1,
        count,
    }
}

#[cfg(test)]
mod tests;
