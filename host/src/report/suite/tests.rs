use super::*;
use crate::report::printable::columns;
use crate::report::samples;
use crate::suite::index::SuiteState;
use crate::suite::{Index, Problem, With};
use serde_json::Value;

const SCHEMA_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/suite.schema.json");

const UNICODE: Style = Style {
    color: false,
    unicode: true,
    width: 80,
};

fn run(name: &str, entry: usize, point: usize, workers: &str) -> SavedRun {
    let with = With {
        name: "workers".to_owned(),
        value: workers.to_owned(),
        text: format!("-w {workers}"),
    };
    SavedRun {
        name: name.to_owned(),
        entry,
        point,
        with: if workers.is_empty() {
            Vec::new()
        } else {
            vec![with]
        },
        state: State::Done,
        exit_code: Some(0),
        ..SavedRun::default()
    }
}

/// A run of so many workers that was so many times as long.
fn view(workers: u64, times: f64) -> RunView {
    let mut summary = samples::usual();
    summary.facts.load.workers = workers;
    summary.facts.window_ns = (summary.facts.window_ns as f64 * times) as u64;
    RunView {
        summary,
        exit_code: Some(0),
        ..RunView::default()
    }
}

/// A list, a run that broke a rule, one that could not be made, and one that nobody came to.
fn sample() -> SuiteView {
    let mut broken = view(8, 1.0);
    let rules = ["p99 > 1ms".parse().unwrap(), "fail > 90%".parse().unwrap()];
    broken.rules = crate::thresholds::evaluate_all(&rules, &broken.summary, []);
    let failed = SavedRun {
        state: State::Failed,
        exit_code: Some(66),
        problems: vec![Problem {
            message: "cannot read `\u{1b}[31mop.wasm`".to_owned(),
            cause: vec!["No such file".to_owned()],
            hint: Vec::new(),
        }],
        ..run("missing", 2, 0, "")
    };
    let runs = vec![
        (run("growing", 0, 0, "1"), Some(view(1, 8.0))),
        (run("growing", 0, 2, "8"), Some(view(8, 1.25))),
        (run("growing", 0, 1, "2"), Some(view(2, 4.2))),
        (
            SavedRun {
                exit_code: Some(99),
                ..run("held to rules | <b>", 1, 0, "")
            },
            Some(broken),
        ),
        (failed, None),
        (
            SavedRun {
                state: State::NotRun,
                exit_code: None,
                ..run("never", 3, 0, "")
            },
            None,
        ),
    ];
    let (runs, views) = runs.into_iter().unzip();
    SuiteView {
        index: Index {
            title: Some("shop under load".to_owned()),
            id: "20261120T170411Z-5eed".to_owned(),
            state: SuiteState::Aborted,
            exit_code: Some(66),
            problems: vec![Problem {
                message: "the `after` command `stop` failed with exit code 1".to_owned(),
                cause: vec!["it said:\nfirst\nno such server".to_owned()],
                hint: Vec::new(),
            }],
            order_seed: Some(7),
            runs,
            ..Index::default()
        },
        runs: views,
        ..SuiteView::default()
    }
}

fn written(write: impl Fn(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn text(style: Style) -> String {
    written(|out| text::write(out, &sample(), style))
}

#[test]
fn the_screen_has_a_row_for_each_run_the_growth_and_what_went_wrong() {
    let expected = "\
shop under load
6 runs in random order, of seed 7, 2 processors, linux 6.1

    Run                  calls  calls/s      ok      p50      p99
    growing
 ✓    -w 1               4 000    50.30  98.8 %  8.50 ms  78.4 ms
 ✓    -w 2               4 000    95.81  98.8 %  8.50 ms  78.4 ms
 ✓    -w 8               4 000    321.9  98.8 %  8.50 ms  78.4 ms
 ✗  held to rules | <b>  4 000    402.4  98.8 %  8.50 ms  78.4 ms  exit 99
 ✗  missing                  –        –       –        –        –  exit 66
 –  never                    –        –       –        –        –  not run

 growing  calls/s  speed-up  efficiency                 p50      p99
 -w 1       50.30    1.00 ×       100 %  █▍         8.50 ms  78.4 ms  █████████
 -w 2       95.81    1.90 ×        95 %  ██▋        8.50 ms  78.4 ms  █████████
 -w 8       321.9    6.40 ×        80 %  █████████  8.50 ms  78.4 ms  █████████

 ✗ missing: cannot read `\\u{1b}[31mop.wasm`: No such file
 ✗ the `after` command `stop` failed with exit code 1: no such server

 ✗ held to rules | <b>: p99 > 1 ms: 78.4 ms

 ✗ ended early: 4 of 6 runs have a result, 2 failed; exit 66
";
    assert_eq!(text(UNICODE), expected);
}

#[test]
fn no_line_is_too_long_and_without_unicode_all_is_ascii() {
    for width in [40, 60, 80, 100] {
        for unicode in [true, false] {
            let style = Style {
                width,
                unicode,
                color: false,
            };
            let text = text(style);
            for line in text.lines() {
                assert!(columns(line) <= width, "{width}: {line}");
                assert_eq!(line.trim_end(), line);
            }
            assert!(unicode || text.is_ascii(), "{text}");
            assert!(!text.contains('\u{1b}'));
        }
    }
}

#[test]
fn csv_has_a_line_for_each_run_and_no_formula() {
    let text = written(|out| csv::write(out, &sample()));
    let mut lines = ::csv::Reader::from_reader(text.as_bytes());
    let head = lines.headers().unwrap().clone();
    let column = |record: &::csv::StringRecord, name: &str| {
        let index = head.iter().position(|column| column == name).unwrap();
        record[index].to_owned()
    };
    let records: Vec<_> = lines.records().map(Result::unwrap).collect();
    let all = |name: &str| {
        records
            .iter()
            .map(|record| column(record, name))
            .collect::<Vec<_>>()
    };
    assert_eq!(all("with"), ["'-w 1", "'-w 2", "'-w 8", "", "", ""]);
    assert_eq!(all("done"), ["4000", "4000", "4000", "4000", "", ""]);
    assert_eq!(all("exit_code"), ["0", "0", "0", "99", "66", ""]);
    assert_eq!(all("rules_broken"), ["0", "0", "0", "1", "", ""]);
    assert_eq!(all("problem")[4], "cannot read `\u{1b}[31mop.wasm`");
}

#[test]
fn markdown_takes_nothing_for_markup() {
    let text = written(|out| markdown::write(out, &sample()));
    assert!(
        text.contains("| held to rules \\| &lt;b&gt; | 4 000 |"),
        "{text}"
    );
    assert!(text.contains("| growing -w 8 | 4 000 |"), "{text}");
    assert!(text.contains("| -w 8 |"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains("<b>"), "{text}");
    let rows = text.lines().filter(|line| line.starts_with('|'));
    for row in rows {
        let cells = row.replace("\\|", "").matches('|').count();
        assert!(cells == 10 || cells == 7, "{row}");
    }
}

#[test]
fn a_page_takes_nothing_for_markup() {
    let page = written(|out| crate::report::html::suite::write(out, &sample()));
    assert!(page.contains("held to rules | \\u003cb\\u003e"), "{page}");
    assert!(!page.contains("<b>") && !page.contains('\u{1b}'));
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
        "schema/suite.schema.json is out of date: run this test with UPDATE=1"
    );
}

#[test]
fn json_fits_the_schema_and_has_all_that_is_known() {
    let text = written(|out| json::write(out, &sample()));
    let document: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&json::schema()).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let at = |pointer: &str| document.pointer(pointer).unwrap_or(&Value::Null);
    assert_eq!(at("/schema"), json::SCHEMA);
    assert_eq!(at("/status"), "aborted");
    let made: Vec<u64> = (0..6)
        .filter_map(|index| at(&format!("/runs/{index}/made")).as_u64())
        .collect();
    assert_eq!(made, [1, 3, 2, 4, 5, 6]);
    assert_eq!(at("/runs/3/summary/thresholds/0/result"), "fail");
    assert_eq!(at("/runs/3/summary/exit_code"), 0);
    assert_eq!(at("/runs/4/state"), "failed");
    assert_eq!(at("/runs/4/summary"), &Value::Null);
    assert_eq!(at("/runs/5/state"), "not_run");
    assert_eq!(at("/growth/0/points/2/workers"), 8);
    let best = at("/growth/0/points/2/efficiency").as_f64();
    assert!(
        best.is_some_and(|part| (part - 0.8).abs() < 1e-9),
        "{best:?}"
    );
}
