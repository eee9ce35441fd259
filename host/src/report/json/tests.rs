use serde_json::{Value, json};

use super::*;
use crate::report::samples;

const SCHEMA_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/summary.schema.json");

fn value(summary: &Summary) -> Value {
    serde_json::to_value(document(summary)).unwrap()
}

fn evaluated(summary: &Summary, rules: &[&str]) -> Value {
    let rules: Vec<_> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    let evaluated = crate::thresholds::evaluate_all(&rules, summary, []);
    serde_json::to_value(thresholds(&evaluated)).unwrap()
}

#[test]
fn the_committed_schema_is_the_generated_one() {
    let generated = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(SCHEMA_FILE, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(SCHEMA_FILE).unwrap();
    assert!(
        committed == generated,
        "schema/summary.schema.json is out of date: run this test with UPDATE=1"
    );
}

#[test]
fn every_document_fits_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for (name, summary) in samples::all() {
        let mut document = value(&summary);
        let rules = ["p99 > 1ms", "fail > 1%", "fault > 0", "rate < 1/s"];
        document["thresholds"] = evaluated(&summary, &rules);
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
    assert!(!validator.is_valid(&json!({ "schema": SCHEMA })));
    let mut wrong = value(&samples::usual());
    wrong["calls"]["done"] = json!("4000");
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn the_parts_of_every_document_add_up() {
    for (name, summary) in samples::all() {
        let document = document(&summary);
        let calls = &document.calls;
        assert_eq!(
            calls.asked,
            calls.done + calls.missed + calls.not_started + calls.unfinished,
            "{name}"
        );
        assert_eq!(calls.done, calls.ok + calls.fail + calls.fault, "{name}");
        assert_eq!(
            calls.done,
            document.tags.iter().map(|tag| tag.count).sum::<u64>(),
            "{name}"
        );
        assert_eq!(calls.done, document.totals.completed, "{name}");
        for tag in &document.tags {
            assert!(tag.latency.service.count <= tag.count, "{name}");
            assert!((0.0..=1.0).contains(&tag.share), "{name}");
        }
    }
}

#[test]
fn what_was_not_measured_is_null_and_never_zero() {
    let document = value(&samples::nothing());
    let service = &document["totals"]["latency"]["service"];
    assert_eq!(document["totals"]["throughput_per_s"], Value::Null);
    for figure in ["min_ns", "mean_ns", "stdev_ns", "max_ns"] {
        assert_eq!(service[figure], Value::Null);
    }
    assert_eq!(
        service["percentiles"][0],
        json!({ "p": 50.0, "ns": null, "samples_beyond": 0 })
    );
    assert_eq!(document["totals"]["latency"]["lag"], Value::Null);
    assert!(document.get("exit_code").is_none());
}

#[test]
fn numbers_that_a_double_cannot_hold_are_strings() {
    let document = value(&samples::usual());
    assert_eq!(document["run"]["seed"], json!("24301"));
    assert_eq!(
        document["failures"][0]["first"],
        json!({ "number": "7", "worker": 7, "at_ns": 7_752_641 })
    );
}

#[test]
fn bounds_are_apart_from_values() {
    let document = document(&samples::open_load());
    let response = &document.totals.latency.response;
    assert_eq!((response.count, response.censored), (9_400, 600));
    let of = |p: f64| {
        response
            .percentiles
            .iter()
            .find(|percentile| percentile.p == p)
            .unwrap()
    };
    assert!(of(50.0).ns.is_some() && of(50.0).at_least_ns.is_none());
    assert!(of(99.0).ns.is_none() && of(99.0).at_least_ns.is_some());
    assert_eq!(of(99.0).samples_beyond, 100);
}

#[test]
fn the_verdict_says_that_nobody_looked() {
    let verdict = &value(&samples::usual())["verdict"];
    assert_eq!(*verdict, json!({ "state": "not_assessed", "reasons": [] }));
}

#[test]
fn a_verdict_has_its_reasons_and_the_readings_behind_them() {
    let value = value(&samples::doubted());
    assert_eq!(value["verdict"]["state"], "invalid");
    assert_eq!(
        value["verdict"]["reasons"][1],
        json!({ "id": "poll_delay", "state": "degraded", "text": "so were its neighbours" })
    );
    assert_eq!(value["readings"]["system"]["user_ns"], 80_000_000);
    assert_eq!(value["shape"]["modes_ns"], json!([7_200_000, 22_000_000]));
    assert_eq!(value["shape"]["drift"]["to_ns"], 9_000_000);
}

#[test]
fn rules_say_what_was_measured_with_its_unit() {
    let rules = [
        "max > 1s",
        "fail >= 1%",
        "tag(503) > 40",
        "rate < 1/s",
        "p99.9 > 1s",
    ];
    let run = samples::usual();
    let max = run.latency.service.ended.max();
    let expected = json!([
        { "rule": "max > 1s", "result": "pass", "measured": { "unit": "ns", "value": max } },
        { "rule": "fail >= 1%", "result": "fail", "measured": { "unit": "share", "value": 0.01 } },
        { "rule": "tag(503) > 40", "result": "pass", "measured": { "unit": "count", "value": 40 } },
        {
            "rule": "rate < 1/s",
            "result": "pass",
            "measured": { "unit": "per_s", "value": run.rate_per_s() },
        },
        {
            "rule": "p99.9 > 1s",
            "result": "no_data",
            "measured": null,
            "reason": "4 calls lie beyond it and 10 are needed",
        },
    ]);
    assert_eq!(evaluated(&run, &rules), expected);
}

#[test]
fn a_bound_is_no_measurement() {
    let rules = evaluated(&samples::open_load(), &["p99 > 1ms", "p99 > 1h"]);
    let [broken, unknown] = [&rules[0], &rules[1]];
    assert_eq!(
        (&broken["result"], &unknown["result"]),
        (&json!("fail"), &json!("no_data"))
    );
    for rule in [broken, unknown] {
        assert_eq!(rule["measured"], Value::Null);
        assert_eq!(rule["at_least"]["unit"], json!("ns"));
        assert!(rule["at_least"]["value"].as_u64() > Some(500_000_000));
    }
    assert!(broken.get("reason").is_none() && unknown["reason"].is_string());
}
