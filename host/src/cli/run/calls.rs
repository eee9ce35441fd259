//! The calls of a run, with `setup` before them and `teardown` behind.

use std::sync::Arc;

use super::JobArgs;
use super::prepare::Prepared;
use crate::component::{Sandboxes, Totals};
use crate::engine::control::Control;
use crate::engine::{self, Finished};
use crate::error::{Error, Exit, Result};
use crate::monitor::{self, Monitor};
use crate::stats::Interner;

/// A run that is over, before anybody has looked at it.
pub(super) struct Over {
    pub(super) finished: Finished,
    pub(super) observed: monitor::Observed,
    pub(super) totals: Totals,
    /// The most memory that one instance of each operation had, in bytes.
    pub(super) memory_peaks: Vec<u64>,
    pub(super) torn_down: Option<Error>,
}

impl JobArgs {
    /// Everything between `setup` and `teardown`, and those two.
    pub(super) fn make_calls(
        &self,
        prepared: &Prepared,
        mut sandboxes: Vec<Sandboxes>,
        plan: monitor::Plan,
        control: &Arc<Control>,
    ) -> Result<Over> {
        let runtime = lifecycle_runtime()?;
        // Before anything is set up that would have to be taken down.
        let (monitor, listener) = Monitor::start(plan)?;
        for index in 0..sandboxes.len() {
            if let Err(error) = runtime.block_on(sandboxes[index].setup()) {
                // What was set up before it is taken down; why this one failed is what is to be told.
                for earlier in &sandboxes[..index] {
                    let _ = runtime.block_on(earlier.teardown(None, self.operation.timeout));
                }
                drop(listener);
                monitor.abandon();
                return Err(error);
            }
        }
        let operations: Vec<_> = sandboxes.into_iter().map(Arc::new).collect();
        let executed = engine::execute(engine::Run {
            load: prepared.load.clone(),
            feed: prepared.feed.clone(),
            operations: operations.clone(),
            interner: Arc::new(Interner::new(self.rules.expect.clone())),
            control: Arc::clone(control),
            listener: Some(listener),
        });
        // How the run ended is decided here: who interrupts the clean-up does not interrupt the run.
        let limit = if control.cause().is_some() {
            self.operation.timeout.min(self.load.grace())
        } else {
            self.operation.timeout
        };
        let clock = executed.as_ref().ok().map(|finished| finished.clock);
        // Whatever becomes of the clean-up, the calls are on disk before it.
        let watched = match executed {
            Ok(finished) => watched(monitor, finished),
            Err(error) => {
                monitor.abandon();
                Err(error)
            }
        };
        // What `setup` made is taken down whatever came of the run.
        let mut torn_down = None;
        let mut totals = Totals::default();
        let mut memory_peaks = Vec::with_capacity(operations.len());
        for sandboxes in &operations {
            let result = runtime.block_on(sandboxes.teardown(clock, limit));
            torn_down = torn_down.or(result.err());
            let its = sandboxes.totals();
            memory_peaks.push(its.memory_peak_bytes);
            totals.merge(its);
        }
        let (finished, mut observed) = watched?;
        let at_ns = finished.counts.last_end_ns;
        observed.add(&totals.counters, &totals.checks, at_ns);
        Ok(Over {
            finished,
            observed,
            totals,
            memory_peaks,
            torn_down,
        })
    }
}

/// What a run came to, and what was seen of it.
fn watched(monitor: Monitor, mut finished: Finished) -> Result<(Finished, monitor::Observed)> {
    let observed = monitor.finish(monitor::Ending {
        rest: std::mem::take(&mut finished.records),
        clock: finished.clock,
        results_from_ns: finished.results_from_ns,
        window_end_ns: finished.drained_ns.unwrap_or(finished.counts.last_end_ns),
        end_ns: finished.counts.last_end_ns,
    })?;
    Ok((finished, observed))
}

/// The event loop of `setup` and `teardown`.
pub(in crate::cli) fn lifecycle_runtime() -> Result<LifecycleRuntime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map(|runtime| LifecycleRuntime(Some(runtime)))
        .map_err(|cause| {
            Error::new(Exit::Environment, "cannot start an event loop").caused_by(&cause)
        })
}

/// See [`lifecycle_runtime`]. When it is dropped nobody waits for what cannot be called off, such as the look-up of a name.
pub(in crate::cli) struct LifecycleRuntime(Option<tokio::runtime::Runtime>);

impl std::ops::Deref for LifecycleRuntime {
    type Target = tokio::runtime::Runtime;

    fn deref(&self) -> &tokio::runtime::Runtime {
        // Taken nowhere but in `drop`.
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl Drop for LifecycleRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
