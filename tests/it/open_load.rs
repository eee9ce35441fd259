//! Open load: calls are due by the clock, every one is accounted for, and late ones are measured from when they were due.

use std::collections::BTreeMap;

use crate::support::{Gate, Summary, Tally, gorgon};

fn run(args: &[&str]) -> Summary {
    gorgon("run").args(args).json()
}

#[track_caller]
fn figure(summary: &Summary, pointer: &str) -> u64 {
    summary
        .at(pointer)
        .as_u64()
        .unwrap_or_else(|| panic!("no number at {pointer}"))
}

#[test]
fn a_rate_makes_the_calls_that_are_due() {
    #[track_caller]
    fn check(args: &[&str], asked: u64) {
        let summary = run(&[&["noop"], args].concat());
        assert_eq!(summary.calls("asked"), asked, "{args:?}");
        assert_eq!(summary.at("/run/load/model"), "open");
    }
    check(&["--rate", "500", "-n", "100"], 100);
    check(&["--rate", "30k/min", "-d", "400ms"], 200);
    check(&["--rate", "0..400/500ms, 400/250ms"], 200);
    check(&["--rate", "500", "-d", "1h", "-n", "50"], 50);
    check(&["--rate", "500", "-n", "0"], 0);
}

#[test]
fn each_number_is_called_once() {
    let tally = Tally::start();
    let summary = gorgon("run")
        .args(["http", "--rate", "1k", "-n", "300", "--start", "7"])
        .set("url", tally.url("/n/{number}"))
        .json();
    let expected: BTreeMap<String, u64> = (7..307).map(|n| (format!("/n/{n}"), 1)).collect();
    assert_eq!(tally.seen(), expected);
    assert_eq!(summary.calls("ok"), 300);
}

#[test]
fn calls_go_on_starting_while_a_server_holds_its_answers() {
    let gate = Gate::closed();
    let running = gorgon("run")
        .args(["http", "--rate", "200", "-n", "40", "--json", "-"])
        .set("url", gate.url("/"))
        .start();
    // All forty arrive although none has been answered.
    for _ in 0..40 {
        gate.asked();
    }
    let (_server, _asked) = gate.open();
    let summary = running.finish().summary();
    assert_eq!(summary.calls("ok"), 40);
    // The first was due 195 ms before the last, and answered after it.
    assert!(figure(&summary, "/totals/latency/response/max_ns") >= 195_000_000);
    assert!(figure(&summary, "/instances/created") >= 40);
}

#[test]
fn with_one_call_in_flight_the_others_are_late_and_measured_from_when_they_were_due() {
    let summary = gorgon("run")
        .args(["sleep", "--rate", "100", "-n", "20", "-w", "1"])
        .set("for", "30ms")
        .json();
    assert_eq!(summary.calls("done"), 20);
    // Call 19 was due after 190 ms and could not start before 19 x 30 ms.
    assert!(figure(&summary, "/totals/latency/lag/max_ns") >= 380_000_000);
    assert!(figure(&summary, "/totals/latency/response/max_ns") >= 410_000_000);
    assert_ne!(summary.at("/verdict/state"), "valid");
}

#[test]
fn what_cannot_start_before_the_end_is_not_started() {
    let summary = gorgon("run")
        .args(["sleep", "--rate", "100", "-d", "300ms", "-w", "1"])
        .set("for", "100ms")
        .json();
    assert_eq!(summary.calls("asked"), 30);
    assert!(
        summary.calls("not_started") >= 26,
        "{}",
        summary.calls("not_started")
    );
    let censored = figure(&summary, "/totals/latency/response/censored");
    assert_eq!(
        censored,
        summary.calls("not_started") + summary.calls("unfinished")
    );
}

#[test]
fn poisson_arrivals_follow_from_the_seed() {
    let asked = |seed: &str| {
        let args = [
            "noop",
            "--rate",
            "300",
            "-d",
            "500ms",
            "--arrivals",
            "poisson",
        ];
        run(&[&args[..], &["--seed", seed]].concat()).calls("asked")
    };
    assert_eq!(asked("1"), asked("1"));
    let different: std::collections::BTreeSet<u64> = ["1", "2", "3", "4"].map(asked).into();
    assert!(different.len() > 1, "{different:?}");
}

#[test]
fn a_warm_up_is_counted_apart_and_takes_the_first_numbers() {
    #[track_caller]
    fn check(args: &[&str], warm_up: u64, asked: u64) {
        let summary = run(&[&["noop"], args].concat());
        assert_eq!(summary.calls("asked"), asked, "{args:?}");
        assert_eq!(figure(&summary, "/calls/warmup_done"), warm_up, "{args:?}");
    }
    check(
        &["--rate", "200", "-d", "200ms", "--warmup", "100ms"],
        20,
        40,
    );
    check(&["--rate", "200", "-n", "30", "--warmup", "7"], 7, 30);
    check(&["-n", "500", "-w", "3", "--warmup", "40"], 40, 500);
    let summary = gorgon("run")
        .args(["sleep", "-n", "10", "-w", "2", "--warmup", "50ms"])
        .set("for", "5ms")
        .json();
    assert_eq!(summary.calls("asked"), 10);
    assert!(figure(&summary, "/calls/warmup_done") >= 2);
}

#[test]
fn an_interrupted_run_is_reported_and_adds_up() {
    let gate = Gate::closed();
    let running = gorgon("run")
        .args([
            "http", "--rate", "100", "-d", "1h", "--grace", "0s", "--json", "-",
        ])
        .set("url", gate.url("/"))
        .start();
    for _ in 0..10 {
        gate.asked();
    }
    running.signal("INT");
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(130), "{}", finished.all());
    let summary = finished.summary();
    assert_eq!(summary.at("/status"), "interrupted");
    assert!(summary.calls("unfinished") >= 10);
}

#[test]
fn isolated_calls_and_jitter_go_with_a_rate() {
    let args = ["noop", "--rate", "500", "-n", "50", "--isolate", "call"];
    let summary = run(&[&args[..], &["--jitter", "50%"]].concat());
    assert_eq!(figure(&summary, "/instances/created"), 50);
}

#[test]
fn what_does_not_go_together_is_told_before_anything_runs() {
    #[track_caller]
    fn check(args: &[&str], words: &str) {
        let refused = gorgon("run").arg("noop").args(args).expect_exit(64);
        refused.stderr_contains(words).has_no_sign_of_a_bug();
        refused.stdout_is_empty();
    }
    check(&["--rate", "100"], "the run has no end");
    check(&["--rate", "0", "-n", "1"], "--rate");
    check(&["--rate", "-1/s", "-n", "1"], "--rate");
    check(&["--rate", "NaN", "-n", "1"], "--rate");
    check(&["--rate", "inf", "-n", "1"], "--rate");
    check(&["--rate", "1e400/s", "-n", "1"], "--rate");
    check(&["--rate", "5/fortnight", "-n", "1"], "^");
    check(&["--rate", "0..500/30", "-n", "1"], "^");
    check(
        &["--rate", "100", "-n", "1", "--think", "1s"],
        "`--think` and `--rate`",
    );
    check(&["-n", "1", "--jitter", "10%"], "nothing to move");
    check(&["-n", "1", "--arrivals", "poisson"], "--rate");
    check(
        &["--rate", "0..10/1s", "--warmup", "1s"],
        "warm-up runs at the rate",
    );
    check(
        &[
            "--rate",
            "10",
            "-n",
            "1",
            "--arrivals",
            "poisson",
            "--jitter",
            "5%",
        ],
        "schedule",
    );
}

#[test]
fn no_call_is_made_before_it_is_due() {
    #[track_caller]
    fn check(args: &[&str], asked: u64, last_due_ms: u64) {
        // Where the end comes before any call could start, as on a machine that is busy, the run is one without success.
        let finished = gorgon("run").arg("noop").args(args).args(["--json", "-"]);
        let summary = finished.finish().summary();
        assert_eq!(summary.calls("asked"), asked, "{args:?}");
        if summary.calls("done") == asked {
            let elapsed = figure(&summary, "/run/elapsed_ns");
            assert!(elapsed >= last_due_ms * 1_000_000, "{args:?}: {elapsed} ns");
        }
    }
    check(&["--rate", "1000/s", "-n", "50"], 50, 49);
    check(&["--rate", "100/s", "-d", "300ms", "-n", "7"], 7, 60);
    check(&["--rate", "100/s", "-d", "30ms", "-n", "7"], 3, 20);
    // A ramp has half of the calls that its end would have.
    check(&["--rate", "0..2000/100ms, 2000/100ms"], 300, 190);
    check(&["--rate", "0/100ms, 100/50ms"], 5, 140);
    check(&["--rate", "500..0/100ms"], 25, 50);
}

#[test]
fn a_bound_on_calls_in_flight_is_kept() {
    let gate = Gate::closed();
    let running = gorgon("run")
        .args(["http", "--rate", "1000/s", "-n", "6", "-w", "2"])
        .args(["--timeout", "10m", "--json", "-"])
        .set("url", gate.url("/"))
        .start();
    for _ in 0..2 {
        gate.asked();
    }
    for answered in 1..=4 {
        gate.answer_one();
        gate.asked();
        // What was asked for is what was answered and what may be in flight.
        assert_eq!(gate.waiting(), 0, "after {answered} answers");
    }
    let _server = gate.open();
    let summary = running.finish().summary();
    assert_eq!(summary.calls("ok"), 6);
    assert_eq!(figure(&summary, "/run/load/workers"), 2);
}

#[test]
fn an_isolated_call_finds_nothing_of_another() {
    for load in [["-w", "3"], ["--rate", "1000/s"]] {
        let summary = gorgon("run")
            .args([gorgon_fixtures::PROBE, "-n", "20", "--isolate", "call"])
            .args(load)
            .set("do", "state")
            .json();
        summary.has_tags([("1", 20)]);
    }
}

#[test]
fn closed_load_knows_no_lag() {
    let summary = run(&["noop", "-n", "10"]);
    assert_eq!(summary.at("/run/load/model"), "closed");
    assert!(summary.at("/totals/latency/lag").is_null());
}

#[test]
fn a_mistake_in_a_rate_is_shown_where_it_is() {
    for (rate, shown) in [
        ("0", "\n           0\n           ^"),
        ("-1/s", "cannot be negative"),
        ("NaN", "\n           NaN\n           ^"),
        ("1e400/s", "exponents"),
        ("5/fortnight", "\n           5/fortnight\n             ^"),
        ("", "the rate is empty"),
        (
            "0..200",
            "\n           0..200\n                 ^ expected a length",
        ),
        ("10/1s,", "nothing follows the last comma"),
        ("10/s,", "this stage has no length"),
        ("2G/s", "more than one call per nanosecond"),
    ] {
        gorgon("run")
            .args(["noop", "-n", "5", "--rate", rate])
            .expect_exit(64)
            .stderr_contains(shown)
            .stderr_contains("^")
            .stdout_is_empty()
            .has_no_sign_of_a_bug();
    }
}

#[test]
fn a_rule_about_windows_can_end_the_run() {
    let args = [
        "noop",
        "--rate",
        "100",
        "-d",
        "1h",
        "--abort-if",
        "rate over 1s < 1k/s",
    ];
    let summary = gorgon("run").args(args).json_and_exit(99);
    assert_eq!(summary.at("/status"), "aborted");
    assert_eq!(summary.at("/thresholds/0/rule"), "rate over 1s < 1000/s");
    // Whatever the verdict: it has ended the run.
    assert_eq!(summary.at("/thresholds/0/result"), "fail");
    let kept = run(&[
        "noop",
        "--rate",
        "100",
        "-n",
        "10",
        "--abort-if",
        "fail > 50%",
        "--allow-no-data",
    ]);
    assert_eq!(kept.calls("done"), 10);
}

#[test]
fn a_verdict_that_is_worse_than_required_is_exit_75() {
    gorgon("run")
        .args([
            "sleep",
            "--rate",
            "100",
            "-n",
            "20",
            "-w",
            "1",
            "--require",
            "valid",
        ])
        .set("for", "30ms")
        .expect_exit(75)
        .stdout_contains("invalid: calls started late");
}
