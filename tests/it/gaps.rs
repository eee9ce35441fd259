//! A runner that was stopped says so: it makes up for nothing, and trusts no figure of that time.

use std::sync::mpsc;
use std::time::Duration;

use crate::kill::look_for;
use crate::support::{Finished, Running, Summary, Tally, gorgon};

/// How long the runner is stopped. Beyond a second it is a gap.
const STOPPED: Duration = Duration::from_millis(1_500);

/// Calls a second, in open load.
const RATE: u64 = 200;

/// Stops a process for a while and lets it go on.
fn stop_for_a_while(running: &Running) {
    running.signal("STOP");
    running.is_stopped();
    // Real time is what this is about: the runner has to find out that it passed. More of it does no harm.
    let (_sender, nobody) = mpsc::channel::<()>();
    assert_eq!(
        nobody.recv_timeout(STOPPED),
        Err(mpsc::RecvTimeoutError::Timeout)
    );
    running.signal("CONT");
}

/// Waits until so many paths were asked for.
fn seen(tally: &Tally, count: usize) {
    look_for("a call", || (tally.seen().len() >= count).then_some(()));
}

/// Ends a run and reads its summary.
#[track_caller]
fn interrupted(running: Running) -> (Finished, Summary) {
    running.signal("INT");
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(130), "{}", finished.all());
    let summary = finished.summary();
    (finished, summary)
}

/// From when to when the runner did not run, as it says.
fn gaps(summary: &Summary) -> Vec<(u64, u64)> {
    let gaps = summary.at("/readings/gaps").as_array().expect("a list");
    gaps.iter()
        .map(|gap| {
            let number = |name: &str| gap[name].as_u64().expect("a time");
            (number("from_ns"), number("from_ns") + number("length_ns"))
        })
        .collect()
}

#[track_caller]
fn is_not_valid(finished: &Finished, summary: &Summary) {
    assert_ne!(summary.at("/verdict/state"), "valid", "{}", finished.all());
    let reasons = summary.at("/verdict/reasons").as_array().expect("a list");
    assert!(
        reasons.iter().any(|reason| reason["id"] == "gap"),
        "{}",
        finished.all()
    );
}

#[test]
fn calls_that_fell_due_while_the_runner_was_stopped_are_missed_and_not_fired() {
    let tally = Tally::start();
    let rate = format!("{RATE}/s");
    let running = gorgon("run")
        .args(["http", "--rate", &rate, "-d", "1h", "--json", "-"])
        .set("url", tally.url("/{number}"))
        .start();
    seen(&tally, 20);
    stop_for_a_while(&running);
    let before = tally.seen().len();
    seen(&tally, before + 50);
    let (finished, summary) = interrupted(running);
    is_not_valid(&finished, &summary);

    // All that fell due while it was known to be stopped, less what threads may have had in hand.
    let missed = summary.calls("missed");
    let least = RATE * STOPPED.as_millis() as u64 / 1_000 - 50;
    assert!(missed >= least, "{missed} missed: {}", finished.all());
    // What was asked for and not made is what was missed, and nothing was made twice.
    let seen = tally.seen();
    assert!(seen.values().all(|&count| count == 1), "{seen:?}");
    let made = summary.calls("done") + summary.calls("unfinished");
    assert!(summary.calls("done") <= seen.len() as u64);
    assert!(made >= seen.len() as u64, "{}", finished.all());

    let gaps = gaps(&summary);
    assert!(!gaps.is_empty(), "{}", finished.all());
    for path in seen.keys() {
        let number: u64 = path[1..].parse().expect("a number");
        let due_ns = number * 1_000_000_000 / RATE;
        // Between its last sign of life and the stop, a fiftieth of a second at most, it still made calls.
        let is_in =
            |&(from_ns, to_ns): &(u64, u64)| (from_ns + 200_000_000..to_ns).contains(&due_ns);
        assert!(
            !gaps.iter().any(is_in),
            "call {number} was made, due in {gaps:?}"
        );
    }
}

#[test]
fn a_stop_in_closed_load_is_marked_and_nothing_is_missed() {
    let tally = Tally::start();
    let running = gorgon("run")
        .args(["http", "-d", "1h", "-w", "2", "--think", "5ms"])
        .args(["--json", "-"])
        .set("url", tally.url("/{number}"))
        .start();
    seen(&tally, 20);
    stop_for_a_while(&running);
    let before = tally.seen().len();
    seen(&tally, before + 20);
    let (finished, summary) = interrupted(running);
    is_not_valid(&finished, &summary);
    assert_eq!(summary.calls("missed"), 0, "{}", finished.all());
    let stopped_ns = STOPPED.as_nanos() as u64;
    let is_marked = gaps(&summary)
        .iter()
        .any(|(from, to)| to - from >= stopped_ns);
    assert!(is_marked, "{}", finished.all());
}
