//! Another implementation of HdrHistogram reads what gorgon writes: the same counts, the same percentiles.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::support::{Files, OtherReaders, Summary, gorgon};

/// Histograms to be read together, and what gorgon says of them.
struct Group {
    name: String,
    blobs: Vec<String>,
    count: u64,
    /// Percentiles and nanoseconds.
    percentiles: Vec<(f64, u64)>,
}

impl Group {
    /// A histogram of a report.
    fn of_report(name: String, histogram: &Value) -> Group {
        let count = number(&histogram["count"]);
        let mut percentiles = vec![
            (0.0, number(&histogram["min_ns"])),
            (100.0, number(&histogram["max_ns"])),
        ];
        // Calls that did not end are in gorgon's percentiles and in no histogram.
        let listed = histogram["percentiles"]
            .as_array()
            .filter(|_| number(&histogram["censored"]) == 0);
        for percentile in listed.into_iter().flatten() {
            let p = percentile["p"].as_f64().expect("a number");
            // Between two ranks there is no one answer: some round, some take the next.
            let has_a_rank = (count as f64 * p / 100.0).fract() == 0.0;
            if let (Some(ns), true) = (percentile["ns"].as_u64(), has_a_rank) {
                percentiles.push((p, ns));
            }
        }
        Group {
            name,
            blobs: vec![text(&histogram["hdr_v2_deflate_base64"])],
            count,
            percentiles,
        }
    }

    /// A histogram of a saved run.
    fn of_tick(name: String, histogram: &Value) -> Group {
        Group {
            name,
            blobs: vec![text(&histogram["hdr"])],
            count: number(&histogram["count"]),
            percentiles: vec![
                (0.0, number(&histogram["min"])),
                (100.0, number(&histogram["max"])),
            ],
        }
    }
}

fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("`{value}` is no number"))
}

fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("`{value}` is no text"))
        .to_owned()
}

/// The histograms of calls in a report.
fn of_report(summary: &Summary) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut add = |name: &str, latency: &Value| {
        for part in ["service", "lag", "response"] {
            if latency[part]["count"]
                .as_u64()
                .is_some_and(|count| count > 0)
            {
                groups.push(Group::of_report(format!("{name} {part}"), &latency[part]));
            }
        }
    };
    add("totals", summary.at("/totals/latency"));
    for row in summary.at("/tags").as_array().expect("a list") {
        add(&row["tag"].to_string(), &row["latency"]);
    }
    groups
}

/// The histograms of calls in the ticks of a saved run.
fn of_ticks(saved: &str) -> Vec<Group> {
    let lines = saved
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    let ticks = lines.filter(|line: &Value| line["type"] == "tick");
    let mut groups = Vec::new();
    for tick in ticks {
        for row in tick["rows"].as_array().into_iter().flatten() {
            for part in ["service", "lag", "response"] {
                if row[part].is_object() {
                    let name = format!("{} {part} from {}", row["tag"], tick["from_ns"]);
                    groups.push(Group::of_tick(name, &row[part]));
                }
            }
        }
    }
    groups
}

/// The ticks of each row added up, which have to come to what the report says of it.
fn added_up(saved: &str, report: &[Group]) -> Vec<Group> {
    let mut sums: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for tick in of_ticks(saved) {
        let (row, _) = tick.name.split_once(" from ").expect("a name of a tick");
        sums.entry(row.to_owned()).or_default().extend(tick.blobs);
    }
    let rows = report.iter().filter(|row| sums.contains_key(&row.name));
    rows.map(|row| Group {
        name: format!("{} added up", row.name),
        blobs: sums[&row.name].clone(),
        count: row.count,
        percentiles: row.percentiles.clone(),
    })
    .collect()
}

/// Has all of them read.
#[track_caller]
fn check(readers: &OtherReaders, groups: &[Group]) {
    let questions: Vec<Value> = groups
        .iter()
        .map(|group| json!({"blobs": group.blobs, "percentiles": group.percentiles}))
        .collect();
    let answers = readers.ask(
        "histograms.py",
        Value::from(questions).to_string().as_bytes(),
    );
    let answers = answers.as_array().expect("a list");
    assert_eq!(answers.len(), groups.len());
    for (group, answer) in groups.iter().zip(answers) {
        assert_eq!(number(&answer["count"]), group.count, "{}", group.name);
        let pairs = answer["percentiles"].as_array().expect("a list");
        assert_eq!(pairs.len(), group.percentiles.len());
        for (pair, percentile) in pairs.iter().zip(&group.percentiles) {
            assert_eq!(pair[0], pair[1], "{}: {percentile:?}", group.name);
        }
    }
}

#[test]
fn another_implementation_reads_the_same_counts_and_percentiles() {
    let Some(readers) = OtherReaders::installed() else {
        return;
    };
    for arguments in [
        &["hash", "-n", "10000", "-w", "8"][..],
        &["noop", "-n", "1000", "--rate", "1000/s"],
        &["noop", "-n", "1"],
        &["sleep", "-n", "40", "-w", "20", "--set", "for=100ms"],
    ] {
        let files = Files::new();
        let path = files.path().join("run.jsonl");
        let summary = gorgon("run").args(arguments).arg("--save").arg(&path);
        let summary = summary.json();
        let saved = fs::read_to_string(&path).expect("it is saved");
        let report = of_report(&summary);
        let (ticks, sums) = (of_ticks(&saved), added_up(&saved, &report));
        assert!(report.len() >= 2 && !ticks.is_empty() && !sums.is_empty());
        for groups in [report, ticks, sums] {
            check(&readers, &groups);
        }
    }
}
