//! What a run says to GitHub Actions: workflow commands, which become annotations of the job.
//!
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>

use std::io::{self, Write};

use super::conclusion::conclusion;
use super::distinct::distinct;
use super::junit::found;
use super::view::RunView;
use crate::thresholds::ThresholdResult;
use crate::watch::State;

/// Writes an error for each rule that fails the run and for what failed of the run itself, and a warning for each rule
/// without data that does not and for a verdict that is not *valid*.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, run: &RunView) -> io::Result<()> {
    let operations = run.operations();
    let ended = conclusion(&run.summary, &run.rules, run.exit_code);
    for failure in ended.own_failures {
        command(out, "error", &operations, &failure)?;
    }
    for rule in &run.rules {
        let kind = match (rule.verdict.result, run.fails(rule)) {
            (ThresholdResult::Pass, _) => continue,
            (_, true) => "error",
            (_, false) => "warning",
        };
        let message = format!("{:#}: {}", rule.threshold, found(rule));
        command(out, kind, &operations, &message)?;
    }
    let verdict = run.summary.facts.verdict.iter();
    let reasons = verdict.flat_map(|verdict| &verdict.reasons);
    for reason in reasons.filter(|reason| reason.state != State::Valid) {
        let message = format!("{}: {}", reason.state, reason.text);
        command(out, "warning", &operations, &message)?;
    }
    Ok(())
}

/// Writes what `write` writes so that nothing in it is taken for a command, whatever an operation returned. `token` is a
/// word that nobody can guess.
///
/// # Errors
/// When the writer fails, or `write` does.
pub fn without_commands(
    out: &mut dyn Write,
    token: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    writeln!(out, "::stop-commands::{token}")?;
    write(out)?;
    writeln!(out, "::{token}::")
}

fn command(out: &mut dyn Write, kind: &str, operations: &str, message: &str) -> io::Result<()> {
    let title = property(&format!("gorgon: {operations}"));
    writeln!(out, "::{kind} title={title}::{}", data(message))
}

/// A message, escaped as the runner reads it.
fn data(text: &str) -> String {
    let text = distinct(text).replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, likewise.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::{course, doubted, views};
    use crate::stats::Model;

    fn written(run: &RunView) -> String {
        let mut out = Vec::new();
        write(&mut out, run).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_fails_the_run_is_an_error_and_what_is_doubtful_a_warning() {
        let mut run = course(Model::Closed, 1);
        let title = "title=gorgon%3A browse.wasm";
        let commands = written(&run);
        let lines: Vec<&str> = commands.lines().collect();
        assert_eq!(lines.len(), 4, "{commands}");
        assert_eq!(
            lines[1],
            format!("::error {title}::fail > 1 %25: measured 2.50 %25")
        );
        run.allow_no_data = true;
        let commands = written(&run);
        assert_eq!(commands.matches("::warning ").count(), 2, "{commands}");
        let doubted = RunView {
            summary: doubted(),
            ..RunView::default()
        };
        let commands = written(&doubted);
        assert!(
            commands.contains("::warning title=gorgon%3A op.wasm::invalid: the machine was busy\n")
        );
    }

    #[test]
    fn nothing_in_a_message_is_a_command() {
        assert_eq!(data("a\n::error::x\r%0A"), "a\\n::error::x\\r%250A");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
        for (name, run) in views() {
            for line in written(&run).lines() {
                assert!(
                    line.starts_with("::error title=") || line.starts_with("::warning title="),
                    "{name}: {line}"
                );
            }
        }
    }
}
