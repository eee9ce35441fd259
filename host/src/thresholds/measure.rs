//! Reads the figure of a rule from a summary. An error is the reason why there is none, without full stop.

use super::figure::{Clock, Figure, Statistic};
use super::limit::Kind;
use super::measured::{Measured, Quantity};
use crate::report::format;
use crate::stats::histogram::SAMPLES_BEYOND;
use crate::stats::tags::{TAG_BYTES, normalise};
use crate::stats::{Distribution, Latency, OTHER, Outcome, Quantile, Row, Summary};

/// The figure, in the unit of `kind`.
pub(super) fn measure(figure: &Figure, kind: Kind, summary: &Summary) -> Result<Measured, String> {
    let quantity = match figure {
        Figure::Latency {
            clock,
            statistic,
            tag,
        } => {
            let durations = durations(summary, *clock, tag.as_deref())?;
            return of_durations(&durations, *statistic);
        }
        Figure::Outcome(outcome) => of_calls(summary.count(*outcome), kind, summary)?,
        Figure::Tag(tag) => {
            let rows = rows(summary, tag)?;
            of_calls(rows.iter().map(|row| row.count).sum(), kind, summary)?
        }
        Figure::Rate(tag) => Quantity::PerS(rate(summary, tag.as_deref())?),
        Figure::OkRate => Quantity::PerS(summary.ok_per_s().ok_or(NO_WINDOW)?),
        Figure::Counter(name) => counter(summary, name, kind)?,
        Figure::Check(name) => check(summary, name)?,
    };
    Ok(Measured::exactly(quantity))
}

const NO_WINDOW: &str = "the run has no length";

fn some_ended(summary: &Summary) -> Result<(), String> {
    if summary.done() == 0 {
        Err("no call ended".to_owned())
    } else {
        Ok(())
    }
}

fn of_calls(part: u64, kind: Kind, summary: &Summary) -> Result<Quantity, String> {
    some_ended(summary)?;
    Ok(match kind {
        Kind::Share => Quantity::Share {
            part,
            whole: summary.done(),
        },
        _ => Quantity::Count(part),
    })
}

fn rate(summary: &Summary, tag: Option<&str>) -> Result<f64, String> {
    // No call ended is an answer, and often the one that the rule is there for.
    // Asked of the summary and not of the rows, which a tag that never came back has none of.
    let all = summary.rate_per_s().ok_or(NO_WINDOW)?;
    let Some(tag) = tag else {
        return Ok(all);
    };
    let rows = rows(summary, tag)?;
    // Not `sum`, which is -0 for no rows.
    let rates = rows.iter().filter_map(|row| summary.row_per_s(row));
    Ok(rates.fold(0.0, |sum, per_s| sum + per_s))
}

fn counter(summary: &Summary, name: &str, kind: Kind) -> Result<Quantity, String> {
    let counters = &summary.counters;
    let found = counters.iter().find(|of| is_name(&of.name, name));
    let counter = found.ok_or_else(|| {
        let is_capped = counters.iter().any(|of| of.name == OTHER);
        missing("counter", name, is_capped)
    })?;
    match kind {
        Kind::Rate => {
            let per_s = summary.counter_per_s(counter);
            Ok(Quantity::PerS(per_s.ok_or(NO_WINDOW)?))
        }
        _ => Ok(Quantity::Count(counter.total)),
    }
}

fn check(summary: &Summary, name: &str) -> Result<Quantity, String> {
    let checks = &summary.checks;
    let found = checks.iter().find(|of| is_name(&of.name, name));
    let check = found.ok_or_else(|| {
        let is_capped = checks.iter().any(|of| of.name == OTHER);
        missing("check", name, is_capped)
    })?;
    match check.passed.saturating_add(check.failed) {
        0 => Err(format!("the check `{name}` was never made")),
        whole => Ok(Quantity::Share {
            part: check.passed,
            whole,
        }),
    }
}

fn missing(what: &str, name: &str, is_capped: bool) -> String {
    if is_capped {
        format!("there were too many {what}s to keep `{name}` apart")
    } else {
        format!("the operation has no {what} `{name}`")
    }
}

/// Whether a name that was kept is the one that a rule names. A long one may be written in full or as it is shown.
fn is_name(kept: &str, named: &str) -> bool {
    kept == named || (named.len() > TAG_BYTES && kept == normalise(named))
}

/// The rows with a tag, of every operation and outcome. None is an answer too, unless some tags were not kept apart.
fn rows<'a>(summary: &'a Summary, tag: &str) -> Result<Vec<&'a Row>, String> {
    let rows = &summary.rows;
    let found: Vec<&Row> = rows
        .iter()
        .filter(|row| is_name(&row.key.tag, tag))
        .collect();
    let is_capped = || {
        rows.iter()
            .any(|row| row.key.tag == OTHER && row.key.outcome != Outcome::Fault)
    };
    if found.is_empty() && is_capped() {
        Err(missing("tag", tag, true))
    } else {
        Ok(found)
    }
}

fn durations(
    summary: &Summary,
    clock: Option<Clock>,
    tag: Option<&str>,
) -> Result<Distribution, String> {
    let of = |latency: &Latency| match clock {
        None | Some(Clock::Response) => Some(latency.felt().clone()),
        Some(Clock::Service) => Some(latency.service.clone()),
        Some(Clock::Lag) => latency.lag.clone(),
    };
    let mut durations = Distribution::default();
    let all = of(&summary.latency)
        .ok_or("closed load has no lag, since a call is due when a worker is free")?;
    match tag {
        None => durations = all,
        Some(tag) => {
            for part in rows(summary, tag)?
                .iter()
                .filter_map(|row| of(&row.latency))
            {
                durations.ended.merge(&part.ended);
                durations.censored.merge(&part.censored);
            }
        }
    }
    if durations.ended.is_empty() && durations.censored.is_empty() {
        return Err(match tag {
            None => "no call has a duration".to_owned(),
            Some(tag) => format!("no call with the tag `{tag}` has a duration"),
        });
    }
    Ok(durations)
}

/// A figure of durations, as the table of the text report has it: calls that never ended rank in percentiles, and leave
/// of the maximum and the mean a lower bound.
fn of_durations(of: &Distribution, statistic: Statistic) -> Result<Measured, String> {
    let (ended, censored) = (&of.ended, &of.censored);
    let bounded = |ns: u64| {
        if censored.is_empty() {
            Measured::exactly(Quantity::Ns(ns))
        } else {
            Measured::at_least(Quantity::Ns(ns))
        }
    };
    let nothing = || "no call with a duration ended".to_owned();
    match statistic {
        Statistic::Percentile(p) => {
            let percentile = of.percentile(p);
            match percentile.value {
                Some(Quantile::Exact(ns)) => Ok(Measured::exactly(Quantity::Ns(ns))),
                Some(Quantile::AtLeast(ns)) => Ok(Measured::at_least(Quantity::Ns(ns))),
                None => Err(too_few(percentile.samples_beyond)),
            }
        }
        Statistic::Min => ended
            .min()
            .map(|ns| Measured::exactly(Quantity::Ns(ns)))
            .ok_or_else(nothing),
        Statistic::Max => ended
            .max()
            .max(censored.max())
            .map(bounded)
            .ok_or_else(nothing),
        Statistic::Mean => {
            let count = u128::from(ended.len() + censored.len());
            let sum = ended.sum() + censored.sum() + count / 2;
            let mean = sum.checked_div(count);
            mean.and_then(|ns| u64::try_from(ns).ok())
                .map(bounded)
                .ok_or_else(nothing)
        }
    }
}

fn too_few(beyond: u64) -> String {
    let calls = match beyond {
        1 => "1 call lies".to_owned(),
        _ => format!("{} lie", format::plural(beyond, "call", "calls")),
    };
    format!("{calls} beyond it and {SAMPLES_BEYOND} are needed")
}
