//! Between tables and the tick that has them in writing, both ways without loss.

use super::budget::Budget;
use super::figures::Felt;
use super::format::{Check, Counter, Failure, First, Measurement, Row, Tick};
use super::problem::Problem;
use crate::stats::histogram::Encoded;
use crate::stats::{
    CheckStats, FailureStats, FirstFailure, Histogram, OpenStats, Outcome, RowKey, RowStats, Tables,
};

impl Tick {
    /// What was recorded from `from_ns` to `to_ns`. Of the warm-up only the rows are kept.
    pub fn new(from_ns: u64, to_ns: u64, results: &Tables, warmup: &Tables) -> Tick {
        let measurements = results.measurements.iter();
        let failures = results.failures.iter();
        let counters = results.counters.iter();
        let checks = results.checks.iter();
        Tick {
            from_ns,
            to_ns,
            rows: results.rows.iter().map(row_line).collect(),
            warmup: warmup.rows.iter().map(row_line).collect(),
            measurements: measurements
                .map(|((key, name), samples)| Measurement {
                    operation: key.operation,
                    outcome: key.outcome,
                    tag: key.tag.clone(),
                    name: name.clone(),
                    samples: samples.encoded(),
                })
                .collect(),
            counters: counters
                .map(|(name, &total)| Counter(name.clone(), total))
                .collect(),
            checks: checks
                .map(|(name, check)| Check(name.clone(), check.passed, check.failed))
                .collect(),
            failures: failures.map(failure_line).collect(),
            failures_beyond: results.failures_beyond,
            service_censored: results.service_censored.encoded(),
            response_censored: results.response_censored.encoded(),
            lag_censored: results.lag_censored.encoded(),
            extra: None,
        }
    }

    /// How many calls are in its rows.
    pub fn done(&self) -> u64 {
        sum(&self.rows, |_| true)
    }

    /// How many calls of the warm-up are in its rows.
    pub fn warmup_done(&self) -> u64 {
        sum(&self.warmup, |_| true)
    }

    /// How many calls ended with an outcome.
    pub(super) fn done_with(&self, outcome: Outcome) -> u64 {
        sum(&self.rows, |row| row.outcome == outcome)
    }

    /// Adds what it has to the results and to the warm-up, and to `felt` the durations that callers felt. An error may
    /// leave some of it added.
    pub(super) fn add_to(
        &self,
        results: &mut Tables,
        warmup: &mut Tables,
        felt: &mut Felt,
        budget: &mut Budget,
    ) -> Result<(), Problem> {
        for line in &self.rows {
            let (key, row) = row(line)?;
            let of_operation = felt.entry(line.operation).or_default();
            of_operation.merge(
                row.open
                    .as_ref()
                    .map_or(&row.service, |open| &open.response),
            );
            let mut one = Tables::default();
            one.rows.insert(key, row);
            budget.count(line.count)?;
            add(results, one, budget)?;
        }
        for line in &self.warmup {
            let (key, row) = row(line)?;
            let mut one = Tables::default();
            one.rows.insert(key, row);
            budget.count(line.count)?;
            add(warmup, one, budget)?;
        }
        for line in &self.measurements {
            let samples = histogram(line.samples.as_ref(), &line.name)?;
            budget.count(samples.len())?;
            let key = key(line.operation, line.outcome, &line.tag);
            let mut one = Tables::default();
            one.measurements.insert((key, line.name.clone()), samples);
            add(results, one, budget)?;
        }
        for Counter(name, total) in &self.counters {
            let mut one = Tables::default();
            one.counters.insert(name.clone(), *total);
            add(results, one, budget)?;
        }
        for &Check(ref name, passed, failed) in &self.checks {
            budget.count(passed)?;
            budget.count(failed)?;
            let mut one = Tables::default();
            one.checks
                .insert(name.clone(), CheckStats { passed, failed });
            add(results, one, budget)?;
        }
        for line in &self.failures {
            budget.count(line.count)?;
            let (key, failure) = failure(line);
            let mut one = Tables::default();
            one.failures.insert(key, failure);
            add(results, one, budget)?;
        }
        budget.count(self.failures_beyond)?;
        let censored = Tables {
            failures_beyond: self.failures_beyond,
            service_censored: histogram(self.service_censored.as_ref(), "service_censored")?,
            response_censored: histogram(self.response_censored.as_ref(), "response_censored")?,
            lag_censored: histogram(self.lag_censored.as_ref(), "lag_censored")?,
            ..Tables::default()
        };
        budget.count(censored.service_censored.len())?;
        budget.count(censored.response_censored.len())?;
        budget.count(censored.lag_censored.len())?;
        add(results, censored, budget)
    }
}

/// Adds an entry, as long as there is room for it.
fn add(tables: &mut Tables, one: Tables, budget: &mut Budget) -> Result<(), Problem> {
    budget.hold(one.memory(), || tables.memory())?;
    tables.merge(one);
    Ok(())
}

fn sum(rows: &[Row], is_meant: impl Fn(&Row) -> bool) -> u64 {
    let counts = rows.iter().filter(|row| is_meant(row)).map(|row| row.count);
    counts.fold(0, u64::saturating_add)
}

fn row_line((key, row): (&RowKey, &RowStats)) -> Row {
    let open = row.open.as_deref();
    Row {
        operation: key.operation,
        outcome: key.outcome,
        tag: key.tag.clone(),
        count: row.count,
        inside: row.inside,
        first_ns: row.first_ns,
        open: open.is_some(),
        service: row.service.encoded(),
        lag: open.and_then(|open| open.lag.encoded()),
        response: open.and_then(|open| open.response.encoded()),
    }
}

fn row(line: &Row) -> Result<(RowKey, RowStats), Problem> {
    let service = histogram(line.service.as_ref(), &line.tag)?;
    let lag = histogram(line.lag.as_ref(), &line.tag)?;
    let response = histogram(line.response.as_ref(), &line.tag)?;
    let parts = [line.inside, service.len(), lag.len(), response.len()];
    if parts.iter().any(|&part| part > line.count) {
        return Err(Problem::Parts(line.tag.clone()));
    }
    let is_of_open_load = !lag.is_empty() || !response.is_empty();
    if is_of_open_load && !line.open {
        return Err(Problem::Closed(line.tag.clone()));
    }
    let row = RowStats {
        count: line.count,
        inside: line.inside,
        first_ns: line.first_ns,
        service,
        open: line.open.then(|| Box::new(OpenStats { lag, response })),
    };
    Ok((key(line.operation, line.outcome, &line.tag), row))
}

fn failure_line(((key, message), failure): (&(RowKey, String), &FailureStats)) -> Failure {
    Failure {
        operation: key.operation,
        outcome: key.outcome,
        tag: key.tag.clone(),
        message: message.clone(),
        count: failure.count,
        first: First {
            at_ns: failure.first.at_ns,
            number: failure.first.number,
            worker: failure.first.worker,
        },
    }
}

fn failure(line: &Failure) -> ((RowKey, String), FailureStats) {
    let key = key(line.operation, line.outcome, &line.tag);
    let first = FirstFailure {
        at_ns: line.first.at_ns,
        number: line.first.number,
        worker: line.first.worker,
    };
    let count = line.count;
    ((key, line.message.clone()), FailureStats { count, first })
}

fn key(operation: u16, outcome: Outcome, tag: &str) -> RowKey {
    RowKey {
        operation,
        outcome,
        tag: tag.to_owned(),
    }
}

fn histogram(encoded: Option<&Encoded>, at: &str) -> Result<Histogram, Problem> {
    let Some(encoded) = encoded else {
        return Ok(Histogram::new());
    };
    encoded.decode().map_err(|error| Problem::Histogram {
        at: at.to_owned(),
        error,
    })
}
