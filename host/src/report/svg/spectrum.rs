//! All percentiles of the durations, as HdrHistogram's plotters show them.

use super::Area;
use super::axis::{self, Scale};
use super::canvas::Canvas;
use crate::report::hgrm::{Step, steps};
use crate::report::view::RunView;
use crate::stats::Histogram;
use crate::stats::histogram::SAMPLES_BEYOND;

/// The percentiles that are marked where they are reached.
const MARKS: [(f64, &str); 8] = [
    (0.0, "0"),
    (50.0, "p50"),
    (90.0, "p90"),
    (99.0, "p99"),
    (99.9, "p99.9"),
    (99.99, "p99.99"),
    (99.999, "p99.999"),
    (99.9999, "p99.9999"),
];

/// One in so many calls took longer: what the axis is linear in the logarithm of.
fn inverse(level: f64) -> f64 {
    100.0 / (100.0 - level)
}

/// Draws what callers felt and, in open load, how long the calls themselves took. Where fewer than ten calls lie beyond, the
/// line is dotted.
pub(super) fn draw(canvas: &mut Canvas, run: &RunView, area: Area) {
    let latency = &run.summary.latency;
    let felt = &latency.felt().ended;
    let service = latency.response.as_ref().map(|_| &latency.service.ended);
    let service = service.filter(|of| !of.is_empty());
    let both = || [Some(felt), service].into_iter().flatten();
    let shortest = both().filter_map(Histogram::min).min().unwrap_or(1);
    let longest = both().filter_map(Histogram::max).max().unwrap_or(1);
    let marks = axis::durations(shortest, longest);
    let up = Scale::up((marks[0], marks[marks.len() - 1]), area).log();
    // As far as there are calls, and never less than the median and what is beyond it.
    let furthest = (felt.len() as f64).max(10.0);
    let across = Scale::across((1.0, furthest)).log();
    axis::frame(
        canvas,
        area,
        "Percentiles",
        "of all calls, so many took at most as long",
    );
    for mark in axis::marked(&marks) {
        axis::level(canvas, up.place(mark), &axis::duration(mark));
    }
    for (level, name) in MARKS {
        if inverse(level) <= furthest * (1.0 + 1e-9) {
            axis::below(canvas, across.place(inverse(level)), area, name);
        }
    }
    let mut line = |of: &Histogram, class: &str| {
        let steps = steps(of);
        let point = |step: &Step| {
            // The last step is at 100 %, which has no place on the axis but its end.
            let x = if step.level < 100.0 {
                inverse(step.level)
            } else {
                furthest
            };
            Some((across.place(x.min(furthest)), up.place(step.ns as f64)))
        };
        let is_known = |step: &Step| step.count + SAMPLES_BEYOND <= of.len();
        let known = steps.partition_point(is_known);
        let points: Vec<_> = steps.iter().map(point).collect();
        canvas.path(class, &points[..known]);
        canvas.path(
            &format!("{class} dotted"),
            &points[known.saturating_sub(1)..],
        );
    };
    if let Some(service) = service {
        line(service, "grey thin");
    }
    line(felt, "blue");
    let entry = |class, name: &str| (class, false, name.to_owned());
    let few = entry("blue dotted", "fewer than 10 calls beyond");
    let legend = match service {
        Some(_) => vec![
            entry("blue", "response"),
            entry("grey thin", "service"),
            few,
        ],
        None => vec![few],
    };
    axis::legend(canvas, area, &legend);
}
