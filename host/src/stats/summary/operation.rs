//! One operation out of a run of several.

use super::Summary;
use crate::stats::facts::{Accounting, Instances, RunFacts, Shape};
use crate::stats::{Failure, Latency, Log, Row, RowKey};

impl Summary {
    /// The result of one operation, as if it were a run of that operation alone: it is number 0 there.
    ///
    /// What is known of the run as a whole only is left out: its warm-up, calls that never ended, counters, checks, HTTP,
    /// instances, logs, what was denied, and the failures that are only counted. The verdict on the runner stays, since it
    /// is about every call of the run.
    pub fn of_operation(&self, operation: u16) -> Summary {
        let rows = self.rows.iter();
        let rows = rows.filter(|row| row.key.operation == operation);
        let rows: Vec<Row> = rows
            .map(|row| Row {
                key: row.key.alone(),
                ..row.clone()
            })
            .collect();
        let mut latency = Latency::default();
        rows.iter().for_each(|row| latency.add(&row.latency));
        let failures = self.failures.iter();
        let failures = failures.filter(|failure| failure.key.operation == operation);
        let failures = failures.map(|failure| Failure {
            key: failure.key.alone(),
            ..failure.clone()
        });
        let done = rows.iter().map(|row| row.count).sum();
        Summary {
            facts: self.facts.of_operation(operation, done),
            latency,
            failures: failures.collect(),
            rows,
            ..Summary::default()
        }
    }
}

impl RowKey {
    /// The same row where its operation is the only one.
    pub fn alone(&self) -> RowKey {
        RowKey {
            operation: 0,
            ..self.clone()
        }
    }
}

impl RunFacts {
    fn of_operation(&self, operation: u16, done: u64) -> RunFacts {
        let component = self.components.get(usize::from(operation)).cloned();
        let operations = self.components.len().max(1) as u64;
        let mut facts = self.clone();
        facts.accounting = self.accounting.of_one(operations, done);
        facts.load.calls = self.load.calls.map(|calls| calls / operations);
        facts.load.weights.clear();
        facts.instances = Instances {
            memory_peak_bytes: component.as_ref().and_then(|one| one.memory_peak_bytes),
            ..Instances::default()
        };
        facts.components = component.into_iter().collect();
        (facts.http, facts.lifecycle, facts.agreement) = (None, None, None);
        (facts.log, facts.shape) = (Log::default(), Shape::default());
        facts.denied.clear();
        facts
    }
}

impl Accounting {
    /// The part of one of so many operations that were asked for equally often. Why its other calls did not end is not
    /// known: they count as not started.
    fn of_one(&self, operations: u64, done: u64) -> Accounting {
        // The end may come between the calls of one number.
        let asked = (self.asked / operations).max(done);
        Accounting {
            asked,
            done,
            not_started: asked - done,
            ..Accounting::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::stats::facts::{Component, Traffic};
    use crate::stats::{Interner, Quantile, Recorder, Times};

    /// Two operations: seven calls of `fast`, and six of `slow`, two of which failed.
    fn two() -> Summary {
        let mut recorder = Recorder::new(Arc::new(Interner::new(None)), false);
        let mut call = |operation, returned, ns| {
            let row = recorder.row_of_tag(operation, returned);
            let times = Times {
                due_ns: 0,
                start_ns: 0,
                end_ns: ns,
            };
            recorder.call(row, times);
        };
        (0..7).for_each(|_| call(0, Ok("done"), 5));
        (0..4).for_each(|_| call(1, Ok("done"), 50));
        (0..2).for_each(|_| call(1, Err("late"), 70));
        let component = |name: &str, memory| Component {
            name: name.to_owned(),
            memory_peak_bytes: Some(memory),
            ..Component::default()
        };
        let mut facts = RunFacts {
            components: vec![component("fast", 1), component("slow", 2)],
            http: Some(Traffic::default()),
            window_ns: 1_000_000_000,
            ..RunFacts::default()
        };
        facts.accounting = Accounting {
            asked: 20,
            done: 13,
            not_started: 4,
            unfinished: 3,
            ..Accounting::default()
        };
        facts.load.calls = Some(20);
        facts.load.weights = vec![1, 1];
        facts.instances.created = 9;
        Summary::new(facts, recorder)
    }

    #[test]
    fn an_operation_is_a_run_of_its_own() {
        let of = two().of_operation(1);
        of.check_identities().unwrap();
        let rows: Vec<_> = of
            .rows
            .iter()
            .map(|row| (&*row.key.tag, row.count))
            .collect();
        assert_eq!(rows, [("done", 4), ("late", 2)]);
        assert_eq!((of.operation(0), of.facts.components.len()), ("slow", 1));
        let service = &of.latency.service.ended;
        assert_eq!(
            (service.len(), service.min(), service.max()),
            (6, Some(50), Some(70))
        );
        assert_eq!(of.facts.instances.memory_peak_bytes, Some(2));
        assert_eq!((of.facts.instances.created, &of.facts.http), (0, &None));
        assert_eq!(
            (of.facts.load.calls, of.rate_per_s()),
            (Some(10), Some(6.0))
        );
    }

    #[test]
    fn calls_of_an_operation_that_did_not_end_have_not_started() {
        let of = |operation| two().of_operation(operation).facts.accounting;
        let expected = |done, not_started| Accounting {
            asked: 10,
            done,
            not_started,
            ..Accounting::default()
        };
        assert_eq!([of(0), of(1)], [expected(7, 3), expected(6, 4)]);
    }

    #[test]
    fn more_calls_than_its_part_were_asked_for() {
        let mut run = two();
        run.facts.accounting = Accounting {
            asked: 13,
            done: 13,
            ..Accounting::default()
        };
        let of = run.of_operation(0);
        of.check_identities().unwrap();
        assert_eq!(of.facts.accounting.asked, 7);
    }

    #[test]
    fn an_operation_that_there_is_not_has_no_calls() {
        let of = two().of_operation(2);
        of.check_identities().unwrap();
        assert_eq!((of.done(), of.facts.components.len()), (0, 0));
        assert_eq!(of.latency.service.percentile(50.0).value, None::<Quantile>);
    }
}
