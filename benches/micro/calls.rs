//! Instances and calls of a component, without the engine around them.

use std::sync::Arc;
use std::time::Duration;

use divan::{Bencher, black_box};
use gorgon::clock::{self, RunClock};
use gorgon::component::config::Shape;
use gorgon::component::log::RunLog;
use gorgon::component::{Artifact, Bounds, Parameters, RunContext, Sandboxes};
use gorgon::engine::control::Control;
use gorgon::engine::operation::{Call, Instance, Operation};
use gorgon::http_client;
use tokio::runtime::Runtime;

const MEMORY_BYTES: u64 = 256 << 20;
const TIMEOUT: Duration = Duration::from_secs(10);

/// The operation that does nothing, and an event loop.
fn noop() -> Option<(Sandboxes, Runtime)> {
    let plugin = gorgon::plugins::find("noop")?;
    let shape = Shape {
        instances: 4,
        operations: 1,
        memory_bytes: MEMORY_BYTES,
        backtrace_frames: 0,
    };
    let artifact = Artifact::load("noop", plugin.bytes, shape, None, &mut || {}).ok()?;
    let context = RunContext {
        run_id: "bench".to_owned(),
        workers: 1,
        seed: 1,
        seed_given: false,
        parameters: Arc::new(Parameters::default()),
        data: None,
        log: Arc::new(RunLog::default()),
        http: http_client::Shared::new(http_client::Settings::default()).ok()?,
        control: Arc::new(Control::default()),
        trace: false,
    };
    let bounds = Bounds {
        memory_bytes: MEMORY_BYTES,
        timeout: TIMEOUT,
    };
    let sandboxes = Sandboxes::new(&artifact, context, bounds).ok()?;
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    Some((sandboxes, runtime.enable_all().build().ok()?))
}

fn call() -> Call {
    Call {
        index: 0,
        number: 0,
        operation: 0,
        is_warm_up: false,
        due_ns: 0,
        start_ns: 0,
        clock: RunClock::start(),
        deadline: clock::later(clock::now(), TIMEOUT),
        item: None,
    }
}

#[divan::bench]
fn an_empty_call(bencher: Bencher) {
    let Some((sandboxes, runtime)) = noop() else {
        panic!("noop cannot be made ready")
    };
    let mut sandbox = runtime
        .block_on(sandboxes.instantiate(0, &mut None))
        .expect("an instance");
    let call = call();
    runtime.block_on(sandbox.start(&call)).expect("it starts");
    bencher.bench_local(|| runtime.block_on(sandbox.call(black_box(&call))));
}

#[divan::bench]
fn an_instance(bencher: Bencher) {
    let Some((sandboxes, runtime)) = noop() else {
        panic!("noop cannot be made ready")
    };
    bencher.bench_local(|| {
        let made = runtime.block_on(sandboxes.instantiate(0, &mut None));
        drop(made.expect("an instance"));
    });
}
