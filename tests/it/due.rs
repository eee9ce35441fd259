//! When calls are due, as the operation is told it and as the report counts it.
//!
//! A machine on which the runner does not get to run for over a second makes calls *missed*. Which calls are due when has
//! nothing to do with that.

use std::collections::BTreeMap;

use crate::support::{Gorgon, Summary, gorgon};

const MS: u64 = 1_000_000;

/// The probe, which returns its number and when it was due.
fn telling(flags: &[&str]) -> Gorgon {
    gorgon("run")
        .arg(gorgon_fixtures::PROBE)
        .args(flags)
        .set("do", "when")
}

/// When each number was due, in nanoseconds. No call may have been told of a time that was yet to come, and only those
/// that were missed may not be there.
#[track_caller]
fn dues(summary: &Summary, asked: u64) -> BTreeMap<u64, u64> {
    let tags = summary.tags();
    assert_eq!(summary.calls("ok"), summary.calls("done"), "{tags:?}");
    assert_eq!(summary.calls("asked"), asked);
    let parse = |text: &str| text.parse::<u64>().ok();
    let read = |tag: &String| {
        let (number, due) = tag.split_once('@')?;
        Some((parse(number)?, parse(due)?))
    };
    let dues: Option<BTreeMap<u64, u64>> = tags.keys().map(read).collect();
    let dues = dues.expect("numbers and times");
    let made = asked - summary.calls("missed") - summary.calls("not_started");
    assert_eq!(dues.len() as u64, made, "each number once");
    dues
}

/// Checks when each call was due, to a microsecond where the formula is one of doubles.
#[track_caller]
fn check(flags: &[&str], asked: u64, within_ns: u64, expected_ns: impl Fn(u64) -> u64) {
    for (number, due_ns) in dues(&telling(flags).json(), asked) {
        let off = due_ns.abs_diff(expected_ns(number));
        assert!(
            off <= within_ns,
            "{flags:?}: {number} is due at {due_ns} ns"
        );
    }
}

#[test]
fn calls_of_a_steady_rate_are_due_to_the_nanosecond() {
    check(&["--rate", "200", "-n", "100"], 100, 0, |n| n * 5 * MS);
    check(&["--rate", "300/s", "-n", "30"], 30, 1, |n| n * 10 * MS / 3);
    check(&["--rate", "12k/min", "-d", "100ms"], 20, 0, |n| n * 5 * MS);
}

#[test]
fn calls_of_a_rising_rate_are_due_where_the_area_below_it_is_their_number() {
    // That area is 100 · t².
    check(&["--rate", "0..200/1s"], 100, 1_000, |n| {
        ((n as f64 / 100.0).sqrt() * 1e9) as u64
    });
}

#[test]
fn stages_follow_each_other_without_a_seam() {
    check(&["--rate", "100/300ms, 400/200ms"], 110, 1, |n| {
        n.min(30) * 10 * MS + n.saturating_sub(30) * 5 * MS / 2
    });
}

#[test]
fn numbers_begin_where_they_are_told_to() {
    let flags = ["--rate", "200", "-n", "20", "--start", "1000"];
    check(&flags, 20, 0, |number| (number - 1_000) * 5 * MS);
}

#[test]
fn results_are_due_after_the_warm_up_without_a_seam() {
    let flags = ["--rate", "100", "-n", "20", "--warmup", "10"];
    check(&flags, 20, 0, |number| number * 10 * MS);
}

/// Those of the first that are among the second, too, and the other way round.
fn both<'a>(
    one: &'a BTreeMap<u64, u64>,
    other: &'a BTreeMap<u64, u64>,
) -> impl Iterator<Item = (u64, u64)> + 'a {
    let of_other = |number: &u64| other.get(number).copied();
    one.iter()
        .filter_map(move |(number, due_ns)| Some((*due_ns, of_other(number)?)))
}

#[test]
fn jitter_moves_calls_and_keeps_their_order() {
    let jitter = |seed: &str| {
        let flags = ["--rate", "200", "-n", "60", "--jitter", "20%"];
        dues(&telling(&flags).args(["--seed", seed]).json(), 60)
    };
    let moved = jitter("1");
    for (number, due_ns) in &moved {
        let from = number * 5 * MS;
        assert!((from..=from + MS).contains(due_ns), "{number}: {due_ns}");
    }
    assert!(moved.iter().any(|(n, due_ns)| n * 5 * MS != *due_ns));
    assert!(both(&moved, &jitter("1")).all(|(one, other)| one == other));
    assert!(both(&moved, &jitter("2")).any(|(one, other)| one != other));
}

#[test]
fn poisson_arrivals_are_the_same_for_the_same_seed_whatever_drives_them() {
    let arrivals = |seed: &str, threads: &str| {
        let flags = ["--rate", "400", "-n", "150", "--arrivals", "poisson"];
        let flags = [&flags[..], &["--seed", seed, "--threads", threads]].concat();
        dues(&telling(&flags).json(), 150)
    };
    let once = arrivals("7", "1");
    assert!(once.values().is_sorted());
    assert!(both(&once, &arrivals("7", "4")).all(|(one, other)| one == other));
    assert!(both(&once, &arrivals("8", "1")).any(|(one, other)| one != other));
}

#[test]
fn in_closed_load_a_call_is_due_when_it_starts() {
    let summary = telling(&["-n", "100", "-w", "4"]).json();
    assert_eq!(dues(&summary, 100).len(), 100);
    assert!(summary.at("/totals/latency/lag").is_null());
}

#[test]
fn lag_and_service_are_the_parts_of_the_response() {
    let summary = gorgon("run")
        .args(["sleep", "--rate", "200", "-n", "40", "-w", "1"])
        .set("for", "15ms")
        .json();
    let figure = |part: &str, what: &str| {
        let pointer = format!("/totals/latency/{part}/{what}");
        summary.at(&pointer).as_u64().expect("a number")
    };
    let [response, service, lag] =
        ["response", "service", "lag"].map(|part| figure(part, "mean_ns"));
    assert!(
        response.abs_diff(service + lag) <= 2,
        "{response} = {service} + {lag}"
    );
    assert!(figure("service", "min_ns") >= 15 * MS);
    if summary.calls("missed") > 0 {
        return;
    }
    // Call k was due after 5k ms and could not start before 15k ms.
    assert!(lag >= 195 * MS, "{lag}");
    assert!(figure("lag", "max_ns") >= 390 * MS);
    let percentiles = summary.at("/totals/latency/response/percentiles");
    let mut percentiles = percentiles.as_array().expect("a list").iter();
    let p50 = percentiles.find(|percentile| percentile["p"] == 50.0);
    let p50 = p50.and_then(|percentile| percentile["ns"].as_u64());
    // Half of the calls waited at least as long as call 19, 190 ms, and then took 15 ms.
    assert!(p50 >= Some(205 * MS), "{p50:?}");
}
