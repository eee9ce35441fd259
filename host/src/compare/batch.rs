//! The calls of one stretch of a run, as a comparison needs them.

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

    /// A batch of calls that all went as meant. Quicker than through a histogram.
    #[cfg(test)]
    pub(super) fn of_durations(length_ns: u64, ok: u64, durations: &[u64]) -> Batch {
        let mut buckets: Vec<u32> = durations
            .iter()
            .map(|ns| Histogram::index_of(*ns))
            .collect();
        buckets.sort_unstable();
        let counts = buckets
            .chunk_by(|a, b| a == b)
            .map(|same| (same[0], same.len() as u64));
        let sum = durations.iter().map(|ns| u128::from(*ns)).sum();
        Batch {
            length_ns,
            calls: durations.len() as u64,
            ok,
            felt: Felt::new(counts, sum),
        }
    }

    /// Both together, one after the other.
    #[must_use]
    pub fn joined(&self, other: &Batch) -> Batch {
        let counts = self.felt.counts().chain(other.felt.counts());
        let mut counts: Vec<(u32, u64)> = counts.collect();
        // Both are sorted, which a stable sort takes for what it is.
        counts.sort_by_key(|(bucket, _)| *bucket);
        let alike = counts.chunk_by(|(one, _), (next, _)| one == next);
        let counts = alike.map(|same| (same[0].0, same.iter().map(|(_, count)| count).sum()));
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

/// What follows the warm-up, to the last stretch that has calls which count.
fn measured(ticks: &[TickFigures]) -> &[TickFigures] {
    let counts = |tick: &TickFigures| tick.count > 0;
    let Some(last) = ticks.iter().rposition(counts) else {
        return &[];
    };
    let first = ticks.iter().position(counts).unwrap_or(last);
    let warm_up = ticks[..first].iter().rposition(|tick| tick.warmup > 0);
    &ticks[warm_up.map_or(0, |last| last + 1)..=last]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saved::format::{Row, Tick};
    use crate::saved::testing::run_of;

    /// So many calls of an operation, each of `ns`.
    fn row(operation: u16, outcome: Outcome, count: u64, ns: u64) -> Row {
        let mut service = Histogram::new();
        service.record_n(ns, count);
        Row {
            operation,
            outcome,
            tag: "t".to_owned(),
            count,
            inside: count,
            first_ns: 0,
            open: false,
            service: service.encoded(),
            lag: None,
            response: None,
        }
    }

    fn tick(from_ns: u64, to_ns: u64, rows: Vec<Row>) -> Tick {
        Tick {
            from_ns,
            to_ns,
            rows,
            ..Tick::default()
        }
    }

    fn calls(batches: &[Batch]) -> Vec<(u64, u64, u64)> {
        let of = |batch: &Batch| (batch.length_ns, batch.calls, batch.ok);
        batches.iter().map(of).collect()
    }

    #[test]
    fn the_warm_up_and_what_follows_the_last_call_are_left_out() {
        let one = |from| tick(from, from + 50, vec![row(0, Outcome::Ok, 3, 9)]);
        let none = |from| tick(from, from + 50, vec![]);
        let warm = Tick {
            warmup: vec![row(0, Outcome::Ok, 7, 9)],
            ..none(0)
        };
        let mixed = Tick {
            warmup: vec![row(0, Outcome::Ok, 7, 9)],
            ..one(50)
        };
        let run = run_of(&[warm, mixed, none(100), one(150), none(200)]);
        assert_eq!(
            calls(&batches(&run.ticks)),
            [(50, 3, 3), (50, 0, 0), (50, 3, 3)]
        );
        // Before the first call ended, it was being made.
        let run = run_of(&[none(0), one(50)]);
        assert_eq!(calls(&batches(&run.ticks)), [(50, 0, 0), (50, 3, 3)]);
        assert_eq!(batches(&run_of(&[none(0)]).ticks), []);
        assert_eq!(batches(&[]), []);
    }

    #[test]
    fn short_stretches_are_joined_to_the_length_of_the_longest_where_enough_are_left() {
        let one = |from, to| tick(from, to, vec![row(0, Outcome::Fail, 1, from + 1)]);
        let short = (0..20).map(|index| one(index * 50, index * 50 + 50));
        let long =
            |count: u64| (0..count).map(|index| one(1_000 + index * 250, 1_250 + index * 250));
        let of = |count| {
            let ticks: Vec<Tick> = short.clone().chain(long(count)).collect();
            batches(&run_of(&ticks).ticks)
        };
        let joined = of(60);
        assert_eq!(joined.len(), 64);
        assert!(joined.iter().all(|batch| batch.length_ns == 250));
        assert_eq!(calls(&joined)[3..5], [(250, 5, 0), (250, 1, 0)]);
        assert_eq!(joined.iter().map(Batch::durations).sum::<u64>(), 80);
        assert_eq!(of(59).len(), 79);
    }

    #[test]
    fn pairs_have_the_calls_of_each_operation() {
        let rows = vec![
            row(0, Outcome::Ok, 2, 5),
            row(1, Outcome::Ok, 3, 7),
            row(1, Outcome::Fail, 4, 9),
            row(2, Outcome::Ok, 5, 11),
        ];
        let run = run_of(&[
            tick(0, 50, rows),
            tick(50, 100, vec![row(0, Outcome::Ok, 1, 5)]),
        ]);
        let (a, b): (Vec<Batch>, Vec<Batch>) = paired_batches(&run.ticks, &run.keys, 0, 1)
            .into_iter()
            .unzip();
        assert_eq!(calls(&a), [(50, 2, 2), (50, 1, 1)]);
        assert_eq!(calls(&b), [(50, 7, 3), (50, 0, 0)]);
        assert_eq!((a[0].durations(), a[0].sum()), (2, 10.0));
        assert_eq!((b[0].durations(), b[0].sum()), (7, 57.0));
    }

    #[test]
    fn joined_batches_count_what_both_do() {
        let (one, other) = (
            Batch::of_durations(10, 2, &[1, 5]),
            Batch::of_durations(20, 0, &[5, 9]),
        );
        let both = one.joined(&other);
        assert_eq!(both, Batch::of_durations(30, 2, &[9, 5, 5, 1]));
        assert_eq!(
            [0, 1, 5, 8, 9, 10].map(|bucket| both.up_to(bucket)),
            [0, 1, 3, 3, 4, 4]
        );
    }
}
