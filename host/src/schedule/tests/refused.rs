//! What is said about a text that is no curve, and about options that fit no schedule.

use super::super::{CurveError, Problem, ScheduleError};
use super::{Arrivals, Curve, Options, Schedule, WarmUp, curve};

fn error(text: &str) -> CurveError {
    text.parse::<Curve>()
        .expect_err(&format!("`{text}` is no curve"))
}

/// Checks the whole text of an error.
#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(error(text).to_string(), expected.trim_start_matches('\n'));
}

/// Checks where the caret stands, and the beginning of the first line.
#[track_caller]
fn place(text: &str, at: usize, begins: &str) {
    let error = error(text);
    let shown = error.to_string();
    assert_eq!(error.at(), at, "{shown}");
    assert!(shown.starts_with(begins), "{shown}");
    assert_eq!(shown.lines().count(), 3, "{shown}");
}

#[test]
fn a_caret_stands_below_what_is_wrong_with_what_was_expected_there() {
    check(
        "",
        "
the rate is empty
  
  ^ expected a rate such as `400/s`, or stages such as `0..500/30s, 500/2m`",
    );
    check(
        "0..500/30s, 500, 500..0/10s",
        "
this stage has no length
  0..500/30s, 500, 500..0/10s
                 ^ expected a length, as in `400/30s` or `0..24k/min/30s`",
    );
    check(
        "5/fortnight",
        "
`fortnight` is not a known unit; accepted: `400/s`, `24k/min`, `0.5/s`, `90/h`, or `400`, which is per second
  5/fortnight
    ^",
    );
    check(
        "0/s",
        "
at a rate of 0 no call is ever due
  0/s
  ^ expected a rate above 0, or a length as in `0/10s, 400/1m`",
    );
    check(
        "400/30s,",
        "
nothing follows the last comma
  400/30s,
          ^ expected another stage such as `500/2m`, or no comma before",
    );
    check(
        "10..24k/min/2m",
        "
one rate of this ramp has a unit and the other has none
  10..24k/min/2m
    ^ write `10/s` or `10/min`",
    );
}

#[test]
fn rates_that_cannot_be_read_are_refused_where_they_stand() {
    place("-1/s", 0, "cannot be negative");
    place("\u{2212}1/s", 0, "cannot be negative");
    place("NaN", 0, "begins with `N`");
    place("inf", 0, "begins with `i`");
    place("inf/s", 0, "begins with `i`");
    place("1e400/s", 0, "exponents cannot be read");
    place("0x10", 0, "hexadecimal cannot be read");
    place("400/", 4, "a unit is missing, did you mean `400/s`?");
    place("400/s/s", 4, "`s/s` is not a known unit");
    place("400 per second", 0, "` per second` is not a known unit");
    place("400/1s, 5/fortnight/30s", 10, "`fortnight` is not");
    place("/30s", 0, "nothing given");
    place("..500/30s", 0, "nothing given");
    place("500../30s", 5, "nothing given");
    place("0..-5/30s", 3, "cannot be negative");
    place("1..2..3/30s", 3, "`_` and `.` can only stand");
    place("100/1s, 1...2/30s", 11, "`_` and `.` can only stand");
    place("\u{ff14}/s", 0, "`\u{ff14}` (U+FF14)");
    place("0/fortnight", 2, "`fortnight` is not");
}

#[test]
fn rates_beyond_what_can_be_kept_apart_are_refused() {
    place("1.1G/s", 0, "the rate is more than one call per nanosecond");
    place("100/1s, 0..2G/1s", 11, "the rate is more than one call per");
    place(
        "9999999999999999999999G",
        0,
        "the rate is more than one call",
    );
    place("0.0000000001/h", 0, "the rate is less than one call in a");
}

#[test]
fn stages_need_a_length() {
    place("100, 200", 3, "this stage has no length");
    place("100/s, 200/1m", 5, "this stage has no length");
    place("100/1m, 200/s", 13, "this stage has no length");
    place("0..500", 6, "this stage has no length");
    place("0..500/s", 8, "this stage has no length");
    place("4,000/s", 1, "this stage has no length");
    place("500/0s", 4, "this stage takes no time");
    place("1/1s, 500/0s", 10, "this stage takes no time");
    place("500/10", 4, "a unit is missing, did you mean `10s`?");
    place("500/-10s", 4, "cannot be negative");
    place("500/1s1m", 4, "`m` comes after a unit");
    place("500/99999999999d", 4, "too large");
}

#[test]
fn stages_are_separated_by_single_commas() {
    place("400/30s, ", 8, "nothing follows the last comma");
    place(",400/30s", 0, "there is no stage here");
    place("400/30s,, 5/1s", 8, "there is no stage here");
    place(",", 0, "there is no stage here");
    place("400/30s; 5/1s", 7, "a length ends its stage");
    place("0..400/30s 5/1s", 10, "a length ends its stage");
    place("400/30s/5s", 7, "a length ends its stage");
    place("400/30s..5/1s", 7, "a length ends its stage");
}

#[test]
fn a_curve_has_calls_and_not_more_than_can_be_counted() {
    place("0", 0, "at a rate of 0");
    place("0.0/min", 0, "at a rate of 0");
    place("0/10s", 0, "all stages are at a rate of 0");
    place(" 0/10s, 0..0/1m", 1, "all stages are at a rate of 0");
    place(
        "1/1s, 1G/105d",
        6,
        "there are more calls than can be counted",
    );
    place(
        "1G/60d, 1G/60d",
        8,
        "there are more calls than can be counted",
    );
    place(
        "1G/584d, 1/1s",
        0,
        "there are more calls than can be counted",
    );
    place("1G/213503d", 0, "there are more calls than can be counted");
    place(
        "0/213503d, 0/1d, 1/1s",
        11,
        "the stages are longer than a run",
    );
    assert!("1G/104d".parse::<Curve>().is_ok());
}

#[test]
fn a_text_has_at_most_a_kibibyte_as_it_stands_and_in_full() {
    let digits = "1".repeat(1_025);
    assert_eq!(error(&digits).problem(), &Problem::TooLong);
    assert_eq!(error(&digits).at(), 1_024);
    let umlauts = "\u{e4}".repeat(600);
    assert_eq!(error(&umlauts).at(), 1_024);
    let short = vec!["1/9s"; 170].join(",");
    assert_eq!(short.len(), 849);
    assert!(short.parse::<Curve>().is_ok());
    let grows = vec!["1/90s"; 170].join(",");
    assert_eq!(error(&grows).problem(), &Problem::TooLong);
}

#[test]
fn what_a_terminal_would_act_on_is_escaped() {
    let text = error("4\u{1b}[2J/s").to_string();
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn options_that_contradict_the_curve_or_each_other_are_refused() {
    #[track_caller]
    fn check(text: &str, options: Options, expected: ScheduleError) {
        let error = Schedule::new(&curve(text), options).expect_err("they are refused");
        assert_eq!(error, expected);
        assert!(!error.to_string().contains('\n'));
    }
    let poisson = Options {
        arrivals: Arrivals::Poisson,
        ..Options::default()
    };
    for jitter in [-0.1, 1.1, f64::INFINITY] {
        let options = Options {
            jitter,
            ..Options::default()
        };
        check("5", options, ScheduleError::JitterShare(jitter));
    }
    let options = Options {
        jitter: f64::NAN,
        ..Options::default()
    };
    assert!(Schedule::new(&curve("5"), options).is_err());
    let options = Options {
        jitter: 0.5,
        ..poisson
    };
    check("5", options, ScheduleError::JitterWithPoisson);
    for warm_up in [WarmUp::Calls(1), WarmUp::For(1)] {
        let options = Options {
            warm_up,
            ..Options::default()
        };
        for text in ["0..500/30s", "0/1s, 5/1s"] {
            check(text, options, ScheduleError::WarmUpAtZero);
        }
    }
    for (text, warm_up) in [
        ("5", WarmUp::Calls(u64::MAX)),
        ("1/h", WarmUp::Calls(10_000_000)),
        ("1G", WarmUp::For(u64::MAX)),
    ] {
        let options = Options {
            warm_up,
            ..Options::default()
        };
        check(text, options, ScheduleError::WarmUpTooLong);
    }
    let options = Options {
        warm_up: WarmUp::Calls(100_000_001),
        ..poisson
    };
    check("1M", options, ScheduleError::PoissonWarmUpTooLong);
}

#[test]
fn no_warm_up_at_all_goes_with_every_curve() {
    for warm_up in [WarmUp::None, WarmUp::Calls(0), WarmUp::For(0)] {
        let options = Options {
            warm_up,
            ..Options::default()
        };
        let schedule = Schedule::new(&curve("0..500/30s"), options).unwrap();
        assert_eq!(schedule.results_from_ns(), 0);
    }
}
