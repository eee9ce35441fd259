//! Sees a run to its end: the warm-up for its time, no calls after its duration, none in flight once the grace time is
//! over, and all the while an eye on whether the process runs at all.

use std::time::Duration;

use tokio::sync::Notify;

use super::control::{Cause, Stage};
use super::shared::Shared;
use super::start_line::StartLine;
use super::{begin, no_event_loop};
use crate::clock::{self, RunClock};
use crate::schedule::WarmUp;

/// How often the watchdog looks.
const WATCH_EVERY: Duration = Duration::from_millis(100);

/// Supervises a run from a thread of its own, until `finished`.
pub(super) fn supervise<O>(shared: &Shared<O>, start: &StartLine, finished: &Notify) {
    let Some(clock) = start.wait() else { return };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
    {
        Ok(runtime) => runtime,
        Err(cause) => {
            let cause = Cause::Abort(no_event_loop(&cause));
            shared.control.advance(Stage::Stopping, cause);
            return;
        }
    };
    runtime.block_on(async {
        tokio::select! {
            () = finished.notified() => {}
            () = see_out(shared, clock) => {}
            () = watch(shared, clock) => {}
        }
    });
}

async fn watch<O>(shared: &Shared<O>, clock: RunClock) {
    loop {
        shared.gaps.sign(clock.now_ns());
        tokio::time::sleep(WATCH_EVERY).await;
    }
}

/// Ends the warm-up, the starting of calls and the grace time, each at its time; then waits for ever.
pub(super) async fn see_out<O>(shared: &Shared<O>, clock: RunClock) {
    begin(shared);
    tokio::select! {
        () = end_in_time(shared, clock) => {}
        () = shared.control.reached(Stage::Draining) => {}
    }
    shared.control.reached(Stage::Draining).await;
    if let Some(at) = shared.control.drained_at() {
        shared.window.close(clock.ns_at(at));
    }
    if let Some(items) = &shared.feed.items {
        items.close();
    }
    tokio::time::sleep_until(clock::later(clock::now(), shared.load.grace)).await;
    shared.control.end_grace();
    std::future::pending().await
}

/// Lets no call start after the end of the window, where there is one.
async fn end_in_time<O>(shared: &Shared<O>, clock: RunClock) {
    if let (WarmUp::For(ns), None) = (shared.load.warm_up, &shared.load.schedule) {
        tokio::time::sleep_until(clock.instant(Duration::from_nanos(ns))).await;
        shared.numbers.end_warm_up();
        shared.window.begin(ns);
    }
    shared.window.begun().await;
    let end_ns = shared.window.end_ns();
    if end_ns == u64::MAX {
        return std::future::pending().await;
    }
    let end = clock.instant(Duration::from_nanos(end_ns));
    tokio::time::sleep_until(end).await;
    shared
        .control
        .advance_at(Stage::Draining, Cause::Duration, end);
}
