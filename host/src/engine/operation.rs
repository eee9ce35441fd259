//! The seam between the engine and what it runs.
//!
//! The engine knows instances that are made, called and thrown away; it does not know WebAssembly. The real
//! implementation is `component`; tests use a scripted one on virtual time.

use std::future::Future;

use bytes::Bytes;
use tokio::time::Instant;

use crate::clock::RunClock;
use crate::error::Error;
use crate::stats::Fault;

/// One call: what an instance is told about it.
#[derive(Debug, Clone)]
pub struct Call {
    /// Which call of the run it is, counted from 0.
    pub index: u64,
    /// The number of the call.
    pub number: u64,
    /// Which operation of the mix it is a call of.
    pub operation: u16,
    /// Whether it is one of the warm-up.
    pub is_warm_up: bool,
    /// When it was due, in nanoseconds since the run started.
    pub due_ns: u64,
    /// When it started. In closed load that is when it was due.
    pub start_ns: u64,
    /// The clock of the run.
    pub clock: RunClock,
    /// When it times out. The engine gives up a call that waits past this; an instance must itself interrupt one that
    /// computes.
    pub deadline: Instant,
    /// Its item, in a run with items.
    pub item: Option<Bytes>,
}

/// What became of a call that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The guest's tag, in the arm it came in.
    Tag(Result<String, String>),
    /// What the host found instead, with a message for the person. The instance is not used again.
    Fault(Fault, String),
}

/// What a guest recorded during one call, in the order it did. Each list is bounded; what is more is dropped.
#[derive(Debug, Default)]
pub struct Findings {
    /// Samples of measurements: name and nanoseconds.
    pub samples: Vec<(String, u64)>,
    /// Additions to counters.
    pub counters: Vec<(String, u64)>,
    /// Named checks.
    pub checks: Vec<(String, bool)>,
    /// Targets that the network policy refused.
    pub denied: Vec<String>,
    /// The last thing the guest wrote to its log as a warning or an error, or to stderr.
    pub complaint: Option<String>,
    /// Whether the call has waited for something: an answer, a time. One that only computes has not.
    pub waited: bool,
}

impl Findings {
    const MAX: usize = 10_000;
    const DENIED_MAX: usize = 64;

    /// Adds a sample of a measurement.
    pub fn sample(&mut self, name: String, nanos: u64) {
        push(&mut self.samples, (name, nanos), Self::MAX);
    }

    /// Adds to a counter.
    pub fn count(&mut self, name: String, delta: u64) {
        push(&mut self.counters, (name, delta), Self::MAX);
    }

    /// Adds a check.
    pub fn check(&mut self, name: String, passed: bool) {
        push(&mut self.checks, (name, passed), Self::MAX);
    }

    /// Adds a target that the network policy refused.
    pub fn deny(&mut self, target: String) {
        push(&mut self.denied, target, Self::DENIED_MAX);
    }

    /// Forgets everything, keeping the room.
    pub fn clear(&mut self) {
        self.samples.clear();
        self.counters.clear();
        self.checks.clear();
        self.denied.clear();
        self.complaint = None;
        self.waited = false;
    }
}

fn push<T>(list: &mut Vec<T>, value: T, max: usize) {
    if list.len() < max {
        list.push(value);
    }
}

/// Something that can be instantiated many times.
pub trait Operation: Send + Sync + 'static {
    /// One sandbox.
    type Instance: Instance + 'static;

    /// Makes the instance of a worker. `kept` is what the worker's previous instance left behind; it is taken if there is
    /// an instance, and stays what it is if there is none.
    ///
    /// # Errors
    /// The instance cannot be made. With [`Exit::Environment`](crate::error::Exit) no other can be either.
    fn instantiate(
        &self,
        worker: u32,
        kept: &mut Option<<Self::Instance as Instance>::Kept>,
    ) -> impl Future<Output = Result<Self::Instance, Error>>;

    /// Whether an instance can make one call and no more.
    fn is_used_once(&self) -> bool {
        false
    }

    /// Takes back what a worker kept, at the end of the run.
    fn retire(&self, kept: <Self::Instance as Instance>::Kept);
}

/// One sandbox, used by one worker for one call at a time and thrown away after a fault.
pub trait Instance {
    /// What outlives the instance: a worker's connections.
    type Kept;

    /// Prepares the instance for its first call. `Err` says why it could not.
    fn start(&mut self, call: &Call) -> impl Future<Output = Result<(), String>>;

    /// Makes one call.
    fn call(&mut self, call: &Call) -> impl Future<Output = Answer>;

    /// What the guest recorded during the last call, also one that was given up.
    fn findings(&mut self) -> &mut Findings;

    /// Whether it is used up and should make room for another, although nothing is wrong with it.
    fn is_worn(&mut self) -> bool {
        false
    }

    /// Ends a healthy instance.
    fn stop(&mut self, deadline: Instant) -> impl Future<Output = ()>;

    /// Throws the instance away and keeps what outlives it.
    fn into_kept(self) -> Self::Kept;
}

#[cfg(test)]
pub(crate) mod fake {
    //! An operation made of a script, for tests of the engine.

    use super::*;
    use crate::engine::control::Control;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    /// What a scripted call does.
    #[derive(Debug, Clone)]
    pub(crate) enum Step {
        /// Sleeps, then answers.
        Takes(Duration, Result<&'static str, &'static str>),
        /// Never ends.
        Hangs,
        /// Ends in a fault.
        Breaks(Fault),
    }

    pub(crate) trait Script: Fn(u64) -> Step + Send + Sync + 'static {}
    impl<F: Fn(u64) -> Step + Send + Sync + 'static> Script for F {}

    /// What a fake operation and its instances share.
    pub(crate) struct Inner<F> {
        script: F,
        pub(crate) numbers: Mutex<Vec<u64>>,
        pub(crate) calls: Mutex<Vec<Call>>,
        pub(crate) made: AtomicU32,
        pub(crate) stopped: AtomicU32,
        pub(crate) failing_starts: AtomicU32,
        pub(crate) starts_fail_after_the_first: AtomicBool,
        pub(crate) panics_for_worker: AtomicU32,
        pub(crate) control: Arc<Control>,
    }

    /// Answers each number by a function and remembers what it saw.
    pub(crate) struct FakeOperation<F>(pub(crate) Arc<Inner<F>>);

    impl<F: Script> FakeOperation<F> {
        pub(crate) fn new(script: F) -> Self {
            FakeOperation(Arc::new(Inner {
                script,
                numbers: Mutex::new(Vec::new()),
                calls: Mutex::new(Vec::new()),
                made: AtomicU32::new(0),
                stopped: AtomicU32::new(0),
                failing_starts: AtomicU32::new(0),
                starts_fail_after_the_first: AtomicBool::new(false),
                panics_for_worker: AtomicU32::new(u32::MAX),
                control: Arc::default(),
            }))
        }
    }

    pub(crate) struct FakeInstance<F> {
        operation: Arc<Inner<F>>,
        findings: Findings,
        broken: bool,
    }

    impl<F: Script> Operation for FakeOperation<F> {
        type Instance = FakeInstance<F>;

        async fn instantiate(
            &self,
            worker: u32,
            _kept: &mut Option<()>,
        ) -> Result<Self::Instance, Error> {
            assert!(
                worker != self.0.panics_for_worker.load(Ordering::Relaxed),
                "as told"
            );
            self.0.made.fetch_add(1, Ordering::Relaxed);
            Ok(FakeInstance {
                operation: Arc::clone(&self.0),
                findings: Findings::default(),
                broken: false,
            })
        }

        fn retire(&self, _kept: ()) {}
    }

    impl<F: Script> Instance for FakeInstance<F> {
        type Kept = ();

        async fn start(&mut self, _call: &Call) -> Result<(), String> {
            let operation = &self.operation;
            if operation
                .starts_fail_after_the_first
                .load(Ordering::Relaxed)
                && operation.made.load(Ordering::Relaxed) > 1
            {
                return Err("no login".to_owned());
            }
            let left = &operation.failing_starts;
            match left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)) {
                Ok(_) => Err("no login".to_owned()),
                Err(_) => Ok(()),
            }
        }

        async fn call(&mut self, call: &Call) -> Answer {
            assert!(!self.broken, "an instance is not used again after a fault");
            self.findings.clear();
            self.findings.samples.push(("part".to_owned(), call.number));
            self.operation.numbers.lock().unwrap().push(call.number);
            self.operation.calls.lock().unwrap().push(call.clone());
            self.broken = true;
            let answer = match (self.operation.script)(call.number) {
                Step::Takes(time, tag) => {
                    if !time.is_zero() {
                        self.findings.waited = true;
                        tokio::time::sleep(time).await;
                    }
                    Answer::Tag(tag.map(str::to_owned).map_err(str::to_owned))
                }
                Step::Hangs => std::future::pending().await,
                Step::Breaks(fault) => return Answer::Fault(fault, "it broke".to_owned()),
            };
            self.broken = false;
            answer
        }

        fn findings(&mut self) -> &mut Findings {
            &mut self.findings
        }

        async fn stop(&mut self, _deadline: Instant) {
            self.operation.stopped.fetch_add(1, Ordering::Relaxed);
        }

        fn into_kept(self) {}
    }
}
