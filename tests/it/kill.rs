//! A run that is killed leaves what it had saved, and what it saves grows while it goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::support::{Files, Gorgon, Summary, Tally, gorgon};

/// Runs that are killed, all together and at the same time.
const KILLS: u64 = 200;
const SIDE_BY_SIDE: u64 = 8;

/// The time in which a run is killed once its file is there, and for some runs once calls are in it: two times what is kept back before it is written.
const LATEST_KILL: Duration = Duration::from_secs(2);

/// Far longer than anything here takes on a slow machine, in looks of a hundredth of a second: what reaches it hangs.
const MOST_LOOKS: u32 = 30_000;

/// Lets real time pass. Nothing waits for anything that way: it spaces out looks, and spreads kills.
fn pause(time: Duration) {
    let (_sender, nobody) = mpsc::channel::<()>();
    assert_eq!(
        nobody.recv_timeout(time),
        Err(mpsc::RecvTimeoutError::Timeout)
    );
}

/// Looks again and again until there is something.
#[track_caller]
pub(crate) fn look_for<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    for _ in 0..MOST_LOOKS {
        if let Some(found) = look() {
            return found;
        }
        pause(Duration::from_millis(10));
    }
    panic!("there never is {what}");
}

/// What a run that is saved to `path` is called until it is complete.
pub(crate) fn partial(path: &Path) -> PathBuf {
    path.with_added_extension("partial")
}

/// The bytes of a run's file, once its header is there.
#[track_caller]
fn begun(partial: &Path) -> Vec<u8> {
    look_for("a header", || {
        fs::read(partial)
            .ok()
            .filter(|bytes| bytes.contains(&b'\n'))
    })
}

pub(crate) fn report(path: &Path) -> Summary {
    gorgon("report").arg(path).json()
}

fn saving(run: Gorgon, path: &Path) -> Gorgon {
    run.arg("--save").arg(path)
}

/// Waits until calls are saved, while the run goes on.
#[track_caller]
pub(crate) fn some_are_saved(partial: &Path) {
    look_for("a saved call", || {
        let bytes = fs::read(partial).ok()?;
        (calls_in(&ticks(&bytes)) > 0).then_some(())
    });
}

/// The ticks among the whole lines of a file.
fn ticks(bytes: &[u8]) -> Vec<Value> {
    let lines = bytes.split_inclusive(|&byte| byte == b'\n');
    lines
        .filter(|line| line.ends_with(b"\n"))
        .map(|line| serde_json::from_slice(line).expect("a whole line is JSON"))
        .filter(|line: &Value| line["type"] == "tick")
        .collect()
}

/// Ticks follow each other from the beginning of the run, without a hole; returns the calls in them.
#[track_caller]
fn calls_in(ticks: &[Value]) -> u64 {
    let mut end_ns = 0;
    let mut calls = 0;
    for tick in ticks {
        assert_eq!(tick["from_ns"].as_u64(), Some(end_ns), "{tick}");
        end_ns = tick["to_ns"].as_u64().expect("a time");
        let rows = tick["rows"].as_array().into_iter().flatten();
        calls += rows
            .map(|row| row["count"].as_u64().expect("a count"))
            .sum::<u64>();
    }
    calls
}

/// Starts a run, kills it after a while, and reads what it left.
fn kill_one(files: &Files, index: u64) {
    let path = files.path().join(format!("{index}.jsonl"));
    let run = gorgon("run")
        .args(["sleep", "--rate", "500/s", "-d", "1h"])
        .set("for", "5ms");
    let mut running = saving(run, &path).start();
    let partial = partial(&path);
    begun(&partial);
    let has_calls = index.is_multiple_of(4);
    if has_calls {
        some_are_saved(&partial);
    }
    // Multiples of a number without a common factor are spread evenly.
    pause(LATEST_KILL * (index * 77 % KILLS) as u32 / KILLS as u32);
    running.child.kill().expect("it can be killed");
    running.child.wait().expect("it has ended");

    assert!(!path.exists(), "a killed run is not complete");
    let bytes = fs::read(&partial).expect("it is there");
    let summary = report(&partial);
    assert_eq!(summary.at("/status"), "incomplete");
    assert_eq!(summary.calls("done"), calls_in(&ticks(&bytes)), "{index}");
    assert!(!has_calls || summary.calls("done") > 0, "{index}");
}

#[test]
fn two_hundred_runs_that_are_killed_leave_what_they_had_saved() {
    let files = Files::new();
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= KILLS {
                        break;
                    }
                    kill_one(&files, index);
                }
            });
        }
    });
}

#[test]
fn what_is_saved_of_a_run_only_grows_and_a_kill_takes_nothing_back() {
    let files = Files::new();
    let tally = Tally::start();
    let path = files.path().join("run.jsonl");
    let run = gorgon("run")
        .args(["http", "--rate", "200/s", "-d", "1h"])
        .set("url", tally.url("/n/{number}"));
    let mut running = saving(run, &path).start();
    let partial = partial(&path);
    let mut before = begun(&partial);
    let mut calls = 0;
    // Each time everything that the server has seen by now gets into the file while the run goes on.
    for _ in 0..3 {
        let seen = look_for("a call", || {
            Some(tally.seen().len() as u64).filter(|&seen| seen > calls)
        });
        let bytes = look_for("what was seen", || {
            let bytes = fs::read(&partial).ok()?;
            (calls_in(&ticks(&bytes)) >= seen).then_some(bytes)
        });
        assert!(bytes.starts_with(&before), "what was written has changed");
        let summary = report(&partial);
        assert!(summary.calls("done") >= seen);
        calls = calls_in(&ticks(&bytes));
        before = bytes;
    }
    let status = running.child.try_wait().expect("it can be looked at");
    assert_eq!(status, None, "the run goes on");
    running.child.kill().expect("it can be killed");
    running.child.wait().expect("it has ended");
    assert!(report(&partial).calls("done") >= calls);
    let bytes = fs::read(&partial).expect("it is there");
    assert!(bytes.starts_with(&before), "what was written has changed");
    // Nothing is in it that did not happen.
    assert!(calls_in(&ticks(&bytes)) <= tally.seen().len() as u64);
}

#[test]
fn all_calls_are_saved_before_teardown_begins() {
    let files = Files::new();
    let path = files.path().join("run.jsonl");
    let run = gorgon("run")
        .args([gorgon_fixtures::FULL, "-n", "7", "--timeout", "1h"])
        .set("slow", "teardown");
    let mut running = saving(run, &path).start();
    let partial = partial(&path);
    look_for("all calls", || {
        let bytes = fs::read(&partial).ok()?;
        (calls_in(&ticks(&bytes)) == 7).then_some(())
    });
    let status = running.child.try_wait().expect("it can be looked at");
    assert_eq!(status, None, "it is still being torn down");
    running.child.kill().expect("it can be killed");
    running.child.wait().expect("it has ended");
    assert_eq!(report(&partial).calls("done"), 7);
}

#[test]
fn the_partial_file_of_a_run_that_was_killed_is_the_last_run() {
    let files = Files::new();
    let with_state = |command: &str| gorgon(command).env("XDG_STATE_HOME", files.path());
    let run = with_state("run").args(["sleep", "-d", "1h", "-w", "2"]);
    let mut running = run.set("for", "5ms").start();
    let directory = files.path().join("gorgon/runs");
    let partial = look_for("a file", || {
        let mut entries = fs::read_dir(&directory).ok()?;
        Some(entries.next()?.ok()?.path())
    });
    begun(&partial);
    running.child.kill().expect("it can be killed");
    running.child.wait().expect("it has ended");
    let summary = with_state("report").arg("last").json();
    assert_eq!(summary.at("/status"), "incomplete");
    let name = partial.file_name().expect("a name").to_string_lossy();
    let id = summary.at("/run/id").as_str().expect("text");
    assert_eq!(name, format!("{id}.jsonl.partial"));
    with_state("runs").expect_exit(0).stdout_contains(id);
    // It may still be written to, for all that anybody knows.
    with_state("runs")
        .args(["prune", "--keep", "0"])
        .expect_exit(0);
    assert!(partial.exists());
}
