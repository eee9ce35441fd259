//! Scales, the values that are marked on them, and what stands there.

use super::canvas::Canvas;
use super::{Area, LEFT, RIGHT};

const SECOND_NS: f64 = 1e9;

/// The most marks on an axis.
const MARKS: usize = 8;

/// From values to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    values: (f64, f64),
    pixels: (f64, f64),
    is_log: bool,
}

impl Scale {
    /// One that goes from left to right.
    pub(super) fn across(values: (f64, f64)) -> Scale {
        let pixels = (LEFT, RIGHT);
        Scale {
            values,
            pixels,
            is_log: false,
        }
    }

    /// One that goes from the bottom of a chart to its top.
    pub(super) fn up(values: (f64, f64), area: Area) -> Scale {
        let pixels = (area.bottom, area.top);
        Scale {
            values,
            pixels,
            is_log: false,
        }
    }

    /// The same, on which equal ratios are equally far. Its values are greater than 0.
    pub(super) fn log(self) -> Scale {
        Scale {
            is_log: true,
            ..self
        }
    }

    /// Where a value is. What is beyond the ends is at the end.
    pub(super) fn place(&self, value: f64) -> f64 {
        let ((from, to), (start, end)) = (self.values, self.pixels);
        let value = value.clamp(from, to);
        let part = match self.is_log {
            true => (value / from).ln() / (to / from).ln(),
            false => (value - from) / (to - from),
        };
        start + (end - start) * part
    }
}

/// An axis for durations: from the mark below the shortest to the one above the longest, and the marks between them.
pub(super) fn durations(shortest_ns: u64, longest_ns: u64) -> Vec<f64> {
    let (shortest, longest) = (shortest_ns.max(1) as f64, longest_ns.max(1) as f64);
    let marks = (0..=20).flat_map(|power| [1.0, 2.0, 5.0].map(|of| of * 10f64.powi(power)));
    let marks: Vec<f64> = marks.collect();
    let first = marks
        .iter()
        .rposition(|&mark| mark <= shortest)
        .unwrap_or(0);
    let last = marks
        .iter()
        .position(|&mark| mark >= longest)
        .unwrap_or(marks.len() - 1);
    // Never one alone: it has no length.
    let last = last.max(first + 1).min(marks.len() - 1);
    marks[first.min(last - 1)..=last].to_vec()
}

/// Those of the marks of a logarithmic axis that have room for a line each: all, or the powers of ten.
pub(super) fn marked(marks: &[f64]) -> Vec<f64> {
    let is_power = |mark: &f64| (mark.log10() - mark.log10().round()).abs() < 1e-9;
    match marks.len() > MARKS {
        true => marks.iter().copied().filter(is_power).collect(),
        false => marks.to_vec(),
    }
}

/// Marks from 0 up to a value or just beyond it, with 1, 2 or 5 of a power of ten between them.
pub(super) fn rates(highest: f64) -> Vec<f64> {
    let rough = highest.max(1e-9) / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|of| of * power);
    let step = steps
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    let count = (highest / step).ceil().max(1.0) as usize;
    (0..=count).map(|index| index as f64 * step).collect()
}

/// Marks of a time that begins at `from_ns`.
pub(super) fn times(from_ns: u64, to_ns: u64) -> Vec<f64> {
    const STEPS_S: [f64; 14] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0,
        7_200.0,
    ];
    let (from, to) = (from_ns as f64 / SECOND_NS, to_ns as f64 / SECOND_NS);
    let rough = ((to - from) / MARKS as f64).max(1e-9);
    let power = 10f64.powf(rough.log10().floor());
    let decimal = [1.0, 2.0, 5.0, 10.0].map(|of| of * power);
    let steps = match (1.0..=7_200.0).contains(&rough) {
        true => STEPS_S.to_vec(),
        false => decimal.to_vec(),
    };
    let step = steps
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    let first = (from / step).ceil() as u64;
    let marks = (first..first + 2 * MARKS as u64).map(|index| index as f64 * step);
    marks
        .take_while(|mark| *mark <= to)
        .map(|mark| mark * SECOND_NS)
        .collect()
}

/// A mark of a duration: `200 µs`.
pub(super) fn duration(ns: f64) -> String {
    let (unit, name) = match ns {
        ..1e3 => (1.0, "ns"),
        1e3..1e6 => (1e3, "µs"),
        1e6..1e9 => (1e6, "ms"),
        _ => (1e9, "s"),
    };
    format!("{} {name}", (ns / unit).round())
}

/// A mark of a time: `2.5 s`, and `1:30` where there are minutes, all in one form.
pub(super) fn time(ns: f64, longest_ns: u64) -> String {
    let seconds = ns / SECOND_NS;
    if longest_ns as f64 / SECOND_NS < 120.0 {
        return format!("{} s", (seconds * 1e6).round() / 1e6);
    }
    let whole = seconds.round() as u64;
    match whole / 3600 {
        0 => format!("{}:{:02}", whole / 60, whole % 60),
        hours => format!("{hours}:{:02}:{:02}", whole / 60 % 60, whole % 60),
    }
}

/// Draws a level with its mark at the left.
pub(super) fn level(canvas: &mut Canvas, y: f64, label: &str) {
    canvas.line("grid", (LEFT, y), (RIGHT, y));
    canvas.text("dim end", LEFT - 8.0, y + 4.0, label);
}

/// Draws a mark with its label below a chart.
pub(super) fn below(canvas: &mut Canvas, x: f64, area: Area, label: &str) {
    canvas.line("axis", (x, area.bottom), (x, area.bottom + 4.0));
    canvas.text("dim middle", x, area.bottom + 18.0, label);
}

/// Draws a chart's title, what its axis is of, and the axis itself.
pub(super) fn frame(canvas: &mut Canvas, area: Area, title: &str, across: &str) {
    canvas.text("head", 28.0, area.top - 18.0, title);
    canvas.line("axis", (LEFT, area.bottom), (RIGHT, area.bottom));
    canvas.text("dim end", RIGHT, area.bottom + 36.0, across);
}

/// Draws what stands for what, at the right above a chart: the class of a line or an area, and its name.
pub(super) fn legend(canvas: &mut Canvas, area: Area, entries: &[(&str, bool, String)]) {
    let mut right = RIGHT;
    let y = area.top - 18.0;
    for (class, is_area, name) in entries.iter().rev() {
        // As wide as such text is at the most, so that it begins beside what it is about.
        right -= 6.6 * name.chars().count() as f64;
        canvas.text("", right, y, name);
        right -= 8.0;
        match is_area {
            true => canvas.rectangle(class, (right - 14.0, y - 10.0), (right, y)),
            false => canvas.line(
                &format!("line {class}"),
                (right - 22.0, y - 4.0),
                (right, y - 4.0),
            ),
        }
        right -= 38.0;
    }
}
