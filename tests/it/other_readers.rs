//! Programs that are not gorgon's read its views, and find in them what its JSON says.

use serde_json::{Value, json};

use crate::support::{Files, OtherReaders, gorgon};

#[test]
fn a_junit_reader_finds_each_rule_and_what_came_of_it() {
    let Some(readers) = OtherReaders::installed() else {
        return;
    };
    let files = Files::new();
    let rules = [
        "ok < 1",
        "fail > 1%",
        "tag(<&\u{1b}>) > 0",
        "counter(x) > 0",
    ];
    let run = |more: &[&str]| {
        let path = files.path().join("junit.xml");
        let mut run = gorgon("run")
            .args(["hash", "-n", "100", "-w", "2"])
            .args(more);
        for rule in rules {
            run = run.args(["--fail-if", rule]);
        }
        let summary = run.arg("--junit").arg(&path).json_and_exit(99);
        let xml = std::fs::read(path).expect("it is written");
        (summary, readers.ask("junit.py", &xml))
    };
    let (summary, junit) = run(&[]);
    // Nothing can be said of any rule on a machine that is busy with something else.
    if summary.is_invalid() {
        return;
    }
    assert_eq!(
        (&junit["tests"], &junit["failures"]),
        (&json!(5), &json!(2)),
        "{junit}"
    );
    let cases = junit["cases"].as_array().expect("a list");
    let names: Vec<&Value> = cases.iter().map(|case| &case["name"]).collect();
    assert_eq!(
        names,
        [
            "the run",
            "ok < 1",
            "fail > 1 %",
            "tag(<&\\u{1b}>) > 0",
            "counter(x) > 0"
        ]
    );
    assert_eq!(cases[2]["failure"], "measured 20.00 %");
    assert!(
        cases[4]["failure"]
            .as_str()
            .is_some_and(|of| of.starts_with("no data: ")),
        "{junit}"
    );
    let (_, junit) = run(&["--allow-no-data"]);
    assert_eq!(
        (&junit["failures"], &junit["skipped"]),
        (&json!(1), &json!(1)),
        "{junit}"
    );
}
