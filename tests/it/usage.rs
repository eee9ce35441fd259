//! Slips on the command line end with 64, say what is wrong, and list what would be right.

use crate::support::gorgon;

#[track_caller]
fn refused(args: &[&str], parts: &[&str]) {
    let finished = crate::support::Gorgon::without_command()
        .args(args)
        .expect_exit(64);
    finished.stdout_is_empty().has_no_sign_of_a_bug();
    for part in parts {
        finished.stderr_contains(part);
    }
}

#[test]
fn counts_that_are_none_are_refused_with_the_accepted_forms() {
    for (value, part) in [
        ("-1", "cannot be negative"),
        ("1e3", "exponents"),
        ("18446744073709551616", "too large"),
        ("", "nothing given"),
        ("0x10", "hexadecimal"),
        (
            "\u{ff14}\u{ff10}\u{ff10}\u{ff10}",
            "is not one of the digits 0 to 9",
        ),
        ("1.5", "not a whole number"),
    ] {
        refused(
            &["run", "hash", "-n", value],
            &[part, "`4000`, `4_000`, `4k`"],
        );
    }
}

#[test]
fn counts_of_workers_are_refused_where_no_machine_bears_them() {
    refused(
        &["run", "hash", "-n", "1", "-w", "0"],
        &["has to be more than 0"],
    );
    refused(
        &["run", "hash", "-n", "1", "-w", "100000000"],
        &["more than a machine can hold", "1000000"],
    );
    refused(
        &["run", "hash", "-n", "1", "-w", "many"],
        &["`4000`, `4_000`, `4k`"],
    );
    refused(
        &["run", "hash", "-n", "1", "-w", "100000000"],
        &["more than a machine can hold", "the most is 1000000"],
    );
    refused(
        &["run", "hash", "-n", "1", "--threads", "100000"],
        &["more than a machine can use"],
    );
}

#[test]
fn numbers_that_there_are_not_are_refused() {
    refused(
        &["run", "hash", "-n", "2", "--start", "18446744073709551615"],
        &["2^64 - 1"],
    );
}

#[test]
fn durations_without_a_unit_get_a_suggestion() {
    refused(
        &["run", "hash", "-d", "10"],
        &["did you mean `10s`?", "`1h30m`"],
    );
    refused(
        &["run", "hash", "-n", "1", "--timeout", "30"],
        &["did you mean `30s`?"],
    );
    refused(
        &["run", "hash", "-d", "99999999999h"],
        &["too large, the most is 584 years"],
    );
}

#[test]
fn sizes_that_mean_two_things_are_refused() {
    refused(
        &["run", "hash", "-n", "1", "--memory", "64M"],
        &["`MiB` (1024 KiB) or `MB` (1000 kB)"],
    );
}

#[test]
fn parameters_need_a_name_and_an_equals_sign() {
    refused(
        &["run", "hash", "-n", "1", "--set", "=x"],
        &["the name before `=` is empty"],
    );
    refused(
        &["run", "hash", "-n", "1", "--set", "text"],
        &["there is no `=` in it"],
    );
}

#[test]
fn a_flag_that_is_nearly_one_is_put_right() {
    refused(
        &["run", "hash", "-n", "1", "--timout", "1s"],
        &["--timeout"],
    );
    refused(&["run", "hash", "-n", "1", "--worker", "1"], &["--workers"]);
    refused(&["rum", "hash"], &["run"]);
}

#[test]
fn a_command_line_without_the_needful_says_what_is_missing() {
    refused(&["run"], &["OP"]);
    refused(&["run", "hash"], &["-n", "-d"]);
}

#[test]
fn the_limits_of_count_and_time_hold_together() {
    let summary = gorgon("run")
        .args(["hash", "-n", "10", "-d", "1h61m", "-w", "2"])
        .json();
    assert_eq!(summary.calls("done"), 10);
    let summary = gorgon("run")
        .args(["sleep", "-n", "4k", "-d", "200ms", "-w", "2"])
        .set("for", "20ms")
        .json();
    assert_eq!(summary.calls("asked"), 4_000);
    assert!(summary.calls("not_started") > 0, "the time was up first");
}

#[test]
fn counts_may_be_written_short() {
    let summary = gorgon("run").args(["hash", "-n", "0.1k", "-w", "2"]).json();
    assert_eq!(summary.calls("done"), 100);
}

#[test]
fn negative_values_are_told_to_be_negative() {
    for flag in ["-d", "--think", "--timeout", "--memory", "-w"] {
        refused(
            &["run", "hash", "-n", "1", flag, "-1s"],
            &["cannot be negative"],
        );
    }
}

#[test]
fn no_time_and_no_tag_are_refused() {
    refused(&["run", "hash", "-d", "0s"], &["-d 30s"]);
    refused(&["run", "hash", "-n", "1", "--expect", ""], &["empty tag"]);
}
