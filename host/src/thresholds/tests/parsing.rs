//! What is read as which rule.

use proptest::prelude::*;

use crate::thresholds::Threshold;

/// Checks the canonical text of a rule, and that it reads as the same rule.
#[track_caller]
fn check(rule: &str, canonical: &str) {
    let threshold: Threshold = rule.parse().unwrap();
    assert_eq!(threshold.to_string(), canonical, "{rule}");
    assert_eq!(canonical.parse(), Ok(threshold), "{canonical}");
}

/// Checks the text of a rule in reports, and that it reads as the same rule.
#[track_caller]
fn check_shown(rule: &str, shown: &str) {
    let threshold: Threshold = rule.parse().unwrap();
    assert_eq!(format!("{threshold:#}"), shown, "{rule}");
    assert_eq!(shown.parse(), Ok(threshold), "{shown}");
}

#[test]
fn every_figure_is_read() {
    check("p99 > 150ms", "p99 > 150ms");
    check("p99.9 >= 1s", "p99.9 >= 1s");
    check("p0.1 < 5ns", "p0.1 < 5ns");
    check("p050 > 1s", "p50 > 1s");
    check("min <= 1us", "min <= 1us");
    check("mean > 1.5s", "mean > 1.5s");
    check("max > 2s", "max > 2s");
    check("service.p99 > 1s", "service.p99 > 1s");
    check("response.max > 1s", "response.max > 1s");
    check("lag.p99 > 5ms", "lag.p99 > 5ms");
    check("lag.mean(200) > 5ms", "lag.mean(200) > 5ms");
    check("p99(200) > 150ms", "p99(200) > 150ms");
    check("ok < 99%", "ok < 99%");
    check("fail > 10", "fail > 10");
    check("fault > 0", "fault > 0");
    check("tag(503) > 1%", "tag(503) > 1%");
    check("tag(!timeout) >= 1", "tag(!timeout) >= 1");
    check("rate < 390/s", "rate < 390/s");
    check("rate(200) < 390/s", "rate(200) < 390/s");
    check("ok_rate < 100/s", "ok_rate < 100/s");
    check("counter(items) < 100", "counter(items) < 100");
    check("counter(items) < 2.5/s", "counter(items) < 2.5/s");
    check("check(has a body) < 99.5%", "check(has a body) < 99.5%");
}

#[test]
fn spaces_may_stand_between_the_parts_or_be_left_out() {
    check("p99>150ms", "p99 > 150ms");
    check("  p99\t>=\n150ms  ", "p99 >= 150ms");
    check("tag ( 503 )>1 %", "tag(503) > 1%");
    check("rate < 390 /s", "rate < 390/s");
}

#[test]
fn a_rule_may_be_about_windows() {
    check("p99 over 10s > 150ms", "p99 over 10s > 150ms");
    check("p99 over 90s>150ms", "p99 over 1m30s > 150ms");
    check("tag(503) over 1m >= 10", "tag(503) over 1m >= 10");
    check(
        "tag(a over 10s) over 2s > 1%",
        "tag(a over 10s) over 2s > 1%",
    );
    check("rate(over) < 1/s", "rate(over) < 1/s");
}

#[test]
fn a_name_may_hold_anything_but_a_parenthesis_with_a_comparison_after_it() {
    check("tag(a > b) > 1", "tag(a > b) > 1");
    check("tag(a(b)) > 1", "tag(a(b)) > 1");
    check("tag(a(b) c) > 1", "tag(a(b) c) > 1");
    check("tag(größe 尺寸)>1", "tag(größe 尺寸) > 1");
    check("check(a\\\"b'c) < 1%", "check(a\\\"b'c) < 1%");
    check("tag(\\!trap) > 1", "tag(\\!trap) > 1");
}

#[test]
fn values_are_read_exactly_and_written_in_full() {
    check("max > 0s", "max > 0s");
    check("max > 1500us", "max > 1.5ms");
    check("max > 500\u{b5}s", "max > 500us");
    check("max > 1.000000001s", "max > 1.000000001s");
    check("max > 60s", "max > 1m");
    check("max > 90500ms", "max > 1m30.5s");
    check("max > 90m", "max > 1h30m");
    check("max > 3600.000000001s", "max > 1h0.000000001s");
    check("max > 1d", "max > 24h");
    check("max > 2m", "max > 2m");
    check("fail > 4_000", "fail > 4000");
    check("fail > 1.5k", "fail > 1500");
    check("fail > 2m", "fail > 2000000");
    check("fail > 1.50%", "fail > 1.5%");
    check("fail > 0.000000001%", "fail > 0.000000001%");
    check("ok < 100%", "ok < 100%");
    check("rate < 24k/min", "rate < 400/s");
    check("rate < 390", "rate < 390/s");
    check("counter(items) < 90/h", "counter(items) < 0.025/s");
}

#[test]
fn reports_set_units_off_by_a_space() {
    check_shown("p99 > 150ms", "p99 > 150 ms");
    check_shown("max > 0s", "max > 0 s");
    check_shown("max > 5ns", "max > 5 ns");
    check_shown("max > 1.5us", "max > 1.5 us");
    check_shown("max > 90m", "max > 1h30m");
    check_shown("fail > 1%", "fail > 1 %");
    check_shown("fail > 4k", "fail > 4000");
    check_shown("rate < 390/s", "rate < 390/s");
}

#[test]
fn a_rule_of_a_thousand_and_twenty_four_bytes_is_the_longest() {
    let rule = |length: usize| format!("tag({}) > 1", "x".repeat(length - 9));
    check(&rule(1024), &rule(1024));
    assert!(rule(1025).parse::<Threshold>().is_err());
}

proptest! {
    #[test]
    fn what_a_rule_displays_reads_as_the_same_rule(
        figure in prop_oneof![
            "(service\\.|lag\\.|response\\.)?(p[1-9][0-9]?(\\.[0-9]{1,4})?|min|mean|max)(\\([a-zé!]{1,9}\\))?",
        ],
        comparison in "[<>]=?",
        ns: u64,
    ) {
        let threshold: Threshold = format!("{figure}{comparison}{ns}ns").parse().unwrap();
        prop_assert_eq!(threshold.to_string().parse(), Ok(threshold));
    }

    #[test]
    fn shares_counts_and_rates_read_back(share in 0u64..=100_000_000_000, count: u64, rate in 1u32..) {
        let (percent, rest) = (share / 1_000_000_000, share % 1_000_000_000);
        for rule in [
            format!("fail > {percent}.{rest:09}%"),
            format!("tag(x y) >= {count}"),
            format!("ok_rate < {rate}/s"),
        ] {
            let threshold: Threshold = rule.parse().unwrap();
            prop_assert_eq!(threshold.to_string().parse(), Ok(threshold), "{}", rule);
        }
    }

    #[test]
    fn any_text_is_a_rule_or_an_error_with_a_place_in_it(
        text in prop_oneof![
            any::<String>(),
            "(p99|fail|tag|service\\.|check)?[ ()a-z0-9.%<>=/µ尺\u{1b}-]{0,40}",
        ]
    ) {
        match text.parse::<Threshold>() {
            Ok(threshold) => prop_assert_eq!(threshold.to_string().parse(), Ok(threshold)),
            Err(error) => {
                prop_assert!(text.is_char_boundary(error.at()));
                let shown = error.to_string();
                prop_assert_eq!(shown.lines().count(), 3, "{}", shown);
                prop_assert!(!shown.contains(|c: char| c.is_control() && c != '\n'), "{:?}", shown);
            }
        }
    }
}
