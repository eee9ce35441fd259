use std::sync::Arc;

use super::*;
use crate::stats::facts::{Accounting, Load, Model};
use crate::stats::{Fault, Interner, Times};

fn recorder(open_load: bool) -> Recorder {
    Recorder::new(Arc::new(Interner::new(None)), open_load)
}

fn call(recorder: &mut Recorder, returned: Result<&str, &str>, start_ns: u64, end_ns: u64) {
    let row = recorder.row_of_tag(0, returned);
    recorder.call(
        row,
        Times {
            due_ns: start_ns,
            start_ns,
            end_ns,
        },
    );
}

fn facts(asked: u64, done: u64, window_ns: u64) -> RunFacts {
    RunFacts {
        accounting: Accounting {
            asked,
            done,
            ..Accounting::default()
        },
        window_ns,
        ..RunFacts::default()
    }
}

#[test]
fn rows_are_ordered_by_frequency_and_the_outcomes_add_up() {
    let mut recorder = recorder(false);
    call(&mut recorder, Err("503"), 0, 9);
    (0..3).for_each(|_| call(&mut recorder, Ok("200"), 0, 5));
    let row = recorder.row_of_fault(0, Fault::Start);
    recorder.call_without_timing(row, 7);
    let summary = Summary::new(facts(5, 5, 1_000_000_000), recorder);
    summary.check_identities().unwrap();
    let tags: Vec<&str> = summary
        .rows
        .iter()
        .map(|row| row.key.tag.as_str())
        .collect();
    assert_eq!(tags, ["200", "503", "!start"]);
    let counts = [Outcome::Ok, Outcome::Fail, Outcome::Fault].map(|outcome| summary.count(outcome));
    assert_eq!(counts, [3, 1, 1]);
    assert_eq!(summary.latency.service.ended.len(), 4);
    assert_eq!(summary.share(3), Some(0.6));
    assert_eq!(
        (summary.rate_per_s(), summary.ok_per_s()),
        (Some(5.0), Some(3.0))
    );
}

#[test]
fn nothing_done_in_no_time_gives_no_figures() {
    let summary = Summary::new(facts(0, 0, 0), recorder(false));
    summary.check_identities().unwrap();
    assert_eq!(
        (summary.rate_per_s(), summary.ok_per_s(), summary.share(0)),
        (None, None, None)
    );
    assert_eq!(summary.latency.service.ended.mean(), None);
}

#[test]
fn a_rate_leaves_out_what_ended_after_the_window() {
    let mut recorder = recorder(false);
    recorder.set_window_end(2_000_000_000);
    call(&mut recorder, Ok("x"), 0, 2_000_000_000);
    call(&mut recorder, Ok("x"), 0, 2_000_000_001);
    let summary = Summary::new(facts(2, 2, 2_000_000_000), recorder);
    assert_eq!(summary.rate_per_s(), Some(0.5));
    assert_eq!(summary.rows[0].count, 2);
}

#[test]
fn calls_that_never_ended_bound_response_in_open_load_and_service_in_closed() {
    let mut open = recorder(true);
    (0..20).for_each(|_| call(&mut open, Ok("x"), 0, 100));
    (0..20).for_each(|_| open.never_ended(0, None, 5_000));
    let mut known = facts(40, 20, 1);
    known.load = Load {
        model: Model::Open,
        ..Load::default()
    };
    known.accounting.not_started = 20;
    let summary = Summary::new(known, open);
    summary.check_identities().unwrap();
    assert_eq!(summary.latency.felt().censored.len(), 20);
    assert!(summary.latency.service.censored.is_empty());

    let mut closed = recorder(false);
    closed.never_ended(0, Some(0), 5_000);
    closed.never_ended(0, None, 5_000);
    let mut known = facts(2, 0, 1);
    known.accounting.unfinished = 1;
    known.accounting.not_started = 1;
    let summary = Summary::new(known, closed);
    summary.check_identities().unwrap();
    assert_eq!(summary.latency.felt().censored.len(), 1);
    assert!(summary.latency.response.is_none());
}

#[test]
fn an_account_that_does_not_add_up_is_named() {
    #[track_caller]
    fn check(facts: RunFacts, expected: &str) {
        let mut recorder = recorder(false);
        call(&mut recorder, Ok("x"), 0, 1);
        assert_eq!(
            Summary::new(facts, recorder).check_identities(),
            Err(expected.to_owned())
        );
    }
    check(
        facts(3, 1, 1),
        "asked = done + missed + not_started + unfinished: 3 is not 1",
    );
    check(facts(2, 2, 1), "done = the sum over all tags: 2 is not 1");
}
