//! `gorgon:load/clock`.

use std::time::Duration;

use super::super::bindings::gorgon::load::clock::Host;
use super::super::state::State;
use super::super::timed::noticed;
use crate::clock;

impl Host for State {
    fn now(&mut self) -> u64 {
        self.now_ns()
    }

    // The engine gives up a call that sleeps past its deadline, so the wait need not end there by itself.
    async fn sleep(&mut self, nanos: u64) {
        self.findings.waited = true;
        if nanos == 0 {
            // What is meant is to let others run.
            return noticed(tokio::task::yield_now(), &mut self.waited).await;
        }
        let sleep = clock::sleep(Duration::from_nanos(nanos));
        noticed(sleep, &mut self.waited).await;
    }
}
