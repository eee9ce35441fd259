//! Operations that one run gave the same numbers, beside each other: the fastest first.

pub mod json;
pub mod markdown;
mod sentence;
pub mod text;
mod view;

use super::RunView;
use super::comparison::RuleOf;
use crate::compare::{self, Comparison, Rule, Settings};
use crate::error::Exit;
use crate::stats::histogram::rank;
use crate::stats::{Histogram, Outcome};
use crate::watch::State;

/// Operations beside each other. Both renderings are made of this.
#[derive(Debug)]
pub struct SideBySide<'a> {
    /// The run.
    pub run: &'a RunView,
    /// What was asked of the comparison.
    pub settings: Settings,
    /// The operations, the fastest first: by their medians, since one long stop makes no operation slow.
    pub sides: Vec<Side>,
    /// What became of the rules that the comparison is held to.
    pub rules: Vec<RuleOf>,
    /// Whether one of them is broken.
    pub is_broken: bool,
}

/// One of the operations.
#[derive(Debug, Clone)]
pub struct Side {
    /// Its place among the run's components.
    pub operation: u16,
    /// Its calls that ended: those that went as meant, that did not, and that the host ended.
    pub outcomes: [u64; 3],
    /// How long they took.
    pub durations: Histogram,
    /// The most memory that one of its instances had, where known.
    pub memory_peak_bytes: Option<u64>,
    /// It as B against the fastest as A; nothing for that one itself.
    pub against_fastest: Option<Comparison>,
}

impl SideBySide<'_> {
    /// Puts the operations of a run beside each other.
    pub fn of(run: &RunView, settings: Settings) -> SideBySide<'_> {
        let components = run.summary.facts.components.iter();
        let sides = (0..).zip(components).map(|(operation, component)| Side {
            memory_peak_bytes: component.memory_peak_bytes,
            ..Side::of(run, operation)
        });
        let mut sides: Vec<Side> = sides.collect();
        // Whose calls have no durations is not fast.
        sides.sort_by_key(|side| (side.durations.is_empty(), side.median(), side.operation));
        let Some((fastest, others)) = sides.split_first_mut() else {
            return SideBySide::made_of(run, settings, sides);
        };
        for side in others {
            let pairs = compare::paired_batches(
                &run.series.ticks,
                &run.series.keys,
                fastest.operation,
                side.operation,
            );
            let mut comparison = compare::paired(&pairs, &settings);
            if is_invalid(run) {
                comparison.doubt();
            }
            side.against_fastest = Some(comparison);
        }
        SideBySide::made_of(run, settings, sides)
    }

    fn made_of(run: &RunView, settings: Settings, sides: Vec<Side>) -> SideBySide<'_> {
        SideBySide {
            run,
            settings,
            sides,
            rules: Vec::new(),
            is_broken: false,
        }
    }

    /// Holds every operation to rules, each against the one that was named first: that is the one before a change.
    pub fn hold(&mut self, rules: &[Rule]) {
        let (ticks, keys) = (&self.run.series.ticks, &self.run.series.keys);
        let is_believed = !is_invalid(self.run);
        let mut judged = Vec::new();
        for (index, side) in self.sides.iter().enumerate() {
            if side.operation == 0 || rules.is_empty() {
                continue;
            }
            let pairs = compare::paired_batches(ticks, keys, 0, side.operation);
            let comparison = compare::paired(&pairs, &self.settings);
            judged.extend(rules.iter().map(|rule| RuleOf {
                side: index,
                judged: rule.judge(&comparison, is_believed),
            }));
        }
        self.rules = judged;
    }

    /// What the process ends with, where that is known.
    fn exit_code(&self) -> Option<u8> {
        let of_run = self.run.exit_code?;
        let yields = [Exit::Done, Exit::Environment].map(Exit::code);
        Some(match self.is_broken && yields.contains(&of_run) {
            true => Exit::Threshold.code(),
            false => of_run,
        })
    }

    /// The name of an operation, which others chose.
    fn name(&self, side: &Side) -> &str {
        self.run.summary.operation(side.operation)
    }

    /// How much longer the median of a side is than that of the fastest, as a part of the latter.
    fn excess(&self, side: &Side) -> Option<f64> {
        let fastest = self.sides.first()?.median()?;
        let median = side.median()?;
        (fastest > 0).then(|| median as f64 / fastest as f64 - 1.0)
    }

    /// What is to be said where not all have had the same numbers.
    fn remainder(&self) -> Option<&'static str> {
        let mut calls = self.sides.iter().map(Side::calls);
        let first = calls.next()?;
        calls.any(|calls| calls != first).then_some(
            "the end came before every operation had had the last numbers: at most one number of each worker lacks calls",
        )
    }

    /// Whether an operation did not always go as meant.
    fn has_failures(&self) -> bool {
        self.sides.iter().any(|side| side.failed() > 0)
    }
}

impl Side {
    fn of(run: &RunView, operation: u16) -> Side {
        let rows = run.summary.rows.iter();
        let rows: Vec<_> = rows.filter(|row| row.key.operation == operation).collect();
        let count = |outcome: Outcome| {
            let of = rows.iter().filter(|row| row.key.outcome == outcome);
            of.map(|row| row.count).sum()
        };
        let mut durations = Histogram::new();
        rows.iter()
            .for_each(|row| durations.merge(&row.latency.felt().ended));
        Side {
            operation,
            outcomes: [Outcome::Ok, Outcome::Fail, Outcome::Fault].map(count),
            durations,
            memory_peak_bytes: None,
            against_fastest: None,
        }
    }

    /// Its calls that ended.
    pub fn calls(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    /// Those that did not go as meant.
    pub fn failed(&self) -> u64 {
        self.outcomes[1] + self.outcomes[2]
    }

    /// The sum of its durations in nanoseconds; nothing where there are none.
    pub fn sum(&self) -> Option<u64> {
        let sum = u64::try_from(self.durations.sum()).unwrap_or(u64::MAX);
        (!self.durations.is_empty()).then_some(sum)
    }

    /// The middle one of its durations, in nanoseconds to three digits, however few there are.
    pub fn median(&self) -> Option<u64> {
        let count = self.durations.len();
        (count > 0).then(|| self.durations.value_at_rank(rank(0.5, count)))
    }
}

/// Whether the figures say more about the runner than about what it measured.
fn is_invalid(run: &RunView) -> bool {
    let verdict = run.summary.facts.verdict.as_ref();
    verdict.is_some_and(|verdict| verdict.state == State::Invalid)
}

/// A difference of `part` of something, in percent and with its sign: `+39.2 %`, `-0.31 %`; from tenfold on `×14.2`.
fn excess(part: f64) -> String {
    let percent = part * 100.0;
    match percent.abs() {
        at if at >= 900.0 => format!("×{}", super::format::rate(part + 1.0)),
        at if at >= 0.995 => format!("{percent:+.1} %"),
        _ => format!("{percent:+.2} %"),
    }
}

#[cfg(test)]
mod tests;
