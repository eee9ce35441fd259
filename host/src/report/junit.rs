//! The rules of a run as JUnit XML, which CI systems show as tests.
//!
//! The format has no standard; this is what Jenkins, GitLab, GitHub's actions and `cargo nextest` agree on: a `testsuites`
//! with a `testsuite`, in it a `testcase` for each rule and one for the run itself.

use std::io;

use super::conclusion::{Conclusion, conclusion};
use super::notes;
use super::view::RunView;
use super::xml::escaped;
use crate::thresholds::{Evaluated, ThresholdResult};

/// What came of a test case, with what there is to say of it.
enum Came {
    Passed,
    Failed { kind: &'static str, message: String },
    Skipped { message: String },
}

struct Case {
    name: String,
    took_ns: u64,
    came: Came,
    /// What it printed.
    output: String,
}

/// Writes a case for the run and one for each rule that it was held to. A rule without data is a failure or, where that was
/// allowed, skipped.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, run: &RunView) -> io::Result<()> {
    let facts = &run.summary.facts;
    let mut cases = vec![of_run(run)];
    cases.extend(run.rules.iter().map(|rule| of_rule(run, rule)));
    let count = |is: fn(&Came) -> bool| cases.iter().filter(|case| is(&case.came)).count();
    let totals = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{}\"",
        cases.len(),
        count(|came| matches!(came, Came::Failed { .. })),
        count(|came| matches!(came, Came::Skipped { .. })),
        seconds(facts.elapsed_ns)
    );
    let name = escaped(&run.operations());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"gorgon\" {totals}>")?;
    // Without what its strict readers do not know: parts of a second and a zone. It is UTC.
    let started: String = facts.started.chars().take(19).collect();
    let started = escaped(&started);
    writeln!(
        out,
        "  <testsuite name=\"{name}\" {totals} timestamp=\"{started}\">"
    )?;
    properties(out, run)?;
    for case in &cases {
        case.write(out, &name)?;
    }
    writeln!(out, "  </testsuite>")?;
    writeln!(out, "</testsuites>")
}

fn properties(out: &mut dyn io::Write, run: &RunView) -> io::Result<()> {
    let facts = &run.summary.facts;
    writeln!(out, "    <properties>")?;
    for (name, value) in [
        ("run", facts.run_id.clone()),
        ("command", facts.command.join(" ")),
        ("gorgon", facts.gorgon.clone()),
        ("seed", facts.load.seed.to_string()),
    ] {
        let value = escaped(&value);
        writeln!(out, "      <property name=\"{name}\" value=\"{value}\"/>")?;
    }
    writeln!(out, "    </properties>")
}

fn of_run(run: &RunView) -> Case {
    let Conclusion {
        text, own_failures, ..
    } = conclusion(&run.summary, &run.rules, run.exit_code);
    let verdict = run.summary.facts.verdict.iter();
    let reasons = verdict.flat_map(|verdict| &verdict.reasons);
    let reasons = reasons.map(|reason| format!("{}: {}", reason.state, reason.text));
    let notes = notes::notes(&run.summary).into_iter().map(|note| note.text);
    let lines: Vec<String> = [text].into_iter().chain(reasons).chain(notes).collect();
    Case {
        name: "the run".to_owned(),
        took_ns: run.summary.facts.elapsed_ns,
        came: match own_failures.is_empty() {
            true => Came::Passed,
            false => Came::Failed {
                kind: "run",
                message: own_failures.join("; "),
            },
        },
        output: lines.iter().map(|line| escaped(line) + "\n").collect(),
    }
}

fn of_rule(run: &RunView, rule: &Evaluated) -> Case {
    let found = found(rule);
    let came = match (rule.verdict.result, run.fails(rule)) {
        (ThresholdResult::Pass, _) => Came::Passed,
        (ThresholdResult::NoData, false) => Came::Skipped {
            message: found.clone(),
        },
        (ThresholdResult::NoData, true) => Came::Failed {
            kind: "no data",
            message: found.clone(),
        },
        (ThresholdResult::Fail, _) => Came::Failed {
            kind: "rule broken",
            message: found.clone(),
        },
    };
    Case {
        name: format!("{:#}", rule.threshold),
        // Judging takes no time, and the times of a suite are added up.
        took_ns: 0,
        came,
        output: escaped(&found) + "\n",
    }
}

/// What was found of a rule: `measured 178 ms`, `no data: no call ended`.
pub(super) fn found(rule: &Evaluated) -> String {
    let has_data = rule.verdict.result != ThresholdResult::NoData;
    match (&rule.verdict.reason, rule.shown()) {
        (Some(when), Some(measured)) if has_data => format!("measured {measured} {when}"),
        (Some(reason), _) => format!("no data: {reason}"),
        (None, Some(measured)) => format!("measured {measured}"),
        (None, None) => "no data".to_owned(),
    }
}

impl Case {
    fn write(&self, out: &mut dyn io::Write, class: &str) -> io::Result<()> {
        let (name, time) = (escaped(&self.name), seconds(self.took_ns));
        writeln!(
            out,
            "    <testcase name=\"{name}\" classname=\"{class}\" time=\"{time}\">"
        )?;
        match &self.came {
            Came::Passed => {}
            Came::Failed { kind, message } => {
                let rule = &name;
                let message = escaped(message);
                writeln!(
                    out,
                    "      <failure type=\"{kind}\" message=\"{message}\">{rule}: {message}</failure>"
                )?;
            }
            Came::Skipped { message } => {
                writeln!(out, "      <skipped message=\"{}\"/>", escaped(message))?;
            }
        }
        write!(
            out,
            "      <system-out>{}</system-out>\n    </testcase>\n",
            self.output
        )
    }
}

fn seconds(ns: u64) -> String {
    format!("{:.3}", ns as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::{course, one_call, views};
    use crate::stats::Status;
    use crate::stats::facts::Model;

    fn written(run: &RunView) -> String {
        let mut out = Vec::new();
        write(&mut out, run).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_rule_is_a_case_with_what_was_measured() {
        let xml = written(&course(Model::Closed, 1));
        let expected = "<testsuites name=\"gorgon\" tests=\"7\" failures=\"4\" errors=\"0\" skipped=\"0\" time=\"1.260\">";
        assert!(xml.contains(expected), "{xml}");
        for part in [
            "<testcase name=\"p99 &gt; 1 s\" classname=\"browse.wasm\" time=\"0.000\">\n      <system-out>measured ",
            "<failure type=\"rule broken\" message=\"measured 2.50 %\">fail &gt; 1 %: measured 2.50 %</failure>",
            "<failure type=\"no data\" message=\"no data: ",
            "counter(\\u{1b}[2J&lt;尺寸&gt;) &gt; 0",
        ] {
            assert!(xml.contains(part), "{part} in {xml}");
        }
    }

    #[test]
    fn a_rule_without_data_is_skipped_where_that_is_allowed() {
        let mut run = course(Model::Closed, 1);
        run.allow_no_data = true;
        let xml = written(&run);
        assert!(
            xml.contains("failures=\"2\" errors=\"0\" skipped=\"2\""),
            "{xml}"
        );
        assert!(xml.contains("<skipped message=\"no data: "), "{xml}");
    }

    #[test]
    fn a_run_that_failed_by_itself_is_a_failure() {
        let of = |change: fn(&mut RunView)| {
            let mut run = RunView {
                summary: one_call(),
                ..RunView::default()
            };
            change(&mut run);
            written(&run)
        };
        assert!(of(|_| {}).contains("failures=\"0\""));
        let xml = of(|run| run.summary.facts.status = Status::Interrupted);
        assert!(xml.contains("message=\"the run is interrupted\""), "{xml}");
        let xml = of(|run| run.exit_code = Some(75));
        assert!(xml.contains("worse than `--require`"), "{xml}");
        let xml = of(|run| run.summary.rows[0].key.outcome = crate::stats::Outcome::Fail);
        assert!(xml.contains("the only call did not succeed"), "{xml}");
    }

    #[test]
    fn nothing_that_a_guest_chose_is_markup_or_steers_a_terminal() {
        for (name, run) in views() {
            let xml = written(&run);
            assert!(
                !xml.replace('\n', "").contains(char::is_control),
                "{name}: {xml}"
            );
            assert!(!xml.contains("</script>"), "{name}: {xml}");
        }
    }
}
