//! What a saved run says of each stretch of its time, in bounded memory.

use std::collections::BTreeMap;

use super::format::Tick;
use crate::stats::histogram::Encoded;
use crate::stats::{Histogram, Outcome, RowKey};

/// The most stretches that are told apart.
pub const MOST_TICKS: usize = 3_600;

/// After joining, so many are left at most, so that joining stays rare.
const JOINED_TICKS: usize = MOST_TICKS / 4 * 3;

/// The most bytes of histograms kept with them.
const MOST_BYTES: usize = 64 << 20;

/// What an operation's durations take in a stretch besides their bytes, roughly.
const ENTRY_BYTES: usize = 96;

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
    /// How many there are of each row that has any, in the order of the rows.
    pub rows: Vec<RowCount>,
    /// How many calls of the warm-up ended besides.
    pub warmup: u64,
    /// The median of what callers felt (response where it exists, service otherwise), in nanoseconds; `None` where too
    /// few samples stand behind it.
    pub p50: Option<u64>,
    /// Its 99th percentile, likewise.
    pub p99: Option<u64>,
    /// The longest.
    pub max: Option<u64>,
    /// All of it by operation. Kept in writing, because a histogram takes more than ten times as much.
    felt: BTreeMap<u16, Encoded>,
}

/// Calls of one row in one stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCount {
    /// The index of the row's key in the run's [`keys`](super::SavedRun::keys).
    pub row: usize,
    /// How many there are.
    pub count: u64,
}

/// The keys of the rows that a run has, each once, in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Keys {
    keys: Vec<RowKey>,
    indices: BTreeMap<RowKey, usize>,
}

impl Keys {
    pub(super) fn into_keys(self) -> Vec<RowKey> {
        self.keys
    }

    fn index(&mut self, key: RowKey) -> usize {
        *self.indices.entry(key).or_insert_with_key(|key| {
            self.keys.push(key.clone());
            self.keys.len() - 1
        })
    }
}

/// What callers felt in a stretch, by operation.
pub(super) type Felt = BTreeMap<u16, Histogram>;

impl TickFigures {
    pub(super) fn new(tick: &Tick, felt: &Felt, keys: &mut Keys) -> TickFigures {
        let mut rows = BTreeMap::new();
        for row in &tick.rows {
            *rows.entry(keys.index(row.key())).or_default() += row.count;
        }
        TickFigures {
            rows: row_counts(rows),
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
            felt: BTreeMap::new(),
        }
        .with_felt(felt)
    }

    /// What the callers of these calls felt: response where it exists, service otherwise.
    pub fn felt(&self) -> Histogram {
        let mut all = Histogram::new();
        self.felt
            .values()
            .for_each(|felt| all.merge(&decoded(felt)));
        all
    }

    /// The same of the calls of one operation of a mix.
    pub fn felt_of(&self, operation: u16) -> Histogram {
        self.felt.get(&operation).map(decoded).unwrap_or_default()
    }

    fn with_felt(mut self, felt: &Felt) -> TickFigures {
        let mut all = Histogram::new();
        felt.values().for_each(|felt| all.merge(felt));
        self.p50 = all.quantile(0.5);
        self.p99 = all.quantile(0.99);
        self.max = all.max();
        let encoded = felt.iter().map(|(of, felt)| Some((*of, felt.encoded()?)));
        self.felt = encoded.flatten().collect();
        self
    }

    fn bytes(&self) -> usize {
        let felt = self.felt.values().map(|felt| ENTRY_BYTES + felt.hdr.len());
        size_of::<TickFigures>() + size_of_val(&*self.rows) + felt.sum::<usize>()
    }

    /// One stretch of neighbours; `None` if there are none.
    fn joined(of: &[TickFigures]) -> Option<TickFigures> {
        let (first, rest) = of.split_first()?;
        if rest.is_empty() {
            return Some(first.clone());
        }
        let mut all = first.clone();
        let (mut felt, mut rows) = (Felt::new(), BTreeMap::new());
        for part in of {
            for (operation, encoded) in &part.felt {
                felt.entry(*operation).or_default().merge(&decoded(encoded));
            }
            for of in &part.rows {
                *rows.entry(of.row).or_default() += of.count;
            }
        }
        all.rows = row_counts(rows);
        for more in rest {
            all.to_ns = more.to_ns;
            all.count += more.count;
            all.ok += more.ok;
            all.fail += more.fail;
            all.fault += more.fault;
            all.warmup += more.warmup;
        }
        Some(all.with_felt(&felt))
    }
}

fn row_counts(counts: BTreeMap<usize, u64>) -> Vec<RowCount> {
    let counts = counts.into_iter();
    counts.map(|(row, count)| RowCount { row, count }).collect()
}

fn decoded(felt: &Encoded) -> Histogram {
    // It was encoded here, so it can be decoded.
    felt.decode().unwrap_or_default()
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
    use super::super::format::Row;
    use super::*;

    fn tick(from_ns: u64, to_ns: u64, durations: &[u64]) -> TickFigures {
        let (mut even, mut odd) = (Histogram::new(), Histogram::new());
        for &ns in durations {
            let one = if ns % 2 == 0 { &mut even } else { &mut odd };
            one.record(ns);
        }
        let row = |operation, tag: &str| Row {
            operation,
            outcome: Outcome::Ok,
            tag: tag.to_owned(),
            count: 2,
            inside: 2,
            first_ns: from_ns,
            open: false,
            service: None,
            lag: None,
            response: None,
        };
        let tick = Tick {
            rows: vec![row(1, "a"), row(0, "b"), row(1, "a")],
            from_ns,
            to_ns,
            ..Tick::default()
        };
        let felt = Felt::from([(0, even), (1, odd)]);
        TickFigures {
            count: durations.len() as u64 + 5,
            ok: durations.len() as u64,
            fail: 2,
            fault: 3,
            warmup: 4,
            ..TickFigures::new(&tick, &felt, &mut Keys::default())
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
        let of = |operation| {
            let felt = ticks.iter().map(move |tick| tick.felt_of(operation).len());
            felt.sum::<u64>()
        };
        assert_eq!((of(0), of(1), of(2)), (many / 2, many / 2 + many, 0));
        let row = |row: usize| {
            let rows = ticks.iter().flat_map(|tick| &tick.rows);
            let of = rows.filter(|of| of.row == row).map(|of| of.count);
            of.sum::<u64>()
        };
        assert_eq!((row(0), row(1), row(2)), (4 * many, 2 * many, 0));
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
