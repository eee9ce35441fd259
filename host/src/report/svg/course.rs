//! How a run went over time: the durations of its calls, and how many of them ended.

use super::Area;
use super::axis::{self, Scale};
use super::canvas::Canvas;
use crate::report::format;
use crate::report::view::RunView;
use crate::saved::TickFigures;
use crate::stats::{Histogram, Outcome};

/// The most columns that are told apart.
const COLUMNS: usize = 160;

/// The lines of durations: what share of calls each is about, and how it looks.
const LINES: [(f64, &str); 3] = [(0.5, "blue"), (0.9, "green"), (0.99, "orange")];

/// What is counted of a tick.
type Count = fn(&TickFigures) -> u64;

/// Whether there is anything to draw.
pub(super) fn has_course(run: &RunView) -> bool {
    run.series.ticks.iter().any(|tick| tick.count > 0)
}

/// From when to when the ticks go, in nanoseconds.
fn span(ticks: &[TickFigures]) -> (u64, u64) {
    let from_ns = ticks.first().map_or(0, |tick| tick.from_ns);
    let to_ns = ticks.last().map_or(0, |tick| tick.to_ns);
    (from_ns, to_ns.max(from_ns + 1))
}

/// Neighbours in so many columns of equal length at most; none of them is split, so that counts stay exact.
fn columns(ticks: &[TickFigures], most: usize) -> impl Iterator<Item = &[TickFigures]> {
    let (from_ns, to_ns) = span(ticks);
    let length_ns = ((to_ns - from_ns) / most.max(1) as u64).max(1);
    let column = move |tick: &TickFigures| (tick.from_ns - from_ns) / length_ns;
    ticks.chunk_by(move |a, b| column(a) == column(b))
}

/// What callers felt in each column, and the moments that it begins and ends.
fn felt(ticks: &[TickFigures]) -> Vec<(u64, u64, Histogram)> {
    let columns = columns(ticks, COLUMNS).map(|of| {
        let mut felt = Histogram::new();
        of.iter().for_each(|tick| felt.merge(&tick.felt()));
        let (from_ns, to_ns) = span(of);
        (from_ns, to_ns, felt)
    });
    columns.collect()
}

/// A percentile over time: moments and nanoseconds. Columns are taken together until enough calls lie beyond it.
fn quantiles(columns: &[(u64, u64, Histogram)], q: f64) -> Vec<(f64, u64)> {
    let mut points = Vec::new();
    let (mut begun_ns, mut together) = (None, Histogram::new());
    for (from_ns, to_ns, felt) in columns {
        let from_ns = *begun_ns.get_or_insert(*from_ns);
        together.merge(felt);
        if let Some(ns) = together.quantile(q) {
            points.push(((from_ns as f64 + *to_ns as f64) / 2.0, ns));
            (begun_ns, together) = (None, Histogram::new());
        }
    }
    points
}

/// Draws percentiles and maxima on a logarithmic axis. Each percentile has as many points as there are calls for.
pub(super) fn latency(canvas: &mut Canvas, run: &RunView, area: Area) {
    let ticks = &run.series.ticks;
    let all = &run.summary.latency.felt().ended;
    let marks = axis::durations(all.min().unwrap_or(1), all.max().unwrap_or(1));
    let ends = (marks[0], marks[marks.len() - 1]);
    let (across, up) = (over_time(ticks), Scale::up(ends, area).log());
    axis::frame(canvas, area, "Latency over time", "time since the start");
    gaps(canvas, run, area);
    for mark in axis::marked(&marks) {
        axis::level(canvas, up.place(mark), &axis::duration(mark));
    }
    time_axis(canvas, ticks, area);
    let maxima = columns(ticks, COLUMNS).map(|of| {
        let max = of.iter().filter_map(|tick| tick.max).max()?;
        Some((across.place(middle(of)), up.place(max as f64)))
    });
    canvas.path("grey dashed thin", &maxima.collect::<Vec<_>>());
    let columns = felt(ticks);
    let mut legend = Vec::new();
    for (q, class) in LINES {
        let points = quantiles(&columns, q);
        let points = points
            .iter()
            .map(|&(at, ns)| Some((across.place(at), up.place(ns as f64))));
        canvas.path(class, &points.collect::<Vec<_>>());
        let whole = all.quantile(q);
        let whole = whole.map_or_else(|| "–".to_owned(), format::duration);
        legend.push((
            class,
            false,
            format!("{} {whole}", format::percentile(q * 100.0)),
        ));
    }
    let max = format!("max {}", format::duration(all.max().unwrap_or(0)));
    legend.push(("grey dashed thin", false, max));
    if run
        .series
        .events
        .iter()
        .any(|event| event.until_ns.is_some())
    {
        legend.push(("gap", true, "runner asleep".to_owned()));
    }
    axis::legend(canvas, area, &legend);
}

/// Draws how many calls ended in a second, those that failed at the bottom.
pub(super) fn rates(canvas: &mut Canvas, run: &RunView, area: Area) {
    let ticks = &run.series.ticks;
    let columns: Vec<&[TickFigures]> = columns(ticks, COLUMNS).collect();
    let per_s = |of: &[TickFigures], count: Count| {
        let (from_ns, to_ns) = span(of);
        of.iter().map(count).sum::<u64>() as f64 * 1e9 / (to_ns - from_ns) as f64
    };
    let all = columns.iter().map(|of| per_s(of, |tick| tick.count));
    let marks = axis::rates(all.fold(0.0, f64::max));
    let up = Scale::up((0.0, marks[marks.len() - 1]), area);
    let across = over_time(ticks);
    axis::frame(canvas, area, "Calls per second", "time since the start");
    gaps(canvas, run, area);
    for &mark in &marks {
        axis::level(canvas, up.place(mark), &rate(mark));
    }
    time_axis(canvas, ticks, area);
    // Each on top of those before: the sum up to it is drawn, and then covered by the sums below.
    let layers: [(&str, Count); 3] = [
        ("ok", |tick| tick.count),
        ("fail", |tick| tick.fail + tick.fault),
        ("fault", |tick| tick.fault),
    ];
    for (class, count) in layers {
        let mut outline = Vec::new();
        for of in &columns {
            let (from_ns, to_ns) = span(of);
            let y = up.place(per_s(of, count));
            outline.extend([
                (across.place(from_ns as f64), y),
                (across.place(to_ns as f64), y),
            ]);
        }
        if class == "ok" {
            let top: Vec<_> = outline.iter().copied().map(Some).collect();
            canvas.path("blue thin", &top);
        } else if columns.iter().all(|of| per_s(of, count) == 0.0) {
            continue;
        }
        if let (Some(&(first, _)), Some(&(last, _))) = (outline.first(), outline.last()) {
            outline.extend([(last, area.bottom), (first, area.bottom)]);
        }
        canvas.polygon(class, &outline);
    }
    let totals = [Outcome::Ok, Outcome::Fail, Outcome::Fault].map(|outcome| {
        let count = format::count(run.summary.count(outcome));
        (outcome.word(), true, format!("{} {count}", outcome.word()))
    });
    axis::legend(canvas, area, &totals);
}

/// A mark of a rate: exact, since these are round.
fn rate(per_s: f64) -> String {
    match per_s {
        1e6.. => format!("{}M", (per_s / 1e3).round() / 1e3),
        1e4.. => format!("{}k", per_s.round() / 1e3),
        _ => format!("{}", (per_s * 1e6).round() / 1e6),
    }
}

fn middle(of: &[TickFigures]) -> f64 {
    let (from_ns, to_ns) = span(of);
    (from_ns as f64 + to_ns as f64) / 2.0
}

fn over_time(ticks: &[TickFigures]) -> Scale {
    let (from_ns, to_ns) = span(ticks);
    Scale::across((from_ns as f64, to_ns as f64))
}

fn time_axis(canvas: &mut Canvas, ticks: &[TickFigures], area: Area) {
    let (across, (from_ns, to_ns)) = (over_time(ticks), span(ticks));
    for mark in axis::times(from_ns, to_ns) {
        axis::below(canvas, across.place(mark), area, &axis::time(mark, to_ns));
    }
}

/// Marks the times in which the runner itself did not run.
fn gaps(canvas: &mut Canvas, run: &RunView, area: Area) {
    let across = over_time(&run.series.ticks);
    for event in &run.series.events {
        let Some(until_ns) = event.until_ns else {
            continue;
        };
        let (from, to) = (
            across.place(event.at_ns as f64),
            across.place(until_ns as f64),
        );
        canvas.rectangle("gap", (from, area.top), (to.max(from + 1.0), area.bottom));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::course;
    use crate::stats::Model;

    #[test]
    fn columns_hold_every_tick_once_and_are_not_too_many() {
        let ticks = course(Model::Closed, 1).series.ticks;
        for most in [0, 1, 5, 12, 1000] {
            let columns: Vec<_> = columns(&ticks, most).collect();
            assert!(
                columns.len() <= most.clamp(1, 12) + 1,
                "{} of {most}",
                columns.len()
            );
            assert_eq!(columns.concat(), ticks);
        }
    }

    #[test]
    fn a_percentile_has_as_many_points_as_there_are_calls_for() {
        let columns = felt(&course(Model::Closed, 1).series.ticks);
        // 200 calls in each of 12 columns.
        let points = [0.5, 0.95, 0.99, 0.999].map(|q| quantiles(&columns, q).len());
        assert_eq!(points, [12, 12, 2, 0]);
    }
}
