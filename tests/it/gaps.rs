//! A runner that was stopped marks the gap: what fell due in it is missed and not fired in a burst.

use std::sync::mpsc;
use std::time::Duration;

use crate::support::{Summary, gorgon};

/// Stops a run for a while that is long enough to be a gap, and lets it go on.
#[track_caller]
fn stopped(args: &[&str]) -> Summary {
    let running = gorgon("run").args(args).args(["--json", "-"]).start();
    let id = running.child.id();
    wait_until(id, |state| state == 'S');
    // Real time is what is tested here: a gap begins after a second of it.
    let (_never, timer) = mpsc::channel::<()>();
    let _ = timer.recv_timeout(Duration::from_millis(700));
    running.signal("STOP");
    wait_until(id, |state| state == 'T');
    let _ = timer.recv_timeout(Duration::from_millis(2_500));
    running.signal("CONT");
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(0), "{}", finished.all());
    finished.summary()
}

/// Waits until the kernel says that a process is in such a state.
#[track_caller]
fn wait_until(id: u32, is_reached: impl Fn(char) -> bool) {
    for _ in 0..10_000 {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("the process lives");
        let state = stat
            .rsplit(") ")
            .next()
            .and_then(|rest| rest.chars().next());
        if state.is_some_and(&is_reached) {
            return;
        }
        std::thread::yield_now();
        let (_never, timer) = mpsc::channel::<()>();
        let _ = timer.recv_timeout(Duration::from_millis(1));
    }
    panic!("process {id} does not get there");
}

#[track_caller]
fn names_a_gap(summary: &Summary) {
    assert_ne!(summary.at("/verdict/state"), "valid");
    let reasons = summary.at("/verdict/reasons").as_array().expect("a list");
    assert!(
        reasons.iter().any(|reason| reason["id"] == "gap"),
        "{reasons:?}"
    );
    let gaps = summary.at("/readings/gaps").as_array().expect("a list");
    assert!(!gaps.is_empty());
}

#[test]
fn what_falls_due_while_the_process_is_stopped_is_missed() {
    let summary = stopped(&["noop", "--rate", "100", "-d", "5s"]);
    names_a_gap(&summary);
    assert_eq!(summary.calls("asked"), 500);
    // At least a second of the stop was none of the watchdog's blind spot.
    assert!(
        summary.calls("missed") >= 100,
        "{}",
        summary.calls("missed")
    );
}

#[test]
fn in_closed_load_a_gap_is_marked_and_nothing_is_missed() {
    let summary = stopped(&["sleep", "--set", "for=50ms", "-d", "5s", "-w", "2"]);
    names_a_gap(&summary);
    assert_eq!(summary.calls("missed"), 0);
}
