//! Tables of what is read and of what is refused, with the reason.

use std::fmt::Debug;

use proptest::prelude::*;

use super::*;

#[track_caller]
fn refused<T: Debug>(result: Result<T, ValueError>, reason: &Reason, kind: Kind) {
    let error = result.expect_err("the value is refused");
    assert_eq!(error.reason(), reason);
    let text = error.to_string();
    assert!(
        text.contains(kind.forms),
        "`{text}` does not list the accepted forms"
    );
}

#[test]
fn counts_are_read_exactly() {
    #[track_caller]
    fn check(text: &str, expected: u64) {
        assert_eq!(count(text), Ok(expected), "{text}");
    }
    check("0", 0);
    check("4000", 4_000);
    check("4_000", 4_000);
    check("4k", 4_000);
    check("4K", 4_000);
    check("1.5k", 1_500);
    check("0.001k", 1);
    check("2M", 2_000_000);
    check("1m", 1_000_000);
    check("1G", 1_000_000_000);
    check("2.0", 2);
    check("18446744073709551615", u64::MAX);
    check("18446744073.709551615G", u64::MAX);
}

#[test]
fn what_is_no_count_is_refused_with_the_reason_and_the_forms() {
    #[track_caller]
    fn check(text: &str, reason: Reason) {
        refused(count(text), &reason, COUNTS);
    }
    check("", Reason::Empty);
    check("-1", Reason::Negative);
    check("\u{2212}1", Reason::Negative);
    check("1e3", Reason::Notation("exponents"));
    check("1E+3", Reason::Notation("exponents"));
    check("0x10", Reason::Notation("hexadecimal"));
    check(
        "\u{ff14}\u{ff10}\u{ff10}\u{ff10}",
        Reason::ForeignDigit('\u{ff14}'),
    );
    check("4\u{ff10}", Reason::ForeignDigit('\u{ff10}'));
    check("18446744073709551616", Reason::TooLarge);
    check("18446744073709551615k", Reason::TooLarge);
    check("1.5", Reason::NotWhole);
    check("1.0005k", Reason::NotWhole);
    check("1__0", Reason::Separator);
    check("+1", Reason::NoDigit('+'));
    check("many", Reason::NoDigit('m'));
    check(" 1", Reason::NoDigit(' '));
    check("1 ", Reason::Unit(" ".to_owned()));
    check("4kk", Reason::Unit("kk".to_owned()));
    check("4\u{1b}[2J", Reason::Unit("\\u{1b}[2J".to_owned()));
    check("4,000", Reason::Unit(",000".to_owned()));
}

#[test]
fn a_positive_count_is_at_least_one() {
    assert_eq!(positive("1"), Ok(1));
    refused(positive("0"), &Reason::Zero, COUNTS);
    refused(positive("-1"), &Reason::Negative, COUNTS);
}

#[test]
fn durations_are_read_exactly() {
    #[track_caller]
    fn check(text: &str, nanos: u64) {
        assert_eq!(duration(text), Ok(Duration::from_nanos(nanos)), "{text}");
    }
    check("0s", 0);
    check("1ns", 1);
    check("500us", 500_000);
    check("500\u{b5}s", 500_000);
    check("500\u{3bc}s", 500_000);
    check("500ms", 500_000_000);
    check("1.5s", 1_500_000_000);
    check("30s", 30_000_000_000);
    check("2m", 120_000_000_000);
    check("2min", 120_000_000_000);
    check("1h30m", 5_400_000_000_000);
    check("1h61m", 7_260_000_000_000);
    check("1d1h1m1s1ms1us1ns", 90_061_001_001_001);
    check("0.000000001s", 1);
    check("18446744073709551615ns", u64::MAX);
}

#[test]
fn what_is_no_duration_is_refused_with_the_reason_and_the_forms() {
    #[track_caller]
    fn check(text: &str, reason: Reason) {
        refused(duration(text), &reason, DURATIONS);
    }
    check("", Reason::Empty);
    check("10", Reason::NoUnit("10s".to_owned()));
    check("30", Reason::NoUnit("30s".to_owned()));
    check("1h30", Reason::NoUnit("30s".to_owned()));
    check("-1s", Reason::Negative);
    check("s", Reason::NoDigit('s'));
    check("99999999999h", Reason::TooLarge);
    check("18446744073709551615ns1ns", Reason::Order("ns".to_owned()));
    check("5124096h", Reason::TooLarge);
    check("1m1h", Reason::Order("h".to_owned()));
    check("1s1s", Reason::Order("s".to_owned()));
    check("0.1ns", Reason::NotWhole);
    check("1 s", Reason::Unit(" s".to_owned()));
    check("1S", Reason::Unit("S".to_owned()));
    check("1fortnight", Reason::Unit("fortnight".to_owned()));
    check("1e3s", Reason::Notation("exponents"));
    check("0x10s", Reason::Notation("hexadecimal"));
    check("\u{ff11}s", Reason::ForeignDigit('\u{ff11}'));
    check("inf", Reason::NoDigit('i'));
}

#[test]
fn sizes_are_read_exactly() {
    #[track_caller]
    fn check(text: &str, expected: u64) {
        assert_eq!(size(text), Ok(expected), "{text}");
    }
    check("0", 0);
    check("65536", 65_536);
    check("65_536B", 65_536);
    check("64kB", 64_000);
    check("64KiB", 65_536);
    check("64MB", 64_000_000);
    check("64MiB", 67_108_864);
    check("64mib", 67_108_864);
    check("1GiB", 1_073_741_824);
    check("1.5GiB", 1_610_612_736);
    check("1TB", 1_000_000_000_000);
    check("1TiB", 1_099_511_627_776);
}

#[test]
fn what_is_no_size_is_refused_with_the_reason_and_the_forms() {
    #[track_caller]
    fn check(text: &str, reason: Reason) {
        refused(size(text), &reason, SIZES);
    }
    check("", Reason::Empty);
    check("-1", Reason::Negative);
    check("0.3KiB", Reason::NotWhole);
    check("18446744073709551616", Reason::TooLarge);
    check("16777216TiB", Reason::TooLarge);
    check("64Q", Reason::Unit("Q".to_owned()));
    check("MiB", Reason::NoDigit('M'));
    let error = size("64M")
        .expect_err("programs disagree about `64M`")
        .to_string();
    assert!(
        error.contains("`MiB` (1024 KiB) or `MB` (1000 kB)"),
        "{error}"
    );
}

#[test]
fn rates_are_per_second() {
    #[track_caller]
    fn check(text: &str, expected: f64) {
        assert_eq!(rate(text), Ok(expected), "{text}");
    }
    check("400", 400.0);
    check("400/s", 400.0);
    check("24k/min", 400.0);
    check("24k/m", 400.0);
    check("0.5/s", 0.5);
    check("90/h", 0.025);
    check("1M/s", 1_000_000.0);
}

#[test]
fn what_is_no_rate_is_refused_with_the_reason_and_the_forms() {
    #[track_caller]
    fn check(text: &str, reason: Reason) {
        refused(rate(text), &reason, RATES);
    }
    check("", Reason::Empty);
    check("0", Reason::Zero);
    check("0.0/s", Reason::Zero);
    check("-1/s", Reason::Negative);
    check("NaN", Reason::NoDigit('N'));
    check("inf", Reason::NoDigit('i'));
    check("1e400/s", Reason::Notation("exponents"));
    check("5/fortnight", Reason::Unit("fortnight".to_owned()));
    check("5/", Reason::NoUnit("5/s".to_owned()));
    check("5/s/s", Reason::Unit("s/s".to_owned()));
    check("5s", Reason::Unit("s".to_owned()));
}

#[test]
fn pairs_divide_at_the_first_equals_sign() {
    #[track_caller]
    fn check(text: &str, name: &str, value: &str) {
        assert_eq!(pair(text), Ok((name.to_owned(), value.to_owned())));
    }
    check("url=http://127.0.0.1/?a=b", "url", "http://127.0.0.1/?a=b");
    check("empty=", "empty", "");
    check("header.Accept=*/*", "header.Accept", "*/*");
    refused(pair(""), &Reason::Empty, PAIRS);
    refused(pair("=1"), &Reason::NoKey, PAIRS);
    refused(pair("url"), &Reason::NoEquals, PAIRS);
}

#[test]
fn what_is_too_large_is_told_the_most() {
    let error = duration("99999999999h").expect_err("too long").to_string();
    assert!(
        error.starts_with("too large, the most is 584 years"),
        "{error}"
    );
    let error = count("18446744073709551616")
        .expect_err("too many")
        .to_string();
    assert!(
        error.starts_with("too large, the most is 18446744073709551615"),
        "{error}"
    );
}

proptest! {
    #[test]
    fn every_whole_number_is_read_as_itself(number: u64) {
        prop_assert_eq!(count(&number.to_string()), Ok(number));
        prop_assert_eq!(size(&number.to_string()), Ok(number));
        prop_assert_eq!(duration(&format!("{number}ns")), Ok(Duration::from_nanos(number)));
    }

    #[test]
    fn a_duration_is_the_sum_of_its_parts(hours in 0_u64..1_000, minutes in 0_u64..1_000, millis in 0_u64..1_000_000) {
        let nanos = hours * 3_600_000_000_000 + minutes * 60_000_000_000 + millis * 1_000_000;
        prop_assert_eq!(
            duration(&format!("{hours}h{minutes}m{millis}ms")),
            Ok(Duration::from_nanos(nanos))
        );
    }

    #[test]
    fn any_text_is_read_or_refused_on_one_line(text: String) {
        let messages = [
            count(&text).err(),
            duration(&text).err(),
            size(&text).err(),
            rate(&text).err(),
            pair(&text).err(),
        ];
        for message in messages.into_iter().flatten() {
            prop_assert!(!message.to_string().contains(char::is_control));
        }
    }
}

#[test]
fn shares_are_percentages_of_at_most_a_hundred() {
    for (text, expected) in [("0%", 0.0), ("20%", 0.2), ("12.5%", 0.125), ("100%", 1.0)] {
        assert_eq!(share(text), Ok(expected), "{text}");
    }
    for text in ["", "20", "0.2", "101%", "-1%", "%", "20 %", "20%%", "1e1%"] {
        assert!(share(text).is_err(), "{text}");
    }
}
