//! What is counted during a run beside what the recorders hold.

use std::collections::BTreeMap;

/// What a thread counts beside its recorder.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Calls that ended.
    pub done: u64,
    /// Calls that were given up because the run stopped.
    pub unfinished: u64,
    /// Instances that were made to take the place of one that was thrown away.
    pub replaced: u64,
    /// Calls without success in which the network policy refused something.
    pub denied: u64,
    /// Calls of the warm-up that ended. They are in no other count.
    pub warm_up_done: u64,
    /// Those that were given up, likewise.
    pub warm_up_unfinished: u64,
    /// How often a call was due and all workers that there may be were busy.
    pub waits_for_a_place: u64,
    /// When the last call ended or was given up, in nanoseconds since the run started.
    pub last_end_ns: u64,
}

impl Counts {
    /// Calls that were started and are results.
    pub fn started(&self) -> u64 {
        self.done + self.unfinished
    }

    /// Calls of the warm-up that were started.
    pub fn warm_up_started(&self) -> u64 {
        self.warm_up_done + self.warm_up_unfinished
    }

    /// Counts a call that ended.
    pub(super) fn ended(&mut self, end_ns: u64) {
        self.done += 1;
        self.last_end_ns = self.last_end_ns.max(end_ns);
    }

    /// Counts a call that was given up.
    pub(super) fn given_up(&mut self, end_ns: u64) {
        self.unfinished += 1;
        self.last_end_ns = self.last_end_ns.max(end_ns);
    }

    /// Adds what another thread counted.
    pub fn merge(&mut self, other: Counts) {
        self.done += other.done;
        self.unfinished += other.unfinished;
        self.replaced += other.replaced;
        self.denied += other.denied;
        self.warm_up_done += other.warm_up_done;
        self.warm_up_unfinished += other.warm_up_unfinished;
        self.waits_for_a_place += other.waits_for_a_place;
        self.last_end_ns = self.last_end_ns.max(other.last_end_ns);
    }
}

/// Targets the network policy refused, with how often each was tried. The first few are told apart, which is enough to
/// say what to grant.
#[derive(Debug, Default)]
pub struct Denied {
    targets: BTreeMap<String, u64>,
}

impl Denied {
    const TARGETS_MAX: usize = 64;

    pub(super) fn add(&mut self, target: String, count: u64) {
        if self.targets.len() < Self::TARGETS_MAX || self.targets.contains_key(&target) {
            *self.targets.entry(target).or_default() += count;
        }
    }

    /// Adds what another thread saw.
    pub fn merge(&mut self, other: Denied) {
        for (target, count) in other.targets {
            self.add(target, count);
        }
    }

    /// Target and count, by target.
    pub fn into_targets(self) -> impl Iterator<Item = (String, u64)> {
        self.targets.into_iter()
    }
}
