//! How much time a future itself takes, as opposed to waiting, and whether it waits at all.

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

/// Runs `future` and says in `waited` if it had to wait, so that others of its thread had their turn.
pub(super) async fn noticed<F: Future>(future: F, waited: &mut bool) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let polled = future.as_mut().poll(cx);
        *waited |= polled.is_pending();
        polled
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_waits_is_noticed() {
        let mut waited = false;
        assert_eq!(noticed(async { 7 }, &mut waited).await, 7);
        assert!(!waited);
        noticed(tokio::task::yield_now(), &mut waited).await;
        assert!(waited);
        noticed(async {}, &mut waited).await;
        assert!(waited, "it did before");
    }
}
