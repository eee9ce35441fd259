//! The rules a run was held to: whether each was kept, and by what.

use std::io::{self, Write};

use super::labelled;
use crate::report::printable::{columns, printable};
use crate::report::style::{Ink, Style};
use crate::thresholds::{Evaluated, ThresholdResult};

/// The least columns for what was measured, beside the rule. With fewer it goes below it.
const BESIDE: usize = 24;

/// Writes a line for each rule, or two where they do not fit one.
pub(super) fn write(out: &mut dyn Write, evaluated: &[Evaluated], style: Style) -> io::Result<()> {
    let rule = |one: &Evaluated| printable(&format!("{:#}", one.threshold), style).into_owned();
    let rules: Vec<String> = evaluated.iter().map(rule).collect();
    let width = rules.iter().map(|rule| columns(rule)).max().unwrap_or(0);
    let is_beside = width + 5 + BESIDE <= style.columns();
    for (one, rule) in evaluated.iter().zip(&rules) {
        let (sign, ink) = match one.verdict.result {
            ThresholdResult::Pass => ("✓", Ink::Good),
            ThresholdResult::Fail => ("✗", Ink::Bad),
            ThresholdResult::NoData => ("?", Ink::Warn),
        };
        let sign = style.text(sign);
        let found = found(one, style);
        if is_beside {
            let gap = width - columns(rule) + 2;
            let label = format!(" {sign} {rule}{:gap$}", "");
            labelled(out, &label, ink, &found, ink, style)?;
        } else {
            labelled(out, &format!(" {sign} "), ink, rule, ink, style)?;
            labelled(out, "   ", Ink::Plain, &found, ink, style)?;
        }
    }
    if evaluated.is_empty() {
        Ok(())
    } else {
        writeln!(out)
    }
}

/// What was measured, or why there is nothing to tell.
fn found(one: &Evaluated, style: Style) -> String {
    let has_data = one.verdict.result != ThresholdResult::NoData;
    let text = match (&one.verdict.reason, one.shown()) {
        (Some(when), Some(measured)) if has_data => format!("{measured}  {when}"),
        (Some(reason), _) => format!("no data: {reason}"),
        (None, Some(measured)) => measured,
        (None, None) => "no data".to_owned(),
    };
    // The sign for micro is ours, whatever else is in a reason may be a name that a guest chose.
    let text = if style.unicode {
        text
    } else {
        text.replace('µ', "u")
    };
    printable(&text, style).into_owned()
}
