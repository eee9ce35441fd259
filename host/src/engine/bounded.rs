//! A call under its deadline.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::time::Instant;

use super::control::{Control, Stage};

/// How a bounded call ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended<T> {
    /// By itself, with this.
    Done(T),
    /// At its deadline; the future was dropped.
    TimedOut,
    /// Because the run stops; the future was dropped.
    Stopped,
}

/// Runs `call` until it ends, `deadline` has come or the run stops.
///
/// The timer and the subscription cost more than an empty call, so they are made only for a call that really waits: the
/// first poll goes without.
pub async fn bounded<F: Future>(call: F, deadline: Instant, control: &Control) -> Ended<F::Output> {
    let mut call = pin!(call);
    if let Poll::Ready(output) = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await {
        return Ended::Done(output);
    }
    tokio::select! {
        biased;
        output = call => Ended::Done(output),
        () = tokio::time::sleep_until(deadline) => Ended::TimedOut,
        () = control.reached(Stage::Stopping) => Ended::Stopped,
    }
}

#[cfg(test)]
mod tests {
    use super::super::control::Cause;
    use super::*;
    use crate::clock;
    use std::time::Duration;

    fn in_seconds(seconds: u64) -> Instant {
        clock::later(clock::now(), Duration::from_secs(seconds))
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_does_not_wait_ends_even_past_its_deadline() {
        let control = Control::default();
        assert_eq!(
            bounded(async { 7 }, clock::now(), &control).await,
            Ended::Done(7)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_waits_too_long_times_out() {
        let control = Control::default();
        let sleep = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        assert_eq!(
            bounded(sleep(3), in_seconds(2), &control).await,
            Ended::TimedOut
        );
        assert_eq!(
            bounded(sleep(1), in_seconds(2), &control).await,
            Ended::Done(())
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_in_flight_is_given_up_when_the_run_stops() {
        let control = Control::default();
        let stop = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            control.advance(Stage::Stopping, Cause::Interrupt);
        };
        let call = bounded(std::future::pending::<()>(), in_seconds(9), &control);
        let (ended, ()) = tokio::join!(call, stop);
        assert_eq!(ended, Ended::Stopped);
    }
}
