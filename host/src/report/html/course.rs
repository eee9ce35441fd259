//! How a run went, in stretches that are drawn.

use super::data::{Course, Limit, Span};
use super::heat::Filled;
use super::layers::{DrawnRow, layers};
use super::lines::Drawn;
use super::shown::safe;
use super::stretches::{Stretch, lengths, stretches};
use crate::report::format;
use crate::report::view::{RunView, Series};
use crate::saved::TickFigures;
use crate::schedule::Curve;
use crate::stats::{Outcome, Quantile, Summary};

/// The share of failures, in stretches as in the run, below which none is worth pointing out.
const FAILING: f64 = 0.01;

/// How many standard deviations above what is usual failures are, to be pointed out.
const CHANCE: f64 = 4.0;

/// The percentiles that are drawn.
const LINES: [f64; 3] = [50.0, 90.0, 99.0];

/// How the run went in stretches of a length, and what is drawn of each of its rows.
pub(super) fn course(run: &RunView, length_ns: u64) -> (Course, Vec<DrawnRow>) {
    let series = &run.series;
    if let Some(missing) = missing(run) {
        return (nothing(missing), Vec::new());
    }
    let stretches = stretches(&series.ticks, length_ns);
    if stretches.len() < 2 {
        return (
            nothing("The run was over too soon to be drawn over time."),
            Vec::new(),
        );
    }
    let (layers, rows) = layers(&run.summary, series, &stretches);
    let felt = run.summary.latency.felt();
    let whole = |p: f64| match felt.percentile(p).value {
        Some(Quantile::Exact(ns)) => format::duration(ns),
        Some(Quantile::AtLeast(ns)) => format!("> {}", format::duration(ns)),
        None => "–".to_owned(),
    };
    let mut lines = LINES.map(|p| Drawn::new(format::percentile(p), p / 100.0, whole(p)));
    let (min, max) = (felt.ended.min().unwrap_or(0), felt.ended.max().unwrap_or(0));
    let mut heat = Filled::new(stretches.len(), min, max);
    let mut max_ns = Vec::with_capacity(stretches.len());
    for stretch in &stretches {
        let felt = stretch.felt();
        lines.iter_mut().for_each(|line| line.push(&felt));
        heat.push(&felt);
        max_ns.push(felt.max());
    }
    let warm_until_ns = warm_until(&series.ticks);
    let of = |count: fn(&TickFigures) -> u64| stretches.iter().map(|one| one.sum(count)).collect();
    let course = Course {
        missing: None,
        stretch: format::duration(length_ns),
        from_ns: stretches.first().map_or(0, |first| first.from_ns),
        lengths: lengths(&stretches),
        calls: of(|tick| tick.count),
        ok: of(|tick| tick.ok),
        fail: of(|tick| tick.fail),
        fault: of(|tick| tick.fault),
        warmup: match warm_until_ns {
            Some(_) => of(|tick| tick.warmup),
            None => Vec::new(),
        },
        lines: lines.map(Drawn::finish).into(),
        max_ns,
        layers,
        asked: asked(&run.summary, warm_until_ns, &stretches),
        warm_until_ns,
        failing: failing(&run.summary, &stretches),
        events: events(series),
        limits: limits(run),
        heat: (!felt.ended.is_empty()).then(|| heat.finish()),
    };
    (course, rows)
}

/// A course that cannot be drawn, and why.
fn nothing(missing: &str) -> Course {
    Course {
        missing: Some(missing.to_owned()),
        ..Course::default()
    }
}

/// Why there is nothing to draw, where that is so.
fn missing(run: &RunView) -> Option<&'static str> {
    let (ticks, accounting) = (&run.series.ticks, &run.summary.facts.accounting);
    let is_drawn = |tick: &TickFigures| tick.count > 0 || tick.warmup > 0;
    if ticks.iter().any(is_drawn) {
        None
    } else if run.summary.done() > 0 {
        Some("This is more than one run, and they have no time in common that could be drawn.")
    } else if accounting.asked == 0 {
        Some("No call was made, so there is nothing to draw.")
    } else {
        Some("No call ended, so there is nothing to draw.")
    }
}

/// When the warm-up was over: where the first results are, if there was one before.
fn warm_until(ticks: &[TickFigures]) -> Option<u64> {
    let has_warmup = ticks.iter().any(|tick| tick.warmup > 0);
    let results = ticks.iter().find(|tick| tick.count > 0);
    let end = ticks.last().map_or(0, |last| last.to_ns);
    has_warmup.then(|| results.map_or(end, |tick| tick.from_ns))
}

/// The rate asked for, as far as the run went.
fn asked(
    summary: &Summary,
    warm_until_ns: Option<u64>,
    stretches: &[Stretch<'_>],
) -> Vec<(u64, f64)> {
    let curve = summary.facts.load.rate.as_ref();
    let Some(curve) = curve.and_then(|rate| rate.parse::<Curve>().ok()) else {
        return Vec::new();
    };
    let begin = warm_until_ns.unwrap_or(0);
    let end = stretches.last().map_or(0, |last| last.to_ns);
    // Calls are due until the window closes, and end later.
    let end = end.min(begin.saturating_add(summary.facts.window_ns));
    let warm_up = warm_until_ns.map(|_| (0, curve.first_per_s()));
    let mut asked: Vec<(u64, f64)> = warm_up.into_iter().collect();
    for (at_ns, rate) in curve.corners() {
        let at_ns = begin.saturating_add(at_ns);
        if let (true, Some(&(before_ns, before))) = (at_ns > end, asked.last()) {
            let part = (end - before_ns.min(end)) as f64 / (at_ns - before_ns).max(1) as f64;
            asked.push((end, before + (rate - before) * part));
            break;
        }
        asked.push((at_ns, rate));
    }
    asked
}

/// Where clearly more calls failed than in the run as a whole.
fn failing(summary: &Summary, stretches: &[Stretch<'_>]) -> Vec<Span> {
    let failed = summary.count(Outcome::Fail) + summary.count(Outcome::Fault);
    let share = summary.share(failed).unwrap_or(0.0);
    let limit = (2.0 * share).max(FAILING);
    let text = format!("failures above {}", format::share(limit));
    let mut spans: Vec<Span> = Vec::new();
    for stretch in stretches {
        let failed = stretch.sum(|tick| tick.fail + tick.fault);
        let calls = stretch.sum(|tick| tick.count);
        // A few may be chance: the variance of a count is the count.
        let expected = share * calls as f64;
        let by_chance = (expected + CHANCE * expected.sqrt()).max(1.0);
        if failed as f64 <= by_chance.max(limit * calls as f64) {
            continue;
        }
        match spans.last_mut() {
            Some(last) if last.to_ns == stretch.from_ns => last.to_ns = stretch.to_ns,
            _ => spans.push(Span {
                from_ns: stretch.from_ns,
                to_ns: stretch.to_ns,
                text: text.clone(),
            }),
        }
    }
    spans
}

/// What happened to the run itself.
fn events(series: &Series) -> Vec<Span> {
    let event = |event: &crate::saved::Event| Span {
        from_ns: event.at_ns,
        to_ns: event.until_ns.unwrap_or(event.at_ns),
        text: safe(&event.text),
    };
    series.events.iter().map(event).collect()
}

/// The durations that rules hold the run to.
fn limits(run: &RunView) -> Vec<Limit> {
    let limits = run.rules.iter().filter_map(|one| {
        Some(Limit {
            ns: one.threshold.felt_limit_ns()?,
            text: format!("{:#}", one.threshold),
        })
    });
    limits.collect()
}
