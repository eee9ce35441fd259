//! One instance of a component: the engine's seam, implemented with wasmtime.

use std::sync::Arc;

use tokio::time::Instant;
use wasmtime::Store;

use super::command;
use super::exchange::Exchange;
use super::exports::{Entry, Exports};
use super::fault;
use super::log::TRACEBACK;
use super::run_context::RunContext;
use super::state::{State, Work};
use super::timed::timed_if;
use crate::clock::RunClock;
use crate::engine::operation::{Answer, Call, Findings, Instance};
use crate::http_client::{Client, Traffic};
use crate::stats::{Fault, Lifecycle, Phases};

/// What the instances of one worker used.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub(super) memory_peak_bytes: u64,
    pub(super) traffic: Traffic,
    pub(super) phases: Phases,
    pub(super) lifecycle: Lifecycle,
    pub(super) guest: GuestTime,
}

/// How long guests computed, as one call in so many tells.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct GuestTime {
    calls: u64,
    sampled: u64,
    sampled_ns: u64,
}

impl GuestTime {
    pub(super) fn add(&mut self, other: GuestTime) {
        self.calls += other.calls;
        self.sampled += other.sampled;
        self.sampled_ns = self.sampled_ns.saturating_add(other.sampled_ns);
    }

    /// The time of all calls, in nanoseconds; nothing where none was looked into.
    pub(super) fn total_ns(self) -> Option<u64> {
        let total = u128::from(self.sampled_ns) * u128::from(self.calls);
        let total = total.checked_div(u128::from(self.sampled))?;
        u64::try_from(total).ok()
    }
}

/// One call of an instance in so many is looked into, but none of the first, which touch memory and code that nobody has
/// touched before.
const SAMPLED_ONE_IN: u64 = 32;
const SAMPLED_FIRST: u64 = 8;

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
    pub(super) fn begin_hook(&mut self, deadline: Instant, clock: Option<RunClock>) {
        self.store.data_mut().begin(Work::Hook, deadline, clock);
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

    /// Counts a call, and says whether its time is looked into. The warm-up is in no figure.
    fn begin_guest_time(&mut self, call: &Call) -> bool {
        let guest = &mut self.used.guest;
        let is_sampled = !call.is_warm_up && guest.calls % SAMPLED_ONE_IN == SAMPLED_FIRST;
        guest.calls += u64::from(!call.is_warm_up);
        self.store.data_mut().is_sampled = is_sampled;
        is_sampled
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

    /// An error of the guest: its name, and everything there is to say about it.
    pub(super) fn explain(&mut self, error: &wasmtime::Error) -> (Fault, String) {
        let refused = self.store.data_mut().limits.take_refused();
        let (fault, message) = fault::of(error, refused);
        let message = match self.store.data().output.end() {
            // It names the line of the operation; the stack below it is the interpreter's.
            Some(complaint) if fault == Fault::Trap && complaint.starts_with(TRACEBACK) => {
                return (fault, complaint);
            }
            // The message of a panic says more than that there was one.
            Some(complaint) if fault == Fault::Trap && complaint.contains("panic at ") => complaint,
            Some(complaint) => format!("{message}; {complaint}"),
            None => message,
        };
        match error.downcast_ref::<wasmtime::WasmBacktrace>() {
            Some(frames) => (fault, format!("{message}\n{frames}")),
            None => (fault, message),
        }
    }
}

/// From here on the instance works for this call.
fn begin_call(store: &mut Store<State>, call: &Call) {
    let work = Work::Call {
        index: call.index,
        number: call.number,
        due_ns: call.due_ns,
        item: call.item.clone(),
    };
    store
        .data_mut()
        .begin(work, call.deadline, Some(call.clock));
    store.set_epoch_deadline(1);
}

impl Instance for Sandbox {
    type Kept = Kept;

    async fn start(&mut self, call: &Call) -> Result<(), String> {
        if self.exports.lifecycle.is_none() {
            return Ok(());
        }
        self.settle_calls();
        self.begin_hook(call.deadline, Some(call.clock));
        // Counted before it is awaited: one that takes too long is dropped and was a start all the same.
        self.used.lifecycle.starts += 1;
        let Some(lifecycle) = &self.exports.lifecycle else {
            return Ok(());
        };
        let shared = self.shared.to_vec();
        let returned = lifecycle.start.call_async(&mut self.store, (shared,)).await;
        self.used.lifecycle.start_ns += self.store.data().now_ns().saturating_sub(call.start_ns);
        self.settle_lifecycle();
        match returned {
            Ok((result,)) => result,
            Err(error) => Err(self.explain(&error).1),
        }
    }

    async fn call(&mut self, call: &Call) -> Answer {
        begin_call(&mut self.store, call);
        let is_sampled = self.begin_guest_time(call);
        let mut spent_ns = 0;
        let returned = match &self.exports.entry {
            Entry::Run(run) => {
                let run = run.call_async(&mut self.store, (call.number,));
                let returned = timed_if(is_sampled, run, &mut spent_ns).await;
                returned.map(|(tag,)| tag)
            }
            Entry::Main(main) => {
                if let Err(tag) = self.store.data_mut().start_command(call) {
                    return Answer::Tag(Err(tag.to_owned()));
                }
                let main = main.call_async(&mut self.store, ());
                let ended = timed_if(is_sampled, main, &mut spent_ns).await;
                let ended = ended.map(|(returned,)| returned);
                command::tag(ended, self.store.data().output.take_last_printed())
            }
            Entry::Start(start) => {
                if let Err(tag) = self.store.data_mut().start_program(call) {
                    return Answer::Tag(Err(tag.to_owned()));
                }
                let start = start.call_async(&mut self.store, ());
                let ended = timed_if(is_sampled, start, &mut spent_ns).await;
                let ended = ended.map(Ok);
                command::tag(ended, self.store.data().output.take_last_printed())
            }
        };
        if is_sampled {
            let host_ns = self.store.data().host_ns;
            self.used.guest.sampled += 1;
            self.used.guest.sampled_ns += spent_ns.saturating_sub(host_ns);
        }
        match returned {
            Ok(tag) => Answer::Tag(tag),
            Err(error) => {
                let (fault, message) = self.explain(&error);
                Answer::Fault(fault, message)
            }
        }
    }

    fn findings(&mut self) -> &mut Findings {
        let state = self.store.data_mut();
        state.hear();
        state.findings.complaint = state.output.end().or_else(|| state.last_error.take());
        &mut state.findings
    }

    fn is_worn(&mut self) -> bool {
        self.store.data_mut().is_worn()
    }

    async fn stop(&mut self, deadline: Instant) {
        if self.exports.lifecycle.is_none() {
            return;
        }
        self.settle_calls();
        let clock = self.store.data().current.clock;
        self.begin_hook(deadline, clock);
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
        let mut state = store.into_data();
        state.hear();
        used.memory_peak_bytes = memory_peak_bytes;
        used.phases.add(&state.phases);
        Kept {
            client: state.client,
            used,
        }
    }
}
