//! What a run tells when it is sent a signal, to whoever reads stderr, and on disk.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::kill::look_for;
use crate::support::{Gate, Gorgon, Running, gorgon};

/// Waits until a file of a run that goes on has a tick. It is looked at now and then, however long that takes.
fn wait_for_tick(partial: &Path) {
    while !fs::read_to_string(partial).is_ok_and(|text| text.contains("\"tick\"")) {
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// A run that goes on until it is ended, once something of it is on disk. By then it watches for signals.
fn saved_to(path: &Path) -> Running {
    let running = gorgon("run")
        .args(["hash", "-n", "1G", "-w", "2", "--json", "-", "--save"])
        .arg(path)
        .start();
    wait_for_tick(&path.with_added_extension("partial"));
    running
}

/// Asks a run how far it is until it knows, and returns how many calls it says to have made.
#[track_caller]
fn told(running: &mut Running) -> u64 {
    loop {
        running.signal("USR1");
        let line = running.wait_for_stderr("gorgon: ");
        if !line.contains("no second of the run has passed yet") {
            let counts = line.strip_prefix("gorgon: ").unwrap_or_default();
            assert!(counts.contains("/1000000000 "), "{line}");
            let done = counts.split('/').next().unwrap_or_default();
            return done.parse().unwrap_or_else(|_| panic!("{line}"));
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// A run of two calls that are answered when the test says so, and never otherwise.
fn held(gate: &Gate) -> Gorgon {
    gorgon("run")
        .args(["http", "-n", "1G", "-w", "2", "--json", "-"])
        .args(["--grace", "1h", "--timeout", "1h"])
        .set("url", gate.url("/"))
}

#[test]
fn after_one_signal_calls_in_flight_may_end() {
    let gate = Gate::closed();
    let mut running = held(&gate).start();
    (0..2).for_each(|_| drop(gate.asked()));
    running.signal("INT");
    running.wait_for_stderr("calls in flight may end");
    let (_server, asked) = gate.open();
    let summary = running.finish().summary();
    assert_eq!((summary.calls("ok"), summary.calls("unfinished")), (2, 0));
    assert_eq!(asked.try_iter().count(), 0, "no call was made afterwards");
}

#[test]
fn word_of_how_far_a_run_is_does_not_change_it() {
    let folder = tempfile::tempdir().expect("a directory");
    let mut running = saved_to(&folder.path().join("run.jsonl"));
    let told = told(&mut running);
    running.signal("INT");
    let summary = running.finish().summary();
    assert!(told > 0 && summary.calls("done") >= told, "{told}");
}

#[test]
fn what_a_run_has_told_of_itself_is_on_disk() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("run.jsonl");
    let mut running = saved_to(&path);
    let told = told(&mut running);
    running.child.kill().expect("it can be killed");
    running.child.wait().expect("it can be waited for");
    let summary = gorgon("report")
        .arg(path.with_added_extension("partial"))
        .json();
    assert_eq!(summary.at("/status"), "incomplete");
    assert!(summary.calls("done") >= told, "told {told}");
}

#[test]
fn a_signal_that_asks_for_a_core_is_told_how_far_the_run_is_and_ends_it() {
    use std::os::unix::process::ExitStatusExt;
    let gate = Gate::closed();
    let running = held(&gate).start();
    gate.asked();
    running.signal("QUIT");
    let finished = running.finish();
    assert_eq!(finished.status.signal(), Some(3), "{}", finished.all());
    finished.stderr_contains("gorgon: ").stdout_is_empty();
}

/// Waits until a process catches a signal.
#[cfg(target_os = "linux")]
fn catches(running: &Running, signal: u32) {
    let status = format!("/proc/{}/status", running.child.id());
    look_for("a signal that is caught", || {
        let status = fs::read_to_string(&status).ok()?;
        let mask = status
            .lines()
            .find_map(|line| line.strip_prefix("SigCgt:"))?;
        let mask = u64::from_str_radix(mask.trim(), 16).ok()?;
        (mask >> (signal - 1) & 1 == 1).then_some(())
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_that_has_not_begun_says_so_and_goes_on() {
    const USR1: u32 = 10;
    // It waits for its operation.
    let mut running = gorgon("run")
        .args(["-", "-n", "1"])
        .stdin(Stdio::piped())
        .start();
    catches(&running, USR1);
    running.signal("USR1");
    running.wait_for_stderr("no second of the run has passed yet");
    let mut stdin = running.take_stdin();
    stdin.write_all(b"no operation").expect("it reads");
    drop(stdin);
    assert_eq!(running.finish().status.code(), Some(65));
}

#[test]
fn how_a_run_was_ended_is_in_its_file_and_in_every_report_of_it() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("run.jsonl");
    let running = saved_to(&path);
    running.signal("TERM");
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(143), "{}", finished.all());
    let report = gorgon("report")
        .arg(&path)
        .args(["--json", "-"])
        .expect_exit(0);
    assert_eq!(report.stdout(), finished.stdout());
    let lines = fs::read_to_string(&path).expect("it was saved");
    let events: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|line: &Value| line["type"] == "event")
        .collect();
    let last = events.last().expect("an event");
    assert_eq!(
        (&last["kind"], &last["text"]),
        (&"signal".into(), &"terminated".into())
    );
}
