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

    /// The figures of one operation, as number 0 of a run of its own. `rows` says which rows of the run are its rows, and at
    /// which index, with their outcomes. The warm-up is not known by operation: there is none.
    pub(crate) fn of_operation(
        &self,
        operation: u16,
        rows: &BTreeMap<usize, (usize, Outcome)>,
    ) -> TickFigures {
        let counts = self.rows.iter().filter_map(|counted| {
            let (row, outcome) = *rows.get(&counted.row)?;
            let count = counted.count;
            Some((RowCount { row, count }, outcome))
        });
        let counts: Vec<(RowCount, Outcome)> = counts.collect();
        let with = |wanted: Outcome| {
            let of_it = counts.iter().filter(|(_, outcome)| *outcome == wanted);
            of_it.map(|(counted, _)| counted.count).sum()
        };
        let felt = self.felt_of(operation);
        TickFigures {
            from_ns: self.from_ns,
            to_ns: self.to_ns,
            count: counts.iter().map(|(counted, _)| counted.count).sum(),
            ok: with(Outcome::Ok),
            fail: with(Outcome::Fail),
            fault: with(Outcome::Fault),
            rows: counts.iter().map(|(counted, _)| *counted).collect(),
            warmup: 0,
            p50: felt.quantile(0.5),
            p99: felt.quantile(0.99),
            max: felt.max(),
            felt: self
                .felt
                .get(&operation)
                .map(|felt| (0, felt.clone()))
                .into_iter()
                .collect(),
        }
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
mod tests;
