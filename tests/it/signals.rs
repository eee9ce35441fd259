//! A run that is told to end ends at once, with a full report of what it did until then.

use std::io::{BufRead, BufReader, Write};
use std::sync::mpsc;
use std::time::Duration;

use crate::support::{RawServer, gorgon};

/// A server that tells of every request it has answered.
fn telling() -> (RawServer, mpsc::Receiver<()>) {
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
