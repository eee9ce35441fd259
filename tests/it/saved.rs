//! Every run is saved as it goes on, and what is read back is the run that was made.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Finished, Gorgon, gorgon};

/// A directory of saved runs that several processes share.
struct Saved {
    state: tempfile::TempDir,
}

impl Saved {
    fn new() -> Saved {
        let state = tempfile::tempdir().expect("a directory");
        Saved { state }
    }

    fn gorgon(&self, command: &str) -> Gorgon {
        gorgon(command).env("GORGON_STATE_DIR", self.state.path())
    }

    /// Makes a run of `hash` and returns what it printed as JSON.
    #[track_caller]
    fn run(&self, calls: &str) -> Value {
        let args = ["hash", "-n", calls, "-w", "2", "--json", "-"];
        json(&self.gorgon("run").args(args).expect_exit(0))
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.state.path().join("runs")).expect("runs are saved");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
        files.sort();
        files
    }
}

#[track_caller]
fn json(finished: &Finished) -> Value {
    serde_json::from_str(finished.stdout())
        .unwrap_or_else(|error| panic!("stdout is not JSON ({error}): {}", finished.all()))
}

fn id(run: &Value) -> String {
    run["run"]["id"]
        .as_str()
        .expect("a run has an id")
        .to_owned()
}

fn done(run: &Value) -> u64 {
    run["calls"]["done"].as_u64().expect("calls are counted")
}

#[test]
fn the_report_of_a_saved_run_is_the_report_of_the_run() {
    let saved = Saved::new();
    let run = saved.run("500");
    let shown = |what: &str| {
        let shown = saved.gorgon("report").args([what, "--json", "-"]);
        json(&shown.expect_exit(0))
    };
    assert_eq!(shown("last"), run);
    assert_eq!(shown(&id(&run)), run);
    assert_eq!(shown(&id(&run)[..17]), run);
    assert_eq!(shown(saved.files()[0].to_str().expect("a path")), run);
}

#[test]
fn the_text_of_a_saved_run_is_the_text_of_the_run() {
    let saved = Saved::new();
    let args = ["sleep", "--set", "for=1ms", "--rate", "200", "-n", "60"];
    let args = [&args[..], &["--fail-if", "p50 > 10s", "--warmup", "5"]].concat();
    // On a machine that is too busy the rule has no data, and that is told alike, too.
    let run = saved.gorgon("run").args(args).finish();
    let report = saved.gorgon("report").arg("last").expect_exit(0);
    assert_eq!(report.stdout(), run.stdout());
}

#[test]
fn runs_are_listed_the_newest_first_and_the_oldest_go() {
    let saved = Saved::new();
    let runs: Vec<Value> = ["10", "20", "30"].map(|calls| saved.run(calls)).into();
    let listed = saved.gorgon("runs").expect_exit(0);
    let places: Vec<Option<usize>> = runs
        .iter()
        .map(|run| listed.stdout().find(&id(run)))
        .collect();
    assert!(places.iter().all(Option::is_some), "{}", listed.all());
    let pruned = saved
        .gorgon("runs")
        .args(["prune", "--keep", "1"])
        .expect_exit(0);
    assert_eq!(pruned.stdout().lines().count(), 2, "{}", pruned.all());
    let listed = saved.gorgon("runs").expect_exit(0);
    listed.stdout_contains(&id(&runs[2])).lacks(&id(&runs[0]));
}

#[test]
fn several_runs_of_one_operation_add_up_exactly() {
    let saved = Saved::new();
    let (first, second) = (saved.run("300"), saved.run("700"));
    let (a, b) = (id(&first), id(&second));
    let both = saved.gorgon("report").args([&a, &b]).json();
    assert_eq!(both.calls("done"), 1_000);
    both.has_tags([("FAIL", 200), ("SUCCESS", 800)]);
    let order = saved.gorgon("report").args([&b, &a]).json();
    assert_eq!(order.at("/totals/latency"), both.at("/totals/latency"));
    saved
        .gorgon("report")
        .args([&a, &a])
        .expect_exit(64)
        .stderr_contains("given twice");
    saved
        .gorgon("run")
        .args(["noop", "-n", "10"])
        .expect_exit(0);
    saved
        .gorgon("report")
        .args([a.as_str(), "last"])
        .expect_exit(65)
        .stderr_contains("cannot be put together");
}

#[test]
fn a_run_is_saved_where_it_is_told_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("mine.jsonl");
    let save = |path: &Path| {
        gorgon("run")
            .args(["noop", "-n", "10", "--save"])
            .arg(path)
            .finish()
    };
    assert_eq!(save(&path).status.code(), Some(0));
    gorgon("report").arg(&path).expect_exit(0);
    let before = fs::read(&path).expect("the file is there");
    let again = save(&path);
    assert_eq!(again.status.code(), Some(73), "{}", again.all());
    again.stderr_contains("never overwrites");
    assert_eq!(fs::read(&path).expect("the file is there"), before);
    let missing = save(&folder.path().join("no/such/run.jsonl"));
    assert_eq!(missing.status.code(), Some(73), "{}", missing.all());
}

#[test]
fn a_run_that_is_not_to_be_saved_or_cannot_be_is_made_all_the_same() {
    let saved = Saved::new();
    let args = ["noop", "-n", "10", "--no-save"];
    saved.gorgon("run").args(args).expect_exit(0);
    assert!(!saved.state.path().join("runs").exists());
    let file = tempfile::NamedTempFile::new().expect("a file");
    gorgon("run")
        .args(["noop", "-n", "10"])
        .env("GORGON_STATE_DIR", file.path())
        .expect_exit(0)
        .stderr_contains("the run is not saved");
}

#[test]
fn a_run_that_could_not_begin_leaves_no_file() {
    let saved = Saved::new();
    let args = ["hash", "-n", "10", "--memory", "64KiB"];
    saved.gorgon("run").args(args).expect_exit(65);
    assert!(!saved.state.path().join("runs").exists() || saved.files().is_empty());
}

#[test]
fn a_file_that_was_cut_short_is_a_prefix_of_the_run_or_says_what_is_wrong() {
    let saved = Saved::new();
    let whole = done(&saved.run("2000"));
    let bytes = fs::read(&saved.files()[0]).expect("the file is there");
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("cut.jsonl");
    for length in (0..bytes.len()).step_by(bytes.len() / 40 + 1) {
        fs::write(&path, &bytes[..length]).expect("it can be written");
        let report = gorgon("report").arg(&path).args(["--json", "-"]).finish();
        report.has_no_sign_of_a_bug();
        match report.status.code() {
            Some(0) => {
                let prefix = report.summary();
                assert!(prefix.calls("done") <= whole, "{}", report.all());
                assert_eq!(prefix.at("/status"), "incomplete");
            }
            code => assert_eq!(code, Some(65), "{}", report.all()),
        }
    }
}

#[test]
fn a_damaged_file_is_told_and_never_read_as_another_run() {
    let saved = Saved::new();
    let run = saved.run("2000");
    let bytes = fs::read(&saved.files()[0]).expect("the file is there");
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("damaged.jsonl");
    for place in (7..bytes.len()).step_by(bytes.len() / 40 + 1) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        fs::write(&path, &damaged).expect("it can be written");
        let report = gorgon("report").arg(&path).args(["--json", "-"]).finish();
        report.has_no_sign_of_a_bug();
        match report.status.code() {
            // The last line alone may be left out.
            Some(0) => assert!(report.summary().calls("done") <= done(&run)),
            code => assert_eq!(code, Some(65), "{}", report.all()),
        }
    }
}

#[test]
fn what_is_no_saved_run_is_refused_with_the_reason() {
    #[track_caller]
    fn check(content: &str, exit: i32, words: &str) {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), content).expect("it can be written");
        let report = gorgon("report").arg(file.path()).expect_exit(exit);
        report.stderr_contains(words).has_no_sign_of_a_bug();
    }
    check("", 65, "empty");
    check("{\"type\":\"something\"}\n", 65, "error:");
    check("\u{7f}ELF and so on\n", 65, "error:");
    gorgon("report")
        .arg("/no/such/run.jsonl")
        .expect_exit(66)
        .stderr_contains("cannot read");
    gorgon("report")
        .arg("last")
        .expect_exit(66)
        .stderr_contains("there is no saved run");
    gorgon("report").arg("/").expect_exit(66);
}
