//! What the monitor knows: everything so far, the present second, and the present tick.

mod progress;

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::time::Instant;

use super::batches::Batches;
use super::recent::Recent;
use super::rules::Rules;
use super::tags::Tags;
use super::{Ending, LatestLogs, Observed, Plan, Screen};
use crate::clock::RunClock;
use crate::data::Items;
use crate::engine::Records;
use crate::engine::control::{Cause, Control, Stage};
use crate::engine::ticks::{self, Snapshot};
use crate::error::Error;
use crate::report::live::Progress;
use crate::saved::{Line, RunFile, Tick};
use crate::stats::{Recorder, Tables};
use crate::thresholds::windows::Second;
use crate::watch::{Sampler, SystemReadings};

const SECOND_NS: u64 = 1_000_000_000;

/// No thread handed over anything for longer than this: a gap.
const GAP_NS: u64 = SECOND_NS;

/// What a thread said last.
#[derive(Debug, Clone, Copy)]
struct Latest {
    busy: u32,
    workers: u32,
    late_ns: Option<u64>,
}

/// See the module's description.
pub(super) struct Watcher {
    clock: Option<RunClock>,
    /// Handed over and in no tick yet, by how many ticks were over by then.
    pending: BTreeMap<u64, Records>,
    /// The latest that a thread handed over.
    heard_until_ns: u64,
    /// The results of the present second that are in ticks, and the rest of what was recorded.
    second: Option<Recorder>,
    total: Records,
    threads: BTreeMap<usize, Latest>,
    results_from_ns: Option<u64>,
    tick_from_ns: u64,
    /// When the present second began. Those of the results are counted from when they began.
    second_from_ns: u64,
    /// When the last tick ended in which a thread handed over anything.
    heard_ns: u64,
    /// When no call could start any more, once that is known.
    window_end_ns: u64,
    done: u64,
    recent: Recent,
    batches: Batches,
    tags: Tags,
    rules: Rules,
    sampler: Option<Sampler>,
    /// What the sampler saw until the threads of the run were gone.
    system: Option<SystemReadings>,
    has_begun_results: bool,
    control: Arc<Control>,
    items: Option<Arc<Items>>,
    file: Option<RunFile>,
    screen: Option<Screen>,
    remember: fn(&Progress),
    logs: Option<LatestLogs>,
    progress: Progress,
}

impl Watcher {
    pub(super) fn new(plan: Plan) -> Watcher {
        Watcher {
            clock: None,
            pending: BTreeMap::new(),
            heard_until_ns: 0,
            second: None,
            total: Records::default(),
            threads: BTreeMap::new(),
            results_from_ns: None,
            tick_from_ns: 0,
            second_from_ns: 0,
            heard_ns: 0,
            window_end_ns: u64::MAX,
            done: 0,
            recent: Recent::default(),
            batches: Batches::default(),
            tags: Tags::default(),
            rules: Rules::new(plan.fail_if, plan.abort_if, plan.facts),
            sampler: Some(Sampler::new()),
            system: None,
            has_begun_results: false,
            control: plan.control,
            items: plan.items,
            file: plan.file,
            screen: plan.screen,
            remember: plan.remember,
            logs: plan.logs,
            progress: plan.progress,
        }
    }

    /// The run has begun.
    pub(super) fn begin(&mut self, clock: RunClock) {
        self.clock = Some(clock);
        self.sample(clock.now_ns());
    }

    /// The threads of the run are gone: whatever this process does from here on is no part of it.
    pub(super) fn end(&mut self, now: Instant) {
        if let (Some(clock), true) = (self.clock, self.has_begun_results) {
            let sampler = self.sampler.take();
            self.system = sampler.map(|sampler| sampler.finish(clock.ns_at(now)));
        }
    }

    fn sample(&mut self, now_ns: u64) {
        if let Some(sampler) = &mut self.sampler {
            sampler.sample(now_ns);
        }
    }

    /// Takes what a thread hands over.
    pub(super) fn take(&mut self, snapshot: Snapshot) {
        // A thread may have looked before another, and be heard after it.
        self.results_from_ns = self.results_from_ns.or(snapshot.results_from_ns);
        if snapshot
            .results_from_ns
            .is_some_and(|from_ns| from_ns <= snapshot.at_ns)
        {
            self.begin_results(snapshot.at_ns);
        }
        let latest = Latest {
            busy: snapshot.busy,
            workers: snapshot.workers,
            late_ns: snapshot.late_ns,
        };
        self.threads.insert(snapshot.thread, latest);
        self.heard_until_ns = self.heard_until_ns.max(snapshot.at_ns);
        let ticks = ticks::ended_by(snapshot.at_ns);
        self.pending
            .entry(ticks)
            .or_default()
            .merge(snapshot.records);
    }

    /// The latest that a thread handed over, on the run's clock.
    pub(super) fn heard_until_ns(&self) -> u64 {
        self.heard_until_ns
    }

    /// What was handed over until a number of ticks were over; nothing if no thread did.
    fn take_pending(&mut self, ticks: u64) -> Option<Records> {
        let later = self.pending.split_off(&ticks.saturating_add(1));
        let taken = std::mem::replace(&mut self.pending, later).into_values();
        taken.reduce(|mut all, records| {
            all.merge(records);
            all
        })
    }

    fn begin_results(&mut self, now_ns: u64) {
        if !std::mem::replace(&mut self.has_begun_results, true)
            && let Some(sampler) = &mut self.sampler
        {
            sampler.begin_results(now_ns);
        }
    }

    /// Ends the present tick, and the present second with it if that is over.
    pub(super) fn end_tick(&mut self, tick: u64) {
        let to_ns = ticks::end_of(tick);
        let Some(records) = self.take_pending(tick + 1) else {
            return;
        };
        let results_from_ns = self.results_from_ns.unwrap_or(u64::MAX);
        if (self.second_from_ns + 1..=to_ns).contains(&results_from_ns) {
            self.end_second(results_from_ns);
        }
        self.add_tick(records, to_ns);
        let heard_ns = std::mem::replace(&mut self.heard_ns, to_ns);
        if to_ns - heard_ns > GAP_NS {
            // Not one thread ran: the runner was stopped. What came before and what came after are not of one second.
            self.end_second(to_ns);
            self.rules.interrupt();
        } else if to_ns - self.second_from_ns >= SECOND_NS {
            let second = self.end_second(to_ns);
            if let Some(error) = self.judge(second, to_ns) {
                self.control.advance(Stage::Draining, Cause::Abort(error));
            }
        }
    }

    fn add_tick(&mut self, mut records: Records, to_ns: u64) {
        let tables = |recorder: &Option<Recorder>| {
            recorder
                .as_ref()
                .map_or_else(Tables::default, |recorder| recorder.clone().into_tables())
        };
        let (results, warm_up) = (tables(&records.results), tables(&records.warm_up));
        let (durations, done) = (results.felt(), results.calls());
        let (warm_up_durations, warm_up_done) = (warm_up.felt(), warm_up.calls());
        self.done += done;
        self.tags.add(&results);
        self.recent.add(done, &durations);
        self.recent.add(warm_up_done, &warm_up_durations);
        if self.has_begun_results {
            self.batches.add(&durations);
        }
        if let Some(file) = &mut self.file {
            let tick = Tick::new(self.tick_from_ns, to_ns, &results, &warm_up);
            file.append(Line::Tick(Box::new(tick)));
        }
        self.tick_from_ns = to_ns;
        if let Some(results) = records.results.take() {
            match &mut self.second {
                Some(second) => second.merge(results),
                none @ None => *none = Some(results),
            }
        }
        self.total.merge(records);
    }

    /// Ends the present second: what it recorded is in the total from here on.
    fn end_second(&mut self, to_ns: u64) -> Second {
        let length_ns = to_ns - self.second_from_ns;
        self.second_from_ns = to_ns;
        let results = self.second.take();
        self.total.merge(Records {
            results: results.clone(),
            ..Records::default()
        });
        self.recent.end_second(length_ns);
        self.sample(to_ns);
        if let Some(file) = &mut self.file {
            file.flush();
        }
        self.update(to_ns);
        (self.remember)(&self.progress);
        Second { results, length_ns }
    }

    /// Judges the rules by one more second, unless calls could not start any more in a part of it: the calls that were in
    /// flight then say nothing about the load.
    fn judge(&mut self, second: Second, to_ns: u64) -> Option<Error> {
        if let (Some(clock), Some(at)) = (self.clock, self.control.drained_at()) {
            self.window_end_ns = self.window_end_ns.min(clock.ns_at(at));
        }
        let from_ns = self.results_from_ns.filter(|_| self.has_begun_results)?;
        if to_ns > self.window_end_ns {
            return None;
        }
        let elapsed_ns = to_ns.saturating_sub(from_ns);
        self.rules
            .judge(second, self.total.results.as_ref(), elapsed_ns)
    }

    /// Takes what is left, until the run's end.
    pub(super) fn finish(mut self, ending: Ending) -> Observed {
        let clock = ending.clock;
        self.results_from_ns = Some(ending.results_from_ns);
        if self.clock.is_none() {
            self.begin(clock);
        }
        self.begin_results(ending.results_from_ns);
        let mut records = self.take_pending(u64::MAX).unwrap_or_default();
        records.merge(ending.rest);
        self.add_tick(records, ending.end_ns.max(self.tick_from_ns));
        self.window_end_ns = ending.window_end_ns;
        let mut results = self.second.take();
        self.total.merge(Records {
            results: results.clone(),
            ..Records::default()
        });
        // The last calls may have ended, and the threads with them, before the last second was over.
        while self.second_from_ns + SECOND_NS <= ending.window_end_ns {
            self.second_from_ns += SECOND_NS;
            let second = Second {
                results: results.take(),
                length_ns: SECOND_NS,
            };
            // Whatever comes of it, the run has ended.
            self.judge(second, self.second_from_ns);
        }
        if let Some(file) = &mut self.file {
            file.flush();
        }
        let system = match (self.system, self.sampler) {
            (Some(system), _) => system,
            (None, Some(sampler)) => sampler.finish(clock.now_ns()),
            (None, None) => SystemReadings::default(),
        };
        Observed {
            records: self.total,
            batches: self.batches.into_batches(),
            system,
            windows: self.rules.windows(),
            ended_by: self.rules.ended_by().cloned(),
            file: self.file,
        }
    }
}

#[cfg(test)]
mod tests;
