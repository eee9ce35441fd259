//! What was recorded, by number while a run goes on and by key afterwards.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::histogram::Histogram;
use super::interner::{Interner, RowId, RowKey};
use super::rows::{CheckStats, FailureStats, RowStats};
use super::tags::Outcome;

/// Everything recorded, at the index of its number.
#[derive(Debug, Clone, Default)]
pub(super) struct Tallies {
    pub(super) rows: Vec<Option<Box<RowStats>>>,
    pub(super) measurements: Vec<Option<Box<Histogram>>>,
    pub(super) counters: Vec<Option<u64>>,
    pub(super) checks: Vec<Option<CheckStats>>,
    pub(super) failures: Vec<Option<FailureStats>>,
    pub(super) failures_beyond: u64,
    pub(super) service_censored: Histogram,
    pub(super) response_censored: Histogram,
    pub(super) lag_censored: Histogram,
}

/// Everything recorded, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    /// The rows.
    pub rows: BTreeMap<RowKey, RowStats>,
    /// The measurements of each row, by name.
    pub measurements: BTreeMap<(RowKey, String), Histogram>,
    /// The counters.
    pub counters: BTreeMap<String, u64>,
    /// The checks.
    pub checks: BTreeMap<String, CheckStats>,
    /// The failures of each row, by message.
    pub failures: BTreeMap<(RowKey, String), FailureStats>,
    /// Failures whose kind came after the cap was reached.
    pub failures_beyond: u64,
    /// How long calls that started and did not end were watched.
    pub service_censored: Histogram,
    /// How long calls that did not end were watched since they were due.
    pub response_censored: Histogram,
    /// How long calls that did not start were watched since they were due.
    pub lag_censored: Histogram,
}

/// What an entry of a table takes besides its histograms and names, roughly.
const ENTRY_BYTES: usize = 512;

impl Tables {
    /// Adds what `other` holds, by key: it may come from another thread, another time or another run. Whatever the order
    /// in which tables are merged the result is the same, and nothing is lost or folded, so that the caps of one run
    /// may be exceeded by what several bring.
    pub fn merge(&mut self, other: Tables) {
        join_by_key(&mut self.rows, other.rows, RowStats::merge);
        join_by_key(
            &mut self.measurements,
            other.measurements,
            |mine, theirs| mine.merge(&theirs),
        );
        join_by_key(&mut self.counters, other.counters, |mine, theirs| {
            *mine = mine.saturating_add(theirs)
        });
        join_by_key(&mut self.checks, other.checks, CheckStats::merge);
        join_by_key(&mut self.failures, other.failures, FailureStats::merge);
        self.failures_beyond += other.failures_beyond;
        self.service_censored.merge(&other.service_censored);
        self.response_censored.merge(&other.response_censored);
        self.lag_censored.merge(&other.lag_censored);
    }

    /// How many calls are in the rows.
    pub fn calls(&self) -> u64 {
        self.rows.values().map(|row| row.count).sum()
    }

    /// How many calls ended with an outcome.
    pub fn calls_with(&self, outcome: Outcome) -> u64 {
        let rows = self.rows.iter().filter(|(key, _)| key.outcome == outcome);
        rows.map(|(_, row)| row.count).sum()
    }

    /// The durations that the callers of these calls felt, all together: response where it exists, service otherwise.
    pub fn felt(&self) -> Histogram {
        let mut felt = Histogram::new();
        for row in self.rows.values() {
            felt.merge(
                row.open
                    .as_ref()
                    .map_or(&row.service, |open| &open.response),
            );
        }
        felt
    }

    /// Bytes of memory held, roughly.
    pub fn memory(&self) -> usize {
        let of_row = |(key, row): (&RowKey, &RowStats)| {
            let open = row.open.as_ref();
            let open = open.map_or(0, |open| open.lag.memory() + open.response.memory());
            key.tag.len() + row.service.memory() + open
        };
        let of_measurement = |((key, name), samples): (&(RowKey, String), &Histogram)| {
            key.tag.len() + name.len() + samples.memory()
        };
        let of_failure = |(key, message): &(RowKey, String)| key.tag.len() + message.len();
        let parts = (self.rows.iter().map(of_row))
            .chain(self.measurements.iter().map(of_measurement))
            .chain(self.failures.keys().map(of_failure))
            .chain(self.counters.keys().map(String::len))
            .chain(self.checks.keys().map(String::len));
        let censored = [
            &self.service_censored,
            &self.response_censored,
            &self.lag_censored,
        ];
        let censored: usize = censored.map(Histogram::memory).iter().sum();
        parts.map(|bytes| bytes + ENTRY_BYTES).sum::<usize>() + censored
    }
}

impl Tallies {
    /// How many calls were recorded.
    pub(super) fn calls(&self) -> u64 {
        self.rows.iter().flatten().map(|row| row.count).sum()
    }

    /// Adds what `other` holds, both numbered alike.
    pub(super) fn merge(&mut self, other: Tallies) {
        join(&mut self.rows, other.rows, |mine, theirs| {
            mine.merge(*theirs)
        });
        join(
            &mut self.measurements,
            other.measurements,
            |mine, theirs| mine.merge(&theirs),
        );
        join(&mut self.counters, other.counters, |mine, theirs| {
            *mine = mine.saturating_add(theirs)
        });
        join(&mut self.checks, other.checks, CheckStats::merge);
        join(&mut self.failures, other.failures, FailureStats::merge);
        self.failures_beyond += other.failures_beyond;
        self.service_censored.merge(&other.service_censored);
        self.response_censored.merge(&other.response_censored);
        self.lag_censored.merge(&other.lag_censored);
    }

    /// The same with the numbers of another interner.
    pub(super) fn renumbered(self, from: &Interner, to: &Interner) -> Tallies {
        // The rows last: other threads may still add some, and every row that a key here names must be among them.
        let (measurements, failures) = (from.measurements.keys(), from.failures.keys());
        let keys = from.rows.keys();
        let rows: Vec<u32> = keys.iter().map(|key| to.rows.admit(key.clone())).collect();
        let of_row = |(row, name): (RowId, String)| (RowId(rows[row.0 as usize]), name);
        Tallies {
            rows: moved(self.rows, keys, |key| to.rows.admit(key)),
            measurements: moved(self.measurements, measurements, |key| {
                to.measurements.admit(of_row(key))
            }),
            counters: moved(self.counters, from.counters.keys(), |key| {
                to.counters.admit(key)
            }),
            checks: moved(self.checks, from.checks.keys(), |key| to.checks.admit(key)),
            failures: moved(self.failures, failures, |key| {
                to.failures.admit(of_row(key))
            }),
            ..self
        }
    }

    /// The same by key.
    pub(super) fn into_tables(self, interner: &Interner) -> Tables {
        // The rows last, for the reason given above.
        let (measurements, failures) = (interner.measurements.keys(), interner.failures.keys());
        let rows = interner.rows.keys();
        let of_row = |(row, name): (RowId, String)| (rows[row.0 as usize].clone(), name);
        Tables {
            rows: keyed(self.rows, rows.clone())
                .map(|(key, row)| (key, *row))
                .collect(),
            measurements: keyed(self.measurements, measurements)
                .map(|(key, histogram)| (of_row(key), *histogram))
                .collect(),
            counters: keyed(self.counters, interner.counters.keys()).collect(),
            checks: keyed(self.checks, interner.checks.keys()).collect(),
            failures: keyed(self.failures, failures)
                .map(|(key, kind)| (of_row(key), kind))
                .collect(),
            failures_beyond: self.failures_beyond,
            service_censored: self.service_censored,
            response_censored: self.response_censored,
            lag_censored: self.lag_censored,
        }
    }
}

fn join<T>(mine: &mut Vec<Option<T>>, theirs: Vec<Option<T>>, merge: impl Fn(&mut T, T)) {
    if mine.len() < theirs.len() {
        mine.resize_with(theirs.len(), || None);
    }
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        match (mine, theirs) {
            (Some(mine), Some(theirs)) => merge(mine, theirs),
            (mine @ None, theirs) => *mine = theirs,
            (Some(_), None) => {}
        }
    }
}

fn join_by_key<K: Ord, T>(
    mine: &mut BTreeMap<K, T>,
    theirs: BTreeMap<K, T>,
    merge: impl Fn(&mut T, T),
) {
    for (key, value) in theirs {
        match mine.entry(key) {
            Entry::Occupied(mut mine) => merge(mine.get_mut(), value),
            Entry::Vacant(empty) => {
                empty.insert(value);
            }
        }
    }
}

fn keyed<K, T>(values: Vec<Option<T>>, keys: Vec<K>) -> impl Iterator<Item = (K, T)> {
    keys.into_iter()
        .zip(values)
        .filter_map(|(key, value)| Some((key, value?)))
}

fn moved<K, T>(values: Vec<Option<T>>, keys: Vec<K>, number: impl Fn(K) -> u32) -> Vec<Option<T>> {
    let mut list = Vec::new();
    for (key, value) in keyed(values, keys) {
        let index = number(key) as usize;
        if index >= list.len() {
            list.resize_with(index + 1, || None);
        }
        list[index] = Some(value);
    }
    list
}

#[cfg(test)]
mod tests;
