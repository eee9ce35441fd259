//! The calls of one stretch of a run, as a comparison needs them.

use std::collections::BTreeMap;

use crate::saved::TickFigures;
use crate::stats::{Histogram, Outcome, RowKey};

/// Stretches of unequal lengths are joined to the length of the longest, unless fewer than these would be left: what is
/// told of how a run varies then rests on stretches that are alike.
const ALIKE: usize = 64;

/// The calls that ended in one stretch of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// How long the stretch is, in nanoseconds.
    pub length_ns: u64,
    /// How many calls ended in it.
    pub calls: u64,
    /// How many of them went as meant.
    pub ok: u64,
    felt: Felt,
}

/// Counted durations, read only: a few bytes for each bucket of the histogram that is in use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Felt {
    /// The buckets, in ascending order.
    buckets: Box<[u32]>,
    /// How many durations there are up to and with each.
    up_to: Box<[u64]>,
    /// The sum of all, in nanoseconds.
    sum: u128,
}

impl Batch {
    /// A batch of `calls`, `ok` of which went as meant, whose callers felt these durations: the response where there is
    /// one, the service time otherwise.
    pub fn new(length_ns: u64, calls: u64, ok: u64, felt: &Histogram) -> Batch {
        Batch {
            length_ns,
            calls,
            ok: ok.min(calls),
            felt: Felt::new(felt.indexed(), felt.sum()),
        }
    }

    /// Both together, one after the other.
    #[must_use]
    pub fn joined(&self, other: &Batch) -> Batch {
        let mut counts = BTreeMap::new();
        for (bucket, count) in self.felt.counts().chain(other.felt.counts()) {
            *counts.entry(bucket).or_insert(0u64) += count;
        }
        Batch {
            length_ns: self.length_ns.saturating_add(other.length_ns),
            calls: self.calls.saturating_add(other.calls),
            ok: self.ok.saturating_add(other.ok),
            felt: Felt::new(counts, self.felt.sum.saturating_add(other.felt.sum)),
        }
    }

    /// How many durations there are.
    pub(super) fn durations(&self) -> u64 {
        self.felt.up_to.last().copied().unwrap_or(0)
    }

    /// How many lie in this bucket or below it.
    pub(super) fn up_to(&self, bucket: u32) -> u64 {
        let below = self.felt.buckets.partition_point(|one| *one <= bucket);
        below.checked_sub(1).map_or(0, |last| self.felt.up_to[last])
    }

    /// The sum of the durations in nanoseconds.
    pub(super) fn sum(&self) -> f64 {
        self.felt.sum as f64
    }

    /// The buckets and how many durations each holds.
    pub(super) fn counts(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.felt.counts()
    }
}

impl Felt {
    fn new(counts: impl IntoIterator<Item = (u32, u64)>, sum: u128) -> Felt {
        let mut total = 0u64;
        let counts = counts.into_iter().map(|(bucket, count)| {
            total = total.saturating_add(count);
            (bucket, total)
        });
        let (buckets, up_to): (Vec<u32>, Vec<u64>) = counts.unzip();
        Felt {
            buckets: buckets.into(),
            up_to: up_to.into(),
            sum,
        }
    }

    fn counts(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        let before = std::iter::once(0).chain(self.up_to.iter().copied());
        let each = self
            .up_to
            .iter()
            .zip(before)
            .map(|(up_to, before)| up_to - before);
        self.buckets.iter().copied().zip(each)
    }
}

/// The batches of a run, from how it went from stretch to stretch. What was before the first call that counts, the
/// warm-up, is left out.
pub fn batches(ticks: &[TickFigures]) -> Vec<Batch> {
    let batch = |tick: &TickFigures| Batch::new(length(tick), tick.count, tick.ok, &tick.felt());
    let measured = measured(ticks);
    let batches = groups(measured)
        .into_iter()
        .map(|group| together(group.iter().map(batch)));
    batches.collect()
}

/// The batches of two operations that one run made calls of side by side, stretch by stretch. `keys` are those that the
/// stretches name.
pub fn paired_batches(
    ticks: &[TickFigures],
    keys: &[RowKey],
    a: u16,
    b: u16,
) -> Vec<(Batch, Batch)> {
    let measured = measured(ticks);
    let of = |operation: u16, group: &[TickFigures]| {
        together(group.iter().map(|tick| {
            let rows = || {
                let rows = tick
                    .rows
                    .iter()
                    .filter_map(|of| Some((keys.get(of.row)?, of.count)));
                rows.filter(|(key, _)| key.operation == operation)
            };
            let calls = rows().map(|(_, count)| count).sum();
            let ok = rows().filter(|(key, _)| key.outcome == Outcome::Ok);
            let ok = ok.map(|(_, count)| count).sum();
            Batch::new(length(tick), calls, ok, &tick.felt_of(operation))
        }))
    };
    let pairs = groups(measured)
        .into_iter()
        .map(|group| (of(a, group), of(b, group)));
    pairs.collect()
}

fn length(tick: &TickFigures) -> u64 {
    tick.to_ns.saturating_sub(tick.from_ns)
}

/// From the first stretch with calls that count, and without the warm-up, to the last that has any.
fn measured(ticks: &[TickFigures]) -> &[TickFigures] {
    let counts = |tick: &TickFigures| tick.count > 0;
    let first = ticks.iter().position(counts).unwrap_or(ticks.len());
    let last = ticks
        .iter()
        .rposition(counts)
        .map_or(first, |last| last + 1);
    &ticks[first..last]
}

fn together(batches: impl Iterator<Item = Batch>) -> Batch {
    batches
        .reduce(|all, next| all.joined(&next))
        .unwrap_or_default()
}

/// Neighbours that are to be one batch.
fn groups(ticks: &[TickFigures]) -> Vec<&[TickFigures]> {
    let longest = ticks.iter().map(length).max().unwrap_or(0);
    let joined = grouped(ticks, longest);
    if joined.len() >= ALIKE {
        joined
    } else {
        ticks.chunks(1).collect()
    }
}

/// Neighbours that together are as long as `least` or just longer; what is left at the end goes with the last.
fn grouped(ticks: &[TickFigures], least: u64) -> Vec<&[TickFigures]> {
    let mut groups = Vec::new();
    let (mut from, mut long) = (0, 0u64);
    for (index, tick) in ticks.iter().enumerate() {
        long = long.saturating_add(length(tick));
        if long >= least {
            groups.push(from..index + 1);
            (from, long) = (index + 1, 0);
        }
    }
    match groups.last_mut() {
        Some(last) => last.end = ticks.len(),
        None if ticks.is_empty() => {}
        None => groups.push(0..ticks.len()),
    }
    groups.into_iter().map(|range| &ticks[range]).collect()
}
