//! The views of a run besides the text: each says what the others say.

use crate::support::{Files, Gorgon, Summary, gorgon};

/// The numbers in one column of CSV.
fn column(csv: &str, name: &str) -> Vec<u64> {
    let mut lines = csv.lines().map(|line| line.split(','));
    let mut names = lines.next().expect("a line of names");
    let at = names.position(|one| one == name).expect("the column");
    let numbers = lines.filter_map(|mut line| line.nth(at)?.parse().ok());
    numbers.collect()
}

#[test]
fn csv_has_every_call_once_whether_the_run_is_kept_or_not() {
    let files = Files::new();
    for keep in ["--save", "--no-save"] {
        let csv = files.path().join(format!("{keep}.csv"));
        let mut run = gorgon("run").args(["hash", "-n", "700", "-w", "3", "--warmup", "50"]);
        run = run.arg(keep);
        if keep == "--save" {
            run = run.arg(files.path().join("run"));
        }
        run.arg("--csv").arg(&csv).expect_exit(0);
        let csv = std::fs::read_to_string(csv).expect("it is written");
        let sum = |name| column(&csv, name).iter().sum::<u64>();
        assert_eq!((sum("calls"), sum("warmup")), (700, 50), "{csv}");
        assert_eq!(sum("ok") + sum("fail") + sum("fault"), 700, "{csv}");
    }
    let later = gorgon("report").arg(files.path().join("run"));
    let later = later.args(["--csv", "-"]).expect_exit(0);
    let then = std::fs::read_to_string(files.path().join("--save.csv")).expect("it is written");
    assert_eq!(later.stdout(), then);
}

#[test]
fn only_one_view_can_go_to_stdout() {
    gorgon("run")
        .args(["hash", "-n", "1", "--json", "-", "--csv", "-"])
        .expect_exit(64)
        .stderr_contains("several views are to be written to stdout");
}

#[test]
fn two_views_cannot_go_to_one_file() {
    let files = Files::new();
    let (one, same) = (files.path().join("out"), files.path().join("./out"));
    let run = gorgon("run").args(["hash", "-n", "1", "--json"]).arg(&one);
    run.arg("--csv")
        .arg(same)
        .expect_exit(64)
        .stderr_contains("several views are to be written to");
    assert!(!one.exists());
}

#[test]
fn several_runs_have_no_course() {
    let files = Files::new();
    let runs = ["a", "b"].map(|name| files.path().join(name));
    for run in &runs {
        let made = gorgon("run").args(["hash", "-n", "100", "--save"]).arg(run);
        made.expect_exit(0);
    }
    let together = || gorgon("report").args(&runs);
    together()
        .args(["--csv", "-"])
        .expect_exit(64)
        .stderr_contains("`--csv` cannot be made of several runs together");
    let csv = together().args(["--csv-tags", "-"]).expect_exit(0);
    assert_eq!(column(csv.stdout(), "calls"), [160, 40]);
}

/// The commands to the runner of a job that are in its output, as the runner reads them: none between those that end and
/// begin its looking for them.
fn commands(output: &str) -> Vec<&str> {
    let mut commands = Vec::new();
    let mut resumes_at: Option<String> = None;
    for line in output.lines().map(str::trim_start) {
        match &resumes_at {
            Some(token) if line == token => resumes_at = None,
            Some(_) => {}
            None => match line.strip_prefix("::stop-commands::") {
                Some(token) => resumes_at = Some(format!("::{token}::")),
                None if line.starts_with("::") => commands.push(line),
                None => {}
            },
        }
    }
    assert_eq!(resumes_at, None, "nothing is read any more: {output}");
    commands
}

#[test]
fn a_job_of_github_actions_gets_a_summary_and_annotations() {
    let files = Files::new();
    let summary = files.write("summary.md", "what was there");
    let run = || {
        let run = gorgon("run").args(["hash", "-n", "100", "--ci", "github"]);
        let run = run.args(["--fail-if", "ok > 0", "--fail-if", "ok < 1"]);
        run.env("GITHUB_STEP_SUMMARY", &summary)
    };
    let said = run().expect_exit(99);
    let commands = commands(said.stdout());
    let errors = commands.iter().filter(|line| line.starts_with("::error "));
    let errors: Vec<_> = errors.collect();
    assert!(
        errors[0].starts_with("::error title=gorgon%3A hash::ok > 0: "),
        "{errors:?}"
    );
    let markdown = std::fs::read_to_string(&summary).expect("it is there");
    assert!(
        markdown.starts_with("what was there\n### ❌ `hash`\n"),
        "{markdown}"
    );
    // With something else on stdout the runner finds them on stderr.
    let said = run().args(["--json", "-"]).expect_exit(99);
    assert!(
        said.stderr()
            .contains("::error title=gorgon%3A hash::ok > 0: ")
    );
    assert_eq!(said.summary().calls("done"), 100);
}

#[test]
fn a_tag_is_no_command_to_the_runner_of_a_job() {
    let files = Files::new();
    let items = files.write("items", "::error::owned\n::stop-commands::x\n::x::\n");
    let run = gorgon("run").args([gorgon_fixtures::PROBE, "--set", "do=item", "--ci", "github"]);
    let run = run.arg("--items").arg(items);
    let said = run.env("GITHUB_STEP_SUMMARY", files.path().join("new.md"));
    let said = said.expect_exit(0);
    said.stdout_contains("::error::owned");
    let commands = commands(said.stdout());
    assert!(
        !commands.iter().any(|line| line.contains("owned")),
        "{commands:?}"
    );
}

#[test]
fn outside_of_a_job_there_is_nothing_to_tell_it() {
    let run = || gorgon("run").args(["hash", "-n", "1", "--ci", "github"]);
    run()
        .expect_exit(64)
        .stderr_contains("GITHUB_STEP_SUMMARY")
        .stdout_is_empty();
    run().env("GITHUB_STEP_SUMMARY", "").expect_exit(64);
    run()
        .env("GITHUB_STEP_SUMMARY", "/nowhere/at/all")
        .expect_exit(73)
        .stderr_contains("cannot write `/nowhere/at/all`");
}

/// Every view that goes to a file, by its flag, and whether several runs together have it.
const VIEWS: [(&str, bool); 10] = [
    ("--json", true),
    ("--csv", false),
    ("--csv-tags", true),
    ("--junit", true),
    ("--markdown", true),
    ("--hgrm", true),
    ("--hlog", false),
    ("--openmetrics", true),
    ("--svg", true),
    ("--html", true),
];

/// What each view of a command says.
#[track_caller]
fn views_of(command: impl Fn() -> Gorgon, exit: i32) -> Vec<(&'static str, String)> {
    let files = Files::new();
    let path = |flag: &str| files.path().join(flag);
    let flags = VIEWS.iter().map(|(flag, _)| *flag);
    let asked = flags
        .clone()
        .fold(command(), |command, flag| command.arg(flag).arg(path(flag)));
    asked.expect_exit(exit).has_no_sign_of_a_bug();
    let read = |flag| std::fs::read_to_string(path(flag)).expect("it is written");
    flags.map(|flag| (flag, read(flag))).collect()
}

#[test]
fn all_views_of_a_run_agree_and_say_later_what_they_said_then() {
    for load in [&["--rate", "4k/s", "--warmup", "50"][..], &["-w", "5"]] {
        let files = Files::new();
        let saved = files.path().join("run");
        let run = || {
            let run = gorgon("run")
                .args(["hash=3", "noop=1", "-n", "1200"])
                .args(load);
            let run = run.args(["--fail-if", "ok < 1", "--allow-no-data"]);
            run.arg("--save").arg(&saved)
        };
        let then = views_of(run, 0);
        let later = views_of(|| gorgon("report").arg(&saved), 0);
        assert_eq!(then, later);

        let of = |flag: &str| {
            &then
                .iter()
                .find(|(of, _)| *of == flag)
                .expect("it is there")
                .1
        };
        let json: serde_json::Value = serde_json::from_str(of("--json")).expect("JSON");
        let summary = Summary::checked(json);
        assert_eq!(summary.calls("done"), 1_200);
        for (calls, flag) in [("calls", "--csv"), ("calls", "--csv-tags"), ("ok", "--csv")] {
            let sum: u64 = column(of(flag), calls).iter().sum();
            let expected = if calls == "ok" { "ok" } else { "done" };
            assert_eq!(sum, summary.calls(expected), "{flag}");
        }
        let longest = summary.at("/totals/latency/response/max_ns").as_u64();
        assert_eq!(column(of("--csv"), "max_ns").into_iter().max(), longest);
        assert_eq!(
            column(of("--csv-tags"), "max_ns").into_iter().max(),
            longest
        );
        let ms = longest.map(|ns| {
            format!(
                "#[Max     = {:12.6}, Total count    =         1200]",
                ns as f64 / 1e6
            )
        });
        assert!(
            of("--hgrm").contains(&ms.expect("known")),
            "{}",
            of("--hgrm")
        );
        let metric = format!("gorgon_response_seconds_count {}\n", summary.calls("done"));
        assert!(
            of("--openmetrics").contains(&metric),
            "{}",
            of("--openmetrics")
        );
        let row = format!("| `FAIL` | fail | {} |", summary.calls("fail"));
        assert!(of("--markdown").contains(&row), "{}", of("--markdown"));
    }
}

#[test]
fn no_call_one_call_and_an_interrupted_run_have_every_view() {
    for (calls, exit) in [("0", 0), ("1", 69)] {
        let run = || gorgon("run").args(["hash", "-n", calls]);
        for (flag, view) in views_of(run, exit) {
            assert!(!view.is_empty() && !view.contains("NaN"), "{flag}: {view}");
        }
    }
    let files = Files::new();
    let saved = files.path().join("run");
    let run = gorgon("run")
        .args(["hash", "-n", "1000", "--save"])
        .arg(&saved);
    run.expect_exit(0);
    let whole = std::fs::read_to_string(&saved).expect("it is saved");
    // As it is while the run goes on, and as a kill leaves it.
    let (begun, _) = whole
        .rsplit_once("{\"type\":\"summary\"")
        .expect("a summary");
    let cut = files.write("cut", begun);
    for (flag, view) in views_of(|| gorgon("report").arg(&cut), 0) {
        let word = match flag {
            "--json" | "--junit" | "--markdown" => "incomplete",
            _ => "",
        };
        assert!(view.contains(word), "{flag}: {view}");
    }
}

#[test]
fn runs_together_have_each_view_that_needs_no_time() {
    let files = Files::new();
    let runs = ["a", "b"].map(|name| files.path().join(name));
    for run in &runs {
        let made = gorgon("run").args(["hash", "-n", "100", "--save"]).arg(run);
        made.expect_exit(0);
    }
    for (flag, has_it) in VIEWS {
        let report = gorgon("report").args(&runs).args([flag, "-"]);
        let report = report.expect_exit(if has_it { 0 } else { 64 });
        report.has_no_sign_of_a_bug();
        assert_eq!(report.stdout().is_empty(), !has_it, "{flag}");
    }
}

#[test]
fn a_view_replaces_a_file_and_what_cannot_be_written_is_told_beforehand() {
    for (flag, _) in VIEWS {
        let files = Files::new();
        let old = files.write("old", "what was there");
        let run = || gorgon("run").args(["hash", "-n", "10", "--no-save", flag]);
        run().arg(&old).expect_exit(0);
        let new = std::fs::read_to_string(&old).expect("it is there");
        assert!(!new.contains("what was there"), "{flag}: {new}");
        let folder = files.path().to_owned();
        for (place, words) in [
            (folder.clone(), "directory"),
            (folder.join("no/such"), "make its folder first"),
        ] {
            // Said before the first call: there is no report of any.
            run()
                .arg(&place)
                .expect_exit(73)
                .stderr_contains(words)
                .stdout_is_empty();
        }
        #[cfg(target_os = "linux")]
        run()
            .arg("/dev/full")
            .expect_exit(73)
            .stderr_contains("cannot write `/dev/full`");
        let left = std::fs::read_dir(files.path())
            .expect("it is there")
            .count();
        assert_eq!(left, 1, "{flag} left something behind");
    }
}

/// A saved run to make views of.
fn saved(files: &Files) -> std::path::PathBuf {
    let saved = files.path().join("run");
    let run = gorgon("run").args(["noop", "-n", "30"]);
    run.arg("--save").arg(&saved).expect_exit(0);
    saved
}

#[test]
fn a_page_is_the_same_during_the_run_and_later() {
    let files = Files::new();
    let (page, saved) = (files.path().join("page.html"), files.path().join("run"));
    let run = gorgon("run").args(["hash", "-n", "500", "-w", "2", "--fail-if", "p50 > 10s"]);
    let run = run.arg("--html").arg(&page).arg("--save").arg(&saved);
    run.finish();
    let page = std::fs::read_to_string(page).expect("it is written");
    assert!(page.starts_with("<!doctype html>"));
    let later = gorgon("report").arg(saved).args(["--html", "-"]);
    assert!(later.finish().stdout() == page);
}

#[cfg(target_os = "linux")]
#[test]
fn the_name_of_a_file_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt;
    let files = Files::new();
    let name = std::ffi::OsStr::from_bytes(b"a\xff\xfe\nb");
    for (flag, _) in VIEWS {
        let path = files.path().join(name);
        let run = gorgon("run").args(["hash", "-n", "10", flag]).arg(&path);
        run.expect_exit(0);
        assert!(path.exists(), "{flag}");
        let run = gorgon("run")
            .args(["hash", "-n", "10", flag])
            .arg(path.join("x"));
        let said = run.expect_exit(73);
        said.stderr_contains("cannot write `")
            .stderr_contains("Not a directory");
    }
}

#[test]
fn an_odd_environment_changes_no_view() {
    let files = Files::new();
    let saved = files.path().join("run");
    let run = gorgon("run")
        .args(["hash", "-n", "500", "--save"])
        .arg(&saved);
    run.expect_exit(0);
    let report = || gorgon("report").arg(&saved);
    let expected = views_of(report, 0);
    for environment in [
        &[("LC_ALL", "C"), ("LANG", "C")][..],
        &[("LC_ALL", "tr_TR.UTF-8")],
        &[("LC_ALL", "de_DE.ISO-8859-1"), ("TZ", ":garbage/\u{1b}")],
        &[("TMPDIR", "/nowhere/at/all")],
        &[("HOME", ""), ("PATH", "")],
    ] {
        let odd = || {
            environment
                .iter()
                .fold(report(), |report, (name, value)| report.env(name, value))
        };
        assert_eq!(views_of(odd, 0), expected, "{environment:?}");
    }
    let homeless = || {
        report()
            .without("HOME")
            .without("XDG_STATE_HOME")
            .without("TMPDIR")
    };
    assert_eq!(views_of(homeless, 0), expected);
}

#[test]
fn without_a_place_for_what_it_records_a_view_of_the_course_is_refused() {
    let run = gorgon("run").args(["hash", "-n", "10", "--no-save", "--hlog", "-"]);
    run.env("TMPDIR", "/nowhere/at/all")
        .expect_exit(73)
        .stderr_contains("set `TMPDIR` to a folder that can be written to")
        .stdout_is_empty();
}

#[cfg(target_os = "linux")]
#[test]
fn a_page_is_opened_by_what_opens_files_here() {
    use std::os::unix::fs::PermissionsExt;

    let files = Files::new();
    let saved = saved(&files);
    let opener = files.write("xdg-open", "#!/bin/sh\nprintf %s \"$1\" > \"$OPENED\"\n");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(opener, executable).expect("a mode");
    let opened = files.path().join("opened");
    let report = gorgon("report").arg(&saved).arg("--open");
    let report = report.env("PATH", files.path()).env("OPENED", &opened);
    let report = report.env("TMPDIR", files.path()).expect_exit(0);
    let page = std::fs::read_to_string(opened).expect("it was opened");
    report.stderr_contains(&page);
    let page = std::fs::read_to_string(page).expect("it is there");
    assert!(page.starts_with("<!doctype html>"));
}

#[cfg(target_os = "linux")]
#[test]
fn where_nothing_opens_files_the_page_is_there_all_the_same() {
    let files = Files::new();
    let saved = saved(&files);
    let page = files.path().join("page.html");
    let report = gorgon("report").arg(&saved).arg("--open");
    let report = report.arg("--html").arg(&page).env("PATH", files.path());
    let report = report.expect_exit(75);
    report.stderr_contains("there is no `xdg-open`");
    assert!(page.exists());
    let nothing = gorgon("report").arg(&saved);
    let nothing = nothing.args(["--open", "--html", "-"]).expect_exit(64);
    nothing.stderr_contains("cannot be opened");
}

#[test]
fn no_view_is_written_over_the_run_it_is_made_of() {
    let files = Files::new();
    let run = |args: &[&str], exit: i32| {
        gorgon(args[0])
            .args(&args[1..])
            .inside(files.path())
            .expect_exit(exit)
    };
    let save = ["run", "noop", "-n", "5", "--save", "run.jsonl"];
    run(&[&save[..], &["--json", "./run.jsonl"]].concat(), 64)
        .stderr_contains("a view would be written over `run.jsonl`");
    run(&save, 0);
    for view in ["--json", "--csv", "--html"] {
        run(&["report", "run.jsonl", view, "run.jsonl"], 64).stdout_is_empty();
    }
    run(
        &["compare", "run.jsonl", "run.jsonl", "--html", "run.jsonl"],
        64,
    );
    run(&["report", "run.jsonl", "--json", "other.json"], 0);
    run(&["report", "run.jsonl"], 0);
}
