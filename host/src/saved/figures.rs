//! What a saved run says of each stretch of its time, in bounded memory.

use super::format::Tick;
use crate::stats::histogram::Encoded;
use crate::stats::{Histogram, Outcome};

/// The most stretches that are told apart.
pub const MOST_TICKS: usize = 3_600;

/// After joining, so many are left at most, so that joining stays rare.
const JOINED_TICKS: usize = MOST_TICKS / 4 * 3;

/// The most bytes of histograms kept with them.
const MOST_BYTES: usize = 64 << 20;

/// The calls that ended in one stretch of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickFigures {
    /// When it begins, in nanoseconds since the run started.
    pub from_ns: u64,
    /// When it ends.
    pub to_ns: u64,
    /// How many there are.
    pub count: u64,
    /// How many of them went as meant.
    pub ok: u64,
    /// How many did not.
    pub fail: u64,
    /// How many were faults.
    pub fault: u64,
    /// How many calls of the warm-up ended besides.
    pub warmup: u64,
    /// The median of what callers felt (response where it exists, service otherwise), in nanoseconds; `None` where too
    /// few samples stand behind it.
    pub p50: Option<u64>,
    /// Its 99th percentile, likewise.
    pub p99: Option<u64>,
    /// The longest.
    pub max: Option<u64>,
    /// All of it. Kept in writing, because a histogram takes more than ten times as much.
    felt: Option<Encoded>,
}

impl TickFigures {
    pub(super) fn new(tick: &Tick, felt: &Histogram) -> TickFigures {
        TickFigures {
            from_ns: tick.from_ns,
            to_ns: tick.to_ns,
            count: tick.done(),
            ok: tick.done_with(Outcome::Ok),
            fail: tick.done_with(Outcome::Fail),
            fault: tick.done_with(Outcome::Fault),
            warmup: tick.warmup_done(),
            p50: None,
            p99: None,
            max: None,
            felt: None,
        }
        .with_felt(felt)
    }

    /// What the callers of these calls felt: response where it exists, service otherwise.
    pub fn felt(&self) -> Histogram {
        let felt = self.felt.as_ref().map(Encoded::decode);
        // It was encoded here, so it can be decoded.
        felt.and_then(Result::ok).unwrap_or_default()
    }

    fn with_felt(mut self, felt: &Histogram) -> TickFigures {
        self.p50 = felt.quantile(0.5);
        self.p99 = felt.quantile(0.99);
        self.max = felt.max();
        self.felt = felt.encoded();
        self
    }

    fn bytes(&self) -> usize {
        size_of::<TickFigures>() + self.felt.as_ref().map_or(0, |felt| felt.hdr.len())
    }

    /// One stretch of neighbours; `None` if there are none.
    fn joined(of: &[TickFigures]) -> Option<TickFigures> {
        let (first, rest) = of.split_first()?;
        if rest.is_empty() {
            return Some(first.clone());
        }
        let (mut all, mut felt) = (first.clone(), first.felt());
        for more in rest {
            all.to_ns = more.to_ns;
            all.count += more.count;
            all.ok += more.ok;
            all.fail += more.fail;
            all.fault += more.fault;
            all.warmup += more.warmup;
            felt.merge(&more.felt());
        }
        Some(all.with_felt(&felt))
    }
}

/// The stretches of a run, neighbours joined where there would be too many.
#[derive(Debug, Default)]
pub(super) struct Series {
    ticks: Vec<TickFigures>,
    bytes: usize,
}

impl Series {
    pub(super) fn push(&mut self, tick: TickFigures) {
        self.bytes += tick.bytes();
        self.ticks.push(tick);
        if self.ticks.len() > MOST_TICKS || self.bytes > MOST_BYTES {
            self.join();
        }
    }

    pub(super) fn into_ticks(self) -> Vec<TickFigures> {
        self.ticks
    }

    /// Joins neighbours up to a length, the shortest first, so that stretches stay alike.
    fn join(&mut self) {
        let lengths = self.ticks.iter().map(|tick| tick.to_ns - tick.from_ns);
        let mut length = lengths.min().unwrap_or(0).max(1);
        while self.ticks.len() > JOINED_TICKS || self.bytes > MOST_BYTES / 4 * 3 {
            if self.ticks.len() < 2 {
                break;
            }
            length = length.saturating_mul(2);
            let groups = groups(&self.ticks, length);
            self.ticks = groups.into_iter().filter_map(TickFigures::joined).collect();
            self.bytes = self.ticks.iter().map(TickFigures::bytes).sum();
        }
    }
}

/// Neighbours that together are not longer than `length`.
fn groups(ticks: &[TickFigures], length: u64) -> Vec<&[TickFigures]> {
    let mut groups = Vec::new();
    let mut rest = ticks;
    while let Some(first) = rest.first() {
        let ends = rest
            .iter()
            .take_while(|tick| tick.to_ns - first.from_ns <= length);
        let (group, after) = rest.split_at(ends.count().max(1));
        groups.push(group);
        rest = after;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(from_ns: u64, to_ns: u64, durations: &[u64]) -> TickFigures {
        let mut felt = Histogram::new();
        durations.iter().for_each(|&ns| felt.record(ns));
        let tick = Tick {
            from_ns,
            to_ns,
            ..Tick::default()
        };
        TickFigures {
            count: durations.len() as u64 + 5,
            ok: durations.len() as u64,
            fail: 2,
            fault: 3,
            warmup: 4,
            ..TickFigures::new(&tick, &felt)
        }
    }

    fn series(ticks: impl IntoIterator<Item = TickFigures>) -> Vec<TickFigures> {
        let mut series = Series::default();
        ticks.into_iter().for_each(|tick| series.push(tick));
        series.into_ticks()
    }

    #[test]
    fn as_many_as_are_told_apart_stay_as_they_are() {
        let ticks: Vec<_> = (0..MOST_TICKS as u64)
            .map(|i| tick(i * 50, i * 50 + 50, &[i]))
            .collect();
        assert_eq!(series(ticks.clone()), ticks);
    }

    #[test]
    fn neighbours_are_joined_exactly() {
        let many = 3 * MOST_TICKS as u64;
        let ticks = series((0..many).map(|i| tick(i * 50, i * 50 + 50, &[1_000 + i, 5])));
        assert!(ticks.len() <= MOST_TICKS, "{}", ticks.len());
        let sum = |of: fn(&TickFigures) -> u64| ticks.iter().map(of).sum::<u64>();
        assert_eq!(sum(|tick| tick.count), 7 * many);
        assert_eq!(sum(|tick| tick.ok), 2 * many);
        assert_eq!(sum(|tick| tick.fail), 2 * many);
        assert_eq!(sum(|tick| tick.fault), 3 * many);
        assert_eq!(sum(|tick| tick.warmup), 4 * many);
        assert_eq!(
            ticks.iter().map(|tick| tick.felt().len()).sum::<u64>(),
            2 * many
        );
        assert!(ticks.is_sorted_by(|a, b| a.to_ns == b.from_ns));
        assert_eq!(
            (ticks[0].from_ns, ticks[0].max),
            (0, Some(1_000 + ticks[0].to_ns / 50 - 1))
        );
        assert_eq!(
            ticks.last().map(|tick| (tick.to_ns, tick.max)),
            Some((many * 50, Some(999 + many)))
        );
    }

    #[test]
    fn the_shortest_are_joined_first() {
        let short = (0..1_800).map(|i| tick(i * 50, i * 50 + 50, &[5; 20]));
        let long = (0..1_801).map(|i| tick(90_000 + i * 100, 90_100 + i * 100, &[7; 20]));
        let ticks = series(short.chain(long));
        assert!(
            ticks
                .iter()
                .rev()
                .skip(1)
                .all(|tick| tick.to_ns - tick.from_ns == 100 || tick.to_ns - tick.from_ns == 200)
        );
        assert_eq!(ticks[0].p50, Some(5));
    }

    #[test]
    fn times_that_do_not_advance_are_joined_all_the_same() {
        let ticks = series((0..10_000).map(|_| tick(7, 7, &[3])));
        assert!(ticks.len() <= MOST_TICKS);
        assert_eq!(ticks.iter().map(|tick| tick.count).sum::<u64>(), 60_000);
        let far = series((0..4_000).map(|i| tick(i << 52, (i + 1) << 52, &[])));
        assert!(far.len() <= MOST_TICKS && far.iter().all(|tick| tick.p50.is_none()));
    }
}
