use proptest::prelude::*;

use super::*;
use crate::compare::Compared;

fn comparison(metric: Metric, interval: Option<(f64, f64)>) -> Comparison {
    let figure = Compared {
        metric,
        a: Some(1.0),
        b: Some(1.0),
        difference: Some(0.0),
        interval: interval.map(|(low, high)| Interval { low, high }),
        min_effect: 0.02,
        verdict: match interval {
            Some(_) => Verdict::NoEvidence,
            None => Verdict::NotEnoughData,
        },
        spread: None,
    };
    Comparison {
        calls: [1, 1],
        batches: [1, 1],
        is_identical: false,
        figures: vec![figure],
    }
}

#[track_caller]
fn judged(rule: &str, interval: Option<(f64, f64)>, expected: RuleResult) {
    let rule: Rule = rule.parse().unwrap();
    let judged = rule.judge(&comparison(rule.metric, interval), true);
    assert_eq!(judged.result, expected, "{rule}");
}

#[test]
fn a_rule_is_broken_only_where_the_whole_interval_lies_beyond_it() {
    use RuleResult::{Fail, NoData, Pass};
    judged("p50 slower 5%", Some((0.051, 0.2)), Fail);
    judged("p50 slower 5%", Some((0.05, 0.2)), Pass);
    judged("p50 slower 5%", Some((-0.3, -0.1)), Pass);
    judged("p50 higher 5%", Some((0.06, 0.2)), Fail);
    judged("p99 worse 0%", Some((0.001, 0.2)), Fail);
    judged("p50 faster 5%", Some((-0.3, -0.06)), Fail);
    judged("p50 lower 5%", Some((-0.3, -0.04)), Pass);
    judged("rate slower 5%", Some((-0.3, -0.06)), Fail);
    judged("rate worse 5%", Some((-0.3, -0.06)), Fail);
    judged("rate faster 5%", Some((0.06, 0.2)), Fail);
    judged("rate higher 5%", Some((0.06, 0.2)), Fail);
    judged("fail worse 1%", Some((0.011, 0.02)), Fail);
    judged("fail higher 1%", Some((0.009, 0.02)), Pass);
    judged("fail lower 1%", Some((-0.03, -0.02)), Fail);
    judged("mean slower 5%", None, NoData);
}

#[test]
fn what_is_not_believed_is_no_data() {
    let rule: Rule = "p50 slower 5%".parse().unwrap();
    let judged = rule.judge(&comparison(Metric::P50, Some((1.0, 2.0))), false);
    assert_eq!((judged.result, judged.interval), (RuleResult::NoData, None));
}

#[test]
fn spaces_do_not_matter() {
    for text in ["p50 slower 5%", "  p50\tslower   5 % ", "p50 slower 5.0%"] {
        let rule: Rule = text.parse().unwrap();
        assert_eq!(rule.to_string(), "p50 slower 5%");
    }
    assert_eq!(
        "fail worse 0.1%".parse::<Rule>().unwrap().to_string(),
        "fail worse 0.1%"
    );
}

#[test]
fn a_mistake_is_shown_where_it_is() {
    #[track_caller]
    fn check(rule: &str, expected: &str) {
        let error = rule.parse::<Rule>().unwrap_err().to_string();
        assert_eq!(error, expected.trim_start_matches('\n'));
    }
    check(
        "",
        "
the rule is empty
  \n  ^ expected a rule such as `p50 slower 5%`",
    );
    check(
        "p42 slower 5%",
        "
`p42` is not a figure that is compared
  p42 slower 5%
  ^ expected one of `rate`, `p50`, `p90`, `p99`, `mean`, `fail`",
    );
    check(
        "p50",
        "
the rule ends after its figure
  p50
     ^ expected `slower`, `faster`, `worse`, `higher`, `lower`",
    );
    check(
        "fail slower 5%",
        "
`slower` is no way for `fail` to go
  fail slower 5%
       ^ expected `worse`, `higher`, `lower`",
    );
    check(
        "p50 slower",
        "
the rule does not say how much
  p50 slower
            ^ expected percents such as `5%`",
    );
    check(
        "p50 slower 5",
        "
`5` is no percentage
  p50 slower 5
             ^ did you mean `5%`?",
    );
    check(
        "p50 slower -5%",
        "
`-5%` is no percentage
  p50 slower -5%
             ^ expected percents such as `5%` or `0.5%`",
    );
    check(
        "p50 slower 5% p99",
        "
something follows the percentage
  p50 slower 5% p99
                ^ expected the end; give each rule an option of its own",
    );
    for rule in [
        "p50 slower inf%",
        "p50 slower 1e3%",
        "p50 slower %",
        "p50 slower nan%",
        "p50 slower 9999999999%",
    ] {
        assert!(rule.parse::<Rule>().is_err(), "{rule}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_or_refused(rule in any::<String>()) {
        if let Err(error) = rule.parse::<Rule>() {
            prop_assert!(!error.to_string().is_empty());
            prop_assert!(error.at <= rule.len());
        }
    }

    #[test]
    fn what_is_written_is_read_again(percent in 0u32..100_000, figure in 0usize..6) {
        let rule = format!("{} worse {}%", Metric::ALL[figure].word(), f64::from(percent) / 1000.0);
        let read: Rule = rule.parse().unwrap();
        prop_assert_eq!(read.to_string(), rule);
    }
}
