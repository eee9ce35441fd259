use proptest::prelude::*;

use super::*;
use crate::report::style::Style;

const SECOND: u64 = 1_000_000_000;

const UNICODE: Style = Style {
    color: false,
    unicode: true,
    width: 80,
};

fn wide(width: usize) -> Style {
    Style { width, ..UNICODE }
}

fn sample() -> Progress {
    Progress {
        name: "browse.wasm + buy.wasm".to_owned(),
        elapsed_ns: 6_700_000_000,
        load: "8 workers".to_owned(),
        planned_calls: Some(4_000),
        done: 2_684,
        ok: 2_656,
        fail: 24,
        fault: 4,
        rate_per_s: Some(402.4),
        p50_ns: Some(7_893_000),
        p99_ns: Some(41_200_000),
        max_ns: Some(1_002_000_000),
        busy: 8,
        workers: 8,
        tags: vec![
            ("200".to_owned(), Outcome::Ok, 2_626),
            ("404".to_owned(), Outcome::Ok, 30),
            ("503".to_owned(), Outcome::Fail, 24),
            ("timeout".to_owned(), Outcome::Fault, 4),
        ],
        rates: vec![300.0, 400.0, 420.0, 0.0, 100.0, 402.0],
        ..Progress::default()
    }
}

const ETA: Option<u64> = Some(2_600_000_000);

#[track_caller]
fn check_block(progress: &Progress, eta_ns: Option<u64>, style: Style, expected: &str) {
    assert_eq!(block(progress, eta_ns, style, 24).join("\n"), expected);
}

#[test]
fn a_block_says_what_runs_how_far_how_fast_and_how_calls_ended() {
    check_block(
        &sample(),
        ETA,
        UNICODE,
        "\
browse.wasm + buy.wasm  8 workers
 ━━━━━━━━━━━━━━━━━━━━━━━━━─────────────  2 684 / 4 000   67 %   6.7 s  ETA   3 s
    402 calls/s  p50 7.9 ms  p99  41 ms  max  1.0 s  busy 8/8             ▆██▁▃█
 200 2 626  404 30  503 24 fail  timeout 4 fault       fail 0.89 %  fault 0.15 %",
    );
}

#[test]
fn without_unicode_it_is_ascii() {
    check_block(
        &sample(),
        None,
        Style::PLAIN,
        "\
browse.wasm + buy.wasm  8 workers
 #########################-------------  2 684 / 4 000   67 %   6.7 s  ETA     -
    402 calls/s  p50 7.9 ms  p99  41 ms  max  1.0 s  busy 8/8
 200 2 626  404 30  503 24 fail  timeout 4 fault       fail 0.89 %  fault 0.15 %",
    );
}

#[test]
fn where_it_is_narrow_the_rates_go_first_then_busy_then_the_maximum() {
    for (width, expected) in [
        (
            69,
            "    402 calls/s  p50 7.9 ms  p99  41 ms  max  1.0 s  busy 8/8",
        ),
        (60, "    402 calls/s  p50 7.9 ms  p99  41 ms  max  1.0 s"),
        (50, "    402 calls/s  p50 7.9 ms  p99  41 ms"),
        (30, "    402 calls/s  p50 7.9 ms"),
    ] {
        assert_eq!(block(&sample(), ETA, wide(width), 4)[2], expected);
    }
    let rates_fit = &block(&sample(), ETA, wide(71), 4)[2];
    assert!(rates_fit.ends_with("▆██▁▃█"), "{rates_fit}");
}

#[test]
fn in_a_corner_it_says_the_little_that_fits() {
    check_block(
        &sample(),
        ETA,
        wide(40),
        "\
browse.wasm + buy.wasm  8 workers
 ━━━━──  2 684 / 4 000   67 %  ETA   3 s
    402 calls/s  p50 7.9 ms  p99  41 ms
 +4 more       fail 0.89 %  fault 0.15 %",
    );
    check_block(
        &sample(),
        ETA,
        wide(20),
        "\
browse.w…  8 workers
 2 684 / 4 000
    402 calls/s
 fail 0.89 %  fault…",
    );
}

#[test]
fn where_rows_are_few_those_go_first_that_say_least() {
    let begins = |rows_max| {
        let lines = block(&sample(), ETA, UNICODE, rows_max);
        lines
            .iter()
            .map(|line| line.trim_start().chars().next().unwrap())
            .collect::<String>()
    };
    assert_eq!(begins(4), "b━42");
    assert_eq!(begins(3), "━42");
    assert_eq!(begins(2), "━4");
    assert_eq!(begins(1), "━");
    assert_eq!(begins(0), "");
}

#[test]
fn an_input_that_has_not_ended_has_no_percentage() {
    let progress = Progress {
        items_known: Some((20, false)),
        done: 12,
        planned_calls: None,
        ..sample()
    };
    let second = |eta| block(&progress, eta, UNICODE, 4)[1].clone();
    assert_eq!(second(None), " 12 / 20+   6.7 s  ETA     –");
    assert!(line(&progress, None).starts_with("gorgon: 12/20+ - 402/s "));
}

#[test]
fn nothing_is_told_before_anything_is_known() {
    let progress = Progress {
        name: String::new(),
        load: "open load, 400/s".to_owned(),
        workers: 16,
        late_ns: Some(0),
        phase: Phase::WarmUp,
        ..Progress::default()
    };
    check_block(
        &progress,
        None,
        UNICODE,
        "\
(empty)  open load, 400/s  warm-up
       0   0.0 s  ETA     –
      – calls/s  p50      –  p99      –  lag   0 ns  max      –  busy  0/16
 no call has ended",
    );
    assert_eq!(
        line(&progress, None),
        "gorgon: 0 - -/s p50=- p99=- fail=- eta=- lag=0ns phase=warm-up"
    );
}

#[test]
fn how_a_run_ends_is_told_where_the_time_left_was() {
    let second = |phase| {
        let progress = Progress { phase, ..sample() };
        block(&progress, None, UNICODE, 4)[1].clone()
    };
    assert!(second(Phase::Draining).ends_with("6.7 s  stopping"));
    assert!(second(Phase::Stopping).ends_with("6.7 s  stopping now"));
}

#[test]
fn a_broken_rule_is_told_in_words_and_by_the_colour_of_the_bar() {
    let progress = Progress {
        thresholds_missed: true,
        ..sample()
    };
    let color = Style {
        color: true,
        ..UNICODE
    };
    let plain = block(&progress, ETA, UNICODE, 4);
    assert!(plain[0].ends_with("8 workers  a rule is broken"));
    assert!(block(&progress, ETA, color, 4)[1].contains("\u{1b}[33m━"));
    assert!(block(&sample(), ETA, color, 4)[1].contains("\u{1b}[36m━"));
    assert!(block(&sample(), ETA, color, 4)[3].contains("\u{1b}[31m24 fail\u{1b}[0m"));
}

#[test]
fn the_last_line_of_each_worker_is_shown_as_far_as_there_are_rows() {
    let progress = Progress {
        logs: vec![(0, "hello".to_owned()), (12, "a\u{1b}[2Jb\n".to_owned())],
        ..sample()
    };
    let lines = block(&progress, ETA, UNICODE, 6);
    assert_eq!(lines[4], " worker 0  hello");
    assert_eq!(lines[5], " worker 12  a\\u{1b}[2Jb\\n");
    assert_eq!(block(&progress, ETA, UNICODE, 5).len(), 5);
    assert_eq!(block(&progress, ETA, UNICODE, 2).len(), 2);
}

#[test]
fn the_plain_line_is_ascii_and_has_its_keys_in_one_order() {
    #[track_caller]
    fn check(progress: &Progress, eta_ns: Option<u64>, expected: &str) {
        assert_eq!(line(progress, eta_ns), expected);
    }
    let sample = Progress {
        fail: 28,
        fault: 0,
        ..sample()
    };
    check(
        &sample,
        ETA,
        "gorgon: 2684/4000 67% 402/s p50=7.9ms p99=41ms fail=1.04% eta=3s",
    );
    let slow = Progress {
        planned_calls: None,
        planned_ns: Some(60 * SECOND),
        p50_ns: Some(7_893),
        rate_per_s: Some(12_345.6),
        ..sample.clone()
    };
    check(
        &slow,
        Some(53 * SECOND),
        "gorgon: 2684 11% 12346/s p50=7.9us p99=41ms fail=1.04% eta=53s",
    );
    let ending = Progress {
        fault: 3,
        late_ns: Some(1_200_000_000),
        thresholds_missed: true,
        phase: Phase::Stopping,
        ..sample
    };
    check(
        &ending,
        None,
        "gorgon: 2684/4000 67% 402/s p50=7.9ms p99=41ms fail=1.04% eta=- fault=0.11% lag=1.2s rules=broken phase=stopping-now",
    );
}

#[test]
fn durations_have_two_digits_while_they_change() {
    for (ns, expected) in [
        (0, "0 ns"),
        (873, "873 ns"),
        (999_960, "1.0 ms"),
        (9_949_000, "9.9 ms"),
        (9_960_000, "10 ms"),
        (999_600_000, "1.0 s"),
        (59_400_000_000, "59 s"),
        (59_600_000_000, "1m00s"),
        (150_500_000_000, "2m31s"),
        (u64::MAX, "5124095h35m"),
    ] {
        assert_eq!(words::duration(ns), expected);
    }
}

#[test]
fn the_time_of_the_run_has_tenths_and_the_time_left_has_none() {
    for (ns, elapsed, left) in [
        (0, "0.0 s", "0 s"),
        (1, "0.0 s", "1 s"),
        (6_790_000_000, "6.7 s", "7 s"),
        (59_990_000_000, "59.9 s", "1m00s"),
        (150_500_000_000, "2m30s", "2m31s"),
        (u64::MAX, "5124095h35m", "5124095h35m"),
    ] {
        assert_eq!(words::elapsed(ns), elapsed);
        assert_eq!(words::left(ns), left);
    }
}

#[test]
fn rates_keep_their_width() {
    for (per_s, expected) in [
        (0.0, "0.00"),
        (0.25, "0.25"),
        (9.996, "10.0"),
        (99.96, "100"),
        (12_345.6, "12 346"),
        (-1.0, "0.00"),
        (f64::NAN, "–"),
        (f64::INFINITY, "–"),
    ] {
        assert_eq!(words::rate(per_s), expected);
    }
}

#[test]
fn only_a_run_that_is_over_is_at_a_hundred_percent() {
    #[track_caller]
    fn check(done: u64, calls: Option<u64>, elapsed_ns: u64, time_ns: Option<u64>, expected: &str) {
        let progress = Progress {
            done,
            planned_calls: calls,
            elapsed_ns,
            planned_ns: time_ns,
            ..Progress::default()
        };
        let percent = words::percent(&progress).unwrap_or_default();
        assert_eq!(percent, expected);
    }
    check(0, Some(100), 0, None, "0 %");
    check(29, Some(100), 0, None, "29 %");
    check(3_999, Some(4_000), 0, None, "99 %");
    check(u64::MAX - 1, Some(u64::MAX), 0, None, "100 %");
    check(4_001, Some(4_000), 0, None, "100 %");
    check(0, Some(0), 0, None, "100 %");
    check(0, None, 0, None, "");
    check(10, Some(100), 5, Some(10), "50 %");
    check(90, Some(100), 5, Some(10), "90 %");
}

#[test]
fn an_input_and_a_number_of_calls_end_a_run_whichever_is_shorter() {
    #[track_caller]
    fn check(calls: Option<u64>, items: Option<(u64, bool)>, expected: &str) {
        let progress = Progress {
            done: 7,
            planned_calls: calls,
            items_known: items,
            ..Progress::default()
        };
        assert_eq!(words::counts(&progress).trim_start(), expected);
    }
    check(None, None, "7");
    check(Some(10), None, "7 / 10");
    check(None, Some((20, true)), "7 / 20");
    check(None, Some((20, false)), "7 / 20+");
    check(Some(10), Some((20, true)), "7 / 10");
    check(Some(10), Some((20, false)), "7 / 10");
    check(Some(30), Some((20, true)), "7 / 20");
    check(Some(30), Some((20, false)), "7 / 20+");
}

/// A run of so many calls or so much time, of which the same number of calls ends each second.
#[track_caller]
fn check_left(
    calls: Option<u64>,
    time_s: Option<u64>,
    per_s: u64,
    after_s: u64,
    expected_s: Option<u64>,
) {
    let mut eta = Eta::default();
    let mut progress = Progress {
        planned_calls: calls,
        planned_ns: time_s.map(|time_s| time_s * SECOND),
        ..Progress::default()
    };
    for quarter in 1..=after_s * 4 {
        progress.elapsed_ns = quarter * SECOND / 4;
        progress.done = per_s * quarter / 4;
        eta.note(progress.elapsed_ns, progress.done);
    }
    let left = eta.left_ns(&progress);
    assert_eq!(left, expected_s.map(|expected_s| expected_s * SECOND));
}

#[test]
fn the_time_left_is_by_calls_or_by_time_whichever_is_sooner() {
    check_left(Some(1_000), None, 100, 4, Some(6));
    check_left(Some(1_000), None, 100, 1, None);
    check_left(Some(1_000), None, 0, 4, None);
    check_left(Some(1_000), None, 100, 20, Some(0));
    check_left(None, Some(30), 100, 1, Some(29));
    check_left(None, Some(30), 0, 40, Some(0));
    check_left(None, None, 100, 4, None);
    check_left(Some(1_000), Some(30), 100, 4, Some(6));
    check_left(Some(1_000), Some(5), 100, 4, Some(1));
    check_left(Some(1_000), Some(30), 0, 4, Some(26));
    check_left(Some(1_000), Some(30), 100, 1, None);
}

#[test]
fn the_pace_is_that_of_the_last_ten_seconds() {
    let mut eta = Eta::default();
    for second in 1..=30 {
        eta.note(
            second * SECOND,
            if second <= 15 { 100 * second } else { 1_500 },
        );
        match second {
            15 => assert_eq!(eta.rate_per_s(), Some(100.0)),
            20 => assert_eq!(eta.rate_per_s(), Some(50.0)),
            25.. => assert_eq!(eta.rate_per_s(), Some(0.0)),
            _ => {}
        }
    }
}

#[test]
fn samples_far_apart_or_close_together_tell_the_same() {
    let mut seldom = Eta::default();
    seldom.note(10 * SECOND, 1_000);
    assert_eq!(seldom.rate_per_s(), Some(100.0));
    seldom.note(20 * SECOND, 3_000);
    assert_eq!(seldom.rate_per_s(), Some(200.0));

    let mut often = Eta::default();
    for millis in 0..=20_000 {
        often.note(millis * 1_000_000, millis / 10);
    }
    assert_eq!(often.rate_per_s(), Some(100.0));
}

#[test]
fn calls_that_were_not_to_count_are_no_pace() {
    let mut eta = Eta::default();
    eta.note(5 * SECOND, 5_000);
    eta.note(6 * SECOND, 0);
    assert_eq!(eta.rate_per_s(), None);
    eta.note(8 * SECOND, 200);
    assert_eq!(eta.rate_per_s(), Some(100.0));
}

#[test]
fn a_run_that_is_ending_has_no_time_left_to_tell() {
    for phase in [Phase::Draining, Phase::Stopping] {
        let progress = Progress {
            phase,
            planned_ns: Some(100 * SECOND),
            ..sample()
        };
        assert_eq!(Eta::default().left_ns(&progress), None);
    }
}

/// A line without its colours.
fn seen(line: &str) -> String {
    let mut seen = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        seen.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    seen + rest
}

fn any_progress() -> impl Strategy<Value = Progress> {
    let outcome = prop_oneof![Just(Outcome::Ok), Just(Outcome::Fail), Just(Outcome::Fault)];
    let text = prop_oneof![any::<String>(), "[a-z尺\u{1b}\u{202e}👩\u{200d}🇩🏽 ]{0,90}"];
    let tags = prop::collection::vec((text.clone(), outcome, any::<u64>()), 0..6);
    let logs = prop::collection::vec((any::<u32>(), text.clone()), 0..4);
    let phase = prop_oneof![
        Just(Phase::WarmUp),
        Just(Phase::Running),
        Just(Phase::Draining),
        Just(Phase::Stopping)
    ];
    let numbers = any::<[Option<u64>; 6]>();
    let counts = any::<[u64; 7]>();
    let rates = prop::collection::vec(any::<f64>(), 0..70);
    let rest = (
        phase,
        any::<Option<(u64, bool)>>(),
        any::<Option<f64>>(),
        any::<bool>(),
    );
    (text.clone(), text, tags, logs, numbers, counts, rates, rest).prop_map(
        |(name, load, tags, logs, numbers, counts, rates, rest)| Progress {
            name,
            load,
            tags,
            logs,
            rates,
            elapsed_ns: counts[0],
            done: counts[1],
            ok: counts[2],
            fail: counts[3],
            fault: counts[4],
            busy: counts[5],
            workers: counts[6],
            planned_calls: numbers[0],
            planned_ns: numbers[1],
            p50_ns: numbers[2],
            p99_ns: numbers[3],
            max_ns: numbers[4],
            late_ns: numbers[5],
            phase: rest.0,
            items_known: rest.1,
            rate_per_s: rest.2,
            thresholds_missed: rest.3,
        },
    )
}

proptest! {
    #[test]
    fn whatever_is_shown_fits_and_steers_no_terminal(
        progress in any_progress(),
        eta_ns in any::<Option<u64>>(),
        width in 1usize..130,
        rows_max in 0usize..12,
        color in any::<bool>(),
        unicode in any::<bool>(),
    ) {
        let style = Style { color, unicode, width };
        let lines = block(&progress, eta_ns, style, rows_max);
        prop_assert!(lines.len() <= rows_max);
        for line in lines {
            let line = seen(&line);
            prop_assert!(painted::columns(&line) <= width.min(100), "{line:?}");
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
            prop_assert!(unicode || line.is_ascii(), "{line:?}");
        }
        let line = line(&progress, eta_ns);
        prop_assert!(line.is_ascii() && !line.contains("  "), "{line}");
        prop_assert!(line.split(' ').skip(4).all(|value| value.contains('=')), "{line}");
    }

    #[test]
    fn the_time_left_is_told_of_any_run(
        samples in prop::collection::vec(any::<(u64, u64)>(), 0..20),
        progress in any_progress(),
    ) {
        let mut eta = Eta::default();
        samples.iter().for_each(|&(elapsed_ns, done)| eta.note(elapsed_ns, done));
        let left = eta.left_ns(&progress);
        if let (Some(left), Some(planned)) = (left, progress.planned_ns) {
            prop_assert!(left <= planned);
        }
        prop_assert!(eta.rate_per_s().is_none_or(|rate| rate >= 0.0));
    }
}
