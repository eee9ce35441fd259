//! A run that is killed leaves a file that reads as what it had done, at most a second behind.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::support::gorgon;

const KILLS: u32 = 200;
const AT_A_TIME: u32 = 8;

/// The file of a run that goes on.
fn partial(folder: &Path, number: u32) -> std::path::PathBuf {
    folder.join(format!("{number}.jsonl.partial"))
}

/// Waits a little, or until the deadline of a test that hangs.
fn pause() {
    let (_never, timer) = mpsc::channel::<()>();
    let _ = timer.recv_timeout(Duration::from_millis(5));
}

/// When the last whole tick of a file ended, and how many calls its ticks hold.
fn ticks(path: &Path) -> (u64, u64) {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let (mut end, mut calls) = (0, 0);
    for line in text.lines() {
        let Ok(line) = serde_json::from_str::<Value>(line) else {
            break;
        };
        if line["type"] == "tick" {
            assert!(line["from_ns"].as_u64() >= Some(end), "ticks are in order");
            end = line["to_ns"].as_u64().unwrap_or(end);
            let rows = line["rows"].as_array().into_iter().flatten();
            calls += rows.filter_map(|row| row["count"].as_u64()).sum::<u64>();
        }
    }
    (end, calls)
}

/// Starts a run, kills it at a moment that depends on `number`, and reads what is left.
#[track_caller]
fn kill_one(folder: &Path, number: u32) {
    let save = folder.join(format!("{number}.jsonl"));
    let mut running = gorgon("run")
        .args(["sleep", "--set", "for=2ms", "--rate", "500", "-d", "60s"])
        .arg("--save")
        .arg(&save)
        .start();
    let path = partial(folder, number);
    // Until the first second has been written, and then for a part of the next one.
    let mut looks = 0;
    while ticks(&path).0 == 0 {
        looks += 1;
        assert!(looks < 20_000, "nothing is ever written");
        pause();
    }
    for _ in 0..(number * 37) % 200 {
        pause();
    }
    let before = ticks(&path);
    running.child.kill().expect("it can be killed");
    running.child.wait().expect("it can be waited for");
    let after = ticks(&path);
    assert!(
        after.0 >= before.0 && after.1 >= before.1,
        "what was there stays"
    );
    assert!(!save.exists(), "a run that was killed is not complete");
    let summary = gorgon("report").arg(&path).json();
    assert_eq!(summary.at("/status"), "incomplete");
    assert_eq!(summary.calls("done"), after.1);
    let elapsed = summary.at("/run/elapsed_ns").as_u64().expect("a time");
    assert!(elapsed <= after.0 && elapsed > 0);
}

#[test]
fn two_hundred_runs_killed_at_any_moment_leave_what_they_had_done() {
    let folder = tempfile::tempdir().expect("a directory");
    let next = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let number @ 0..KILLS = next.fetch_add(1, Ordering::Relaxed) {
                    kill_one(folder.path(), number);
                }
            });
        }
    });
}
