//! Flags that are set by files and variables: which counts, what is told, and what is refused.

use std::path::Path;

use serde_json::Value;

use crate::support::{Files, Finished, Gorgon, gorgon};

/// A command in a folder with this `gorgon.toml`.
fn with_file(files: &Files, text: impl AsRef<[u8]>, command: &str) -> Gorgon {
    files.write("gorgon.toml", text);
    gorgon(command).inside(files.path())
}

/// The flags of a run as `gorgon config --explain --json` has them.
#[track_caller]
fn explained(run: Gorgon) -> Value {
    let finished = run.expect_exit(0);
    serde_json::from_str(finished.stdout()).expect("stdout is JSON")
}

/// The first value of a flag, and the kind of place that it comes from.
#[track_caller]
fn value<'a>(explained: &'a Value, flag: &str) -> (&'a str, &'a str) {
    let flags = explained["flags"].as_array().expect("there are flags");
    let row = flags.iter().find(|row| row["flag"] == flag).expect(flag);
    let text = |value: &'a Value| value.as_str().unwrap_or("");
    (text(&row["values"][0]), text(&row["from"]["kind"]))
}

#[track_caller]
fn refused(text: impl AsRef<[u8]>, args: &[&str], parts: &[&str]) {
    let files = Files::new();
    let finished = with_file(&files, text, "run")
        .args(["noop", "-n", "1", "--no-save"])
        .args(args)
        .expect_exit(64);
    finished.stdout_is_empty().has_no_sign_of_a_bug();
    for part in parts {
        finished.stderr_contains(part);
    }
}

fn command(summary: &crate::support::Summary) -> Vec<String> {
    let words = summary.at("/run/command").as_array();
    let words = words.expect("there is a command").iter();
    words
        .skip(1)
        .filter_map(|word| Some(word.as_str()?.to_owned()))
        .collect()
}

#[test]
fn a_run_takes_its_flags_from_the_projects_file_and_says_so() {
    let files = Files::new();
    let text = "[run]\ncalls = 30\nworkers = 3\n[defaults]\ntimeout = '5s'\nset = { a = 'b c' }\n";
    let finished = with_file(&files, text, "run")
        .args(["hash", "--json", "-"])
        .expect_exit(0);
    finished.stderr_contains("`gorgon.toml` sets --calls=30 --workers=3 --timeout=5s --set=a=b c");
    let summary = finished.summary();
    assert_eq!(summary.calls("done"), 30);
    assert_eq!(summary.at("/run/load/workers"), 3);
    assert_eq!(summary.at("/run/limits/timeout_ns"), 5_000_000_000_u64);
}

#[test]
fn what_is_saved_with_a_run_repeats_it_without_files_and_variables() {
    let files = Files::new();
    let text = "[run]\nworkers = 3\nduration = '1h'\n[profile.ci]\ncalls = 20\n";
    let first = with_file(&files, text, "run")
        .args(["hash", "--profile", "ci", "--seed", "7"])
        .env("GORGON_THREADS", "1")
        .json();
    let said = command(&first);
    assert_eq!(
        said,
        [
            "run",
            "--no-config",
            "--threads=1",
            "--calls=20",
            "--workers=3",
            "hash",
            "--seed",
            "7",
            "--json",
            "-"
        ]
    );
    // In the same folder, and without the variable.
    let again = Gorgon::without_command()
        .args(&said)
        .inside(files.path())
        .expect_exit(0)
        .summary();
    for fact in [
        "/run/load/workers",
        "/run/load/threads",
        "/run/load/calls",
        "/run/load/duration_ns",
        "/run/seed",
    ] {
        assert_eq!(first.at(fact), again.at(fact), "{fact}");
    }
    assert_eq!(command(&again), said);
}

#[test]
fn the_more_explicit_place_counts() {
    let files = Files::new();
    let text = "[run]\nworkers = 1\n[defaults]\nworkers = 2\nthreads = 2\nstart = 2\ngrace = '2s'\nthink = '2s'\n[profile.ci]\nthreads = 3\n";
    let users = "[run]\nworkers = 4\nthreads = 4\nstart = 4\ngrace = '4s'\nthink = '4s'\nmemory = '1MiB'\n[profile.ci]\nmemory = '2MiB'\nstart = 5\n";
    std::fs::create_dir(files.path().join("user")).expect("a folder");
    files.write("user/config.toml", users);
    let explained = explained(
        with_file(&files, text, "config")
            .env("GORGON_CONFIG_DIR", files.path().join("user"))
            .env("GORGON_GRACE", "6s")
            .args([
                "--explain",
                "--json",
                "--profile",
                "ci",
                "run",
                "hash",
                "-w",
                "9",
            ]),
    );
    assert_eq!(value(&explained, "workers"), ("9", "command_line"));
    assert_eq!(value(&explained, "grace"), ("6s", "variable"));
    assert_eq!(value(&explained, "threads"), ("3", "file"));
    assert_eq!(
        value(&explained, "start"),
        ("5", "file"),
        "a profile counts more than any file without"
    );
    assert_eq!(value(&explained, "think"), ("2s", "file"));
    assert_eq!(value(&explained, "memory"), ("2MiB", "file"));
    assert_eq!(value(&explained, "timeout"), ("10s", "default"));
    assert_eq!(value(&explained, "rate"), ("", "nowhere"));
}

#[test]
fn alternatives_give_way_and_are_told() {
    let files = Files::new();
    let text = "[run]\nduration = '1h'\nrate = '1/h'\narrivals = 'poisson'\n";
    let summary = with_file(&files, text, "run")
        .args(["hash", "-n", "20", "-w", "2"])
        .json();
    assert_eq!(summary.calls("done"), 20);
    assert_eq!(summary.at("/run/load/model"), "closed");
    let finished = gorgon("config")
        .inside(files.path())
        .args(["--explain", "run", "hash", "-n", "20", "-w", "2"])
        .expect_exit(0);
    finished
        .stdout_contains(
            "--duration 1h of gorgon.toml:2 [run]: `--calls` of the command line counts",
        )
        .stdout_contains(
            "--rate 1/h of gorgon.toml:3 [run]: `--workers` of the command line counts",
        )
        .stdout_contains("--arrivals poisson of gorgon.toml:4 [run]: it needs `--rate <RATE>`")
        .stdout_contains("gorgon run hash -n 20 -w 2");
}

#[test]
fn the_file_is_found_from_a_folder_below_and_paths_are_meant_from_it_on() {
    let files = Files::new();
    let below = files.path().join("deep/below");
    std::fs::create_dir_all(&below).expect("a folder");
    files.write("gorgon.toml", "[run]\ncalls = 5\njson = 'report.json'\n");
    let finished = gorgon("run").arg("hash").inside(&below).expect_exit(0);
    finished.stderr_contains("gorgon.toml` sets --calls=5");
    assert!(files.path().join("report.json").is_file());
    gorgon("run")
        .args(["hash", "--no-config"])
        .inside(&below)
        .expect_exit(64)
        .stderr_contains("no end");
}

#[test]
fn a_projects_file_grants_nothing_unasked() {
    for said in [
        "allow-host = ['any']",
        "insecure = true",
        "cacert = 'ca.pem'",
        "json = '../r.json'",
        "save = '.git/x'",
    ] {
        let text = format!("[run]\n{said}\n");
        refused(
            &text,
            &[],
            &[
                "`gorgon.toml`, line 2",
                "unasked",
                "--profile NAME",
                "--config gorgon.toml",
            ],
        );
    }
    let files = Files::new();
    let text = "[profile.far]\nallow-host = ['example.com']\n";
    let run = || with_file(&files, text, "run").args(["noop", "-n", "1"]);
    let summary = run().json();
    assert_eq!(
        summary
            .at("/run/limits/allow_hosts")
            .as_array()
            .map(Vec::len),
        Some(0)
    );
    let finished = run()
        .args(["--profile", "far", "--json", "-"])
        .expect_exit(0);
    finished.stderr_contains("sets --allow-host=example.com");
    assert_eq!(
        finished.summary().at("/run/limits/allow_hosts/0"),
        "example.com"
    );
    // Naming the file is consent to what is in it.
    let text = "[run]\nallow-host = ['example.com']\n";
    let summary = with_file(&files, text, "run")
        .args(["noop", "-n", "1", "--config", "gorgon.toml"])
        .json();
    assert_eq!(summary.at("/run/limits/allow_hosts/0"), "example.com");
}

#[test]
fn a_file_that_asks_for_quiet_does_not_silence_what_is_said_about_it() {
    let files = Files::new();
    let run = || with_file(&files, "[run]\nquiet = true\ncalls = 1\n", "run").arg("noop");
    run()
        .expect_exit(0)
        .stderr_contains("sets --quiet --calls=1");
    let finished = run().arg("-q").expect_exit(0);
    assert_eq!(finished.stderr(), "");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_write_to_is_not_used_unless_it_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let files = Files::new();
    let path = files.write("gorgon.toml", "[run]\nworkers = 3\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).expect("a mode");
    let run = || {
        gorgon("run")
            .inside(files.path())
            .args(["noop", "-n", "9", "--json", "-"])
    };
    let finished = run().expect_exit(0);
    finished.stderr_contains("`gorgon.toml` is not used: everybody may write to it");
    assert_eq!(finished.summary().at("/run/load/workers"), 1);
    let finished = run().args(["--config", "gorgon.toml"]).expect_exit(0);
    assert_eq!(finished.summary().at("/run/load/workers"), 3);
}

#[test]
fn a_secret_that_everybody_can_read_is_pointed_out_and_not_repeated() {
    let files = Files::new();
    let text = "[run]\nset = { token = 'hunter2' }\n";
    let finished = with_file(&files, text, "run")
        .args(["noop", "-n", "1", "--json", "-"])
        .expect_exit(0);
    finished
        .stderr_contains("line 2: `set.token` looks like a secret")
        .lacks("hunter2");
    let explained = gorgon("config")
        .inside(files.path())
        .args(["--explain", "run"])
        .expect_exit(0);
    explained.stdout_contains("token=…").lacks("hunter2");
}

#[test]
fn what_is_wrong_in_a_file_is_told_with_its_line() {
    refused(
        "[run]\nworker = 8\n",
        &[],
        &["`gorgon.toml`, line 2", "`workers`"],
    );
    refused(
        "[run]\nworkers = [8]\n",
        &[],
        &["line 2", "cannot be a list", "one value"],
    );
    refused(
        "[run]\nworkers = 8\nworkers = 9\n",
        &[],
        &["line 3", "duplicate"],
    );
    refused("[run]\r\n\r\nworker = 8\r\n", &[], &["line 3"]);
    refused(b"[run]\n# \xff\n", &[], &["line 2", "not UTF-8"]);
    refused("\u{feff}[rum]\n", &[], &["line 1", "`[run]`"]);
    refused(vec![b'#'; 2 << 20], &[], &["larger than 1 MiB"]);
    refused(
        format!("[run]\nset = {}", "[".repeat(200_000)),
        &[],
        &["line 2"],
    );
    // What only the command can tell is wrong.
    refused(
        "[run]\ntimeout = '0s'\n",
        &[],
        &[
            "leaves a call no time",
            "`gorgon config --explain run` tells",
        ],
    );
    // What only clap can tell is wrong.
    refused(
        "[run]\n\nworkers = 'many'\n",
        &[],
        &["`many`, which `gorgon.toml` in line 3 says", "`4000`"],
    );
    refused(
        "[run]\n",
        &["--profile", "ci"],
        &["there is no profile `ci`"],
    );
    refused(
        "[profile.ci]\n",
        &["--profile", "c"],
        &["did you mean `ci`?"],
    );
    refused(
        "[profile.ci]\n",
        &["--profile", "ci", "--no-config"],
        &["do not go together"],
    );
}

#[test]
fn a_broken_file_breaks_nothing_that_takes_no_settings() {
    let files = Files::new();
    for line in [
        "list",
        "man",
        "completions bash",
        "config --help",
        "runs --help",
    ] {
        files.write("gorgon.toml", "[run\n");
        Gorgon::without_command()
            .args(line.split(' '))
            .inside(files.path())
            .expect_exit(0);
    }
}

#[test]
fn errors_are_json_where_a_program_reads_them() {
    for (text, args, part) in [
        (
            "[run]\nworker = 8\n",
            &["--json", "-"][..],
            "`worker` is no flag",
        ),
        ("", &["--json=-", "--bogus"][..], "--bogus"),
        ("", &["-w", "x", "--json", "-"][..], "`x` is no value"),
        ("[run]\nworkers = 'x'\njson = '-'\n", &[][..], "gorgon.toml"),
    ] {
        let files = Files::new();
        let finished = with_file(&files, text, "run")
            .args(["noop", "-n", "1"])
            .args(args)
            .expect_exit(64);
        let error: Value = serde_json::from_str(finished.stdout()).expect("stdout is JSON");
        assert_eq!(error["error"]["exit"], 64);
        let message = error["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains(part), "{message}");
        finished.stderr_contains("exit 64");
    }
}

#[test]
fn variables_set_flags_and_errors_name_them() {
    let summary = gorgon("run")
        .arg("hash")
        .env("GORGON_CALLS", "12")
        .env("GORGON_WORKERS", "2")
        .env("GORGON_NO_SAVE", "yes")
        .env("GORGON_ARRIVALS", "poisson")
        .env("GORGON_SEED", "")
        .json();
    assert_eq!(summary.calls("done"), 12);
    assert_eq!(summary.at("/run/load/workers"), 2);
    #[track_caller]
    fn refused(name: &str, value: &str, part: &str) {
        let run = gorgon("run").args(["noop", "-n", "1"]).env(name, value);
        run.expect_exit(64)
            .stderr_contains(name)
            .stderr_contains(part)
            .stdout_is_empty();
    }
    refused(
        "GORGON_WORKERS",
        "abc",
        "`abc`, which `GORGON_WORKERS` says, is no value of `--workers <COUNT>`",
    );
    refused("GORGON_NO_SAVE", "maybe", "is neither yes nor no");
    refused("GORGON_NO_CONFIG", "maybe", "is neither yes nor no");
    refused("GORGON_FAIL_IF", "p99 > 1", "p99 > 1");
    refused("GORGON_REQUIRE", "nothing", "accepted: `valid`, `degraded`");
}

#[test]
fn a_variable_that_is_nearly_one_is_pointed_out_and_those_of_programs_are_not() {
    let run = || gorgon("run").args(["noop", "-n", "1"]);
    run()
        .env("GORGON_WORKRES", "3")
        .expect_exit(0)
        .stderr_contains("did you mean `GORGON_WORKERS`?");
    let finished = run()
        .env("GORGON_NUMBER", "3")
        .env("GORGON_WORKER", "3")
        .env("GORGON_SET_URL", "x")
        .env("GORGON_ELSEWHERE", "x")
        .expect_exit(0);
    finished.lacks("GORGON_");
}

#[test]
fn the_runs_of_a_suite_are_what_its_file_says_whatever_else_is_set() {
    let files = Files::new();
    files.write(
        "suite.toml",
        "[[run]]\noperation = 'hash'\nworkers = [1, 2]\ncalls = 20\n",
    );
    let text = "[run]\nrate = '5/s'\ntimeout = '7s'\n[profile.ci]\nmemory = '1GiB'\n";
    let finished = with_file(&files, text, "suite")
        .args(["suite.toml", "--no-save", "--json", "-"])
        .env("GORGON_GRACE", "nonsense")
        .env("GORGON_PROFILE", "ci")
        .expect_exit(0);
    let report: Value = serde_json::from_str(finished.stdout()).expect("stdout is JSON");
    let runs = report["runs"].as_array().expect("there are runs");
    assert_eq!(runs.len(), 2);
    for run in runs {
        let facts = &run["summary"]["run"];
        assert_eq!(facts["load"]["model"], "closed");
        assert_eq!(facts["limits"]["timeout_ns"], 10_000_000_000_u64);
        assert_eq!(facts["limits"]["memory_bytes"], 256 << 20);
    }
}

#[test]
fn a_list_of_workers_goes_with_what_a_file_and_a_variable_set() {
    let files = Files::new();
    let text = "[run]\nrate = '5/s'\ntimeout = '7s'\n";
    let finished = with_file(&files, text, "run")
        .args(["hash", "-n", "20", "-w", "1,2", "--no-save", "--json", "-"])
        .env("GORGON_MEMORY", "8MiB")
        .env("GORGON_RATE", "")
        .expect_exit(0);
    let report: Value = serde_json::from_str(finished.stdout()).expect("stdout is JSON");
    let runs = report["runs"].as_array().expect("there are runs");
    assert_eq!(runs.len(), 2);
    for run in runs {
        let facts = &run["summary"]["run"];
        assert_eq!(facts["load"]["model"], "closed");
        assert_eq!(facts["limits"]["timeout_ns"], 7_000_000_000_u64);
        assert_eq!(facts["limits"]["memory_bytes"], 8 << 20);
    }
}

#[test]
fn what_is_set_for_runs_does_not_keep_saved_runs_from_being_compared() {
    let files = Files::new();
    let file = files.path().join("run.jsonl");
    gorgon("run")
        .args(["noop", "-n", "50", "--save"])
        .arg(&file)
        .expect_exit(0);
    let text = "[defaults]\nduration = '1s'\nrate = '5/s'\nworkers = 3\nset = { a = 'b' }\n";
    with_file(&files, text, "compare")
        .args([&file, &file])
        .env("GORGON_THREADS", "1")
        .expect_exit(0)
        .stdout_contains("identical");
    with_file(&files, text, "compare")
        .args([&file, &file])
        .args(["--set", "a=c"])
        .expect_exit(64)
        .stderr_contains("`--set` is for operations");
}

#[test]
fn a_rate_that_is_set_for_runs_is_none_of_operations_side_by_side() {
    let files = Files::new();
    let text = "[defaults]\nrate = '5/s'\narrivals = 'poisson'\n";
    with_file(&files, text, "compare")
        .args(["noop", "noop", "-n", "50", "--no-save"])
        .env("GORGON_RATE", "7/s")
        .expect_exit(0);
    with_file(&files, text, "compare")
        .args(["noop", "noop", "-n", "50", "--no-save", "--rate", "9/s"])
        .expect_exit(64)
        .stderr_contains("cannot have a `--rate`");
}

#[test]
fn config_shows_the_files_that_are_looked_at() {
    let files = Files::new();
    let finished = with_file(&files, "[profile.ci]\nworkers = 3\n", "config").expect_exit(0);
    finished
        .stdout_contains("gorgon.toml")
        .stdout_contains("profiles: ci")
        .stdout_contains("config.toml");
    let finished = with_file(&files, "[run\n", "config").expect_exit(64);
    finished.stdout_contains("broken").stderr_contains("line 1");
    let finished = gorgon("config")
        .inside(files.path())
        .args(["--json", "--no-config"])
        .expect_exit(0);
    assert_eq!(finished.stdout().trim(), "{\n  \"files\": []\n}");
}

#[test]
fn the_way_to_a_file_in_a_project_that_is_not_built_is_told() {
    let files = Files::new();
    gorgon("new")
        .args(["shop", "--lang", "c"])
        .inside(files.path())
        .expect_exit(0);
    let run = |path: &str| {
        gorgon("run")
            .args([path, "-n", "1"])
            .inside(files.path())
            .expect_exit(66)
    };
    run("shop/op.wasm").stderr_contains("`gorgon build shop`");
    assert!(!said(&run("op.wasm")).contains("gorgon build"));
    let shop = files.path().join("shop");
    let finished = gorgon("run")
        .args(["op.wasm", "-n", "1"])
        .inside(&shop)
        .expect_exit(66);
    finished.stderr_contains("`gorgon build`");
}

fn said(finished: &Finished) -> &str {
    finished.stderr()
}

#[test]
fn parameters_that_a_program_cannot_tell_apart_are_refused() {
    for command in ["run", "try"] {
        let line = || {
            let line = gorgon(command)
                .arg(gorgon_fixtures::PROGRAM)
                .set("a-b", 1)
                .set("a_b", 2);
            if command == "run" {
                line.args(["-n", "1"])
            } else {
                line
            }
        };
        let finished = line().expect_exit(64);
        finished
            .stderr_contains("`a-b` and `a_b`")
            .stderr_contains("GORGON_SET_A_B");
    }
    // A component asks for them by their names.
    gorgon("run")
        .args(["noop", "-n", "1"])
        .set("a-b", 1)
        .set("a_b", 2)
        .expect_exit(0);
}

#[cfg(unix)]
#[test]
fn what_is_no_text_is_told_with_the_name_of_the_argument() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let odd = OsStr::from_bytes(b"op\xff.wasm");
    let finished = gorgon("run").arg(odd).args(["-n", "1"]).expect_exit(64);
    finished
        .stderr_contains("`<OPERATION>...` is not UTF-8")
        .has_no_sign_of_a_bug();
    let finished = gorgon("run")
        .args(["noop", "-n", "1", "--require"])
        .arg(odd)
        .expect_exit(64);
    finished.stderr_contains("--require");
    // The name of a file may be anything.
    let path = Path::new(odd);
    let finished = gorgon("run")
        .args(["noop", "-n", "1", "--items"])
        .arg(path)
        .expect_exit(66);
    finished.has_no_sign_of_a_bug();
}
