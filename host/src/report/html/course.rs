//! How a run went, in stretches that are drawn.
//!
//! A saved run has up to 3,600 ticks, shorter ones at its beginning. Here neighbours are put together, exactly, into
//! stretches of one length: short enough to see what happened, and long enough to hold calls.

use std::collections::BTreeMap;

use super::data::{Course, Layer, Limit, Span};
use super::heat::Filled;
use super::lines::Drawn;
use super::shown::{named, safe};
use super::tables::operation;
use crate::report::format;
use crate::report::view::{RunView, Series};
use crate::saved::TickFigures;
use crate::schedule::Curve;
use crate::stats::{Histogram, Outcome, Quantile, RowKey, Summary};

/// Lengths that a person can reckon with, in multiples of a power of ten.
const STEPS: [u64; 3] = [1, 2, 5];

/// The shortest stretch, in nanoseconds: the length of a run's first ticks.
const SHORTEST_NS: u64 = 50_000_000;

/// The most stretches.
const MOST: u64 = 3_600;

/// So many stretches there are at least, where the run has as many ticks: with fewer one sees no course.
const LEAST: u64 = 60;

/// So many calls are in a stretch, if that leaves enough of them: enough for its 90th percentile.
const CALLS: u64 = 100;

/// Tags with a layer of their own, of those that went as meant and of those that did not.
const LAYERS: usize = 4;

/// Points of a spark line.
const SPARK: usize = 60;

/// The share of failures, in stretches as in the run, below which none is worth pointing out.
const FAILING: f64 = 0.01;

/// The percentiles that are drawn.
const LINES: [f64; 3] = [50.0, 90.0, 99.0];

/// What is drawn of a row besides its figures.
#[derive(Debug, Clone, Default)]
pub(super) struct DrawnRow {
    /// How many calls ended over time, in hundredths of the most.
    pub(super) spark: Vec<u8>,
    /// Which layer it is, or is in.
    pub(super) layer: Option<usize>,
}

/// Ticks that are drawn as one; none where the run's file has a hole.
struct Stretch<'a> {
    from_ns: u64,
    to_ns: u64,
    ticks: &'a [TickFigures],
}

impl Stretch<'_> {
    fn sum(&self, of: fn(&TickFigures) -> u64) -> u64 {
        self.ticks.iter().map(of).sum()
    }

    fn felt(&self) -> Histogram {
        let mut felt = Histogram::new();
        self.ticks.iter().for_each(|tick| felt.merge(&tick.felt()));
        felt
    }

    fn of_row(&self, key: usize) -> u64 {
        let rows = self.ticks.iter().flat_map(|tick| &tick.rows);
        rows.filter(|row| row.row == key).map(|row| row.count).sum()
    }
}

/// How the run went, and what is drawn of each of its rows.
pub(super) fn course(run: &RunView) -> (Course, Vec<DrawnRow>) {
    let series = &run.series;
    if let Some(missing) = missing(run) {
        let course = Course {
            missing: Some(missing.to_owned()),
            ..Course::default()
        };
        return (course, Vec::new());
    }
    let length_ns = length(&series.ticks);
    let stretches = stretches(&series.ticks, length_ns);
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

/// How long a stretch is, in nanoseconds.
fn length(ticks: &[TickFigures]) -> u64 {
    let mut lengths: Vec<u64> = ticks.iter().map(|tick| tick.to_ns - tick.from_ns).collect();
    lengths.sort_unstable();
    let usual = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    let total = span(ticks);
    let calls: u64 = ticks.iter().map(|tick| tick.count).sum();
    let mut steps = (0..12)
        .flat_map(|decade| STEPS.map(|step| step * 10u64.pow(7 + decade)))
        .filter(|step| *step >= SHORTEST_NS.max(usual) && total / step <= MOST);
    let mut length = steps.next().unwrap_or(total).max(1);
    for longer in steps {
        let mean_calls = (u128::from(calls) * u128::from(length) / u128::from(total.max(1))) as u64;
        if mean_calls >= CALLS || total / longer < LEAST {
            break;
        }
        length = longer;
    }
    length
}

fn span(ticks: &[TickFigures]) -> u64 {
    let from = ticks.first().map_or(0, |tick| tick.from_ns);
    let to = ticks.last().map_or(0, |tick| tick.to_ns);
    to.saturating_sub(from)
}

/// Neighbours put together. A last stretch that is less than half as long as the others is put to the one before: in a
/// very short one a few calls look like a high rate.
fn stretches(ticks: &[TickFigures], length_ns: u64) -> Vec<Stretch<'_>> {
    let Some(first) = ticks.first() else {
        return Vec::new();
    };
    let place = |tick: &TickFigures| tick.from_ns.saturating_sub(first.from_ns) / length_ns;
    let mut stretches: Vec<Stretch<'_>> = Vec::new();
    for group in ticks.chunk_by(|a, b| place(a) == place(b) && b.from_ns <= a.to_ns) {
        let [first, ..] = group else { continue };
        let to_ns = group.last().map_or(first.to_ns, |last| last.to_ns);
        let before = stretches.last().map_or(first.from_ns, |last| last.to_ns);
        if first.from_ns > before {
            stretches.push(Stretch {
                from_ns: before,
                to_ns: first.from_ns,
                ticks: &[],
            });
        }
        stretches.push(Stretch {
            from_ns: before.max(first.from_ns),
            to_ns: to_ns.max(before),
            ticks: group,
        });
    }
    let has_tail = stretches
        .last()
        .is_some_and(|last| (last.to_ns - last.from_ns).saturating_mul(2) < length_ns);
    if let (true, [.., before, last]) = (has_tail, &stretches[..])
        && !before.ticks.is_empty()
    {
        let both = before.ticks.len() + last.ticks.len();
        let tail = &ticks[ticks.len() - both..];
        let (from_ns, to_ns) = (before.from_ns, last.to_ns);
        stretches.truncate(stretches.len() - 2);
        stretches.push(Stretch {
            from_ns,
            to_ns,
            ticks: tail,
        });
    }
    stretches
}

fn lengths(stretches: &[Stretch<'_>]) -> Vec<u64> {
    let length = |stretch: &Stretch<'_>| stretch.to_ns - stretch.from_ns;
    let alike = stretches.chunk_by(|a, b| length(a) == length(b));
    alike
        .filter_map(|group| Some([group.len() as u64, length(group.first()?)]))
        .flatten()
        .collect()
}

/// The calls by tag. Those that did not go as meant are lowest, so that one sees them.
fn layers(
    summary: &Summary,
    series: &Series,
    stretches: &[Stretch<'_>],
) -> (Vec<Layer>, Vec<DrawnRow>) {
    let indices: BTreeMap<&RowKey, usize> = series
        .keys
        .iter()
        .enumerate()
        .map(|(at, key)| (key, at))
        .collect();
    let counts = |row: usize| -> Vec<u64> {
        let key = summary.rows.get(row).and_then(|row| indices.get(&row.key));
        match key {
            Some(key) => stretches.iter().map(|one| one.of_row(*key)).collect(),
            None => vec![0; stretches.len()],
        }
    };
    let mut rows = vec![DrawnRow::default(); summary.rows.len()];
    let mut layers: Vec<Layer> = Vec::new();
    for is_ok in [false, true] {
        let mut of_kind: Vec<usize> = (0..summary.rows.len())
            .filter(|row| (summary.rows[*row].key.outcome == Outcome::Ok) == is_ok)
            .collect();
        of_kind.sort_by_key(|row| std::cmp::Reverse(summary.rows[*row].count));
        for (rank, row) in of_kind.iter().copied().enumerate() {
            let (key, counted) = (&summary.rows[row].key, counts(row));
            rows[row].spark = spark(&counted);
            if rank < LAYERS {
                layers.push(Layer {
                    label: label(summary, key),
                    outcome: key.outcome.word().to_owned(),
                    total: format::count(summary.rows[row].count),
                    counts: counted,
                });
            } else if let (true, Some(last)) = (rank > LAYERS, layers.last_mut()) {
                for (sum, more) in last.counts.iter_mut().zip(counted) {
                    *sum += more;
                }
            } else {
                layers.push(others(summary, &of_kind[LAYERS..], is_ok, counted));
            }
            rows[row].layer = Some(layers.len() - 1);
        }
    }
    (layers, rows)
}

/// The layer of what has none of its own.
fn others(summary: &Summary, rows: &[usize], is_ok: bool, counts: Vec<u64>) -> Layer {
    let total = rows.iter().map(|row| summary.rows[*row].count).sum();
    let outcome = if is_ok { Outcome::Ok } else { Outcome::Fail };
    let tags = format::plural(rows.len() as u64, "more tag", "more tags");
    Layer {
        label: format!("{tags} ({})", outcome.word()),
        outcome: outcome.word().to_owned(),
        total: format::count(total),
        counts,
    }
}

fn label(summary: &Summary, key: &RowKey) -> String {
    let (operation, tag) = (operation(summary, key), named(&key.tag));
    match operation.is_empty() {
        true => tag,
        false => format!("{operation} {tag}"),
    }
}

/// The shape of counts over time, in so few points that it fits a table.
fn spark(counts: &[u64]) -> Vec<u8> {
    let points: Vec<f64> = counts
        .chunks(counts.len().div_ceil(SPARK).max(1))
        .map(|part| part.iter().sum::<u64>() as f64 / part.len() as f64)
        .collect();
    let most = points.iter().copied().fold(0.0, f64::max);
    let share = |point: f64| {
        if most > 0.0 {
            (point / most * 100.0).round() as u8
        } else {
            0
        }
    };
    points.into_iter().map(share).collect()
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
    let limit = (2.0 * summary.share(failed).unwrap_or(0.0)).max(FAILING);
    let text = format!("failures above {}", format::share(limit));
    let mut spans: Vec<Span> = Vec::new();
    for stretch in stretches {
        let failed = stretch.sum(|tick| tick.fail + tick.fault);
        let calls = stretch.sum(|tick| tick.count);
        // One call may be chance.
        if failed < 2 || failed as f64 <= limit * calls as f64 {
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
