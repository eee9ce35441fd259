//! The instances of a run: made from one component, for whichever worker needs one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use wasmtime::{Store, UpdateDeadline};

use super::artifact::Artifact;
use super::epoch::Heartbeat;
use super::ready::Prepared;
use super::run_context::RunContext;
use super::sandbox::{GuestTime, Kept, Sandbox, Used};
use super::state::State;
use super::{fault, fit};
use crate::clock;
use crate::engine::operation::Operation;
use crate::error::{Error, Exit, Result};
use crate::http_client::{Client, Traffic};
use crate::stats::{Lifecycle, Phases};

/// What a component may cost the host.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Linear memory of one instance, in bytes.
    pub memory_bytes: u64,
    /// How long making an instance may take, and each of `setup` and `teardown`.
    pub timeout: Duration,
}

/// Handles to resources that one instance may hold.
pub(super) const HANDLES_MAX: usize = 4_096;

/// Bytes that a guest may have copied to the host each time it calls a function or returns from one.
const COPIED_BYTES_MAX: usize = 64 << 20;

/// The instances of one run, ready to be made.
pub struct Sandboxes {
    pub(super) name: String,
    pub(super) prepared: Prepared,
    pub(super) context: Arc<RunContext>,
    bounds: Bounds,
    /// What `setup` returned.
    pub(super) shared: Arc<[u8]>,
    pub(super) created: AtomicU64,
    pub(super) totals: Mutex<Totals>,
    guest: Mutex<GuestTime>,
    _heartbeat: Heartbeat,
}

impl std::fmt::Debug for Sandboxes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandboxes")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What the instances of a run came to, all together.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Instances made.
    pub created: u64,
    /// The most memory that one instance had, in bytes.
    pub memory_peak_bytes: u64,
    /// The HTTP traffic, all of it.
    pub traffic: Traffic,
    /// Where the time of its responses went.
    pub phases: Phases,
    /// What was done around the calls.
    pub lifecycle: Lifecycle,
    /// How long guests computed in calls that were no warm-up, in nanoseconds, estimated from a sample of them; nothing
    /// where there was none.
    pub guest_ns: Option<u64>,
    /// What `setup` and `teardown` added to counters.
    pub counters: Vec<(String, u64)>,
    /// What they checked.
    pub checks: Vec<(String, bool)>,
}

impl Totals {
    /// Adds what the instances of another operation of the run came to.
    pub fn merge(&mut self, other: Totals) {
        self.created += other.created;
        self.memory_peak_bytes = self.memory_peak_bytes.max(other.memory_peak_bytes);
        self.traffic.merge(&other.traffic);
        self.phases.add(&other.phases);
        self.lifecycle.starts += other.lifecycle.starts;
        self.lifecycle.start_ns += other.lifecycle.start_ns;
        self.lifecycle.requests += other.lifecycle.requests;
        self.guest_ns = match (self.guest_ns, other.guest_ns) {
            (Some(mine), Some(theirs)) => Some(mine.saturating_add(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
        self.counters.extend(other.counters);
        self.checks.extend(other.checks);
    }

    fn add(&mut self, used: &Used) {
        self.memory_peak_bytes = self.memory_peak_bytes.max(used.memory_peak_bytes);
        self.traffic.merge(&used.traffic);
        self.phases.add(&used.phases);
        self.lifecycle.starts += used.lifecycle.starts;
        self.lifecycle.start_ns += used.lifecycle.start_ns;
        self.lifecycle.requests += used.lifecycle.requests;
    }
}

impl Sandboxes {
    /// Prepares the instances of a run of `artifact`.
    ///
    /// # Errors
    /// The machine cannot hold them.
    pub fn new(artifact: &Artifact, context: RunContext, bounds: Bounds) -> Result<Sandboxes> {
        let prepared = artifact.prepare()?;
        let heartbeat = Heartbeat::of(&prepared.engine).map_err(|cause| {
            Error::new(Exit::Environment, "cannot start the timer thread").caused_by(&cause)
        })?;
        Ok(Sandboxes {
            name: artifact.name().to_owned(),
            prepared,
            context: Arc::new(context),
            bounds,
            shared: Arc::default(),
            created: AtomicU64::new(0),
            totals: Mutex::default(),
            guest: Mutex::default(),
            _heartbeat: heartbeat,
        })
    }

    /// What the run came to so far.
    pub fn totals(&self) -> Totals {
        let totals = self
            .totals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let guest = self.guest.lock().unwrap_or_else(PoisonError::into_inner);
        Totals {
            created: self.created.load(Ordering::Relaxed),
            guest_ns: guest.total_ns(),
            ..totals
        }
    }

    pub(super) fn deadline(&self) -> Instant {
        clock::later(clock::now(), self.bounds.timeout)
    }

    fn store(&self, worker: u32, client: Client) -> Store<State> {
        let state = State::new(
            &self.context,
            worker,
            self.bounds.memory_bytes,
            client,
            self.deadline(),
        );
        let mut store = Store::new(&self.prepared.engine, state);
        store.limiter(|state| &mut state.limits);
        store.set_max_component_handles(HANDLES_MAX);
        store.set_hostcall_fuel(COPIED_BYTES_MAX);
        // Before the instance is made: its start function may loop too.
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut store| {
            let state = store.data_mut();
            Ok(if clock::now() >= state.current.deadline {
                UpdateDeadline::Interrupt
            } else if std::mem::take(&mut state.waited) {
                // The heartbeat went on while the guest waited: it has not computed for that long. Where a thousand
                // calls are in flight nearly every one meets a beat, and to yield costs more than the call.
                UpdateDeadline::Continue(1)
            } else {
                UpdateDeadline::Yield(1)
            })
        });
        store
    }
}

impl Operation for Sandboxes {
    type Instance = Sandbox;

    async fn instantiate(&self, worker: u32, kept: &mut Option<Kept>) -> Result<Sandbox> {
        let kept = kept.get_or_insert_with(|| Kept::none(&self.context));
        // If this comes to nothing, a client without connections is left; what was counted stays with the worker.
        let mut client = Client::new(Arc::clone(&self.context.http));
        std::mem::swap(&mut client, &mut kept.client);
        kept.used.traffic.merge(&client.take_traffic());
        let mut store = self.store(worker, client);
        let exports = self.prepared.instantiate(&mut store).await;
        let exports = exports.map_err(|cause| no_instance(&self.name, &cause, &mut store))?;
        self.created.fetch_add(1, Ordering::Relaxed);
        let used = std::mem::take(&mut kept.used);
        Ok(Sandbox::new(store, exports, Arc::clone(&self.shared), used))
    }

    fn is_used_once(&self) -> bool {
        self.prepared.is_command()
    }

    fn retire(&self, kept: Kept) {
        let Kept {
            mut client,
            mut used,
        } = kept;
        used.traffic.merge(&client.take_traffic());
        let mut guest = self.guest.lock().unwrap_or_else(PoisonError::into_inner);
        guest.add(used.guest);
        drop(guest);
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        totals.add(&used);
    }
}

/// Why there is no instance: nearly always because the guest's initialisation fails, or its first memory is too large.
fn no_instance(name: &str, cause: &wasmtime::Error, store: &mut Store<State>) -> Error {
    let text = cause.root_cause().to_string();
    if text.contains("table") && text.contains("limit") {
        return Error::new(
            Exit::Unusable,
            format!("`{name}` needs larger tables than it can have"),
        )
        .because(text)
        .hint("build it with fewer functions that are called through pointers");
    }
    if text.contains("exceeds") && text.contains("limit") {
        return Error::new(Exit::Unusable, format!("`{name}` needs more than it is given")).because(text).hint(
            "give each instance more with `--memory 1GiB`, or build the operation with a smaller initial memory or stack",
        );
    }
    if text.contains("mmap")
        || text.contains("Cannot allocate memory")
        || text.contains("maximum concurrent")
    {
        return Error::new(
            Exit::Environment,
            "this machine cannot hold that many instances",
        )
        .because(text)
        .hint(
            "use fewer workers, or allow more memory maps: `sysctl -w vm.max_map_count=1000000`",
        );
    }
    if cause.downcast_ref::<wasmtime::Trap>().is_some()
        || cause.downcast_ref::<wasmtime_wasi::I32Exit>().is_some()
    {
        let refused = store.data_mut().limits.take_refused();
        let (_, message) = fault::of(cause, refused);
        let complaint = store.data().output.end();
        let error = Error::new(
            Exit::Unusable,
            format!("`{name}` fails while it starts, before any call"),
        )
        .because(message);
        return complaint
            .into_iter()
            .fold(error, Error::because)
            .hint("what it does at load time must not fail or loop");
    }
    fit::invalid(name, cause)
}
