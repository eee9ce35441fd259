//! The verdict on the runner itself: that it is there, that it says why, and that it blames nobody for computing.

use crate::support::{Summary, gorgon};

/// What speaks against a run, after a look at what has to hold for every verdict.
#[track_caller]
fn reasons(summary: &Summary) -> Vec<String> {
    let rank = |state: &str| {
        ["valid", "degraded", "invalid"]
            .iter()
            .position(|one| *one == state)
    };
    let state = summary.at("/verdict/state").as_str().expect("a word");
    let reasons = summary.at("/verdict/reasons").as_array().expect("a list");
    let mut worst = Some(0);
    let mut names = Vec::new();
    for reason in reasons {
        let text = |field: &str| reason[field].as_str().expect("text").to_owned();
        let of_reason = rank(&text("state"));
        assert!(of_reason > Some(0), "a reason is never `valid`: {reason}");
        worst = worst.max(of_reason);
        assert!(
            !text("text").is_empty() && !text("text").ends_with('.'),
            "{reason}"
        );
        assert!(
            !names.contains(&text("id")),
            "each is told once: {reasons:?}"
        );
        names.push(text("id"));
    }
    assert_eq!(
        rank(state),
        worst,
        "it is that of the worst reason: {reasons:?}"
    );
    names
}

#[test]
fn a_run_that_only_computes_is_not_blamed_for_using_the_cpus() {
    for workers in ["1", "8"] {
        let summary = gorgon("run")
            .args(["hash", "-d", "1500ms", "-w", workers])
            .json();
        let reasons = reasons(&summary);
        for unfounded in ["own_cpu", "lag", "not_started", "missed", "poll_delay"] {
            assert!(!reasons.iter().any(|id| id == unfounded), "{reasons:?}");
        }
        // It did compute, and the runner saw that.
        assert!(summary.at("/readings").is_object());
    }
}

#[test]
fn a_bound_on_calls_in_flight_that_is_too_small_is_named() {
    let run = || {
        gorgon("run")
            .args(["sleep", "--rate", "100", "-n", "30", "-w", "1"])
            .set("for", "20ms")
    };
    let summary = run().json();
    assert!(reasons(&summary).contains(&"lag".to_owned()));
    assert_eq!(summary.at("/verdict/state"), "invalid");
    let texts = summary.at("/verdict/reasons").to_string();
    assert!(
        texts.contains("the only worker was busy; raise -w"),
        "{texts}"
    );
    run()
        .expect_exit(0)
        .stdout_contains("invalid: calls started late");
}

#[test]
fn every_report_has_a_verdict() {
    for args in [
        &["noop", "-n", "0"][..],
        &["noop", "-n", "1"],
        &["hash", "-n", "1000", "-w", "2"],
        &["noop", "--rate", "500", "-n", "50"],
        &["trap", "-n", "20"],
    ] {
        let finished = gorgon("run").args(args).args(["--json", "-"]).finish();
        reasons(&finished.summary());
        let text = gorgon("run").args(args).finish();
        let is_told = |word: &str| text.stdout().contains(&format!("{word}: "));
        assert!(
            ["valid", "degraded", "invalid"].into_iter().any(is_told),
            "{}",
            text.all()
        );
    }
}
