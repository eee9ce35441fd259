//! The durations of a run in a few dozen batches of the same length, whatever its length.

use crate::stats::Histogram;

/// The most batches: from there on neighbours are merged.
const MOST: usize = 64;

/// Batches in the order of time. All but the last hold the same number of ticks.
#[derive(Debug)]
pub(super) struct Batches {
    batches: Vec<Histogram>,
    /// How many ticks a batch holds.
    size: u64,
    /// How many the last one has.
    filled: u64,
}

impl Default for Batches {
    fn default() -> Batches {
        Batches {
            batches: Vec::new(),
            size: 1,
            filled: 1,
        }
    }
}

impl Batches {
    /// Adds the durations of a tick.
    pub(super) fn add(&mut self, tick: &Histogram) {
        match self.batches.last_mut() {
            Some(last) if self.filled < self.size => {
                last.merge(tick);
                self.filled += 1;
                return;
            }
            _ => {}
        }
        if self.batches.len() == MOST {
            self.halve();
        }
        self.batches.push(tick.clone());
        self.filled = 1;
    }

    fn halve(&mut self) {
        let mut merged = Vec::with_capacity(MOST);
        for pair in self.batches.chunks(2) {
            let mut both = pair[0].clone();
            pair.iter().skip(1).for_each(|second| both.merge(second));
            merged.push(both);
        }
        self.batches = merged;
        self.size *= 2;
    }

    /// The batches; one that was not filled says too little and goes to the one before it.
    pub(super) fn into_batches(mut self) -> Vec<Histogram> {
        if self.filled < self.size
            && let Some(rest) = self.batches.pop()
        {
            match self.batches.last_mut() {
                Some(last) => last.merge(&rest),
                None => self.batches.push(rest),
            }
        }
        self.batches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_few_batches_and_nothing_is_lost() {
        for ticks in [0_u64, 1, 63, 64, 65, 128, 1_000, 10_001] {
            let mut batches = Batches::default();
            for tick in 0..ticks {
                let mut durations = Histogram::new();
                durations.record(tick);
                batches.add(&durations);
            }
            let batches = batches.into_batches();
            assert!(batches.len() <= MOST, "{ticks}");
            assert!(ticks < 64 || batches.len() >= MOST / 2, "{ticks}");
            let all: u64 = batches.iter().map(Histogram::len).sum();
            assert_eq!(all, ticks);
            let in_order = batches.windows(2).all(|two| two[0].max() < two[1].min());
            assert!(in_order, "{ticks}");
        }
    }
}
