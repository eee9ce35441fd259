//! How many calls there are, of the whole run and before an interruption.

use proptest::prelude::*;

use super::*;

#[test]
fn a_run_ends_by_time_by_count_or_not_at_all() {
    #[track_caller]
    fn check(
        text: &str,
        calls: Option<u64>,
        seconds: Option<u64>,
        end: Option<u64>,
        has_end: bool,
    ) {
        let options = Options {
            calls,
            duration_ns: seconds.map(|seconds| seconds * SECOND),
            ..Options::default()
        };
        let schedule = schedule(text, options);
        assert_eq!(
            schedule.end_ns(),
            end.map(|seconds| seconds * SECOND),
            "{text}"
        );
        assert_eq!(schedule.has_end(), has_end, "{text}");
    }
    check("100", None, None, None, false);
    check("100", Some(5), None, None, true);
    check("100", None, Some(5), Some(5), true);
    check("100/30s", None, None, Some(30), true);
    check("100/30s", None, Some(5), Some(5), true);
    check("100/30s", None, Some(50), Some(30), true);
}

#[test]
fn the_expected_calls_are_those_due_before_the_end_and_at_most_those_asked_for() {
    #[track_caller]
    fn check(text: &str, calls: Option<u64>, seconds: Option<u64>, expected: Option<u64>) {
        let options = Options {
            calls,
            duration_ns: seconds.map(|seconds| seconds * SECOND),
            ..Options::default()
        };
        assert_eq!(schedule(text, options).expected_calls(), expected, "{text}");
    }
    check("100", None, None, None);
    check("100", Some(5), None, Some(5));
    check("100", None, Some(5), Some(500));
    check("100", Some(501), Some(5), Some(500));
    check("100", Some(499), Some(5), Some(499));
    check("100", None, Some(0), Some(0));
    check("100", Some(0), Some(5), Some(0));
    check("0.3", None, Some(5), Some(2));
    check(
        "0..500/30s, 500/2m, 500..0/10s",
        None,
        None,
        Some(7_500 + 60_000 + 2_500),
    );
    check("1G/104d", None, None, Some(104 * 86_400 * SECOND));
    check("1G", Some(u64::MAX), None, Some(1 << 53));
}

#[test]
fn long_poisson_runs_are_not_walked_through_for_their_count() {
    let expected = |text, calls| {
        let options = Options {
            arrivals: Arrivals::Poisson,
            calls,
            ..Options::default()
        };
        schedule(text, options).expected_calls()
    };
    assert_eq!(expected("1M/1m", None), None);
    assert_eq!(expected("1M/1m", Some(1_000)), Some(1_000));
    assert_eq!(expected("1M", Some(1 << 40)), Some(1 << 40));
    assert_eq!(expected("1M", None), None);
}

#[test]
fn calls_before_a_moment_do_not_include_one_due_at_it() {
    let options = Options {
        warm_up: WarmUp::Calls(3),
        ..Options::default()
    };
    let schedule = schedule("10", options);
    for (ns, expected) in [
        (0, 0),
        (300_000_000, 0),
        (300_000_001, 1),
        (400_000_000, 1),
        (400_000_001, 2),
        (1_300_000_000, 10),
    ] {
        assert_eq!(schedule.due_before(ns), expected, "{ns}");
    }
}

proptest! {
    #[test]
    fn the_calls_before_a_moment_are_those_that_a_walk_finds(
        jitter in prop::option::of(0.0..=1.0_f64),
        warm_up in prop_oneof![
            Just(WarmUp::None),
            (0_u64..50).prop_map(WarmUp::Calls),
            (0_u64..SECOND).prop_map(WarmUp::For),
        ],
        calls in prop::option::of(0_u64..300),
        duration_ns in prop::option::of(0_u64..3 * SECOND),
        seed in any::<u64>(),
        ns in 0_u64..5 * SECOND,
        which in any::<prop::sample::Index>(),
    ) {
        // Without jitter the arrivals are Poisson.
        let options = Options {
            arrivals: if jitter.is_some() { Arrivals::Uniform } else { Arrivals::Poisson },
            jitter: jitter.unwrap_or(0.0),
            seed,
            warm_up,
            calls,
            duration_ns,
        };
        let schedule = schedule("20/min..150/s/3s, 0/100ms, 60/500ms", options);
        let found: Vec<Due> = all(&schedule).into_iter().filter(|due| !due.is_warm_up).collect();
        prop_assert_eq!(schedule.expected_calls(), Some(found.len() as u64));
        // At any moment, and at one at which a call is due.
        let due_ns = if found.is_empty() { ns } else { which.get(&found).due_ns };
        for ns in [ns, due_ns, due_ns + 1] {
            let before = found.iter().filter(|due| due.due_ns < ns).count();
            prop_assert_eq!(schedule.due_before(ns), before as u64);
        }
    }
}
