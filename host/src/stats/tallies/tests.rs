use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::stats::{Fault, Recorder, Times};

/// Something a thread records: what it is, which name it has, and a size.
type Act = (u8, u8, u64);

fn acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec((0u8..9, 0u8..4, 0u64..1 << 40), 0..40)
}

fn record(recorder: &mut Recorder, acts: &[Act]) {
    for &(act, name, ns) in acts {
        let name = format!("name {name}");
        let row = match act {
            0 => recorder.row_of_fault(1, Fault::Trap),
            1..4 => recorder.row_of_tag(0, Ok(&name)),
            _ => recorder.row_of_tag(1, Err(&name)),
        };
        match act {
            0..3 => recorder.call(row, times(ns)),
            3 => recorder.call_without_timing(row, ns),
            4 => recorder.measurement(row, &name, ns),
            5 => recorder.counter(&name, ns << 24),
            6 => recorder.check(&name, ns % 2 == 0),
            7 => recorder.failure(row, &name, ns % 7, 1, ns),
            _ => recorder.never_ended(ns / 3, (ns % 2 == 0).then_some(ns / 2), ns),
        }
    }
}

fn times(ns: u64) -> Times {
    Times {
        due_ns: ns / 3,
        start_ns: ns / 2,
        end_ns: ns,
    }
}

/// The tables of a run of its own, with numbers of its own.
fn tables(open_load: bool, acts: &[Act]) -> Tables {
    let mut recorder = Recorder::new(Arc::new(Interner::new(None)), open_load);
    record(&mut recorder, acts);
    recorder.into_tables()
}

fn merged(tables: impl IntoIterator<Item = Tables>) -> Tables {
    let mut all = Tables::default();
    tables.into_iter().for_each(|tables| all.merge(tables));
    all
}

#[test]
fn merging_with_nothing_changes_nothing() {
    let some = tables(true, &[(0, 1, 5), (4, 1, 7), (7, 1, 9)]);
    assert_eq!(merged([some.clone(), Tables::default()]), some);
    assert_eq!(merged([Tables::default(), some.clone()]), some);
}

#[test]
fn the_earliest_of_equal_failures_is_kept_and_all_are_counted() {
    let a = tables(false, &[(7, 1, 900)]);
    let b = tables(false, &[(7, 1, 400), (7, 1, 1_000)]);
    let all = merged([a, b]);
    let kinds: Vec<_> = all
        .failures
        .values()
        .map(|kind| (kind.count, kind.first.at_ns))
        .collect();
    assert_eq!(kinds, [(3, 400)]);
}

#[test]
fn calls_are_counted_by_outcome_and_felt_by_response() {
    let open = tables(true, &[(0, 0, 600), (1, 0, 60), (4, 1, 5)]);
    assert_eq!(open.calls(), 2);
    assert_eq!(
        [Outcome::Ok, Outcome::Fail, Outcome::Fault].map(|outcome| open.calls_with(outcome)),
        [1, 0, 1]
    );
    assert_eq!(
        (open.felt().min(), open.felt().max()),
        (Some(40), Some(400))
    );
    let closed = tables(false, &[(0, 0, 600)]);
    assert_eq!(closed.felt().max(), Some(300));
}

#[test]
fn memory_is_that_of_the_pages_and_names() {
    assert_eq!(Tables::default().memory(), 0);
    let one = tables(false, &[(1, 1, 5)]).memory();
    let two = tables(false, &[(1, 1, 5), (1, 2, 5)]).memory();
    assert!(one > 8192 && two > one + 8192, "{one} {two}");
}

proptest! {
    #[test]
    fn merging_tables_is_merging_their_recorders_in_any_order(
        a in acts(), b in acts(), c in acts(), open_load: bool,
    ) {
        let mut all = Recorder::new(Arc::new(Interner::new(None)), open_load);
        [&a, &b, &c].into_iter().for_each(|acts| record(&mut all, acts));
        let all = all.into_tables();
        let [a, b, c] = [a, b, c].map(|acts| tables(open_load, &acts));
        prop_assert_eq!(&merged([a.clone(), b.clone(), c.clone()]), &all);
        prop_assert_eq!(&merged([c.clone(), a.clone(), b.clone()]), &all);
        let nested = merged([b, c]);
        prop_assert_eq!(&merged([nested, a]), &all);
    }

    #[test]
    fn open_and_closed_load_merge_alike_both_ways(a in acts(), b in acts()) {
        let (open, closed) = (tables(true, &a), tables(false, &b));
        prop_assert_eq!(merged([open.clone(), closed.clone()]), merged([closed, open]));
    }
}
