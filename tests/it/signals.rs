//! A run that is told to end ends at once, with a full report of what it did until then.

use std::io::{BufRead, BufReader, Write};
use std::sync::mpsc;
use std::time::Duration;

use crate::kill::{partial, report, some_are_saved};
use crate::support::{Files, RawServer, gorgon};

/// A server that tells of every request it has answered.
pub(crate) fn telling() -> (RawServer, mpsc::Receiver<()>) {
    let (sender, receiver) = mpsc::channel();
    let server = RawServer::start(move |stream| {
        let mut writer = &stream;
        for line in BufReader::new(&stream).lines().map_while(Result::ok) {
            if line.is_empty()
                && writer
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                    .is_ok()
            {
                // The test may have seen enough.
                let _ = sender.send(());
            }
        }
    });
    (server, receiver)
}

#[track_caller]
fn check(signal: &str, exit: i32) {
    let (server, answered) = telling();
    let running = gorgon("run")
        .args(["http", "-n", "1G", "-w", "2", "--json", "-"])
        .set("url", server.url("/"))
        .start();
    for _ in 0..50 {
        answered
            .recv_timeout(Duration::from_secs(60))
            .expect("the run makes requests");
    }
    running.signal(signal);
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(exit), "{}", finished.all());
    let summary = finished.summary();
    assert_eq!(summary.at("/status"), "interrupted");
    // The last answers of each worker may be on their way when the signal comes.
    assert!(summary.calls("ok") >= 48, "{}", finished.all());
    assert!(summary.calls("not_started") > 0, "{}", finished.all());
}

#[test]
fn an_interrupted_run_reports_what_it_did() {
    check("INT", 130);
}

#[test]
fn a_terminated_run_reports_what_it_did() {
    check("TERM", 143);
}

/// Reads a run's stderr until it says something.
#[track_caller]
fn wait_for_words(stderr: &mut impl BufRead, words: &str) {
    let mut said = String::new();
    while !said.contains(words) {
        let length = stderr.read_line(&mut said).expect("stderr is text");
        assert!(length > 0, "it ends and never says `{words}`: {said}");
    }
}

#[test]
fn a_run_that_is_told_twice_does_not_wait_for_calls_in_flight() {
    let (sender, arrived) = mpsc::channel();
    let server = RawServer::start(move |stream| {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if line.is_empty() {
                // The test may be over.
                let _ = sender.send(());
            }
        }
    });
    let mut running = gorgon("run")
        .args(["http", "-n", "100", "-w", "2", "--json", "-"])
        .args(["--grace", "1h", "--timeout", "2h"])
        .set("url", server.url("/"))
        .start();
    let mut stderr = BufReader::new(running.child.stderr.take().expect("a pipe"));
    for _ in 0..2 {
        arrived
            .recv_timeout(Duration::from_secs(60))
            .expect("each worker makes a request");
    }
    running.signal("INT");
    wait_for_words(&mut stderr, "once more to stop now");
    running.signal("INT");
    wait_for_words(&mut stderr, "stopping now");
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(130), "{}", finished.all());
    let summary = finished.summary();
    assert_eq!(summary.at("/status"), "interrupted");
    let calls = ["done", "unfinished", "not_started"].map(|name| summary.calls(name));
    assert_eq!(calls, [0, 2, 98], "{}", finished.all());
}

#[test]
fn a_run_that_is_told_thrice_leaves_at_once_and_what_it_saved_is_there() {
    #[track_caller]
    fn check(signal: &str, exit: i32) {
        let files = Files::new();
        let path = files.path().join("run.jsonl");
        // Its `teardown` takes a minute, which the run would wait for.
        let mut running = gorgon("run")
            .args([gorgon_fixtures::FULL, "-d", "1h", "--think", "5ms"])
            .args(["--grace", "1h", "--timeout", "1h", "--save"])
            .arg(&path)
            .set("slow", "teardown")
            .start();
        let mut stderr = BufReader::new(running.child.stderr.take().expect("a pipe"));
        let partial = partial(&path);
        some_are_saved(&partial);
        running.signal(signal);
        wait_for_words(&mut stderr, "once more to stop now");
        running.signal(signal);
        wait_for_words(&mut stderr, "once more to leave without a report");
        running.signal(signal);
        let finished = running.finish();
        assert_eq!(finished.status.code(), Some(exit), "{}", finished.all());
        finished.stdout_is_empty();
        assert!(!path.exists());
        let summary = report(&partial);
        assert_eq!(summary.at("/status"), "incomplete");
        assert!(summary.calls("done") > 0);
    }
    check("INT", 130);
    check("TERM", 143);
}
