use proptest::prelude::*;

use super::*;
use crate::settings::testing::{program, values};

fn read(text: &str) -> Result<Document, Problem> {
    Document::read(text, &program())
}

fn run() -> Scope {
    Scope::Command(vec!["run".to_owned()])
}

#[track_caller]
fn refused(text: &str, line: usize, what: &str, hint: &str) {
    let problem = read(text).expect_err(text);
    assert_eq!(problem.line, Some(line), "{problem:?}");
    assert!(problem.what.contains(what), "{problem:?}");
    assert!(
        problem.hint.as_deref().unwrap_or("").contains(hint),
        "{problem:?}"
    );
}

#[test]
fn sections_have_the_flags_that_they_set_and_the_lines() {
    let text = "[defaults]\nquiet = true\n\n[run]\nworkers = 8\nfail-if = ['p99 > 1s']\nset = { url = 'x', n = 3, on = true }\n[profile.ci]\nduration = '2m'\n[runs.prune]\nkeep = 5\n";
    let document = read(text).unwrap();
    let entry = |key: &str, line, value| Entry {
        key: key.to_owned(),
        line,
        value,
    };
    assert_eq!(
        document.entries(&Scope::Defaults),
        [entry("quiet", 2, Raw::Switch(true))]
    );
    let pairs = [("n", "3"), ("on", "true"), ("url", "x")];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(
        document.entries(&run()),
        [
            entry("workers", 5, Raw::Text("8".to_owned())),
            entry("fail-if", 6, Raw::List(vec!["p99 > 1s".to_owned()])),
            entry("set", 7, Raw::Table(pairs.to_vec())),
        ]
    );
    assert_eq!(document.profiles(), ["ci"]);
    let prune = Scope::Command(vec!["runs".to_owned(), "prune".to_owned()]);
    assert_eq!(
        document.entries(&prune),
        [entry("keep", 11, Raw::Text("5".to_owned()))]
    );
}

#[test]
fn numbers_are_what_was_written() {
    let document = read("[run]\nworkers = 1_000\nrate = 0.50\ncalls = 0x10\n").unwrap();
    let values: Vec<&Raw> = document
        .entries(&run())
        .iter()
        .map(|entry| &entry.value)
        .collect();
    let texts = ["1_000", "0.50", "0x10"].map(|text| Raw::Text(text.to_owned()));
    assert_eq!(values, texts.iter().collect::<Vec<_>>());
}

#[test]
fn what_is_no_flag_is_told_with_what_was_perhaps_meant() {
    refused(
        "[run]\n\nworker = 8\n",
        3,
        "`worker` is no flag of `gorgon run`",
        "`workers`",
    );
    refused("[run]\nfail_if = 'x'\n", 2, "`fail_if`", "`fail-if`");
    refused(
        "[run]\nkeep = 8\n",
        2,
        "`keep` is no flag of `gorgon run`",
        "another command",
    );
    refused(
        "[defaults]\nwrokers = 8\n",
        2,
        "`wrokers` is no flag of any command",
        "`workers`",
    );
    refused("[profile.ci]\nxyzzyx = 8\n", 2, "`xyzzyx`", "long names");
    refused(
        "[rum]\nworkers = 8\n",
        1,
        "there is no section `[rum]`",
        "`[run]`",
    );
    refused(
        "[xyzzyx]\n",
        1,
        "there is no section `[xyzzyx]`",
        "`[defaults]`",
    );
    refused("workers = 8\n", 1, "before any section", "`[defaults]`");
    refused("run = 8\n", 1, "there is no section", "");
    refused(
        "[profile]\nci = 8\n",
        2,
        "`profile.ci` has to be a section",
        "[profile.ci]",
    );
}

#[test]
fn a_value_of_another_type_is_told_with_what_would_be_right() {
    refused(
        "[run]\nduration = \"a\\u0000\"\n",
        2,
        "a zero byte",
        "one value",
    );
    refused(
        "[run]\nworkers = [1]\n",
        2,
        "`workers` cannot be a list",
        "one value",
    );
    refused(
        "[run]\nworkers = true\n",
        2,
        "`workers` cannot be `true` or `false`",
        "one value",
    );
    refused(
        "[run]\nquiet = 'yes'\n",
        2,
        "`quiet` cannot be a text",
        "`true` or `false`",
    );
    refused(
        "[run]\nset = 'a=b'\n",
        2,
        "`set` cannot be a text",
        "a table",
    );
    refused(
        "[run]\nset = { a = [1] }\n",
        2,
        "a table of lists",
        "a table",
    );
    refused("[run]\nfail-if = [['x']]\n", 2, "a list of lists", "a list");
    refused("[run]\nduration = 2020-01-01\n", 2, "a date", "one value");
}

#[test]
fn a_section_for_several_commands_may_hold_what_one_of_them_takes() {
    for text in ["[defaults]\njson = 'x'\n", "[defaults]\njson = true\n"] {
        assert!(read(text).is_ok(), "{text}");
    }
    refused("[defaults]\njson = []\n", 2, "`json` cannot be a list", "");
    refused("[doctor]\njson = 'x'\n", 2, "`json` cannot be a text", "");
}

#[test]
fn what_is_not_toml_is_told_with_the_line() {
    refused("[run]\nworkers = \n", 2, "", "");
    refused("[run]\nworkers = 8\nworkers = 9\n", 3, "duplicate", "");
    refused("[run]\n[run]\n", 2, "duplicate", "");
    refused("[run\n", 1, "", "");
    refused(
        "[run]\r\nworkers = 8\r\nworker = 9\r\n",
        3,
        "`worker`",
        "`workers`",
    );
    let deep = format!(
        "[run]\nset = {}1{}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    refused(&deep, 2, "recur", "");
    let dotted = format!("[run]\n{}x = 1\n", "a.".repeat(100_000));
    // TOML's reader does not tell where that is.
    assert!(read(&dotted).unwrap_err().what.contains("recursion"));
}

#[test]
fn a_byte_order_mark_and_foreign_line_ends_are_borne() {
    let document = read("\u{feff}[run]\r\nworkers = 8\r\n").unwrap();
    assert_eq!(document.entries(&run())[0].line, 2);
}

#[test]
fn each_kind_of_flag_takes_its_kind_of_value() {
    let text = Raw::Text("x".to_owned());
    let list = Raw::List(vec!["x".to_owned(), "y".to_owned()]);
    let table = Raw::Table(vec![("a".to_owned(), "b=c".to_owned())]);
    #[track_caller]
    fn check(raw: &Raw, takes: Takes, expected: Option<Given>) {
        assert_eq!(raw.given(takes), expected, "{raw:?} {takes:?}");
    }
    check(&text, Takes::Value, Some(values(&["x"])));
    check(&text, Takes::Values, Some(values(&["x"])));
    check(&text, Takes::MaybeValue, Some(values(&["x"])));
    check(&text, Takes::Nothing, None);
    check(&text, Takes::Pairs, None);
    check(&list, Takes::Values, Some(values(&["x", "y"])));
    check(&list, Takes::Value, None);
    check(&table, Takes::Pairs, Some(values(&["a=b=c"])));
    check(&table, Takes::Values, None);
    check(&Raw::Switch(false), Takes::Nothing, Some(Given::Off));
    check(&Raw::Switch(true), Takes::MaybeValue, Some(Given::On));
    check(&Raw::Other("x"), Takes::Value, None);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn no_text_of_toml_signs_makes_it_panic(text in "[\\[\\]{}=\"'.,#\n a-c0-9-]{0,120}") {
        let _ = read(&format!("[run]\n{text}"));
    }
}
