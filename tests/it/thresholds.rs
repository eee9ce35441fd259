//! Rules that a run is held to with `--fail-if`.

use crate::support::gorgon;

fn hash() -> crate::support::Gorgon {
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
fn a_rule_without_enough_data_is_broken_unless_that_is_allowed() {
    let few = || gorgon("run").args(["noop", "-n", "10", "--fail-if", "p99 > 1h"]);
    let summary = few().json_and_exit(99);
    assert_eq!(summary.at("/thresholds/0/result"), "no_data");
    few().arg("--allow-no-data").expect_exit(0);
}

#[test]
fn a_mistake_in_a_rule_is_shown_where_it_is_before_anything_runs() {
    for (rule, words) in [
        ("p99 > 150", "150ms"),
        ("p100.1 > 1s", "^"),
        ("tag( > 1", "^"),
        ("p99 > p50", "^"),
        ("latency > 1s", "^"),
        ("", "--fail-if"),
    ] {
        gorgon("run")
            .args(["noop", "-n", "10", "--fail-if", rule])
            .expect_exit(64)
            .stderr_contains(words)
            .stdout_is_empty()
            .has_no_sign_of_a_bug();
    }
}

#[test]
fn a_run_without_success_says_so_before_it_speaks_of_rules() {
    gorgon("run")
        .args(["trap", "-n", "10", "--fail-if", "fault > 0"])
        .expect_exit(69);
}
