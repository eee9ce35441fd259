//! All hooks of the lifecycle. Each writes a line to the log and adds to a counter of its name.
//!
//! A call ends with `started`, or with a failing `not started` where `start` did not run, or did not get what `setup`
//! returned. `--set fail=setup` and `--set fail=start` make those two fail, `--set slow=HOOK` makes any of them take a minute; `--set url=…` makes `start` send a GET.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gorgon_sdk::{Failure, Result, Tag, clock, context, http, log, measure};

/// What `setup` hands to the others.
const SHARED: &str = "shared by setup";

/// The starts of this instance, of which there should be one.
static STARTS: AtomicU64 = AtomicU64::new(0);
/// The calls of this instance.
static CALLS: AtomicU64 = AtomicU64::new(0);

#[gorgon_sdk::operation(setup = setup, start = start, stop = stop, teardown = teardown)]
fn run() -> Tag {
    CALLS.fetch_add(1, Ordering::Relaxed);
    if STARTS.load(Ordering::Relaxed) == 1 {
        Tag::ok("started")
    } else {
        Tag::fail("not started")
    }
}

fn setup() -> Result<String> {
    note("setup", "no calls yet");
    refuse_in("setup")?;
    Ok(SHARED.into())
}

fn start(shared: &str) -> Result<()> {
    note("start", shared);
    refuse_in("start")?;
    if let Some(url) = context::parameter("url") {
        http::get(url).send()?;
    }
    if shared == SHARED {
        STARTS.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

fn stop() {
    note("stop", &format!("{} calls", CALLS.load(Ordering::Relaxed)));
}

fn teardown(shared: &str) {
    note("teardown", shared);
}

fn note(hook: &str, detail: &str) {
    if context::parameter("slow").as_deref() == Some(hook) {
        clock::sleep(Duration::from_secs(60));
    }
    log::info!("{hook}: {detail}");
    measure::count(hook, 1);
}

fn refuse_in(hook: &str) -> Result<()> {
    match context::parameter("fail") {
        Some(fail) if fail == hook => Err(Failure::new(format!("{hook} was told to fail"))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::testing::Host;

    use super::*;

    #[test]
    fn a_call_succeeds_only_after_a_start_with_what_setup_returned() {
        assert_eq!(Host::new().run(run).tag(), &Tag::fail("not started"));
        let (shared, call) = Host::new().with(setup);
        assert_eq!(call.counter("setup"), 1);
        let shared = shared.expect("setup was not told to fail");
        assert_eq!(Host::new().with(|| start("something else")).0, Ok(()));
        assert_eq!(Host::new().run(run).tag(), &Tag::fail("not started"));
        assert_eq!(Host::new().with(|| start(&shared)).0, Ok(()));
        assert_eq!(Host::new().run(run).tag(), &Tag::ok("started"));
        assert_eq!(Host::new().with(stop).1.log()[0].text, "stop: 3 calls");
        assert_eq!(
            Host::new().with(|| teardown(&shared)).1.log()[0].text,
            "teardown: shared by setup"
        );
    }

    #[test]
    fn a_hook_fails_when_it_is_told_to() {
        assert!(
            Host::new()
                .parameter("fail", "setup")
                .with(setup)
                .0
                .is_err()
        );
        assert!(
            Host::new()
                .parameter("fail", "start")
                .with(|| start(SHARED))
                .0
                .is_err()
        );
    }
}
