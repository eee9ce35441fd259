//! The figures of one histogram, with the calls that never ended kept in mind.
//!
//! A call that was due but not started, missed, or unfinished took longer than it was watched: it is *right-censored*
//! at that bound. Percentiles rank such calls too. Where they could change a percentile by more than a hundredth, only a
//! lower bound of it is known.

use super::histogram::{Histogram, SAMPLES_BEYOND, rank};

/// The percentiles that are reported.
pub const PERCENTILES: [f64; 7] = [50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99];

/// The part of a percentile, one in so many, that calls which never ended may move it and it still counts as known. A
/// few that were due just before the end would otherwise put every figure in doubt.
const NEGLIGIBLE: u64 = 100;

/// What is known of a percentile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantile {
    /// Its value in nanoseconds, to three digits, or the highest it may have where that hardly differs.
    Exact(u64),
    /// Only that it is longer than this, in nanoseconds.
    AtLeast(u64),
}

/// A percentile and what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percentile {
    /// Which one, 0 to 100.
    pub p: f64,
    /// Its value; `None` where fewer than ten samples lie beyond it.
    pub value: Option<Quantile>,
    /// How many samples lie beyond it, the censored ones among them.
    pub samples_beyond: u64,
}

/// Durations of calls that ended, and the bounds of those that did not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    /// The durations.
    pub ended: Histogram,
    /// How long the calls that never ended were watched. Empty for most.
    pub censored: Histogram,
}

impl Distribution {
    /// A distribution in which every call ended.
    pub fn of(ended: Histogram) -> Distribution {
        Distribution {
            ended,
            censored: Histogram::new(),
        }
    }

    /// The percentile `p`, 0 to 100.
    pub fn percentile(&self, p: f64) -> Percentile {
        self.ranked(&self.all(), p)
    }

    /// All of [`PERCENTILES`].
    pub fn percentiles(&self) -> [Percentile; PERCENTILES.len()] {
        let all = self.all();
        PERCENTILES.map(|p| self.ranked(&all, p))
    }

    /// Every call, each censored one at its bound.
    fn all(&self) -> Histogram {
        let mut all = self.ended.clone();
        all.merge(&self.censored);
        all
    }

    fn ranked(&self, all: &Histogram, p: f64) -> Percentile {
        let rank = rank(p / 100.0, all.len());
        let samples_beyond = all.len() - rank;
        let value = (samples_beyond >= SAMPLES_BEYOND).then(|| {
            // With censored calls at their bounds the percentile is at its lowest, with them at infinity at its highest.
            let lowest = all.value_at_rank(rank);
            let highest = (rank <= self.ended.len()).then(|| self.ended.value_at_rank(rank));
            match highest {
                Some(highest) if highest.saturating_sub(lowest) <= lowest / NEGLIGIBLE => {
                    Quantile::Exact(highest)
                }
                _ => Quantile::AtLeast(lowest),
            }
        });
        Percentile {
            p,
            value,
            samples_beyond,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Quantile::{AtLeast, Exact};

    #[track_caller]
    fn check(ended: &[u64], censored: &[u64], p: f64, expected: Option<Quantile>) {
        let mut distribution = Distribution::default();
        ended.iter().for_each(|&ns| distribution.ended.record(ns));
        censored
            .iter()
            .for_each(|&ns| distribution.censored.record(ns));
        assert_eq!(distribution.percentile(p).value, expected);
    }

    #[test]
    fn a_percentile_among_censored_calls_is_a_lower_bound() {
        let ended: Vec<u64> = (1..=100).collect();
        check(&ended, &[], 50.0, Some(Exact(50)));
        // 100 more are known to have taken longer than 500: the median of 200 still ended, the 90th percentile did not.
        check(&ended, &[500; 100], 50.0, Some(Exact(100)));
        check(&ended, &[500; 100], 90.0, Some(AtLeast(500)));
        // Bounds below the percentile say nothing about where it is.
        check(&ended, &[10; 100], 50.0, Some(AtLeast(10)));
        // Censored calls beyond the rank leave it as it is.
        check(&ended, &[500; 10], 10.0, Some(Exact(11)));
    }

    #[test]
    fn one_censored_call_among_many_equal_ones_moves_nothing() {
        check(&[1_000_000; 1000], &[5], 50.0, Some(Exact(1_000_000)));
        let spread: Vec<u64> = (0..1000).map(|i| 1_000_000 + i * 2_000).collect();
        check(
            &spread,
            &[5, 6],
            50.0,
            Some(Exact(spread[500].next_multiple_of(1 << 10) - 1)),
        );
    }

    #[test]
    fn with_no_call_ended_only_bounds_are_known() {
        check(&[], &[7; 30], 50.0, Some(AtLeast(7)));
        check(&[], &[], 50.0, None);
    }

    #[test]
    fn samples_beyond_count_the_censored_ones() {
        let mut distribution = Distribution::default();
        (1..=15).for_each(|ns| distribution.ended.record(ns));
        (0..5).for_each(|_| distribution.censored.record(100));
        let median = distribution.percentile(50.0);
        assert_eq!((median.samples_beyond, median.value), (10, Some(Exact(10))));
        assert_eq!(distribution.percentiles()[1].value, None);
    }
}
