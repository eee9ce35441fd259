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
mod worker;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinSet, LocalSet};

use self::control::{Cause, Control, Stage};
use self::operation::Operation;
use self::start_line::StartLine;
use self::worker::{Shared, Thread, Worker};
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
    /// A fresh instance for every call.
    pub isolate_calls: bool,
}

impl Load {
    /// How many numbers there are to deal out.
    fn numbers(&self) -> u64 {
        self.calls.unwrap_or(u64::MAX - self.first_number)
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
}

/// What one thread leaves behind.
struct Part {
    recorder: Recorder,
    counts: Counts,
    denied: Denied,
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
        return Err(Error::new(Exit::Bug, "a thread of the run panicked")
            .hint("this is a bug in gorgon; please report it with the lines above"));
    }
    if let Some(error) = start.into_error() {
        return Err(error);
    }
    Ok(finish(load, new_recorder(load, interner), parts))
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
fn finish(load: &Load, mut recorder: Recorder, parts: Vec<Part>) -> Finished {
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
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(cause) => {
            start.fail(
                Error::new(Exit::Environment, "cannot start an event loop").caused_by(&cause),
            );
            start.arrive();
            return None;
        }
    };
    LocalSet::new().block_on(&runtime, async {
        let instances = instantiate(&*shared.operation, indices, start).await;
        let clock = start.arrive()?;
        Some(run_workers(shared, clock, instances, recorder).await)
    })
}

/// Makes the instances of a thread's workers, before the clock of the run starts.
async fn instantiate<O: Operation>(
    operation: &O,
    indices: impl Iterator<Item = u32>,
    start: &StartLine,
) -> Vec<(u32, O::Instance)> {
    let mut instances = Vec::new();
    for index in indices {
        if start.has_failed() {
            break;
        }
        match operation.instantiate(index, None).await {
            Ok(instance) => instances.push((index, instance)),
            Err(error) => start.fail(error),
        }
    }
    instances
}

/// Runs the workers of a thread to their end, side by side on its event loop.
async fn run_workers<O: Operation>(
    shared: &Arc<Shared<O>>,
    clock: RunClock,
    instances: Vec<(u32, O::Instance)>,
    recorder: Recorder,
) -> Part {
    let shared = Arc::clone(shared);
    let thread = Rc::new(Thread {
        shared,
        clock,
        recorder: RefCell::new(recorder),
        counts: Cell::default(),
        denied: RefCell::default(),
    });
    let mut workers = JoinSet::new();
    for (index, instance) in instances {
        workers.spawn_local(Worker::new(Rc::clone(&thread), index, instance).run());
    }
    while let Some(ended) = workers.join_next().await {
        // A panic below a worker is a bug of gorgon's; it must not pass for a worker that had nothing to do.
        if let Err(error) = ended {
            std::panic::resume_unwind(error.into_panic());
        }
    }
    let recorder = thread.recorder.borrow_mut().take();
    Part {
        recorder,
        counts: thread.counts.get(),
        denied: thread.denied.take(),
    }
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
