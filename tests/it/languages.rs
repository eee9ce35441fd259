//! One operation in every language: the same tags, the same counts, whatever it was written in.
//!
//! What it does is in `tests/conformance/README.md`. `tests/conformance/build.sh` builds it, as CI does before the tests.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::support::{Files, Gorgon, Summary, Target, gorgon};

const LANGUAGES: [&str; 5] = ["rust", "c", "go", "python", "js"];

/// Calls of each run: enough for every case to come up, few enough for a tag of its own to each.
const CALLS: u64 = 60;

/// Where the operation in a language is built.
fn built(language: &str) -> PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    PathBuf::from(root)
        .join("target/conformance")
        .join(language)
        .with_extension("wasm")
}

/// Does it for the operation in each language that has been built.
#[track_caller]
fn in_every_language(test: &str, check: impl Fn(&str, &dyn Fn(&str) -> Gorgon)) {
    for language in there(test, &LANGUAGES) {
        let path = built(language);
        check(language, &|what| gorgon("run").arg(&path).set("do", what));
    }
}

/// Those that have been built. Those that have not are told of loudly, and in CI they are a failure.
#[track_caller]
fn there<'a>(test: &str, names: &[&'a str]) -> Vec<&'a str> {
    let (there, missing): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| built(name).exists());
    if !missing.is_empty() {
        let missing = missing.join(" ");
        let what = format!(
            "`{test}` is not tested for: {missing}; `tests/conformance/build.sh` builds what it needs"
        );
        assert!(std::env::var_os("CI").is_none(), "{what}");
        // Not by a macro, whose output the test harness keeps to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
    }
    there
}

/// A run of so many calls by a few workers.
fn usual(run: Gorgon) -> Gorgon {
    run.args(["-n", &CALLS.to_string(), "-w", "3"])
}

/// Checks how often each tag came back in each outcome, and that there is nothing else.
#[track_caller]
fn has(language: &str, summary: &Summary, expected: &[(&str, &str, u64)]) {
    for (outcome, tag, count) in expected {
        let found = summary.count(outcome, tag);
        assert_eq!(found, *count, "{outcome} `{tag}` in {language}");
    }
    let all: u64 = expected.iter().map(|(.., count)| count).sum();
    assert_eq!(summary.calls("done"), all, "in {language}");
}

/// How often a counter was added to, by its name.
fn counters(summary: &Summary) -> BTreeMap<String, u64> {
    let counters = summary.at("/counters").as_array().expect("a list");
    let one = |counter: &serde_json::Value| {
        let name = counter["name"].as_str().expect("a name").to_owned();
        (name, counter["total"].as_u64().expect("a count"))
    };
    counters.iter().map(one).collect()
}

#[test]
fn what_was_built_on_a_frozen_contract_still_runs() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/frozen/0.1.0");
    for file in ["rust.wasm", "c.wasm"] {
        let run = |what: &str| {
            let path = PathBuf::from(root).join(file);
            usual(gorgon("run").arg(path).set("do", what))
        };
        let summary = run("fail").json();
        has(
            file,
            &summary,
            &[
                ("fail", "FAIL", CALLS / 3),
                ("ok", "SUCCESS", CALLS / 3 * 2),
            ],
        );
        let summary = run("lifecycle").json();
        has(file, &summary, &[("ok", "started", CALLS)]);
        let summary = run("measure").json();
        assert_eq!(counters(&summary)["calls"], CALLS, "{file}");
        let target = Target::start();
        let summary = run("shop").set("url", target.url("")).json();
        assert_eq!(summary.count("ok", "200"), CALLS / 10 * 9, "{file}");
    }
}

#[test]
fn a_plain_program_does_the_same_in_every_language() {
    let files = Files::new();
    let items = files.write("items", "größe\nb\n");
    for program in there("command", &["c-command", "go-command"]) {
        let path = built(program);
        let summary = usual(gorgon("run").arg(&path)).json();
        let (fifth, rest) = (CALLS / 5, CALLS / 5 * 2);
        has(
            program,
            &summary,
            &[
                ("fail", "FAIL", fifth),
                ("ok", "even", rest),
                ("ok", "odd", rest),
            ],
        );
        let summary = gorgon("run")
            .arg(&path)
            .args(["--start", "1", "--items"])
            .arg(&items)
            .json();
        has(program, &summary, &[("ok", "größe", 1), ("ok", "b", 1)]);
    }
}

#[test]
fn the_examples_buy_in_the_shop() {
    let target = Target::start();
    let examples = ["c-example", "go-example", "python-example", "js-example"];
    for example in there("examples", &examples) {
        let run = gorgon("run").arg(built(example));
        let summary = usual(run).set("url", target.url("")).json();
        let tenth = CALLS / 10;
        has(
            example,
            &summary,
            &[("ok", "200", CALLS - tenth), ("fail", "402", tenth)],
        );
        assert_eq!(summary.at("/checks/0/passed"), CALLS, "{example}");
    }
}

#[test]
fn the_same_computation_has_the_same_result() {
    let tag = |number: u64| {
        let mut digest = Sha256::digest(format!("TEXT {number}"));
        for _ in 1..20 {
            digest = Sha256::digest(digest);
        }
        let hex = digest.iter().map(|byte| format!("{byte:02x}"));
        hex.take(4).collect::<String>()
    };
    in_every_language("hash", |language, run| {
        let summary = usual(run("hash")).json();
        for number in 0..CALLS {
            let outcome = if number % 5 == 0 { "fail" } else { "ok" };
            let found = summary.count(outcome, &tag(number));
            assert_eq!(found, 1, "number {number} in {language}");
        }
        assert_eq!(summary.calls("done"), CALLS);
    });
}

#[test]
fn a_flow_of_requests_goes_through_the_shop() {
    let target = Target::start();
    in_every_language("shop", |language, run| {
        let summary = usual(run("shop")).set("url", target.url("")).json();
        let declined = summary.count("fail", "402");
        assert_eq!(
            summary.count("ok", "200") + declined,
            CALLS,
            "in {language}"
        );
        // The shop declines every tenth.
        assert_eq!(declined, CALLS / 10, "in {language}");
        assert_eq!(summary.at("/http/requests"), 2 * CALLS, "in {language}");
        let check = &summary.at("/checks/0");
        assert_eq!(check["name"], "the cart costs something");
        assert_eq!(check["passed"], CALLS, "in {language}");
        let rows = summary.at("/tags").to_string();
        assert!(rows.contains("\"cart\"") && rows.contains("\"checkout\""));
        // A shop that is not there.
        let summary = usual(run("shop"))
            .set("url", "http://127.0.0.1:9")
            .json_and_exit(69);
        has(language, &summary, &[("fail", "connect", CALLS)]);
        let summary = usual(run("shop"))
            .set("url", "http://192.0.2.1")
            .json_and_exit(77);
        has(language, &summary, &[("fail", "denied", CALLS)]);
    });
}

#[test]
fn what_is_given_on_the_command_line_reaches_the_operation() {
    let files = Files::new();
    let items = files.write("items", "größe\nb\nb\n");
    let rows = files.write("d.csv", "id,name\nx,1\ny,2\nz,3\n");
    in_every_language("parameter, item, cell", |language, run| {
        let summary = usual(run("parameter")).set("name", "größe = 1").json();
        has(language, &summary, &[("ok", "größe = 1", CALLS)]);
        let summary = usual(run("parameter")).json_and_exit(69);
        let missing = ("fail", "missing-parameter:name", CALLS);
        has(language, &summary, &[missing]);
        let summary = run("item").arg("--items").arg(&items).json();
        has(language, &summary, &[("ok", "größe", 1), ("ok", "b", 2)]);
        let summary = usual(run("item")).json_and_exit(69);
        has(language, &summary, &[("fail", "no item", CALLS)]);
        let summary = usual(run("cell")).arg("--data").arg(&rows).json();
        let third = CALLS / 3;
        has(
            language,
            &summary,
            &[("ok", "x", third), ("ok", "y", third), ("ok", "z", third)],
        );
        let summary = usual(run("cell")).json_and_exit(69);
        has(language, &summary, &[("fail", "no cell", CALLS)]);
        let summary = usual(run("nonsense")).json_and_exit(69);
        has(language, &summary, &[("fail", "bad-parameter:do", CALLS)]);
    });
}

#[test]
fn failing_calls_and_unusual_tags_are_counted_as_they_are() {
    in_every_language("fail, unicode", |language, run| {
        let summary = usual(run("fail")).json();
        has(
            language,
            &summary,
            &[
                ("fail", "FAIL", CALLS / 3),
                ("ok", "SUCCESS", CALLS / 3 * 2),
            ],
        );
        let summary = usual(run("unicode")).json();
        has(language, &summary, &[("ok", "größe→☃ 日本 🦀", CALLS)]);
    });
}

#[test]
fn what_an_operation_measures_stands_under_its_tag() {
    in_every_language("measure", |language, run| {
        let summary = usual(run("measure")).json();
        let half = CALLS / 2;
        has(
            language,
            &summary,
            &[("ok", "even", half), ("ok", "odd", half)],
        );
        for row in summary.at("/tags").as_array().expect("a list") {
            let measurements = row["measurements"].as_array().expect("a list");
            let count = |name: &str| {
                let named = measurements.iter().find(|one| one["name"] == name);
                named.map(|one| one["durations"]["count"].as_u64())
            };
            assert_eq!(count("outer"), Some(Some(half)), "in {language}");
            assert_eq!(count("inner"), Some(Some(CALLS)), "in {language}");
            assert_eq!(count("sample"), Some(Some(half)), "in {language}");
        }
        assert_eq!(counters(&summary)["calls"], CALLS, "in {language}");
        let check = &summary.at("/checks/0");
        assert_eq!(
            (&check["passed"], &check["failed"]),
            (&half.into(), &half.into()),
            "in {language}"
        );
    });
}

#[test]
fn a_call_that_takes_too_long_times_out_whether_it_waits_or_computes() {
    in_every_language("slow, spin", |language, run| {
        for what in ["slow", "spin"] {
            // The first call of an instance may have much to do before it is slow.
            let flags = ["-n", "4", "-w", "2", "--timeout", "1s"];
            let summary = run(what).args(flags).json_and_exit(69);
            has(language, &summary, &[("fault", "!timeout", 4)]);
        }
    });
}

#[test]
fn a_call_that_breaks_costs_itself_and_its_instance_and_says_why() {
    in_every_language("trap", |language, run| {
        let summary = usual(run("trap")).json();
        assert_eq!(summary.calls("fault"), CALLS / 4, "in {language}");
        assert_eq!(
            summary.count("ok", "SUCCESS"),
            CALLS / 4 * 3,
            "in {language}"
        );
        let replaced = summary.at("/instances/replaced").as_u64();
        assert!(
            replaced >= Some(CALLS / 4 - 3),
            "{replaced:?} in {language}"
        );
        let message = summary.at("/failures/0/message").as_str();
        assert!(message.is_some_and(|message| !message.is_empty()));
    });
}

#[test]
fn random_numbers_of_the_language_follow_from_the_seed_and_differ_from_call_to_call() {
    in_every_language("random", |language, run| {
        let tags = |seed: &str, workers: &str| {
            let flags = ["-n", "200", "-w", workers, "--seed", seed];
            run("random").args(flags).json().tags()
        };
        let one = tags("7", "1");
        assert_eq!(one, tags("7", "5"), "whatever the workers, in {language}");
        assert!(one.len() >= 12, "200 draws of 16: {one:?} in {language}");
        assert!(
            one.values().all(|count| *count < 40),
            "{one:?} in {language}"
        );
        assert_ne!(one, tags("8", "1"), "in {language}");
        // Without a seed every run has one of its own.
        let fresh = || run("random").args(["-n", "200"]).json().tags();
        assert_ne!(fresh(), fresh(), "in {language}");
    });
}

#[test]
fn a_line_of_the_log_is_shown() {
    in_every_language("log", |language, run| {
        let flags = ["-n", "1", "-v"];
        let finished = run("log").args(flags).expect_exit(0);
        assert!(finished.stderr().contains("one line"), "in {language}");
    });
}

#[test]
fn the_hooks_run_as_often_as_they_are_to() {
    in_every_language("lifecycle", |language, run| {
        let summary = usual(run("lifecycle")).json();
        has(language, &summary, &[("ok", "started", CALLS)]);
        let counted = counters(&summary);
        assert_eq!(
            (counted["setup"], counted["teardown"]),
            (1, 1),
            "{language}"
        );
        assert_eq!(counted["start"], counted["stop"], "in {language}");
        assert!((1..=3).contains(&counted["start"]), "in {language}");

        let summary = usual(run("lifecycle")).args(["--isolate", "call"]).json();
        has(language, &summary, &[("ok", "started", CALLS)]);
        assert_eq!(counters(&summary)["start"], CALLS, "in {language}");
        assert_eq!(counters(&summary)["stop"], CALLS, "in {language}");

        let flags = ["--rate", "200/s", "-n", "60"];
        let summary = run("lifecycle").args(flags).json();
        has(language, &summary, &[("ok", "started", CALLS)]);
        let counted = counters(&summary);
        assert_eq!(counted["start"], counted["stop"], "in {language}");

        // Again where an instance takes the place of one that broke, which is not asked to stop.
        let summary = run("trap").args(["-n", "40", "-w", "1"]).json();
        let counted = counters(&summary);
        assert_eq!(counted["start"], 10, "in {language}");
        assert_eq!(counted.get("stop"), None, "in {language}");
    });
}

#[test]
fn a_hook_that_fails_ends_the_run_or_its_call() {
    in_every_language("lifecycle", |language, run| {
        let told = run("lifecycle").set("fail", "setup");
        let finished = usual(told).expect_exit(65);
        let words = "setup was told to fail";
        assert!(
            finished.stderr().contains(words),
            "{language}: {}",
            finished.all()
        );
        let told = run("lifecycle").set("fail", "start");
        let summary = told.args(["-n", "100", "-w", "1"]).json_and_exit(69);
        assert_eq!(summary.count("fault", "!start"), 5, "in {language}");
        let failures = summary.at("/failures").to_string();
        assert!(failures.contains("start was told to fail"), "{failures}");
    });
}
