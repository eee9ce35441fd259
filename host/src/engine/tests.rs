//! The engine on a scripted operation and paused time: the same workers, recorder and control as in a real run.

use std::sync::atomic::Ordering;

use super::control::Cause;
use super::operation::fake::{FakeOperation, Script, Step};
use super::*;
use crate::schedule::{Mix, Order, Think, WarmUp};
use crate::stats::{Fault, Histogram, RowStats};

mod open_load;
mod rounds;
mod warm_up;

fn load(calls: u64, workers: u32) -> Load {
    Load {
        workers,
        threads: 1,
        first_number: 0,
        calls: Some(calls),
        duration: None,
        warm_up: WarmUp::None,
        schedule: None,
        mix: Arc::new(Mix::new(&[1], Order::Random, 7).unwrap()),
        rows: None,
        timeout: Duration::from_secs(10),
        grace: Duration::from_secs(5),
        think: Think::new(Duration::ZERO, 0.0, 7),
        isolate_calls: false,
        check_answers: false,
    }
}

fn takes(millis: u64, tag: &'static str) -> Step {
    Step::Takes(Duration::from_millis(millis), Ok(tag))
}

/// A run that is to take place in virtual time.
struct Trial<F> {
    load: Load,
    feed: Feed,
    operations: Vec<FakeOperation<F>>,
    gap: Option<Gap>,
}

/// What it left behind.
struct Tried<F> {
    finished: Finished,
    operations: Vec<Arc<FakeOperation<F>>>,
    control: Arc<Control>,
}

impl<F: Script> Trial<F> {
    fn of(load: Load, operation: FakeOperation<F>) -> Trial<F> {
        Trial {
            load,
            feed: Feed::default(),
            operations: vec![operation],
            gap: None,
        }
    }

    /// One thread of the run on the test's paused runtime, with the supervisor beside it.
    async fn run(self) -> Tried<F> {
        let control = Arc::clone(&self.operations[0].0.control);
        let operations: Vec<_> = self.operations.into_iter().map(Arc::new).collect();
        let gaps = Gaps::blind();
        self.gap.into_iter().for_each(|gap| gaps.add(gap));
        let shared = Arc::new(Shared::new(
            self.load,
            self.feed,
            operations.clone(),
            Arc::clone(&control),
            Arc::new(Interner::new(None)),
            gaps,
        ));
        let start = StartLine::new(1);
        let (clock, part) = LocalSet::new()
            .run_until(async {
                let instances = instantiate(&shared, 0, &start).await;
                let clock = start.place(&control).arrive().unwrap();
                let thread = Rc::new(Thread::new(Arc::clone(&shared), clock));
                tokio::select! {
                    biased;
                    () = work(&thread, 0, instances, None) => {}
                    () = supervise::see_out(&shared, clock) => unreachable!(),
                }
                (clock, thread.part())
            })
            .await;
        Tried {
            finished: finish::finish(&shared, clock, vec![part]),
            operations,
            control,
        }
    }
}

/// A run of one operation.
async fn run<F: Script>(
    load: Load,
    operation: FakeOperation<F>,
) -> (Finished, Arc<FakeOperation<F>>, Arc<Control>) {
    let mut tried = Trial::of(load, operation).run().await;
    check_accounting(&tried.finished);
    (tried.finished, tried.operations.remove(0), tried.control)
}

/// What has to hold of every run.
#[track_caller]
fn check_accounting(finished: &Finished) {
    let counts = finished.counts;
    let ended = counts.done + finished.missed + finished.not_started + counts.unfinished;
    assert_eq!(finished.asked, ended);
}

/// The durations of all results.
fn durations(finished: Finished, of: impl Fn(&RowStats) -> &Histogram) -> Histogram {
    let mut all = Histogram::new();
    let tables = finished.records.results.unwrap().into_tables();
    tables.rows.values().for_each(|row| all.merge(of(row)));
    all
}

/// A run on threads of its own, in real time.
fn execute_alone<F: Script>(load: Load, operation: &Arc<FakeOperation<F>>) -> Result<Finished> {
    execute(Run {
        load,
        feed: Feed::default(),
        operations: vec![Arc::clone(operation)],
        interner: Arc::new(Interner::new(None)),
        control: Arc::new(Control::default()),
        listener: None,
    })
}

#[tokio::test(start_paused = true)]
async fn closed_load_makes_workers_over_service_time_calls_a_second() {
    let (finished, operation, _) =
        run(load(1000, 20), FakeOperation::new(|_| takes(100, "OK"))).await;
    assert_eq!(finished.counts.done, 1000);
    // 1000 calls over 20 workers of 10 calls a second each: five seconds, to the nanosecond.
    assert_eq!(finished.counts.last_end_ns, 5_000_000_000);
    let mut numbers = operation.0.numbers.lock().unwrap().clone();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..1000).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_thinks_between_calls_makes_fewer_and_thinking_is_in_no_call() {
    let load = Load {
        think: Think::new(Duration::from_millis(400), 0.0, 7),
        ..load(100, 10)
    };
    let (finished, ..) = run(load, FakeOperation::new(|_| takes(100, "OK"))).await;
    // Ten rounds of 0.1 s with nine pauses of 0.4 s between them; nobody waits after the last.
    assert_eq!(finished.counts.last_end_ns, 4_600_000_000);
    let service = durations(finished, |row| &row.service);
    assert_eq!(service.max(), Some(100_000_000));
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_thinks_does_not_keep_a_run_from_its_end() {
    let load = Load {
        think: Think::new(Duration::from_secs(3600), 0.0, 7),
        duration: Some(Duration::from_secs(1)),
        ..load(100, 2)
    };
    let (finished, ..) = run(load, FakeOperation::new(|_| takes(100, "OK"))).await;
    assert_eq!((finished.counts.done, finished.not_started), (2, 98));
}

#[test]
fn what_cannot_be_called_off_does_not_hold_up_the_end() {
    let (ends, end) = std::sync::mpsc::channel::<()>();
    let end = std::sync::Mutex::new(Some(end));
    let looks_up = move |_| {
        let end = end.lock().unwrap().take();
        // As the look-up of a name does whose server is silent.
        tokio::task::spawn_blocking(move || end.map(|end| end.recv()));
        takes(0, "OK")
    };
    let operation = Arc::new(FakeOperation::new(looks_up));
    let finished = execute_alone(load(3, 1), &operation).unwrap();
    assert_eq!(finished.counts.done, 3);
    // It was still under way.
    drop(ends);
}

#[test]
fn workers_that_never_wait_take_turns() {
    let computes = |_| {
        let until = clock::later(clock::now(), Duration::from_micros(20));
        while clock::now() < until {}
        takes(0, "OK")
    };
    let operation = Arc::new(FakeOperation::new(computes));
    let finished = execute_alone(load(400, 4), &operation).unwrap();
    assert_eq!((finished.counts.done, finished.not_started), (400, 0));
    // An instance that has made no call is not asked to stop.
    assert_eq!(operation.0.stopped.load(Ordering::Relaxed), 4);
}

#[test]
fn no_call_starts_after_the_time_of_a_closed_load() {
    let operation = Arc::new(FakeOperation::new(|_| takes(0, "OK")));
    let load = Load {
        calls: None,
        duration: Some(Duration::from_micros(50_300)),
        ..load(0, 2)
    };
    let finished = execute_alone(load, &operation).unwrap();
    check_accounting(&finished);
    assert_eq!(finished.drained_ns, Some(50_300_000));
    let calls = operation.0.calls.lock().unwrap();
    // The first one of each worker begins anew once its instance has started.
    let latest = calls.iter().skip(2).map(|call| call.start_ns).max();
    assert!(latest < Some(50_300_000), "{latest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_fault_costs_its_call_and_its_instance_and_nothing_else() {
    let script = |number| match number {
        3 => Step::Breaks(Fault::Trap),
        5 => Step::Hangs,
        _ => takes(1, "OK"),
    };
    let (finished, operation, _) = run(load(10, 1), FakeOperation::new(script)).await;
    assert_eq!(finished.counts.done, 10);
    assert_eq!(finished.counts.replaced, 2);
    assert_eq!(operation.0.made.load(Ordering::Relaxed), 3);
    // 8 calls of a millisecond and one that took its whole timeout.
    assert_eq!(finished.counts.last_end_ns, 10_008_000_000);
}

#[tokio::test(start_paused = true)]
async fn a_duration_ends_the_run_and_calls_in_flight_have_the_grace_time() {
    // Worker 0 makes calls of 0.7 s, worker 1 has one that outlives the grace time.
    let script = |number| {
        if number == 1 {
            takes(60_000, "SLOW")
        } else {
            takes(700, "OK")
        }
    };
    let load = Load {
        calls: None,
        duration: Some(Duration::from_secs(1)),
        timeout: Duration::from_secs(100),
        ..load(0, 2)
    };
    let (finished, _, control) = run(load, FakeOperation::new(script)).await;
    // One call until 0.7 s, one until 1.4 s, and the slow one given up at 1 + 5 s.
    assert_eq!((finished.counts.done, finished.counts.unfinished), (2, 1));
    assert_eq!((finished.asked, finished.not_started), (3, 0));
    assert_eq!(finished.counts.last_end_ns, 6_000_000_000);
    assert_eq!(control.cause(), Some(Cause::Duration));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_ends_in_the_grace_time_counts_with_its_true_time() {
    let load = Load {
        calls: Some(5),
        duration: Some(Duration::from_secs(1)),
        ..load(5, 1)
    };
    let (finished, ..) = run(load, FakeOperation::new(|_| takes(700, "OK"))).await;
    assert_eq!((finished.counts.done, finished.not_started), (2, 3));
    assert_eq!(finished.counts.last_end_ns, 1_400_000_000);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_fails_is_tried_again_with_a_new_instance() {
    let operation = FakeOperation::new(|_| takes(1, "OK"));
    operation.0.failing_starts.store(2, Ordering::Relaxed);
    let (finished, operation, control) = run(load(10, 1), operation).await;
    assert_eq!(finished.counts.done, 10);
    assert_eq!(operation.0.numbers.lock().unwrap().len(), 8);
    assert_eq!(control.cause(), None);
}

#[tokio::test(start_paused = true)]
async fn five_failing_starts_in_a_row_end_the_run() {
    let operation = FakeOperation::new(|_| takes(1, "OK"));
    operation
        .0
        .failing_starts
        .store(u32::MAX, Ordering::Relaxed);
    let (finished, _, control) = run(load(1000, 2), operation).await;
    assert_eq!(finished.counts.done, 5);
    assert_eq!(finished.not_started, 995);
    assert!(matches!(control.cause(), Some(Cause::Abort(error)) if error.causes() == ["no login"]));
}

#[tokio::test(start_paused = true)]
async fn isolated_calls_get_an_instance_each() {
    let load = Load {
        isolate_calls: true,
        ..load(10, 2)
    };
    let (finished, operation, _) = run(load, FakeOperation::new(|_| takes(1, "OK"))).await;
    assert_eq!(finished.counts.done, 10);
    assert_eq!(operation.0.made.load(Ordering::Relaxed), 10);
    assert_eq!(finished.counts.replaced, 0);
}

#[test]
fn threads_share_the_numbers_and_every_one_is_made() {
    let operation = Arc::new(FakeOperation::new(|_| takes(0, "OK")));
    let load = Load {
        threads: 3,
        ..load(10_007, 8)
    };
    let finished = execute_alone(load, &operation).unwrap();
    assert_eq!(finished.counts.done, 10_007);
    let mut numbers = operation.0.numbers.lock().unwrap().clone();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..10_007).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_first_start_went_well_goes_on_whatever_fails_later() {
    // Every call breaks its instance, and every other start fails.
    let operation = FakeOperation::new(|_| Step::Breaks(Fault::Trap));
    operation
        .0
        .starts_fail_after_the_first
        .store(true, Ordering::Relaxed);
    let (finished, operation, control) = run(load(20, 1), operation).await;
    assert_eq!(finished.counts.done, 20);
    assert_eq!(operation.0.numbers.lock().unwrap().len(), 1);
    assert_eq!(control.cause(), None);
}

#[tokio::test(start_paused = true)]
async fn an_interruption_gives_calls_the_grace_time_and_no_more() {
    let operation =
        FakeOperation::new(|number| takes(if number < 2 { 1_000 } else { 60_000 }, "OK"));
    let control = Arc::clone(&operation.0.control);
    let interrupt = async {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        control.advance(Stage::Draining, Cause::Interrupt);
    };
    let load = Load {
        timeout: Duration::from_secs(100),
        ..load(100, 2)
    };
    let ((finished, ..), ()) = tokio::join!(run(load, operation), interrupt);
    assert_eq!(
        (
            finished.counts.done,
            finished.counts.unfinished,
            finished.not_started
        ),
        (2, 2, 96)
    );
    assert_eq!(finished.counts.last_end_ns, 6_500_000_000);
}

#[test]
fn a_panic_ends_the_run_and_keeps_nobody_waiting() {
    let load = Load {
        threads: 3,
        ..load(1_000, 3)
    };
    let in_a_call = Arc::new(FakeOperation::new(|number| {
        assert!(number != 7, "the seventh call breaks the engine");
        takes(1, "OK")
    }));
    let error = execute_alone(load.clone(), &in_a_call).unwrap_err();
    assert_eq!(error.exit(), Exit::Bug);

    let while_making = Arc::new(FakeOperation::new(|_| takes(1, "OK")));
    while_making.0.panics_for_worker.store(1, Ordering::Relaxed);
    let error = execute_alone(load, &while_making).unwrap_err();
    assert_eq!(error.exit(), Exit::Bug);
}
