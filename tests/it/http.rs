//! The stock `http` operation against servers whose behaviour is known.

use crate::support::{RawServer, Summary, Target, TargetProcess, gorgon};

/// Twenty calls of one path by two workers.
#[track_caller]
fn twenty(url: String, exit: i32) -> Summary {
    gorgon("run")
        .args(["http", "-n", "20", "-w", "2", "--timeout", "5s"])
        .set("url", url)
        .json_and_exit(exit)
}

#[test]
fn the_status_is_the_tag() {
    let target = Target::start();
    #[track_caller]
    fn check(target: &Target, path: &str, tag: &str, outcome: &str, exit: i32) {
        let summary = twenty(target.url(path), exit);
        assert_eq!(
            summary.count(outcome, tag),
            20,
            "{path}: {:?}",
            summary.tags()
        );
    }
    check(&target, "/status/200", "200", "ok", 0);
    check(&target, "/status/204", "204", "ok", 0);
    check(&target, "/status/404", "404", "fail", 69);
    check(&target, "/status/503", "503", "fail", 69);
    check(&target, "/delay/5ms", "200", "ok", 0);
    check(&target, "/bytes/1MiB", "200", "ok", 0);
    check(&target, "/chunked/100", "200", "ok", 0);
    check(&target, "/gzip", "200", "ok", 0);
    check(&target, "/close", "200", "ok", 0);
    assert_eq!(target.stop().requests, 9 * 20);
}

#[test]
fn each_worker_keeps_its_connection() {
    let target = Target::start();
    gorgon("run")
        .args(["http", "-n", "1000", "-w", "8"])
        .set("url", target.url("/json"))
        .json()
        .has_tags([("200", 1_000)]);
    let served = target.stop();
    assert_eq!(served.requests, 1_000);
    assert!(
        served.connections <= 8,
        "{} connections for 8 workers",
        served.connections
    );
}

#[test]
fn every_fifth_answer_of_a_flaky_server_fails() {
    let target = Target::start();
    let summary = gorgon("run")
        .args(["http", "-n", "100", "-w", "4"])
        .set("url", target.url("/flaky?every=5&status=503"))
        .json();
    summary.has_tags([("200", 80), ("503", 20)]);
    assert_eq!(summary.count("fail", "503"), 20);
}

#[test]
fn an_answer_that_breaks_off_is_no_success() {
    let target = Target::start();
    for path in ["/short", "/drop"] {
        let summary = twenty(target.url(path), 69);
        assert_eq!(summary.calls("fail"), 20, "{path}: {:?}", summary.tags());
    }
}

#[test]
fn a_server_that_says_nothing_costs_the_calls_their_timeout() {
    let server = RawServer::silent();
    let summary = gorgon("run")
        .args(["http", "-n", "4", "-w", "2", "--timeout", "200ms"])
        .set("url", server.url("/"))
        .json_and_exit(69);
    summary.has_tags([("!timeout", 4)]);
}

#[test]
fn a_port_where_nobody_listens_gives_no_success_and_no_time_of_zero() {
    let url = RawServer::silent().url("/");
    let summary = twenty(url, 69);
    assert_eq!(summary.calls("fail"), 20, "{:?}", summary.tags());
}

#[test]
fn what_counts_as_success_can_be_said() {
    let target = Target::start();
    let summary = gorgon("run")
        .args(["http", "-n", "20", "-w", "2", "--expect", "404"])
        .set("url", target.url("/status/404"))
        .json();
    assert_eq!(summary.count("ok", "404"), 20);
}

#[test]
fn the_target_is_a_command_of_its_own() {
    let target = TargetProcess::start();
    twenty(target.url("/status/200"), 0).has_tags([("200", 20)]);
}
