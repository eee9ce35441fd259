//! All views of a run say the same: the same counts, rates, percentiles and maxima, each read back from what was written.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;

use super::samples::views;
use super::view::RunView;
use super::{csv, hgrm, hlog, json, junit, markdown, openmetrics, svg};

type Write = fn(&mut dyn io::Write, &RunView) -> io::Result<()>;

fn written(write: Write, run: &RunView) -> String {
    let mut out = Vec::new();
    write(&mut out, run).unwrap();
    String::from_utf8(out).unwrap()
}

/// A run, and its JSON, with which everything else is compared.
struct Views {
    name: &'static str,
    run: RunView,
    json: Value,
}

fn all() -> Vec<Views> {
    let all = views().into_iter().map(|(name, run)| {
        let json = serde_json::from_str(&written(json::write, &run)).unwrap();
        Views { name, run, json }
    });
    all.collect()
}

impl Views {
    fn of(&self, pointer: &str) -> &Value {
        self.json
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{}: {pointer}", self.name))
    }

    fn count(&self, pointer: &str) -> u64 {
        self.of(pointer).as_u64().unwrap()
    }

    fn response(&self) -> &Value {
        self.of("/totals/latency/response")
    }
}

/// Lines of CSV, each as its cells by the name of their column.
fn lines(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
    reader.deserialize().map(|line| line.unwrap()).collect()
}

fn number(cell: &str) -> Option<f64> {
    (!cell.is_empty()).then(|| cell.parse().unwrap())
}

/// The figures of durations as CSV has them, of the JSON of the same.
fn durations(of: &Value) -> Vec<(String, Option<f64>)> {
    let figures = ["min", "mean", "max"]
        .map(|name| (format!("{name}_ns"), of[format!("{name}_ns")].as_f64()));
    let percentiles = of["percentiles"].as_array().unwrap().iter();
    let percentiles = percentiles.map(|one| {
        (
            format!("p{}_ns", one["p"]).replace(".0_", "_"),
            one["ns"].as_f64(),
        )
    });
    figures.into_iter().chain(percentiles).collect()
}

#[test]
fn the_csv_of_tags_is_the_json() {
    for of in all() {
        let lines = lines(&written(csv::write_tags, &of.run));
        let tags = of.of("/tags").as_array().unwrap();
        assert_eq!(lines.len(), tags.len(), "{}", of.name);
        for (line, tag) in lines.iter().zip(tags) {
            assert_eq!(line["outcome"], tag["outcome"].as_str().unwrap());
            for (column, expected) in [
                ("calls", &tag["count"]),
                ("share", &tag["share"]),
                ("calls_per_s", &tag["throughput_per_s"]),
            ] {
                assert_eq!(
                    number(&line[column]),
                    expected.as_f64(),
                    "{} {column}",
                    of.name
                );
            }
            for (before, part) in [("", "response"), ("service_", "service"), ("lag_", "lag")] {
                if !line.contains_key(&format!("{before}min_ns")) {
                    continue;
                }
                for (column, expected) in durations(&tag["latency"][part]) {
                    assert_eq!(
                        number(&line[&format!("{before}{column}")]),
                        expected,
                        "{} {column}",
                        of.name
                    );
                }
            }
        }
    }
}

#[test]
fn the_stretches_add_up_to_the_run() {
    for of in all()
        .into_iter()
        .filter(|of| !of.run.series.ticks.is_empty())
    {
        let lines = lines(&written(csv::write, &of.run));
        let sum = |column: &str| {
            lines
                .iter()
                .filter_map(|line| number(&line[column]))
                .sum::<f64>() as u64
        };
        for (column, pointer) in [
            ("calls", "/calls/done"),
            ("ok", "/calls/ok"),
            ("fail", "/calls/fail"),
            ("fault", "/calls/fault"),
            ("warmup", "/calls/warmup_done"),
        ] {
            assert_eq!(sum(column), of.count(pointer), "{} {column}", of.name);
        }
        let of_rows = lines[0].keys().filter(|name| name.contains('/'));
        assert_eq!(
            of_rows.map(|name| sum(name)).sum::<u64>(),
            of.count("/calls/done")
        );
        let all = |column: &'static str| {
            let cells = lines.iter();
            cells.filter_map(move |line| number(&line[column]))
        };
        let response = of.response();
        assert_eq!(all("max_ns").reduce(f64::max), response["max_ns"].as_f64());
        assert_eq!(all("min_ns").reduce(f64::min), response["min_ns"].as_f64());
    }
}

/// The lines of numbers in a percentile distribution.
fn levels(hgrm: &str) -> Vec<Vec<f64>> {
    let lines = hgrm
        .lines()
        .skip(1)
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let numbers = |line: &str| {
        line.split_whitespace()
            .map(|word| word.parse().unwrap())
            .collect()
    };
    lines.map(numbers).collect()
}

#[test]
fn the_percentile_distribution_has_the_count_the_median_and_the_maximum() {
    for of in all() {
        let response = of.response();
        let levels = levels(&written(hgrm::write, &of.run));
        let count = response["count"].as_u64().unwrap();
        let Some(last) = levels.last() else {
            assert_eq!(count, 0, "{}", of.name);
            continue;
        };
        let same = |ms: f64, ns: &Value| {
            ns.as_f64()
                .is_none_or(|ns| (ms * 1e6 - ns).abs() <= ns * 1e-12 + 0.5)
        };
        assert_eq!(last[2] as u64, count, "{}", of.name);
        assert!(same(last[0], &response["max_ns"]), "{} {last:?}", of.name);
        // Those calls that never ended move the percentiles of the report and are not in there.
        if response["censored"] == 0 {
            let median = levels.iter().find(|line| line[1] == 0.5);
            let expected = &response["percentiles"][0]["ns"];
            assert!(median.is_some() || count < 20, "{}", of.name);
            assert!(
                median.is_none_or(|line| same(line[0], expected)),
                "{} {median:?}",
                of.name
            );
        }
    }
}

#[test]
fn the_interval_log_has_the_maximum_of_the_run() {
    for of in all()
        .into_iter()
        .filter(|of| !of.run.series.ticks.is_empty())
    {
        let log = written(hlog::write, &of.run);
        let lines = log.lines().filter(|line| !line.starts_with(['#', '"']));
        let max = lines.map(|line| line.rsplit(',').nth(1).unwrap().parse::<f64>().unwrap());
        let max_ns = max.reduce(f64::max).map(|ms| (ms * 1e6).round());
        assert_eq!(max_ns, of.response()["max_ns"].as_f64(), "{}", of.name);
    }
}

#[test]
fn the_metrics_are_the_json() {
    for of in all() {
        let text = written(openmetrics::write, &of.run);
        let sum = |beginning: &str| {
            let lines = text.lines().filter(|line| line.starts_with(beginning));
            let values = lines.map(|line| line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap());
            values.reduce(|sum, value| sum + value)
        };
        let counts = |pointer: &str| Some(of.count(pointer) as f64);
        assert_eq!(
            sum("gorgon_calls_total{").unwrap_or(0.0),
            of.count("/calls/done") as f64,
            "{}",
            of.name
        );
        assert_eq!(
            sum("gorgon_accounting{state=\"asked\"}"),
            counts("/calls/asked"),
            "{}",
            of.name
        );
        assert_eq!(
            sum("gorgon_calls_per_second "),
            of.of("/totals/throughput_per_s").as_f64()
        );
        assert_eq!(
            sum("gorgon_ok_calls_per_second "),
            of.of("/totals/ok_per_s").as_f64()
        );
        let response = of.response();
        let ns = |beginning: &str| sum(beginning).map(|seconds| (seconds * 1e9).round());
        assert_eq!(
            ns("gorgon_response_max_seconds "),
            response["max_ns"].as_f64(),
            "{}",
            of.name
        );
        assert_eq!(
            sum("gorgon_response_seconds_count "),
            response["count"].as_f64(),
            "{}",
            of.name
        );
        for percentile in response["percentiles"].as_array().unwrap() {
            let quantile = format!(
                "gorgon_response_seconds{{quantile=\"{}\"}}",
                percentile["p"].as_f64().unwrap() * 1e4 / 1e6
            );
            assert_eq!(
                ns(&quantile),
                percentile["ns"].as_f64(),
                "{} {quantile}",
                of.name
            );
        }
    }
}

#[test]
fn what_people_read_has_the_same_rules_and_tags() {
    for of in all() {
        let markdown = written(markdown::write, &of.run);
        let xml = written(junit::write, &of.run);
        let svg = written(svg::write, &of.run);
        if !of.run.series.ticks.is_empty() {
            for outcome in ["ok", "fail", "fault"] {
                let count = super::format::count(of.count(&format!("/calls/{outcome}")));
                assert!(
                    svg.contains(&format!(">{outcome} {count}</text>")),
                    "{}",
                    of.name
                );
            }
            let longest = of.response()["max_ns"].as_u64().unwrap();
            let longest = super::format::duration(longest);
            assert!(
                svg.contains(&format!(">max {longest}</text>")),
                "{}",
                of.name
            );
        }
        let rules = of.of("/thresholds").as_array().unwrap();
        let count = |result: &str| rules.iter().filter(|rule| rule["result"] == result).count();
        assert_eq!(
            markdown.matches("| ✅ kept |").count(),
            count("pass"),
            "{}",
            of.name
        );
        assert_eq!(
            markdown.matches("| ❌ broken |").count(),
            count("fail"),
            "{}",
            of.name
        );
        assert_eq!(
            markdown.matches("| ❌ no data |").count(),
            count("no_data"),
            "{}",
            of.name
        );
        assert_eq!(
            xml.matches("type=\"rule broken\"").count(),
            count("fail"),
            "{}",
            of.name
        );
        assert_eq!(
            xml.matches("type=\"no data\"").count(),
            count("no_data"),
            "{}",
            of.name
        );
        for tag in of.of("/tags").as_array().unwrap().iter().take(1) {
            let calls = super::format::count(tag["count"].as_u64().unwrap());
            assert!(
                markdown.contains(&format!("| {calls} |")),
                "{}: {markdown}",
                of.name
            );
        }
    }
}
