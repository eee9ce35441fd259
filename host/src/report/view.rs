//! What every view of a run is made of.

use std::collections::BTreeMap;

use crate::saved::{Event, SavedRun, TickFigures};
use crate::stats::{RowKey, Summary};
use crate::thresholds::{Evaluated, ThresholdResult};

/// A run as its views show it. All of them are made of this, so that no two can disagree.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunView {
    /// Its result.
    pub summary: Summary,
    /// What came of the rules it was held to.
    pub rules: Vec<Evaluated>,
    /// Whether a rule about which there is not enough data counts as kept.
    pub allow_no_data: bool,
    /// What its process exited with, where that is known.
    pub exit_code: Option<u8>,
    /// How it went from stretch to stretch. Empty for several runs together, which have no time in common.
    pub series: Series,
}

impl RunView {
    /// Whether a rule fails the run.
    pub fn fails(&self, rule: &Evaluated) -> bool {
        match rule.verdict.result {
            ThresholdResult::Pass => false,
            ThresholdResult::Fail => true,
            ThresholdResult::NoData => !self.allow_no_data,
        }
    }

    /// The names of its operations, as they go by in the report.
    pub fn operations(&self) -> String {
        let components = &self.summary.facts.components;
        let names: Vec<&str> = components.iter().map(|of| &*of.name).collect();
        names.join(" + ")
    }
}

/// How a run went from stretch to stretch.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// The stretches, in the order of time.
    pub ticks: Vec<TickFigures>,
    /// The rows that they count, at the indices that they name.
    pub keys: Vec<RowKey>,
    /// What happened to the run itself.
    pub events: Vec<Event>,
}

impl Series {
    /// What a saved run has of it. It is taken out of there.
    pub fn take(run: &mut SavedRun) -> Series {
        Series {
            ticks: std::mem::take(&mut run.ticks),
            keys: std::mem::take(&mut run.keys),
            events: std::mem::take(&mut run.events),
        }
    }

    /// How one operation went, as number 0 of a run of its own. It begins with the results of the run: the warm-up is not
    /// known by operation.
    pub fn of_operation(&self, operation: u16) -> Series {
        let of_it = self.keys.iter().enumerate();
        let of_it = of_it.filter(|(_, key)| key.operation == operation);
        let indices = of_it.clone().zip(0..);
        let rows: BTreeMap<_, _> = indices
            .map(|((row, key), index)| (row, (index, key.outcome)))
            .collect();
        let ticks = self.ticks.iter();
        let ticks = ticks.skip_while(|tick| tick.count == 0 && tick.warmup > 0);
        Series {
            ticks: ticks
                .map(|tick| tick.of_operation(operation, &rows))
                .collect(),
            keys: of_it.map(|(_, key)| key.alone()).collect(),
            events: self.events.clone(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
