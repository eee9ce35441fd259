use serde_json::Value;

use super::*;
use crate::compare::{Batch, Metric, RuleResult, Verdict, independent};
use crate::report::{Style, samples};
use crate::splitmix;
use crate::stats::Histogram;
use crate::watch;

const SCHEMA_FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../schema/comparison.schema.json"
);

const UNICODE: Style = Style {
    color: false,
    unicode: true,
    width: 80,
};

/// Batches of calls between 1 and 2 times `ns`, of which a tenth fails.
fn batches(count: u64, seed: u64, ns: f64) -> Vec<Batch> {
    let batch = |index: u64| {
        let mut felt = Histogram::new();
        for call in 0..100 {
            let part = splitmix::unit(splitmix::after(seed, index * 100 + call));
            felt.record((ns * (1.0 + part)) as u64);
        }
        Batch::new(250_000_000, 100, 90, &felt)
    };
    (0..count).map(batch).collect()
}

fn side(name: &str, batches: usize) -> Side {
    Side {
        name: name.to_owned(),
        summary: samples::usual(),
        batches,
        ..Side::default()
    }
}

fn view(b: Vec<Batch>) -> ComparisonView {
    let settings = Settings::default();
    let comparison = independent(&batches(40, 1, 5e6), &b, &settings);
    let rule: crate::compare::Rule = "p50 slower 5%".parse().unwrap();
    ComparisonView {
        rules: vec![RuleOf {
            side: 1,
            judged: rule.judge(&comparison, true),
        }],
        sides: vec![side("main.jsonl", 40), side("this.jsonl", b.len())],
        against: vec![Against {
            side: 1,
            comparison,
            is_believed: true,
        }],
        settings,
        ..ComparisonView::default()
    }
}

fn written(view: &ComparisonView, style: Style) -> String {
    let mut out = Vec::new();
    text::write(&mut out, view, style).unwrap();
    String::from_utf8(out).unwrap()
}

fn views() -> Vec<ComparisonView> {
    let mut identical = view(batches(40, 1, 5e6));
    identical
        .notes
        .push(Note::warning("different \u{1b}[31mhosts"));
    let mut invalid = view(batches(40, 2, 9e6));
    invalid.sides[1].summary.facts.verdict = Some(watch::Verdict {
        state: watch::State::Invalid,
        reasons: vec![watch::Reason {
            id: "steal".to_owned(),
            state: watch::State::Invalid,
            text: "the CPUs were away".to_owned(),
        }],
    });
    vec![
        view(batches(40, 2, 5.5e6)),
        view(batches(40, 2, 5.05e6)),
        view(batches(10, 2, 5.5e6)),
        identical,
        invalid,
        ComparisonView::default(),
    ]
}

#[track_caller]
fn contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

#[test]
fn the_screen_has_what_they_are_and_how_they_differ() {
    let text = written(&view(batches(40, 2, 5.5e6)), UNICODE);
    let head: Vec<&str> = text.lines().take(9).collect();
    contains(
        &head.join("\n"),
        &[
            " A  main.jsonl   4 000 calls   2026-11-20   op.wasm 9f2c41d07be8",
            "A        B    B − A",
            "95 % interval    verdict",
            "calls/s",
            "400.0",
            "same",
            "+10.",
            "✗ worse",
        ],
    );
    contains(&text, &["shorter is better", "✗ B  p50 slower 5%   +"]);
}

#[test]
fn what_is_not_sure_comes_with_what_it_would_take() {
    let text = written(&view(batches(40, 2, 5.05e6)), UNICODE);
    contains(
        &text,
        &[
            "no evidence",
            "that would tell a difference of 2 %, nine times of ten:",
        ],
    );
    let text = written(&view(batches(10, 2, 5.5e6)), UNICODE);
    contains(
        &text,
        &[
            "not enough data: A has 40 stretches and B 10; 20 are needed",
            "? B  p50 slower 5%   no data",
        ],
    );
    let views = views();
    contains(
        &written(&views[3], UNICODE),
        &["identical", "A and B are identical"],
    );
    contains(
        &written(&views[4], UNICODE),
        &["B is invalid", "the CPUs were away"],
    );
}

#[test]
fn every_screen_fits_and_steers_no_terminal() {
    for (index, view) in views().iter().enumerate() {
        for width in [50, 80, 100] {
            for unicode in [true, false] {
                let style = Style {
                    width,
                    unicode,
                    color: false,
                };
                let text = written(view, style);
                assert!(unicode || text.is_ascii(), "{text}");
                assert!(!text.contains('\u{1b}'), "{text}");
                for line in text.lines() {
                    let columns = crate::report::printable::columns(line);
                    assert!(columns <= width, "{index} at {width}: {columns}\n{text}");
                    assert_eq!(line.trim_end(), line, "{index} at {width}");
                }
            }
        }
    }
}

#[test]
fn figures_are_shown_with_their_unit_and_sign() {
    #[track_caller]
    fn check(metric: Metric, difference: f64, interval: (f64, f64), expected: [&str; 2]) {
        let mut figure = *view(batches(40, 2, 5.5e6)).against[0]
            .comparison
            .figure(metric)
            .unwrap();
        figure.difference = Some(difference);
        let (low, high) = interval;
        let interval = Some(crate::compare::Interval { low, high });
        let shown = [
            words::difference(&figure),
            words::interval(interval, metric.is_share()),
        ];
        assert_eq!(shown, expected);
    }
    check(
        Metric::P50,
        -0.115,
        (-0.122, -0.108),
        ["−11.5 %", "−12.2 … −10.8 %"],
    );
    check(
        Metric::P50,
        -0.0001,
        (-0.0001, 0.0001),
        ["0.0 %", "0.0 … 0.0 %"],
    );
    check(Metric::P99, 1.5, (-0.26, 1.02), ["+150 %", "−26 … +102 %"]);
    check(
        Metric::Fail,
        -0.0001,
        (-0.0014, 0.0012),
        ["−0.01 pt", "−0.14 … +0.12 pt"],
    );
    assert_eq!(words::effect(0.02), "2 %");
    assert_eq!(words::effect(0.005), "0.5 %");
}

#[test]
fn the_committed_schema_is_the_generated_one() {
    let generated = serde_json::to_string_pretty(&json::schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(SCHEMA_FILE, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(SCHEMA_FILE).unwrap();
    assert!(
        committed == generated,
        "schema/comparison.schema.json is out of date: run this test with UPDATE=1"
    );
}

#[test]
fn every_document_fits_the_schema() {
    let validator = jsonschema::validator_for(&json::schema()).unwrap();
    for view in views() {
        let document = serde_json::to_value(json::document(&view)).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn a_document_says_what_the_screen_says() {
    let view = view(batches(40, 2, 5.5e6));
    let document = serde_json::to_value(json::document(&view)).unwrap();
    let figures = document["comparisons"][0]["figures"].as_array().unwrap();
    for (figure, compared) in figures.iter().zip(&view.against[0].comparison.figures) {
        assert_eq!(figure["figure"], compared.metric.word());
        assert_eq!(figure["difference"].as_f64(), compared.difference);
        assert_eq!(
            figure["interval"]["low"].as_f64(),
            compared.interval.map(|interval| interval.low)
        );
        let word = figure["verdict"].as_str().unwrap().replace('_', " ");
        assert_eq!(word, compared.verdict.word());
    }
    assert_eq!(view.rules[0].judged.result, RuleResult::Fail);
    assert_eq!(document["rules"][0]["result"], "fail");
    let few = serde_json::to_value(json::document(&views()[2])).unwrap();
    assert_eq!(few["comparisons"][0]["figures"][1]["interval"], Value::Null);
    assert_eq!(
        views()[2].against[0].comparison.figures[1].verdict,
        Verdict::NotEnoughData
    );
}

#[test]
fn markdown_escapes_what_others_chose() {
    let mut view = view(batches(40, 2, 5.5e6));
    view.sides[0].name = "<script>|@all[x](y)`".to_owned();
    let mut out = Vec::new();
    markdown::write(&mut out, &view).unwrap();
    let text = String::from_utf8(out).unwrap();
    contains(
        &text,
        &[
            "&lt;script&gt;\\|&#64;all\\[x\\](y)\\`",
            "| p50 | ",
            "✗ worse |",
            "✗ **fail** |",
        ],
    );
}
