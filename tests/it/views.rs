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
