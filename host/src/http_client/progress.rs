//! Where a request is before and between its exchanges, and how long it was there.

use tokio::time::Instant;

use crate::clock;

use super::error::Phase;
use super::response::{Timings, nanos};

/// The phase a request is in, and the time spent in those before.
#[derive(Debug)]
pub(super) struct Progress {
    phase: Phase,
    since: Instant,
    pub(super) timings: Timings,
}

impl Progress {
    pub(super) fn new(now: Instant) -> Progress {
        Progress {
            phase: Phase::Other,
            since: now,
            timings: Timings::default(),
        }
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    /// Ends the phase and enters another.
    pub(super) fn enter(&mut self, phase: Phase) {
        let now = clock::now();
        let spent = nanos(now.saturating_duration_since(self.since));
        match self.phase {
            Phase::Blocked => self.timings.blocked += spent,
            Phase::Dns => self.timings.dns += spent,
            Phase::Connect => self.timings.connect += spent,
            Phase::Tls => self.timings.tls += spent,
            // The exchange is timed by its own stamps.
            Phase::Send | Phase::Wait | Phase::Receive | Phase::Other => {}
        }
        self.phase = phase;
        self.since = now;
    }

    /// Adds the phases of an exchange. They meet without a gap, so that they sum up to its length: an answer that came
    /// before the request was written ends its `send`.
    pub(super) fn add_exchange(
        &mut self,
        begun: Instant,
        sent: Option<Instant>,
        first: Option<Instant>,
        end: Instant,
    ) {
        let first = first.unwrap_or(end);
        let sent = sent.unwrap_or(first).min(first);
        self.timings.send += nanos(sent.saturating_duration_since(begun));
        self.timings.wait += nanos(first.saturating_duration_since(sent));
        self.timings.receive += nanos(end.saturating_duration_since(first));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_phases_of_an_exchange_sum_up_to_its_length() {
        let begun = clock::now();
        let at = |ms| begun + Duration::from_millis(ms);
        #[track_caller]
        fn check(progress: &Progress, send: u64, wait: u64, receive: u64) {
            let timings = progress.timings;
            let expected = Timings {
                send: send * 1_000_000,
                wait: wait * 1_000_000,
                receive: receive * 1_000_000,
                ..Timings::default()
            };
            assert_eq!(timings, expected);
        }
        let exchange = |sent, first| {
            let mut progress = Progress::new(begun);
            progress.add_exchange(begun, sent, first, at(10));
            progress
        };
        check(&exchange(Some(at(1)), Some(at(6))), 1, 5, 4);
        check(&exchange(Some(at(8)), Some(at(6))), 6, 0, 4);
        check(&exchange(None, Some(at(6))), 6, 0, 4);
        check(&exchange(Some(at(1)), None), 1, 9, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn each_phase_gets_the_time_until_the_next() {
        let mut progress = Progress::new(clock::now());
        for (phase, ms) in [
            (Phase::Blocked, 2),
            (Phase::Dns, 3),
            (Phase::Connect, 5),
            (Phase::Tls, 7),
            (Phase::Dns, 11),
            (Phase::Other, 13),
        ] {
            progress.enter(phase);
            tokio::time::advance(Duration::from_millis(ms)).await;
        }
        progress.enter(Phase::Other);
        let ms = |ms: u64| ms * 1_000_000;
        let expected = Timings {
            blocked: ms(2),
            dns: ms(14),
            connect: ms(5),
            tls: ms(7),
            ..Timings::default()
        };
        assert_eq!(progress.timings, expected);
    }
}
