//! `setup` and `teardown`: once per run, each in an instance of its own.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::sandbox::Sandbox;
use super::sandboxes::Sandboxes;
use crate::clock::{self, RunClock};
use crate::engine::bounded::{Ended, Halt, bounded};
use crate::engine::control::{Cause, Control, Stage};
use crate::engine::operation::{Instance, Operation};
use crate::error::{Error, Exit, Result};

/// Bytes that `setup` may hand to every instance.
const SHARED_BYTES_MAX: usize = 16 << 20;

const TOO_LONG: &str = "it took longer than a call may (`--timeout`)";

impl Sandboxes {
    /// Runs `setup`, if the component has it, and keeps what it returns for every `start`.
    ///
    /// # Errors
    /// `setup` says that there is no point in a run, or fails.
    pub async fn setup(&mut self) -> Result<()> {
        if !self.prepared.has_lifecycle() {
            return Ok(());
        }
        let deadline = self.deadline();
        let mut sandbox = self.hook(deadline, None).await?;
        let Some(lifecycle) = &sandbox.exports.lifecycle else {
            return Ok(());
        };
        let call = lifecycle.setup.call_async(&mut sandbox.store, ());
        let control = &self.context.control;
        // A run that is interrupted before it has begun need not begin.
        let halt = Halt::default();
        let ended = tokio::select! {
            ended = bounded(call, deadline, &halt) => ended,
            () = control.reached(Stage::Draining) => Ended::Stopped,
        };
        let why = match ended {
            Ended::Done(Ok((Ok(shared),))) if shared.len() <= SHARED_BYTES_MAX => {
                self.retire_hook(sandbox);
                self.shared = Arc::from(shared);
                return Ok(());
            }
            Ended::Done(Ok((Ok(shared),))) => {
                format!(
                    "it returned {} bytes, and {SHARED_BYTES_MAX} is the most",
                    shared.len()
                )
            }
            Ended::Done(Ok((Err(why),))) => why,
            Ended::Done(Err(error)) => sandbox.explain(&error).1,
            Ended::TimedOut => TOO_LONG.to_owned(),
            Ended::Stopped => return Err(interrupted(control)),
        };
        let what = format!("`setup` of `{}` failed, so nothing was run", self.name);
        let error = Error::new(Exit::Unusable, what).because(why);
        Err(error.hint("`gorgon try` with the same `--set` shows what it logged"))
    }

    /// Runs `teardown`, if the component has it.
    ///
    /// # Errors
    /// It failed. The run is over by then; this is something to tell, not something to act on.
    pub async fn teardown(&self, clock: Option<RunClock>, limit: Duration) -> Result<()> {
        if !self.prepared.has_lifecycle() {
            return Ok(());
        }
        let deadline = clock::later(clock::now(), limit);
        let mut sandbox = self.hook(deadline, clock).await?;
        let Some(lifecycle) = &sandbox.exports.lifecycle else {
            return Ok(());
        };
        let call = lifecycle
            .teardown
            .call_async(&mut sandbox.store, (self.shared.to_vec(),));
        // The end of the run must not keep it from cleaning up, so it is not the run's control that bounds it.
        let why = match bounded(call, deadline, &Halt::default()).await {
            Ended::Done(Ok(())) => None,
            Ended::Done(Err(error)) => Some(sandbox.explain(&error).1),
            Ended::TimedOut | Ended::Stopped => Some(TOO_LONG.to_owned()),
        };
        let what = format!("`teardown` of `{}` failed", self.name);
        let result = why.map_or(Ok(()), |why| {
            Err(Error::new(Exit::Unusable, what).because(why))
        });
        self.retire_hook(sandbox);
        result
    }

    /// An instance for `setup` or `teardown`, made before `deadline`.
    async fn hook(&self, deadline: Instant, clock: Option<RunClock>) -> Result<Sandbox> {
        let mut none = None;
        let making = self.instantiate(0, &mut none);
        match bounded(making, deadline, &Halt::default()).await {
            Ended::Done(made) => {
                let mut sandbox = made?;
                sandbox.begin_hook(deadline, clock);
                Ok(sandbox)
            }
            Ended::TimedOut | Ended::Stopped => {
                let what = format!("an instance of `{}` could not be made in time", self.name);
                Err(Error::new(Exit::Unusable, what).because(TOO_LONG))
            }
        }
    }

    /// Takes back the instance of `setup` or `teardown`. Nobody records what it found, so it is kept here.
    fn retire_hook(&self, mut sandbox: Sandbox) {
        let findings = std::mem::take(sandbox.findings());
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        totals.counters.extend(findings.counters);
        totals.checks.extend(findings.checks);
        drop(totals);
        // It made no calls, and a reader would look for the worker it belongs to.
        self.created.fetch_sub(1, Ordering::Relaxed);
        sandbox.settle_lifecycle();
        self.retire(sandbox.into_kept());
    }
}

fn interrupted(control: &Control) -> Error {
    let exit = match control.cause() {
        Some(Cause::Terminate) => Exit::Terminated,
        _ => Exit::Interrupted,
    };
    Error::new(exit, "interrupted in `setup`, so nothing was run")
}
