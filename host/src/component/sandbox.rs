//! One instance of a component: the engine's seam, implemented with wasmtime.

use std::sync::Arc;

use tokio::time::Instant;
use wasmtime::Store;

use super::exports::Exports;
use super::fault;
use super::state::{Exchange, RunContext, State};
use crate::engine::operation::{Answer, Call, Findings, Instance};
use crate::http_client::{Client, Traffic};
use crate::stats::{Lifecycle, Phases};

/// What the instances of one worker used.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub(super) memory_peak_bytes: u64,
    pub(super) traffic: Traffic,
    pub(super) phases: Phases,
    pub(super) lifecycle: Lifecycle,
}

/// What a worker keeps when its instance is thrown away.
#[derive(Debug)]
pub struct Kept {
    pub(super) client: Client,
    pub(super) used: Used,
}

impl Kept {
    pub(super) fn none(context: &RunContext) -> Kept {
        Kept {
            client: Client::new(Arc::clone(&context.http)),
            used: Used::default(),
        }
    }
}

/// One instance of a component.
pub struct Sandbox {
    pub(super) store: Store<State>,
    pub(super) exports: Exports,
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
    pub(super) fn new(
        store: Store<State>,
        exports: Exports,
        shared: Arc<[u8]>,
        used: Used,
    ) -> Sandbox {
        Sandbox {
            store,
            exports,
            shared,
            used,
        }
    }

    /// From here on the instance works on something that is no call.
    pub(super) fn begin(&mut self, number: u64, due_ns: u64, deadline: Instant) {
        let clock = self.store.data().current.clock;
        self.store.data_mut().begin(number, due_ns, deadline, clock);
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
    pub(super) fn settle_lifecycle(&mut self) {
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
    pub(super) fn explain(&mut self, error: &wasmtime::Error) -> String {
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

/// From here on the instance works for this call.
fn begin_call(store: &mut Store<State>, call: &Call) {
    store
        .data_mut()
        .begin(call.number, call.due_ns, call.deadline, Some(call.clock));
    store.set_epoch_deadline(1);
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
        begin_call(&mut self.store, call);
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
        begin_call(&mut self.store, call);
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
