//! What both sides of a pair have in common drops out, even where it makes each of them alone unfit to be judged.

use super::made::Random;
use crate::compare::{Batch, Metric, Settings, Verdict, paired};
use crate::stats::Histogram;

/// Pairs of batches on a machine that becomes twice as slow while the run goes on, B as much slower than A as is said.
fn drifting(slower: f64, seed: u64) -> Vec<(Batch, Batch)> {
    const BATCHES: usize = 64;
    let mut random = Random::new(seed);
    let mut batch = |around_ns: f64| {
        let mut felt = Histogram::new();
        for _ in 0..200 {
            felt.record((around_ns * (1.0 + 0.05 * random.normal())) as u64);
        }
        Batch::new(50_000_000, felt.len(), felt.len(), &felt)
    };
    let pairs = (0..BATCHES).map(|place| {
        let around_ns = 100_000.0 * (1.0 + place as f64 / BATCHES as f64);
        (batch(around_ns), batch(around_ns * slower))
    });
    pairs.collect()
}

#[test]
fn a_drift_of_the_machine_does_not_hide_a_difference() {
    for (slower, expected) in [
        (1.1, Verdict::Worse),
        (0.9, Verdict::Better),
        (1.0, Verdict::Same),
    ] {
        let compared = paired(&drifting(slower, 1), &Settings::default());
        for metric in [Metric::P50, Metric::Mean] {
            let figure = compared.figure(metric).unwrap();
            assert_eq!(figure.verdict, expected, "{slower} {figure:?}");
            let interval = figure.interval.unwrap();
            assert!(interval.high - interval.low < 0.06, "{slower} {figure:?}");
        }
    }
}
