//! Watches the process and its machine while a run goes on.
//!
//! A thread that does little else is to call [`Sampler::sample`] about once a second: what ends between two samples, a
//! thread or a socket, is not seen, and peaks are those of the time between two. One sample costs a few reads of files
//! of `/proc`, well below a millisecond with a hundred threads. Where there is no `/proc` nearly all of it is unknown,
//! which is not an error.

use super::readings::SystemReadings;
use super::snapshot::Source;
use super::tracker::Tracker;

/// Collects [`SystemReadings`].
#[derive(Debug)]
pub struct Sampler {
    source: Source,
    tracker: Tracker,
}

impl Sampler {
    /// Looks at the machine and takes the first sample, from which everything counts.
    #[expect(
        clippy::new_without_default,
        reason = "it reads the machine, which no default should"
    )]
    pub fn new() -> Sampler {
        let (mut source, facts) = Source::new();
        let tracker = Tracker::begin(facts, 0, source.read());
        Sampler { source, tracker }
    }

    /// Forgets what was seen so far, at the end of a warm-up: everything counts from here. `now_ns` is the run's clock,
    /// here and below.
    pub fn begin_results(&mut self, now_ns: u64) {
        let facts = self.tracker.facts().clone();
        self.tracker = Tracker::begin(facts, now_ns, self.source.read());
    }

    /// Takes a sample.
    pub fn sample(&mut self, now_ns: u64) {
        self.tracker.add(now_ns, self.source.read());
    }

    /// Takes the last sample and tells what was seen since the first. The threads that made the load should still live:
    /// what a thread waited for a CPU since the sample before goes with it.
    pub fn finish(mut self, now_ns: u64) -> SystemReadings {
        self.sample(now_ns);
        self.tracker.readings()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::clock::process_cpu_ns;

    /// What a system that counts CPU time in ticks may be off by, with several threads of this process running.
    const COARSE_NS: u64 = 100_000_000;

    #[test]
    fn work_done_after_the_warm_up_is_seen_and_that_before_is_not() {
        let work_ns = |work_ns: u64| {
            let until = process_cpu_ns() + work_ns;
            while process_cpu_ns() < until {}
        };
        let mut sampler = Sampler::new();
        work_ns(400_000_000);
        let before = process_cpu_ns();
        sampler.begin_results(1_000);
        work_ns(200_000_000);
        sampler.sample(2_000);
        let readings = sampler.finish(3_000);
        // Other tests of this process run beside it, so the most it may be is what all of them used.
        let most = process_cpu_ns() - before + COARSE_NS;
        let used = readings.cpu_ns().unwrap();
        assert!(
            (200_000_000 - COARSE_NS..=most).contains(&used),
            "{used} of {most}"
        );
        assert!(readings.cpus.is_some_and(|cpus| cpus > 0.0));
        assert!(readings.descriptors_peak < readings.descriptors_limit);
        assert_eq!(readings.suspended, []);
    }
}
