//! The tables of a suite in Markdown, for a page or a pull request.

use std::io::{self, Write};

use super::charts::{part_word, whole_percent};
use super::{figures, in_order, quantile, rate, remarks};
use crate::report::printable::printable;
use crate::report::style::Style;
use crate::report::view::RunView;
use crate::suite::growth::{Growth, growth};
use crate::suite::{SavedRun, SuiteView};

const STYLE: Style = Style {
    color: false,
    unicode: true,
    width: 0,
};

/// Writes a table of the runs, and one for each list of runs that grow.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, suite: &SuiteView) -> io::Result<()> {
    if let Some(title) = &suite.index.title {
        writeln!(out, "## {}\n", escaped(title))?;
    }
    writeln!(
        out,
        "| run | calls | calls/s | ok | p50 | p90 | p99 | max | |"
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|--:|--:|---|")?;
    for (run, view) in in_order(suite) {
        row(out, &cells(run, view))?;
    }
    growth(suite)
        .iter()
        .try_for_each(|growth| chart(out, growth))
}

fn cells(run: &SavedRun, view: Option<&RunView>) -> Vec<String> {
    let mut cells = vec![escaped(&run.label())];
    cells.extend(figures(view, STYLE));
    let mut remarks = remarks(run, view);
    remarks.extend(run.problems.first().map(|problem| problem.message.clone()));
    cells.push(escaped(&remarks.join(", ")));
    cells
}

fn chart(out: &mut dyn Write, growth: &Growth) -> io::Result<()> {
    let part = part_word(growth);
    let title = growth.name.as_deref().unwrap_or("all runs");
    writeln!(
        out,
        "\n| {} | calls/s | speed-up | {part} | p50 | p99 |",
        escaped(title)
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|")?;
    for point in &growth.points {
        let percentile = |p: f64| quantile(point.felt.percentile(p).value, STYLE);
        let times = point
            .speed_up
            .map_or_else(|| "–".to_owned(), |factor| format!("{factor:.2} ×"));
        let part = whole_percent(point, STYLE);
        let cells = [
            escaped(&point.label),
            rate(point.per_s, STYLE),
            times,
            part,
            percentile(50.0),
            percentile(99.0),
        ];
        row(out, &cells)?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, cells: &[String]) -> io::Result<()> {
    writeln!(out, "| {} |", cells.join(" | "))
}

/// Text that Markdown and HTML take for nothing but text. Backslashes before ASCII punctuation are CommonMark's escapes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in printable(text, STYLE).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}
