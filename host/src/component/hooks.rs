//! `setup` and `teardown`: once per run, each in an instance of its own.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use super::sandbox::Sandbox;
use super::sandboxes::Sandboxes;
use crate::engine::bounded::{Ended, bounded};
use crate::engine::control::Control;
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
        if !self.prepared.exports.has_lifecycle() {
            return Ok(());
        }
        let mut sandbox = self.instantiate(0, None).await?;
        let deadline = self.deadline();
        sandbox.begin(0, 0, deadline);
        let Some(lifecycle) = &sandbox.exports.lifecycle else {
            return Ok(());
        };
        let call = lifecycle.setup.call_async(&mut sandbox.store, ());
        let why = match bounded(call, deadline, &self.context.control).await {
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
            Ended::Done(Err(error)) => sandbox.explain(&error),
            Ended::TimedOut => TOO_LONG.to_owned(),
            Ended::Stopped => "the run was stopped".to_owned(),
        };
        let what = format!("`setup` of `{}` failed, so nothing was run", self.name);
        let error = Error::new(Exit::Unusable, what).because(why);
        Err(error.hint("`gorgon try` with the same `--set` shows what it logged"))
    }

    /// Runs `teardown`, if the component has it.
    ///
    /// # Errors
    /// It failed. The run is over by then; this is something to tell, not something to act on.
    pub async fn teardown(&self) -> Result<()> {
        if !self.prepared.exports.has_lifecycle() {
            return Ok(());
        }
        let mut sandbox = self.instantiate(0, None).await?;
        let deadline = self.deadline();
        sandbox.begin(0, 0, deadline);
        let Some(lifecycle) = &sandbox.exports.lifecycle else {
            return Ok(());
        };
        let call = lifecycle
            .teardown
            .call_async(&mut sandbox.store, (self.shared.to_vec(),));
        // The end of the run must not keep it from cleaning up, so it is not the run's control that bounds it.
        let why = match bounded(call, deadline, &Control::default()).await {
            Ended::Done(Ok(())) => None,
            Ended::Done(Err(error)) => Some(sandbox.explain(&error)),
            Ended::TimedOut | Ended::Stopped => Some(TOO_LONG.to_owned()),
        };
        let what = format!("`teardown` of `{}` failed", self.name);
        let result = why.map_or(Ok(()), |why| {
            Err(Error::new(Exit::Unusable, what).because(why))
        });
        self.retire_hook(sandbox);
        result
    }

    /// Takes back the instance of `setup` or `teardown`. Nobody records what it found, so its counters are kept here.
    fn retire_hook(&self, mut sandbox: Sandbox) {
        let counters = std::mem::take(&mut sandbox.findings().counters);
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        totals.counters.extend(counters);
        drop(totals);
        // It made no calls, and a reader would look for the worker it belongs to.
        self.created.fetch_sub(1, Ordering::Relaxed);
        sandbox.settle_lifecycle();
        self.retire(sandbox.into_kept());
    }
}
