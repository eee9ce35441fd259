//! Rules that a run is held to with `--fail-if` and `--abort-if`.

use crate::support::{Gate, Gorgon, gorgon};

fn hash() -> Gorgon {
    // A fifth of its calls fail.
    gorgon("run").args(["hash", "-n", "1000", "-w", "4"])
}

#[test]
fn a_rule_that_is_kept_changes_nothing() {
    let kept = ["--fail-if", "fail > 20%", "--allow-no-data"];
    let summary = hash().args(kept).json();
    assert_eq!(summary.at("/thresholds/0/rule"), "fail > 20%");
    summary.first_rule_is("pass");
}

#[test]
fn a_rule_that_is_broken_is_exit_99_and_told_with_what_was_measured() {
    let finished = hash()
        .args(["--fail-if", "tag(FAIL) > 199", "--fail-if", "max > 1h"])
        .expect_exit(99);
    finished
        .stdout_contains("tag(FAIL) > 199")
        .has_no_sign_of_a_bug();
    let summary = hash()
        .args(["--fail-if", "tag(FAIL) > 199"])
        .json_and_exit(99);
    summary.first_rule_is("fail");
}

#[test]
fn a_run_that_is_to_be_aborted_ends_long_before_its_time_with_a_report() {
    for rule in ["fail > 10%", "fail over 1s > 10%"] {
        let run = || gorgon("run").args(["hash", "-d", "1h", "--abort-if", rule]);
        let summary = run().json_and_exit(99);
        assert_eq!(summary.at("/status"), "aborted");
        assert_eq!(summary.at("/thresholds/0/rule"), rule);
        assert!(summary.calls("fail") > 0, "there is a report");
        let notes = summary.at("/notes").to_string();
        assert!(notes.contains("the run was ended by"), "{notes}");
    }
    let finished = gorgon("run")
        .args(["hash", "-d", "1h", "--abort-if", "fail > 10%"])
        .expect_exit(99);
    finished
        .stdout_contains("the run was ended by")
        .stdout_contains("aborted:")
        .has_no_sign_of_a_bug();
}

#[test]
fn a_rule_that_ended_a_run_has_its_figure_even_where_the_run_cannot_be_trusted() {
    // One worker for what takes a thousand: whatever the machine, the runner is late by its own doing.
    let summary = gorgon("run")
        .args(["sleep", "--rate", "50000/s", "-d", "1h", "-w", "1"])
        .set("for", "20ms")
        .args(["--fail-if", "min > 1h", "--abort-if", "rate < 1000/s"])
        .json_and_exit(99);
    assert!(summary.is_invalid());
    assert_eq!(summary.at("/status"), "aborted");
    assert_eq!(summary.at("/thresholds/0/result"), "no_data");
    assert_eq!(summary.at("/thresholds/1/result"), "fail");
    let when = summary.at("/thresholds/1/reason").to_string();
    assert!(when.contains("after "), "{when}");
}

#[test]
fn a_run_in_which_no_call_ends_breaks_a_rule_about_its_rate() {
    let gate = Gate::closed();
    let summary = gorgon("run")
        .args(["http", "-d", "1h", "-w", "2", "--grace", "0s"])
        .args(["--timeout", "1h", "--abort-if", "rate over 1s < 1/s"])
        .set("url", gate.url("/"))
        .json_and_exit(69);
    assert_eq!((summary.calls("done"), summary.calls("unfinished")), (0, 2));
    assert_eq!(summary.at("/thresholds/0/result"), "fail");
}

#[test]
fn the_windows_of_a_run_as_long_as_one_are_judged() {
    let summary = gorgon("run")
        .args([
            "sleep",
            "-d",
            "2s",
            "-w",
            "4",
            "--fail-if",
            "min over 2s > 1h",
        ])
        .args(["--warmup", "300ms", "--allow-no-data"])
        .set("for", "10ms")
        .json();
    summary.first_rule_is("pass");
}

#[test]
fn an_abort_rule_that_is_kept_lets_the_run_end_by_itself() {
    let kept = ["--abort-if", "tag(FAIL) > 200", "--allow-no-data"];
    let summary = hash().args(kept).json();
    summary.first_rule_is("pass");
    assert_eq!(summary.at("/status"), "completed");
    assert_eq!(summary.calls("done"), 1000);
}

#[test]
fn a_rule_about_windows_is_broken_by_one_of_them() {
    let sleep = |rule: &str| {
        gorgon("run")
            .args(["sleep", "-d", "1500ms", "-w", "4", "--fail-if", rule])
            .set("for", "10ms")
    };
    // Every call takes 10 ms at least.
    let broken = sleep("min over 1s > 5ms").json_and_exit(99);
    broken.first_rule_is("fail");
    let kept = sleep("min over 1s > 1h").arg("--allow-no-data").json();
    kept.first_rule_is("pass");
    let summary = sleep("min over 1m > 5ms").json_and_exit(99);
    summary.first_rule_is("no_data");
    let reason = summary.at("/thresholds/0/reason").to_string();
    if !summary.is_invalid() {
        assert!(reason.contains("shorter than the window"), "{reason}");
    }
}

#[test]
fn a_run_that_cannot_be_trusted_keeps_no_rule() {
    // One worker for what takes twenty: whatever the machine, the runner is late by its own doing.
    let late = |flags: &[&str]| {
        gorgon("run")
            .args(["sleep", "--rate", "1000/s", "-n", "10", "-w", "1"])
            .set("for", "20ms")
            .args(["--fail-if", "fail > 99%"])
            .args(flags)
    };
    let summary = late(&[]).json_and_exit(99);
    assert!(summary.is_invalid());
    assert_eq!(summary.at("/thresholds/0/result"), "no_data");
    late(&["--allow-no-data"]).expect_exit(0);
    late(&["--allow-no-data", "--require", "degraded"]).expect_exit(75);
    late(&["--require", "perfect"])
        .expect_exit(64)
        .stderr_contains("degraded");
}

#[test]
fn a_rule_without_enough_data_is_broken_unless_that_is_allowed() {
    let few = || gorgon("run").args(["noop", "-n", "10", "--fail-if", "p99 > 1h"]);
    let summary = few().json_and_exit(99);
    assert_eq!(summary.at("/thresholds/0/result"), "no_data");
    few().arg("--allow-no-data").expect_exit(0);
}

#[test]
fn a_mistake_in_a_rule_is_shown_where_it_is_before_anything_runs() {
    let long = "a".repeat(10 << 10);
    for (rule, words) in [
        ("p99 > 150", "150ms"),
        ("p100.1 > 1s", "^"),
        (
            "tag( > 1",
            "\n           tag( > 1\n              ^ expected `)`",
        ),
        ("p99 > p50", "^"),
        ("latency > 1s", "^"),
        ("p99 over 1ms > 1s", "expected `1s` to `10m`"),
        ("p99 over 1h > 1s", "^"),
        ("p99 over > 1s", "^"),
        ("fail >> 1%", "^"),
        ("größe > 1", "^"),
        (&long, "at most 1024 bytes"),
        ("", "^"),
    ] {
        for flag in ["--fail-if", "--abort-if"] {
            let finished = gorgon("run")
                .args(["noop", "-n", "10", flag, rule])
                .expect_exit(64);
            finished
                .stderr_contains(words)
                .stderr_contains(flag)
                .stdout_is_empty()
                .has_no_sign_of_a_bug();
        }
    }
}

#[test]
fn a_run_without_success_says_so_before_it_speaks_of_rules() {
    gorgon("run")
        .args(["trap", "-n", "10", "--fail-if", "fault > 0"])
        .expect_exit(69);
}
