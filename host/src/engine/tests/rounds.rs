//! Operations side by side: every number is given to each of them, one after the other, in random order.

use std::io::Write;
use std::sync::OnceLock;

use super::*;
use crate::data::{Items, Separator};
use crate::stats::{Outcome, Said};

/// A comparison of so many operations.
fn each(operations: usize, seed: u64, load: Load) -> Load {
    Load {
        mix: Arc::new(Mix::each(operations, seed).unwrap()),
        ..load
    }
}

/// A run of operations that all do what the script says for a place and a number.
async fn compare<F: Script>(load: Load, scripts: Vec<F>) -> Tried<F> {
    let operations: Vec<_> = scripts.into_iter().map(FakeOperation::new).collect();
    let control = Arc::clone(&operations[0].0.control);
    let trial = Trial {
        load,
        feed: Feed::default(),
        operations,
        gap: None,
    };
    let tried = trial.run().await;
    check_accounting(&tried.finished);
    assert!(Arc::ptr_eq(&tried.control, &control));
    tried
}

fn steady(_: u64) -> Step {
    takes(10, "OK")
}

/// Every call, in the order in which they started: number, operation, start.
fn calls<F: Script>(tried: &Tried<F>) -> Vec<(u64, u16, u64)> {
    let mut calls = Vec::new();
    for operation in &tried.operations {
        let made = operation.0.calls.lock().unwrap();
        calls.extend(
            made.iter()
                .map(|call| (call.number, call.operation, call.start_ns)),
        );
    }
    calls.sort_by_key(|(number, _, start_ns)| (*start_ns, *number));
    calls
}

#[tokio::test(start_paused = true)]
async fn every_number_is_given_to_each_operation_once_and_to_one_right_after_the_other() {
    let tried = compare(each(3, 7, load(100, 4)), vec![steady as fn(u64) -> Step; 3]).await;
    assert_eq!(
        (tried.finished.asked, tried.finished.counts.done),
        (300, 300)
    );
    // 100 numbers over 4 workers, three calls of 10 ms for each.
    assert_eq!(tried.finished.counts.last_end_ns, 750_000_000);
    let calls = calls(&tried);
    for number in 0..100 {
        let of: Vec<_> = calls.iter().filter(|call| call.0 == number).collect();
        let mut operations: Vec<u16> = of.iter().map(|call| call.1).collect();
        operations.sort_unstable();
        assert_eq!(operations, [0, 1, 2], "{number}");
        let starts: Vec<u64> = of.iter().map(|call| call.2).collect();
        assert!(starts.windows(2).all(|two| two[1] - two[0] == 10_000_000));
    }
}

#[tokio::test(start_paused = true)]
async fn the_order_is_random_and_follows_from_the_seed_whoever_makes_the_calls() {
    let order = async |seed, workers| {
        let scripts = vec![steady as fn(u64) -> Step; 2];
        let tried = compare(each(2, seed, load(200, workers)), scripts).await;
        let mut calls = calls(&tried);
        calls.sort_by_key(|(number, _, start_ns)| (*number, *start_ns));
        let first = calls.into_iter().step_by(2);
        first.map(|call| call.1).collect::<Vec<u16>>()
    };
    let one = order(7, 1).await;
    assert_eq!(one, order(7, 5).await);
    assert_ne!(one, order(8, 1).await);
    let second_first = one.iter().filter(|first| **first == 1).count();
    assert!((70..=130).contains(&second_first), "{second_first}");
}

#[tokio::test(start_paused = true)]
async fn a_time_that_ends_leaves_each_worker_at_most_one_number_that_is_not_whole() {
    let load = Load {
        calls: None,
        duration: Some(Duration::from_millis(1_005)),
        ..load(0, 3)
    };
    let tried = compare(each(2, 7, load), vec![steady as fn(u64) -> Step; 2]).await;
    let made = |place: usize| tried.operations[place].0.numbers.lock().unwrap().len() as u64;
    // 101 rounds of three calls: the fiftieth number of each worker was whole, and one call more began.
    assert_eq!(made(0) + made(1), 303);
    assert!(made(0) >= 150 && made(1) >= 150);
    assert_eq!((tried.finished.asked, tried.finished.not_started), (303, 0));
}

#[tokio::test(start_paused = true)]
async fn calls_of_an_interrupted_comparison_that_never_started_are_counted_for_all() {
    let operations = vec![steady as fn(u64) -> Step; 2];
    let operations: Vec<_> = operations.into_iter().map(FakeOperation::new).collect();
    let control = Arc::clone(&operations[0].0.control);
    let trial = Trial {
        load: each(2, 7, load(100, 1)),
        feed: Feed::default(),
        operations,
        gap: None,
    };
    let interrupt = async {
        tokio::time::sleep(Duration::from_millis(505)).await;
        control.advance(Stage::Draining, Cause::Interrupt);
    };
    let (tried, ()) = tokio::join!(trial.run(), interrupt);
    check_accounting(&tried.finished);
    assert_eq!(
        (
            tried.finished.asked,
            tried.finished.counts.done,
            tried.finished.not_started
        ),
        (200, 51, 149)
    );
}

#[tokio::test(start_paused = true)]
async fn the_warm_up_and_the_count_are_those_of_each_operation() {
    let load = Load {
        warm_up: WarmUp::Calls(10),
        ..load(50, 2)
    };
    let tried = compare(each(2, 7, load), vec![steady as fn(u64) -> Step; 2]).await;
    let counts = tried.finished.counts;
    assert_eq!(
        (counts.warm_up_done, counts.done, tried.finished.asked),
        (20, 100, 100)
    );
    let calls = calls(&tried);
    let warm_up: Vec<u64> = calls.iter().take(20).map(|call| call.0).collect();
    assert!(warm_up.iter().all(|number| *number < 10), "{warm_up:?}");
}

#[tokio::test(start_paused = true)]
async fn a_worker_thinks_between_all_of_its_calls() {
    let load = Load {
        think: Think::new(Duration::from_millis(90), 0.0, 7),
        ..load(5, 1)
    };
    let tried = compare(each(2, 7, load), vec![steady as fn(u64) -> Step; 2]).await;
    // Ten calls and nine pauses between them.
    assert_eq!(
        tried.finished.counts.last_end_ns,
        10 * 10_000_000 + 9 * 90_000_000
    );
}

#[tokio::test(start_paused = true)]
async fn a_fault_costs_the_operation_its_own_instance_and_no_number() {
    let scripts: Vec<fn(u64) -> Step> = vec![steady, |number| match number {
        3 => Step::Breaks(Fault::Trap),
        5 => Step::Hangs,
        _ => takes(10, "OK"),
    }];
    let tried = compare(each(2, 7, load(10, 1)), scripts).await;
    let made = |place: usize| tried.operations[place].0.made.load(Ordering::Relaxed);
    assert_eq!((made(0), made(1)), (1, 3));
    assert_eq!(
        (tried.finished.counts.done, tried.finished.counts.replaced),
        (20, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn isolated_calls_have_an_instance_each_in_a_comparison_too() {
    let load = Load {
        isolate_calls: true,
        ..load(10, 2)
    };
    let tried = compare(each(2, 7, load), vec![steady as fn(u64) -> Step; 2]).await;
    let made = |place: usize| tried.operations[place].0.made.load(Ordering::Relaxed);
    assert_eq!((made(0), made(1)), (10, 10));
}

/// `a` to `e`.
fn items() -> Arc<Items> {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let path = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
    let items = Items::open(std::path::Path::new(&path), Separator::Newline).unwrap();
    drop(reader);
    writer.write_all(b"a\nb\nc\nd\ne\n").unwrap();
    Arc::new(items)
}

#[tokio::test(start_paused = true)]
async fn an_item_that_not_all_operations_have_had_is_one_to_run_again() {
    let control = Arc::new(OnceLock::<Arc<Control>>::new());
    // The run is interrupted while the first of two calls with the second item is made.
    let script = {
        let control = Arc::clone(&control);
        move |number| {
            if number == 1 {
                let control = control.get().unwrap();
                control.advance(Stage::Draining, Cause::Interrupt);
            }
            takes(10, "OK")
        }
    };
    let operations = vec![
        FakeOperation::new(script.clone()),
        FakeOperation::new(script),
    ];
    let _ = control.set(Arc::clone(&operations[0].0.control));
    let load = Load {
        calls: None,
        ..load(0, 1)
    };
    let trial = Trial {
        load: each(2, 7, load),
        feed: Feed {
            items: Some(items()),
            keep_failed: true,
        },
        operations,
        gap: None,
    };
    let tried = trial.run().await;
    check_accounting(&tried.finished);
    assert_eq!(tried.finished.counts.done, 3);
    let again = &tried.finished.failed_items;
    assert_eq!(again, &[(1, bytes::Bytes::from_static(b"b"))]);
}

#[tokio::test(start_paused = true)]
async fn operations_have_the_same_item_for_the_same_number_and_each_item_is_one_number() {
    let items = items();
    let load = Load {
        calls: None,
        ..load(0, 2)
    };
    let trial = Trial {
        load: each(2, 7, load),
        feed: Feed {
            items: Some(items),
            keep_failed: false,
        },
        operations: vec![FakeOperation::new(steady), FakeOperation::new(steady)],
        gap: None,
    };
    let tried = trial.run().await;
    check_accounting(&tried.finished);
    assert_eq!((tried.finished.asked, tried.finished.counts.done), (10, 10));
    let seen = |place: usize| {
        let calls = tried.operations[place].0.calls.lock().unwrap();
        let seen = calls.iter().map(|call| (call.number, call.item.clone()));
        let mut seen: Vec<_> = seen.collect();
        seen.sort_unstable();
        seen
    };
    assert_eq!(seen(0), seen(1));
    assert_eq!(seen(0)[4].1.as_deref(), Some(&b"e"[..]));
}

#[tokio::test(start_paused = true)]
async fn answers_that_differ_are_found_and_only_if_that_was_asked_for() {
    let scripts = || -> Vec<fn(u64) -> Step> {
        vec![
            |number| takes(10, if number == 4 { "ODD" } else { "OK" }),
            |number| match number {
                6 => Step::Breaks(Fault::Trap),
                7 => Step::Takes(Duration::ZERO, Err("OK")),
                _ => takes(1, "OK"),
            },
        ]
    };
    let checked = Load {
        check_answers: true,
        warm_up: WarmUp::Calls(5),
        ..load(15, 3)
    };
    let tried = compare(each(2, 7, checked.clone()), scripts()).await;
    let agreement = tried.finished.agreement.unwrap();
    // Number 4 is one of the warm-up.
    assert_eq!((agreement.compared, agreement.differing), (15, 2));
    let numbers: Vec<u64> = agreement.first.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [6, 7]);
    let said = |operation, outcome, tag: &str| Said {
        operation,
        outcome,
        tag: tag.to_owned(),
    };
    assert_eq!(
        agreement.first[0].said,
        [said(0, Outcome::Ok, "OK"), said(1, Outcome::Fault, "!trap")]
    );
    assert_eq!(
        agreement.first[1].said,
        [said(0, Outcome::Ok, "OK"), said(1, Outcome::Fail, "OK")]
    );
    let unchecked = Load {
        check_answers: false,
        ..checked
    };
    let tried = compare(each(2, 7, unchecked), scripts()).await;
    assert_eq!(tried.finished.agreement, None);
}

#[test]
fn threads_share_the_numbers_of_a_comparison() {
    let operations = [(), ()].map(|()| Arc::new(FakeOperation::new(|_| takes(0, "OK"))));
    let load = Load {
        threads: 3,
        ..load(10_007, 8)
    };
    let finished = execute(Run {
        load: each(2, 7, load),
        feed: Feed::default(),
        operations: operations.to_vec(),
        interner: Arc::new(Interner::new(None)),
        control: Arc::new(Control::default()),
        listener: None,
    })
    .unwrap();
    check_accounting(&finished);
    assert_eq!(finished.counts.done, 20_014);
    for operation in &operations {
        let mut numbers = operation.0.numbers.lock().unwrap().clone();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..10_007).collect::<Vec<_>>());
    }
}
