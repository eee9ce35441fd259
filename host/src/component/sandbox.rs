//! Instances of a component: the engine's seam, implemented with wasmtime.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use wasmtime::{Store, UpdateDeadline};

use super::artifact::{Artifact, Prepared};
use super::epoch::Heartbeat;
use super::exports::Exports;
use super::state::{Exchange, RunContext, State};
use super::{fault, fit};
use crate::clock;
use crate::engine::bounded::{Ended, bounded};
use crate::engine::control::Control;
use crate::engine::operation::{Answer, Call, Findings, Instance, Operation};
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
const HANDLES_MAX: usize = 4_096;

/// Bytes that a guest may have copied to the host each time it calls a function or returns from one.
const COPIED_BYTES_MAX: usize = 64 << 20;

/// Bytes that `setup` may hand to every instance.
const SHARED_BYTES_MAX: usize = 16 << 20;

const TOO_LONG: &str = "it took longer than a call may (`--timeout`)";

/// The instances of one run, ready to be made.
pub struct Sandboxes {
    name: String,
    prepared: Prepared,
    context: Arc<RunContext>,
    bounds: Bounds,
    shared: Arc<[u8]>,
    totals: Mutex<Totals>,
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
    /// What `setup` and `teardown` added to counters.
    pub counters: Vec<(String, u64)>,
}

impl Totals {
    fn add(&mut self, used: &Used) {
        self.memory_peak_bytes = self.memory_peak_bytes.max(used.memory_peak_bytes);
        self.traffic.merge(&used.traffic);
        self.phases.add(&used.phases);
        self.lifecycle.starts += used.lifecycle.starts;
        self.lifecycle.start_ns += used.lifecycle.start_ns;
        self.lifecycle.requests += used.lifecycle.requests;
    }
}

/// What the instances of one worker used.
#[derive(Debug, Default)]
struct Used {
    memory_peak_bytes: u64,
    traffic: Traffic,
    phases: Phases,
    lifecycle: Lifecycle,
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
            totals: Mutex::default(),
            _heartbeat: heartbeat,
        })
    }

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
        // It made no calls, and a reader would look for the worker it belongs to.
        totals.created -= 1;
        drop(totals);
        sandbox.settle_lifecycle();
        self.retire(sandbox.into_kept());
    }

    /// What the run came to so far.
    pub fn totals(&self) -> Totals {
        self.totals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn deadline(&self) -> Instant {
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
        store.epoch_deadline_callback(|store| {
            Ok(if clock::now() < store.data().current.deadline {
                UpdateDeadline::Yield(1)
            } else {
                UpdateDeadline::Interrupt
            })
        });
        store
    }
}

impl Operation for Sandboxes {
    type Instance = Sandbox;

    async fn instantiate(&self, worker: u32, kept: Option<Kept>) -> Result<Sandbox> {
        let kept = kept.unwrap_or_else(|| Kept::none(&self.context));
        let mut store = self.store(worker, kept.client);
        let instance = self.prepared.instance.instantiate_async(&mut store).await;
        let exports =
            instance.and_then(|instance| self.prepared.exports.load(&mut store, &instance));
        let exports = exports.map_err(|cause| no_instance(&self.name, &cause, &mut store))?;
        self.totals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .created += 1;
        Ok(Sandbox {
            store,
            exports,
            shared: Arc::clone(&self.shared),
            used: kept.used,
        })
    }

    fn retire(&self, kept: Kept) {
        let Kept {
            mut client,
            mut used,
        } = kept;
        used.traffic.merge(&client.take_traffic());
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        totals.add(&used);
    }
}

/// Why there is no instance: nearly always because the guest's initialisation fails, or its first memory is too large.
fn no_instance(name: &str, cause: &wasmtime::Error, store: &mut Store<State>) -> Error {
    let text = cause.root_cause().to_string();
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

/// What a worker keeps when its instance is thrown away.
#[derive(Debug)]
pub struct Kept {
    client: Client,
    used: Used,
}

impl Kept {
    fn none(context: &RunContext) -> Kept {
        Kept {
            client: Client::new(Arc::clone(&context.http)),
            used: Used::default(),
        }
    }
}

/// One instance of a component.
pub struct Sandbox {
    store: Store<State>,
    exports: Exports,
    shared: Arc<[u8]>,
    used: Used,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox")
            .field("worker", &self.store.data().worker)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    fn begin(&mut self, number: u64, due_ns: u64, deadline: Instant) {
        let clock = self.store.data().current.clock;
        self.store.data_mut().begin(number, due_ns, deadline, clock);
        self.store.set_epoch_deadline(1);
    }

    fn begin_call(&mut self, call: &Call) {
        self.store
            .data_mut()
            .begin(call.number, call.due_ns, call.deadline, Some(call.clock));
        self.store.set_epoch_deadline(1);
    }

    /// The requests of the last call, if the run is traced.
    pub fn exchanges(&mut self) -> Vec<Exchange> {
        std::mem::take(&mut self.store.data_mut().exchanges)
    }

    /// The most memory the instance has had, in bytes.
    pub fn memory_peak_bytes(&self) -> u64 {
        self.used
            .memory_peak_bytes
            .max(self.store.data().limits.peak())
    }

    /// Counts the requests since the last time as made around the calls.
    fn settle_lifecycle(&mut self) {
        let traffic = self.store.data_mut().client.take_traffic();
        self.used.lifecycle.requests += traffic.requests;
        self.used.traffic.merge(&traffic);
    }

    /// Counts the requests since the last time as made by calls.
    fn settle_calls(&mut self) {
        let traffic = self.store.data_mut().client.take_traffic();
        self.used.traffic.merge(&traffic);
    }

    /// An error of the guest in words, with what it wrote to stderr.
    fn explain(&mut self, error: &wasmtime::Error) -> String {
        let refused = self.store.data_mut().limits.take_refused();
        let (_, message) = fault::of(error, refused);
        match self.store.data().output.end() {
            Some(complaint) => format!("{message}; {complaint}"),
            None => message,
        }
    }

    fn fault(&mut self, error: &wasmtime::Error) -> Answer {
        let refused = self.store.data_mut().limits.take_refused();
        let (fault, message) = fault::of(error, refused);
        let message = match (self.store.data().output.end(), frames(error)) {
            (Some(complaint), _) => complaint,
            (None, Some(frames)) => format!("{message}\n{frames}"),
            (None, None) => message,
        };
        Answer::Fault(fault, message)
    }
}

/// The guest's stack at a trap, where it is kept.
fn frames(error: &wasmtime::Error) -> Option<String> {
    error
        .downcast_ref::<wasmtime::WasmBacktrace>()
        .map(ToString::to_string)
}

impl Instance for Sandbox {
    type Kept = Kept;

    async fn start(&mut self, call: &Call) -> std::result::Result<(), String> {
        let Some(lifecycle) = &self.exports.lifecycle else {
            return Ok(());
        };
        self.store
            .data_mut()
            .begin(call.number, call.due_ns, call.deadline, Some(call.clock));
        self.store.set_epoch_deadline(1);
        let shared = self.shared.to_vec();
        let returned = lifecycle.start.call_async(&mut self.store, (shared,)).await;
        self.used.lifecycle.starts += 1;
        self.used.lifecycle.start_ns += self.store.data().now_ns().saturating_sub(call.due_ns);
        self.settle_lifecycle();
        match returned {
            Ok((result,)) => result,
            Err(error) => Err(self.explain(&error)),
        }
    }

    async fn call(&mut self, call: &Call) -> Answer {
        self.begin_call(call);
        match self
            .exports
            .run
            .call_async(&mut self.store, (call.number,))
            .await
        {
            Ok((tag,)) => {
                if tag.is_err() {
                    let state = self.store.data_mut();
                    state.findings.complaint = state.output.end();
                }
                Answer::Tag(tag)
            }
            Err(error) => self.fault(&error),
        }
    }

    fn findings(&mut self) -> &mut Findings {
        &mut self.store.data_mut().findings
    }

    async fn stop(&mut self, deadline: Instant) {
        if self.exports.lifecycle.is_none() {
            return;
        }
        self.settle_calls();
        self.begin(0, 0, deadline);
        if let Some(lifecycle) = &self.exports.lifecycle {
            // Whether a guest manages to clean up after itself changes nothing for the run.
            let _ = lifecycle.stop.call_async(&mut self.store, ()).await;
        }
        self.settle_lifecycle();
    }

    fn into_kept(self) -> Kept {
        let memory_peak_bytes = self.memory_peak_bytes();
        let Sandbox {
            store, mut used, ..
        } = self;
        let state = store.into_data();
        used.memory_peak_bytes = memory_peak_bytes;
        used.phases.add(&state.phases);
        Kept {
            client: state.client,
            used,
        }
    }
}
