//! Open load in virtual time: what arithmetic says comes out, through the same schedule, workers and recorder as in a
//! real run.

use super::*;
use crate::schedule::{Arrivals, Options, Schedule};

const MS: u64 = 1_000_000;

fn open(rate: &str, options: Options, most_in_flight: u32) -> Load {
    let schedule = Schedule::new(&rate.parse().unwrap(), options).unwrap();
    Load {
        warm_up: options.warm_up,
        calls: options.calls,
        duration: options.duration_ns.map(Duration::from_nanos),
        schedule: Some(schedule),
        ..load(0, most_in_flight)
    }
}

fn for_seconds(seconds: u64) -> Options {
    Options {
        duration_ns: Some(seconds * 1_000 * MS),
        ..Options::default()
    }
}

fn response(finished: Finished) -> Histogram {
    durations(finished, |row| &row.open.as_ref().unwrap().response)
}

fn lag(finished: Finished) -> Histogram {
    durations(finished, |row| &row.open.as_ref().unwrap().lag)
}

/// A value to the three digits that a histogram keeps.
#[track_caller]
fn is_about(value: Option<u64>, ms: u64) {
    let value = value.unwrap();
    assert!(
        value.abs_diff(ms * MS) <= ms * MS / 500,
        "{value} is not {ms} ms"
    );
}

/// A server that answers within 11 ms, but stalls for the last second of every ten: what comes in then waits until that is
/// over, and its 11 ms.
fn stalling(number: u64) -> Step {
    let in_period = number % 10_000;
    takes(
        if in_period < 9_000 {
            11
        } else {
            10_000 - in_period + 11
        },
        "200",
    )
}

#[tokio::test(start_paused = true)]
async fn a_stall_of_a_second_in_ten_shows_as_arithmetic_says() {
    let load = open("1000/s", for_seconds(30), 8_000);
    let (finished, operation, _) = run(load, FakeOperation::new(stalling)).await;
    assert_eq!((finished.asked, finished.counts.done), (30_000, 30_000));
    // A thousand wait at the end of each stall, and no call waits for them.
    let made = operation.0.made.load(Ordering::Relaxed);
    assert!((1_000..1_100).contains(&made), "{made}");
    let lag_max = finished.records.results.clone().unwrap().into_tables();
    let lag_max = lag_max.rows.values().next().unwrap().open.clone().unwrap();
    assert_eq!(lag_max.lag.max(), Some(0));
    let response = response(finished);
    is_about(response.quantile(0.50), 11);
    is_about(response.quantile(0.90), 11);
    is_about(response.quantile(0.95), 511);
    is_about(response.quantile(0.99), 911);
    is_about(response.max(), 1_011);
}

#[tokio::test(start_paused = true)]
async fn with_too_few_in_flight_calls_are_late_and_measured_from_when_they_were_due() {
    // One at a time, 100 ms each, due every 50 ms: call k starts at 100 k ms, 50 k ms late.
    let options = Options {
        calls: Some(20),
        ..Options::default()
    };
    let (finished, operation, _) = run(
        open("20/s", options, 1),
        FakeOperation::new(|_| takes(100, "OK")),
    )
    .await;
    assert_eq!((finished.asked, finished.counts.done), (20, 20));
    assert!(finished.counts.waits_for_a_place > 0);
    let calls = operation.0.calls.lock().unwrap();
    for call in calls.iter() {
        assert_eq!(call.due_ns, call.index * 50 * MS);
        assert_eq!(call.start_ns, call.index * 100 * MS);
    }
    drop(calls);
    assert_eq!(response(finished).max(), Some(19 * 50 * MS + 100 * MS));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_made_before_the_end_was_not_started_and_is_known_to_have_taken_longer() {
    let load = open("20/s", for_seconds(1), 1);
    let (finished, ..) = run(load, FakeOperation::new(|_| takes(100, "OK"))).await;
    assert_eq!(
        (finished.asked, finished.counts.done, finished.not_started),
        (20, 10, 10)
    );
    let tables = finished.records.results.unwrap().into_tables();
    // Those due at 500, 550, … 950 ms had waited that much less than a second.
    assert_eq!(tables.response_censored.max(), Some(500 * MS));
    assert_eq!(tables.response_censored.min(), Some(50 * MS));
    assert_eq!(tables.lag_censored.len(), 10);
}

#[tokio::test(start_paused = true)]
async fn what_falls_due_in_a_gap_is_missed_and_not_fired_in_a_burst() {
    let load = open("100/s", for_seconds(10), 100);
    let trial = Trial {
        gap: Some(Gap {
            from_ns: 2_000 * MS,
            to_ns: 7_000 * MS,
        }),
        ..Trial::of(load, FakeOperation::new(|_| takes(1, "OK")))
    };
    let tried = trial.run().await;
    check_accounting(&tried.finished);
    assert_eq!((tried.finished.asked, tried.finished.missed), (1_000, 500));
    let calls = tried.operations[0].0.calls.lock().unwrap().clone();
    assert!(
        calls
            .iter()
            .all(|call| !(2_000 * MS..7_000 * MS).contains(&call.due_ns))
    );
    assert_eq!(lag(tried.finished).max(), Some(0));
}

#[tokio::test(start_paused = true)]
async fn a_gap_that_no_call_outlives_is_missed_to_its_end() {
    // Whether `-n` or a time ends the run, and whether the gap ends before that or after.
    let by_count = Options {
        calls: Some(300),
        ..Options::default()
    };
    for (options, to_ms) in [
        (by_count, 4_000),
        (for_seconds(3), 3_500),
        (for_seconds(3), 3_000),
    ] {
        let load = open("100/s", options, 100);
        let trial = Trial {
            gap: Some(Gap {
                from_ns: 1_000 * MS,
                to_ns: to_ms * MS,
            }),
            ..Trial::of(load, FakeOperation::new(|_| takes(1, "OK")))
        };
        let tried = trial.run().await;
        check_accounting(&tried.finished);
        assert_eq!((tried.finished.asked, tried.finished.missed), (300, 200));
        let tables = tried.finished.records.results.unwrap().into_tables();
        // The first of them was due at 1 s, and the run went on for two seconds more at least.
        assert!(tables.response_censored.max() >= Some(1_990 * MS));
    }
}

#[tokio::test(start_paused = true)]
async fn a_curve_makes_the_calls_of_its_area() {
    let load = open("0..500/30s, 500/2m, 500..0/10s", Options::default(), 100);
    let (finished, ..) = run(load, FakeOperation::new(|_| takes(1, "OK"))).await;
    assert_eq!(finished.asked, 7_500 + 60_000 + 2_500);
    assert_eq!(finished.counts.done, finished.asked);
}

#[tokio::test(start_paused = true)]
async fn poisson_arrivals_are_as_many_as_the_schedule_says_and_none_is_early() {
    let options = Options {
        arrivals: Arrivals::Poisson,
        seed: 3,
        ..for_seconds(20)
    };
    let load = open("50/s", options, 100);
    let expected = load.schedule.as_ref().unwrap().expected_calls();
    let (finished, operation, _) = run(load, FakeOperation::new(|_| takes(5, "OK"))).await;
    assert_eq!(Some(finished.counts.done), expected);
    let calls = operation.0.calls.lock().unwrap();
    assert!(calls.iter().all(|call| call.start_ns >= call.due_ns));
}

#[tokio::test(start_paused = true)]
async fn the_warm_up_is_at_the_same_rate_and_in_no_result() {
    let options = Options {
        warm_up: WarmUp::For(2_000 * MS),
        ..for_seconds(3)
    };
    let (finished, ..) = run(
        open("100/s", options, 100),
        FakeOperation::new(|_| takes(1, "OK")),
    )
    .await;
    assert_eq!(
        (finished.counts.warm_up_done, finished.counts.done),
        (200, 300)
    );
    assert_eq!(finished.results_from_ns, 2_000 * MS);
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_run_was_asked_for_what_was_due_until_then() {
    let operation = FakeOperation::new(|_| takes(1, "OK"));
    let control = Arc::clone(&operation.0.control);
    let interrupt = async {
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        control.advance(Stage::Draining, Cause::Interrupt);
    };
    let (tried, ()) = tokio::join!(
        run(open("100/s", for_seconds(10), 100), operation),
        interrupt
    );
    let (finished, ..) = tried;
    assert!((250..=251).contains(&finished.asked), "{}", finished.asked);
    assert_eq!(finished.not_started + finished.counts.done, finished.asked);
}

#[tokio::test(start_paused = true)]
async fn a_fault_costs_its_call_and_the_next_one_gets_a_new_instance() {
    let script = |number| match number {
        3 => Step::Breaks(Fault::Trap),
        _ => takes(1, "OK"),
    };
    let (finished, operation, _) = run(
        open("10/s", for_seconds(1), 100),
        FakeOperation::new(script),
    )
    .await;
    assert_eq!((finished.counts.done, finished.counts.replaced), (10, 1));
    assert_eq!(operation.0.made.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn each_operation_of_a_mix_gets_exactly_its_weight() {
    let load = Load {
        mix: Arc::new(Mix::new(&[90, 10], Order::Random, 5).unwrap()),
        ..open("100/s", for_seconds(10), 100)
    };
    let mut trial = Trial::of(load, FakeOperation::new(stalling as fn(u64) -> Step));
    trial.operations.push(FakeOperation::new(stalling));
    let tried = trial.run().await;
    let made = |index: usize| tried.operations[index].0.numbers.lock().unwrap().len();
    assert_eq!((made(0), made(1)), (900, 100));
}

#[test]
fn threads_share_a_schedule_and_every_call_is_made_once_and_never_early() {
    let operation = Arc::new(FakeOperation::new(|_| takes(1, "OK")));
    let options = Options {
        calls: Some(2_000),
        ..Options::default()
    };
    let load = Load {
        threads: 3,
        ..open("10k/s", options, 1_000)
    };
    let finished = execute_alone(load, &operation).unwrap();
    check_accounting(&finished);
    assert_eq!(finished.counts.done, 2_000);
    let calls = operation.0.calls.lock().unwrap();
    assert!(calls.iter().all(|call| call.start_ns >= call.due_ns));
    let mut numbers: Vec<u64> = calls.iter().map(|call| call.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..2_000).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_huge_backlog_is_accounted_for_without_counting_it_one_by_one() {
    // A call takes two seconds, one can be in flight, and a million are due each second.
    let load = open("1M/s", for_seconds(2), 1);
    let (finished, ..) = run(load, FakeOperation::new(|_| takes(2_000, "OK"))).await;
    assert_eq!(finished.counts.done, 1);
    assert_eq!(finished.not_started, 2 * 1_000_000 - 1);
    let tables = finished.records.results.unwrap().into_tables();
    assert_eq!(tables.response_censored.len(), finished.not_started);
    // To the precision of a bucket, from below.
    is_about(tables.response_censored.max(), 2_000);
}
