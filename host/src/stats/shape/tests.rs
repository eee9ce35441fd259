use super::*;
use proptest::prelude::*;

/// Numbers that look random and are the same in every run: SplitMix64 (G. L. Steele and others, OOPSLA 2014).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Above 0, and at most 1.
    fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Durations around `median_ns` that spread by a factor of e^`sigma`.
    fn duration(&mut self, median_ns: f64, sigma: f64) -> f64 {
        median_ns * (sigma * self.normal()).exp()
    }
}

fn histogram(count: u64, mut duration: impl FnMut() -> f64) -> Histogram {
    let mut histogram = Histogram::new();
    (0..count).for_each(|_| histogram.record(duration() as u64));
    histogram
}

const MS: f64 = 1e6;

/// Modes are found about where they are, with about the share they have.
#[track_caller]
fn check(durations: &Histogram, expected: &[(f64, f64)]) {
    let modes = modes(durations);
    assert_eq!(modes.len(), expected.len(), "{modes:?}");
    for (mode, (at_ns, share)) in modes.iter().zip(expected) {
        assert!((mode.at_ns as f64 / at_ns).ln().abs() < 0.15, "{modes:?}");
        assert!((mode.share - share).abs() < 0.05, "{modes:?}");
    }
}

#[test]
fn clear_groups_of_durations_are_found() {
    let mut random = Random(1);
    let mut mixture = |count: u64, parts: &[(f64, f64, f64)]| {
        histogram(count, || {
            let mut at = random.uniform();
            let is_it = |(_, _, share): &&(f64, f64, f64)| {
                at -= share;
                at <= 0.0
            };
            let (median, sigma, _) = *parts.iter().find(is_it).unwrap_or(&parts[0]);
            random.duration(median, sigma)
        })
    };
    // A cache that hits or misses.
    let two = mixture(10_000, &[(7.0 * MS, 0.1, 0.7), (22.0 * MS, 0.1, 0.3)]);
    check(&two, &[(7.0 * MS, 0.7), (22.0 * MS, 0.3)]);
    let near = mixture(10_000, &[(10.0 * MS, 0.06, 0.5), (17.0 * MS, 0.06, 0.5)]);
    check(&near, &[(10.0 * MS, 0.5), (17.0 * MS, 0.5)]);
    let far = mixture(1_000, &[(0.05 * MS, 0.2, 0.2), (900.0 * MS, 0.2, 0.8)]);
    check(&far, &[(0.05 * MS, 0.2), (900.0 * MS, 0.8)]);
    let three = mixture(
        20_000,
        &[
            (1.0 * MS, 0.2, 0.4),
            (8.0 * MS, 0.2, 0.4),
            (60.0 * MS, 0.2, 0.2),
        ],
    );
    check(
        &three,
        &[(1.0 * MS, 0.4), (8.0 * MS, 0.4), (60.0 * MS, 0.2)],
    );
    let few = mixture(120, &[(1.0 * MS, 0.1, 0.5), (10.0 * MS, 0.1, 0.5)]);
    assert_eq!(modes(&few).len(), 2);
}

#[test]
fn what_is_not_clear_is_one_group() {
    let mut random = Random(2);
    let mut mixture = |far: f64, share: f64| {
        histogram(10_000, || {
            let is_far = random.uniform() <= share;
            random.duration(if is_far { far } else { 10.0 * MS }, 0.08)
        })
    };
    // Too few, and too near.
    check(&mixture(100.0 * MS, 0.05), &[(10.0 * MS, 1.0)]);
    assert_eq!(modes(&mixture(14.0 * MS, 0.5)).len(), 1);
}

#[test]
fn few_durations_have_no_shape_and_equal_ones_have_one_group() {
    assert_eq!(modes(&Histogram::new()), []);
    assert_eq!(modes(&histogram(99, || MS)), []);
    check(&histogram(100, || MS), &[(MS, 1.0)]);
    check(&histogram(100, || 0.0), &[(1_000.0, 1.0)]);
    check(&histogram(100, || 1e19), &[(3.6e12, 1.0)]);
}

#[test]
fn the_ticks_of_a_clock_are_no_groups() {
    let mut tick = 0.0;
    let durations = histogram(3_000, || {
        tick = (tick + 1.0) % 3.0;
        40.0 * (tick + 1.0)
    });
    assert_eq!(modes(&durations).len(), 1);
}

#[test]
fn one_group_is_hardly_ever_taken_for_two() {
    type One = fn(&mut Random) -> f64;
    let kinds: [(&str, One); 5] = [
        ("normal", |random| random.duration(MS, 0.05)),
        ("wide", |random| random.duration(MS, 1.0)),
        ("exponential", |random| -MS * random.uniform().ln()),
        ("uniform", |random| MS * random.uniform()),
        ("Pareto", |random| MS * random.uniform().powf(-0.7)),
    ];
    for (name, one) in kinds {
        for count in [100, 400, 3_000] {
            let seeds = 1_000;
            let alarms = (0..seeds).filter(|&seed| {
                let mut random = Random(seed * 7_919);
                modes(&histogram(count, || one(&mut random))).len() != 1
            });
            let alarms = alarms.count();
            assert!(
                alarms < seeds as usize / 100,
                "{name}, {count} durations: {alarms} of {seeds}"
            );
        }
    }
}

/// Medians of batches with some noise: `trend` is the change over the run, `memory` how much of its noise a batch
/// hands on to the next.
fn batches(seed: u64, count: usize, trend: f64, noise: f64, memory: f64) -> Vec<(u64, u64)> {
    let mut random = Random(seed * 104_729 + 1);
    let mut off = random.normal();
    let at = |index: usize| 10.0 * MS * (1.0 + trend * index as f64 / (count - 1) as f64);
    let mut one = |index: usize| {
        off = memory * off + (1.0 - memory * memory).sqrt() * random.normal();
        (500, (at(index) * (noise * off).exp()) as u64)
    };
    (0..count).map(&mut one).collect()
}

fn found(seeds: u64, batches: impl Fn(u64) -> Vec<(u64, u64)>) -> usize {
    (0..seeds)
        .filter(|&seed| drift(&batches(seed)).is_some())
        .count()
}

#[test]
fn noise_is_no_drift() {
    for count in [20, 60, 300, 3_600] {
        for noise in [0.01, 0.1, 0.5] {
            let seeds = if count > 1_000 { 100 } else { 1_000 };
            let alarms = found(seeds, |seed| batches(seed, count, 0.0, noise, 0.0));
            assert!(
                alarms < seeds as usize / 100,
                "{count} batches, noise {noise}: {alarms} of {seeds}"
            );
        }
    }
    for memory in [0.3, 0.6, 0.8] {
        let alarms = found(1_000, |seed| batches(seed, 120, 0.0, 0.2, memory));
        assert!(alarms < 20, "memory {memory}: {alarms}");
    }
}

#[test]
fn a_steady_change_of_a_fifth_is_found() {
    for (count, noise) in [(30, 0.03), (60, 0.05), (300, 0.08), (3_600, 0.1)] {
        for trend in [0.2, -0.2] {
            let seeds = 100;
            let hits = found(seeds, |seed| batches(seed, count, trend, noise, 0.0));
            assert!(
                hits >= 98,
                "{count} batches, noise {noise}, trend {trend}: {hits}"
            );
        }
    }
    let drift = drift(&batches(1, 60, 0.2, 0.02, 0.0)).unwrap();
    let (from, to) = (drift.from_ns as f64 / MS, drift.to_ns as f64 / MS);
    assert!(
        (10.0..10.6).contains(&from) && (11.3..12.0).contains(&to),
        "{drift:?}"
    );
}

#[test]
fn small_or_short_changes_are_not_told() {
    assert_eq!(found(50, |seed| batches(seed, 100, 0.08, 0.001, 0.0)), 0);
    let steep: Vec<_> = (1..20).map(|at| (9, at * 1_000)).collect();
    assert_eq!(drift(&steep), None);
    // Parts without durations do not count, and do not hide what the others show.
    let sparse: Vec<_> = (0..60)
        .map(|at| (at % 2, 1_000_000 + at * 10_000))
        .collect();
    assert!(drift(&sparse).is_some());
    assert_eq!(drift(&sparse[..30]), None);
    assert_eq!(drift(&[(7, 1_000); 500]), None);
    assert_eq!(drift(&[]), None);
}

#[test]
fn quarters_count_durations_and_not_parts() {
    // In each quarter one part with a thousand durations outweighs the others.
    let parts: Vec<_> = (0..40)
        .map(|at| (if at % 10 == 0 { 1_000 } else { 1 }, 1_000 + at * 100))
        .collect();
    assert_eq!(
        drift(&parts),
        Some(Drift {
            from_ns: 1_000,
            to_ns: 4_000
        })
    );
}

proptest! {
    #[test]
    fn every_histogram_has_modes_that_add_up(durations in prop::collection::vec((0u32..64, any::<u64>()), 0..400)) {
        let mut all = Histogram::new();
        durations.iter().for_each(|(bits, value)| all.record(value >> bits));
        let modes = modes(&all);
        prop_assert_eq!(modes.is_empty(), all.len() < 100);
        let sum: f64 = modes.iter().map(|mode| mode.share).sum();
        prop_assert!(modes.is_empty() || (sum - 1.0).abs() < 1e-9);
        prop_assert!(modes.len() < 2 || modes.iter().all(|mode| mode.share >= 0.1));
        prop_assert!(modes.is_sorted_by(|a, b| b.at_ns as f64 > 1.45 * a.at_ns as f64));
    }

    #[test]
    fn any_batches_are_judged(batches in prop::collection::vec((0u64..5, any::<u64>()), 0..80)) {
        if let Some(drift) = drift(&batches) {
            prop_assert_ne!(drift.from_ns, drift.to_ns);
        }
    }
}
