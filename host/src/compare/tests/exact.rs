//! What must hold exactly, whatever the batches.

use proptest::prelude::*;

use super::made::{Kind, Made, Random};
use crate::compare::{
    Batch, Compared, Comparison, Interval, Metric, Settings, Verdict, independent, paired,
    recommended_calls,
};
use crate::stats::Histogram;

const USUAL: Made = Made {
    kind: Kind::Calls(0.5),
    batches: 60,
    calls: 40,
    spread: 0.3,
    factor: 1.0,
};

fn run(seed: u64, factor: f64) -> Vec<Batch> {
    Made { factor, ..USUAL }.run(&mut Random::new(seed))
}

fn compare(a: &[Batch], b: &[Batch]) -> Comparison {
    independent(a, b, &Settings::default())
}

#[track_caller]
fn figure(comparison: &Comparison, metric: Metric) -> Compared {
    *comparison.figure(metric).unwrap()
}

/// So many batches, `failed` of ten calls in each of which fail.
fn failing(batches: usize, failed: impl Fn(usize) -> u64) -> Vec<Batch> {
    let mut felt = Histogram::new();
    felt.record_n(5_000_000, 10);
    let batch = |index| Batch::new(1_000_000_000, 10, 10 - failed(index), &felt);
    (0..batches).map(batch).collect()
}

#[test]
fn a_run_is_identical_with_itself() {
    let a = run(1, 1.0);
    let comparison = compare(&a, &a);
    assert!(comparison.is_identical);
    for figure in &comparison.figures {
        assert_eq!(figure.verdict, Verdict::Same, "{figure:?}");
        assert_eq!(
            (figure.difference, figure.interval),
            (
                Some(0.0),
                Some(Interval {
                    low: 0.0,
                    high: 0.0
                })
            )
        );
    }
    let pairs: Vec<_> = a.iter().cloned().zip(a.iter().cloned()).collect();
    assert!(paired(&pairs, &Settings::default()).is_identical);
    assert!(!compare(&a, &run(2, 1.0)).is_identical);
}

#[test]
fn nothing_is_not_enough_and_not_identical() {
    for (a, b) in [
        (vec![], vec![]),
        (vec![], run(1, 1.0)),
        (run(1, 1.0), vec![]),
    ] {
        let comparison = compare(&a, &b);
        assert!(!comparison.is_identical);
        for figure in &comparison.figures {
            assert_eq!(
                (figure.verdict, figure.difference),
                (Verdict::NotEnoughData, None)
            );
        }
    }
}

#[test]
fn fewer_than_twenty_batches_a_side_are_not_enough() {
    let (a, b) = (run(1, 1.0), run(2, 2.0));
    let verdict = |a: &[Batch], b: &[Batch]| figure(&compare(a, b), Metric::P50).verdict;
    assert_eq!(verdict(&a[..19], &b), Verdict::NotEnoughData);
    assert_eq!(verdict(&a, &b[..19]), Verdict::NotEnoughData);
    assert_eq!(verdict(&a[..20], &b[..20]), Verdict::Worse);
    let few = figure(&compare(&a[..19], &b), Metric::P50);
    assert!(few.difference.is_some() && few.interval.is_none());
}

#[test]
fn fewer_than_ten_durations_beyond_a_percentile_are_not_enough() {
    let short = Made {
        batches: 24,
        ..USUAL
    };
    let [a, b] = [1, 2].map(|seed| short.run(&mut Random::new(seed)));
    let comparison = compare(&a, &b);
    assert_eq!(
        figure(&comparison, Metric::P99).verdict,
        Verdict::NotEnoughData
    );
    assert_eq!(figure(&comparison, Metric::P99).a, None);
    assert_ne!(
        figure(&comparison, Metric::P50).verdict,
        Verdict::NotEnoughData
    );
}

#[test]
fn a_series_that_never_returns_to_its_mean_says_nothing() {
    let rising = |from: u64| {
        let batch = |index: u64| {
            let mut felt = Histogram::new();
            felt.record_n(from + index * 100_000, 50);
            Batch::new(1_000_000_000, 50, 50, &felt)
        };
        (0..100).map(batch).collect::<Vec<_>>()
    };
    let comparison = compare(&rising(1_000_000), &rising(1_300_000));
    assert_eq!(
        figure(&comparison, Metric::Mean).verdict,
        Verdict::NotEnoughData
    );
}

/// Batches that are all alike, of durations around this one.
fn alike(ns: u64) -> Vec<Batch> {
    let mut felt = Histogram::new();
    (0..57).for_each(|more| felt.record(ns + more * more));
    vec![Batch::new(50_000_000, 57, 57, &felt); 64]
}

#[test]
fn what_does_not_vary_is_known_whatever_arithmetic_leaves_of_it() {
    for ns in (0..200).map(|of| 100_003 + 7_919 * of) {
        let comparison = compare(&alike(ns), &alike(3 * ns));
        let mean = figure(&comparison, Metric::Mean);
        assert_eq!(mean.verdict, Verdict::Worse, "{ns}: {mean:?}");
    }
}

#[test]
fn what_is_better_depends_on_the_figure() {
    #[track_caller]
    fn check(factor: f64, expected: Verdict) {
        let comparison = compare(&run(1, 1.0), &run(2, factor));
        for metric in [Metric::P50, Metric::P90, Metric::Mean] {
            assert_eq!(figure(&comparison, metric).verdict, expected, "{metric:?}");
        }
    }
    check(1.5, Verdict::Worse);
    check(0.7, Verdict::Better);
    // Calls for each second: as many, or twice as many.
    let twice = Made { calls: 80, ..USUAL }.run(&mut Random::new(3));
    let rate = |a: &[Batch], b: &[Batch]| figure(&compare(a, b), Metric::CallsPerS).verdict;
    assert_eq!(rate(&run(1, 1.0), &twice), Verdict::Better);
    assert_eq!(rate(&twice, &run(1, 1.0)), Verdict::Worse);
    assert_eq!(rate(&run(1, 1.0), &run(2, 1.0)), Verdict::Same);
}

#[test]
fn a_difference_that_does_not_matter_is_none() {
    let [a, b] = [1, 2].map(|seed| {
        Made {
            spread: 0.01,
            ..USUAL
        }
        .run(&mut Random::new(seed))
    });
    let b_slower = Made {
        spread: 0.01,
        factor: 1.01,
        ..USUAL
    }
    .run(&mut Random::new(2));
    let verdict = |b: &[Batch], min_effect| {
        let comparison = independent(&a, b, &Settings { min_effect });
        figure(&comparison, Metric::P50).verdict
    };
    assert_eq!(verdict(&b, 0.02), Verdict::Same);
    assert_eq!(
        verdict(&b_slower, 0.02),
        Verdict::Same,
        "1 % is sure, and less than 2 %"
    );
    assert_eq!(verdict(&b_slower, 0.005), Verdict::Worse);
    assert_eq!(
        verdict(&b_slower, 0.010_5),
        Verdict::NoEvidence,
        "it may matter or not"
    );
}

#[test]
fn failures_are_compared_in_points() {
    #[track_caller]
    fn check(a: &[Batch], b: &[Batch], difference: f64, verdict: Verdict) {
        let fail = figure(&compare(a, b), Metric::Fail);
        assert!(
            (fail.difference.unwrap() - difference).abs() < 1e-9,
            "{fail:?}"
        );
        assert_eq!(fail.verdict, verdict, "{fail:?}");
        assert!(fail.interval.unwrap().contains(difference), "{fail:?}");
    }
    let (none, some) = (|_| 0, |index: usize| u64::from(index.is_multiple_of(2)));
    check(
        &failing(400, none),
        &failing(400, some),
        0.05,
        Verdict::Worse,
    );
    check(
        &failing(400, some),
        &failing(400, none),
        -0.05,
        Verdict::Better,
    );
    check(
        &failing(400, none),
        &failing(400, none).split_off(1),
        0.0,
        Verdict::Same,
    );
    // None of 300 may be one of a hundred.
    check(
        &failing(30, none),
        &failing(31, none),
        0.0,
        Verdict::NoEvidence,
    );
    check(
        &failing(30, |_| 10),
        &failing(31, none),
        -1.0,
        Verdict::Better,
    );
}

#[test]
fn what_disturbs_both_sides_of_a_pair_drops_out() {
    let made = Made {
        kind: Kind::Batches(0.5),
        spread: 0.5,
        ..USUAL
    };
    let pairs = made.beside(1.1, &mut Random::new(1));
    let (a, b): (Vec<Batch>, Vec<Batch>) = pairs.iter().cloned().unzip();
    let width = |comparison: &Comparison| {
        let interval = figure(comparison, Metric::Mean).interval.unwrap();
        interval.high - interval.low
    };
    let (apart, side_by_side) = (compare(&a, &b), paired(&pairs, &Settings::default()));
    assert!(width(&side_by_side) < width(&apart) / 3.0);
    assert_eq!(figure(&side_by_side, Metric::Mean).verdict, Verdict::Worse);
    assert_eq!(figure(&apart, Metric::Mean).verdict, Verdict::NoEvidence);
    assert_eq!(
        figure(&side_by_side, Metric::Mean).difference,
        figure(&apart, Metric::Mean).difference
    );
}

#[test]
fn what_cannot_be_believed_is_no_evidence() {
    let mut comparison = compare(&run(1, 1.0), &run(2, 2.0));
    comparison.doubt();
    assert!(
        comparison
            .figures
            .iter()
            .all(|figure| figure.verdict == Verdict::NoEvidence)
    );
}

#[test]
fn a_recommendation_grows_with_the_square_of_what_is_to_be_found() {
    let p50 = figure(&compare(&run(1, 1.0), &run(2, 1.0)), Metric::P50);
    let [small, large] =
        [0.001, 0.002].map(|effect| recommended_calls(&p50, effect).unwrap() as f64);
    assert!((3.6..4.4).contains(&(small / large)), "{small} {large}");
    assert_eq!(recommended_calls(&p50, 0.0), None);
    // Never so few that too little would be known of their variance: 64 batches of 40.
    assert_eq!(recommended_calls(&p50, 100.0), Some(2_600));
    let few = figure(&compare(&run(1, 1.0)[..19], &run(2, 1.0)), Metric::P50);
    assert_eq!(recommended_calls(&few, 0.05), None);
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * (1.0 + one.abs().max(other.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// As parts of each other: twice as much is half as much the other way round.
    #[test]
    fn swapping_the_sides_turns_everything_round(seed in any::<u64>(), factor in 0.5..2.0f64, side_by_side in any::<bool>()) {
        let pairs = USUAL.beside(factor, &mut Random::new(seed));
        let (a, b): (Vec<Batch>, Vec<Batch>) = pairs.iter().cloned().unzip();
        let swapped: Vec<_> = pairs.iter().map(|(a, b)| (b.clone(), a.clone())).collect();
        let (one, other) = match side_by_side {
            true => (paired(&pairs, &Settings::default()), paired(&swapped, &Settings::default())),
            false => (compare(&a, &b), compare(&b, &a)),
        };
        for (one, other) in one.figures.iter().zip(&other.figures) {
            let turned = |part: f64| if one.metric.is_share() { -part } else { (1.0 + part).recip() - 1.0 };
            prop_assert_eq!((one.a, one.b), (other.b, other.a));
            let (Some(mine), Some(theirs)) = (one.interval, other.interval) else {
                prop_assert_eq!(one.interval.is_some(), other.interval.is_some());
                continue;
            };
            prop_assert!(close(one.difference.unwrap(), turned(other.difference.unwrap())));
            prop_assert!(close(mine.low, turned(theirs.high)) && close(mine.high, turned(theirs.low)), "{one:?} {other:?}");
        }
    }

    /// The unit of time does not matter, to the precision of the buckets.
    #[test]
    fn what_is_as_many_times_longer_on_both_sides_differs_as_much(seed in any::<u64>(), power in 1..6i32) {
        let scale = 2f64.powi(power);
        let [a, b] = [seed, !seed].map(|seed| run(seed, 1.0));
        let [longer_a, longer_b] = [seed, !seed].map(|seed| run(seed, scale));
        let (one, other) = (compare(&a, &b), compare(&longer_a, &longer_b));
        for (one, other) in one.figures.iter().zip(&other.figures) {
            let off = |a: Option<f64>, b: Option<f64>| (a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs();
            prop_assert!(off(one.difference, other.difference) < 0.003, "{one:?} {other:?}");
            let lows = [one, other].map(|figure| figure.interval.map(|interval| interval.low));
            prop_assert!(off(lows[0], lows[1]) < 0.005, "{one:?} {other:?}");
        }
    }

    /// Figures are of all calls, however these are put into batches.
    #[test]
    fn joined_batches_have_the_same_figures(seed in any::<u64>(), sizes in prop::collection::vec(1..5usize, 1..60)) {
        let all = run(seed, 1.0);
        let (mut joined, mut rest) = (Vec::new(), &all[..]);
        for size in sizes.into_iter().cycle() {
            let (some, after) = rest.split_at(size.min(rest.len()));
            joined.push(some.iter().cloned().reduce(|a, b| a.joined(&b)).unwrap());
            rest = after;
            if rest.is_empty() { break; }
        }
        let comparison = compare(&all, &joined);
        for figure in &comparison.figures {
            let [a, b] = [figure.a, figure.b].map(|of| of.unwrap_or(0.0));
            prop_assert!(close(a, b), "{figure:?}");
        }
    }

    #[test]
    fn an_interval_has_the_difference_in_it(seed in any::<u64>(), factor in 0.5..2.0f64, batches in 20..80usize, calls in 1..60usize) {
        let made = Made { batches, calls, ..USUAL };
        let pairs = made.beside(factor, &mut Random::new(seed));
        let (a, b): (Vec<Batch>, Vec<Batch>) = pairs.iter().cloned().unzip();
        for comparison in [compare(&a, &b), paired(&pairs, &Settings::default())] {
            for figure in &comparison.figures {
                let Some(interval) = figure.interval else { continue };
                prop_assert!(interval.low <= interval.high, "{figure:?}");
                prop_assert!(interval.contains(figure.difference.unwrap()), "{figure:?}");
            }
        }
    }
}
