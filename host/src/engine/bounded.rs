//! A call under its deadline.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::sync::Notify;
use tokio::time::Instant;

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

/// Tells the calls of one thread that they are given up. Belongs to the thread, so that a call that waits registers with
/// its own thread and not with all of them.
#[derive(Debug, Default)]
pub struct Halt {
    halted: std::cell::Cell<bool>,
    notify: Notify,
}

impl Halt {
    /// Gives up every call in flight, and every later one that waits.
    pub fn halt(&self) {
        self.halted.set(true);
        self.notify.notify_waiters();
    }

    async fn halted(&self) {
        // Nothing is awaited between the look and the registration, so no notification falls between them.
        if !self.halted.get() {
            self.notify.notified().await;
        }
    }
}

/// Runs `call` until it ends, `deadline` has come or the run stops.
///
/// The timer and the registration cost more than an empty call, so they are made only for a call that really waits:
/// after its first poll.
pub async fn bounded<F: Future>(call: F, deadline: Instant, halt: &Halt) -> Ended<F::Output> {
    let limits = || async {
        tokio::select! {
            biased;
            () = halt.halted() => Ended::Stopped,
            () = tokio::time::sleep_until(deadline) => Ended::TimedOut,
        }
    };
    let mut call = pin!(call);
    let mut waiting = pin!(None);
    poll_fn(|cx| {
        if let Poll::Ready(output) = call.as_mut().poll(cx) {
            return Poll::Ready(Ended::Done(output));
        }
        if waiting.is_none() {
            waiting.set(Some(limits()));
        }
        match waiting.as_mut().as_pin_mut() {
            Some(limits) => limits.poll(cx),
            None => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use std::time::Duration;

    fn in_seconds(seconds: u64) -> Instant {
        clock::later(clock::now(), Duration::from_secs(seconds))
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_does_not_wait_ends_even_past_its_deadline() {
        assert_eq!(
            bounded(async { 7 }, clock::now(), &Halt::default()).await,
            Ended::Done(7)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_waits_too_long_times_out() {
        let halt = Halt::default();
        let sleep = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        assert_eq!(
            bounded(sleep(3), in_seconds(2), &halt).await,
            Ended::TimedOut
        );
        assert_eq!(
            bounded(sleep(1), in_seconds(2), &halt).await,
            Ended::Done(())
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_in_flight_is_given_up_when_the_run_stops() {
        let halt = Halt::default();
        let stop = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            halt.halt();
        };
        let call = bounded(std::future::pending::<()>(), in_seconds(9), &halt);
        let (ended, ()) = tokio::join!(call, stop);
        assert_eq!(ended, Ended::Stopped);
        let later = bounded(std::future::pending::<()>(), in_seconds(9), &halt);
        assert_eq!(later.await, Ended::Stopped);
    }
}
