//! Every run is saved, and what was saved says exactly what the run said, or says that it cannot.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Files, Finished, Gorgon, Summary, gorgon};

/// A state directory that several commands share.
struct State {
    files: Files,
}

impl State {
    fn new() -> State {
        State {
            files: Files::new(),
        }
    }

    fn gorgon(&self, command: &str) -> Gorgon {
        gorgon(command).env("XDG_STATE_HOME", self.files.path())
    }

    /// `gorgon run hash -n CALLS`.
    fn run(&self, calls: u64) -> Gorgon {
        let calls = calls.to_string();
        self.gorgon("run").args(["hash", "-w", "3", "-n", &calls])
    }

    /// The files of its runs.
    fn runs(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.files.path().join("gorgon/runs"));
        let mut runs: Vec<PathBuf> = entries
            .into_iter()
            .flatten()
            .map(|entry| entry.expect("an entry").path())
            .collect();
        runs.sort();
        runs
    }

    /// The file of its only run.
    #[track_caller]
    fn only_run(&self) -> PathBuf {
        let runs = self.runs();
        assert_eq!(runs.len(), 1, "{runs:?}");
        runs[0].clone()
    }

    /// The ids as `gorgon runs` lists them.
    fn listed(&self) -> Vec<String> {
        let listed = self.gorgon("runs").expect_exit(0);
        let rows = listed.stdout().lines().skip(1);
        rows.filter_map(|row| row.split_whitespace().next())
            .map(str::to_owned)
            .collect()
    }
}

fn id(path: &Path) -> String {
    let name = path.file_stem().expect("a name");
    name.to_str().expect("text").to_owned()
}

/// A run that was saved to a file, and its bytes.
fn saved(files: &Files, name: &str, arguments: &[&str]) -> (PathBuf, Vec<u8>) {
    let path = files.path().join(name);
    gorgon("run")
        .args(arguments)
        .arg("--save")
        .arg(&path)
        .expect_exit(0);
    let bytes = fs::read(&path).expect("it is saved");
    (path, bytes)
}

#[test]
fn a_run_is_saved_where_its_user_keeps_state() {
    let state = State::new();
    let summary = state.run(200).json();
    let saved = state.only_run();
    assert_eq!(*summary.at("/run/id"), id(&saved));
    assert!(saved.extension().is_some_and(|ending| ending == "jsonl"));
}

#[test]
fn a_report_of_a_saved_run_is_what_the_run_said_byte_for_byte() {
    #[track_caller]
    fn check(exit: i32, arguments: &[&str]) {
        let state = State::new();
        for view in [&[][..], &["--json", "-"]] {
            let run = state.gorgon("run").args(arguments).args(view);
            let run = run.expect_exit(exit);
            let report = state.gorgon("report").arg("last").args(view);
            let report = report.expect_exit(0);
            assert_eq!(report.stdout(), run.stdout(), "{arguments:?}");
        }
    }
    check(0, &["hash", "-n", "400", "-w", "3"]);
    check(0, &["noop", "-n", "0"]);
    check(0, &["noop", "--rate", "400/s", "-d", "300ms"]);
    check(0, &["noop", "-n", "100", "--warmup", "50"]);
    check(0, &["noop=3", "hash=1", "-n", "200"]);
    let rules = ["--fail-if", "fail > 1%", "--fail-if", "max > 1h"];
    check(99, &[&["hash", "-n", "400"], &rules[..]].concat());
    check(69, &["trap", "-n", "20", "--set", "every=1"]);
    let measured = ["--set", "do=measure"];
    check(
        0,
        &[&[gorgon_fixtures::PROBE, "-n", "50"], &measured[..]].concat(),
    );
}

#[test]
fn a_run_is_named_by_last_its_id_the_beginning_of_it_or_a_path() {
    let state = State::new();
    state.run(10).expect_exit(0);
    let first = state.only_run();
    let newest = state.run(20).json();
    let calls = |what: &str| {
        let report = state.gorgon("report").arg(what).json();
        report.calls("done")
    };
    let first_id = id(&first);
    assert_eq!(calls("last"), 20);
    assert_eq!(calls(&first_id), 10);
    assert_eq!(calls(first.to_str().expect("text")), 10);
    // The shortest beginning that the other one does not have.
    let other = newest.at("/run/id").as_str().expect("text");
    let common = first_id
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    assert_eq!(calls(&first_id[..=common]), 10);
    assert_eq!(calls(&other[..=common]), 20);
    state
        .gorgon("report")
        .arg(&first_id[..common])
        .expect_exit(66)
        .stderr_contains(&first_id)
        .stderr_contains(other)
        .stdout_is_empty()
        .has_no_sign_of_a_bug();
}

#[test]
fn a_run_that_is_not_there_is_told_with_what_is() {
    let state = State::new();
    state
        .gorgon("report")
        .arg("last")
        .expect_exit(66)
        .stderr_contains("there is no saved run")
        .has_no_sign_of_a_bug();
    state.run(10).expect_exit(0);
    for nothing in ["nonsense", "no/such/file.jsonl", ""] {
        state
            .gorgon("report")
            .arg(nothing)
            .expect_exit(66)
            .stdout_is_empty()
            .has_no_sign_of_a_bug();
    }
    state
        .gorgon("report")
        .arg("nonsense")
        .expect_exit(66)
        .stderr_contains(&id(&state.only_run()));
}

#[test]
fn a_run_that_is_not_to_be_saved_leaves_nothing() {
    let state = State::new();
    state.run(10).arg("--no-save").expect_exit(0);
    assert_eq!(state.runs(), [] as [PathBuf; 0]);
}

#[test]
fn a_run_that_could_not_begin_leaves_no_file() {
    let state = State::new();
    state.run(10).args(["--memory", "64KiB"]).expect_exit(65);
    assert_eq!(state.runs(), [] as [PathBuf; 0]);
}

#[test]
fn a_run_that_is_saved_by_name_is_saved_there_and_nowhere_else() {
    let state = State::new();
    let file = state.files.path().join("mine.jsonl");
    let run = state.run(30).arg("--save").arg(&file);
    let run = run.args(["--json", "-"]).expect_exit(0);
    let report = state.gorgon("report").arg(&file);
    let report = report.args(["--json", "-"]).expect_exit(0);
    assert_eq!(report.stdout(), run.stdout());
    assert_eq!(state.runs(), [] as [PathBuf; 0]);
    assert!(!state.files.path().join("mine.jsonl.partial").exists());
}

#[test]
fn a_saved_run_is_never_overwritten() {
    #[track_caller]
    fn check(there: &str) {
        let files = Files::new();
        let path = files.write(there, "precious");
        gorgon("run")
            .args(["hash", "-n", "10", "--save"])
            .arg(files.path().join("run.jsonl"))
            .expect_exit(73)
            .stderr_contains(there)
            .stdout_is_empty()
            .has_no_sign_of_a_bug();
        assert_eq!(fs::read(path).expect("it is there"), b"precious");
        assert_eq!(fs::read_dir(files.path()).expect("a directory").count(), 1);
    }
    check("run.jsonl");
    check("run.jsonl.partial");
}

#[test]
fn a_name_in_a_directory_that_is_not_there_is_told_before_the_run() {
    let files = Files::new();
    gorgon("run")
        .args(["hash", "-n", "10", "--save"])
        .arg(files.path().join("no/such/run.jsonl"))
        .expect_exit(73)
        .stderr_contains("run.jsonl")
        .stdout_is_empty()
        .has_no_sign_of_a_bug();
}

#[test]
fn a_state_directory_that_cannot_be_used_is_a_notice_and_no_more() {
    // Even root cannot make a directory in a file.
    let files = Files::new();
    let file = files.write("file", "");
    let finished = gorgon("run")
        .args(["hash", "-n", "50"])
        .env("XDG_STATE_HOME", &file)
        .args(["--json", "-"])
        .expect_exit(0);
    finished.stderr_contains("the run is not saved");
    finished.has_no_sign_of_a_bug();
    assert_eq!(finished.summary().calls("done"), 50);
}

#[test]
fn runs_that_are_put_together_add_up_exactly() {
    let files = Files::new();
    let (a, _) = saved(&files, "a.jsonl", &["hash", "-n", "300", "-w", "2"]);
    let (b, _) = saved(&files, "b.jsonl", &["hash", "-n", "501", "-w", "3"]);
    let report = |paths: &[&Path]| gorgon("report").args(paths).json();
    let (one, two) = (report(&[&a]), report(&[&b]));
    let both = report(&[&a, &b]);
    for what in [
        "asked",
        "done",
        "ok",
        "fail",
        "fault",
        "missed",
        "not_started",
        "unfinished",
    ] {
        let sum = one.calls(what) + two.calls(what);
        assert_eq!(both.calls(what), sum, "{what}");
    }
    both.has_tags([("FAIL", 161), ("SUCCESS", 640)]);
    let number = |summary: &Summary, at: &str| summary.at(at).as_u64().expect("a number");
    let service = "/totals/latency/service";
    let least = format!("{service}/min_ns");
    let most = format!("{service}/max_ns");
    let both_of = |at: &str| [number(&one, at), number(&two, at)];
    assert_eq!(
        Some(number(&both, &least)),
        both_of(&least).into_iter().min()
    );
    assert_eq!(Some(number(&both, &most)), both_of(&most).into_iter().max());
    // In which order they are named makes no difference to what was counted.
    let reversed = report(&[&b, &a]);
    for at in ["/calls", "/tags", "/totals"] {
        assert_eq!(reversed.at(at), both.at(at));
    }
}

#[test]
fn a_run_counts_once() {
    let files = Files::new();
    let (path, bytes) = saved(&files, "a.jsonl", &["hash", "-n", "30"]);
    let copy = files.write("copy.jsonl", bytes);
    for again in [&path, &copy] {
        gorgon("report")
            .args([&path, again])
            .expect_exit(64)
            .stderr_contains("twice")
            .stdout_is_empty()
            .has_no_sign_of_a_bug();
    }
}

#[test]
fn runs_that_have_nothing_to_do_with_each_other_are_not_put_together() {
    let files = Files::new();
    let (hash, _) = saved(&files, "hash.jsonl", &["hash", "-n", "30"]);
    for (name, arguments) in [
        ("noop.jsonl", &["noop", "-n", "30"][..]),
        ("open.jsonl", &["hash", "-n", "30", "--rate", "400/s"]),
    ] {
        let (other, _) = saved(&files, name, arguments);
        gorgon("report")
            .args([&hash, &other])
            .expect_exit(65)
            .stderr_contains("cannot be put together")
            .stdout_is_empty()
            .has_no_sign_of_a_bug();
    }
}

/// Reports a file that may be damaged: `None` if it is refused in words, else its summary.
#[track_caller]
fn reported(path: &Path) -> Option<Summary> {
    let finished = gorgon("report").arg(path).args(["--json", "-"]).finish();
    finished.has_no_sign_of_a_bug();
    match finished.status.code() {
        Some(0) => Some(finished.summary()),
        Some(65 | 66) => {
            // No report, but the error for the program that waits for one.
            finished
                .stderr_contains("error: ")
                .stdout_contains("{\n  \"error\": {");
            None
        }
        _ => panic!("{}", finished.all()),
    }
}

#[track_caller]
fn is_told(finished: &Finished) {
    finished.stderr_contains("error: ").stdout_is_empty();
}

/// A saved run of several ticks with results in each of them.
fn several_ticks(files: &Files) -> (PathBuf, Vec<u8>) {
    let (path, bytes) = saved(
        files,
        "whole.jsonl",
        &["noop", "-n", "120", "--rate", "400/s"],
    );
    assert!(bytes.split(|&byte| byte == b'\n').count() > 5);
    (path, bytes)
}

#[test]
fn any_beginning_of_a_saved_run_is_a_run_that_did_not_come_to_its_end() {
    let files = Files::new();
    let (whole, bytes) = several_ticks(&files);
    let all = reported(&whole).expect("it is whole").calls("done");
    let first_line = bytes.iter().position(|&byte| byte == b'\n').expect("lines");
    // Around the end of every line, and in between.
    let ends = (0..bytes.len()).filter(|&at| bytes[at] == b'\n');
    let near = ends.flat_map(|end| [end - 1, end, end + 1]);
    let between = (0..12).map(|part| bytes.len() * part / 12);
    let mut lengths: Vec<usize> = near.chain(between).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let mut least = 0;
    for length in lengths {
        let part = files.write("part.jsonl", &bytes[..length]);
        let Some(summary) = reported(&part) else {
            assert!(length < first_line, "{length} bytes are refused");
            continue;
        };
        assert!(length >= first_line, "{length} bytes are no header");
        let done = summary.calls("done");
        assert!((least..=all).contains(&done), "{length} bytes: {done}");
        least = done;
        let is_whole = length + 1 >= bytes.len();
        assert_eq!(
            summary.at("/status"),
            if is_whole { "completed" } else { "incomplete" },
            "{length} bytes"
        );
    }
    assert_eq!(least, all);
}

#[test]
fn a_saved_run_with_another_byte_never_shows_other_totals() {
    let files = Files::new();
    let (whole, bytes) = several_ticks(&files);
    let all = reported(&whole).expect("it is whole").calls("done");
    let last_line = bytes[..bytes.len() - 1]
        .iter()
        .rposition(|&byte| byte == b'\n')
        .expect("lines");
    for part in 0..60 {
        let at = bytes.len() * part / 60;
        let mut other = bytes.clone();
        other[at] ^= 1 << (part % 8);
        let path = files.write("other.jsonl", &other);
        let Some(summary) = reported(&path) else {
            continue;
        };
        // Only the end may be left out, as if it had been torn off, and that is said.
        assert!(at > last_line, "byte {at} of {}", bytes.len());
        assert_eq!(summary.at("/status"), "incomplete", "byte {at}");
        assert_eq!(summary.calls("done"), all, "byte {at}");
    }
}

#[test]
fn what_is_no_saved_run_is_refused_in_words() {
    #[track_caller]
    fn check(bytes: &[u8], words: &str) {
        let files = Files::new();
        let path = files.write("file.jsonl", bytes);
        let finished = gorgon("report").arg(path).expect_exit(65);
        finished.stderr_contains(words).has_no_sign_of_a_bug();
        is_told(&finished);
    }
    let report = gorgon("run")
        .args(["hash", "-n", "10", "--json", "-"])
        .expect_exit(0);
    check(b"", "it is empty");
    check(b"\n", "header");
    check(b"{}\n{}\n", "header");
    check(&[0; 4096], "header");
    check(&[0xff; 4096], "header");
    check(b"a,b\n1,2\n", "header");
    check(report.stdout().as_bytes(), "--json");
    let component = fs::read(gorgon_fixtures::PROBE).expect("a component");
    check(&component, "header");
}

#[test]
fn a_directory_is_no_saved_run() {
    let files = Files::new();
    let path = format!("{}/", files.path().display());
    let finished = gorgon("report").arg(path).expect_exit(66);
    finished.stderr_contains("directory").has_no_sign_of_a_bug();
    is_told(&finished);
}

#[test]
fn a_run_of_a_future_version_asks_for_a_newer_gorgon() {
    let files = Files::new();
    let (_, bytes) = saved(&files, "run.jsonl", &["hash", "-n", "10"]);
    let text = String::from_utf8(bytes).expect("text");
    let header = text.lines().next().expect("a header");
    let header: Value = serde_json::from_str(header).expect("JSON");
    assert_eq!(header["format"], "gorgon.run/0");
    let later = text.replacen("gorgon.run/0", "gorgon.run/7", 1);
    let path = files.write("later.jsonl", later);
    let finished = gorgon("report").arg(path).expect_exit(65);
    finished
        .stderr_contains("newer gorgon")
        .has_no_sign_of_a_bug();
    is_told(&finished);
}

#[test]
fn saved_runs_are_listed_the_newest_first_and_the_oldest_pruned() {
    let state = State::new();
    state
        .gorgon("runs")
        .expect_exit(0)
        .stderr_contains("no run is saved")
        .has_no_sign_of_a_bug();
    let ids: Vec<String> = (1..=3)
        .map(|run| {
            let summary = state.run(run * 1_000).json();
            summary.at("/run/id").as_str().expect("text").to_owned()
        })
        .collect();
    let newest_first: Vec<String> = ids.iter().rev().cloned().collect();
    assert_eq!(state.listed(), newest_first);
    state
        .gorgon("runs")
        .expect_exit(0)
        .stdout_contains("hash")
        .stdout_contains("3 000");
    let pruned = state.gorgon("runs").args(["prune", "--keep", "1"]);
    let pruned = pruned.expect_exit(0);
    pruned.stdout_contains(&ids[0]).stdout_contains(&ids[1]);
    pruned.lacks(&ids[2]).stderr_contains("2 runs removed");
    assert_eq!(id(&state.only_run()), ids[2]);
    assert_eq!(state.listed(), ids[2..]);
}

#[test]
fn what_is_not_ours_is_not_pruned() {
    let state = State::new();
    state.run(10).expect_exit(0);
    let directory = state.files.path().join("gorgon/runs");
    for name in ["notes.txt", "notes.jsonl"] {
        fs::write(directory.join(name), "precious").expect("a file can be written");
    }
    state.run(10).expect_exit(0);
    let pruned = state.gorgon("runs").args(["prune", "--keep", "0"]);
    pruned.expect_exit(0);
    let left = state.runs();
    assert_eq!(left.len(), 3, "{left:?}");
    for name in ["notes.txt", "notes.jsonl"] {
        let text = fs::read(directory.join(name)).expect("it is there");
        assert_eq!(text, b"precious");
    }
}

#[test]
fn without_a_place_for_runs_nothing_is_saved_and_that_is_said() {
    let homeless = |command: &str| gorgon(command).without("XDG_STATE_HOME").without("HOME");
    homeless("run")
        .args(["noop", "-n", "5"])
        .expect_exit(0)
        .stderr_contains("the run is not saved");
    homeless("report")
        .arg("last")
        .expect_exit(66)
        .stderr_contains("GORGON_STATE_DIR");
    homeless("runs").expect_exit(75).stderr_contains("hint:");
}

#[test]
fn warm_ups_of_several_runs_add_up_and_are_in_no_result() {
    let state = State::new();
    for (calls, warm_up) in [(100, "50"), (200, "5")] {
        state.run(calls).args(["--warmup", warm_up]).expect_exit(0);
    }
    let both = state.gorgon("report").args(state.runs()).json();
    assert_eq!(both.calls("done"), 300);
    assert_eq!(both.at("/calls/warmup_done"), 55);
}
