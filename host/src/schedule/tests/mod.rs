//! Schedules from the text of their curve to the calls that are due.

mod accounting;
mod reading;
mod refused;
mod spread;
mod uniform;

use super::{Arrivals, Curve, Due, Options, Schedule, WarmUp};

const SECOND: u64 = 1_000_000_000;

fn curve(text: &str) -> Curve {
    text.parse()
        .unwrap_or_else(|error| panic!("`{text}` is a curve:\n{error}"))
}

fn schedule(text: &str, options: Options) -> Schedule {
    Schedule::new(&curve(text), options).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Evenly and without anything else.
fn plain(text: &str) -> Schedule {
    schedule(text, Options::default())
}

/// All calls of a schedule that has an end.
fn all(schedule: &Schedule) -> Vec<Due> {
    let mut walk = schedule.walk();
    (0..).map_while(|index| walk.due(index)).collect()
}

/// When all calls are due, the warm-up among them.
fn due_times(schedule: &Schedule) -> Vec<u64> {
    all(schedule).into_iter().map(|due| due.due_ns).collect()
}

#[track_caller]
fn check_due(schedule: &Schedule, index: u64, due_ns: u64) {
    let due = schedule.walk().due(index).map(|due| due.due_ns);
    assert_eq!(due, Some(due_ns), "call {index}");
}
