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
