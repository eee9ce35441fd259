//! What a guest is given and what it may tell, each function of the contract in turn.

use std::collections::BTreeMap;

use crate::support::{Gorgon, Summary, Target, gorgon};

/// Calls of the probe, told what to do.
fn probe(what: &str, calls: u64, workers: u64) -> Gorgon {
    let (n, w) = (calls.to_string(), workers.to_string());
    gorgon("run")
        .args([gorgon_fixtures::PROBE, "-n", &n, "-w", &w])
        .set("do", what)
}

#[test]
fn a_guest_gets_out_of_its_sandbox_nowhere() {
    probe("env", 4, 2)
        .env("SECRET", "1")
        .json()
        .has_tags([("nothing", 4)]);
}

#[test]
fn an_instance_keeps_its_state_unless_calls_are_isolated() {
    probe("state", 4, 1)
        .json()
        .has_tags([("1", 1), ("2", 1), ("3", 1), ("4", 1)]);
    probe("state", 40, 4)
        .args(["--isolate", "call"])
        .json()
        .has_tags([("1", 40)]);
}

#[test]
fn parameters_reach_the_guest() {
    // `do` is one too.
    probe("parameters", 1, 1)
        .set("a", "1")
        .set("b", "x=y")
        .json()
        .has_tags([("3", 1)]);
}

#[test]
fn the_same_seed_gives_each_number_the_same_values_whatever_the_workers() {
    let drawn = |seed: &str, workers| {
        probe("random", 20, workers)
            .args(["--seed", seed])
            .json()
            .tags()
    };
    let values = drawn("7", 1);
    assert_eq!(values.len(), 20, "{values:?}");
    assert_eq!(drawn("7", 4), values);
    assert_ne!(drawn("8", 4), values);
    let fresh = |workers| probe("random", 20, workers).json().tags();
    assert_ne!(fresh(4), fresh(4));
}

#[test]
fn unusual_tags_are_counted_as_they_are() {
    probe("emptytag", 3, 2).json().has_tags([("", 3)]);
    probe("nonascii", 3, 2).json().has_tags([("größe→☃", 3)]);
    let tags = probe("bigtag", 3, 2).json().tags();
    let [(tag, 3)] = tags
        .iter()
        .map(|(tag, count)| (tag.as_str(), *count))
        .collect::<Vec<_>>()[..]
    else {
        panic!("{tags:?}");
    };
    assert!(
        tag.starts_with("xxxxxxxx") && tag.contains('…') && tag.len() < 100,
        "{tag}"
    );
}

#[test]
fn more_tags_than_are_kept_are_counted_together() {
    let summary = probe("number", 1_000, 4).json();
    let tags = summary.tags();
    assert!(tags.len() <= 257, "{} tags", tags.len());
    let kept = tags.iter().filter(|(tag, _)| *tag != "!other").count() as u64;
    assert_eq!(tags.get("!other"), Some(&(1_000 - kept)));
}

#[test]
fn a_call_that_fails_is_counted_beside_one_that_went_well() {
    let summary = probe("fail", 20, 2).set("modulo", 2).json_and_exit(69);
    assert_eq!(
        (summary.count("fail", "0"), summary.count("fail", "1")),
        (10, 10)
    );
    let summary = probe("fail", 20, 2)
        .set("modulo", 2)
        .args(["--expect", "1"])
        .json();
    assert_eq!(
        (summary.count("fail", "0"), summary.count("ok", "1")),
        (10, 10)
    );
}

/// How many samples each measurement of a tag has.
#[track_caller]
fn samples(summary: &Summary, tag: &str) -> BTreeMap<String, u64> {
    let rows = summary.at("/tags").as_array().expect("a list");
    let row = rows
        .iter()
        .find(|row| row["tag"] == tag)
        .expect("the tag is there");
    let measurements = row["measurements"].as_array().expect("a list");
    let sample = |one: &serde_json::Value| {
        let name = one["name"].as_str().expect("a name").to_owned();
        (name, one["durations"]["count"].as_u64().expect("a count"))
    };
    measurements.iter().map(sample).collect()
}

#[test]
fn measurements_belong_to_the_tag_of_their_call() {
    let summary = probe("measure", 20, 4).json();
    let expected = |names: &[(&str, u64)]| -> BTreeMap<String, u64> {
        names
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    };
    assert_eq!(
        samples(&summary, "even"),
        expected(&[
            ("outer", 10),
            ("inner", 30),
            ("even only", 10),
            ("recorded", 10)
        ])
    );
    assert_eq!(
        samples(&summary, "odd"),
        expected(&[("outer", 10), ("inner", 30), ("recorded", 10)])
    );
    let row = |list: &str, name: &str| {
        let rows = summary.at(list).as_array().expect("a list");
        rows.iter()
            .find(|row| row["name"] == name)
            .expect("it is there")
            .clone()
    };
    assert_eq!(row("/counters", "pages")["total"], 100);
    let (even, fails) = (row("/checks", "is even"), row("/checks", "fails"));
    assert_eq!((&even["passed"], &even["failed"]), (&10.into(), &10.into()));
    assert_eq!(
        (&fails["passed"], &fails["failed"]),
        (&0.into(), &20.into())
    );
}

#[test]
fn what_a_guest_writes_is_shown_when_asked_for() {
    let finished = probe("log", 1, 1).arg("-v").expect_exit(0);
    for line in ["to stdout", "to stderr", "at info", "at warn", "at error"] {
        finished.stderr_contains(line);
    }
    let finished = probe("log", 1, 1).arg("--json").arg("-").expect_exit(0);
    assert!(
        !finished.stderr().contains("to stdout"),
        "{}",
        finished.all()
    );
    assert!(
        finished.summary().at("/log/lines").as_u64() >= Some(5),
        "{}",
        finished.all()
    );
}

#[test]
fn a_guest_that_sleeps_past_its_timeout_is_ended() {
    let summary = probe("sleep", 4, 4)
        .set("for", "1h")
        .args(["--timeout", "100ms"])
        .json_and_exit(69);
    summary.has_tags([("!timeout", 4)]);
}

#[test]
fn the_http_client_does_each_thing_it_offers() {
    let target = Target::start();
    #[track_caller]
    fn check(target: &Target, step: &str, path: &str, tag: &str) {
        let summary = probe("http", 3, 1)
            .set("step", step)
            .set("url", target.url(path))
            .set("then", target.url("/cookies"))
            .set("limit", "50ms")
            .json();
        assert_eq!(
            summary.count("ok", tag),
            3,
            "{step} {path}: {:?}",
            summary.tags()
        );
    }
    check(&target, "get", "/status/200", "200");
    check(&target, "number", "/json", "200");
    check(&target, "post", "/echo", "200");
    check(&target, "text", "/delay/1ms", "waited\n");
    check(&target, "size", "/bytes/1MiB", "1048576");
    check(&target, "first", "/bytes/1MiB", "gggg of 1048576");
    check(&target, "header", "/json", "application/json");
    check(&target, "version", "/json", "HTTP/1.1");
    check(&target, "redirects", "/redirect/5", "200");
    check(&target, "all", "/status/200", "200+200+200");
    check(&target, "retry", "/status/200", "1");
    check(
        &target,
        "cookies",
        "/cookies/set?visit=17",
        r#"{"cookies":{"visit":"17"}}"#,
    );
}

#[test]
fn retries_are_made_and_counted() {
    let target = Target::start();
    // Every second request fails, so each call but the first needs two.
    let summary = probe("http", 5, 1)
        .set("step", "retry")
        .set("url", target.url("/flaky?every=2&status=503"))
        .json();
    summary.has_tags([("1", 1), ("2", 4)]);
    let counted = |name: &str| {
        let counters = summary.at("/counters").as_array().expect("a list");
        let counter = counters.iter().find(|counter| counter["name"] == name);
        counter.and_then(|counter| counter["total"].as_u64())
    };
    assert_eq!(counted("http.attempts"), Some(9));
    assert_eq!(counted("http.retried"), Some(4));
    assert_eq!(target.stop().requests, 9);
}

#[test]
fn compressed_answers_are_decoded_when_asked_for() {
    let target = Target::start();
    for path in ["/gzip", "/deflate"] {
        let summary = probe("http", 2, 1)
            .set("step", "compressed")
            .set("url", target.url(path))
            .json();
        // The body as it is decoded; compressed it has not even a tenth of that.
        let tags = summary.tags();
        let size: u64 = tags.keys().next().expect("a tag").parse().expect("a size");
        assert!(size > 1_900, "{path}: {tags:?}");
    }
}

#[test]
fn a_connection_is_kept_between_calls() {
    let target = Target::start();
    let summary = probe("http", 10, 1)
        .set("step", "timings")
        .set("url", target.url("/json"))
        .json();
    summary.has_tags([("fresh", 1), ("kept", 9)]);
    assert_eq!(
        samples(&summary, "kept"),
        BTreeMap::from([("named".to_owned(), 9)])
    );
    assert_eq!(target.stop().connections, 1);
}

#[test]
fn the_error_of_a_request_is_its_short_tag() {
    let target = Target::start();
    #[track_caller]
    fn check(target: &Target, step: &str, path: &str, tag: &str) {
        let summary = probe("http", 2, 1)
            .set("step", step)
            .set("url", target.url(path))
            .set("limit", "50ms")
            .json_and_exit(69);
        assert_eq!(
            summary.count("fail", tag),
            2,
            "{step} {path}: {:?}",
            summary.tags()
        );
    }
    check(&target, "timeout", "/delay/1h", "timeout");
    check(&target, "get", "/drop", "closed");
    check(&target, "size", "/short", "closed");
}

#[test]
fn a_response_does_not_outlive_its_call() {
    let target = Target::start();
    let summary = probe("http", 2, 1)
        .set("step", "late")
        .set("url", target.url("/json"))
        .json();
    summary.has_tags([("!trap", 1), ("kept", 1)]);
}
