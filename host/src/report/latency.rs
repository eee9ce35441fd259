//! The table of durations: all calls together, then by tag, each with what the operation measured inside of it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::format;
use super::printable::name;
use super::style::{Ink, Style};
use super::table::{Cell, Table};
use super::tables::{NAME_MIN, has_mix, more_tags, operation, shown};
use crate::stats::{Distribution, Quantile, Summary};

/// Measurements shown under one tag.
const MEASUREMENTS: usize = 10;

/// The least columns of a name for which figures are given up, where lines are not narrow.
const NAME_WIDE: usize = 16;

/// Lines with fewer columns than this are narrow.
const NARROW: usize = 60;

/// The columns of the latency table.
pub(super) const FIGURES: [&str; 7] = ["min", "p50", "p90", "p99", "p99.9", "max", "mean"];

/// Which of them go first where they do not all fit. The median and p99 stay.
const GIVEN_UP: [&str; 6] = ["min", "mean", "p99.9", "p90", "max", "outcome"];

/// Writes how long calls took, all together and by tag, with the measurements under their tag.
pub(super) fn write(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    if summary.latency.felt().ended.is_empty() {
        return Ok(());
    }
    let mut table = self::table(summary, style);
    let mut columns = vec!["operation", "tag", "outcome"];
    columns.extend(FIGURES);
    let mut drop = |table: &mut Table, name: &str| {
        if let Some(index) = columns.iter().position(|&column| column == name) {
            columns.remove(index);
            table.drop_column(index);
        }
    };
    if ambiguous(summary).is_empty() {
        drop(&mut table, "outcome");
    }
    if !has_mix(summary) {
        drop(&mut table, "operation");
    }
    let names = if has_mix(summary) { 0..2 } else { 0..1 };
    let least = if style.columns() < NARROW {
        NAME_MIN
    } else {
        NAME_WIDE
    };
    for given_up in GIVEN_UP {
        names
            .clone()
            .for_each(|column| table.squeeze(column, style.columns(), least, style));
        if table.width() <= style.columns() {
            break;
        }
        drop(&mut table, given_up);
    }
    names.for_each(|column| table.squeeze(column, style.columns(), NAME_MIN, style));
    table.write(out, style)?;
    writeln!(out)
}

fn table(summary: &Summary, style: Style) -> Table {
    let mut table = Table::default();
    let head = ["Operation", "Latency", "Outcome"]
        .map(Cell::left)
        .into_iter();
    table.head(head.chain(FIGURES.map(Cell::right)).collect());
    let (shown, hidden) = shown(summary);
    if let (Some(lag), Some(response)) = (&summary.latency.lag, &summary.latency.response) {
        table.row(figures(["", "response", ""], response, Ink::Strong, style));
        table.row(figures(
            ["", "service", ""],
            &summary.latency.service,
            Ink::Plain,
            style,
        ));
        table.row(figures(["", "lag", ""], lag, Ink::Plain, style));
    } else if summary.rows.len() > 1 || !summary.latency.service.censored.is_empty() {
        table.row(figures(
            ["", "all", ""],
            &summary.latency.service,
            Ink::Strong,
            style,
        ));
    }
    for row in shown
        .iter()
        .filter(|row| !row.latency.felt().ended.is_empty())
    {
        let (operation, tag) = (operation(summary, row, style), name(&row.key.tag, style));
        let labels = [&operation, &*tag, row.key.outcome.word()];
        table.row(figures(labels, row.latency.felt(), Ink::Plain, style));
        for measurement in row.measurements.iter().take(MEASUREMENTS) {
            let label = format!("  {}", name(&measurement.name, style));
            table.row(figures(
                ["", &label, ""],
                &measurement.samples,
                Ink::Dim,
                style,
            ));
        }
        if let more @ 1.. = row.measurements.len().saturating_sub(MEASUREMENTS) {
            let more = format!("  … {} more", format::count(more as u64));
            table.row(vec![
                Cell::left(""),
                Cell::left(style.text(&more)).ink(Ink::Dim),
            ]);
        }
    }
    if !hidden.is_empty() {
        table.row(vec![Cell::left(""), more_tags(hidden.len(), style)]);
    }
    table
}

fn figures(labels: [&str; 3], of: &Distribution, ink: Ink, style: Style) -> Vec<Cell> {
    let figures = figure_texts(of).map(|figure| style.text(&figure).into_owned());
    let labels = labels.map(|label| Cell::left(label).ink(ink));
    labels
        .into_iter()
        .chain(figures.map(|figure| Cell::right(figure).ink(ink)))
        .collect()
}

/// What is shown of durations, in the order of [`FIGURES`]: `–` for what is not known, and `>` before what is only known
/// to be longer.
pub(super) fn figure_texts(of: &Distribution) -> [String; FIGURES.len()] {
    let known = |ns: Option<u64>| ns.map_or_else(|| "–".to_owned(), format::duration);
    let percentile = |p: f64| match of.percentile(p).value {
        Some(Quantile::Exact(ns)) => format::duration(ns),
        Some(Quantile::AtLeast(ns)) => format!("> {}", format::duration(ns)),
        None => known(None),
    };
    let ended = &of.ended;
    // With every call that never ended at its bound, mean and maximum are at their lowest.
    let bounded = |text: String| {
        if of.censored.is_empty() {
            text
        } else {
            format!("> {text}")
        }
    };
    let count = u128::from(ended.len() + of.censored.len());
    let mean = (ended.sum() + of.censored.sum() + count / 2).checked_div(count);
    let mean = mean.and_then(|mean| u64::try_from(mean).ok());
    [
        known(ended.min()),
        percentile(50.0),
        percentile(90.0),
        percentile(99.0),
        percentile(99.9),
        bounded(known(ended.max().max(of.censored.max()))),
        bounded(known(mean)),
    ]
}

/// Tags that one operation returned in both arms.
fn ambiguous(summary: &Summary) -> BTreeSet<(u16, &str)> {
    let mut seen = BTreeSet::new();
    let keys = summary
        .rows
        .iter()
        .map(|row| (row.key.operation, row.key.tag.as_str()));
    keys.filter(|&key| !seen.insert(key)).collect()
}
