//! Curves from their text and back.

use proptest::prelude::*;

use super::super::Curve;
use super::curve;

/// Checks the canonical text, that it reads as the same, and the length in seconds.
#[track_caller]
fn check(text: &str, canonical: &str, seconds: Option<f64>) {
    let read = curve(text);
    assert_eq!(read.to_string(), canonical, "{text}");
    assert_eq!(curve(canonical), read, "{text}");
    let length = read.duration_ns().map(|ns| ns as f64 / 1e9);
    assert_eq!(length, seconds, "{text}");
}

#[test]
fn a_plain_rate_is_for_ever() {
    check("400", "400/s", None);
    check("400/s", "400/s", None);
    check("24k/min", "400/s", None);
    check("500/m", "500/min", None);
    check("0.5/s", "0.5/s", None);
    check("90/h", "0.025/s", None);
    check("1_000.5/second", "1000.5/s", None);
    check(" 400/s ", "400/s", None);
    check("1G/s", "1000000000/s", None);
}

#[test]
fn stages_have_a_rate_or_two_and_a_length() {
    check(
        "0..500/30s, 500/2m, 500..0/10s",
        "0..500/30s, 500/2m, 500..0/10s",
        Some(160.0),
    );
    check(
        "0..500/30s,500/2m,500..0/10s",
        "0..500/30s, 500/2m, 500..0/10s",
        Some(160.0),
    );
    check(
        "  0 .. 500 / 30s ,\t500 / 2m",
        "0..500/30s, 500/2m",
        Some(150.0),
    );
    check("500/1m30s", "500/1m30s", Some(90.0));
    check("500/90s", "500/1m30s", Some(90.0));
    check("500/1.5s", "500/1s500ms", Some(1.5));
    check("500/100\u{b5}s", "500/100us", Some(0.0001));
    check("500/36h", "500/1d12h", Some(129_600.0));
    check("5..5/1s", "5/1s", Some(1.0));
    check("0/10s, 100/1m", "0/10s, 100/1m", Some(70.0));
    check("0/1s, 0..0/1s, 0..1/1s", "0/1s, 0/1s, 0..1/1s", Some(3.0));
}

#[test]
fn what_follows_the_last_slash_is_a_length_if_there_is_a_digit_in_it() {
    check("500/m", "500/min", None);
    check("500/2m", "500/2m", Some(120.0));
    check("24k/min/2m", "400/2m", Some(120.0));
    check("500/s/30s", "500/30s", Some(30.0));
    check("100/min/2m", "100/min/2m", Some(120.0));
}

#[test]
fn each_rate_of_a_ramp_has_a_unit_of_its_own() {
    check("0..24k/min/2m", "0..400/2m", Some(120.0));
    check("100/min..0/2m", "100/min..0/2m", Some(120.0));
    check("100/min..200/min/2m", "100/min..200/min/2m", Some(120.0));
    check("1/s..100/min/2m", "1/s..100/min/2m", Some(120.0));
    check("10..1/s/2m", "10..1/2m", Some(120.0));
}

#[test]
fn the_first_and_the_highest_rate_are_told_per_second() {
    #[track_caller]
    fn check(text: &str, first: f64, peak: f64) {
        let curve = curve(text);
        assert_eq!((curve.first_per_s(), curve.peak_per_s()), (first, peak));
    }
    check("24k/min", 400.0, 400.0);
    check("20/min", 1.0 / 3.0, 1.0 / 3.0);
    check("0..500/30s, 500..20/2m", 0.0, 500.0);
    check("10..5/1s", 10.0, 10.0);
    check("1G", 1e9, 1e9);
}

/// Rates as a person writes them, as text.
fn rates() -> impl Strategy<Value = String> {
    let units = prop::sample::select(vec!["/s", "/sec", "/min", "/m", "/h"]);
    prop_oneof![
        Just("0".to_owned()),
        (1_u32..100_000, units.clone()).prop_map(|(rate, unit)| format!("{rate}{unit}")),
        (0_u32..1_000, 1_u32..1_000_000, units)
            .prop_map(|(whole, part, unit)| format!("{whole}.{part:06}k{unit}")),
    ]
}

fn stages() -> impl Strategy<Value = String> {
    let lengths = (
        1_u64..1_000_000,
        prop::sample::select(vec!["s", "ms", "m", "ns"]),
    );
    (rates(), rates(), lengths, any::<bool>()).prop_map(|(from, to, (length, unit), is_ramp)| {
        if is_ramp {
            format!("{from}..{to}/{length}{unit}")
        } else {
            format!("{from}/{length}{unit}")
        }
    })
}

proptest! {
    #[test]
    fn the_canonical_text_reads_as_the_same_curve(stages in prop::collection::vec(stages(), 1..8)) {
        let text = stages.join(",");
        let Ok(read) = text.parse::<Curve>() else { return Ok(()) };
        let canonical = read.to_string();
        prop_assert_eq!(canonical.parse::<Curve>(), Ok(read.clone()));
        prop_assert_eq!(curve(&canonical).to_string(), canonical);
    }

    #[test]
    fn a_plain_rate_reads_back(rate in rates()) {
        let Ok(read) = rate.parse::<Curve>() else { return Ok(()) };
        prop_assert_eq!(read.to_string().parse::<Curve>(), Ok(read));
    }

    #[test]
    fn no_text_whatever_panics(text in ".{0,60}") {
        if let Err(error) = text.parse::<Curve>() {
            prop_assert_eq!(error.to_string().lines().count(), 3);
        }
    }

    #[test]
    fn nothing_like_a_curve_panics(text in r"[0-9smhkG./, _\-]{0,30}") {
        match text.parse::<Curve>() {
            Ok(read) => prop_assert_eq!(read.to_string().parse::<Curve>(), Ok(read)),
            Err(error) => prop_assert!(error.at() <= text.len()),
        }
    }
}
