//! The page of a report in a real browser: it opens without a complaint, asks nobody for anything, says what the other views
//! say, and can be used by mouse and keyboard.
//!
//! The checks are in `tests/browser/`, whose `install.sh` installs the browser and what drives it, as CI does before the
//! tests.

mod made;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use gorgon::report::format;
use serde_json::{Value, json};

use crate::support::{Files, Summary, Target, gorgon};

const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/browser");

/// Has a browser do a check with what it is to know. What is missing for it is told of loudly, and in CI it is a failure.
#[track_caller]
fn check(name: &str, files: &Files, spec: &Value) {
    if let Some(missing) = missing() {
        let what = format!("`{name}` is not checked: {missing}; run tests/browser/install.sh");
        assert!(std::env::var_os("CI").is_none(), "{what}");
        // Not by a macro, whose output the test harness keeps to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
        return;
    }
    let spec = files.write(&format!("{name}.json"), spec.to_string());
    let output = Command::new("node")
        .arg(Path::new(TOOLS).join("check.mjs"))
        .arg(name)
        .arg(spec)
        .output()
        .expect("node starts");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "{said}");
}

/// What a browser needs and is not there.
fn missing() -> Option<&'static str> {
    let starts = |name: &str| {
        let version = Command::new(name).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    let named = std::env::var("CHROMIUM").ok();
    if !starts("node") {
        Some("there is no node")
    } else if !Path::new(TOOLS)
        .join("node_modules/playwright-core")
        .exists()
    {
        Some("playwright is not installed")
    } else if !browsers.into_iter().chain(named.as_deref()).any(starts) {
        Some("there is no Chromium")
    } else {
        None
    }
}

/// A run of a few seconds in open load with warm-up, failures and rules: its pages and its summary.
struct Usual {
    files: Files,
    page: PathBuf,
    summary: Summary,
}

fn usual() -> Usual {
    let (files, target) = (Files::new(), Target::start());
    let page = files.path().join("page.html");
    let finished = gorgon("run")
        .args(["http", "--rate", "200", "-d", "4s", "--warmup", "500ms"])
        .set("url", target.url("/flaky?every=9&status=503"))
        .args(["--fail-if", "p99 > 10s", "--fail-if", "fail > 1%"])
        .arg("--html")
        .arg(&page)
        .arg("--no-save")
        .args(["--json", "-"])
        .expect_exit(99);
    Usual {
        files,
        page,
        summary: finished.summary(),
    }
}

#[test]
fn a_reader_can_look_closer() {
    let usual = usual();
    check("moves", &usual.files, &json!({ "page": usual.page }));
}

#[test]
fn the_page_says_what_the_other_views_say() {
    let usual = usual();
    let spec = json!({
        "page": usual.page,
        "figures": key_figures(&usual.summary),
        "rows": rows(&usual.summary),
        "documents": [usual.summary.at("")],
        "csv": {
            "columns": [
                "from_ns", "to_ns", "calls", "ok", "fail", "fault", "warmup", "p50_ns", "p90_ns", "p99_ns", "max_ns",
            ],
            "sums": {
                "calls": usual.summary.calls("done"),
                "ok": usual.summary.calls("ok"),
                "fail": usual.summary.calls("fail"),
                "warmup": usual.summary.calls("warmup_done"),
            },
        },
        "formats": formats(),
    });
    check("figures", &usual.files, &spec);
}

/// A suite whose title and names are this text, with a list, rules and a run that cannot be made.
fn suite(files: &Files, text: &str) -> PathBuf {
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    let suite = format!(
        "title = \"{quoted}\"\n[defaults]\ncalls = 500\nfail_if = [\"fail > 1%\", \"p99 > 1h\"]\n[[run]]\nname = \"{quoted}\"\noperation = \"hash\"\nworkers = [1, 2, 4]\n[[run]]\nname = \"gone\"\noperation = \"noop\"\nbefore = [[\"./nothing\", \"{quoted}\"]]\n"
    );
    let page = files.path().join("suite.html");
    gorgon("suite")
        .arg(files.write("suite.toml", suite))
        .arg("--html")
        .arg(&page)
        .expect_exit(99);
    page
}

#[test]
fn the_page_of_a_suite_is_sound_and_what_is_in_it_stays_text() {
    let files = Files::new();
    let page = suite(&files, "shop under load");
    check(
        "sound",
        &files,
        &json!({ "page": page, "says": ["shop under load: calls per second"] }),
    );
    for text in made::HOSTILE {
        let page = suite(&files, text);
        check("hostile", &files, &json!({ "page": page, "texts": [text] }));
    }
}

#[test]
fn the_page_of_a_suite_says_what_its_document_says() {
    let files = Files::new();
    let page = files.path().join("page.html");
    let suite =
        "[[run]]\nname = \"digest\"\noperation = \"hash\"\ncalls = 2000\nworkers = [1, 2]\n";
    let suite = gorgon("suite").arg(files.write("suite.toml", suite));
    let suite = suite.arg("--html").arg(&page).args(["--json", "-"]);
    let document: Value = serde_json::from_str(suite.expect_exit(0).stdout()).expect("JSON");
    let row = |run: &Value| {
        let totals = &run["summary"]["totals"];
        let service = &totals["latency"]["service"];
        json!({
            "calls": format::count(run["summary"]["calls"]["done"].as_u64().expect("a count")),
            "calls/s": format::rate(totals["throughput_per_s"].as_f64().expect("a rate")),
            "p50": percentile(service, 50.0),
            "p99": percentile(service, 99.0),
            "max": format::duration(service["max_ns"].as_u64().expect("a duration")),
        })
    };
    let runs = document["runs"].as_array().expect("a list").iter();
    let rows: Vec<Value> = runs.map(row).collect();
    assert_eq!(rows.len(), 2);
    let spec = json!({ "page": page, "tables": [{ "title": "Runs", "rows": rows }], "charts": 2 });
    check("tables", &files, &spec);
}

#[test]
fn operations_side_by_side_have_a_sound_page_that_says_what_their_document_says() {
    let files = Files::new();
    let page = files.path().join("page.html");
    let compare = gorgon("compare").args(["sleep", "-n", "400", "-w", "2"]);
    let compare = compare.args(["--side", "for=3ms", "--side", "for=5ms"]);
    let compare = compare.arg("--html").arg(&page).args(["--json", "-"]);
    let document: Value = serde_json::from_str(compare.expect_exit(0).stdout()).expect("JSON");
    let [fastest, other] = [0, 1].map(|side| &document["sides"][side]);
    let figures = document["comparisons"][0]["figures"].as_array();
    let row = |figure: &Value| {
        let name = figure["figure"].as_str().expect("a name");
        let value = |of: &str| match figure[of].as_f64() {
            Some(share) if name == "fail" => format::share(share),
            Some(ns) => format::duration(ns.round() as u64),
            None => "–".to_owned(),
        };
        json!({ "A, baseline": value("a"), "B": value("b") })
    };
    let against: Vec<Value> = figures.expect("a list").iter().map(row).collect();
    assert_eq!(against.len(), 5);
    let tag = |side: &Value| {
        let tag = &side["tags"][0];
        let median = tag["p50_ns"].as_u64().expect("a duration");
        let count = tag["count"].as_u64().expect("a count");
        json!([{ "Calls": format::count(count), "p50": format::duration(median) }])
    };
    let spec = json!({
        "page": page,
        "says": ["for=5ms against for=3ms"],
        "tables": [
            { "title": "B against A", "rows": against },
            { "title": "Results by tag, B", "rows": tag(other) },
            { "title": "Results by tag, A", "rows": tag(fastest) },
        ],
        "legends": [["all, A", "400"], ["p50, A"]],
        // Latency, calls, spectrum and two heat maps.
        "charts": 5,
    });
    check("tables", &files, &spec);
    check("sound", &files, &spec);
}

/// The key figures as they are to be read, by their names.
fn key_figures(summary: &Summary) -> Value {
    let response = summary.at("/totals/latency/response");
    let share = |of: &str| summary.calls(of) as f64 / summary.calls("done") as f64;
    json!({
        "Calls": format::count(summary.calls("done")),
        "Throughput": format::rate(summary.at("/totals/throughput_per_s").as_f64().expect("a rate")),
        "Success": format::share(share("ok")),
        "Median": percentile(response, 50.0),
        "p99": percentile(response, 99.0),
        "p99.9": percentile(response, 99.9),
    })
}

fn percentile(durations: &Value, p: f64) -> String {
    let percentiles = durations["percentiles"].as_array().expect("a list");
    let mut of_it = percentiles.iter().filter(|one| one["p"] == p);
    let one = of_it.next().expect("the percentile is listed");
    match (one["ns"].as_u64(), one["at_least_ns"].as_u64()) {
        (Some(ns), _) => format::duration(ns),
        (None, Some(ns)) => format!("> {}", format::duration(ns)),
        (None, None) => "–".to_owned(),
    }
}

/// The table of tags as it is to be read.
fn rows(summary: &Summary) -> Vec<Vec<String>> {
    let rows = summary.at("/tags").as_array().expect("a list").iter();
    let row = |row: &Value| {
        let text = |name: &str| row[name].as_str().expect("text").to_owned();
        let felt = &row["latency"]["response"];
        let known = |name: &str| format::duration(felt[name].as_u64().expect("a duration"));
        vec![
            text("tag"),
            text("outcome"),
            format::count(row["count"].as_u64().expect("a count")),
            format::share(row["share"].as_f64().expect("a share")),
            format::rate(row["throughput_per_s"].as_f64().expect("a rate")),
            known("min_ns"),
            percentile(felt, 50.0),
            percentile(felt, 90.0),
            percentile(felt, 99.0),
            percentile(felt, 99.9),
            known("max_ns"),
            known("mean_ns"),
        ]
    };
    rows.map(row).collect()
}

/// Numbers as the program writes them, ties and changes of units above all.
fn formats() -> Vec<Value> {
    let mut formats = Vec::new();
    for ns in [
        0,
        999,
        1_000,
        1_004,
        1_005,
        1_015,
        7_893,
        12_250,
        12_350,
        99_950,
        99_960,
        999_499,
        999_500,
        12_250_000,
        41_249_000,
        267_500_000,
        1_002_976_073,
        59_940_000_000,
        59_960_000_000,
        150_500_000_000,
        3_599_600_000_000,
        5_400_000_000_000,
    ] {
        formats.push(json!(["duration", ns, format::duration(ns)]));
    }
    for count in [0, 7, 999, 1_000, 48_000, 1_234_567, 12_345_678_901] {
        formats.push(json!(["count", count, format::count(count)]));
    }
    for rate in [0.0, 0.5, 5.825, 387.65, 999.94, 999.95, 1_234.5, 48_000.0] {
        formats.push(json!(["rate", rate, format::rate(rate)]));
    }
    for share in [0.0, 0.000_01, 0.011_45, 0.978_05, 0.999_96, 1.0] {
        formats.push(json!(["share", share, format::share(share)]));
    }
    formats
}

#[test]
fn every_kind_of_run_has_a_sound_page() {
    let (files, target) = (Files::new(), Target::start());
    let mut pages = Vec::new();
    let mut says = Vec::new();
    let mut made = |name: &str, exit: i32, words: &str, arguments: &[&str]| {
        let page = files.path().join(format!("{name}.html"));
        let saved = files.path().join(format!("{name}.run"));
        let run = gorgon("run").args(arguments).arg("--html").arg(&page);
        run.arg("--save").arg(&saved).expect_exit(exit);
        says.push(words.to_owned());
        pages.push(page);
        saved
    };
    let url = format!("url={}", target.url("/delay/2ms?jitter=5ms"));
    let http = ["http", "--set", &url, "-n", "300", "-w", "4"];
    let first = made("closed", 0, "no thresholds", &http);
    let second = made("again", 0, "no thresholds", &http);
    made("none", 0, "No call was made", &["noop", "-n", "0"]);
    made("one", 0, "over too soon", &["noop", "-n", "1"]);
    made("failed", 69, "no call succeeded", &["trap", "-n", "5"]);
    let aborted = ["hash", "-n", "4000", "--abort-if", "fail > 10"];
    made("aborted", 99, "FAIL · 1 of 1 threshold", &aborted);
    let mix = ["hash=2", "noop=1", "-n", "300"];
    made("mix", 0, "Operation", &mix);

    let together = files.path().join("together.html");
    let report = gorgon("report").args([first, second]);
    report.arg("--html").arg(&together).expect_exit(0);
    pages.push(together);
    says.push("This is more than one run".to_owned());
    check("sound", &files, &json!({ "pages": pages, "says": says }));
}

#[test]
fn runs_beside_a_baseline_have_a_sound_page() {
    let files = Files::new();
    let saved = |name: &str, ms: u64| {
        let saved = files.path().join(name);
        let run = gorgon("run").args(["sleep", "-d", "1500ms", "-w", "8"]);
        let run = run.set("for", format!("{ms}ms")).arg("--save").arg(&saved);
        run.expect_exit(0);
        saved
    };
    let sides = [saved("a.run", 3), saved("b.run", 4), saved("c.run", 3)];
    let mut pages = Vec::new();
    for count in [2, 3] {
        let page = files.path().join(format!("{count}.html"));
        let compare = gorgon("compare").args(&sides[..count]).arg("--force");
        let compare = compare.args(["--fail-if", "rate higher 900%"]);
        compare
            .arg("--allow-no-data")
            .arg("--html")
            .arg(&page)
            .expect_exit(0);
        pages.push(page);
    }
    let says = ["b.run against a.run", "a.run, b.run, c.run"];
    check("sound", &files, &json!({ "pages": pages, "says": says }));
}

#[cfg(unix)]
#[test]
fn a_run_that_was_interrupted_has_a_sound_page() {
    let files = Files::new();
    let page = files.path().join("page.html");
    let (server, answered) = crate::signals::telling();
    let running = gorgon("run")
        .args(["http", "-n", "1G", "-w", "2"])
        .set("url", server.url("/"))
        .arg("--html")
        .arg(&page)
        .start();
    for _ in 0..20 {
        let timeout = std::time::Duration::from_secs(60);
        answered.recv_timeout(timeout).expect("it makes requests");
    }
    running.signal("INT");
    running.finish();
    let spec = json!({ "page": page, "says": ["INTERRUPTED"] });
    check("sound", &files, &spec);
}

#[test]
fn what_a_guest_chose_stays_text() {
    let files = Files::new();
    let saved = made::hostile(&files.path().join("run"));
    let page = files.path().join("page.html");
    let report = gorgon("report").arg(saved).arg("--html").arg(&page);
    report.expect_exit(0);
    let spec = json!({ "page": page, "texts": made::HOSTILE });
    check("hostile", &files, &spec);
    check("sound", &files, &spec);
}

#[test]
fn an_hour_is_drawn_in_one_small_file() {
    let files = Files::new();
    let saved = made::hour(&files.path().join("run"));
    let page = files.path().join("page.html");
    let report = gorgon("report").arg(saved).arg("--html").arg(&page);
    report.expect_exit(0);
    let (stretches, calls) = (made::HOUR_S, made::HOUR_S * made::CALLS_PER_S);
    let spec = json!({ "page": page, "stretches": stretches, "calls": calls });
    check("hour", &files, &spec);
}
