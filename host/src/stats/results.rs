//! The parts of a summary: latencies, rows, measurements, counters, checks, failures.

use super::distribution::Distribution;
use super::histogram::Histogram;
use super::interner::RowKey;
use super::rows::{FirstFailure, OpenStats, RowStats};

/// The durations of some calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Latency {
    /// Start to end.
    pub service: Distribution,
    /// Due to start; `None` in closed load, where it does not exist.
    pub lag: Option<Distribution>,
    /// Due to end; `None` in closed load, where it is `service`.
    pub response: Option<Distribution>,
}

impl Latency {
    /// What a caller waited: response where it exists, service otherwise.
    pub fn felt(&self) -> &Distribution {
        self.response.as_ref().unwrap_or(&self.service)
    }

    /// Adds the bounds of calls that never ended. In closed load a call is due when it starts, so one that never started
    /// has no duration to bound.
    pub(super) fn censor(
        &mut self,
        is_open: bool,
        service: Histogram,
        lag: Histogram,
        response: Histogram,
    ) {
        self.service.censored = service;
        if is_open || self.response.is_some() {
            self.response.get_or_insert_default().censored = response;
            self.lag.get_or_insert_default().censored = lag;
        }
    }

    /// The durations of one row.
    pub(super) fn of(service: Histogram, open: Option<Box<OpenStats>>) -> Latency {
        let (lag, response) = open.map(|open| (open.lag, open.response)).unzip();
        Latency {
            service: Distribution::of(service),
            lag: lag.map(Distribution::of),
            response: response.map(Distribution::of),
        }
    }

    /// Adds the durations of other calls; not the bounds of those that never ended.
    pub(super) fn add(&mut self, other: &Latency) {
        self.service.ended.merge(&other.service.ended);
        let open = [
            (&mut self.lag, &other.lag),
            (&mut self.response, &other.response),
        ];
        for (mine, theirs) in open {
            if let Some(theirs) = theirs {
                mine.get_or_insert_default().ended.merge(&theirs.ended);
            }
        }
    }

    /// Adds the durations of a row.
    pub(super) fn merge(&mut self, row: &RowStats) {
        self.service.ended.merge(&row.service);
        if let Some(open) = &row.open {
            self.lag.get_or_insert_default().ended.merge(&open.lag);
            self.response
                .get_or_insert_default()
                .ended
                .merge(&open.response);
        }
    }
}

/// A named part of the calls of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    /// The name the operation gave it.
    pub name: String,
    /// Its samples.
    pub samples: Distribution,
}

/// The calls of one operation that ended with one outcome and tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What they have in common.
    pub key: RowKey,
    /// How many there are.
    pub count: u64,
    /// How many of them ended inside the window.
    pub inside: u64,
    /// When the first of them ended, in nanoseconds since the run started.
    pub first_ns: u64,
    /// How long they took.
    pub latency: Latency,
    /// What the operation measured in them, by name.
    pub measurements: Vec<Measurement>,
}

/// A counter of the operation's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Its name.
    pub name: String,
    /// Its sum.
    pub total: u64,
}

/// A check of the operation's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// Times it passed.
    pub passed: u64,
    /// Times it failed.
    pub failed: u64,
}

/// Failures of one row with one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The row.
    pub key: RowKey,
    /// What the calls said.
    pub message: String,
    /// How many there are.
    pub count: u64,
    /// The earliest.
    pub first: FirstFailure,
}
