//! How long a worker of a closed load waits between two of its calls.

use std::time::Duration;

use super::random::{Draws, Purpose};

/// The pauses of a run's workers: the same every time, or jittered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Think {
    pause: Duration,
    jitter: f64,
    draws: Draws,
}

impl Think {
    /// Pauses of `pause`, each longer or shorter by up to the share `jitter` (0 to 1) of it, which follows from the seed.
    pub fn new(pause: Duration, jitter: f64, seed: u64) -> Think {
        Think {
            pause,
            jitter: jitter.clamp(0.0, 1.0),
            draws: Draws::new(seed, Purpose::Think),
        }
    }

    /// Whether nobody waits at all.
    pub fn is_none(&self) -> bool {
        self.pause.is_zero()
    }

    /// The pause after the call of a worker that is its `nth`.
    pub fn pause(&self, worker: u32, nth: u64) -> Duration {
        if self.jitter == 0.0 || self.is_none() {
            return self.pause;
        }
        // Workers have numbers of their own as long as none of them makes 2^32 calls.
        let index = (u64::from(worker) << 32).wrapping_add(nth);
        let either_way = 2.0 * self.draws.uniform(index) - 1.0;
        self.pause.mul_f64(1.0 + self.jitter * either_way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_spread_evenly_around_the_one_asked_for() {
        let think = Think::new(Duration::from_millis(100), 0.2, 7);
        let pauses: Vec<f64> = (0..10_000)
            .map(|nth| think.pause(nth % 8, u64::from(nth / 8)).as_secs_f64() * 1e3)
            .collect();
        assert!(pauses.iter().all(|ms| (80.0..=120.0).contains(ms)));
        let mean = pauses.iter().sum::<f64>() / pauses.len() as f64;
        assert!((99.0..101.0).contains(&mean), "{mean}");
        let shorter = pauses.iter().filter(|ms| **ms < 90.0).count();
        assert!((2_200..2_800).contains(&shorter), "{shorter}");
    }

    #[test]
    fn workers_do_not_pause_in_step_and_the_same_seed_pauses_alike() {
        let think = |seed| Think::new(Duration::from_secs(1), 0.5, seed);
        assert_ne!(think(1).pause(0, 3), think(1).pause(1, 3));
        assert_eq!(think(1).pause(0, 3), think(1).pause(0, 3));
        assert_ne!(think(1).pause(0, 3), think(2).pause(0, 3));
        let steady = Think::new(Duration::from_secs(1), 0.0, 1);
        assert_eq!(steady.pause(5, 9), Duration::from_secs(1));
    }
}
