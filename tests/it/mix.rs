//! A mix gives each operation exactly its weight.

use std::collections::BTreeMap;

use crate::support::gorgon;

#[track_caller]
fn check(args: &[&str], hash: u64, noop: u64) {
    let made = operations(args);
    assert_eq!((made["hash"], made["noop"]), (hash, noop), "{args:?}");
}

/// How many calls each operation has made, by its name.
#[track_caller]
fn operations(args: &[&str]) -> BTreeMap<String, u64> {
    let summary = gorgon("run").args(args).json();
    let mut made = BTreeMap::new();
    for row in summary.at("/tags").as_array().expect("a list") {
        let name = row["component"].as_str().expect("a name");
        *made.entry(name.to_owned()).or_default() += row["count"].as_u64().expect("a count");
    }
    made
}

#[test]
fn calls_are_divided_as_the_weights_say() {
    check(&["hash=3", "noop=1", "-n", "400", "-w", "4"], 300, 100);
    check(&["hash=30", "noop=10", "-n", "40", "-w", "1"], 30, 10);
    check(&["hash", "noop", "-n", "100", "-w", "3"], 50, 50);
    check(&["hash=1", "noop=9", "-n", "100", "--rate", "1k"], 10, 90);
    check(
        &[
            "hash=3", "noop=1", "-n", "400", "-w", "1", "--order", "repeat",
        ],
        300,
        100,
    );
}

#[test]
fn the_same_seed_mixes_alike() {
    let order = |seed: &str| {
        let args = ["hash=1", "noop=4", "-n", "3", "-w", "1", "--seed", seed];
        gorgon("run").args(args).json().tags()
    };
    assert_eq!(order("5"), order("5"));
}

#[test]
fn the_text_tells_the_operations_apart() {
    gorgon("run")
        .args(["hash", "noop", "-n", "20"])
        .expect_exit(0)
        .stdout_contains("hash + noop")
        .stdout_contains(" Operation ");
}

#[test]
fn in_turn_each_worker_goes_through_all_operations() {
    for workers in [2, 4] {
        let w = workers.to_string();
        let args = [
            "hash=3", "noop=1", "--order", "repeat", "-n", "400", "-w", &w,
        ];
        let made = operations(&args);
        // Each worker is at most one round away from the weights.
        let off = made["noop"].abs_diff(100);
        assert!(off <= workers, "{made:?} with {workers} workers");
        assert_eq!(made.values().sum::<u64>(), 400);
    }
}

#[test]
fn each_number_is_called_once_whichever_operation_has_it() {
    let probe = format!("{}=2", gorgon_fixtures::PROBE);
    let summary = gorgon("run")
        .args([&*probe, "noop", "-n", "150", "-w", "4"])
        .set("do", "number")
        .json();
    let mut tags = summary.tags();
    assert_eq!(tags.remove("SUCCESS"), Some(50));
    assert_eq!(tags.len(), 100);
    assert!(tags.values().all(|count| *count == 1), "{tags:?}");
}

#[test]
fn equal_tags_are_told_apart_by_operation() {
    let summary = gorgon("run").args(["noop", "sleep", "-n", "20"]).json();
    summary.has_tags([("SUCCESS", 20)]);
    assert_eq!(summary.at("/components/0/name"), "noop");
    assert_eq!(summary.at("/components/1/name"), "sleep");
    assert_eq!(*summary.at("/run/load/weights"), serde_json::json!([1, 1]));
    assert_eq!(summary.at("/tags").as_array().map(Vec::len), Some(2));
}

#[test]
fn a_mix_that_cannot_be_is_told() {
    #[track_caller]
    fn check(operations: &[&str], exit: i32, words: &[&str]) {
        let refused = gorgon("run").args(operations).args(["-n", "20"]);
        let refused = refused.expect_exit(exit);
        refused.stdout_is_empty().has_no_sign_of_a_bug();
        for part in words {
            refused.stderr_contains(part);
        }
    }
    check(&["hash=0", "noop"], 64, &["`hash=0`", "more than 0"]);
    check(&["hash=x", "noop"], 64, &["`hash=x`", "hint:"]);
    check(&["hash=", "noop"], 64, &["`hash=`", "nothing given"]);
    check(&["hash=-1", "noop"], 64, &["`hash=-1`", "negative"]);
    check(&["hash=1.5", "noop"], 64, &["`hash=1.5`"]);
    check(
        &["hash=18446744073709551615", "noop=2"],
        64,
        &["the mix is not possible", "smaller or rounder"],
    );
    check(&["hash", "noop", "--order", "any"], 64, &["repeat"]);
    check(&["hash", "nop"], 66, &["did you mean `noop`?"]);
    check(&["hash=2", "missing.wasm=3"], 66, &["missing.wasm"]);
}
