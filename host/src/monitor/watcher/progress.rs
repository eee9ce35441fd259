//! What is shown of a run while it goes on.

use std::time::Duration;

use tokio::time::Instant;

use super::Watcher;
use crate::engine::control::Stage;
use crate::report::live::Phase;
use crate::stats::Outcome;

/// A call that is late by less than this is one that is just being made.
const LATE_NS: u64 = 1_000_000;

/// Tags that are shown while a run goes on.
const TAGS: usize = 8;

impl Watcher {
    /// Whether anybody looks.
    pub(in crate::monitor) fn is_shown(&self) -> bool {
        self.screen.is_some()
    }

    /// The time between two looks.
    pub(in crate::monitor) fn period(&self) -> Duration {
        const NEVER: Duration = Duration::from_secs(3600);
        self.screen.as_ref().map_or(NEVER, |screen| screen.every)
    }

    /// Shows how far the run is.
    pub(in crate::monitor) fn show(&mut self, now: Instant) {
        let Some(clock) = self.clock else { return };
        if self.screen.is_some() {
            self.update(clock.ns_at(now));
        }
        if let Some(screen) = &mut self.screen {
            (screen.show)(&self.progress);
        }
    }

    /// Brings what is shown up to date.
    pub(super) fn update(&mut self, now_ns: u64) {
        let recent = self.recent.durations();
        let progress = &mut self.progress;
        progress.phase = match self.control.stage() {
            Stage::Running if self.has_begun_results => Phase::Running,
            Stage::Running => Phase::WarmUp,
            Stage::Draining => Phase::Draining,
            Stage::Stopping => Phase::Stopping,
        };
        let from_ns = self.results_from_ns.unwrap_or(0);
        progress.elapsed_ns = match progress.phase {
            Phase::WarmUp => now_ns,
            _ => now_ns.saturating_sub(from_ns),
        };
        progress.done = self.done;
        progress.ok = self.tags.with(Outcome::Ok);
        progress.fail = self.tags.with(Outcome::Fail);
        progress.fault = self.tags.with(Outcome::Fault);
        progress.tags = self.tags.most_frequent(TAGS);
        progress.rate_per_s = self.recent.rate();
        progress.rates = self.recent.rates();
        progress.p50_ns = recent.quantile(0.5);
        progress.p99_ns = recent.quantile(0.99);
        progress.max_ns = recent.max();
        let threads = self.threads.values();
        progress.busy = threads.clone().map(|thread| u64::from(thread.busy)).sum();
        progress.workers = threads
            .clone()
            .map(|thread| u64::from(thread.workers))
            .sum();
        progress.late_ns = threads
            .filter_map(|thread| thread.late_ns)
            .filter(|late_ns| *late_ns >= LATE_NS)
            .max();
        progress.items_known = self.items.as_ref().map(|items| {
            let known = items.progress();
            (known.known, known.is_complete)
        });
        progress.thresholds_missed = self.rules.is_missed();
        if let Some(logs) = &self.logs {
            progress.logs = logs();
        }
    }
}
