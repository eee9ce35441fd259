use std::sync::Arc;

use serde_json::Value;

use super::{write, write_comparison};
use crate::compare;
use crate::report::comparison::{Against, ComparisonView, Note, Side};
use crate::report::side_by_side::SideBySide;
use crate::report::view::tests::side_by_side;
use crate::report::view::{RunView, Series};
use crate::report::{json, samples};
use crate::saved::{self, Event, Header, Line, RunFile, Tick};
use crate::stats::{Accounting, Interner, Recorder, RunFacts, Summary, Tables, Times};
use crate::thresholds::evaluate_all;
use crate::watch::{Reason, State, Verdict};

const MS: u64 = 1_000_000;

/// The page of a run as text.
fn page(run: &RunView) -> String {
    let mut out = Vec::new();
    write(&mut out, run).unwrap();
    String::from_utf8(out).unwrap()
}

/// The JSON of an island.
fn island(page: &str, id: &str) -> Value {
    let begin = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = page.split_once(&begin).unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// What the page shows of its run.
fn shown(run: &RunView) -> Value {
    island(&page(run), "page-data")["runs"][0].take()
}

fn of(summary: Summary) -> RunView {
    RunView {
        summary,
        ..RunView::default()
    }
}

/// A run that was saved and read again: ticks of a length with calls of a duration in nanoseconds, and a tag. The first
/// of them are its warm-up.
fn saved_run(tick_ms: u64, warmup: usize, ticks: &[Vec<(u64, Result<&str, &str>)>]) -> RunView {
    let folder = tempfile::tempdir().unwrap();
    let mut file = RunFile::create(&folder.path().join("run"), &Header::new("run")).unwrap();
    let interner = Arc::new(Interner::new(None));
    for (at, calls) in ticks.iter().enumerate() {
        let (from_ns, to_ns) = (at as u64 * tick_ms * MS, (at as u64 + 1) * tick_ms * MS);
        let mut recorder = Recorder::new(Arc::clone(&interner), false);
        for (ns, tag) in calls {
            let row = recorder.row_of_tag(0, *tag);
            recorder.call(
                row,
                Times {
                    due_ns: from_ns,
                    start_ns: from_ns,
                    end_ns: from_ns + ns,
                },
            );
        }
        let (tables, none) = (recorder.into_tables(), Tables::default());
        let tick = match at < warmup {
            true => Tick::new(from_ns, to_ns, &none, &tables),
            false => Tick::new(from_ns, to_ns, &tables, &none),
        };
        file.append(Line::Tick(Box::new(tick)));
    }
    file.append(Line::Event(Event {
        at_ns: 5 * MS,
        until_ns: Some(7 * MS),
        kind: "gap".to_owned(),
        text: "it did not run".to_owned(),
    }));
    let path = file.finish(Value::Null).unwrap();
    let mut run = saved::read(&path).unwrap();
    let done = run.tables.calls();
    let facts = RunFacts {
        accounting: Accounting {
            asked: done,
            done,
            ..Accounting::default()
        },
        window_ns: ticks.len() as u64 * tick_ms * MS,
        elapsed_ns: ticks.len() as u64 * tick_ms * MS,
        ..samples::usual().facts
    };
    RunView {
        series: Series::take(&mut run),
        summary: Summary::of(facts, run.tables),
        ..RunView::default()
    }
}

fn numbers(value: &Value) -> Vec<u64> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|number| number.as_u64().unwrap()).collect()
}

#[test]
fn every_run_has_a_page_that_loads_nothing() {
    for (name, summary) in samples::all() {
        let page = page(&of(summary));
        assert!(!page.contains("{{"), "{name}: a part is missing");
        for loads in [" src=", "<link", "@import", "url(", "fetch(", "XMLHttp"] {
            assert!(!page.contains(loads), "{name}: {loads}");
        }
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains("unsafe-"), "{name}");
    }
}

#[test]
fn its_document_is_that_of_the_json_view() {
    for (name, summary) in samples::all() {
        let rules = ["p99 > 1ms".parse().unwrap()];
        let run = RunView {
            rules: evaluate_all(&rules, &summary, []),
            summary,
            exit_code: Some(99),
            ..RunView::default()
        };
        let mut expected = Vec::new();
        json::write(&mut expected, &run).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        let found = island(&page(&run), "document-0");
        assert!(found == expected, "{name}");
    }
}

#[test]
fn histograms_of_very_many_rows_are_left_out() {
    let mut recorder = Recorder::new(Arc::new(Interner::new(None)), false);
    for tag in 0..200u64 {
        let row = recorder.row_of_tag(0, Ok(&format!("{tag}")));
        for call in 0..500u64 {
            let end_ns = (call * call + tag) * 7_919 % (900 * MS);
            recorder.call(
                row,
                Times {
                    due_ns: 0,
                    start_ns: 0,
                    end_ns,
                },
            );
        }
    }
    let summary = Summary::of(samples::usual().facts, recorder.into_tables());
    let page = page(&of(summary));
    let document = island(&page, "document-0");
    let histogram = |latency: &Value| latency["service"]["hdr_v2_deflate_base64"].is_string();
    assert!(histogram(&document["totals"]["latency"]));
    assert!(!histogram(&document["tags"][0]["latency"]));
    assert!(page.len() < 500_000, "{}", page.len());
}

#[test]
fn what_a_guest_chose_is_never_markup() {
    let page = page(&of(samples::hostile()));
    let ends = page.matches("</script").count();
    // Two islands and two scripts.
    assert_eq!((ends, page.matches("<script").count()), (4, 4));
    // Nor does it move, hide or turn around what is shown.
    let shown = island(&page, "page-data").to_string();
    assert!(!shown.contains(['\u{202e}', '\u{9b}']) && !shown.contains("\\u001b"));
}

#[test]
fn figures_are_in_the_words_of_the_text() {
    let run = of(samples::usual());
    let (shown, mut text) = (shown(&run), Vec::new());
    crate::report::text::write(&mut text, &run.summary, super::shown::STYLE).unwrap();
    let text = String::from_utf8(text).unwrap();
    let mut said = vec![shown["conclusion"]["text"].as_str().unwrap().to_owned()];
    for figures in [&shown["latency"]["rows"], &shown["tags"]] {
        for row in figures.as_array().unwrap() {
            let row = row["figures"].as_array().unwrap().iter();
            said.extend(row.map(|figure| figure.as_str().unwrap().to_owned()));
        }
    }
    said.extend(
        shown["environment"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fact| fact["text"].as_str().unwrap().to_owned()),
    );
    assert!(said.len() > 30);
    for figure in said {
        assert!(text.contains(&figure), "{figure}");
    }
}

#[test]
fn open_load_says_which_duration_it_shows() {
    let shown = shown(&of(samples::open_load()));
    let latency = &shown["latency"];
    assert!(latency["shown"].as_str().unwrap().starts_with("response"));
    let labels: Vec<&str> = latency["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["label"].as_str().unwrap())
        .collect();
    assert_eq!(
        labels,
        [
            "response: due to end",
            "service: start to end",
            "lag: due to start"
        ]
    );
    // Too many calls never ended for this one to be known.
    assert!(
        shown["figures"][4]["value"]
            .as_str()
            .unwrap()
            .starts_with("> ")
    );
}

#[test]
fn a_run_without_a_course_says_so() {
    let together = shown(&of(samples::usual()));
    let missing = together["course"]["missing"].as_str().unwrap();
    assert!(missing.starts_with("This is more than one run"));
    let nothing = shown(&of(samples::nothing()));
    assert_eq!(
        nothing["course"]["missing"],
        "No call was made, so there is nothing to draw."
    );
    assert_eq!(nothing["figures"][3]["value"], "–");
}

#[test]
fn every_call_is_drawn_once() {
    let calls = |count: usize, ns| vec![(ns, Ok("a")); count];
    let mut ticks: Vec<_> = (0..400).map(|at| calls(at % 7, 3 * MS)).collect();
    ticks[200].extend([(9 * MS, Err("b")), (8 * MS, Err("b"))]);
    let run = saved_run(50, 3, &ticks);
    let done = run.summary.done();
    let shown = shown(&run);
    let course = &shown["course"];
    let sum = |name: &str| numbers(&course[name]).iter().sum::<u64>();
    assert_eq!(sum("calls"), done);
    assert_eq!(sum("ok") + sum("fail") + sum("fault"), done);
    assert_eq!(sum("warmup"), 1 + 2);
    let layers = course["layers"].as_array().unwrap();
    let of_layer = |at: usize| numbers(&layers[at]["counts"]).iter().sum::<u64>();
    // What failed is lowest.
    assert_eq!((layers[0]["label"].as_str(), of_layer(0)), (Some("b"), 2));
    assert_eq!(of_layer(1), done - 2);
    let columns = course["heat"]["columns"].as_array().unwrap();
    let cells = columns
        .iter()
        .flat_map(|column| numbers(column).into_iter().skip(1));
    assert_eq!(cells.sum::<u64>(), done);
    // Twenty seconds in stretches of 200 ms: 300 calls a second do not fill shorter ones, and longer ones were too few.
    assert_eq!(course["stretch"], "200 ms");
    assert_eq!(numbers(&course["lengths"]), [100, 200 * MS]);
    assert_eq!(course["warm_until_ns"], 150 * MS);
    assert_eq!(course["failing"].as_array().unwrap().len(), 1);
    assert_eq!(course["failing"][0]["from_ns"], 10_000 * MS);
    assert_eq!(course["events"][0]["to_ns"], 7 * MS);
    let spans = |at: usize| numbers(&course["lines"][at]["spans"]).iter().sum::<u64>();
    assert_eq!((spans(0), spans(1), spans(2)), (100, 100, 100));
}

#[test]
fn the_rate_asked_for_begins_when_the_warm_up_is_over() {
    let ticks = vec![vec![(MS, Ok("a"))]; 40];
    let mut run = saved_run(50, 10, &ticks);
    run.summary.facts.load.rate = Some("0..40/1s, 40/10s".to_owned());
    run.summary.facts.window_ns = 1_500 * MS;
    let asked = shown(&run)["course"]["asked"].clone();
    let expected = serde_json::json!([
        [0, 0.0],
        [500 * MS, 0.0],
        [1_500 * MS, 40.0],
        [1_500 * MS, 40.0],
        [2_000 * MS, 40.0]
    ]);
    assert_eq!(asked, expected);
}

#[test]
fn rules_about_what_callers_felt_are_drawn() {
    let mut run = saved_run(50, 0, &vec![vec![(MS, Ok("a"))]; 3]);
    let rules = ["p99 > 2ms", "lag.p99 > 1ms", "p99(a) > 1ms", "rate < 1/s"];
    let rules: Vec<_> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    run.rules = evaluate_all(&rules, &run.summary, []);
    let limits = shown(&run)["course"]["limits"].clone();
    assert_eq!(
        limits,
        serde_json::json!([{ "ns": 2 * MS, "text": "p99 > 2 ms" }])
    );
}

#[test]
fn more_tags_than_can_be_told_apart_are_drawn_together() {
    let tags: Vec<String> = (0..20).map(|tag| format!("t{tag:02}")).collect();
    let calls: Vec<_> = tags.iter().map(|tag| (MS, Ok(tag.as_str()))).collect();
    let run = saved_run(50, 0, &vec![calls; 5]);
    let shown = shown(&run);
    let layers = shown["course"]["layers"].as_array().unwrap();
    assert_eq!(layers.len(), 5);
    assert_eq!(layers[4]["label"], "16 more tags (ok)");
    assert_eq!(layers[4]["total"], "80");
    assert_eq!(numbers(&layers[4]["counts"]).iter().sum::<u64>(), 80);
    assert_eq!(shown["tags"].as_array().unwrap().len(), 20);
}

#[test]
fn an_hour_in_the_most_ticks_stays_small() {
    // 3,600 ticks of a second with durations over four decades and a few failures.
    let tick = |at: u64| {
        let calls = (0..40u64).map(|call| {
            let ns = (1 + (call * 7 + at) % 900) * MS / 3;
            (
                ns,
                if call == at % 97 {
                    Err("503")
                } else {
                    Ok("200")
                },
            )
        });
        calls.collect::<Vec<_>>()
    };
    let run = saved_run(1_000, 0, &(0..3_600).map(tick).collect::<Vec<_>>());
    let page = page(&run);
    assert!(page.len() < 1_000_000, "{}", page.len());
    let course = &island(&page, "page-data")["runs"][0]["course"];
    assert_eq!(numbers(&course["calls"]).iter().sum::<u64>(), 144_000);
    assert!(course["heat"]["columns"].as_array().unwrap().len() <= 1_200);
}

/// A run of twenty seconds whose calls take so many milliseconds, and a little more each in turn.
fn steady(ms: u64, failing: u64) -> RunView {
    let tick = |at: u64| {
        let calls = (0..60u64).map(|call| {
            let dice = (at * 7_919 + call * 104_729) % 997;
            let tag = if dice < failing {
                Err("503")
            } else {
                Ok("200")
            };
            (ms * MS + dice * dice * 10, tag)
        });
        calls.collect::<Vec<_>>()
    };
    saved_run(100, 0, &(0..200).map(tick).collect::<Vec<_>>())
}

#[test]
fn a_run_is_shown_beside_its_baseline() {
    let (run, baseline) = (steady(7, 20), steady(8, 10));
    let side = |name: &str, run: &RunView| Side {
        name: name.to_owned(),
        summary: run.summary.clone(),
        batches: 64,
        series: run.series.clone(),
    };
    let batches = |run: &RunView| compare::batches(&run.series.ticks);
    let settings = compare::Settings::default();
    let view = ComparisonView {
        sides: vec![side("before", &baseline), side("after", &run)],
        against: vec![Against {
            side: 1,
            comparison: compare::independent(&batches(&baseline), &batches(&run), &settings),
            is_believed: true,
        }],
        notes: vec![Note::warning("they ran on different machines")],
        ..ComparisonView::default()
    };
    let mut out = Vec::new();
    write_comparison(&mut out, &view).unwrap();
    let page = String::from_utf8(out).unwrap();
    let data = island(&page, "page-data");
    assert_eq!(data["comparison"]["pill"]["text"], "! 1 worse, 4 better");
    let figures = data["comparison"]["against"][0]["figures"]
        .as_array()
        .unwrap();
    assert_eq!(figures.len(), 6);
    assert_eq!(figures[1]["figure"], "p50");
    assert_eq!(figures[1]["verdict"]["text"], "✓ better");
    assert_eq!(data["runs"][0]["figures"][3]["change"]["mood"], "good");
    assert_eq!(data["runs"][1]["figures"][3]["change"], Value::Null);
    // Both are drawn in the same stretches.
    assert_eq!(
        data["runs"][0]["course"]["stretch"],
        data["runs"][1]["course"]["stretch"]
    );
    for (id, of) in [("document-0", &run), ("document-1", &baseline)] {
        assert_eq!(island(&page, id)["calls"]["done"], of.summary.done());
    }
}

#[test]
fn rules_name_the_operation_that_they_are_about() {
    let run = side_by_side();
    let mut of = SideBySide::of(&run, compare::Settings::default());
    of.hold(&["p50 slower 5%".parse().unwrap()]);
    let mut out = Vec::new();
    write_comparison(&mut out, &of.view()).unwrap();
    let data = island(&String::from_utf8(out).unwrap(), "page-data");
    let comparison = &data["comparison"];
    assert_eq!(comparison["rules"][0]["rule"], "B: p50 slower 5%");
    assert_eq!(comparison["rules"][0]["verdict"]["mood"], "bad");
    let remarks = comparison["remarks"].as_array().unwrap();
    assert_eq!(
        remarks.last().unwrap()["text"],
        "the rules are about the difference from A, quick, which was named first"
    );
}

#[test]
fn a_run_that_is_invalid_is_told_of_once() {
    let mut run = side_by_side();
    run.summary.facts.verdict = Some(Verdict {
        state: State::Invalid,
        reasons: vec![Reason {
            id: "steal".to_owned(),
            state: State::Invalid,
            text: "the CPUs were away".to_owned(),
        }],
    });
    let of = SideBySide::of(&run, compare::Settings::default());
    let mut out = Vec::new();
    write_comparison(&mut out, &of.view()).unwrap();
    let data = island(&String::from_utf8(out).unwrap(), "page-data");
    let remarks = data["comparison"]["remarks"].as_array().unwrap().iter();
    let warnings: Vec<&str> = remarks
        .filter(|remark| remark["mood"] == "warn")
        .map(|remark| remark["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        warnings,
        ["the run is invalid, so that nothing it says is evidence: the CPUs were away"]
    );
}

#[test]
fn operations_side_by_side_are_drawn_each_over_time() {
    let run = side_by_side();
    let of = SideBySide::of(&run, compare::Settings::default());
    let mut out = Vec::new();
    write_comparison(&mut out, &of.view()).unwrap();
    let page = String::from_utf8(out).unwrap();
    let data = island(&page, "page-data");
    assert_eq!(data["comparison"]["title"], "slow against quick");
    let figures = |of: &Value, label: &str| {
        let figures = of.as_array().unwrap().iter();
        figures
            .map(|figure| figure[label].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let compared = &data["comparison"]["against"][0]["figures"];
    assert_eq!(
        figures(compared, "figure"),
        ["p50", "p90", "p99", "mean", "fail"]
    );
    assert_eq!(data["comparison"]["is_one_run"], true);
    let repeat = figures(&data["runs"][0]["repeat"], "label");
    assert_eq!(
        repeat.iter().filter(|label| *label == "Operation").count(),
        2
    );
    let remarks = figures(&data["comparison"]["remarks"], "text");
    assert!(remarks[0].starts_with("quick is 1."), "{remarks:?}");
    for (index, (name, fails)) in [("slow", 160), ("quick", 0)].into_iter().enumerate() {
        let shown = &data["runs"][index];
        assert_eq!(shown["name"], name);
        let labels = figures(&shown["figures"], "label");
        assert_eq!(labels, ["Calls", "Success", "Median", "p99", "p99.9"]);
        let course = &shown["course"];
        assert_eq!(course["missing"], Value::Null);
        assert_eq!(numbers(&course["calls"]).iter().sum::<u64>(), 1_600);
        assert_eq!(numbers(&course["fail"]).iter().sum::<u64>(), fails);
        assert_eq!(shown["tags"][0]["operation"], "");
        let document = island(&page, &format!("document-{index}"));
        assert_eq!(document["calls"]["fail"], fails);
        assert_eq!(document["calls"]["done"], 1_600);
    }
}
