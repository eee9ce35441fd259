//! Programs that are not gorgon's read its views, and find in them what its JSON says.

use serde_json::{Value, json};

use crate::support::{Files, OtherReaders, gorgon};

#[test]
fn a_junit_reader_finds_each_rule_and_what_came_of_it() {
    let Some(readers) = OtherReaders::installed() else {
        return;
    };
    let files = Files::new();
    let rules = [
        "ok < 1",
        "fail > 1%",
        "tag(<&\u{1b}>) > 0",
        "counter(x) > 0",
    ];
    let run = |more: &[&str]| {
        let path = files.path().join("junit.xml");
        let mut run = gorgon("run")
            .args(["hash", "-n", "100", "-w", "2"])
            .args(more);
        for rule in rules {
            run = run.args(["--fail-if", rule]);
        }
        let finished = run.arg("--junit").arg(&path).args(["--json", "-"]).finish();
        let xml = std::fs::read(path).expect("it is written");
        (finished.summary(), readers.ask("junit.py", &xml))
    };
    let (summary, junit) = run(&[]);
    // Nothing can be said of any rule on a machine that is busy with something else.
    if summary.is_invalid() {
        return;
    }
    assert_eq!(
        (&junit["tests"], &junit["failures"]),
        (&json!(5), &json!(2)),
        "{junit}"
    );
    let cases = junit["cases"].as_array().expect("a list");
    let names: Vec<&Value> = cases.iter().map(|case| &case["name"]).collect();
    assert_eq!(
        names,
        [
            "the run",
            "ok < 1",
            "fail > 1 %",
            "tag(<&\\u{1b}>) > 0",
            "counter(x) > 0"
        ]
    );
    assert_eq!(cases[2]["failure"], "measured 20.00 %");
    assert!(
        cases[4]["failure"]
            .as_str()
            .is_some_and(|of| of.starts_with("no data: ")),
        "{junit}"
    );
    let (summary, junit) = run(&["--allow-no-data"]);
    if summary.is_invalid() {
        return;
    }
    assert_eq!(
        (&junit["failures"], &junit["skipped"]),
        (&json!(1), &json!(1)),
        "{junit}"
    );
}

/// The numbers of each line that has them.
fn numbers(printed: &str) -> Vec<Vec<f64>> {
    let lines = printed.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.map(|line| {
        line.split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect()
    });
    lines.filter(|line: &Vec<f64>| !line.is_empty()).collect()
}

#[test]
fn a_percentile_distribution_is_what_another_implementation_prints() {
    let Some(readers) = OtherReaders::installed() else {
        return;
    };
    for arguments in [
        &["hash", "-n", "3000", "-w", "3"][..],
        &["noop", "-n", "2000", "--rate", "20k/s"],
        &["noop", "-n", "1"],
    ] {
        let files = Files::new();
        let path = files.path().join("out.hgrm");
        let summary = gorgon("run")
            .args(arguments)
            .arg("--hgrm")
            .arg(&path)
            .json();
        let ours = std::fs::read_to_string(path).expect("it is written");
        let histogram = summary.at("/totals/latency/response/hdr_v2_deflate_base64");
        let lines = numbers(&ours);
        let values: Vec<u64> = lines
            .iter()
            .map(|line| (line[0] * 1e6).round() as u64)
            .collect();
        let question = json!({"histogram": histogram, "values": values}).to_string();
        let counts: Vec<f64> =
            serde_json::from_value(readers.ask("hgrm.py", question.as_bytes())).expect("a list");
        let total = summary.calls("done") as f64;
        for (line, count) in lines.iter().zip(&counts) {
            assert_eq!(line[2], *count, "{line:?} in {ours}");
            assert!(count / total >= line[1] - 1e-12, "{line:?} in {ours}");
            // The last line is at 100 %, and has no fourth number.
            let inverse = line
                .get(3)
                .map(|inverse| (inverse - 1.0 / (1.0 - line[1])).abs());
            assert!(
                inverse.map_or(line[1] == 1.0, |off| off <= 0.005),
                "{line:?} in {ours}"
            );
        }
        let max = summary.at("/totals/latency/response/max_ns");
        assert_eq!(values.last(), max.as_u64().as_ref());
    }
}

#[test]
fn an_interval_log_has_every_call_once() {
    let Some(readers) = OtherReaders::installed() else {
        return;
    };
    let read = |arguments: &[&str]| {
        let files = Files::new();
        let path = files.path().join("out.hlog");
        let summary = gorgon("run")
            .args(arguments)
            .arg("--hlog")
            .arg(&path)
            .json();
        let log = std::fs::read(path).expect("it is written");
        (summary, readers.ask("hlog.py", &log))
    };
    let number = |value: &Value| value.as_u64().expect("a number");
    // The same bucket, to three digits.
    let same = |a: u64, b: u64| a.abs_diff(b) <= a / 1_000;
    let (summary, log) = read(&["hash", "-n", "5000", "-w", "4", "--warmup", "100"]);
    let all = &log["tags"][""];
    let response = summary.at("/totals/latency/response");
    assert_eq!(all["count"], response["count"], "{log}");
    assert!(
        same(number(&all["max_ns"]), number(&response["max_ns"])),
        "{log}"
    );
    let median = number(&response["percentiles"][0]["ns"]);
    assert!(same(number(&all["median_ns"]), median), "{log} {median}");
    assert!(
        log["start"].as_f64().is_some_and(|start| start > 1.7e9),
        "{log}"
    );
    assert!(
        all["end_s"]
            .as_f64()
            .is_some_and(|end| (0.0..600.0).contains(&end)),
        "{log}"
    );
    let (summary, log) = read(&["hash=3", "noop=1", "-n", "400", "--rate", "4k/s"]);
    let count = |name: &str| number(&log["tags"][name]["count"]);
    assert_eq!((count("hash"), count("noop")), (300, 100), "{log}");
    assert_eq!(log["tags"].as_object().map(|tags| tags.len()), Some(2));
    assert_eq!(summary.calls("done"), 400);
}

#[test]
fn an_openmetrics_parser_finds_what_the_report_says() {
    let Some(readers) = OtherReaders::installed() else {
        return;
    };
    let files = Files::new();
    let items = files.write(
        "items",
        "a\"b\n\\n\n\\\n{x=\"1\"} 7\n# EOF\n=1\na\"b\n".repeat(20),
    );
    let path = files.path().join("out.txt");
    let run = gorgon("run").args([gorgon_fixtures::PROBE, "--set", "do=item"]);
    let run = run.arg("--items").arg(items).args(["--rate", "10k/s"]);
    let run = run
        .args(["--fail-if", "fault > 0", "--openmetrics"])
        .arg(&path);
    let summary = run.args(["--allow-no-data"]).json();
    let text = std::fs::read(path).expect("it is written");
    let samples = readers.ask("openmetrics.py", &text);
    let samples = samples.as_array().expect("a list");
    let value = |name: &str, label: &str, is: &str| {
        let of = samples
            .iter()
            .filter(|of| of[0] == name && (label.is_empty() || of[1][label] == is));
        of.filter_map(|of| of[2].as_f64()).sum::<f64>()
    };
    for (tag, shown) in [
        ("a\"b", "a\"b"),
        ("\\\\n", "\\\\\\\\n"),
        ("{x=\"1\"} 7", "{x=\"1\"} 7"),
        ("# EOF", "# EOF"),
    ] {
        assert_eq!(
            value("gorgon_calls_total", "tag", shown),
            summary.count("ok", tag) as f64,
            "{samples:?}"
        );
    }
    assert_eq!(value("gorgon_calls_total", "", ""), 140.0);
    let median = summary
        .at("/totals/latency/response/percentiles/0/ns")
        .as_f64()
        .expect("known");
    let found = value("gorgon_response_seconds", "quantile", "0.5");
    assert!((found * 1e9 - median).abs() < 1.0, "{found} {median}");
    assert_eq!(value("gorgon_response_seconds_count", "", ""), 140.0);
}

#[test]
fn an_xml_parser_finds_the_charts() {
    let Some(readers) = OtherReaders::installed() else {
        return;
    };
    let files = Files::new();
    let path = files.path().join("out.svg");
    let run = gorgon("run").args(["hash", "-n", "3000", "-w", "2"]);
    run.arg("--svg").arg(&path).expect_exit(0);
    let svg = readers.ask("svg.py", &std::fs::read(path).expect("it is written"));
    let texts = svg["texts"].as_array().expect("a list");
    for text in [
        "hash",
        "Latency over time",
        "Calls per second",
        "Percentiles",
        "ok 2 400",
        "fail 600",
    ] {
        assert!(texts.contains(&json!(text)), "{text} in {svg}");
    }
    // The maxima, at least the median, the calls, and the spectrum in two parts.
    assert!(svg["elements"]["path"].as_u64() >= Some(5), "{svg}");
}
