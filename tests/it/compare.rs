//! Comparing saved runs.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::damaged::sealed;
use crate::support::{Files, Finished, Gorgon, gorgon};

const SCHEMA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../schema/comparison.schema.json"
);

/// Makes a run and saves it. What the runner found against itself depends on what else the machine does, so it is taken
/// out, and `verdict` put in its place.
fn run(files: &Files, name: &str, args: &[&str], verdict: Value) -> PathBuf {
    let path = files.path().join(name);
    gorgon("run")
        .args(args)
        .arg("-q")
        .arg("--save")
        .arg(&path)
        .finish();
    let text = std::fs::read_to_string(&path).expect("it was saved");
    let lines = text.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        if let Some(facts) = line.pointer_mut("/facts/facts") {
            facts["verdict"] = verdict.clone();
        }
        sealed(&line)
    });
    let lines: String = lines.collect();
    std::fs::write(&path, lines).expect("it can be written");
    path
}

fn valid() -> Value {
    json!({"state": "valid", "reasons": []})
}

/// The ticks of a run that is as steady as no machine is.
const TICKS: u64 = 60;

/// A run of calls that sleep for so long. Its busiest tick is put in the place of all others, so that what it is does not
/// depend on what else the machine does.
fn steady(files: &Files, name: &str, long: &str, verdict: Value) -> PathBuf {
    let long = format!("for={long}");
    let path = run(
        files,
        name,
        &["sleep", "-w", "8", "-n", "100", "--set", &long],
        verdict,
    );
    let text = std::fs::read_to_string(&path).expect("it was saved");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let calls = |line: &Value| line["rows"][0]["count"].as_u64().unwrap_or(0);
    let ticks = lines.iter().filter(|line| line["type"] == "tick");
    let busiest = ticks.max_by_key(|line| calls(line)).expect("a tick");
    let all = (0..TICKS).map(|index| {
        let mut tick = busiest.clone();
        tick["from_ns"] = json!(index * 50_000_000);
        tick["to_ns"] = json!((index + 1) * 50_000_000);
        tick["rows"][0]["first_ns"] = json!(index * 50_000_000);
        tick
    });
    let mut summary = lines.last().expect("a summary").clone();
    let done = TICKS * calls(busiest);
    (summary["ticks"], summary["done"]) = (json!(TICKS), json!(done));
    summary["facts"]["facts"]["accounting"]["asked"] = json!(done);
    summary["facts"]["facts"]["accounting"]["done"] = json!(done);
    let lines = std::iter::once(lines[0].clone())
        .chain(all)
        .chain([summary]);
    std::fs::write(&path, lines.map(|line| sealed(&line)).collect::<String>())
        .expect("it can be written");
    path
}

fn compare<'a>(sides: impl IntoIterator<Item = &'a PathBuf>) -> Gorgon {
    gorgon("compare").args(sides)
}

/// The document of a comparison that ends with `code`, checked against the schema.
#[track_caller]
fn document(comparison: Gorgon, code: i32) -> Value {
    let finished = comparison.args(["--json", "-"]).expect_exit(code);
    let document: Value = serde_json::from_str(finished.stdout()).expect("JSON");
    let schema = std::fs::read_to_string(SCHEMA).expect("the schema");
    let schema = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(document["exit_code"], code);
    document
}

#[track_caller]
fn figure<'a>(document: &'a Value, of: usize, name: &str) -> &'a Value {
    let figures = document["comparisons"][of]["figures"]
        .as_array()
        .expect("figures");
    figures
        .iter()
        .find(|figure| figure["figure"] == name)
        .expect("the figure")
}

#[test]
fn what_takes_longer_is_worse_and_the_other_way_round_better() {
    let files = Files::new();
    let (a, b) = (
        steady(&files, "a", "1ms", valid()),
        steady(&files, "b", "200ms", valid()),
    );
    let slower = document(compare([&a, &b]), 0);
    for name in ["rate", "p50", "p90", "mean"] {
        let figure = figure(&slower, 0, name);
        assert_eq!(figure["verdict"], "worse", "{figure}");
        let (low, high) = (&figure["interval"]["low"], &figure["interval"]["high"]);
        assert!(low.as_f64() <= figure["difference"].as_f64(), "{figure}");
        assert!(figure["difference"].as_f64() <= high.as_f64(), "{figure}");
    }
    assert_eq!(
        figure(&document(compare([&b, &a]), 0), 0, "p50")["verdict"],
        "better"
    );

    let held = |sides: [&PathBuf; 2], rule: &str, code| {
        compare(sides).arg("--fail-if").arg(rule).expect_exit(code)
    };
    held([&a, &b], "p50 slower 5%", 99).stdout_contains("✗ B  p50 slower 5%");
    held([&a, &b], "rate lower 5 %", 99);
    held([&b, &a], "p50 slower 5%", 0).stdout_contains("✓ B  p50 slower 5%");
    held([&b, &a], "p50 faster 5%", 99);

    let text = compare([&a, &b]).expect_exit(0);
    text.stdout_contains("✗ worse")
        .stdout_contains("95 % interval")
        .stdout_contains("shorter is better");
    let three = compare([&a, &b, &a]).expect_exit(0);
    three
        .stdout_contains("B − A")
        .stdout_contains("C − A")
        .stdout_contains("C and A: A and C are identical");
}

#[test]
fn a_run_is_identical_with_itself_however_good_it_is() {
    let files = Files::new();
    let invalid = json!({"state": "invalid", "reasons": [{"id": "steal", "state": "invalid", "text": "busy"}]});
    for verdict in [valid(), invalid] {
        let a = run(&files, "a", &["hash", "-n", "2000"], verdict);
        let same = document(compare([&a, &a]).args(["--fail-if", "p50 slower 0%"]), 0);
        assert_eq!(same["comparisons"][0]["identical"], true);
        let text = compare([&a, &a]).expect_exit(0);
        text.stdout_contains("identical: the same calls");
        std::fs::remove_file(a).expect("it is there");
    }
}

#[test]
fn an_invalid_run_is_no_evidence() {
    let files = Files::new();
    let invalid = json!({"state": "invalid", "reasons": [{"id": "steal", "state": "invalid", "text": "the CPUs were away"}]});
    let a = steady(&files, "a", "1ms", valid());
    let b = steady(&files, "b", "200ms", invalid);
    let doubted = document(compare([&a, &b]).args(["--fail-if", "p50 slower 5%"]), 99);
    assert_eq!(figure(&doubted, 0, "p50")["verdict"], "no_evidence");
    assert_eq!(doubted["comparisons"][0]["believed"], false);
    assert_eq!(doubted["rules"][0]["result"], "no_data");
    compare([&a, &b])
        .expect_exit(0)
        .stdout_contains("B is invalid")
        .stdout_contains("the CPUs were away");
}

#[test]
fn what_cannot_rightly_be_compared_is_refused_with_the_reason() {
    let files = Files::new();
    let a = run(&files, "a", &["hash", "-n", "500", "-w", "2"], valid());
    let check = |name: &str, args: &[&str], why: &str| {
        let b = run(&files, name, args, valid());
        compare([&a, &b])
            .expect_exit(65)
            .stderr_contains(why)
            .stderr_contains("--force")
            .has_no_sign_of_a_bug();
        let forced = compare([&a, &b]).arg("--force").expect_exit(0);
        forced.stdout_contains("compared all the same");
    };
    check(
        "open",
        &["hash", "-n", "500", "--rate", "2000"],
        "A is closed, B is open",
    );
    check(
        "workers",
        &["hash", "-n", "500", "-w", "3"],
        "A has 2, B has 3",
    );
    check(
        "think",
        &["hash", "-n", "20", "-w", "2", "--think", "1ms"],
        "think times differ",
    );
    check(
        "expect",
        &["hash", "-n", "500", "-w", "2", "--expect", "FAIL"],
        "`--expect FAIL`",
    );
    check(
        "mix",
        &["hash=1", "noop=1", "-n", "500", "-w", "2"],
        "different operations",
    );

    let partial = std::fs::read_to_string(&a).expect("it is there");
    let cut = partial.lines().rev().skip(1).collect::<Vec<_>>();
    let cut: String = cut
        .into_iter()
        .rev()
        .map(|line| format!("{line}\n"))
        .collect();
    let cut = files.write("cut", cut);
    compare([&a, &cut])
        .expect_exit(65)
        .stderr_contains("B did not come to its end");
}

#[test]
fn too_little_is_said_to_be_so() {
    let files = Files::new();
    let [one, other] =
        ["one", "other"].map(|name| run(&files, name, &["noop", "-n", "1"], valid()));
    let few = document(compare([&one, &other]), 0);
    for name in ["rate", "p50", "p99", "mean", "fail"] {
        assert_eq!(figure(&few, 0, name)["verdict"], "not_enough_data");
        assert_eq!(figure(&few, 0, name)["interval"], Value::Null);
    }
    compare([&one, &other])
        .expect_exit(0)
        .stdout_contains("20 are needed");
    let held = || compare([&one, &other]).args(["--fail-if", "p50 slower 5%"]);
    held().expect_exit(99).stdout_contains("no data");
    held().arg("--allow-no-data").expect_exit(0);

    let nothing = run(&files, "nothing", &["noop", "-n", "0"], valid());
    compare([&one, &nothing])
        .expect_exit(65)
        .stderr_contains("there is no data in the run");
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let one = |args: &[&str], code, words: &[&str]| {
        let finished: Finished = gorgon("compare").args(args).expect_exit(code);
        for word in words {
            finished.stderr_contains(word);
        }
        finished.has_no_sign_of_a_bug();
    };
    one(&[], 64, &["RUN"]);
    one(&["a.jsonl"], 66, &["a.jsonl"]);
    one(&["a.jsonl", "b.jsonl"], 66, &["a.jsonl"]);
    one(
        &["a", "b", "--fail-if", "p50 slowr 5%"],
        64,
        &["p50 slowr 5%", "    ^ expected `slower`"],
    );
    one(
        &["a", "b", "--fail-if", "p50 slower 5"],
        64,
        &["did you mean `5%`?"],
    );
    one(
        &["a", "b", "--min-effect", "2"],
        64,
        &["did you mean `2%`?"],
    );
    one(&["last", "last"], 66, &["there is no saved run"]);
    one(&["a.jsonl", "x.wasm"], 64, &["`x.wasm` is an operation"]);
    one(
        &["a", "b", "--json", "-", "--markdown", "-"],
        64,
        &["several views"],
    );
}

#[test]
fn markdown_has_the_table_and_a_file_is_written_beside_the_text() {
    let files = Files::new();
    let a = run(&files, "a<b>", &["hash", "-n", "500"], valid());
    let markdown: &Path = &files.path().join("out.md");
    let text = compare([&a, &a])
        .arg("--markdown")
        .arg(markdown)
        .expect_exit(0);
    text.stdout_contains("95 % interval");
    let markdown = std::fs::read_to_string(markdown).expect("it is written");
    assert!(
        markdown.contains("| | A | B | B − A | 95 % interval | verdict |"),
        "{markdown}"
    );
    assert!(markdown.contains("a&lt;b&gt;"), "{markdown}");
}
