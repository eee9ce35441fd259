//! What ended the whole process in older tools ends one call here: it is named, the others go on.

use crate::support::gorgon;

/// Runs the killer with this kind of crime on every tenth of 100 calls.
#[track_caller]
fn check(kind: &str, fault: &str) {
    let summary = gorgon("run")
        .args([
            gorgon_fixtures::KILLER,
            "-n",
            "100",
            "-w",
            "4",
            "--timeout",
            "1s",
            "--memory",
            "64MiB",
        ])
        .set("kind", kind)
        .set("every", 10)
        .json();
    assert_eq!(
        summary.count("fault", fault),
        10,
        "{kind}: {:?}",
        summary.tags()
    );
    assert_eq!(summary.calls("fault"), 10, "{kind}: {:?}", summary.tags());
    assert_eq!(summary.calls("ok"), 90, "{kind}: {:?}", summary.tags());
}

#[test]
fn an_endless_loop_is_a_timeout_and_the_others_succeed() {
    check("loop", "!timeout");
}

#[test]
fn an_abort_is_a_trap_and_the_others_succeed() {
    check("abort", "!trap");
}

#[test]
fn an_exit_is_an_exit_and_the_others_succeed() {
    check("exit", "!exit");
}

#[test]
fn endless_recursion_is_a_trap_and_the_others_succeed() {
    check("recursion", "!trap");
}

#[test]
fn a_panic_is_a_trap_and_the_others_succeed() {
    check("panic", "!trap");
}

#[test]
fn a_leak_is_found_at_the_limit_and_the_others_succeed() {
    check("leak", "!memory");
}

#[test]
fn a_flood_of_panics_is_told_in_a_few_lines() {
    let finished = gorgon("run")
        .args([
            gorgon_fixtures::KILLER,
            "-n",
            "2000",
            "-w",
            "8",
            "--json",
            "-",
        ])
        .set("kind", "panic")
        .set("every", 1)
        .expect_exit(69);
    finished.summary().has_tags([("!trap", 2_000)]);
    assert!(finished.stderr().lines().count() < 60, "{}", finished.all());
}

#[test]
fn calls_that_all_run_into_their_timeout_are_no_success() {
    let summary = gorgon("run")
        .args([
            gorgon_fixtures::KILLER,
            "-n",
            "4",
            "-w",
            "4",
            "--timeout",
            "200ms",
        ])
        .set("kind", "loop")
        .set("every", 1)
        .json_and_exit(69);
    summary.has_tags([("!timeout", 4)]);
}

#[test]
fn less_memory_than_an_instance_begins_with_is_told_before_the_run() {
    let finished = gorgon("run")
        .args(["noop", "-n", "1", "--memory", "128KiB"])
        .expect_exit(65);
    finished
        .stderr_contains("at least")
        .stdout_is_empty()
        .has_no_sign_of_a_bug();
}

#[test]
fn a_run_whose_calls_never_end_says_how_long_it_was_watched() {
    let summary = gorgon("run")
        .args(["sleep", "-d", "50ms", "--grace", "50ms", "-w", "2"])
        .set("for", "1h")
        .args(["--timeout", "2h"])
        .json_and_exit(69);
    assert_eq!((summary.calls("done"), summary.calls("unfinished")), (0, 2));
    let elapsed = summary.at("/run/elapsed_ns").as_u64().expect("a time");
    assert!(elapsed >= 100_000_000, "{elapsed} ns");
}
