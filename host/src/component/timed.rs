//! How much time a future itself takes, as opposed to waiting.

use std::future::{Future, poll_fn};
use std::pin::pin;

use crate::clock;

/// Runs `future` and adds the time of its polls to `spent_ns`.
pub(super) async fn timed<F: Future>(future: F, spent_ns: &mut u64) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let began = clock::now();
        let polled = future.as_mut().poll(cx);
        let took = clock::now().saturating_duration_since(began);
        *spent_ns = spent_ns.saturating_add(took.as_nanos() as u64);
        polled
    })
    .await
}

/// The same, if `is_wanted`: two looks at the clock for each poll are too much for every call.
pub(super) async fn timed_if<F: Future>(
    is_wanted: bool,
    future: F,
    spent_ns: &mut u64,
) -> F::Output {
    if is_wanted {
        timed(future, spent_ns).await
    } else {
        future.await
    }
}
