//! How long a run will still take.

use std::collections::VecDeque;

use super::{Phase, Progress, Total};

/// The time over which the pace is taken.
const WINDOW_NS: u64 = 10_000_000_000;

/// The least time over which a pace means anything.
const SETTLED_NS: u64 = 2_000_000_000;

/// The least time between two samples that are kept, which bounds how many there are.
const STEP_NS: u64 = 200_000_000;

/// Estimates when a run will be over, from the pace of the last ten seconds.
#[derive(Debug, Clone)]
pub struct Eta {
    /// The run's time and the calls that had ended by then, the oldest first.
    samples: VecDeque<(u64, u64)>,
}

impl Default for Eta {
    fn default() -> Eta {
        Eta {
            samples: VecDeque::from([(0, 0)]),
        }
    }
}

impl Eta {
    /// Takes note of the calls that have ended by a time of the run. If either falls, as where a warm-up is not counted,
    /// what was noted before is forgotten.
    pub fn note(&mut self, elapsed_ns: u64, done: u64) {
        if let Some(&(last_ns, last_done)) = self.samples.back() {
            if elapsed_ns < last_ns || done < last_done {
                self.samples.clear();
            } else if elapsed_ns - last_ns < STEP_NS {
                return;
            }
        }
        self.samples.push_back((elapsed_ns, done));
        // The newest of the samples that are too old is where the window begins.
        let start = elapsed_ns.saturating_sub(WINDOW_NS);
        while self.samples.get(1).is_some_and(|sample| sample.0 <= start) {
            self.samples.pop_front();
        }
    }

    /// The calls that ended each second, over the last ten; nothing before two seconds have been seen.
    pub fn rate_per_s(&self) -> Option<f64> {
        let (&(from_ns, from), &(to_ns, to)) = (self.samples.front()?, self.samples.back()?);
        let span = to_ns.saturating_sub(from_ns);
        (span >= SETTLED_NS).then(|| to.saturating_sub(from) as f64 * 1e9 / span as f64)
    }

    /// The nanoseconds that the run will still take: by its calls at the present pace or by its time, the sooner if both
    /// end it. Nothing where that cannot be told: the first two seconds of a run that its calls may end, a run that stands
    /// still, one without an end, and one that is ending already.
    pub fn left_ns(&self, progress: &Progress) -> Option<u64> {
        if matches!(progress.phase, Phase::Draining | Phase::Stopping) {
            return None;
        }
        let by_time = progress
            .planned_ns
            .map(|planned| planned.saturating_sub(progress.elapsed_ns));
        let Total::Known(calls) = progress.total() else {
            return by_time;
        };
        let rate = self.rate_per_s()?;
        let calls = calls.saturating_sub(progress.done);
        let by_calls =
            (rate > 0.0 || calls == 0).then(|| (calls as f64 / rate.max(1e-9) * 1e9) as u64);
        by_time.into_iter().chain(by_calls).min()
    }
}
