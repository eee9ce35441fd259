//! What is said about a text that is no rule.

use crate::thresholds::{ParseError, Problem, Threshold};

fn error(rule: &str) -> ParseError {
    rule.parse::<Threshold>().expect_err("this is no rule")
}

/// Checks the whole text of an error.
#[track_caller]
fn check(rule: &str, expected: &str) {
    assert_eq!(error(rule).to_string(), expected.trim_start_matches('\n'));
}

/// Checks where the caret stands and the last line without it.
#[track_caller]
fn place(rule: &str, at: usize, expected: &str) {
    let error = error(rule);
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    assert_eq!((error.at(), last.trim_start()), (at, expected), "{text}");
}

#[test]
fn a_caret_stands_below_what_is_wrong_with_what_was_expected_there() {
    check(
        "p99 > 150",
        "
a unit is missing
  p99 > 150
           ^ did you mean `150ms`?",
    );
    check(
        "p99 over > 150ms",
        "
`over` needs a length of time
  p99 over > 150ms
           ^ expected a duration, as in `p99 over 10s > 150ms`",
    );
    check(
        "p99 over 1h > 150ms",
        "
`1h` is no length for a window
  p99 over 1h > 150ms
           ^ expected `1s` to `10m`",
    );
    check(
        "p100.1 > 1s",
        "
`p100.1` is not a percentile
  p100.1 > 1s
  ^ expected a number above 0 and below 100, as in `p99` or `p99.9`",
    );
    check(
        "tag( > 1",
        "
the parenthesis is not closed
  tag( > 1
     ^ expected `)` after the name",
    );
    check(
        "p99 > p50",
        "
a figure cannot be compared with another
  p99 > p50
        ^ expected a duration such as `150ms`",
    );
    check(
        "p99",
        "
the rule ends after its figure
  p99
     ^ expected `>`, `>=`, `<` or `<=`; quote the rule, since a shell takes these for itself",
    );
    check(
        "tag(größe 尺寸) >> 1",
        "
this is not a comparison
  tag(größe 尺寸) >> 1
                  ^ expected `>`, `>=`, `<` or `<=`",
    );
    check(
        "p99 > 1fortnight",
        "
`fortnight` is not a known unit; accepted: `500ms`, `30s`, `1.5s`, `2m`, `1h30m`; units `ns`, `us`, `ms`, `s`, `m`, `h`, `d`
  p99 > 1fortnight
        ^",
    );
    check(
        "",
        "
the rule is empty
  \n  ^ expected a rule such as `p99 > 150ms` or `fail > 1%`",
    );
}

#[test]
fn of_a_long_rule_only_what_surrounds_the_place_is_shown() {
    let name = "x".repeat(200);
    check(
        &format!("tag({name}) => 1{}", "0".repeat(50)),
        "
this is not a comparison
  ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx) => 100000000000000000000...
                                             ^ did you mean `>=`?",
    );
    check(
        &"x".repeat(10_000),
        "
the rule is too long
  ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
                                             ^ a rule has at most 1024 bytes",
    );
    check(
        &"y".repeat(100),
        "
`yyyyyyyyyyyyyyyyyyyyyyyy...` is not a figure
  yyyyyyyyyyyyyyyyyyyyyyyy...
  ^ expected `p99`, `min`, `mean`, `max`, `ok`, `fail`, `fault`, `tag(NAME)`, `rate`, `ok_rate`, `counter(NAME)` or `check(NAME)`",
    );
}

#[test]
fn what_would_steer_a_terminal_is_escaped_and_the_caret_stays_in_place() {
    check(
        "tag(\u{1b}[2J\u{202e}\n) > x",
        "
there is no value to compare with
  tag(\\u{1b}[2J\\u{202e}\\n) > x
                             ^ expected a count such as `10` or a share such as `1%`",
    );
}

#[test]
fn a_figure_that_was_perhaps_meant_is_suggested() {
    place("avg > 1s", 0, "^ did you mean `mean`?");
    place("median > 1s", 0, "^ did you mean `p50`?");
    place("P99 > 1s", 0, "^ did you mean `p99`?");
    place("FAIL > 1%", 0, "^ did you mean `fail`?");
    place("fial > 1%", 0, "^ did you mean `fail`?");
    place("chek(a) > 1%", 0, "^ did you mean `check`?");
    place("okrate > 1/s", 0, "^ did you mean `ok_rate`?");
    place("lag > 1s", 0, "^ did you mean `lag.p99`?");
    place("p999 > 1s", 0, "^ did you mean `p99.9`?");
    place("service.p9999 > 1s", 0, "^ did you mean `p99.99`?");
    place("p100 > 1s", 0, "^ did you mean `max`?");
    place("p0 > 1s", 0, "^ did you mean `min`?");
    place(
        "lag.rate > 1s",
        0,
        "^ expected `lag.p99` or another percentile, `lag.min`, `lag.mean` or `lag.max`",
    );
    for word in ["p101", "p99.", "p.5", "p99.9.9", "p00"] {
        let error = error(&format!("{word} > 1s"));
        assert!(
            matches!(error.problem(), Problem::Percentile { .. }),
            "{error}"
        );
    }
    for rule in [
        "> 1s",
        "\"p99 > 1s\"",
        "(p99) > 1s",
        "quux > 1s",
        "150ms < p99",
    ] {
        let error = error(rule);
        assert!(error.to_string().contains("expected `p99`, "), "{error}");
    }
}

#[test]
fn names_stand_where_a_figure_takes_one() {
    place(
        "tag > 1",
        4,
        "^ expected a name in parentheses, as in `tag(NAME)`",
    );
    place(
        "counter",
        7,
        "^ expected a name in parentheses, as in `counter(NAME)`",
    );
    place("tag() > 1", 4, "^ expected a name");
    place("tag( ) > 1", 4, "^ expected a name");
    place("fail(503) > 1", 4, "^ did you mean `tag(NAME)`?");
    place("ok_rate(200) < 1/s", 7, "^ did you mean `rate(NAME)`?");
    place("p99(200 > 1s", 3, "^ expected `)` after the name");
}

#[test]
fn a_comparison_is_one_of_four() {
    let four = "^ expected `>`, `>=`, `<` or `<=`";
    place("p99 == 1s", 4, four);
    place("p99 != 1s", 4, four);
    place("p99 <> 1s", 4, four);
    place("p99 200 > 1s", 4, four);
    place("tag(200) above 1", 9, four);
    place("p99 => 1s", 4, "^ did you mean `>=`?");
    place("p99 =< 1s", 4, "^ did you mean `<=`?");
    place("p99 ≥ 1s", 4, "^ did you mean `>=`?");
    place("tag(200) ≤ 1", 9, "^ did you mean `<=`?");
}

#[test]
fn only_names_go_beyond_ascii() {
    let names = "^ only names in parentheses may hold it";
    place("尺 > 1", 0, names);
    place("p99 ≈ 1s", 4, names);
    place("p99 > \u{ff11}\u{ff15}ms", 6, names);
    place("p99 > 150\u{ff4d}s", 9, names);
    place("p99 > 150\u{a0}ms", 9, names);
    place("fail > 1 %\u{a0}", 10, names);
}

#[test]
fn a_value_is_of_the_kind_that_the_figure_is() {
    let duration = "^ expected a duration such as `150ms`";
    place("p99 >", 5, duration);
    place("p99 > fast", 6, duration);
    place("p99 > 1%", 6, duration);
    place("p99 > 4k", 6, duration);
    place("p99 > 5/s", 6, duration);
    place("p99(200) > lag.p50(404)", 11, duration);
    place("rate < 1%", 7, "^ expected a rate such as `390/s`");
    place("rate < 10ms", 7, "^ expected a rate such as `390/s`");
    place("check(a) < 5/s", 11, "^ expected a share such as `1%`");
    let calls = "^ expected a count such as `10` or a share such as `1%`";
    place("fail > 10ms", 7, calls);
    place("fail > 4,000", 7, calls);
    place("check(a) < 99", 13, "^ did you mean `99%`?");
    place("p99 > 1.5 ", 9, "^ did you mean `1.5ms`?");
    place("fail > 0.01", 7, "^ did you mean `1%`?");
    place("tag(503) > 0.0025", 11, "^ did you mean `0.25%`?");
    let share = "^ expected `0%` to `100%`, with at most nine digits after the point";
    place("fail > 101%", 7, share);
    place("fail > -1%", 7, share);
    place("fail > %", 7, share);
    place("fail > 1k%", 7, share);
    place("fail > 1.0000000001%", 7, share);
}

#[test]
fn what_no_reader_of_values_accepts_is_refused_in_its_words() {
    #[track_caller]
    fn check(rule: &str, expected: &str) {
        let error = error(rule);
        assert!(matches!(error.problem(), Problem::Value(_)), "{error}");
        assert!(error.to_string().starts_with(expected), "{error}");
    }
    check("p99 > -1s", "cannot be negative; accepted: `500ms`");
    check("p99 > 99999999999h", "too large, the most is 584 years");
    check("p99 > 1h30", "a unit is missing, did you mean `30s`?");
    check("fail > -1", "cannot be negative; accepted: `4000`");
    check("fail > 1.5", "not a whole number");
    check("rate < 0/s", "has to be more than 0; accepted: `400/s`");
    check("rate < 5/fortnight", "`fortnight` is not a known unit");
}

#[test]
fn a_rule_holds_one_comparison() {
    let end = "^ expected the end; give each rule an option of its own";
    place("p99 > 150ms or so", 12, end);
    place("p99 > 1s and fail > 1%", 9, end);
    place("p99 > 1s && fail > 1%", 9, end);
    place("p99 > 1s; fail > 1%", 8, end);
    place("p99 > 1s > 2s", 9, end);
    place("p99 > 1 000ms", 8, end);
    place("fail > 1 000", 9, end);
}
