//! Prints an error: what happened, why, and what to do next.

use std::io::{self, Write};

use anstyle::AnsiColor;
use serde_json::{Value, json};

use super::printable::{columns, printable};
use super::style::{Ink, Style};
use crate::error::Error;

/// Writes an error for a person, the exit code at the end of the last line.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, error: &Error, style: Style) -> io::Result<()> {
    let red = anstyle::Style::new()
        .fg_color(Some(AnsiColor::Red.into()))
        .bold();
    let causes = error.causes().iter().map(|text| ("cause:", text));
    let hints = error.hints().iter().map(|text| ("hint: ", text));
    let mut used = block(out, "error:", red, error.what(), style)?;
    for (label, text) in causes.chain(hints) {
        writeln!(out)?;
        write!(out, "  ")?;
        used = 2 + block(out, label, Ink::Dim.look(), text, style)?;
    }
    let code = format!("exit {}", error.exit().code());
    let room = style.columns().saturating_sub(used);
    if room > code.len() {
        write!(out, "{:1$}", "", room - code.len())?;
    } else {
        write!(out, "\n{:1$}", "", style.columns() - code.len())?;
    }
    style.paint(out, Ink::Dim, &code)?;
    writeln!(out)
}

/// The error for a program: `{"error":{"code","exit","message","cause","hint"}}`.
pub fn json(error: &Error) -> Value {
    json!({ "error": {
        "code": word(error),
        "exit": error.exit().code(),
        "message": error.what(),
        "cause": error.causes(),
        "hint": error.hints(),
    } })
}

/// Writes a label and text; further lines of the text stand below its first. Returns the columns that the last line
/// takes after the label's own indentation.
fn block(
    out: &mut dyn Write,
    label: &str,
    look: anstyle::Style,
    text: &str,
    style: Style,
) -> io::Result<usize> {
    if style.color {
        write!(out, "{look}{label}{look:#}")?;
    } else {
        write!(out, "{label}")?;
    }
    let mut used = columns(label);
    for (index, line) in text.trim_end().lines().enumerate() {
        // Indentation inside of a text, such as that of a quoted line of a file, is kept.
        let line = printable(line.trim_end(), style).into_owned();
        if index > 0 {
            writeln!(out)?;
        }
        if !line.is_empty() {
            // Below the first line there is no label, but its columns, and the indentation before it.
            let before = if index > 0 { 2 + columns(label) } else { 0 };
            write!(out, "{:before$} {line}", "")?;
            used = columns(label) + 1 + columns(&line);
        }
    }
    Ok(used)
}

/// The word that programs tell errors apart by. One for each exit code, and as stable.
fn word(error: &Error) -> &'static str {
    use crate::error::Exit;
    match error.exit() {
        Exit::Done => "done",
        Exit::Bug => "bug",
        Exit::Usage => "usage",
        Exit::Unusable => "unusable",
        Exit::NoInput => "no_input",
        Exit::NothingSucceeded => "nothing_succeeded",
        Exit::CannotWrite => "cannot_write",
        Exit::Environment => "environment",
        Exit::Denied => "denied",
        Exit::Threshold => "threshold",
        Exit::Interrupted => "interrupted",
        Exit::Terminated => "terminated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Exit;

    fn written(error: &Error, style: Style) -> String {
        let mut out = Vec::new();
        write(&mut out, error, style).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn sample() -> Error {
        Error::new(Exit::NoInput, "cannot read `op.wasm`")
            .because("No such file or directory (os error 2)")
            .hint("did you mean `target/op.wasm`?")
    }

    #[test]
    fn an_error_has_causes_hints_and_its_exit_code_at_the_end_of_the_line() {
        let expected = "\
error: cannot read `op.wasm`
  cause: No such file or directory (os error 2)
  hint:  did you mean `target/op.wasm`?                                  exit 66
";
        assert_eq!(written(&sample(), Style::PLAIN), expected);
        assert!(expected.lines().all(|line| line.len() <= 80));
    }

    #[test]
    fn without_room_the_exit_code_gets_a_line_of_its_own() {
        let expected = "\
error: cannot read `op.wasm`
  cause: No such file or directory (os error 2)
  hint:  did you mean `target/op.wasm`?
                                 exit 66
";
        assert_eq!(
            written(
                &sample(),
                Style {
                    width: 40,
                    ..Style::PLAIN
                }
            ),
            expected
        );
    }

    #[test]
    fn a_text_of_several_lines_stays_in_its_place_and_cannot_steer_the_terminal() {
        let error = Error::new(Exit::Unusable, "`a\u{1b}[2J` does not parse")
            .because("line 1\n    | x\n\n end\n");
        let expected = "\
error: `a\\u{1b}[2J` does not parse
  cause: line 1
             | x

          end                                                            exit 65
";
        assert_eq!(written(&error, Style::PLAIN), expected);
    }

    #[test]
    fn labels_are_coloured_and_texts_are_not() {
        let text = written(
            &sample(),
            Style {
                color: true,
                ..Style::PLAIN
            },
        );
        assert!(
            text.starts_with("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m cannot"),
            "{text:?}"
        );
        assert!(text.contains("\u{1b}[2mcause:\u{1b}[0m No"), "{text:?}");
    }

    #[test]
    fn programs_get_the_same_in_json() {
        let expected = json!({ "error": {
            "code": "no_input",
            "exit": 66,
            "message": "cannot read `op.wasm`",
            "cause": ["No such file or directory (os error 2)"],
            "hint": ["did you mean `target/op.wasm`?"],
        } });
        assert_eq!(json(&sample()), expected);
    }
}
