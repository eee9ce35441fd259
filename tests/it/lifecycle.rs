//! `setup`, `start`, `stop` and `teardown`, around the calls and never counted among them.

use crate::support::{Gorgon, Summary, Target, gorgon};

fn full(calls: &str, workers: &str) -> Gorgon {
    gorgon("run").args([gorgon_fixtures::FULL, "-n", calls, "-w", workers])
}

#[track_caller]
fn counter(summary: &Summary, name: &str) -> u64 {
    let counters = summary.at("/counters").as_array().expect("a list");
    let found = counters.iter().find(|counter| counter["name"] == name);
    found.map_or(0, |counter| counter["total"].as_u64().expect("a count"))
}

#[test]
fn every_instance_starts_once_with_what_setup_returned() {
    let summary = full("100", "4").json();
    summary.has_tags([("started", 100)]);
    assert_eq!(summary.count("ok", "started"), 100);
    let starts = counter(&summary, "start");
    assert!((1..=4).contains(&starts), "{starts} starts for 4 workers");
}

#[test]
fn isolated_calls_start_each_for_itself() {
    let summary = full("20", "4").args(["--isolate", "call"]).json();
    summary.has_tags([("started", 20)]);
    assert_eq!(counter(&summary, "start"), 20);
}

#[test]
fn a_setup_that_fails_ends_the_run_before_any_load() {
    let target = Target::start();
    let finished = full("100", "4")
        .set("fail", "setup")
        .set("url", target.url("/json"))
        .expect_exit(65);
    finished
        .stderr_contains("setup was told to fail")
        .stdout_is_empty()
        .has_no_sign_of_a_bug();
    assert_eq!(target.stop().requests, 0);
}

#[test]
fn starts_that_fail_from_the_beginning_end_the_run() {
    let summary = full("1000000", "1").set("fail", "start").json_and_exit(69);
    summary.has_tags([("!start", 5)]);
    assert_eq!(summary.at("/status"), "aborted");
}

#[test]
fn what_start_does_is_counted_apart_from_the_calls() {
    let target = Target::start();
    let summary = full("50", "2").set("url", target.url("/delay/20ms")).json();
    summary.has_tags([("started", 50)]);
    let starts = counter(&summary, "start");
    assert_eq!(
        target.stop().requests,
        starts,
        "one request per start and none per call"
    );
    let number = |at: &str| summary.at(at).as_u64().expect("a number");
    assert_eq!(number("/lifecycle/starts"), starts);
    assert_eq!(number("/lifecycle/requests"), starts);
    assert!(number("/lifecycle/start_ns") >= starts * 20_000_000);
}

#[test]
fn a_setup_that_waits_too_long_is_ended_by_the_timeout() {
    let finished = full("10", "1")
        .set("slow", "setup")
        .args(["--timeout", "100ms"])
        .expect_exit(65);
    finished
        .stderr_contains("longer than a call may")
        .has_no_sign_of_a_bug();
}

#[test]
fn a_teardown_that_waits_too_long_is_a_note_and_no_more() {
    let summary = full("10", "1")
        .set("slow", "teardown")
        .args(["--timeout", "100ms"])
        .json();
    summary.has_tags([("started", 10)]);
    let notes = summary.at("/notes").to_string();
    assert!(notes.contains("`teardown`"), "{notes}");
}

#[test]
fn a_start_that_waits_too_long_is_a_fault_of_its_call() {
    let summary = full("1000", "1")
        .set("slow", "start")
        .args(["--timeout", "50ms"])
        .json_and_exit(69);
    assert_eq!(summary.count("fault", "!start"), 5);
    assert_eq!(summary.calls("not_started"), 995);
}

#[test]
fn a_stop_that_waits_too_long_does_not_keep_a_trial_from_its_result() {
    let finished = gorgon("try")
        .args([gorgon_fixtures::FULL, "--timeout", "100ms"])
        .set("slow", "stop")
        .expect_exit(0);
    finished.stdout_contains("started (ok)");
}

#[test]
fn a_start_that_may_not_reach_its_host_is_a_matter_of_policy() {
    let finished = full("1000", "1")
        .set("url", "http://production.example/")
        .expect_exit(77);
    finished
        .stderr_contains("--allow-host production.example:80")
        .has_no_sign_of_a_bug();
}
