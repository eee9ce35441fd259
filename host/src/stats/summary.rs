//! The result of a run, immutable: what the recorders counted joined with what the caller knows.
//!
//! Every figure of every report comes from here, so that no two reports can disagree.

mod operation;

use std::collections::BTreeMap;

use super::distribution::Distribution;
use super::facts::{Model, RunFacts};
use super::interner::RowKey;
use super::recorder::Recorder;
use super::results::{Check, Counter, Failure, Latency, Measurement, Row};
use super::rows::FailureStats;
use super::tags::Outcome;
use super::tallies::Tables;

/// The result of a run. See the module's description.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// What the caller knows.
    pub facts: RunFacts,
    /// The rows: of each operation in turn, the most frequent first.
    pub rows: Vec<Row>,
    /// All calls together, with those that never ended as bounds.
    pub latency: Latency,
    /// The counters, by name.
    pub counters: Vec<Counter>,
    /// The checks, by name.
    pub checks: Vec<Check>,
    /// The failures, the most frequent first.
    pub failures: Vec<Failure>,
    /// Failures of kinds that came after the cap was reached.
    pub failures_beyond: u64,
}

impl Summary {
    /// Joins what is known with what was recorded.
    pub fn new(facts: RunFacts, recorded: Recorder) -> Summary {
        Summary::of(facts, recorded.into_tables())
    }

    /// The same of what was recorded elsewhere or earlier.
    pub fn of(facts: RunFacts, tables: Tables) -> Summary {
        let mut latency = Latency::default();
        tables.rows.values().for_each(|row| latency.merge(row));
        let is_open = facts.load.model == Model::Open;
        latency.censor(
            is_open,
            tables.service_censored,
            tables.lag_censored,
            tables.response_censored,
        );
        let mut measurements: BTreeMap<RowKey, Vec<Measurement>> = BTreeMap::new();
        for ((row, name), samples) in tables.measurements {
            measurements.entry(row).or_default().push(Measurement {
                name,
                samples: Distribution::of(samples),
            });
        }
        let rows = tables.rows.into_iter().map(|(key, row)| {
            let measurements = measurements.remove(&key).unwrap_or_default();
            let latency = Latency::of(row.service, row.open);
            Row {
                key,
                count: row.count,
                inside: row.inside,
                first_ns: row.first_ns,
                latency,
                measurements,
            }
        });
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_by_key(|row| (row.key.operation, std::cmp::Reverse(row.count)));
        let failure = |((key, message), FailureStats { count, first })| Failure {
            key,
            message,
            count,
            first,
        };
        let mut failures: Vec<Failure> = tables.failures.into_iter().map(failure).collect();
        failures.sort_by_key(|failure| std::cmp::Reverse(failure.count));
        let counter = |(name, total)| Counter { name, total };
        let counters = tables.counters.into_iter().map(counter).collect();
        let checks = tables.checks.into_iter();
        let checks = checks
            .map(|(name, check)| Check {
                name,
                passed: check.passed,
                failed: check.failed,
            })
            .collect();
        Summary {
            facts,
            rows,
            latency,
            counters,
            checks,
            failures,
            failures_beyond: tables.failures_beyond,
        }
    }

    /// How many calls ended with an outcome.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.rows
            .iter()
            .filter(|row| row.key.outcome == outcome)
            .map(|row| row.count)
            .sum()
    }

    /// How many calls ended.
    pub fn done(&self) -> u64 {
        self.rows.iter().map(|row| row.count).sum()
    }

    /// A part of the calls that ended, 0 to 1; `None` where none did.
    pub fn share(&self, count: u64) -> Option<f64> {
        let done = self.done();
        (done > 0).then(|| count as f64 / done as f64)
    }

    /// Calls that ended inside the window, divided by it; `None` where the window has no length.
    pub fn rate_per_s(&self) -> Option<f64> {
        self.per_s(self.rows.iter().map(|row| row.inside).sum())
    }

    /// The same of the calls that succeeded.
    pub fn ok_per_s(&self) -> Option<f64> {
        let ok = self
            .rows
            .iter()
            .filter(|row| row.key.outcome == Outcome::Ok);
        self.per_s(ok.map(|row| row.inside).sum())
    }

    /// The calls of a row that ended inside the window, divided by it; `None` where the window has no length.
    pub fn row_per_s(&self, row: &Row) -> Option<f64> {
        self.per_s(row.inside)
    }

    /// A counter divided by the length of the run, after the window too; `None` where it has none.
    pub fn counter_per_s(&self, counter: &Counter) -> Option<f64> {
        per_s(counter.total, self.facts.elapsed_ns)
    }

    fn per_s(&self, inside: u64) -> Option<f64> {
        per_s(inside, self.facts.window_ns)
    }

    /// The name of an operation.
    pub fn operation(&self, index: u16) -> &str {
        self.facts
            .components
            .get(usize::from(index))
            .map_or("?", |component| &component.name)
    }

    /// Checks that every call is accounted for, once.
    ///
    /// # Errors
    /// The first identity that does not hold, with its figures.
    pub fn check_identities(&self) -> Result<(), String> {
        let calls = &self.facts.accounting;
        let ended = calls.missed + calls.not_started + calls.unfinished;
        equal(
            "asked = done + missed + not_started + unfinished",
            calls.asked,
            calls.done + ended,
        )?;
        equal("done = the sum over all tags", calls.done, self.done())?;
        let outcomes =
            [Outcome::Ok, Outcome::Fail, Outcome::Fault].map(|outcome| self.count(outcome));
        equal(
            "done = ok + fail + fault",
            calls.done,
            outcomes.iter().sum(),
        )?;
        let in_histograms = self
            .rows
            .iter()
            .map(|row| row.latency.service.ended.len())
            .sum();
        equal(
            "all durations = the sum over all tags",
            self.latency.service.ended.len(),
            in_histograms,
        )?;
        for row in &self.rows {
            let timed = row.latency.service.ended.len();
            at_most(
                &format!("durations of `{}` <= its calls", row.key.tag),
                timed,
                row.count,
            )?;
            at_most(
                &format!("calls of `{}` inside the window <= its calls", row.key.tag),
                row.inside,
                row.count,
            )?;
            for open in [&row.latency.lag, &row.latency.response]
                .into_iter()
                .flatten()
            {
                equal(
                    &format!("durations of `{}` in every histogram", row.key.tag),
                    timed,
                    open.ended.len(),
                )?;
            }
        }
        at_most(
            "censored durations <= calls that never ended",
            self.latency.felt().censored.len(),
            ended,
        )
    }
}

fn per_s(count: u64, ns: u64) -> Option<f64> {
    (ns > 0).then(|| count as f64 / (ns as f64 / 1e9))
}

fn equal(identity: &str, left: u64, right: u64) -> Result<(), String> {
    if left == right {
        Ok(())
    } else {
        Err(format!("{identity}: {left} is not {right}"))
    }
}

fn at_most(identity: &str, left: u64, right: u64) -> Result<(), String> {
    if left <= right {
        Ok(())
    } else {
        Err(format!("{identity}: {left} is more than {right}"))
    }
}

#[cfg(test)]
mod tests;
