//! Whether the figures can be trusted, and if not, why.

use std::io::{self, Write};

use super::labelled;
use crate::report::style::{Ink, Style};
use crate::stats::Summary;
use crate::watch::State;

/// Writes the verdict on the runner itself; nothing where nobody looked.
pub(super) fn write(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    let Some(verdict) = &summary.facts.verdict else {
        return Ok(());
    };
    if verdict.reasons.is_empty() {
        let text = "valid: the runner kept up, and the machine gave it what it needed";
        line(out, State::Valid, text, style)?;
    }
    for reason in &verdict.reasons {
        let text = format!("{}: {}", reason.state, reason.text);
        line(out, reason.state, &text, style)?;
    }
    writeln!(out)
}

fn line(out: &mut dyn Write, state: State, text: &str, style: Style) -> io::Result<()> {
    let (sign, ink) = match state {
        State::Valid => ("✓", Ink::Good),
        State::Degraded => ("!", Ink::Warn),
        State::Invalid => ("✗", Ink::Bad),
    };
    let sign = format!(" {} ", style.text(sign));
    labelled(out, &sign, ink, &style.text(text), Ink::Plain, style)
}
