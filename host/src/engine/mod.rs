//! The engine: makes the calls of a run and records them.
//!
//! `execute` starts the threads of a run. A thread has a runtime, a recorder and workers of its own and shares nothing
//! with the others but the counter of calls and the flag that says the run is over. A worker (`worker`) is a loop:
//!
//! ```text
//! task    <- source       which call, and when            task.rs: closed load from numbers.rs,
//!                                                          open load from dispatch.rs
//! instance                kept, or made anew after a fault operation.rs: the seam to what is run
//! answer  <- call         under its deadline              bounded.rs
//! record                  in the thread's own recorder    thread.rs
//! until there is no task, or the run is told to end       control.rs
//! ```
//!
//! What a thread has recorded goes out tick by tick (`ticks`), so that others can watch.

mod answers;
pub mod bounded;
pub mod control;
mod crew;
mod dispatch;
mod finish;
mod gaps;
mod load;
pub mod numbers;
pub mod operation;
mod shared;
mod start_line;
mod supervise;
pub mod tally;
mod task;
mod thread;
pub mod ticks;
mod window;
mod worker;

use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinSet, LocalSet};

use self::bounded::{Ended, Halt};
use self::control::{Control, Stage};
use self::crew::Crew;
use self::dispatch::Dispatcher;
use self::gaps::Gaps;
use self::operation::Operation;
use self::shared::Shared;
use self::start_line::StartLine;
use self::task::{Closed, Source};
use self::thread::{Part, Thread};
use self::ticks::Snapshot;
use self::worker::Worker;
use crate::clock::{self, PreciseTimer};
use crate::error::{Error, Exit, Result};
use crate::stats::Interner;

pub use self::finish::Finished;
pub use self::gaps::Gap;
pub use self::load::{Feed, Load};
pub use self::tally::{Counts, Denied};
pub use self::thread::Records;

/// Everything that a run is made of.
#[derive(Debug)]
pub struct Run<O> {
    /// What is to be done.
    pub load: Load,
    /// What its calls are fed with.
    pub feed: Feed,
    /// The operations, by their place in the mix.
    pub operations: Vec<Arc<O>>,
    /// Numbers the rows of the results.
    pub interner: Arc<Interner>,
    /// Ends the run.
    pub control: Arc<Control>,
    /// Who is told what the threads record while it goes on.
    pub listener: Option<Sender<Snapshot>>,
}

/// Makes the calls of a run, until they are made or its `control` ends it.
///
/// # Errors
/// An instance cannot be made, or a thread cannot be started: nothing has been called then. A panic of gorgon's own
/// while calls are made is an error with [`Exit::Bug`].
pub fn execute<O: Operation>(run: Run<O>) -> Result<Finished> {
    let threads = run.load.busy_threads();
    let listener = run.listener;
    let shared = Arc::new(Shared::new(
        run.load,
        run.feed,
        run.operations,
        run.control,
        run.interner,
        Gaps::default(),
    ));
    let start = StartLine::new(threads);
    let finished = Notify::new();

    let (parts, panicked) = std::thread::scope(|scope| {
        let supervisor = scope.spawn(|| supervise::supervise(&shared, &start, &finished));
        let mut running = Vec::with_capacity(threads);
        for thread in 0..threads {
            let (shared, start) = (Arc::clone(&shared), &start);
            let listener = listener.clone();
            let name = format!("gorgon-{thread}");
            let body = move || drive(&shared, thread, start, listener);
            match std::thread::Builder::new()
                .name(name)
                .spawn_scoped(scope, body)
            {
                Ok(handle) => running.push(handle),
                Err(cause) => {
                    start.fail(no_thread(thread, threads, &cause));
                    start.absent(threads - thread);
                    break;
                }
            }
        }
        let ended: Vec<_> = running.into_iter().map(|handle| handle.join()).collect();
        finished.notify_one();
        let panicked = supervisor.join().is_err() || ended.iter().any(Result::is_err);
        let parts = ended.into_iter().filter_map(Result::ok).flatten();
        (parts.collect::<Vec<Part>>(), panicked)
    });
    if panicked {
        return Err(start_line::bug());
    }
    let clock = start.wait();
    if let Some(error) = start.into_error() {
        return Err(error);
    }
    let clock = clock.ok_or_else(start_line::bug)?;
    Ok(finish::finish(&shared, clock, parts))
}

fn no_thread(thread: usize, threads: usize, cause: &std::io::Error) -> Error {
    Error::new(
        Exit::Environment,
        format!("cannot start thread {} of {threads}", thread + 1),
    )
    .caused_by(cause)
    .hint("use fewer `--threads`, or raise the limit: `ulimit -u`")
}

fn no_event_loop(cause: &std::io::Error) -> Error {
    Error::new(Exit::Environment, "cannot start an event loop").caused_by(cause)
}

/// Names that a thread looks up at the same time, each by a thread of its own.
const LOOK_UPS_MAX: usize = 32;

/// One thread of a run: makes the instances of its workers, waits until all threads have, and runs the workers.
fn drive<O: Operation>(
    shared: &Arc<Shared<O>>,
    index: usize,
    start: &StartLine,
    listener: Option<Sender<Snapshot>>,
) -> Option<Part> {
    let place = start.place(&shared.control);
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(LOOK_UPS_MAX)
        .build()
    {
        Ok(runtime) => runtime,
        Err(cause) => {
            start.fail(no_event_loop(&cause));
            return None;
        }
    };
    let local = LocalSet::new();
    let part = local.block_on(&runtime, async {
        let timer = PreciseTimer::install()
            .inspect_err(|cause| start.fail(no_event_loop(cause)))
            .ok()
            .flatten();
        let instances = instantiate(shared, index, start).await;
        let clock = place.arrive()?;
        let thread = Rc::new(Thread::new(Arc::clone(shared), clock));
        let mut work = pin!(work(&thread, index, instances, listener));
        match timer {
            None => work.await,
            Some(timer) => tokio::select! {
                () = &mut work => {}
                // Ends only where there are no timers at all.
                () = timer.run() => work.await,
            },
        }
        Some(thread.part())
    });
    drop(local);
    // A look-up of a name cannot be called off, and nobody waits for what it would have found.
    runtime.shutdown_background();
    part
}

/// The instances of a closed load's workers with which a thread begins, by worker and place in the mix.
type Instances<O> = Vec<(u32, Vec<<O as Operation>::Instance>)>;

/// Makes the instances of a thread's workers, before the clock of the run starts. Those of an open load are made when
/// they are needed.
async fn instantiate<O: Operation>(
    shared: &Shared<O>,
    index: usize,
    start: &StartLine,
) -> Instances<O> {
    let mut workers = Vec::new();
    if shared.load.is_open() {
        return workers;
    }
    let indices = (index as u32..shared.load.busy_workers()).step_by(shared.load.busy_threads());
    for worker in indices {
        let mut instances = Vec::with_capacity(shared.operations.len());
        for operation in &shared.operations {
            // Somebody who interrupts a run that has not begun sees a report of nothing, soon.
            if start.has_failed() || !shared.control.is_running() {
                return workers;
            }
            match make(shared, operation, worker).await {
                Ended::Done(Ok(instance)) => instances.push(instance),
                Ended::Done(Err(error)) => start.fail(error),
                Ended::TimedOut => start.fail(too_slow()),
                Ended::Stopped => return workers,
            }
        }
        workers.push((worker, instances));
    }
    workers
}

async fn make<O: Operation>(
    shared: &Shared<O>,
    operation: &Arc<O>,
    worker: u32,
) -> Ended<Result<O::Instance>> {
    let deadline = clock::later(clock::now(), shared.load.timeout.max(MAKING_MIN));
    let (mut none, halt) = (None, Halt::default());
    let making = operation.instantiate(worker, &mut none);
    tokio::select! {
        made = bounded::bounded(making, deadline, &halt) => made,
        () = shared.control.reached(Stage::Draining) => Ended::Stopped,
    }
}

/// What making an instance may take at the beginning, where many are made side by side.
const MAKING_MIN: Duration = Duration::from_secs(10);

/// What is said where making an instance takes longer than it may.
pub fn too_slow() -> Error {
    Error::new(
        Exit::Unusable,
        "an instance of the operation could not be made in time",
    )
    .because("what it does while it is loaded still waits, or computes")
    .hint(
        "what it does at load time must not wait or loop; a longer `--timeout` gives it more time",
    )
}

/// Runs the workers of a thread to their end, side by side on its event loop, and tells the listener what they record.
async fn work<O: Operation>(
    thread: &Rc<Thread<O>>,
    index: usize,
    instances: Instances<O>,
    listener: Option<Sender<Snapshot>>,
) {
    let shared = &thread.shared;
    let crew = shared.load.is_open().then(|| {
        let places = Arc::clone(&shared.places);
        Rc::new(Crew::new(index, shared.operations.len(), places))
    });
    let mut beside = JoinSet::new();
    if let Some(listener) = listener {
        let workers = instances.len() as u32;
        let crew = crew.clone();
        beside.spawn_local(ticks::hand_over(
            Rc::clone(thread),
            index,
            crew,
            workers,
            listener,
        ));
        beside.spawn_local(ticks::sample_poll_delay(Rc::clone(thread)));
    }
    let mut workers = pin!(async {
        match crew {
            Some(crew) => run_open(thread, &crew, index).await,
            None => run_closed(thread, instances).await,
        }
    });
    tokio::select! {
        () = &mut workers => {}
        () = shared.control.reached(Stage::Stopping) => {
            thread.halt.halt();
            workers.await;
        }
    }
}

/// Runs the workers of a thread in closed load.
async fn run_closed<O: Operation>(thread: &Rc<Thread<O>>, instances: Instances<O>) {
    let mut workers = JoinSet::new();
    for (index, instances) in instances {
        let worker = Worker::new(Rc::clone(thread), index, instances);
        workers.spawn_local(worker.run(Source::Closed(Closed::default())));
    }
    while let Some(ended) = workers.join_next().await {
        // A panic below a worker is a bug of gorgon's; it must not pass for a worker that had nothing to do.
        if let Err(error) = ended {
            std::panic::resume_unwind(error.into_panic());
        }
    }
}

/// Hands out the calls of a thread in open load, and sees its workers to their end.
async fn run_open<O: Operation>(thread: &Rc<Thread<O>>, crew: &Rc<Crew>, index: usize) {
    if let Some(dispatcher) = Dispatcher::new(Rc::clone(thread), Rc::clone(crew), index) {
        dispatcher.run().await;
    }
    if crew.gone().await {
        std::panic::resume_unwind(Box::new("a worker panicked"));
    }
}

/// The clock starts here, and with it the window of a run without a warm-up.
fn begin<O>(shared: &Shared<O>) {
    use crate::schedule::WarmUp;
    match &shared.load.schedule {
        Some(schedule) => shared.window.begin(schedule.results_from_ns()),
        None if shared.load.warm_up == WarmUp::None => shared.window.begin(0),
        None => {}
    }
}

#[cfg(test)]
mod tests;
