//! The last seconds of a run, for those who look at it while it goes on.

use std::collections::VecDeque;

use crate::stats::Histogram;

const SECOND_NS: u64 = 1_000_000_000;

/// Seconds that figures are computed over.
const FIGURES: usize = 10;

/// Seconds whose rates are kept.
const RATES: usize = 60;

/// The last seconds, the latest last.
#[derive(Debug, Default)]
pub(super) struct Recent {
    now: Histogram,
    calls_now: u64,
    seconds: VecDeque<Histogram>,
    rates: VecDeque<f64>,
}

impl Recent {
    /// Adds the calls of a tick and their durations.
    pub(super) fn add(&mut self, calls: u64, durations: &Histogram) {
        self.calls_now += calls;
        self.now.merge(durations);
    }

    /// Ends a second, which took `ns` nanoseconds.
    pub(super) fn end_second(&mut self, ns: u64) {
        self.seconds.push_back(std::mem::take(&mut self.now));
        let per_s = self.calls_now as f64 * SECOND_NS as f64 / ns.max(1) as f64;
        self.rates.push_back(per_s);
        self.calls_now = 0;
        if self.seconds.len() > FIGURES {
            self.seconds.pop_front();
        }
        if self.rates.len() > RATES {
            self.rates.pop_front();
        }
    }

    /// The durations of the last seconds.
    pub(super) fn durations(&self) -> Histogram {
        let mut all = self.now.clone();
        self.seconds.iter().for_each(|second| all.merge(second));
        all
    }

    /// The calls that ended each second, over the last few.
    pub(super) fn rate(&self) -> Option<f64> {
        let last = self.rates.iter().rev().take(3);
        let count = last.len();
        (count > 0).then(|| last.sum::<f64>() / count as f64)
    }

    /// Those of each second.
    pub(super) fn rates(&self) -> Vec<f64> {
        self.rates.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_ten_seconds_is_forgotten() {
        let mut recent = Recent::default();
        for second in 1..=30_u64 {
            let mut durations = Histogram::new();
            durations.record(second);
            recent.add(second, &durations);
            recent.end_second(SECOND_NS);
        }
        assert_eq!(recent.durations().min(), Some(21));
        assert_eq!(recent.rate(), Some(29.0));
        assert_eq!(recent.rates().len(), 30);
    }
}
