//! How the runs of a suite compare: rates and durations against the first, and how they grow with the load.

use super::index::SuiteView;
use crate::report::RunView;
use crate::stats::facts::Model;
use crate::stats::{Distribution, Outcome};

/// Runs that are compared with each other: those of one entry of a suite, or all of it where no entry has several.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// The name of the entry; `None` for all of a suite.
    pub name: Option<String>,
    /// The different runs, in the order of the suite file. At least 2.
    pub points: Vec<Point>,
}

/// The repetitions of one run together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Point {
    /// What tells it from the others.
    pub label: String,
    /// Repetitions with a result.
    pub runs: usize,
    /// Workers; in open load the bound on calls in flight, 0 for none.
    pub workers: u64,
    /// Threads that drove them.
    pub threads: u64,
    /// Whether the load was open.
    pub is_open: bool,
    /// The rate asked for, in calls per second, where it is one rate throughout.
    pub asked_per_s: Option<f64>,
    /// The median rate of the repetitions, in calls per second.
    pub per_s: Option<f64>,
    /// The lowest and the highest of them, where there are several.
    pub range_per_s: Option<(f64, f64)>,
    /// The rate divided by that of the first point.
    pub speed_up: Option<f64>,
    /// The speed-up divided by the growth of workers or threads, where they alone tell the points from each other; in closed load.
    pub efficiency: Option<f64>,
    /// The part of the rate asked for that was kept, in open load.
    pub kept: Option<f64>,
    /// How long the calls of all repetitions took for whoever waited for them.
    pub felt: Distribution,
    /// The part of them that succeeded.
    pub ok: Option<f64>,
}

/// What the runs of a suite have to tell about each other. Runs without a result are left out.
pub fn growth(suite: &SuiteView) -> Vec<Growth> {
    let mut entries: Vec<usize> = suite.index.runs.iter().map(|run| run.entry).collect();
    entries.sort_unstable();
    entries.dedup();
    let of_entries = entries.iter().filter_map(|entry| of_entry(suite, *entry));
    let grown: Vec<Growth> = of_entries.collect();
    if grown.is_empty() {
        all(suite).into_iter().collect()
    } else {
        grown
    }
}

fn of_entry(suite: &SuiteView, entry: usize) -> Option<Growth> {
    let is_of = |name: &str, of: usize| of == entry && is_first_round(suite, entry, name);
    let name = suite
        .index
        .runs
        .iter()
        .find(|run| run.entry == entry)?
        .name
        .clone();
    let mut numbers: Vec<usize> = suite
        .index
        .runs
        .iter()
        .filter(|run| is_of(&run.name, run.entry))
        .map(|run| run.point)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let points = numbers.into_iter().filter_map(|number| {
        let runs = suite
            .runs()
            .filter(|(run, _)| is_of(&run.name, run.entry) && run.point == number);
        let runs: Vec<_> = runs.filter_map(|(run, view)| Some((run, view?))).collect();
        let label = runs.first()?.0.point_label();
        Some(point(
            label,
            &runs.iter().map(|(_, view)| *view).collect::<Vec<_>>(),
        ))
    });
    grown(Some(name), points.collect(), &swept(suite, entry))
}

/// Whether a run is one of those that the others of its entry are compared with: of a preset, the first round of each.
fn is_first_round(suite: &SuiteView, entry: usize, name: &str) -> bool {
    let first = suite.index.runs.iter().find(|run| run.entry == entry);
    first.is_some_and(|first| first.name == name)
}

/// All runs of a suite in which each entry has one.
fn all(suite: &SuiteView) -> Option<Growth> {
    let mut points = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut runs: Vec<_> = suite.runs().collect();
    // In the order of the file, whatever the one of the runs was. Rounds of a preset keep theirs.
    runs.sort_by_key(|(run, _)| run.entry);
    for (run, view) in runs {
        if view.is_none() || names.contains(&&*run.name) {
            continue;
        }
        names.push(&run.name);
        let same = suite.runs().filter(|(other, _)| other.name == run.name);
        let views: Vec<&RunView> = same.filter_map(|(_, view)| view).collect();
        points.push(point(run.name.clone(), &views));
    }
    let is_scaling = points
        .windows(2)
        .all(|pair| pair[0].asked_per_s.is_none() && pair[1].asked_per_s.is_none());
    let grows = |of: fn(&Point) -> u64| points.windows(2).any(|pair| of(&pair[0]) != of(&pair[1]));
    let keys: Vec<&str> = match (
        is_scaling && same_operations(suite),
        grows(|point| point.workers),
    ) {
        (true, true) => vec!["workers"],
        _ => Vec::new(),
    };
    grown(None, points, &keys)
}

fn same_operations(suite: &SuiteView) -> bool {
    let digests = |view: &RunView| {
        let components = view.summary.facts.components.iter();
        components
            .map(|component| component.sha256.clone())
            .collect::<Vec<_>>()
    };
    let mut all = suite.runs.iter().flatten().map(digests);
    let first = all.next();
    all.all(|other| Some(other) == first)
}

/// What tells the runs of an entry from each other.
fn swept(suite: &SuiteView, entry: usize) -> Vec<&str> {
    let run = suite.index.runs.iter().find(|run| run.entry == entry);
    run.map(|run| run.with.iter().map(|with| &*with.name).collect())
        .unwrap_or_default()
}

fn grown(name: Option<String>, mut points: Vec<Point>, keys: &[&str]) -> Option<Growth> {
    if points.len() < 2 {
        return None;
    }
    let first = points.first()?.clone();
    for point in &mut points {
        point.speed_up = ratio(point.per_s, first.per_s);
        let factor = match keys {
            // There the rate is asked for, and follows from nothing else.
            _ if point.is_open => None,
            ["workers"] => ratio(Some(point.workers as f64), Some(first.workers as f64)),
            ["threads"] => ratio(Some(point.threads as f64), Some(first.threads as f64)),
            _ => None,
        };
        point.efficiency = ratio(point.speed_up, factor);
        point.kept = ratio(point.per_s, point.asked_per_s);
    }
    Some(Growth { name, points })
}

fn point(label: String, views: &[&RunView]) -> Point {
    let mut felt = Distribution::default();
    let (mut ok, mut done) = (0, 0);
    let mut rates = Vec::new();
    for view in views {
        let summary = &view.summary;
        felt.ended.merge(&summary.latency.felt().ended);
        felt.censored.merge(&summary.latency.felt().censored);
        ok += summary.count(Outcome::Ok);
        done += summary.done();
        rates.extend(summary.rate_per_s());
    }
    rates.sort_by(f64::total_cmp);
    let load = views.first().map(|view| &view.summary.facts.load);
    let is_open = load.is_some_and(|load| load.model == Model::Open);
    let asked = load.filter(|_| is_open).and_then(|load| {
        let rate = load.rate.as_deref()?;
        crate::cli::values::rate(rate).ok()
    });
    Point {
        label,
        runs: views.len(),
        workers: load.map_or(0, |load| load.workers),
        threads: load.map_or(0, |load| load.threads),
        is_open,
        asked_per_s: asked,
        per_s: median(&rates),
        range_per_s: match (rates.first(), rates.last()) {
            (Some(lowest), Some(highest)) if rates.len() > 1 => Some((*lowest, *highest)),
            _ => None,
        },
        felt,
        ok: (done > 0).then(|| ok as f64 / done as f64),
        ..Point::default()
    }
}

/// The middle of sorted numbers, or the mean of the two that are nearest to it.
fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match (sorted.len() % 2, sorted.get(middle)) {
        (1, Some(middle)) => Some(*middle),
        (_, Some(upper)) => Some((sorted.get(middle.wrapping_sub(1))? + upper) / 2.0),
        (_, None) => None,
    }
}

fn ratio(of: Option<f64>, to: Option<f64>) -> Option<f64> {
    let (of, to) = (of?, to?);
    (to > 0.0).then(|| of / to)
}

#[cfg(test)]
mod tests;
