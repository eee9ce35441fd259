//! Closed load deals out each number exactly once, whatever the workers, and reports every call.

use std::collections::BTreeMap;

use crate::support::{Tally, gorgon};

#[test]
fn four_thousand_hashes_fail_eight_hundred_times_whatever_the_workers() {
    #[track_caller]
    fn check(calls: u64, workers: u64, fail: u64, success: u64) {
        let (n, w) = (calls.to_string(), workers.to_string());
        let summary = gorgon("run").args(["hash", "-n", &n, "-w", &w]).json();
        summary.has_tags([("FAIL", fail), ("SUCCESS", success)]);
        assert_eq!(summary.count("fail", "FAIL"), fail);
        assert_eq!(summary.count("ok", "SUCCESS"), success);
        assert_eq!(summary.calls("done"), calls);
    }
    check(4_000, 1, 800, 3_200);
    check(4_000, 3, 800, 3_200);
    check(4_000, 8, 800, 3_200);
    check(4_000, 64, 800, 3_200);
    check(4_001, 8, 801, 3_200);
}

#[test]
fn each_number_reaches_the_server_exactly_once() {
    #[track_caller]
    fn check(calls: u64, workers: u64, start: u64) {
        let tally = Tally::start();
        let (n, w, start_text) = (calls.to_string(), workers.to_string(), start.to_string());
        let summary = gorgon("run")
            .args(["http", "-n", &n, "-w", &w, "--start", &start_text])
            .set("url", tally.url("/n/{number}"))
            .json();
        let expected: BTreeMap<String, u64> = (start..start + calls)
            .map(|number| (format!("/n/{number}"), 1))
            .collect();
        assert_eq!(
            tally.seen(),
            expected,
            "-n {calls} -w {workers} --start {start}"
        );
        assert_eq!(summary.calls("done"), calls);
        assert_eq!(summary.calls("ok"), calls);
    }
    check(0, 1, 0);
    check(0, 8, 0);
    check(1, 1, 0);
    check(1, 64, 0);
    check(7, 3, 0);
    check(7, 64, 0);
    check(1_000, 1, 0);
    check(1_000, 8, 0);
    check(1_000, 64, 0);
    check(100, 8, 4_000);
}

#[test]
fn tags_count_what_the_guest_returned() {
    let summary = gorgon("run")
        .args([gorgon_fixtures::PROBE, "-n", "1000", "-w", "8"])
        .set("do", "tags")
        .set("modulo", 7)
        .json();
    summary.has_tags([
        ("0", 143),
        ("1", 143),
        ("2", 143),
        ("3", 143),
        ("4", 143),
        ("5", 143),
        ("6", 142),
    ]);
}

#[test]
fn a_run_of_no_calls_is_a_run_that_went_well() {
    let summary = gorgon("run").args(["hash", "-n", "0", "-w", "4"]).json();
    summary.has_tags([]);
    assert_eq!(summary.calls("asked"), 0);
}

#[test]
fn the_last_number_there_is_can_be_dealt_out() {
    let summary = gorgon("run")
        .args([
            gorgon_fixtures::PROBE,
            "-n",
            "2",
            "-w",
            "1",
            "--start",
            "18446744073709551614",
        ])
        .set("do", "number")
        .json();
    summary.has_tags([("18446744073709551614", 1), ("18446744073709551615", 1)]);
}

#[test]
fn ten_thousand_workers_sleep_side_by_side() {
    let summary = gorgon("run")
        .args(["sleep", "-n", "20000", "-w", "10000"])
        .set("for", "100ms")
        .json();
    assert_eq!(summary.calls("done"), 20_000);
    assert_eq!(summary.calls("ok"), 20_000);
}

#[test]
fn a_run_for_a_time_counts_what_it_started() {
    let summary = gorgon("run")
        .args(["sleep", "-d", "300ms", "-w", "4"])
        .set("for", "10ms")
        .json();
    assert!(summary.calls("done") >= 4, "each worker made a call");
    assert_eq!(
        summary.calls("unfinished"),
        0,
        "the grace time is longer than a call"
    );
    assert_eq!(summary.calls("ok"), summary.calls("done"));
}

#[test]
fn time_to_think_is_between_calls_and_in_none_of_them() {
    let summary = gorgon("run")
        .args(["noop", "-n", "40", "-w", "8", "--think", "20ms"])
        .json();
    assert_eq!(summary.calls("done"), 40);
    let elapsed = summary.at("/run/elapsed_ns").as_u64().expect("a time");
    assert!(
        elapsed >= 80_000_000,
        "five rounds have four pauses: {elapsed} ns"
    );
}
