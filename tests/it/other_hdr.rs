//! The histograms that gorgon writes say the same to an implementation of HdrHistogram that is not ours.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Summary, gorgon};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The Python that has the other implementation, where it is installed. On CI it has to be.
fn python() -> Option<PathBuf> {
    let python = Path::new(ROOT).join("target/other-hdr/bin/python");
    if python.exists() {
        return Some(python);
    }
    let is_ci = std::env::var_os("CI").is_some();
    assert!(!is_ci, "tests/other-hdr/install.sh has not been run");
    eprintln!(
        "SKIPPED: no other implementation of HdrHistogram; tests/other-hdr/install.sh installs it"
    );
    None
}

/// What the other implementation reads from some histograms.
#[track_caller]
fn read(python: &Path, histograms: &[&str]) -> Vec<Value> {
    let mut child = Command::new(python)
        .arg(Path::new(ROOT).join("tests/other-hdr/read.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    stdin
        .write_all(histograms.join("\n").as_bytes())
        .expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("it prints text");
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("it prints JSON"));
    lines.collect()
}

/// Compares a histogram of the JSON report with what the other implementation says of it.
#[track_caller]
fn same(ours: &Value, theirs: &Value) {
    assert_eq!(ours["count"], theirs["count"]);
    let max = ours["max_ns"].as_u64().expect("there is a longest");
    let min = ours["min_ns"].as_u64().expect("there is a shortest");
    for percentile in ours["percentiles"].as_array().expect("a list") {
        let (p, ns) = (&percentile["p"], percentile["ns"].as_u64());
        let theirs = theirs["percentiles"][p.to_string().trim_end_matches(".0")].as_u64();
        if let (Some(ours), Some(theirs)) = (ns, theirs) {
            // They give the end of a bucket, we never more than the exact extremes.
            assert_eq!(ours, theirs.clamp(min, max), "p{p}");
        }
    }
}

fn run() -> (Summary, tempfile::TempDir) {
    let state = tempfile::tempdir().expect("a directory");
    let summary = gorgon("run")
        .args(["noop", "--rate", "2k", "-n", "2000"])
        .env("GORGON_STATE_DIR", state.path())
        .json();
    (summary, state)
}

#[test]
fn the_histograms_of_a_report_are_read_alike() {
    let Some(python) = python() else { return };
    let (summary, _state) = run();
    let parts = ["service", "lag", "response"];
    let ours: Vec<&Value> = parts
        .iter()
        .map(|part| summary.at(&format!("/totals/latency/{part}")))
        .collect();
    let blobs: Vec<&str> = ours
        .iter()
        .map(|part| part["hdr_v2_deflate_base64"].as_str().expect("a histogram"))
        .collect();
    let theirs = read(&python, &blobs);
    assert_eq!(theirs.len(), 3);
    ours.iter()
        .zip(&theirs)
        .for_each(|(ours, theirs)| same(ours, theirs));
}

#[test]
fn the_histograms_of_a_saved_run_add_up_to_its_calls() {
    let Some(python) = python() else { return };
    let (_summary, state) = run();
    let runs = std::fs::read_dir(state.path().join("runs")).expect("runs are saved");
    let file = runs.map(|entry| entry.expect("a file").path()).next();
    let text = std::fs::read_to_string(file.expect("a run")).expect("it can be read");
    let lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let ticks: Vec<Value> = lines.filter(|line| line["type"] == "tick").collect();
    let rows = ticks
        .iter()
        .filter_map(|tick| tick["rows"].as_array())
        .flatten();
    let blobs: Vec<&str> = rows
        .filter_map(|row| row["response"]["hdr"].as_str())
        .collect();
    let read = read(&python, &blobs);
    let counted: u64 = read.iter().filter_map(|one| one["count"].as_u64()).sum();
    assert_eq!(counted, 2_000);
}
