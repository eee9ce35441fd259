//! What rules say of runs that are known to the last call.

use std::sync::Arc;

use crate::stats::{Fault, Interner, Model, Recorder, RunFacts, Summary, Times};
use crate::thresholds::ThresholdResult::{Fail, NoData, Pass};
use crate::thresholds::{Evaluated, Threshold, ThresholdResult, any_failed, evaluate_all};

const MS: u64 = 1_000_000;

fn recorder(is_open: bool) -> Recorder {
    Recorder::new(Arc::new(Interner::new(None)), is_open)
}

fn finish(model: Model, recorder: Recorder) -> Summary {
    let mut facts = RunFacts {
        elapsed_ns: 10_000 * MS,
        window_ns: 10_000 * MS,
        ..RunFacts::default()
    };
    facts.load.model = model;
    Summary::new(facts, recorder)
}

/// Closed load: 1 000 calls of 1 to 1 000 ms. The last ten failed with 503, the ten before them ended with a fault.
fn closed() -> Summary {
    let mut recorder = recorder(false);
    for number in 1..=1000 {
        let row = match number {
            991.. => recorder.row_of_tag(0, Err("503")),
            981.. => recorder.row_of_fault(0, Fault::Timeout),
            _ => recorder.row_of_tag(0, Ok("200")),
        };
        let times = Times {
            due_ns: 0,
            start_ns: 0,
            end_ns: number * MS,
        };
        recorder.call(row, times);
        recorder.counter("items", 3);
        recorder.check("has a body", number <= 995);
    }
    finish(Model::Closed, recorder)
}

/// Open load: 100 calls that started 5 ms late and took 1 ms. With `lost`, as many more never ended in 300 ms.
fn open(lost: u64) -> Summary {
    let mut recorder = recorder(true);
    recorder.set_window_end(10_000 * MS);
    let row = recorder.row_of_tag(0, Ok("200"));
    for _ in 0..100 {
        let times = Times {
            due_ns: 0,
            start_ns: 5 * MS,
            end_ns: 6 * MS,
        };
        recorder.call(row, times);
    }
    (0..lost).for_each(|_| recorder.never_ended(9_700 * MS, None, 10_000 * MS));
    finish(Model::Open, recorder)
}

fn evaluate(summary: &Summary, rule: &str) -> Evaluated {
    let rules: Vec<Threshold> = vec![rule.parse().expect("the rule is read")];
    evaluate_all(&rules, summary, []).remove(0)
}

/// Checks what comes of a rule, and what is shown beside it.
#[track_caller]
fn check(summary: &Summary, rule: &str, result: ThresholdResult, shown: &str) {
    let evaluated = evaluate(summary, rule);
    assert_eq!(evaluated.verdict.result, result, "{rule}");
    assert_eq!(evaluated.shown().as_deref(), Some(shown), "{rule}");
    assert_eq!(evaluated.verdict.reason.is_some(), result == NoData);
}

/// Checks that nothing was measured, and why.
#[track_caller]
fn missing(summary: &Summary, rule: &str, reason: &str) {
    let verdict = evaluate(summary, rule).verdict;
    assert_eq!(
        (verdict.result, verdict.measured, verdict.reason.as_deref()),
        (NoData, None, Some(reason)),
        "{rule}"
    );
}

#[test]
fn a_rule_fails_the_run_where_it_is_true() {
    let run = closed();
    check(&run, "max > 1s", Pass, "1.00 s");
    check(&run, "max >= 1s", Fail, "1.00 s");
    check(&run, "max < 1s", Pass, "1.00 s");
    check(&run, "max <= 1s", Fail, "1.00 s");
    check(&run, "max > 2s", Pass, "1.00 s");
    check(&run, "max > 500ms", Fail, "1.00 s");
    check(&run, "min < 2ms", Fail, "1.00 ms");
    check(&run, "mean > 500ms", Fail, "500.5 ms");
    check(&run, "p50 > 499ms", Fail, "500 ms");
    check(&run, "p99 > 1s", Pass, "990 ms");
    check(&run, "p99 < 1s", Fail, "990 ms");
}

#[test]
fn calls_are_counted_or_taken_as_a_share_of_those_that_ended() {
    let run = closed();
    check(&run, "ok < 98%", Pass, "98.00 %");
    check(&run, "ok <= 98%", Fail, "98.00 %");
    check(&run, "ok < 980", Pass, "980");
    check(&run, "fail > 1%", Pass, "1.00 %");
    check(&run, "fail >= 1%", Fail, "1.00 %");
    check(&run, "fail > 9", Fail, "10");
    check(&run, "fault > 0", Fail, "10");
    check(&run, "fault > 10", Pass, "10");
    check(&run, "tag(503) >= 10", Fail, "10");
    check(&run, "tag(200) < 99%", Fail, "98.00 %");
    check(&run, "tag(!timeout) > 0", Fail, "10");
    check(&run, "tag(404) > 0", Pass, "0");
    check(&run, "tag(404) > 0%", Pass, "0.00 %");
}

#[test]
fn rates_counters_and_checks_are_judged() {
    let run = closed();
    check(&run, "rate < 100/s", Pass, "100.0/s");
    check(&run, "rate < 101/s", Fail, "100.0/s");
    check(&run, "ok_rate < 99/s", Fail, "98.00/s");
    check(&run, "rate(503) > 0.5/s", Fail, "1.000/s");
    check(&run, "rate(404) > 0.5/s", Pass, "0.000/s");
    check(&run, "counter(items) < 100", Pass, "3 000");
    check(&run, "counter(items) < 3001", Fail, "3 000");
    check(&run, "counter(items) < 301/s", Fail, "300.0/s");
    check(&run, "check(has a body) < 99.5%", Pass, "99.50 %");
    check(&run, "check(has a body) < 99.6%", Fail, "99.50 %");
}

#[test]
fn rounding_never_makes_a_figure_look_like_the_value_it_is_not() {
    let run = closed();
    check(&run, "fail > 0.999%", Fail, "10 of 1 000");
    check(&run, "fail > 1.001%", Pass, "10 of 1 000");
    check(&run, "mean > 500.49ms", Fail, "500.5 ms");
    check(&run, "max > 1000.5ms", Pass, "1 s");
    check(&run, "rate < 100.01/s", Fail, "100/s");
}

#[test]
fn latency_is_service_in_closed_load_and_response_in_open_load() {
    let (closed, open) = (closed(), open(0));
    check(&closed, "service.p50 > 1s", Pass, "500 ms");
    check(&closed, "response.p50 > 1s", Pass, "500 ms");
    missing(
        &closed,
        "lag.p50 > 1s",
        "closed load has no lag, since a call is due when a worker is free",
    );
    check(&open, "p50 > 5ms", Fail, "6.00 ms");
    check(&open, "response.p50 > 5ms", Fail, "6.00 ms");
    check(&open, "service.p50 > 5ms", Pass, "1.00 ms");
    check(&open, "lag.p50 >= 5ms", Fail, "5.00 ms");
    check(&open, "lag.max(200) > 5ms", Pass, "5.00 ms");
}

#[test]
fn a_tag_in_parentheses_takes_its_calls_of_every_outcome() {
    let run = closed();
    check(&run, "max(200) > 1s", Pass, "980 ms");
    check(&run, "min(503) > 1s", Pass, "991 ms");
    check(&run, "p50(200) > 1s", Pass, "490 ms");
    let mut both = recorder(false);
    for (row, ms) in [(Ok("a"), 1), (Err("a"), 9), (Ok("b"), 50)] {
        let row = both.row_of_tag(0, row);
        let times = Times {
            due_ns: 0,
            start_ns: 0,
            end_ns: ms * MS,
        };
        both.call(row, times);
    }
    let both = finish(Model::Closed, both);
    check(&both, "max(a) > 1s", Pass, "9.00 ms");
    check(&both, "mean(a) > 1s", Pass, "5.00 ms");
    check(&both, "tag(a) > 1", Fail, "2");
}

#[test]
fn a_figure_without_samples_has_no_data() {
    let run = closed();
    missing(
        &run,
        "p99.9 > 1s",
        "1 call lies beyond it and 10 are needed",
    );
    missing(
        &run,
        "p50(503) > 1s",
        "5 calls lie beyond it and 10 are needed",
    );
    missing(
        &run,
        "max(404) > 1s",
        "no call with the tag `404` has a duration",
    );
    missing(
        &run,
        "counter(itmes) < 1",
        "the operation has no counter `itmes`",
    );
    missing(
        &run,
        "check(body) < 1%",
        "the operation has no check `body`",
    );
    let nothing = finish(Model::Closed, recorder(false));
    missing(&nothing, "p99 > 1s", "no call has a duration");
    missing(&nothing, "max > 1s", "no call has a duration");
    for rule in ["fail > 1%", "fail > 0", "tag(200) < 1"] {
        missing(&nothing, rule, "no call ended");
    }
    // That none ended is a rate, and what such a rule is there for.
    check(&nothing, "rate < 1/s", Fail, "0.000/s");
    check(&nothing, "ok_rate < 1/s", Fail, "0.000/s");
    check(&nothing, "rate(200) > 1/s", Pass, "0.000/s");
    let mut instant = closed();
    instant.facts.window_ns = 0;
    missing(&instant, "rate < 1/s", "the run has no length");
    missing(&instant, "ok_rate < 1/s", "the run has no length");
}

#[test]
fn a_lower_bound_decides_where_everything_above_it_says_the_same() {
    // Of 200 calls half never ended, and took more than 300 ms.
    let run = open(100);
    check(&run, "p50 > 7ms", Pass, "6.00 ms");
    check(&run, "p90 > 200ms", Fail, "> 300 ms");
    check(&run, "p90 >= 300ms", Fail, "> 300 ms");
    check(&run, "p90 > 300ms", NoData, "> 300 ms");
    check(&run, "p90 > 1s", NoData, "> 300 ms");
    check(&run, "p90 < 200ms", Pass, "> 300 ms");
    check(&run, "p90 < 300ms", Pass, "> 300 ms");
    check(&run, "p90 <= 300ms", NoData, "> 300 ms");
    check(&run, "p90 < 1s", NoData, "> 300 ms");
    check(&run, "max > 200ms", Fail, "> 300 ms");
    check(&run, "max > 1s", NoData, "> 300 ms");
    check(&run, "mean > 100ms", Fail, "> 153 ms");
    check(&run, "min > 10ms", Pass, "6.00 ms");
    assert_eq!(
        evaluate(&run, "p90 > 1s").verdict.reason.as_deref(),
        Some("> 300 ms and no more is known, since calls never ended")
    );
}

#[test]
fn what_was_not_kept_apart_has_no_data() {
    let mut recorder = recorder(false);
    for number in 0..300 {
        let row = recorder.row_of_tag(0, Ok(&number.to_string()));
        let times = Times {
            due_ns: 0,
            start_ns: 0,
            end_ns: MS,
        };
        recorder.call(row, times);
        recorder.counter(&number.to_string(), 1);
        recorder.check(&number.to_string(), true);
    }
    let run = finish(Model::Closed, recorder);
    check(&run, "tag(7) > 1", Pass, "1");
    check(&run, "counter(7) > 1", Pass, "1");
    missing(
        &run,
        "tag(299) > 1",
        "there were too many tags to keep `299` apart",
    );
    missing(
        &run,
        "rate(299) > 1/s",
        "there were too many tags to keep `299` apart",
    );
    missing(
        &run,
        "max(299) > 1s",
        "there were too many tags to keep `299` apart",
    );
    missing(
        &run,
        "counter(299) > 1",
        "there were too many counters to keep `299` apart",
    );
    missing(
        &run,
        "check(299) < 1%",
        "there were too many checks to keep `299` apart",
    );
    check(&run, "tag(!other) > 0", Fail, "44");
}

#[test]
fn a_name_is_written_as_it_is_shown_and_a_long_one_in_full_too() {
    let long = "x".repeat(80);
    let mut recorder = recorder(false);
    for tag in [long.as_str(), "!trap"] {
        let row = recorder.row_of_tag(0, Err(tag));
        recorder.call_without_timing(row, 0);
    }
    let run = finish(Model::Closed, recorder);
    check(&run, &format!("tag({long}) > 0"), Fail, "1");
    let shown = run.rows.iter().find(|row| row.key.tag.starts_with('x'));
    let shown = &shown.expect("the long tag has a row").key.tag;
    check(&run, &format!("tag({shown}) > 0"), Fail, "1");
    check(&run, "tag(\\!trap) > 0", Fail, "1");
    check(&run, "tag(!trap) > 0", Pass, "0");
}

#[test]
fn a_run_fails_by_a_broken_rule_and_by_one_without_data_unless_that_is_allowed() {
    #[track_caller]
    fn check(rules: &[&str], is_strict_failure: bool, is_lenient_failure: bool) {
        let run = closed();
        let evaluated: Vec<Evaluated> = rules.iter().map(|rule| evaluate(&run, rule)).collect();
        assert_eq!(
            any_failed(&evaluated, false),
            is_strict_failure,
            "{rules:?}"
        );
        assert_eq!(
            any_failed(&evaluated, true),
            is_lenient_failure,
            "{rules:?}"
        );
    }
    check(&[], false, false);
    check(&["max > 2s"], false, false);
    check(&["max > 2s", "fail > 0"], true, true);
    check(&["max > 2s", "p99.9 > 1s"], true, false);
    check(&["fail > 0", "p99.9 > 1s"], true, true);
}
