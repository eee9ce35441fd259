//! Bars of block characters, and the histogram of durations drawn with them.

use std::io::{self, Write};

use super::format;
use super::style::{Ink, Style};
use super::table::{Cell, Table};
use crate::stats::Histogram;
use crate::stats::histogram::HIGHEST_NS;

/// The longest bar, in columns.
const BAR_MAX: usize = 40;

/// A bar shorter than this many columns shows nothing and is left out.
pub(super) const BAR_MIN: usize = 6;

/// The most rows of a histogram.
const ROWS_MAX: usize = 12;

/// Durations fewer than this are not worth a histogram.
const SAMPLES_MIN: u64 = 10;

/// A bar that fills a share (0 to 1) of `room` columns, in eighths of a column, or in whole ones without Unicode.
/// Anything that is not nothing can be seen.
pub(super) fn bar(share: f64, room: usize, style: Style) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let room = room.min(BAR_MAX);
    if share.is_nan() || share <= 0.0 || room == 0 {
        return String::new();
    }
    let exact = share.min(1.0) * room as f64;
    if !style.unicode {
        let whole = exact.round() as usize;
        return if whole == 0 {
            ".".to_owned()
        } else {
            "#".repeat(whole)
        };
    }
    let eighths = ((exact * 8.0).round() as usize).max(1);
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// Writes how often durations of each magnitude occurred. Writes nothing where there are too few to tell, or all are
/// alike.
pub(super) fn histogram(
    out: &mut dyn Write,
    durations: &Histogram,
    style: Style,
) -> io::Result<()> {
    let (Some(min), Some(max)) = (durations.min(), durations.max()) else {
        return Ok(());
    };
    let edges = edges(min.min(HIGHEST_NS), max.min(HIGHEST_NS));
    if durations.len() < SAMPLES_MIN || edges.len() < 3 {
        return Ok(());
    }
    let counts: Vec<u64> = edges
        .windows(2)
        .map(|edge| durations.count_between(edge[0], edge[1]))
        .collect();
    let room = style
        .columns()
        .saturating_sub(rows(&edges, &counts, 0, style).width());
    rows(&edges, &counts, room, style).write(out, style)?;
    writeln!(out)
}

fn rows(edges: &[u64], counts: &[u64], room: usize, style: Style) -> Table {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let mut table = Table::default();
    table.head(vec![Cell::right("from"), Cell::right("calls")]);
    for (&edge, &count) in edges.iter().zip(counts) {
        let from = style.text(&format::duration(edge)).into_owned();
        let bar = bar(count as f64 / most as f64, room, style);
        let ink = if count == 0 { Ink::Dim } else { Ink::Plain };
        table.row(vec![
            Cell::right(from).ink(ink),
            Cell::right(format::count(count)).ink(ink),
            Cell::left(bar).ink(Ink::Bar),
        ]);
    }
    table
}

/// Round numbers that split min..max into the most rows that still fit, evenly on a logarithmic scale: the lower edge
/// of each row and the upper edge of the last. The steps within a decade are the preferred numbers of ISO 3, except that
/// the scale of three is the usual 1, 2, 5.
fn edges(min: u64, max: u64) -> Vec<u64> {
    const SCALES: [&[u64]; 5] = [
        &[
            100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630,
            710, 800, 900,
        ],
        &[100, 125, 160, 200, 250, 315, 400, 500, 630, 800],
        &[100, 160, 250, 400, 630],
        &[100, 200, 500],
        &[100],
    ];
    let mut edges = Vec::new();
    for scale in SCALES {
        edges = on_scale(scale, min, max);
        if edges.len() <= ROWS_MAX + 1 {
            break;
        }
    }
    edges
}

fn on_scale(scale: &[u64], min: u64, max: u64) -> Vec<u64> {
    let decades = (0..=17).map(|exponent| 10u64.pow(exponent));
    let marks = decades.flat_map(|decade| {
        scale
            .iter()
            .map(move |&mark| mark.saturating_mul(decade) / 100)
    });
    let mut marks: Vec<u64> = std::iter::once(0).chain(marks).collect();
    marks.dedup();
    let first = marks.partition_point(|&mark| mark <= min).saturating_sub(1);
    let last = marks.partition_point(|&mark| mark <= max);
    let mut edges: Vec<u64> = marks[first..last.max(first)].to_vec();
    // The last bucket of the histogram also holds what is longer than it.
    edges.push(u64::MAX);
    edges
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNICODE: Style = Style {
        color: false,
        unicode: true,
        width: 80,
    };

    #[test]
    fn bars_have_eighths_and_something_is_never_invisible() {
        #[track_caller]
        fn check(share: f64, unicode: &str, ascii: &str) {
            assert_eq!(
                (
                    bar(share, 4, UNICODE).as_str(),
                    bar(share, 4, Style::PLAIN).as_str()
                ),
                (unicode, ascii)
            );
        }
        check(0.0, "", "");
        check(f64::NAN, "", "");
        check(0.000_1, "▏", ".");
        check(0.5, "██", "##");
        check(0.97, "███▉", "####");
        check(1.0, "████", "####");
        check(7.0, "████", "####");
        assert_eq!(bar(1.0, 0, UNICODE), "");
    }

    #[test]
    fn the_scale_suits_the_spread() {
        assert_eq!(
            edges(1_350_000, 1_003_000_000)[..3],
            [1_000_000, 2_000_000, 5_000_000]
        );
        assert_eq!(edges(5, 5), [5, u64::MAX]);
        assert_eq!(edges(1_000_000, 1_100_000), [1_000_000, u64::MAX]);
        assert_eq!(
            edges(1_000_000, 1_300_000),
            [1_000_000, 1_120_000, 1_250_000, u64::MAX]
        );
    }

    #[test]
    fn too_few_or_equal_durations_draw_nothing() {
        let drawn = |values: &[u64]| {
            let mut durations = Histogram::new();
            values.iter().for_each(|&ns| durations.record(ns));
            let mut out = Vec::new();
            histogram(&mut out, &durations, UNICODE).unwrap();
            out
        };
        assert!(drawn(&[]).is_empty());
        assert!(drawn(&[1, 1_000]).is_empty());
        assert!(drawn(&[1_000_000; 100]).is_empty());
    }

    proptest! {
        #[test]
        fn every_duration_falls_into_one_row(values in prop::collection::vec(any::<u64>(), 1..50), shift in 0u32..40) {
            let mut durations = Histogram::new();
            values.iter().for_each(|value| durations.record(value >> shift));
            let bounds = [durations.min(), durations.max()].map(|ns| ns.unwrap().min(HIGHEST_NS));
            let edges = edges(bounds[0], bounds[1]);
            let counted: u64 = edges.windows(2).map(|edge| durations.count_between(edge[0], edge[1])).sum();
            prop_assert_eq!(counted, durations.len());
            prop_assert!(edges.len() <= 16, "{edges:?}");
        }
    }
}
