//! Results go to stdout, everything else to stderr, and neither has to be there.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::support::{Files, Gorgon, Summary, gorgon};

fn run() -> Gorgon {
    gorgon("run").args(["hash", "-n", "50", "-w", "2"])
}

#[test]
fn json_on_stdout_is_all_there_is_on_stdout() {
    let finished = run().args(["--json", "-"]).expect_exit(0);
    assert!(finished.stdout().starts_with('{'), "{}", finished.all());
    finished.summary().has_tags([("FAIL", 10), ("SUCCESS", 40)]);
}

#[test]
fn json_in_a_file_leaves_the_report_on_stdout() {
    let files = Files::new();
    let path = files.path().join("summary.json");
    run()
        .arg("--json")
        .arg(&path)
        .expect_exit(0)
        .stdout_contains("SUCCESS");
    let written = std::fs::read(&path).expect("the file is there");
    Summary::checked(serde_json::from_slice(&written).expect("JSON"))
        .has_tags([("FAIL", 10), ("SUCCESS", 40)]);
}

#[test]
fn json_that_cannot_be_written_is_told_before_the_run() {
    let files = Files::new();
    let nowhere = files.path().join("no/such/directory.json");
    run()
        .arg("--json")
        .arg(nowhere)
        .expect_exit(73)
        .stderr_contains("directory.json");
    run()
        .arg("--json")
        .arg(files.path())
        .expect_exit(73)
        .stderr_contains("error: ");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_told() {
    run()
        .args(["--json", "/dev/full"])
        .expect_exit(73)
        .stderr_contains("/dev/full")
        .has_no_sign_of_a_bug();
}

#[test]
fn the_report_is_text_without_colour_where_nobody_looks() {
    let finished = run().expect_exit(0);
    finished.stdout_contains("SUCCESS").stdout_contains("FAIL");
    assert!(!finished.stdout().contains('\u{1b}'), "{}", finished.all());
    assert!(!finished.stderr().contains('\u{1b}'), "{}", finished.all());
}

#[test]
fn no_color_wins_over_everything() {
    let finished = run()
        .env("NO_COLOR", "1")
        .env("CLICOLOR_FORCE", "1")
        .expect_exit(0);
    assert!(!finished.stdout().contains('\u{1b}'), "{}", finished.all());
}

#[test]
fn a_quiet_run_still_gives_its_results() {
    let finished = run().args(["-q", "--json", "-"]).expect_exit(0);
    assert_eq!(finished.stderr(), "");
    assert_eq!(finished.summary().calls("done"), 50);
}

#[test]
fn the_report_does_not_need_stderr() {
    let finished = run().stderr(Stdio::null()).expect_exit(0);
    finished.stdout_contains("SUCCESS");
}

#[test]
fn a_reader_that_goes_away_ends_the_report_quietly() {
    let mut running = run().start();
    let stdout = running.child.stdout.take().expect("a pipe");
    let mut first = String::new();
    BufReader::new(stdout)
        .read_line(&mut first)
        .expect("a line");
    // The reader is dropped: what follows has nowhere to go.
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(0), "{}", finished.all());
    finished.has_no_sign_of_a_bug();
}

#[test]
fn a_missing_home_is_no_obstacle() {
    run()
        .without("HOME")
        .without("XDG_STATE_HOME")
        .expect_exit(0)
        .stdout_contains("SUCCESS");
}

#[test]
fn a_parameter_that_nobody_asked_for_is_pointed_out() {
    let summary = gorgon("run")
        .args(["plain", "-n", "10"])
        .set("tga", "X")
        .json();
    let notes = summary.at("/notes").to_string();
    assert!(notes.contains("`tga`"), "{notes}");
    let summary = gorgon("run")
        .args(["plain", "-n", "10"])
        .set("tag", "X")
        .json();
    let notes = summary.at("/notes").to_string();
    assert!(!notes.contains("spelt"), "{notes}");
}

#[test]
fn a_password_in_an_address_is_in_no_message() {
    gorgon("run")
        .args(["http://me:hunter2@127.0.0.1:1/op.wasm", "-n", "1"])
        .expect_exit(66)
        .stderr_contains("…@127.0.0.1:1/op.wasm")
        .lacks("hunter2");
}

#[test]
fn secrets_are_not_in_a_report() {
    let summary = gorgon("run")
        .args(["noop", "-n", "10"])
        .set("api_token", "hunter2")
        .json();
    let command = summary.at("/run/command").to_string();
    assert!(
        command.contains("api_token=") && !command.contains("hunter2"),
        "{command}"
    );
}

#[test]
fn what_a_trial_shows_is_what_the_guest_saw() {
    let target = crate::support::Target::start();
    let finished = gorgon("try")
        .arg("http")
        .set("url", target.url("/status/404"))
        .expect_exit(69);
    finished
        .stdout_contains("404 (fail)")
        .stdout_contains("new connection")
        .stdout_contains("content-length");
}
