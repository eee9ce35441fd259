//! From what the counters of a system stood at, sample by sample, to what happened in between. Values in, values out.

use std::collections::HashMap;

use super::proc::{Sockets, Ticks};
use super::readings::{Gap, GapKind, SystemReadings, WallDrift};
use super::sys::Usage;

/// A shorter time than this between two samples says nothing about a second: counters tick.
const PEAK_INTERVAL_NS: u64 = 200_000_000;

/// The machine was suspended if the clocks moved apart by more than this: far more than reading them takes, and less
/// than anybody sleeps.
const SUSPENSION_NS: i64 = 100_000_000;

/// What does not change in a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    /// CPUs the process may use, fractions of one included.
    pub(super) cpus: Option<f64>,
    /// The length of a tick.
    pub(super) tick_ns: Option<u64>,
    /// Open files allowed.
    pub(super) descriptors: Option<u64>,
    /// Local ports.
    pub(super) ports: Option<u64>,
}

/// What everything stood at.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Snapshot {
    /// The monotonic clock.
    pub(super) monotonic_ns: Option<u64>,
    /// How far the clock that counts suspensions is ahead of it.
    pub(super) boot_offset_ns: Option<i64>,
    /// How far the time of day is.
    pub(super) wall_offset_ns: Option<i64>,
    pub(super) usage: Option<Usage>,
    /// What the usable CPUs did.
    pub(super) ticks: Option<Ticks>,
    /// How long each thread, by its number, waited for a CPU.
    pub(super) waits: Option<Vec<(u32, u64)>>,
    pub(super) throttled_ns: Option<u64>,
    pub(super) descriptors: Option<u64>,
    pub(super) sockets: Option<Sockets>,
}

/// What happened since the first sample.
#[derive(Debug)]
pub(super) struct Tracker {
    facts: Facts,
    first: Snapshot,
    last: Snapshot,
    /// The run's clock at the last sample.
    last_ns: u64,
    waits: Waits,
    /// What is told as the most of something, or is complete already.
    found: SystemReadings,
}

impl Tracker {
    /// Begins with a sample.
    pub(super) fn begin(facts: Facts, now_ns: u64, snapshot: Snapshot) -> Tracker {
        let found = SystemReadings {
            cpus: facts.cpus,
            descriptors_limit: facts.descriptors,
            ports: facts.ports,
            ..SystemReadings::default()
        };
        let mut tracker = Tracker {
            facts,
            waits: Waits::begin(snapshot.waits.as_deref()),
            first: snapshot.clone(),
            last: snapshot,
            last_ns: now_ns,
            found,
        };
        tracker.peaks(now_ns);
        tracker
    }

    /// What does not change.
    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Takes the next sample.
    pub(super) fn add(&mut self, now_ns: u64, snapshot: Snapshot) {
        let before = std::mem::replace(&mut self.last, snapshot);
        if let Some(waits) = &self.last.waits {
            self.waits.add(waits);
        }
        self.shares(&before);
        self.suspension(&before, now_ns);
        self.peaks(now_ns);
        self.last_ns = now_ns;
    }

    /// What happened from the first sample to the last.
    pub(super) fn readings(self) -> SystemReadings {
        let (first, last) = (&self.first, &self.last);
        let used = |of: fn(&Usage) -> u64| between(first.usage.as_ref(), last.usage.as_ref(), of);
        let spent = |of: fn(&Ticks) -> u64| {
            let ticks = between(first.ticks.as_ref(), last.ticks.as_ref(), of)?;
            Some(ticks.saturating_mul(self.facts.tick_ns?))
        };
        let throttled = || Some(last.throttled_ns?.saturating_sub(first.throttled_ns?));
        SystemReadings {
            user_ns: used(|usage| usage.user_ns),
            system_ns: used(|usage| usage.system_ns),
            involuntary_switches: used(|usage| usage.involuntary_switches),
            run_queue_ns: self.waits.total(),
            throttled_ns: throttled(),
            busy_ns: spent(|ticks| ticks.busy),
            steal_ns: spent(|ticks| ticks.steal),
            ..self.found
        }
    }

    /// Shares of the time since the sample before.
    fn shares(&mut self, before: &Snapshot) {
        let interval = || Some(self.last.monotonic_ns?.saturating_sub(before.monotonic_ns?));
        let Some(interval) = interval().filter(|&interval| interval >= PEAK_INTERVAL_NS) else {
            return;
        };
        let own = || {
            let used = |of| between(before.usage.as_ref(), self.last.usage.as_ref(), of);
            let used = used(|usage: &Usage| usage.user_ns.saturating_add(usage.system_ns))?;
            share(used as f64, interval as f64 * self.facts.cpus?)
        };
        let machine = || {
            let spent = |of| between(before.ticks.as_ref(), self.last.ticks.as_ref(), of);
            let busy = spent(|ticks: &Ticks| ticks.busy)? as f64;
            let other = spent(|ticks| ticks.idle)? as f64 + spent(|ticks| ticks.steal)? as f64;
            share(busy, busy + other)
        };
        let (own, machine) = (own(), machine());
        self.found.cpu_share_peak = most(self.found.cpu_share_peak, own);
        self.found.busy_share_peak = most(self.found.busy_share_peak, machine);
    }

    fn suspension(&mut self, before: &Snapshot, now_ns: u64) {
        let slept = || {
            self.last
                .boot_offset_ns?
                .checked_sub(before.boot_offset_ns?)
        };
        let slept = slept().filter(|&slept| slept > SUSPENSION_NS);
        if let Some(length_ns) = slept.and_then(|slept| u64::try_from(slept).ok()) {
            self.found.suspended.push(Gap {
                from_ns: self.last_ns.min(now_ns),
                length_ns,
                kind: GapKind::Suspended,
            });
        }
    }

    /// The most of what is open, and the farthest that the time of day was off.
    fn peaks(&mut self, now_ns: u64) {
        let (found, last) = (&mut self.found, &self.last);
        found.descriptors_peak = found.descriptors_peak.max(last.descriptors);
        if let Some(sockets) = last.sockets {
            let all = sockets.in_use.saturating_add(sockets.time_wait);
            found.sockets_peak = found.sockets_peak.max(Some(all));
            found.time_wait_peak = found.time_wait_peak.max(Some(sockets.time_wait));
        }
        let drift = || {
            Some(
                strayed(last)?
                    .checked_sub(strayed(&self.first)?)?
                    .unsigned_abs(),
            )
        };
        if let Some(by_ns) = drift()
            && found.wall_drift.is_none_or(|drift| by_ns > drift.by_ns)
        {
            found.wall_drift = Some(WallDrift {
                by_ns,
                at_ns: now_ns,
            });
        }
    }
}

/// How far the time of day is from the clock of durations, suspensions left out: they move it as they should.
fn strayed(snapshot: &Snapshot) -> Option<i64> {
    let asleep = snapshot.boot_offset_ns.unwrap_or(0);
    snapshot.wall_offset_ns?.checked_sub(asleep)
}

/// By how much a counter grew. Some of the kernel's go back a little at times, which is nothing.
fn between<T>(before: Option<&T>, after: Option<&T>, counter: fn(&T) -> u64) -> Option<u64> {
    Some(counter(after?).saturating_sub(counter(before?)))
}

/// A share of 0 to 1; counters that tick can say a little more than all.
fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| (part / whole).min(1.0))
}

fn most(before: Option<f64>, now: Option<f64>) -> Option<f64> {
    match (before, now) {
        (Some(before), Some(now)) => Some(before.max(now)),
        (before, now) => before.or(now),
    }
}

/// How long threads waited for a CPU since the first sample. Threads come and go: what one that has gone waited up to
/// the last sample it was in still counts.
#[derive(Debug, Default)]
struct Waits {
    /// Each thread's counter at the first sample and now. One that came later began at 0.
    threads: HashMap<u32, (u64, u64)>,
    /// Of those that are gone.
    gone: u64,
    is_known: bool,
}

impl Waits {
    fn begin(waits: Option<&[(u32, u64)]>) -> Waits {
        let of = |&(thread, waited): &(u32, u64)| (thread, (waited, waited));
        Waits {
            threads: waits.unwrap_or_default().iter().map(of).collect(),
            gone: 0,
            is_known: waits.is_some(),
        }
    }

    fn add(&mut self, waits: &[(u32, u64)]) {
        let mut before = std::mem::take(&mut self.threads);
        for &(thread, waited) in waits {
            let begun = match before.remove(&thread) {
                // A smaller count is another thread, which got the number of one that is gone.
                Some((begun, last)) if waited < last => {
                    self.gone = self.gone.saturating_add(last - begun);
                    0
                }
                Some((begun, _)) => begun,
                None => 0,
            };
            self.threads.insert(thread, (begun, waited));
        }
        let gone = before.values().map(|(begun, last)| last - begun);
        self.gone = gone.fold(self.gone, u64::saturating_add);
    }

    fn total(&self) -> Option<u64> {
        let living = self.threads.values().map(|(begun, last)| last - begun);
        self.is_known
            .then(|| living.fold(self.gone, u64::saturating_add))
    }
}

#[cfg(test)]
mod tests;
