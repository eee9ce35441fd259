//! What became of a call.

use std::time::Duration;

use super::exchange::Request;
use super::state::State;
use crate::Tag;
use crate::log::Level;

/// What became of a call that a [`Host`](super::Host) made.
#[derive(Debug)]
pub struct Call {
    pub(crate) tag: Tag,
    pub(crate) state: State,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogLine {
    /// How important it is.
    pub level: Level,
    /// What it says.
    pub text: String,
}

impl Call {
    /// The tag that the call returned; an empty one after [`Host::with`](super::Host::with).
    pub fn tag(&self) -> &Tag {
        &self.tag
    }

    /// The requests that were sent, those of redirects and retries too.
    pub fn requests(&self) -> &[Request] {
        &self.state.requests
    }

    /// The lines that were logged.
    pub fn log(&self) -> &[LogLine] {
        &self.state.log
    }

    /// The samples of a measurement, in the order they ended: of spans, of `measure::record`, of named requests.
    pub fn measurements(&self, name: &str) -> Vec<Duration> {
        let samples = self.state.samples.iter().filter(|(other, _)| other == name);
        samples
            .map(|(_, nanos)| Duration::from_nanos(*nanos))
            .collect()
    }

    /// What was added to a counter.
    pub fn counter(&self, name: &str) -> u64 {
        self.state
            .counters
            .iter()
            .filter(|(other, _)| other == name)
            .map(|(_, delta)| delta)
            .sum()
    }

    /// How often a check passed, and how often it failed.
    pub fn checks(&self, name: &str) -> (usize, usize) {
        let (passed, failed): (Vec<_>, Vec<_>) = self
            .state
            .checks
            .iter()
            .filter(|(other, _)| other == name)
            .partition(|(_, passed)| *passed);
        (passed.len(), failed.len())
    }

    /// How long the call took on the virtual clock.
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.state.now)
    }
}
