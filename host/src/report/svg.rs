//! The charts of a run as one SVG: latency and calls per second over time, and the percentile spectrum.
//!
//! It is whole in itself (no script, font or file from elsewhere), has its own background, and follows the colour scheme of
//! who looks at it. Colours are those of Okabe and Ito, which colour-blind readers can tell apart; what is told apart by
//! colour is so by its dashes or its place, too.

mod axis;
mod canvas;
mod course;
mod spectrum;

use std::io;

use self::canvas::Canvas;
use super::conclusion::{Standing, conclusion};
use super::opening;
use super::view::RunView;

/// The width of everything, in pixels.
const WIDTH: f64 = 960.0;

/// Where the charts' own areas begin and end from left to right.
const LEFT: f64 = 76.0;
const RIGHT: f64 = WIDTH - 28.0;

/// How high the title is, a chart's own area, and what stands above and below that.
const TITLE: f64 = 96.0;
const AREA: f64 = 190.0;
const ABOVE: f64 = 40.0;
const BELOW: f64 = 48.0;

/// The area of a chart, without its title and axes.
#[derive(Debug, Clone, Copy)]
struct Area {
    top: f64,
    bottom: f64,
}

/// Writes the picture. The charts over time are left out where nobody knows how the run went on, as for several runs
/// together, and the spectrum where no call ended.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, run: &RunView) -> io::Result<()> {
    let has_durations = !run.summary.latency.felt().ended.is_empty();
    let mut charts: Vec<fn(&mut Canvas, &RunView, Area)> = Vec::new();
    if has_durations && course::has_course(run) {
        charts.push(course::latency);
    }
    if course::has_course(run) {
        charts.push(course::rates);
    }
    if has_durations {
        charts.push(spectrum::draw);
    }
    let mut canvas = Canvas::default();
    title(&mut canvas, run);
    let mut top = TITLE;
    for draw in &charts {
        let area = Area {
            top: top + ABOVE,
            bottom: top + ABOVE + AREA,
        };
        draw(&mut canvas, run, area);
        top = area.bottom + BELOW;
    }
    canvas.write(out, WIDTH, top, &run.operations())
}

fn title(canvas: &mut Canvas, run: &RunView) {
    let ended = conclusion(&run.summary, &run.rules, run.exit_code);
    let standing = match ended.standing {
        Standing::Good => "good",
        Standing::Mixed => "mixed",
        Standing::Bad => "bad",
    };
    canvas.text("title", 28.0, 38.0, &canvas::clipped(&run.operations(), 80));
    let pace = opening::pace(&run.summary).replace("  ", " ");
    let load = opening::load(&run.summary.facts);
    canvas.text(
        "dim",
        28.0,
        62.0,
        &canvas::clipped(&format!("{pace}; {load}"), 130),
    );
    let text = format!("{} {}", ended.standing.sign(), ended.text);
    canvas.text(standing, 28.0, 84.0, &canvas::clipped(&text, 130));
}

#[cfg(test)]
mod tests;
