//! The figures of stretches, and stretches that are joined.

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
fn an_operation_has_its_own_rows_and_durations() {
    let tick = tick(0, 50, &[1, 3, 5, 8]);
    // Row 0 is of operation 1, row 1 of operation 0.
    let of = |operation, row, outcome| {
        tick.of_operation(operation, &BTreeMap::from([(row, (0, outcome))]))
    };
    let (first, second) = (of(0, 1, Outcome::Fail), of(1, 0, Outcome::Ok));
    assert_eq!(first.rows, [RowCount { row: 0, count: 2 }]);
    assert_eq!(second.rows, [RowCount { row: 0, count: 4 }]);
    let outcomes = |of: &TickFigures| [of.count, of.ok, of.fail, of.fault, of.warmup];
    assert_eq!(outcomes(&first), [2, 0, 2, 0, 0]);
    assert_eq!(outcomes(&second), [4, 4, 0, 0, 0]);
    assert_eq!((first.max, second.max), (Some(8), Some(5)));
    assert_eq!((first.felt().len(), second.felt_of(0).len()), (1, 3));
    assert_eq!((second.felt_of(1).len(), second.p50), (0, None));
    assert_eq!((second.from_ns, second.to_ns), (0, 50));
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
