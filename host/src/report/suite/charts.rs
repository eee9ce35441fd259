//! How runs compare, drawn in text: their rates and durations, and the growth against the first.

use std::io::{self, Write};

use super::{duration, percent, quantile, rate};
use crate::report::bars::{BAR_MIN, bar};
use crate::report::printable::{name, printable};
use crate::report::style::{Ink, Style};
use crate::report::table::{Cell, GAP, Table};
use crate::report::text::labelled;
use crate::stats::Quantile;
use crate::suite::SuiteView;
use crate::suite::growth::{Growth, Point, growth};

/// The longest bar of a chart: two stand beside each other.
const BAR_MAX: usize = 24;

/// The least columns of a label for which figures are given up, and where nothing is left to give up.
const LABEL_WIDE: usize = 16;
const LABEL_MIN: usize = 8;

/// The columns of a chart.
const COLUMNS: [&str; 8] = [
    "label",
    "rate",
    "speed-up",
    "part",
    "rates",
    "p50",
    "p99",
    "durations",
];

/// Which of them go first where they do not all fit.
const GIVEN_UP: [&str; 5] = ["durations", "rates", "part", "p50", "speed-up"];

/// Writes a chart for each list of runs.
pub(super) fn write(out: &mut dyn Write, suite: &SuiteView, style: Style) -> io::Result<()> {
    for growth in growth(suite) {
        let title = growth.name.clone().unwrap_or_else(|| "All runs".to_owned());
        chart(&growth, &title, style).write(out, style)?;
        ranges(out, &growth, style)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes how far the repetitions of a run lie apart.
fn ranges(out: &mut dyn Write, growth: &Growth, style: Style) -> io::Result<()> {
    let spread = |point: &Point| {
        let (lowest, highest) = point.range_per_s?;
        Some((highest - lowest) / point.per_s.filter(|per_s| *per_s > 0.0)?)
    };
    let widest = growth
        .points
        .iter()
        .filter_map(spread)
        .fold(None, |most: Option<f64>, one| {
            Some(most.map_or(one, |most| most.max(one)))
        });
    let Some(widest) = widest else { return Ok(()) };
    let text = format!(
        "each the median of its repetitions, which lie {:.1} % apart at most",
        widest * 100.0
    );
    labelled(out, " ", Ink::Dim, &text, Ink::Dim, style)
}

fn chart(growth: &Growth, title: &str, style: Style) -> Table {
    let has_part = growth.points.iter().any(|point| part(point).is_some());
    let table = |room: usize| {
        let mut columns = COLUMNS.to_vec();
        let mut table = table(growth, title, room, style);
        if !has_part {
            drop(&mut table, &mut columns, "part");
        }
        (table, columns)
    };
    let (mut narrow, mut columns) = table(0);
    // Without bars their columns are empty, but the gaps before them are there.
    let room = style.columns().saturating_sub(narrow.width());
    if room / 2 >= BAR_MIN {
        return table((room / 2).min(BAR_MAX)).0;
    }
    if room + GAP >= BAR_MIN {
        let (mut chart, mut columns) = table(room + GAP);
        drop(&mut chart, &mut columns, "durations");
        return chart;
    }
    for given_up in GIVEN_UP {
        narrow.squeeze(0, style.columns(), LABEL_WIDE, style);
        if narrow.width() <= style.columns() {
            break;
        }
        drop(&mut narrow, &mut columns, given_up);
    }
    narrow.squeeze(0, style.columns(), LABEL_MIN, style);
    narrow
}

fn drop(table: &mut Table, columns: &mut Vec<&str>, name: &str) {
    if let Some(index) = columns.iter().position(|&column| column == name) {
        columns.remove(index);
        table.drop_column(index);
    }
}

fn table(growth: &Growth, title: &str, room: usize, style: Style) -> Table {
    let points = &growth.points;
    let fastest = points
        .iter()
        .filter_map(|point| point.per_s)
        .fold(0.0, f64::max);
    // Where one p99 is not known, medians are compared.
    let is_known = points.iter().all(|point| exact(point, 99.0).is_some());
    let compared = if is_known { 99.0 } else { 50.0 };
    let slowest = points
        .iter()
        .filter_map(|point| exact(point, compared))
        .max()
        .unwrap_or(0);
    let mut table = Table::default();
    table.head(vec![
        Cell::left(name(title, style)),
        Cell::right("calls/s"),
        Cell::right("speed-up"),
        Cell::right(part_word(growth)),
        Cell::left(""),
        Cell::right("p50"),
        Cell::right("p99"),
        Cell::left(""),
    ]);
    for point in points {
        let share = point.per_s.map_or(0.0, |per_s| per_s / fastest);
        let duration = exact(point, compared).map_or(0.0, |ns| ns as f64 / slowest.max(1) as f64);
        let percentile = |p: f64| quantile(point.felt.percentile(p).value, style);
        table.row(vec![
            Cell::left(printable(&point.label, style)),
            Cell::right(rate(point.per_s, style)).ink(Ink::Strong),
            Cell::right(times(point.speed_up, style)),
            Cell::right(whole_percent(point, style)),
            Cell::left(bar(share, room, style)).ink(Ink::Bar),
            Cell::right(percentile(50.0)),
            Cell::right(percentile(99.0)),
            Cell::left(bar(duration, room, style)).ink(Ink::Warn),
        ]);
    }
    table
}

/// A percentile, where it is known.
fn exact(point: &Point, p: f64) -> Option<u64> {
    match point.felt.percentile(p).value {
        Some(Quantile::Exact(ns)) => Some(ns),
        _ => None,
    }
}

/// The efficiency, or in open load the part of the rate that was kept.
fn part(point: &Point) -> Option<f64> {
    point.efficiency.or(point.kept)
}

/// What that is called.
pub(in crate::report) fn part_word(growth: &Growth) -> &'static str {
    let is_open = growth.points.iter().any(|point| point.kept.is_some());
    if is_open { "of asked" } else { "efficiency" }
}

/// It in percent.
pub(in crate::report) fn whole_percent(point: &Point, style: Style) -> String {
    match part(point) {
        Some(part) => format!("{:.0} %", part * 100.0),
        None => percent(None, style),
    }
}

fn times(factor: Option<f64>, style: Style) -> String {
    let text = match factor {
        Some(factor) => format!("{factor:.2} ×"),
        None => duration(None, style),
    };
    style.text(&text).into_owned()
}
