//! Operations side by side: each has every number, and what comes of it is told with the fastest first.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Files, Finished, Gorgon, Summary, gorgon};

fn compare(operations: &[&str]) -> Gorgon {
    gorgon("compare").args(operations)
}

/// The document of a comparison, which is all that stdout has.
#[track_caller]
fn document(finished: &Finished) -> Value {
    let document: Value = serde_json::from_str(finished.stdout())
        .unwrap_or_else(|error| panic!("{error}: {}", finished.all()));
    assert_eq!(document["schema"], "gorgon.comparison/0");
    assert_eq!(document["kind"], "interleaved");
    let schema = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../schema/comparison.schema.json"
    );
    let schema = std::fs::read_to_string(schema).expect("the schema");
    let schema = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<_> = validator.iter_errors(&document).collect();
    assert!(errors.is_empty(), "{errors:?}");
    document
}

#[track_caller]
fn compared(of: Gorgon, exit: i32) -> Value {
    document(&of.args(["--json", "-"]).expect_exit(exit))
}

/// Its sides by name.
#[track_caller]
fn sides(document: &Value) -> BTreeMap<&str, &Value> {
    let sides = document["sides"].as_array().expect("a list");
    let named = sides
        .iter()
        .map(|side| (side["name"].as_str().expect("a name"), side));
    named.collect()
}

/// What is saved of a comparison, as the summary of any run.
#[track_caller]
fn saved(of: Gorgon, exit: i32) -> Summary {
    let files = Files::new();
    let file = files.path().join("run");
    of.arg("--save").arg(&file).expect_exit(exit);
    gorgon("report").arg(&file).json()
}

#[test]
fn every_number_is_given_to_each_operation_once() {
    for workers in ["1", "4"] {
        let run = compare(&[gorgon_fixtures::PROBE, gorgon_fixtures::PROBE])
            .args(["-n", "60", "-w", workers, "--warmup", "0"])
            .set("do", "number");
        let summary = saved(run, 0);
        let numbers: Vec<String> = (0..60).map(|number: u32| number.to_string()).collect();
        let twice = numbers.iter().map(|number| (&**number, 2));
        summary.has_tags(twice);
        assert_eq!(summary.calls("asked"), 120);
        assert_eq!(*summary.at("/run/load/side_by_side"), true);
    }
}

#[test]
fn the_warm_up_is_usual_and_is_of_each() {
    let summary = saved(compare(&["noop", "hash", "-n", "400"]), 0);
    assert_eq!(
        (summary.calls("done"), summary.calls("warmup_done")),
        (800, 40)
    );
    let summary = saved(compare(&["noop", "hash", "-n", "400", "--warmup", "0"]), 0);
    assert_eq!(
        (summary.calls("done"), summary.calls("warmup_done")),
        (800, 0)
    );
}

#[test]
fn the_fastest_is_first_and_has_figures_and_memory_of_its_own() {
    let document = compared(compare(&["leak", "hash", "noop", "-n", "50"]), 0);
    assert_eq!(document["sides"][0]["name"], "noop");
    assert_eq!(document["sides"][0]["label"], "A");
    let sides = sides(&document);
    for side in sides.values() {
        assert_eq!(side["calls"], 50);
        let ns = |figure: &str| side["figures"][figure].as_u64().expect("a duration");
        assert!(ns("min_ns") <= ns("p50_ns") && ns("p50_ns") <= ns("max_ns"));
        assert!(ns("max_ns") <= ns("sum_ns"));
    }
    let memory = |name: &str| sides[name]["memory_peak_bytes"].as_u64().expect("bytes");
    assert!(memory("leak") > memory("noop"));
    let against: Vec<_> = document["comparisons"]
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    assert!(against.iter().all(|one| one["a"] == "A"));
    assert_eq!(against.len(), 2);
}

#[test]
fn variants_of_an_operation_go_by_what_differs() {
    let long = format!("text={}", "x".repeat(2_000));
    let document = compared(
        compare(&["hash", "-n", "30", "--side", "text=x", "--side", &long]),
        0,
    );
    assert_eq!(document["sides"][0]["name"], "text=x");
    assert_eq!(document["sides"][1]["name"], *long);
    compare(&["hash", "hash", "-n", "20"])
        .expect_exit(0)
        .stdout_contains("hash #1 / hash #2")
        .stdout_contains("shorter is better");
}

#[test]
fn a_side_does_not_tell_its_secrets() {
    let sides = [
        "--side",
        "text=a,token=sesame",
        "--side",
        "text=b,token=tahini",
    ];
    let files = Files::new();
    let file = files.path().join("run");
    let finished = compare(&["hash", "-n", "20"])
        .args(sides)
        .arg("--save")
        .arg(&file)
        .expect_exit(0);
    finished.stdout_contains("text=a,token=…");
    finished.lacks("sesame").lacks("tahini");
    let saved = std::fs::read_to_string(&file).expect("it is saved");
    assert!(!saved.contains("sesame") && !saved.contains("tahini"));
}

#[test]
fn too_short_a_run_says_how_long_it_would_have_to_be() {
    compare(&["noop", "noop", "-n", "20"])
        .expect_exit(0)
        .stdout_contains("not enough data to tell noop #")
        .stdout_contains("would do");
}

#[test]
fn answers_that_differ_are_told_where_that_is_asked_for() {
    let differing = || {
        compare(&[gorgon_fixtures::PROBE, "-n", "12", "--warmup", "0"])
            .set("do", "tags")
            .args(["--side", "modulo=4", "--side", "modulo=6"])
    };
    differing().expect_exit(0).lacks("alike");
    // Of 0 to 11, these are the same modulo 4 and 6: 0 to 3.
    let told = differing().arg("--check").expect_exit(99);
    told.stdout_contains("8 of 12 numbers were not answered alike")
        .stdout_contains("   4 modulo=4: ok 0, modulo=6: ok 4");
    let document = compared(differing().arg("--check"), 99);
    assert_eq!(document["exit_code"], 99);
    let agreement = &document["agreement"];
    assert_eq!(
        (&agreement["compared"], &agreement["differing"]),
        (&12.into(), &8.into())
    );
    assert_eq!(agreement["first"][0]["number"], "4");
    assert_eq!(agreement["first"][0]["answers"][1]["tag"], "4");
}

#[test]
fn a_fault_is_an_answer_that_differs() {
    let document = compared(compare(&["noop", "trap", "-n", "5", "--check"]), 99);
    assert_eq!(document["agreement"]["differing"], 5);
    assert_eq!(
        document["agreement"]["first"][0]["answers"][1]["tag"],
        "!trap"
    );
    assert_eq!(sides(&document)["trap"]["figures"]["fault"], 5);
}

#[test]
fn the_same_number_has_the_same_row_item_and_random_numbers_whichever_operation_has_it() {
    let files = Files::new();
    let alike = |run: Gorgon, numbers: u64| {
        let document = compared(run.arg("--check").args(["-w", "3"]), 0);
        let agreement = &document["agreement"];
        assert_eq!(agreement["compared"], numbers);
        assert_eq!(agreement["differing"], 0);
    };
    let probes = || compare(&[gorgon_fixtures::PROBE, gorgon_fixtures::PROBE]);
    alike(probes().set("do", "random").args(["-n", "40"]), 40);
    let rows: String = (0..30).map(|row| format!("{row},{row}\n")).collect();
    let table = files.write("rows.csv", format!("a,b\n{rows}").as_bytes());
    alike(
        probes()
            .set("do", "row")
            .args(["--rows", "unique"])
            .arg("--data")
            .arg(&table),
        30,
    );
    let items: String = (0..25).map(|item| format!("item-{item}\n")).collect();
    let items = files.write("items", items.as_bytes());
    alike(probes().set("do", "item").arg("--items").arg(&items), 25);
}

#[test]
fn isolated_calls_have_fresh_instances_side_by_side() {
    let run = compare(&[gorgon_fixtures::PROBE, gorgon_fixtures::PROBE])
        .args(["-n", "10", "--isolate", "call"])
        .set("do", "state");
    saved(run, 0).has_tags([("1", 20)]);
}

#[test]
fn a_time_ends_a_comparison_too() {
    let summary = saved(compare(&["noop", "hash", "-d", "200ms", "-w", "2"]), 0);
    assert_eq!(summary.at("/run/load/duration_ns"), 200_000_000);
    let (asked, done) = (summary.calls("asked"), summary.calls("done"));
    assert!(asked == done && done > 0);
}

#[test]
fn a_saved_comparison_is_shown_again() {
    let files = Files::new();
    let file = files.path().join("run");
    let first = compare(&["noop", "hash", "-n", "40", "--check"])
        .arg("--save")
        .arg(&file)
        .expect_exit(99);
    let again = gorgon("compare").arg(&file).expect_exit(0);
    assert_eq!(first.stdout(), again.stdout());
    gorgon("report")
        .arg(&file)
        .expect_exit(0)
        .stdout_contains("noop + hash")
        .stdout_contains("not answered alike");
}

#[test]
fn a_comparison_has_views_for_programs_and_for_reviews() {
    let files = Files::new();
    let (json, markdown) = (files.path().join("c.json"), files.path().join("c.md"));
    let finished = compare(&["noop", "hash", "-n", "20", "--no-save"])
        .arg("--json")
        .arg(&json)
        .arg("--markdown")
        .arg(&markdown)
        .expect_exit(0);
    finished.stdout_contains("shorter is better");
    let read = |path| std::fs::read_to_string(path).expect("it is written");
    let document: Value = serde_json::from_str(&read(&json)).expect("JSON");
    assert_eq!(document["sides"].as_array().map(Vec::len), Some(2));
    assert!(
        read(&markdown).contains("| noop | 20 |"),
        "{}",
        read(&markdown)
    );
}

#[test]
fn what_cannot_be_compared_is_refused_with_the_reason() {
    #[track_caller]
    fn check(args: &[&str], part: &str) {
        compare(args)
            .expect_exit(64)
            .stderr_contains(part)
            .has_no_sign_of_a_bug();
    }
    check(
        &["noop", "-n", "5"],
        "nothing to compare the operation with",
    );
    check(
        &["noop", "-n", "5", "--side", "a=1"],
        "there is only one side",
    );
    check(
        &["noop", "hash", "-n", "5", "--side", "a=1", "--side", "a=2"],
        "`--side` is for one operation",
    );
    check(
        &["noop", "hash", "--rate", "5/s", "-d", "1s"],
        "cannot have a `--rate`",
    );
    check(
        &["noop", "hash", "-n", "5", "--order", "repeat"],
        "`--order`",
    );
    check(
        &["noop", "hash", "-n", "5", "-w", "1,2"],
        "operations side by side are one run",
    );
    check(&["noop", "hash"], "the run has no end");
    check(&["noop", "-n", "5", "--side", "nothing"], "nothing");
}

#[test]
fn rules_are_held_against_the_operation_that_was_named_first() {
    // Too short a run has no data for any rule.
    let short = || compare(&["hash", "noop", "-n", "20", "--fail-if", "p50 slower 5%"]);
    short()
        .expect_exit(99)
        .stdout_contains("noop against hash: p50 slower 5%   no data");
    let document = compared(short().arg("--allow-no-data"), 0);
    assert_eq!(document["rules"][0]["result"], "no_data");
    assert_eq!(document["exit_code"], 0);
    let document = compared(short(), 99);
    assert_eq!(document["exit_code"], 99);
    compare(&["hash", "noop", "-n", "20", "--force"])
        .expect_exit(64)
        .stderr_contains("`--force` is for saved runs");
    let files = Files::new();
    let file = files.path().join("run");
    gorgon("run")
        .args(["noop", "-n", "5"])
        .arg("--save")
        .arg(&file)
        .expect_exit(0);
    gorgon("compare")
        .arg(&file)
        .expect_exit(64)
        .stderr_contains("there is nothing to compare the run");
}

#[test]
fn flags_of_operations_are_not_for_saved_runs() {
    let files = Files::new();
    let file = files.path().join("run");
    gorgon("run")
        .args(["noop", "-n", "5"])
        .arg("--save")
        .arg(&file)
        .expect_exit(0);
    gorgon("compare")
        .arg(&file)
        .args(["--workers", "2"])
        .expect_exit(64)
        .stderr_contains("`--workers` is for operations");
}

#[cfg(unix)]
#[test]
fn an_interrupted_comparison_tells_what_there_is_and_accounts_for_the_rest() {
    let files = Files::new();
    let file = files.path().join("run");
    let running = compare(&["noop", "hash", "-n", "1G", "--warmup", "10"])
        .arg("--save")
        .arg(&file)
        .start();
    crate::kill::some_are_saved(&crate::kill::partial(&file));
    running.signal("INT");
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(130), "{}", finished.all());
    finished
        .stdout_contains("shorter is better")
        .stdout_contains("interrupted");
    let summary = gorgon("report").arg(&file).json();
    assert_eq!(summary.calls("asked"), 2_000_000_000);
    assert!(summary.calls("not_started") > 0 && summary.calls("done") > 0);
}
