//! The warm-up takes the first numbers and is in none of the results.

use std::io::Write;

use super::*;
use crate::data::{Items, Separator};

fn with(warm_up: WarmUp, load: Load) -> Load {
    Load { warm_up, ..load }
}

#[tokio::test(start_paused = true)]
async fn a_warm_up_of_calls_comes_on_top_of_those_asked_for() {
    let script = |number| takes(if number < 10 { 1_000 } else { 100 }, "OK");
    let load = with(WarmUp::Calls(10), load(100, 2));
    let (finished, operation, _) = run(load, FakeOperation::new(script)).await;
    assert_eq!(
        (
            finished.counts.warm_up_done,
            finished.counts.done,
            finished.asked
        ),
        (10, 100, 100)
    );
    // Five rounds of a second, and then the results begin.
    assert_eq!(finished.results_from_ns, 5_000_000_000);
    assert_eq!(finished.counts.last_end_ns, 10_000_000_000);
    let mut numbers = operation.0.numbers.lock().unwrap().clone();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..110).collect::<Vec<_>>());
    let service = durations(finished, |row| &row.service);
    assert_eq!((service.len(), service.max()), (100, Some(100_000_000)));
}

#[tokio::test(start_paused = true)]
async fn a_warm_up_for_a_time_comes_before_the_time_of_the_run() {
    let load = Load {
        calls: None,
        duration: Some(Duration::from_secs(2)),
        ..with(WarmUp::For(3_000_000_000), load(0, 4))
    };
    let (finished, ..) = run(load, FakeOperation::new(|_| takes(100, "OK"))).await;
    assert_eq!(finished.results_from_ns, 3_000_000_000);
    assert_eq!(finished.drained_ns, Some(5_000_000_000));
    assert_eq!(
        (finished.counts.warm_up_done, finished.counts.done),
        (120, 80)
    );
}

#[tokio::test(start_paused = true)]
async fn a_warm_up_for_a_time_and_a_count_make_exactly_that_count() {
    let load = with(WarmUp::For(950_000_000), load(33, 3));
    let (finished, ..) = run(load, FakeOperation::new(|_| takes(100, "OK"))).await;
    // Ten rounds begin in the warm-up, the last of them at 0.9 s.
    assert_eq!(
        (finished.counts.warm_up_done, finished.counts.done),
        (30, 33)
    );
    assert_eq!(finished.not_started, 0);
}

#[tokio::test(start_paused = true)]
async fn what_fails_in_the_warm_up_is_no_result() {
    let script = |number| match number {
        0..5 => Step::Breaks(Fault::Trap),
        _ => takes(1, "OK"),
    };
    let load = with(WarmUp::Calls(5), load(20, 1));
    let (finished, ..) = run(load, FakeOperation::new(script)).await;
    let tables = finished.records.results.unwrap().into_tables();
    assert_eq!(tables.rows.len(), 1);
    assert!(tables.failures.is_empty());
    let warm_up = finished.records.warm_up.unwrap().into_tables();
    assert_eq!(warm_up.calls(), 5);
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_an_item_while_the_warm_up_ends_makes_a_call_that_counts() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let path = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
    let items = Items::open(std::path::Path::new(&path), Separator::Newline).unwrap();
    drop(reader);
    let load = with(WarmUp::For(1_000_000_000), load(10, 3));
    let feed = Feed {
        items: Some(Arc::new(items)),
        keep_failed: false,
    };
    let late = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        writer.write_all(b"a\nb\nc\nd\n").unwrap();
        drop(writer);
    };
    let trial = Trial {
        feed,
        ..Trial::of(load, FakeOperation::new(|_| takes(1, "OK")))
    };
    let (tried, ()) = tokio::join!(trial.run(), late);
    check_accounting(&tried.finished);
    let counts = tried.finished.counts;
    assert_eq!((counts.warm_up_done, counts.done), (0, 4));
}
