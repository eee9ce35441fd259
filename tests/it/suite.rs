//! Suites: several runs of the real binary, one report, and what is done around them.

use std::path::Path;

use serde_json::Value;

use crate::support::{Files, Finished, Gorgon, RawServer, Summary, gorgon};

/// A suite in a folder of its own.
fn suite(files: &Files, text: &str) -> Gorgon {
    gorgon("suite").arg(files.write("suite.toml", text))
}

/// The report of a suite on stdout, against its schema; the summary of each run is checked as every summary is.
#[track_caller]
fn report(finished: &Finished) -> Value {
    let report: Value =
        serde_json::from_str(finished.stdout()).expect("stdout is one JSON document");
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema/suite.schema.json");
    let schema = std::fs::read(schema).expect("the schema is there");
    let schema: Value = serde_json::from_slice(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?} in {report:#}");
    for run in runs(&report) {
        if !run["summary"].is_null() {
            Summary::checked(run["summary"].clone());
        }
    }
    report
}

fn runs(report: &Value) -> &Vec<Value> {
    report["runs"].as_array().expect("`runs` is a list")
}

/// What a file of a folder holds.
#[track_caller]
fn contents(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|cause| panic!("{name}: {cause}"))
}

const GROWING: &str = r#"
title = "growing"
[defaults]
operation = "hash"
calls = 1_000
[[run]]
name = "workers"
workers = [1, 2, 4]
repeat = 2
"#;

#[test]
fn a_list_of_workers_is_as_many_runs_and_each_has_every_call_of_its_own() {
    let files = Files::new();
    let finished = suite(&files, GROWING).args(["--json", "-"]).expect_exit(0);
    let report = report(&finished);
    assert_eq!(report["status"], "completed");
    let workers: Vec<&Value> = runs(&report)
        .iter()
        .map(|run| &run["summary"]["run"]["load"]["workers"])
        .collect();
    assert_eq!(workers, [1, 1, 2, 2, 4, 4]);
    for run in runs(&report) {
        let summary = Summary::checked(run["summary"].clone());
        summary.has_tags([("SUCCESS", 800), ("FAIL", 200)]);
    }
    let points = report["growth"][0]["points"].as_array().expect("points");
    assert_eq!(points.len(), 3);
    assert_eq!(
        (&points[0]["speed_up"], &points[2]["runs"]),
        (&Value::from(1.0), &Value::from(2))
    );
    finished.stderr_contains("run 6 of 6: workers -w 4 #2");
}

#[test]
fn a_suite_is_saved_and_shown_again_in_every_view() {
    let files = Files::new();
    let place = files.path().join("saved");
    let first = suite(&files, GROWING)
        .arg("--save-dir")
        .arg(&place)
        .expect_exit(0);
    first.stdout_contains("speed-up").stdout_contains("-w 4 #2");
    let show = |args: &[&str]| {
        gorgon("suite")
            .arg("--show")
            .arg(&place)
            .args(args)
            .expect_exit(0)
    };
    assert_eq!(show(&[]).stdout(), first.stdout());
    assert_eq!(runs(&report(&show(&["--json", "-"]))).len(), 6);
    assert_eq!(show(&["--csv", "-"]).stdout().lines().count(), 7);
    show(&["--markdown", "-"]).stdout_contains("| workers -w 2 \\#1 | 1 000 |");
    show(&["--html", "-"]).stdout_contains("suite report");
    gorgon("report")
        .arg(&place)
        .expect_exit(66)
        .stderr_contains("it is a suite");
    // Each of its runs is a saved run as any other.
    let one = std::fs::read_dir(&place)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path());
    let one = one
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .min();
    gorgon("report")
        .arg(one.expect("a run"))
        .args(["--json", "-"])
        .expect_exit(0)
        .summary();
    suite(&files, GROWING)
        .arg("--save-dir")
        .arg(&place)
        .expect_exit(73)
        .stderr_contains("there is a suite in");
}

#[test]
fn the_short_form_needs_no_file() {
    let finished = gorgon("run")
        .args([
            "hash",
            "-n",
            "1000",
            "-w",
            "1,2",
            "--threads=2",
            "--json",
            "-",
        ])
        .expect_exit(0);
    let report = report(&finished);
    let commands: Vec<String> = runs(&report)
        .iter()
        .map(|run| {
            run["command"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert_eq!(
        commands,
        [
            "gorgon run hash -n 1000 -w 1 --threads 2",
            "gorgon run hash -n 1000 -w 2 --threads 2"
        ]
    );
    let finished = gorgon("run")
        .args(["noop", "--rate", "100,200/s", "-n", "20", "--json", "-"])
        .expect_exit(0);
    let rates: Vec<Value> = runs(&self::report(&finished))
        .iter()
        .map(|run| run["summary"]["run"]["load"]["rate"].clone())
        .collect();
    assert_eq!(rates, ["100/s", "200/s"]);
    gorgon("run")
        .args(["noop", "-n", "20", "-w", "1,2", "--save", "x"])
        .expect_exit(64)
        .stderr_contains("--save");
    gorgon("run")
        .args(["noop", "-n", "20", "-w", "1,x"])
        .expect_exit(64);
}

#[test]
fn no_view_is_written_over_another() {
    let files = Files::new();
    gorgon("run")
        .args(["noop", "-n", "20", "-w", "1,2"])
        .args(["--json", "both", "--csv", "both"])
        .inside(files.path())
        .expect_exit(64)
        .stderr_contains("several views are to be written to `both`");
}

#[test]
fn an_error_is_one_document_where_a_program_reads_it() {
    let finished = gorgon("run")
        .args(["noop", "-n", "20", "-w", "1,2"])
        .args(["--json", "-", "--csv", "-"])
        .expect_exit(64);
    let error: Value = serde_json::from_str(finished.stdout()).expect("one JSON document");
    assert_eq!(error["error"]["exit"], 64);
}

#[test]
fn what_is_done_around_runs_is_done_in_the_folder_of_the_file_and_in_order() {
    let files = Files::new();
    let text = r#"
before = "echo begin >> log"
after = [["sh", "-c", "echo end >> log"]]
[defaults]
operation = "noop"
calls = 10
before = "echo before >> log"
after = "echo after >> log"
[[run]]
workers = [1, 2]
[[run]]
before = []
"#;
    suite(&files, text).expect_exit(0);
    let log = contents(files.path(), "log");
    let expected = [
        "begin", "before", "after", "before", "after", "after", "end", "",
    ];
    assert_eq!(log, expected.join("\n"));
}

#[test]
fn what_a_command_leaves_behind_is_there_for_the_run_and_ended_after_it() {
    let files = Files::new();
    let text = r#"
[[run]]
operation = "noop"
calls = 10
before = "sleep 1000 & echo $! > pid"
after = "kill -0 $(cat pid) && touch there"
"#;
    suite(&files, text).expect_exit(0);
    assert!(files.path().join("there").exists());
    let pid = contents(files.path(), "pid");
    let is_there = std::process::Command::new("kill")
        .args(["-0", pid.trim()])
        .output();
    assert!(!is_there.expect("kill").status.success(), "{pid} goes on");
}

#[test]
fn a_command_that_fails_is_told_and_the_other_runs_are_made() {
    let files = Files::new();
    let text = r#"
[defaults]
operation = "noop"
calls = 10
after = "echo after >> log"
[[run]]
name = "first"
before = "echo no such server; exit 3"
[[run]]
name = "second"
"#;
    let finished = suite(&files, text).args(["--json", "-"]).expect_exit(75);
    finished
        .stderr_contains(
            "the `before` command `echo no such server; exit 3` failed with exit code 3",
        )
        .stderr_contains("no such server");
    let report = report(&finished);
    let states: Vec<&Value> = runs(&report).iter().map(|run| &run["state"]).collect();
    assert_eq!(states, ["failed", "done"]);
    assert_eq!(contents(files.path(), "log"), "after\nafter\n");
    let finished = suite(&files, text)
        .args(["--fail-fast", "--json", "-"])
        .expect_exit(75);
    let report = self::report(&finished);
    assert_eq!(
        (&report["status"], &runs(&report)[1]["state"]),
        (&Value::from("aborted"), &Value::from("not_run"))
    );
}

#[test]
fn before_a_command_of_the_suite_has_succeeded_no_run_is_made() {
    let files = Files::new();
    let text = "before = [\"true\", [\"./nothing-here\"]]\nafter = \"touch after\"\n[[run]]\noperation = \"noop\"\ncalls = 1\n";
    let finished = suite(&files, text).expect_exit(75);
    finished
        .stderr_contains("cannot be started")
        .stdout_contains("not run");
    assert!(files.path().join("after").exists());
}

#[test]
fn a_command_has_its_time() {
    let files = Files::new();
    let text = "[[run]]\noperation = \"noop\"\ncalls = 1\nbefore = \"echo waiting; sleep 1000\"\ncommand_timeout = \"100ms\"\n";
    suite(&files, text)
        .expect_exit(75)
        .stderr_contains("did not end in 100 ms")
        .stderr_contains("waiting");
}

#[test]
fn a_server_is_waited_for_until_it_accepts_a_connection() {
    let server = RawServer::silent();
    let address = server.url("").replace("http://", "");
    let files = Files::new();
    let text = |address: &str| {
        format!(
            "[[run]]\noperation = \"noop\"\ncalls = 1\nwait_for = \"{address}\"\nwait_timeout = \"100ms\"\n"
        )
    };
    suite(&files, &text(&address).replace("100ms", "1m")).expect_exit(0);
    drop(server);
    suite(&files, &text(&address))
        .expect_exit(75)
        .stderr_contains(&format!("nobody accepts a connection at `{address}`"));
}

#[test]
fn the_exit_code_is_that_of_the_gravest_run() {
    let files = Files::new();
    let text = r#"
[defaults]
calls = 100
[[run]]
name = "broken"
operation = "hash"
fail_if = "fail > 10%"
[[run]]
name = "in vain"
operation = "trap"
[[run]]
name = "fine"
operation = "noop"
"#;
    let finished = suite(&files, text).expect_exit(69);
    finished
        .stdout_contains("exit 99")
        .stdout_contains("exit 69")
        .stdout_contains("3 runs, 2 failed; exit 69");
}

#[test]
fn the_three_rounds_make_parts_of_the_highest_rate() {
    let files = Files::new();
    let text = "[[run]]\nname = \"a\"\noperation = \"sleep\"\nset = { for = \"2ms\" }\npreset = \"three-rounds\"\nworkers = 2\nduration = \"300ms\"\n";
    let finished = suite(&files, text).args(["--json", "-"]).finish();
    let report = report(&finished);
    let number = |value: &Value| value.as_f64().expect("a number");
    let highest = number(&runs(&report)[0]["summary"]["totals"]["ok_per_s"]);
    for (run, share) in [(1, 0.7), (2, 0.1)] {
        let rate = runs(&report)[run]["summary"]["run"]["load"]["rate"]
            .as_str()
            .expect("a rate");
        let rate: f64 = rate.trim_end_matches("/s").parse().expect("a number");
        assert!(
            (rate / (highest * share) - 1.0).abs() < 0.001,
            "{rate} of {highest}"
        );
    }
}

#[test]
fn numbers_go_on_from_run_to_run_where_that_is_asked() {
    let files = Files::new();
    let text = "numbers = \"continue\"\n[[run]]\noperation = \"hash\"\ncalls = [3, 4]\nwarmup = 5\n[[run]]\noperation = \"hash\"\ncalls = 1\n";
    let place = files.path().join("saved");
    suite(&files, text)
        .arg("--save-dir")
        .arg(&place)
        .expect_exit(0);
    let mut starts = Vec::new();
    let files = std::fs::read_dir(&place)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    for file in files {
        let json = gorgon("report").arg(file).args(["--json", "-"]).finish();
        let command = json.summary().at("/run/command").clone();
        let command: Vec<&str> = command
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let at = command
            .iter()
            .position(|arg| *arg == "--start")
            .expect("a start");
        starts.push(command[at + 1].to_owned());
    }
    assert_eq!(starts, ["0", "8", "17"]);
}

#[test]
fn a_dry_run_prints_every_command_line_and_runs_nothing() {
    let files = Files::new();
    let text = "before = \"touch ran\"\n[[run]]\nname = \"a\"\noperation = \"hash\"\ncalls = 5\nworkers = [1, 2]\nset = { token = \"s3cret\", x = \"it's\" }\n";
    let finished = suite(&files, text).arg("--dry-run").expect_exit(0);
    finished
        .stdout_contains("touch ran  # before all")
        .stdout_contains("gorgon run hash -n 5 -w 1 --set token=… --set 'x=it'\\''s'")
        .stdout_contains("# 2/2 a -w 2")
        .lacks("s3cret");
    assert!(!files.path().join("ran").exists());
}

/// Everything that can be told is told before the first run is made.
#[test]
fn a_suite_that_cannot_be_used_is_refused_before_anything_runs() {
    #[track_caller]
    fn check(text: &str, exit: i32, says: &[&str]) {
        let files = Files::new();
        let text = format!("before = \"touch ran\"\n{text}");
        let finished = suite(&files, &text).expect_exit(exit);
        finished.has_no_sign_of_a_bug();
        says.iter().for_each(|part| {
            finished.stderr_contains(part);
        });
        assert!(!files.path().join("ran").exists());
    }
    let run = "[[run]]\noperation = \"hash\"\n";
    check("titel = \"x\"", 64, &["line 2", "did you mean `title`?"]);
    check(
        &format!("{run}calls = 1\nworker = 1"),
        64,
        &["line 5", "did you mean `workers`?"],
    );
    check(
        run,
        64,
        &["line 2 of the suite", "the run has no end", "-n 4000"],
    );
    check(&format!("{run}duration = 30"), 64, &["`run 1`", "30s"]);
    check(
        &format!("{run}calls = 1\nworkers = \"1,2\""),
        64,
        &["workers = [1, 2, 4]"],
    );
    check(
        &format!("{run}calls = 1\nitems = \"-\""),
        64,
        &["standard input"],
    );
    check(
        &format!("{run}calls = 1\njson = \"x\""),
        64,
        &["line 5", "`gorgon suite FILE --json F`"],
    );
    check(
        &format!("{run}calls = 1\nfail_if = \"p99 > 1\""),
        64,
        &["--fail-if", "`1ms`"],
    );
    check(
        &format!("{run}calls = 1\nthink = \"1s\"\nrate = 1"),
        64,
        &["`--think` and `--rate`"],
    );
    check("[[run]]\nmix = { hash = 0 }\ncalls = 1", 64, &["hash=0"]);
    check(
        &format!("{run}calls = 1\ncalls = 2"),
        64,
        &["line 5", "duplicate key"],
    );
    gorgon("suite")
        .arg("nothing.toml")
        .expect_exit(66)
        .stderr_contains("nothing.toml");
    gorgon("suite")
        .arg("/")
        .expect_exit(66)
        .stderr_contains("--show");
    gorgon("suite").expect_exit(64);
    gorgon("suite")
        .args(["--show", "last"])
        .expect_exit(66)
        .stderr_contains("no saved suite");
    let files = Files::new();
    let text = files.write("latin.toml", b"title = \"gr\xf6\xdfe\"\n");
    gorgon("suite")
        .arg(text)
        .expect_exit(66)
        .stderr_contains("line 1 is not UTF-8");
}

#[test]
fn an_operation_that_is_not_there_is_told_before_the_first_run() {
    let files = Files::new();
    let text = "[[run]]\noperation = \"noop\"\ncalls = 1\nafter = \"touch ran\"\n[[run]]\noperation = \"hsah\"\ncalls = 1\n";
    suite(&files, text)
        .expect_exit(66)
        .stdout_is_empty()
        .stderr_contains("did you mean `hash`?");
    suite(&files, &text.replace("hsah", "op.wasm"))
        .expect_exit(66)
        .stderr_contains("op.wasm")
        .stderr_contains("the folder of its file");
    assert!(!files.path().join("ran").exists());
    // Something that is done before it may make it; if not, the run fails and says why.
    let text = text.replace("\"hsah\"", "\"op.wasm\"\nbefore = \"true\"");
    let finished = suite(&files, &text).args(["--json", "-"]).expect_exit(66);
    let report = report(&finished);
    let problem = &runs(&report)[1]["problems"][0]["message"];
    assert_eq!(problem, "cannot read `op.wasm`");
}

/// An example with its times made short, and at a port that is free.
#[track_caller]
fn example(files: &Files, name: &str) -> Gorgon {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/suite"));
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr());
    let port = port.expect("a free port").port().to_string();
    let text = contents(folder, name).replace("8080", &port);
    let text = text
        .replace("\"10s\"", "\"300ms\"")
        .replace("\"5s\"", "\"300ms\"");
    let binary = Path::new(env!("CARGO_BIN_EXE_gorgon"))
        .parent()
        .expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    suite(files, &text).env("PATH", format!("{}:{path}", binary.display()))
}

/// How many runs an example makes, all of them with calls that succeed.
#[track_caller]
fn check_example(name: &str, count: usize) {
    let files = Files::new();
    let finished = example(&files, name).args(["--json", "-"]).finish();
    let report = report(&finished);
    assert_eq!(
        (&report["status"], runs(&report).len()),
        (&Value::from("completed"), count),
        "{}",
        finished.all()
    );
    for run in runs(&report) {
        assert!(
            run["summary"]["calls"]["ok"]
                .as_u64()
                .is_some_and(|ok| ok > 0),
            "{}",
            finished.all()
        );
        assert_eq!(run["problems"], Value::Array(Vec::new()));
    }
    let commands = example(&files, name).arg("--dry-run").expect_exit(0);
    assert_eq!(commands.stdout().matches("\ngorgon run ").count(), count);
}

#[test]
fn the_examples_do_what_they_say() {
    check_example("growing.toml", 5);
    check_example("mixes.toml", 4);
    check_example("targets.toml", 12);
    check_example("three-rounds.toml", 3);
}

#[cfg(unix)]
mod signals {
    use super::*;
    use crate::kill::look_for;

    #[track_caller]
    fn check(signal: &str, exit: i32) {
        let server = RawServer::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        let files = Files::new();
        let text = format!(
            "after = \"touch end\"\n[[run]]\noperation = \"http\"\nset = {{ url = \"{}\" }}\ncalls = \"1G\"\nworkers = [1, 2]\nafter = \"echo after >> log\"\n",
            server.url("/")
        );
        let place = files.path().join("saved");
        let running = suite(&files, &text)
            .arg("--save-dir")
            .arg(&place)
            .args(["--json", "-"])
            .start();
        look_for("a connection", || (server.connections() > 0).then_some(()));
        running.signal(signal);
        let finished = running.finish();
        assert_eq!(finished.status.code(), Some(exit), "{}", finished.all());
        let report = report(&finished);
        assert_eq!(report["status"], "interrupted");
        let (first, second) = (&runs(&report)[0], &runs(&report)[1]);
        assert_eq!(first["summary"]["status"], "interrupted");
        assert_eq!(
            (&first["exit_code"], &second["state"]),
            (&Value::from(exit), &Value::from("not_run"))
        );
        assert_eq!(contents(files.path(), "log"), "after\n");
        assert!(files.path().join("end").exists());
        gorgon("suite")
            .arg("--show")
            .arg(&place)
            .expect_exit(0)
            .stdout_contains("interrupted");
    }

    #[test]
    fn an_interrupted_suite_reports_what_there_is() {
        check("INT", 130);
    }

    #[test]
    fn a_terminated_suite_reports_what_there_is() {
        check("TERM", 143);
    }

    /// Each signal reaches the run as if it had been made by itself: the second gives up what is in flight.
    #[test]
    fn an_impatient_interruption_reaches_the_run() {
        let server = RawServer::silent();
        let files = Files::new();
        let text = format!(
            "[[run]]\noperation = \"http\"\nset = {{ url = \"{}\" }}\ncalls = 10\ntimeout = \"2h\"\ngrace = \"1h\"\nworkers = [1, 2]\n",
            server.url("/")
        );
        let mut running = suite(&files, &text).start();
        look_for("a connection", || (server.connections() > 0).then_some(()));
        running.signal("INT");
        running.wait_for_stderr("once more to stop now");
        running.signal("INT");
        running.wait_for_stderr("stopping now");
        let finished = running.finish();
        assert_eq!(finished.status.code(), Some(130), "{}", finished.all());
        finished.stdout_contains("interrupted");
    }

    #[test]
    fn a_command_is_ended_by_the_first_interruption() {
        let files = Files::new();
        let text = "[[run]]\noperation = \"noop\"\ncalls = 1\nbefore = \"touch started; sleep 1000\"\ncommand_timeout = \"1h\"\nafter = \"touch after\"\n";
        let started = files.path().join("started");
        let running = suite(&files, text).start();
        look_for("the command", || started.exists().then_some(()));
        running.signal("INT");
        let finished = running.finish();
        assert_eq!(finished.status.code(), Some(130), "{}", finished.all());
        finished.stderr_contains("was interrupted");
        assert!(files.path().join("after").exists());
    }
}
