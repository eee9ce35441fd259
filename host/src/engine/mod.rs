//! The engine: makes the calls of a run and records them.
//!
//! `execute` starts the threads of a run. A thread has a runtime, a recorder and workers of its own and shares nothing
//! with the others but the counter of numbers and the flag that says the run is over. A worker (`worker`) is a loop:
//!
//! ```text
//! number  <- numbers      which call                      numbers.rs
//! instance                kept, or made anew after a fault operation.rs: the seam to what is run
//! answer  <- call         under its deadline              bounded.rs
//! record                  in the thread's own recorder
//! until no number is left, or the run is told to end      control.rs
//! ```

pub mod bounded;
pub mod control;
pub mod numbers;
pub mod operation;
mod start_line;
pub mod tally;
mod thread;
mod worker;

use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinSet, LocalSet};

use self::bounded::Ended;
use self::bounded::Halt;
use self::control::{Cause, Control, Stage};
use self::operation::Operation;
use self::start_line::StartLine;
use self::thread::{Part, Thread};
use self::worker::{Shared, Worker};
use crate::clock::{self, RunClock};
use crate::error::{Error, Exit, Result};
use crate::stats::{Interner, Recorder};

pub use self::tally::{Counts, Denied};

/// How much is to be done and by whom. All of it is decided before a run starts.
#[derive(Debug, Clone)]
pub struct Load {
    /// How many workers make calls.
    pub workers: u32,
    /// How many threads drive them.
    pub threads: usize,
    /// The number of the first call.
    pub first_number: u64,
    /// How many calls to make; without one, the duration ends the run.
    pub calls: Option<u64>,
    /// How long to start calls.
    pub duration: Option<Duration>,
    /// The limit for one call.
    pub timeout: Duration,
    /// How long calls in flight may go on once no more are started.
    pub grace: Duration,
    /// How long a worker waits between two of its calls.
    pub think: Duration,
    /// A fresh instance for every call.
    pub isolate_calls: bool,
}

impl Load {
    /// How many numbers there are to deal out.
    fn numbers(&self) -> u64 {
        // From 0 on there is one number more than a count can say; nobody will miss it.
        self.calls
            .unwrap_or((u64::MAX - self.first_number).saturating_add(1))
    }

    /// How many workers find anything to do.
    pub fn busy_workers(&self) -> u32 {
        u32::try_from(self.numbers()).map_or(self.workers, |calls| self.workers.min(calls))
    }
}

/// What a run leaves behind.
#[derive(Debug)]
pub struct Finished {
    /// Everything recorded, of all threads.
    pub recorder: Recorder,
    /// What was counted beside it.
    pub counts: Counts,
    /// What the network policy refused.
    pub denied: Denied,
    /// The calls that were asked for, as the accounting understands it.
    pub asked: u64,
    /// Asked for, and never started.
    pub not_started: u64,
    /// The clock of the run.
    pub clock: RunClock,
}

/// Runs `operation` as `load` says, until its calls are made or `control` ends it.
///
/// # Errors
/// An instance cannot be made, or a thread cannot be started: nothing has been called then. A panic of gorgon's own
/// while calls are made is an error with [`Exit::Bug`].
pub fn execute<O: Operation>(
    load: &Load,
    operation: &Arc<O>,
    interner: &Arc<Interner>,
    control: &Arc<Control>,
) -> Result<Finished> {
    let workers = load.busy_workers();
    let threads = load.threads.clamp(1, workers.max(1) as usize);
    let shared = Arc::new(Shared::new(
        load.clone(),
        Arc::clone(operation),
        Arc::clone(control),
        Arc::clone(interner),
    ));
    let start = StartLine::new(threads);
    let finished = Notify::new();

    let (parts, panicked) = std::thread::scope(|scope| {
        let supervisor = scope.spawn(|| supervise(load, &start, control, &finished));
        let mut running = Vec::with_capacity(threads);
        for thread in 0..threads {
            let indices = (thread as u32..workers).step_by(threads);
            let (shared, start) = (Arc::clone(&shared), &start);
            let recorder = new_recorder(load, interner);
            let name = format!("gorgon-{thread}");
            let body = move || drive(&shared, indices, start, recorder);
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
        (
            ended
                .into_iter()
                .filter_map(Result::ok)
                .flatten()
                .collect::<Vec<_>>(),
            panicked,
        )
    });
    if panicked {
        return Err(start_line::bug());
    }
    let clock = start.wait();
    if let Some(error) = start.into_error() {
        return Err(error);
    }
    let clock = clock.ok_or_else(start_line::bug)?;
    Ok(finish(load, clock, new_recorder(load, interner), parts))
}

/// An empty recorder for this load. Rates count the calls that ended while calls could still start.
fn new_recorder(load: &Load, interner: &Arc<Interner>) -> Recorder {
    let mut recorder = Recorder::new(Arc::clone(interner), false);
    if let Some(duration) = load.duration {
        recorder.set_window_end(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
    }
    recorder
}

/// Puts together what the threads recorded.
fn finish(load: &Load, clock: RunClock, mut recorder: Recorder, parts: Vec<Part>) -> Finished {
    let mut counts = Counts::default();
    let mut denied = Denied::default();
    for part in parts {
        recorder.merge(part.recorder);
        counts.merge(part.counts);
        denied.merge(part.denied);
    }
    let started = counts.done + counts.unfinished;
    let asked = load.calls.unwrap_or(started);
    Finished {
        recorder,
        counts,
        denied,
        asked,
        not_started: asked - started,
        clock,
    }
}

fn no_thread(thread: usize, threads: usize, cause: &std::io::Error) -> Error {
    Error::new(
        Exit::Environment,
        format!("cannot start thread {} of {threads}", thread + 1),
    )
    .caused_by(cause)
    .hint("use fewer `--threads`, or raise the limit: `ulimit -u`")
}

/// One thread of a run: makes the instances of its workers, waits until all threads have, and runs the workers.
fn drive<O: Operation>(
    shared: &Arc<Shared<O>>,
    indices: impl Iterator<Item = u32>,
    start: &StartLine,
    recorder: Recorder,
) -> Option<Part> {
    let place = start.place(&shared.control);
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(cause) => {
            let error = Error::new(Exit::Environment, "cannot start an event loop");
            start.fail(error.caused_by(&cause));
            return None;
        }
    };
    LocalSet::new().block_on(&runtime, async {
        let instances = instantiate(shared, indices, start).await;
        let clock = place.arrive()?;
        Some(run_workers(shared, clock, instances, recorder).await)
    })
}

/// Makes the instances of a thread's workers, before the clock of the run starts.
async fn instantiate<O: Operation>(
    shared: &Shared<O>,
    indices: impl Iterator<Item = u32>,
    start: &StartLine,
) -> Vec<(u32, O::Instance)> {
    let mut instances = Vec::new();
    for index in indices {
        // Somebody who interrupts a run that has not begun sees a report of nothing, soon.
        if start.has_failed() || !shared.control.is_running() {
            break;
        }
        let deadline = clock::later(clock::now(), shared.load.timeout.max(MAKING_MIN));
        let (mut none, halt) = (None, Halt::default());
        let making = shared.operation.instantiate(index, &mut none);
        let made = tokio::select! {
            made = bounded::bounded(making, deadline, &halt) => made,
            () = shared.control.reached(Stage::Draining) => Ended::Stopped,
        };
        match made {
            Ended::Done(Ok(instance)) => instances.push((index, instance)),
            Ended::Done(Err(error)) => start.fail(error),
            Ended::TimedOut => start.fail(too_slow()),
            Ended::Stopped => break,
        }
    }
    instances
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

/// Runs the workers of a thread to their end, side by side on its event loop.
async fn run_workers<O: Operation>(
    shared: &Arc<Shared<O>>,
    clock: RunClock,
    instances: Vec<(u32, O::Instance)>,
    recorder: Recorder,
) -> Part {
    let thread = Rc::new(Thread::new(Arc::clone(shared), clock, recorder));
    let mut workers = JoinSet::new();
    for (index, instance) in instances {
        workers.spawn_local(Worker::new(Rc::clone(&thread), index, instance).run());
    }
    let mut halted = pin!(shared.control.reached(Stage::Stopping));
    let mut watching = true;
    loop {
        tokio::select! {
            ended = workers.join_next() => match ended {
                None => break,
                // A panic below a worker is a bug of gorgon's; it must not pass for a worker that had nothing to do.
                Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                Some(Ok(())) => {}
            },
            () = &mut halted, if watching => {
                thread.halt.halt();
                watching = false;
            }
        }
    }
    thread.part()
}

/// Sees a run to its end: no calls after its duration, and none in flight once the grace time is over.
fn supervise(load: &Load, start: &StartLine, control: &Control, finished: &Notify) {
    let Some(clock) = start.wait() else { return };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
    {
        Ok(runtime) => runtime,
        Err(cause) => {
            control.advance(
                Stage::Stopping,
                Cause::Abort(
                    Error::new(Exit::Environment, "cannot start the timer of the run")
                        .caused_by(&cause),
                ),
            );
            return;
        }
    };
    runtime.block_on(async {
        tokio::select! {
            () = finished.notified() => {}
            () = see_out(load, clock, control) => {}
        }
    });
}

async fn see_out(load: &Load, clock: RunClock, control: &Control) {
    if let Some(duration) = load.duration {
        tokio::select! {
            () = tokio::time::sleep_until(clock.instant(duration)) => {
                control.advance(Stage::Draining, Cause::Duration);
            }
            () = control.reached(Stage::Draining) => {}
        }
    }
    control.reached(Stage::Draining).await;
    tokio::time::sleep_until(clock::later(clock::now(), load.grace)).await;
    control.end_grace();
}

#[cfg(test)]
mod tests;
