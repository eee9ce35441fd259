use proptest::prelude::*;

use super::*;
use crate::stats::histogram::Histogram;
use crate::stats::interner::{FAILURE_CAP, MEASUREMENT_CAP, NAME_CAP, TAG_CAP};

fn times(due_ns: u64, start_ns: u64, end_ns: u64) -> Times {
    Times {
        due_ns,
        start_ns,
        end_ns,
    }
}

fn recorder(open_load: bool) -> Recorder {
    Recorder::new(Arc::new(Interner::new(None)), open_load)
}

fn key(operation: u16, outcome: Outcome, tag: &str) -> RowKey {
    RowKey {
        operation,
        outcome,
        tag: tag.to_owned(),
    }
}

#[test]
fn ok_and_err_of_one_tag_are_two_rows_unless_expected() {
    #[track_caller]
    fn check(expect: Option<&[&str]>, expected: &[(Outcome, u64)]) {
        let expect = expect.map(|tags| tags.iter().map(|&tag| tag.to_owned()).collect());
        let mut recorder = Recorder::new(Arc::new(Interner::new(expect)), false);
        for returned in [Ok("x"), Err("x"), Ok("x")] {
            let row = recorder.row_of_tag(0, returned);
            recorder.call(row, times(0, 0, 5));
        }
        let rows = recorder.into_tables().rows;
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(key, row)| (key.outcome, row.count))
            .collect();
        assert_eq!(rows, expected);
    }
    check(None, &[(Outcome::Ok, 2), (Outcome::Fail, 1)]);
    check(Some(&["x"]), &[(Outcome::Ok, 3)]);
    check(Some(&["y"]), &[(Outcome::Fail, 3)]);
}

#[test]
fn faults_and_lookalike_tags_are_different_rows() {
    let mut recorder = recorder(false);
    let rows = [
        recorder.row_of_fault(0, Fault::Trap),
        recorder.row_of_tag(0, Err("!trap")),
    ];
    rows.into_iter()
        .for_each(|row| recorder.call(row, times(0, 0, 1)));
    let keys: Vec<_> = recorder.into_tables().rows.into_keys().collect();
    assert_eq!(
        keys,
        [
            key(0, Outcome::Fail, "\\!trap"),
            key(0, Outcome::Fault, "!trap")
        ]
    );
}

#[test]
fn open_load_keeps_service_lag_and_response() {
    let mut open = recorder(true);
    let row = open.row_of_tag(0, Ok("x"));
    open.call(row, times(10, 15, 35));
    let row = open.into_tables().rows.into_values().next().unwrap();
    let lag_and_response = row.open.unwrap();
    assert_eq!(row.service.max(), Some(20));
    assert_eq!(lag_and_response.lag.max(), Some(5));
    assert_eq!(lag_and_response.response.max(), Some(25));

    let mut closed = recorder(false);
    let row = closed.row_of_tag(0, Ok("x"));
    closed.call(row, times(10, 10, 35));
    assert_eq!(
        closed.into_tables().rows.into_values().next().unwrap().open,
        None
    );
}

#[test]
fn calls_after_the_window_and_calls_without_timing_still_count() {
    let mut recorder = recorder(false);
    recorder.set_window_end(100);
    let row = recorder.row_of_tag(0, Ok("x"));
    recorder.call(row, times(0, 0, 100));
    recorder.call(row, times(0, 90, 101));
    recorder.call_without_timing(row, 50);
    assert_eq!(recorder.calls(), 3);
    let row = recorder.into_tables().rows.into_values().next().unwrap();
    assert_eq!(
        (row.count, row.inside, row.first_ns, row.service.len()),
        (3, 2, 50, 2)
    );
}

#[test]
fn tags_beyond_the_cap_go_to_other_rows_of_their_operation_and_outcome() {
    let mut recorder = recorder(false);
    for number in 0..TAG_CAP + 50 {
        let row = recorder.row_of_tag(0, Ok(&format!("tag {number}")));
        recorder.call(row, times(0, 0, 1));
    }
    for (operation, returned) in [(0, Err("late")), (1, Ok("late")), (1, Ok("later"))] {
        let row = recorder.row_of_tag(operation, returned);
        recorder.call(row, times(0, 0, 1));
    }
    let rows = recorder.into_tables().rows;
    assert_eq!(rows.len(), TAG_CAP + 3);
    assert_eq!(rows[&key(0, Outcome::Ok, OTHER)].count, 50);
    assert_eq!(rows[&key(0, Outcome::Fail, OTHER)].count, 1);
    assert_eq!(rows[&key(1, Outcome::Ok, OTHER)].count, 2);
}

#[test]
fn a_thread_that_comes_late_finds_the_tags_of_the_others() {
    let interner = Arc::new(Interner::new(None));
    let mut first = Recorder::new(Arc::clone(&interner), false);
    let rows: Vec<RowId> = (0..TAG_CAP)
        .map(|n| first.row_of_tag(0, Ok(&n.to_string())))
        .collect();
    let mut second = Recorder::new(interner, false);
    assert_eq!(second.row_of_tag(0, Ok("17")), rows[17]);
    assert_eq!(
        second.row_of_tag(0, Ok("new")),
        first.row_of_tag(0, Ok("newer"))
    );
}

#[test]
fn measurements_counters_checks_and_failures_are_bounded_and_nothing_is_lost() {
    let mut recorder = recorder(false);
    let row = recorder.row_of_tag(0, Err("x"));
    let many = 3000;
    for number in 0..many {
        let name = format!("name {number}");
        recorder.measurement(row, &name, 5);
        recorder.counter(&name, 2);
        recorder.check(&name, number % 2 == 0);
        recorder.failure(row, &name, number, 0, number);
    }
    let tables = recorder.into_tables();
    assert_eq!(tables.measurements.len(), MEASUREMENT_CAP + 1);
    assert_eq!(
        tables
            .measurements
            .values()
            .map(Histogram::len)
            .sum::<u64>(),
        many
    );
    assert_eq!(tables.counters.len(), NAME_CAP + 1);
    assert_eq!(tables.counters.values().sum::<u64>(), many * 2);
    assert_eq!(tables.checks.len(), NAME_CAP + 1);
    assert_eq!(
        tables
            .checks
            .values()
            .map(|check| check.passed)
            .sum::<u64>(),
        many / 2
    );
    assert_eq!(
        tables
            .checks
            .values()
            .map(|check| check.failed)
            .sum::<u64>(),
        many / 2
    );
    assert_eq!(tables.failures.len(), FAILURE_CAP);
    assert_eq!(tables.failures_beyond, many - FAILURE_CAP as u64);
}

#[test]
fn a_counter_stops_at_its_end_instead_of_starting_over() {
    let mut recorder = recorder(false);
    recorder.counter("bytes", u64::MAX);
    recorder.counter("bytes", 5);
    assert_eq!(recorder.into_tables().counters["bytes"], u64::MAX);
}

#[test]
fn failures_of_a_kind_keep_their_first_and_long_messages_are_cut() {
    let mut recorder = recorder(false);
    let row = recorder.row_of_tag(0, Err("503"));
    recorder.failure(row, "no", 9, 1, 900);
    recorder.failure(row, "no", 4, 2, 400);
    recorder.failure(row, &"é".repeat(400), 5, 0, 500);
    let failures = recorder.into_tables().failures;
    let no = failures[&(key(0, Outcome::Fail, "503"), "no".to_owned())];
    assert_eq!(
        no,
        FailureStats {
            count: 2,
            first: FirstFailure {
                at_ns: 400,
                number: 4,
                worker: 2
            }
        }
    );
    let (_, long) = failures.keys().last().unwrap();
    assert_eq!(*long, format!("{}…", "é".repeat(256)));
}

#[test]
fn taking_leaves_an_empty_recorder_and_the_parts_make_the_whole() {
    let mut recorder = recorder(false);
    let row = recorder.row_of_tag(0, Ok("x"));
    recorder.call(row, times(0, 0, 3));
    let mut total = recorder.take();
    assert_eq!((recorder.calls(), total.calls()), (0, 1));
    assert_eq!(recorder.row_of_tag(0, Ok("x")), row);
    recorder.call(row, times(0, 0, 4));
    total.merge(recorder);
    let tables = total.into_tables();
    assert_eq!(tables.rows.values().next().unwrap().count, 2);
}

/// Something to record.
#[derive(Debug, Clone)]
enum Event {
    Call(u16, bool, u8, Times),
    Fault(usize, u64),
    Measurement(u8, u8, u64),
    Counter(u8, u64),
    Check(u8, bool),
    Failure(u8, u8, u64),
    NeverEnded(u64, Option<u64>),
}

impl Event {
    fn record(&self, recorder: &mut Recorder) {
        match *self {
            Event::Call(operation, ok, tag, times) => {
                let tag = tag.to_string();
                let row = recorder.row_of_tag(operation, if ok { Ok(&tag) } else { Err(&tag) });
                recorder.call(row, times);
            }
            Event::Fault(fault, end_ns) => {
                let row = recorder.row_of_fault(0, Fault::ALL[fault]);
                recorder.call_without_timing(row, end_ns);
            }
            Event::Measurement(tag, name, ns) => {
                let row = recorder.row_of_tag(0, Ok(&tag.to_string()));
                recorder.measurement(row, &name.to_string(), ns);
            }
            Event::Counter(name, delta) => recorder.counter(&name.to_string(), delta),
            Event::Check(name, passed) => recorder.check(&name.to_string(), passed),
            Event::Failure(tag, message, number) => {
                let row = recorder.row_of_tag(0, Err(&tag.to_string()));
                recorder.failure(row, &message.to_string(), number, 0, number % 7);
            }
            Event::NeverEnded(due_ns, start_ns) => recorder.never_ended(due_ns, start_ns, u64::MAX),
        }
    }
}

fn event() -> impl Strategy<Value = Event> {
    let instants = (0u64..1 << 40, 0u64..1 << 20, 0u64..1 << 36)
        .prop_map(|(due, lag, service)| times(due, due + lag, due + lag + service));
    prop_oneof![
        4 => (0u16..3, any::<bool>(), 0u8..6, instants).prop_map(|(o, ok, tag, t)| Event::Call(o, ok, tag, t)),
        1 => (0..Fault::ALL.len(), any::<u64>()).prop_map(|(fault, end)| Event::Fault(fault, end)),
        1 => (0u8..3, 0u8..4, any::<u64>()).prop_map(|(tag, name, ns)| Event::Measurement(tag, name, ns)),
        1 => (0u8..4, any::<u64>()).prop_map(|(name, delta)| Event::Counter(name, delta)),
        1 => (0u8..4, any::<bool>()).prop_map(|(name, passed)| Event::Check(name, passed)),
        1 => (0u8..4, 0u8..4, any::<u64>()).prop_map(|(tag, text, n)| Event::Failure(tag, text, n)),
        1 => (any::<u64>(), any::<Option<u64>>()).prop_map(|(due, start)| Event::NeverEnded(due, start)),
    ]
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(event(), 0..60)
}

fn recorded(interner: &Arc<Interner>, events: &[Event]) -> Recorder {
    let mut recorder = Recorder::new(Arc::clone(interner), true);
    events.iter().for_each(|event| event.record(&mut recorder));
    recorder
}

fn merged(recorders: impl IntoIterator<Item = Recorder>) -> Recorder {
    recorders
        .into_iter()
        .reduce(|mut sum, next| {
            sum.merge(next);
            sum
        })
        .unwrap()
}

proptest! {
    #[test]
    fn merging_is_commutative_associative_and_lossless(a in events(), b in events(), c in events(), shared in any::<bool>()) {
        // Either one run's threads, which share an interner, or three runs with numbers of their own.
        let one = Arc::new(Interner::new(None));
        let interner = || if shared { Arc::clone(&one) } else { Arc::new(Interner::new(None)) };
        let [ra, rb, rc] = [&a, &b, &c].map(|events| recorded(&interner(), events));
        let whole = recorded(&interner(), &[a, b, c].concat()).into_tables();
        prop_assert_eq!(&merged([ra.clone(), rb.clone(), rc.clone()]).into_tables(), &whole);
        prop_assert_eq!(&merged([rc.clone(), ra.clone(), rb.clone()]).into_tables(), &whole);
        let nested = merged([rb, rc]);
        prop_assert_eq!(&merged([ra, nested]).into_tables(), &whole);
    }
}
