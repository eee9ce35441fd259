//! Calls that are fed with the lines of a file or pipe, or with the rows of a table.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::{Files, Gate, Gorgon, Tally, Target, gorgon};

/// The probe, which returns its item as tag.
fn returning_items(workers: &str) -> Gorgon {
    gorgon("run")
        .args([gorgon_fixtures::PROBE, "-w", workers])
        .set("do", "item")
}

/// The probe, which returns its row as tag.
fn returning_rows(data: &Path, rows: &str) -> Gorgon {
    gorgon("run")
        .args([gorgon_fixtures::PROBE, "-w", "3", "--rows", rows])
        .arg("--data")
        .arg(data)
        .set("do", "row")
}

/// `item 0` to the one before `item count`, a line each.
fn lines(count: u64) -> String {
    (0..count).map(|index| format!("item-{index}\n")).collect()
}

#[track_caller]
fn text(path: &PathBuf) -> String {
    std::fs::read_to_string(path).expect("the file is there")
}

#[test]
fn each_line_is_given_to_one_call() {
    #[track_caller]
    fn check(bytes: &[u8], flags: &[&str], expected: &[(&str, u64)]) {
        let files = Files::new();
        for workers in ["1", "4"] {
            let summary = returning_items(workers)
                .arg("--items")
                .arg(files.write("items", bytes))
                .args(flags)
                .json();
            summary.has_tags(expected.iter().copied());
            let calls: u64 = expected.iter().map(|(_, count)| count).sum();
            assert_eq!(summary.calls("asked"), calls);
            assert_eq!(summary.calls("done"), calls);
        }
    }
    check(b"a\nb\nc\n", &[], &[("a", 1), ("b", 1), ("c", 1)]);
    check(b"a\r\nb\n\n\nlast", &[], &[("a", 1), ("b", 1), ("last", 1)]);
    check(b"same\nsame\n", &[], &[("same", 2)]);
    check(b"a\nb\0c\0", &["-0"], &[("a\nb", 1), ("c", 1)]);
    check(b"a\0\0b", &["--null"], &[("a", 1), ("", 1), ("b", 1)]);
    check(b"", &[], &[]);
    check(b"\n\n", &[], &[]);
    check(b"a\nb\nc\n", &["-n", "2"], &[("a", 1), ("b", 1)]);
    check(b"a\nb\n", &["-n", "9"], &[("a", 1), ("b", 1)]);
    check(b"a\nb\nc\n", &["-n", "0"], &[]);
}

#[test]
fn ten_thousand_lines_are_each_one_request() {
    let tally = Tally::start();
    let files = Files::new();
    let summary = gorgon("run")
        .args(["http", "-w", "8", "--items"])
        .arg(files.write("items", lines(10_000)))
        .set("url", tally.url("/{item}"))
        .json();
    assert_eq!(summary.calls("ok"), 10_000);
    let expected: BTreeMap<String, u64> = (0..10_000)
        .map(|index| (format!("/item-{index}"), 1))
        .collect();
    assert_eq!(tally.seen(), expected);
}

#[test]
fn a_pipe_is_worked_off_as_it_fills_and_the_run_ends_with_it() {
    let gate = Gate::closed();
    let mut running = gorgon("run")
        .args(["http", "-w", "2", "--items", "-", "--json", "-"])
        .set("url", gate.url("/{item}"))
        .stdin(Stdio::piped())
        .start();
    let mut stdin = running.take_stdin();
    for index in 0..5 {
        writeln!(stdin, "item-{index}").expect("the run reads its items");
        // The call is made although nobody knows what comes next.
        assert_eq!(gate.asked(), format!("/item-{index}"));
        gate.answer_one();
    }
    let _server = gate.open();
    write!(stdin, "unended").expect("the run reads its items");
    drop(stdin);
    let summary = running.finish().summary();
    summary.has_tags([("200", 6)]);
    assert_eq!(summary.calls("asked"), 6);
}

#[test]
fn a_run_of_fewer_calls_than_items_does_not_wait_for_the_end_of_a_pipe() {
    let mut running = returning_items("2")
        .args(["--items", "-", "-n", "2", "--json", "-"])
        .stdin(Stdio::piped())
        .start();
    let mut stdin = running.take_stdin();
    stdin
        .write_all(b"a\nb\nc\n")
        .expect("the run reads its items");
    let finished = running.finish();
    finished.summary().has_tags([("a", 1), ("b", 1)]);
    assert_eq!(finished.status.code(), Some(0));
    drop(stdin);
}

#[test]
fn items_that_cannot_be_had_end_the_run_before_it_begins() {
    #[track_caller]
    fn check(args: &[&str], exit: i32, words: &[&str]) {
        let finished = gorgon("run").args(args).expect_exit(exit);
        finished.stdout_is_empty().has_no_sign_of_a_bug();
        for part in words {
            finished.stderr_contains(part);
        }
    }
    check(
        &["noop", "--items", "missing.txt"],
        66,
        &["missing.txt", "hint:"],
    );
    check(&["noop", "--items", "."], 66, &["`.`", "hint:"]);
    check(
        &["-", "--items", "-"],
        64,
        &["cannot both come from standard input", "hint:"],
    );
    check(&["noop", "-n", "1", "-0"], 64, &["--items"]);
    check(
        &["noop", "-n", "1", "--failed-items", "again.txt"],
        64,
        &["--items"],
    );
    check(
        &[
            "noop",
            "--items",
            "/dev/null",
            "--failed-items",
            "no/such/x",
        ],
        73,
        &["no/such/x"],
    );
}

#[test]
fn what_failed_is_written_in_the_order_of_the_file_and_can_be_run_again() {
    let target = Target::start();
    let files = Files::new();
    let again = files.path().join("again");
    let run = |url: String, items: &Path| {
        let summary = gorgon("run")
            .args(["http", "-w", "4", "--failed-items"])
            .arg(&again)
            .arg("--items")
            .arg(items)
            .set("url", url)
            .json();
        (summary.calls("ok"), summary.calls("fail"))
    };
    let items = files.write("items", "500\n200\n404\n201\n500\n503\n204\n");
    let counts = run(target.url("/status/{item}"), &items);
    assert_eq!(counts, (3, 4));
    assert_eq!(text(&again), "500\n404\n500\n503\n");
    // Another server likes them all. The file that is read is the one that is written.
    let tally = Tally::start();
    assert_eq!(run(tally.url("/{item}"), &again), (4, 0));
    assert_eq!(text(&again), "", "nothing is left to be run again");
    let expected = [("/404", 1), ("/500", 2), ("/503", 1)];
    let expected = expected.map(|(path, count)| (path.to_owned(), count));
    assert_eq!(tally.seen(), BTreeMap::from(expected));
}

#[test]
fn failed_items_end_as_they_did_when_they_were_read() {
    let target = Target::start();
    let files = Files::new();
    let again = files.path().join("again");
    gorgon("run")
        .args(["http", "-0", "--failed-items"])
        .arg(&again)
        .arg("--items")
        .arg(files.write("items", "500\x00200\x00404"))
        .set("url", target.url("/status/{item}"))
        .json();
    assert_eq!(text(&again), "500\x00404\x00");
}

#[test]
fn what_nobody_wanted_to_run_is_not_to_be_run_again() {
    let files = Files::new();
    let again = files.path().join("again");
    let summary = gorgon("run")
        .args(["hash", "-n", "7", "-w", "2", "--failed-items"])
        .arg(&again)
        .arg("--items")
        .arg(files.write("items", lines(20)))
        .json();
    assert_eq!((summary.calls("asked"), summary.calls("done")), (7, 7));
    let failed = summary.calls("fail");
    assert_eq!(text(&again).lines().count() as u64, failed);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_exactly_the_items_that_were_not_done() {
    let gate = Gate::closed();
    let files = Files::new();
    let again = files.path().join("again");
    let mut running = gorgon("run")
        .args(["http", "-w", "2", "--grace", "10m", "--timeout", "10m"])
        .args(["--json", "-", "--failed-items"])
        .arg(&again)
        .arg("--items")
        .arg(files.write("items", lines(50)))
        .set("url", gate.url("/{item}"))
        .start();
    for _ in 0..4 {
        gate.answer_one();
    }
    // Two calls are in flight when the signal comes: they may end, and no other begins.
    let mut asked: BTreeSet<String> = (0..6).map(|_| gate.asked()).collect();
    running.signal("INT");
    running.wait_for_stderr("stopping");
    let (_server, rest) = gate.open();
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(130), "{}", finished.all());
    let summary = finished.summary();
    assert_eq!(summary.at("/status"), "interrupted");
    summary.has_tags([("200", 6)]);
    asked.extend(rest.try_iter());
    let left: Vec<String> = text(&again).lines().map(str::to_owned).collect();
    let expected: Vec<String> = (0..50)
        .map(|index| format!("item-{index}"))
        .filter(|item| !asked.contains(&format!("/{item}")))
        .collect();
    assert_eq!(left, expected);
    assert_eq!(left.len(), 44);
}

#[cfg(unix)]
#[test]
fn an_interrupted_open_load_leaves_what_n_calls_would_have_been_given() {
    let gate = Gate::closed();
    let files = Files::new();
    let again = files.path().join("again");
    // Calls are due for five minutes; how many were by the time of the signal is of no account.
    let mut running = gorgon("run")
        .args(["http", "--rate", "100/s", "-n", "30000", "-w", "4"])
        .args(["--grace", "10m", "--timeout", "10m", "--json", "-"])
        .arg("--failed-items")
        .arg(&again)
        .arg("--items")
        .arg(files.write("items", lines(40_000)))
        .set("url", gate.url("/{item}"))
        .start();
    let mut asked: BTreeSet<String> = (0..3).map(|_| gate.asked()).collect();
    running.signal("INT");
    running.wait_for_stderr("stopping");
    let (_server, rest) = gate.open();
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(130), "{}", finished.all());
    asked.extend(rest.try_iter());
    let left: Vec<String> = text(&again).lines().map(str::to_owned).collect();
    let expected: Vec<String> = (0..30_000)
        .map(|index| format!("item-{index}"))
        .filter(|item| !asked.contains(&format!("/{item}")))
        .collect();
    assert_eq!(left.len(), expected.len());
    assert_eq!(left, expected);
}

#[test]
fn an_item_that_is_too_long_ends_a_run_that_needs_it_as_a_failure() {
    let files = Files::new();
    let again = files.path().join("again");
    let mut bytes = lines(3).into_bytes();
    bytes.extend(vec![b'x'; (1 << 20) + 1]);
    bytes.extend(b"\nitem-4\n");
    let path = files.write("items", bytes);
    let run = |flags: &[&str]| {
        returning_items("2")
            .arg("--items")
            .arg(&path)
            .args(flags)
            .arg("--failed-items")
            .arg(&again)
    };
    let finished = run(&["--json", "-"]).expect_exit(65);
    finished
        .stderr_contains("an item of")
        .stderr_contains("longer than 1 MiB")
        .stderr_contains("line 4")
        .stderr_contains("hint:");
    let summary = finished.summary();
    summary.has_tags([("item-0", 1), ("item-1", 1), ("item-2", 1)]);
    assert_eq!(summary.calls("asked"), 3);
    // Who asked for fewer calls has had them all.
    run(&["-n", "3"]).expect_exit(0);
    let finished = run(&["-n", "4", "--json", "/dev/null"]).expect_exit(65);
    finished.stdout_contains("not read to their end");
}

#[test]
fn a_run_that_its_rows_or_items_end_before_its_time_says_so() {
    #[track_caller]
    fn check(run: Gorgon, flags: &[&str], expected: Option<&str>) {
        let summary = run.args(flags).json();
        let notes = summary.at("/notes").to_string();
        match expected {
            Some(expected) => assert!(notes.contains(expected), "{notes}"),
            None => assert!(
                !notes.contains("no more ") && !notes.contains("at their end"),
                "{notes}"
            ),
        }
    }
    let files = Files::new();
    let path = files.write("d.csv", "id\n1\n2\n3\n");
    let items = files.write("items", lines(3));
    let rows = || returning_rows(&path, "unique");
    let items = || returning_items("2").arg("--items").arg(&items);
    check(rows(), &[], None);
    check(rows(), &["-n", "3"], None);
    check(
        rows(),
        &["-n", "4"],
        Some("no more rows of data than for 3"),
    );
    let before = "the rows of data were at their end before the run was: there were 3";
    check(rows(), &["-d", "10m"], Some(before));
    let open = ["--rate", "1000/s", "-n", "4"];
    check(rows(), &open, Some("no more rows of data than for 3"));
    check(rows(), &["--rate", "1000/s", "-d", "3ms"], None);
    check(rows(), &["--rate", "1000/s", "-d", "10m"], Some(before));
    check(rows(), &["--rate", "1000/s"], None);
    let before = "the items were at their end before the run was: there were 3";
    check(items(), &["-d", "10m"], Some(before));
    check(items(), &["--rate", "1000/s", "-d", "10m"], Some(before));
    check(items(), &["-n", "4"], Some("no more items than for 3"));
    check(items(), &[], None);
    let summary = items().args(["--warmup", "3"]).json_and_exit(69);
    let notes = summary.at("/notes").to_string();
    let used_up = "the warm-up used up the items: there were 3";
    assert!(notes.contains(used_up), "{notes}");
}

#[test]
fn rows_are_the_same_in_every_kind_of_table() {
    let files = Files::new();
    for (name, content) in [
        ("d.csv", "id,name\n1,\"a, b\"\n2,größe\n3,\n"),
        ("d.tsv", "id\tname\r\n1\ta, b\r\n2\tgröße\r\n3\t\r\n"),
        (
            "d.jsonl",
            "{\"id\": 1, \"name\": \"a, b\"}\n{\"id\": 2, \"name\": \"größe\"}\n\n{\"id\": 3, \"name\": \"\"}\n",
        ),
    ] {
        let path = files.write(name, content);
        let summary = returning_rows(&path, "unique").json();
        summary.has_tags([("1,a, b", 1), ("2,größe", 1), ("3,", 1)]);
        assert_eq!(summary.calls("asked"), 3, "the run ends with the rows");
    }
}

#[test]
fn unique_rows_are_enough_for_as_many_calls_as_there_are() {
    let files = Files::new();
    let path = files.write("d.csv", "id\n1\n2\n3\n");
    #[track_caller]
    fn check(run: Gorgon, flags: &[&str], expected: &[(&str, u64)]) {
        run.args(flags).json().has_tags(expected.iter().copied());
    }
    let unique = || returning_rows(&path, "unique");
    check(unique(), &["-n", "10"], &[("1", 1), ("2", 1), ("3", 1)]);
    check(unique(), &["-n", "2"], &[("1", 1), ("2", 1)]);
    check(unique(), &["--start", "7"], &[("1", 1), ("2", 1), ("3", 1)]);
}

#[test]
fn circular_rows_begin_again_after_the_last() {
    let files = Files::new();
    let path = files.write("d.csv", "id\n1\n2\n3\n");
    let summary = returning_rows(&path, "circular").args(["-n", "100"]).json();
    summary.has_tags([("1", 34), ("2", 33), ("3", 33)]);
    let finished = returning_rows(&path, "circular").expect_exit(64);
    finished.stderr_contains("-n").stderr_contains("-d");
}

#[test]
fn random_rows_follow_from_the_seed() {
    let files = Files::new();
    let path = files.write("d.csv", "id\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    let run = |seed: &str| {
        gorgon("run")
            .args([gorgon_fixtures::PROBE, "--rows", "random", "-n", "200"])
            .arg("--data")
            .arg(&path)
            .set("do", "row")
            .args(["--seed", seed])
    };
    let one = run("7").args(["-w", "1"]).json().tags();
    let eight = run("7").args(["-w", "8"]).json().tags();
    assert_eq!(one, eight, "whatever the workers");
    assert_eq!(one.values().sum::<u64>(), 200);
    assert!(one.keys().all(|row| row.len() == 1), "{one:?}");
    let other = run("8").json().tags();
    assert_ne!(one, other);
}

#[test]
fn items_and_rows_go_together() {
    let files = Files::new();
    let tally = Tally::start();
    let summary = gorgon("run")
        .args(["http", "-w", "2", "--rows", "unique", "--data"])
        .arg(files.write("d.csv", "id\n1\n2\n"))
        .arg("--items")
        .arg(files.write("items", lines(5)))
        .set("url", tally.url("/{item}"))
        .json();
    // Whichever ends first ends the run.
    assert_eq!(summary.calls("done"), 2);
    let expected = ["/item-0", "/item-1"].map(|path| (path.to_owned(), 1));
    assert_eq!(tally.seen(), BTreeMap::from(expected));
}

#[test]
fn a_file_that_is_no_table_is_told_with_its_line() {
    #[track_caller]
    fn check(name: &str, content: &str, exit: i32, words: &[&str]) {
        let files = Files::new();
        let finished = gorgon("run")
            .args(["noop", "-n", "1", "--data"])
            .arg(files.write(name, content))
            .expect_exit(exit);
        finished.stdout_is_empty().has_no_sign_of_a_bug();
        for part in words {
            finished.stderr_contains(part);
        }
    }
    check("d.csv", "a,b\n1,2\n3\n", 65, &["line 3", "d.csv", "hint:"]);
    check("d.csv", "a,b\n1,\"2\n", 65, &["line 2", "never closed"]);
    check("d.csv", "a,a\n1,2\n", 65, &["both named `a`"]);
    check("d.csv", "", 65, &["it is empty"]);
    check("d.tsv", "a\tb\n1,2\n", 65, &["line 2", "tabs"]);
    check("d.jsonl", "{\"a\": 1}\n{\"a\": \n", 65, &["line 2"]);
    check("d.json", "[]", 64, &[".jsonl", "jq"]);
    gorgon("run")
        .args(["noop", "-n", "1", "--data", "missing.csv"])
        .expect_exit(66)
        .stderr_contains("missing.csv");
}

#[test]
fn items_and_cells_are_bytes_that_need_not_be_text() {
    let files = Files::new();
    let summary = gorgon("run")
        .args([gorgon_fixtures::PROBE, "-w", "2", "--items"])
        .arg(files.write("items", b"\xff\xfe\n\x00\nok\r\n"))
        .set("do", "bytes")
        .json();
    summary.has_tags([("fffe", 1), ("00", 1), ("6f6b", 1)]);
    let again = files.path().join("again");
    gorgon("run")
        .args(["trap", "--items"])
        .arg(files.write("items", b"\xff\n\xc3\x28\n"))
        .set("every", 1)
        .arg("--failed-items")
        .arg(&again)
        .expect_exit(69);
    let left = std::fs::read(&again).expect("the file is there");
    assert_eq!(left, b"\xff\n\xc3\x28\n", "as they were");
    // Text of the guest's own makes what it can of it.
    let summary = returning_rows(&files.write("d.csv", b"id\n\xff\n"), "unique").json();
    assert_eq!(summary.calls("ok"), 1);
}
