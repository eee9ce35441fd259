//! Uniform arrivals: every call is due where the integral of the curve reaches its index.

use proptest::prelude::*;

use super::*;

#[test]
fn a_constant_rate_is_exact_to_the_nanosecond() {
    let schedule = plain("1000/s");
    for index in [0, 1, 2, 999, 1_000, 604_800_000, 604_800_001] {
        check_due(&schedule, index, index * 1_000_000);
    }
    let schedule = plain("3/s");
    check_due(&schedule, 1, 333_333_333);
    check_due(&schedule, 2, 666_666_667);
    check_due(&schedule, 3, SECOND);
    check_due(&schedule, 3 * 604_800 + 1, 604_800 * SECOND + 333_333_333);
    let schedule = plain("24k/min");
    check_due(&schedule, 1, 2_500_000);
    check_due(&schedule, 400 * 604_800 + 1, 604_800 * SECOND + 2_500_000);
    check_due(&plain("1G"), 86_400 * SECOND + 7, 86_400 * SECOND + 7);
    check_due(&plain("0.1"), 6, 60 * SECOND);
}

#[test]
fn a_half_nanosecond_is_rounded_up() {
    let schedule = plain("800M/s");
    let times: Vec<u64> = (0..5)
        .map(|k| schedule.walk().due(k).unwrap().due_ns)
        .collect();
    assert_eq!(times, [0, 1, 3, 4, 5]);
}

#[test]
fn a_ramp_from_nothing_has_the_calls_below_it() {
    let schedule = plain("0..500/30s");
    let times = due_times(&schedule);
    assert_eq!(times.len(), 7_500);
    for (index, due_ns) in times.into_iter().enumerate() {
        // A(t) = 500 / 60 * t^2, inverted.
        let expected = (index as f64 * 60.0 / 500.0).sqrt() * 1e9;
        assert!(
            (due_ns as f64 - expected).abs() <= 0.51,
            "{index}: {due_ns}"
        );
    }
}

#[test]
fn a_ramp_to_nothing_is_the_one_from_nothing_seen_backwards() {
    let up = due_times(&plain("0..500/30s"));
    let down = due_times(&plain("500..0/30s"));
    assert_eq!(down.len(), 7_500);
    assert_eq!(down[0], 0);
    for index in 1..7_500 {
        let mirrored = 30 * SECOND - up[7_500 - index];
        assert!(down[index].abs_diff(mirrored) <= 1, "{index}");
    }
}

#[test]
fn stages_follow_each_other_without_a_seam() {
    let times = due_times(&plain("0..100/10s, 100/10s, 100..0/10s"));
    assert_eq!(times.len(), 2_000);
    assert_eq!(times[500], 10 * SECOND);
    assert_eq!(times[501], 10 * SECOND + 10_000_000);
    assert_eq!(times[1_500], 20 * SECOND);
    let largest = times[499..1_502].windows(2).map(|pair| pair[1] - pair[0]);
    assert!(largest.max() <= Some(10_100_000));
}

#[test]
fn a_fraction_of_a_call_at_the_end_of_a_stage_is_carried_over() {
    // 2.5 calls in the first stage, so the third of the second is half an interval after its beginning.
    let times = due_times(&plain("2.5/1s, 1/3s"));
    assert_eq!(
        times,
        [
            0,
            SECOND * 2 / 5,
            SECOND * 4 / 5,
            SECOND * 3 / 2,
            SECOND * 5 / 2,
            SECOND * 7 / 2
        ]
    );
}

#[test]
fn a_stage_of_rate_zero_makes_no_calls() {
    let times = due_times(&plain("100/1s, 0/5s, 100/1s"));
    assert_eq!(times.len(), 200);
    assert_eq!(times[99], 990_000_000);
    assert_eq!(times[100], 6 * SECOND);
    assert_eq!(due_times(&plain("0/5s, 1/1s, 0/5s")), [5 * SECOND]);
    assert_eq!(due_times(&plain("1..0/2s, 0/5s")), [0]);
}

#[test]
fn the_warm_up_stands_in_front_of_the_curve_at_its_first_rate() {
    let options = |warm_up| Options {
        warm_up,
        ..Options::default()
    };
    for warm_up in [WarmUp::Calls(20), WarmUp::For(2 * SECOND)] {
        let schedule = schedule("10..0/4s", options(warm_up));
        assert_eq!(schedule.results_from_ns(), 2 * SECOND);
        assert_eq!(schedule.end_ns(), Some(6 * SECOND));
        assert_eq!(schedule.expected_calls(), Some(20));
        let calls = all(&schedule);
        assert_eq!(calls.len(), 40);
        for (index, call) in calls.iter().enumerate().take(20) {
            assert!(call.is_warm_up);
            assert_eq!(call.due_ns, index as u64 * SECOND / 10);
        }
        let measured: Vec<u64> = calls[20..]
            .iter()
            .map(|call| call.due_ns - 2 * SECOND)
            .collect();
        assert!(calls[20..].iter().all(|call| !call.is_warm_up));
        assert_eq!(measured, due_times(&plain("10..0/4s")));
    }
}

#[test]
fn a_warm_up_that_is_no_whole_number_of_intervals_ends_when_it_says() {
    let options = Options {
        warm_up: WarmUp::For(SECOND / 4),
        calls: Some(2),
        ..Options::default()
    };
    let schedule = schedule("10/s", options);
    assert_eq!(
        due_times(&schedule),
        [0, 100_000_000, 200_000_000, 250_000_000, 350_000_000]
    );
    assert_eq!(
        all(&schedule).iter().filter(|call| call.is_warm_up).count(),
        3
    );
    assert_eq!(schedule.expected_calls(), Some(2));
}

#[test]
fn the_walk_answers_after_a_step_back_and_for_any_index() {
    let schedule = plain("0..100/10s, 0/1s, 100..0/10s");
    let mut walk = schedule.walk();
    let late = walk.due(900);
    let early = walk.due(3);
    assert_eq!(early, schedule.walk().due(3));
    assert_eq!(late, walk.due(900));
    assert_eq!(walk.due(u64::MAX), None);
    assert_eq!(plain("1").walk().due(u64::MAX), None);
    assert_eq!(
        plain("0.000000001/h").walk().due(0).map(|due| due.due_ns),
        Some(0)
    );
    assert_eq!(plain("0.000000001/h").walk().due(1), None);
}

proptest! {
    #[test]
    fn a_constant_rate_is_the_rounded_quotient_however_late(
        rate in 1_u64..=1_000_000_000, unit in 0_usize..3, index in 0_u64..1 << 52,
    ) {
        let (name, seconds) = [("s", 1), ("min", 60), ("h", 3_600)][unit];
        let schedule = plain(&format!("{rate}/{name}"));
        let (rate, index) = (u128::from(rate), u128::from(index));
        let twice = (2 * index * 1_000_000_000 * seconds + rate) / (2 * rate);
        let expected = u64::try_from(twice).ok().filter(|ns| *ns < u64::MAX);
        let due = schedule.walk().due(index as u64).map(|due| due.due_ns);
        prop_assert_eq!(due, expected);
    }

    #[test]
    fn calls_are_due_in_order_and_those_below_the_curve_are_all(
        rates in prop::collection::vec(0_u64..300, 2..6), tenths in 1_u64..30,
    ) {
        let stages = rates.windows(2).map(|pair| format!("{}..{}/{}ms", pair[0], pair[1], tenths * 100));
        let text = stages.collect::<Vec<_>>().join(", ");
        prop_assume!(rates.iter().any(|rate| *rate > 0));
        let times = due_times(&plain(&text));
        prop_assert!(times.is_sorted());
        // Twenty times the area, in whole numbers. None of these curves has a call within half a nanosecond of its end.
        let area: u64 = rates.windows(2).map(|pair| (pair[0] + pair[1]) * tenths).sum();
        prop_assert_eq!(times.len() as u64, area.div_ceil(20));
        prop_assert!(times.last().is_none_or(|last| *last < curve(&text).duration_ns().unwrap()));
    }
}

#[test]
fn the_first_call_from_a_time_on_is_found_without_looking_at_those_before() {
    #[track_caller]
    fn check(rate: &str, from: u64, ns: u64, expected: u64) {
        assert_eq!(plain(rate).walk().first_from(from, ns), expected, "{rate}");
    }
    check("1000/s", 0, 0, 0);
    check("1000/s", 0, 1, 1);
    check("1000/s", 0, 5 * SECOND, 5_000);
    check("1000/s", 0, 5 * SECOND + 1, 5_001);
    check("1000/s", 7_000, 5 * SECOND, 7_000);
    check("1G", 0, 3_600 * SECOND, 3_600 * SECOND);
    check("100/1s, 0/5s, 100/1s", 0, 3 * SECOND, 100);
    // Behind the last there is none.
    check("100/1s", 0, 3 * SECOND, 100);
    check("100/1s", 200, 3 * SECOND, 200);
}

proptest! {
    #[test]
    fn a_search_finds_what_a_walk_would(ns in 0..40 * SECOND, from in 0_u64..2_000) {
        let schedule = plain("0..50/10s, 0/5s, 50/10s, 50..5/5s");
        let mut walk = schedule.walk();
        let walked = (from..).find(|index| walk.due(*index).is_none_or(|due| due.due_ns >= ns));
        prop_assert_eq!(Some(schedule.walk().first_from(from, ns)), walked);
    }
}
