//! What was recorded, by number while a run goes on and by key afterwards.

use std::collections::BTreeMap;

use super::histogram::Histogram;
use super::interner::{Interner, RowId, RowKey};
use super::rows::{CheckStats, FailureStats, RowStats};

/// Everything recorded, at the index of its number.
#[derive(Debug, Clone, Default)]
pub(super) struct Tallies {
    pub(super) rows: Vec<Option<Box<RowStats>>>,
    pub(super) measurements: Vec<Option<Box<Histogram>>>,
    pub(super) counters: Vec<Option<u64>>,
    pub(super) checks: Vec<Option<CheckStats>>,
    pub(super) failures: Vec<Option<FailureStats>>,
    pub(super) failures_beyond: u64,
    pub(super) warmup: u64,
    pub(super) service_censored: Histogram,
    pub(super) response_censored: Histogram,
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
    /// Calls of the warm-up.
    pub warmup: u64,
    /// How long calls that started and did not end were watched.
    pub service_censored: Histogram,
    /// How long calls that did not end were watched since they were due.
    pub response_censored: Histogram,
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
        self.warmup += other.warmup;
        self.service_censored.merge(&other.service_censored);
        self.response_censored.merge(&other.response_censored);
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
            warmup: self.warmup,
            service_censored: self.service_censored,
            response_censored: self.response_censored,
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
