//! What `gorgon doctor` found, for people.

use std::io::{self, Write};

use super::format;
use super::printable::{columns, printable, wrap};
use super::style::{Ink, Style};
use crate::watch::doctor::{Finding, Health};

/// What stands below a finding is set in from it.
const INDENT: &str = "   ";

/// The least columns for what was found, beside its name. With fewer it goes below it.
const BESIDE: usize = 24;

/// Writes the findings: a line each, with what to do about it below, and a last line that sums them up.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, findings: &[Finding], style: Style) -> io::Result<()> {
    let names: Vec<String> = findings.iter().map(|one| safe(&one.what, style)).collect();
    let width = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    // Behind the mark, the name and the gap after it.
    let indent = INDENT.len() + width + 2;
    let is_beside = indent + BESIDE <= style.columns();
    for (finding, name) in findings.iter().zip(&names) {
        let (mark, ink) = mark(finding.state);
        style.paint(out, ink, &format!(" {} ", style.text(mark)))?;
        write!(out, "{name}")?;
        if is_beside {
            let gap = indent - INDENT.len() - columns(name);
            write!(out, "{:gap$}", "")?;
            let found = safe(&finding.found, style);
            for (index, line) in wrap(&found, style.columns() - indent).iter().enumerate() {
                if index > 0 {
                    write!(out, "\n{:indent$}", "")?;
                }
                write!(out, "{line}")?;
            }
            writeln!(out)?;
        } else {
            writeln!(out)?;
            below(out, &finding.found, Ink::Plain, style)?;
        }
        if let Some(cure) = &finding.cure {
            below(out, cure, Ink::Dim, style)?;
        }
    }
    if !findings.is_empty() {
        writeln!(out)?;
    }
    let (ink, text) = sum(findings);
    write!(out, " ")?;
    style.paint(out, ink, &text)?;
    writeln!(out)
}

fn mark(state: Health) -> (&'static str, Ink) {
    match state {
        Health::Fine => ("✓", Ink::Good),
        Health::Note => ("!", Ink::Warn),
        Health::Bad => ("✗", Ink::Bad),
    }
}

fn below(out: &mut dyn Write, text: &str, ink: Ink, style: Style) -> io::Result<()> {
    for line in wrap(
        &safe(text, style),
        style.columns().saturating_sub(INDENT.len()),
    ) {
        out.write_all(INDENT.as_bytes())?;
        style.paint(out, ink, &line)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Paths and names of the system are others' text.
fn safe(text: &str, style: Style) -> String {
    printable(&style.text(text), style).into_owned()
}

fn sum(findings: &[Finding]) -> (Ink, String) {
    let count = |state| {
        findings
            .iter()
            .filter(|finding| finding.state == state)
            .count() as u64
    };
    let things = |count| format::plural(count, "thing", "things");
    match (count(Health::Bad), count(Health::Note)) {
        (0, 0) => (Ink::Good, "Nothing stands in the way of a run".to_owned()),
        (0, notes) => (Ink::Warn, format!("{} to know of", things(notes))),
        (bad, 0) => (Ink::Bad, format!("{} in the way of a run", things(bad))),
        (bad, notes) => {
            let notes = format::count(notes);
            (
                Ink::Bad,
                format!(
                    "{} in the way of a run, {notes} more to know of",
                    things(bad)
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<Finding> {
        let finding = |what: &str, state, found: &str, cure: Option<&str>| Finding {
            id: "id",
            state,
            what: what.to_owned(),
            found: found.to_owned(),
            cure: cure.map(str::to_owned),
        };
        vec![
            finding("open files", Health::Fine, "1 048 576 allowed", None),
            finding(
                "memory maps",
                Health::Note,
                "30 000, room for 5 600 workers",
                Some("as root: `sysctl -w vm.max_map_count=600000`"),
            ),
            finding(
                "cache",
                Health::Bad,
                "/x\u{1b}y cannot be written to",
                Some("set GORGON_CACHE_DIR"),
            ),
        ]
    }

    #[track_caller]
    fn check(findings: &[Finding], style: Style, expected: &str) {
        let mut out = Vec::new();
        write(&mut out, findings, style).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn findings_stand_in_columns_with_their_cures_below() {
        let style = Style {
            unicode: true,
            ..Style::PLAIN
        };
        check(
            &sample(),
            style,
            " ✓ open files   1 048 576 allowed
 ! memory maps  30 000, room for 5 600 workers
   as root: `sysctl -w vm.max_map_count=600000`
 ✗ cache        /x\\u{1b}y cannot be written to
   set GORGON_CACHE_DIR

 1 thing in the way of a run, 1 more to know of
",
        );
    }

    #[test]
    fn where_there_is_no_room_everything_stands_below() {
        let style = Style {
            width: 30,
            ..Style::PLAIN
        };
        check(
            &sample()[..2],
            style,
            " + open files
   1 048 576 allowed
 ! memory maps
   30 000, room for 5 600
   workers
   as root: `sysctl -w
   vm.max_map_count=600000`

 1 thing to know of
",
        );
    }

    #[test]
    fn a_machine_without_findings_is_fine() {
        check(&[], Style::PLAIN, " Nothing stands in the way of a run\n");
        check(
            &sample()[..1],
            Style::PLAIN,
            " + open files  1 048 576 allowed\n\n Nothing stands in the way of a run\n",
        );
    }
}
