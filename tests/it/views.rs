//! The views of a run besides the text: each says what the others say.

use crate::support::{Files, gorgon};

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
