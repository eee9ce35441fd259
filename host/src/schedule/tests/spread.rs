//! Jitter and Poisson arrivals, and threads that each see some of the calls.

use proptest::prelude::*;

use super::*;

fn poisson(text: &str, seed: u64) -> Schedule {
    let options = Options {
        arrivals: Arrivals::Poisson,
        seed,
        ..Options::default()
    };
    schedule(text, options)
}

fn jittered(text: &str, jitter: f64, options: Options) -> Schedule {
    schedule(text, Options { jitter, ..options })
}

#[test]
fn jitter_moves_calls_by_up_to_its_share_of_the_interval() {
    let options = Options {
        seed: 1,
        calls: Some(10_000),
        ..Options::default()
    };
    let times = due_times(&jittered("1000/s", 0.25, options));
    let moved = times
        .iter()
        .enumerate()
        .map(|(index, due_ns)| due_ns - index as u64 * 1_000_000);
    let (least, most) = (moved.clone().min(), moved.max());
    assert!(least < Some(1_000), "{least:?}");
    assert!(Some(249_000) < most && most <= Some(250_000), "{most:?}");
}

#[test]
fn jitter_follows_from_the_seed() {
    let with = |seed| {
        let options = Options {
            seed,
            ..Options::default()
        };
        due_times(&jittered("100/10s", 1.0, options))
    };
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(2));
}

#[test]
fn poisson_arrivals_follow_from_the_seed() {
    let times = |seed| due_times(&poisson("0..100/10s", seed));
    assert_eq!(times(1), times(1));
    assert_ne!(times(1), times(2));
    assert!(times(1).is_sorted());
}

#[test]
fn poisson_counts_have_the_mean_and_the_variance_of_the_rate() {
    let mut counts = vec![0_u32; 2_000];
    for due_ns in due_times(&poisson("50/2000s", 3)) {
        counts[(due_ns / SECOND) as usize] += 1;
    }
    let mean = counts.iter().sum::<u32>() as f64 / 2_000.0;
    let squares = counts
        .iter()
        .map(|count| (f64::from(*count) - mean).powi(2));
    let variance = squares.sum::<f64>() / 2_000.0;
    assert!((mean - 50.0).abs() < 0.6, "{mean}");
    assert!((variance - 50.0).abs() < 6.0, "{variance}");
}

#[test]
fn poisson_arrivals_follow_a_ramp() {
    let times = due_times(&poisson("0..2000/20s", 4));
    assert!(times.len().abs_diff(20_000) < 600, "{}", times.len());
    let first_half = times.iter().filter(|due_ns| **due_ns < 10 * SECOND).count();
    assert!(first_half.abs_diff(5_000) < 300, "{first_half}");
}

#[test]
fn a_poisson_warm_up_has_exactly_the_calls_asked_for() {
    for seed in 0..20 {
        let options = Options {
            arrivals: Arrivals::Poisson,
            seed,
            warm_up: WarmUp::Calls(100),
            duration_ns: Some(SECOND),
            ..Options::default()
        };
        let schedule = schedule("1000/s", options);
        let calls = all(&schedule);
        let is_warm_up = |due: &Due| due.due_ns < schedule.results_from_ns();
        assert!(calls.iter().all(|due| due.is_warm_up == is_warm_up(due)));
        assert_eq!(calls.iter().filter(|due| due.is_warm_up).count(), 100);
        assert_eq!(schedule.end_ns(), Some(schedule.results_from_ns() + SECOND));
        assert_eq!(schedule.expected_calls(), Some(calls.len() as u64 - 100));
    }
}

#[test]
fn a_poisson_warm_up_for_a_time_goes_over_into_the_curve() {
    for seed in 0..20 {
        let options = Options {
            arrivals: Arrivals::Poisson,
            seed,
            warm_up: WarmUp::For(SECOND),
            ..Options::default()
        };
        let schedule = schedule("1000/2s", options);
        assert_eq!(schedule.results_from_ns(), SECOND);
        let calls = all(&schedule);
        assert!(calls.is_sorted_by_key(|due| due.due_ns));
        assert!(
            calls
                .iter()
                .all(|due| due.is_warm_up == (due.due_ns < SECOND))
        );
        // Before a constant rate the warm-up is nothing but the first part of a longer run.
        assert_eq!(due_times(&schedule), due_times(&poisson("1000/3s", seed)));
    }
}

#[test]
fn nothing_is_drawn_for_an_index_far_beyond_the_end() {
    let schedule = poisson("100/1s", 1);
    assert_eq!(schedule.walk().due(1 << 50), None);
}

fn kinds() -> impl Strategy<Value = Options> {
    let warm_ups = prop_oneof![
        Just(WarmUp::None),
        (0_u64..50).prop_map(WarmUp::Calls),
        (0_u64..SECOND).prop_map(WarmUp::For),
    ];
    let spreads = prop_oneof![
        Just((Arrivals::Uniform, 0.0)),
        (0.0..=1.0_f64).prop_map(|jitter| (Arrivals::Uniform, jitter)),
        Just((Arrivals::Poisson, 0.0)),
    ];
    let calls = prop::option::of(0_u64..400);
    let durations = prop::option::of(0_u64..4 * SECOND);
    (spreads, warm_ups, calls, durations, any::<u64>()).prop_map(
        |((arrivals, jitter), warm_up, calls, duration_ns, seed)| Options {
            arrivals,
            jitter,
            seed,
            warm_up,
            calls,
            duration_ns,
        },
    )
}

const CURVES: [&str; 6] = [
    "97.3/2s",
    "100..0/1s, 0/500ms, 0..200/2s",
    "20/min..150/s/3s",
    "200/333ms, 1..300/777ms, 3/1s",
    "1..0/1ns, 0..1000/500ms",
    "50/1us, 0..999M/1us, 1/100ms, 100M/2us",
];

proptest! {
    #[test]
    fn walks_that_see_some_of_the_calls_agree_with_one_that_sees_all(
        curve in prop::sample::select(CURVES.to_vec()),
        options in kinds(),
        owners in prop::collection::vec(0_usize..3, 1..50),
    ) {
        let schedule = schedule(curve, options);
        let mut walks = [schedule.walk(), schedule.walk(), schedule.walk()];
        let calls = all(&schedule);
        for (index, call) in calls.iter().enumerate() {
            let owner = owners[index % owners.len()];
            prop_assert_eq!(walks[owner].due(index as u64), Some(*call));
        }
        for walk in &mut walks {
            prop_assert_eq!(walk.due(calls.len() as u64), None);
            prop_assert_eq!(walk.due(calls.len() as u64 + 5), None);
        }
    }

    #[test]
    fn whatever_the_spread_calls_are_in_order_and_within_the_run(
        curve in prop::sample::select(CURVES.to_vec()), options in kinds(),
    ) {
        let schedule = schedule(curve, options);
        let calls = all(&schedule);
        prop_assert!(calls.is_sorted_by_key(|due| due.due_ns));
        for call in &calls {
            prop_assert_eq!(call.is_warm_up, call.due_ns < schedule.results_from_ns());
            prop_assert!(Some(call.due_ns) < schedule.end_ns());
        }
    }

    #[test]
    fn jitter_changes_neither_the_count_nor_the_order(
        curve in prop::sample::select(CURVES.to_vec()), options in kinds(), jitter in 0.0..=1.0_f64,
    ) {
        let options = Options { arrivals: Arrivals::Uniform, ..options };
        let still = all(&jittered(curve, 0.0, options));
        let moved = all(&jittered(curve, jitter, options));
        prop_assert_eq!(still.len(), moved.len());
        let next = still.iter().skip(1).map(|due| due.due_ns).chain([u64::MAX]);
        for ((still, moved), next) in still.iter().zip(&moved).zip(next) {
            prop_assert_eq!(still.is_warm_up, moved.is_warm_up);
            prop_assert!(still.due_ns <= moved.due_ns && moved.due_ns <= next);
        }
    }
}
