//! What was seen of the runner itself while a run's results were taken: plain data, which a saved run keeps.
//!
//! All of it is about the results window: the warm-up is not in it. Whatever a system may not tell is an `Option`.
//! Every part may be missing from a saved run, so that one of an older version can still be judged.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All readings of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Readings {
    /// The length of the results window, in nanoseconds of the run's clock.
    pub elapsed_ns: Option<u64>,
    /// Threads that drove workers.
    pub threads: Option<u64>,
    /// True where calls were due by the clock.
    pub is_open_load: bool,
    /// How well the schedule was kept. Open load only.
    pub schedule: Schedule,
    /// The bound on calls in flight. Open load only.
    pub pool: Pool,
    /// CPU time spent inside calls, in nanoseconds: what the operation computed, not what the runner needed for it.
    pub guest_ns: Option<u64>,
    /// From when a worker was ready to go on to when its thread came to it.
    pub poll_delay: Spread,
    /// The calls that waited for something: an answer, a timer.
    pub waiting: Waiting,
    /// What requests met before they could be sent.
    pub connections: Connections,
    /// Spans in which the runner did not run, in the order of time.
    pub gaps: Vec<Gap>,
    /// What the operating system tells of the process and its machine.
    pub system: SystemReadings,
}

/// Durations by rank. The percentiles are the samples of that rank, however few there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Spread {
    /// Durations measured.
    pub samples: Option<u64>,
    /// Their median in nanoseconds.
    pub p50_ns: Option<u64>,
    /// What one in a hundred exceeds, in nanoseconds.
    pub p99_ns: Option<u64>,
    /// The longest in nanoseconds.
    pub max_ns: Option<u64>,
}

/// How well the schedule of an open load was kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Schedule {
    /// Calls that fell due.
    pub due: Option<u64>,
    /// From when a call was due to when it started.
    pub lag: Spread,
    /// Calls that fell due while the runner itself stood still, and were not made.
    pub missed: Option<u64>,
    /// Calls that were due and had not started at the end for want of a worker or a thread. Those that an interruption
    /// or a rule kept from starting are not the runner's fault and are not among them.
    pub not_started: Option<u64>,
}

/// The bound on calls in flight of an open load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Pool {
    /// The most calls that could be in flight, where there was a bound.
    pub limit: Option<u64>,
    /// Whether a call that was due found all of them busy.
    pub is_limit_hit: Option<bool>,
    /// How long calls waited for that, together, in nanoseconds.
    pub waited_ns: Option<u64>,
}

/// Calls that waited for something outside the operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Waiting {
    /// How many calls did. 0 for an operation that only computes.
    pub calls: Option<u64>,
    /// The median of their service time in nanoseconds.
    pub service_p50_ns: Option<u64>,
}

/// Connections, as the HTTP client saw them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Connections {
    /// How long requests waited for a connection to become free, together, in nanoseconds.
    pub blocked_ns: Option<u64>,
    /// Responses received.
    pub responses: Option<u64>,
    /// The most connections opened within a second.
    pub opened_per_s_peak: Option<u64>,
}

/// A span in which the runner did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// When it began, in nanoseconds of the run's clock. For [`GapKind::Suspended`] only to within a sample.
    pub from_ns: u64,
    /// How long it was. The run's clock stands still while a machine is suspended, so of such a gap nothing is seen in
    /// it.
    pub length_ns: u64,
    /// What happened.
    pub kind: GapKind,
}

/// Why the runner did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// No thread of it ran: it was stopped, or had no CPU.
    Stopped,
    /// The whole machine slept.
    Suspended,
}

/// What the operating system tells.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SystemReadings {
    /// CPUs the process may use: those it may run on, or the quota of its cgroup, which may be a fraction.
    pub cpus: Option<f64>,
    /// CPU time of the process in its own code, guests included, in nanoseconds.
    pub user_ns: Option<u64>,
    /// CPU time of the process in the kernel, in nanoseconds.
    pub system_ns: Option<u64>,
    /// The largest share (0 to 1) of its CPUs that the process used in any second.
    pub cpu_share_peak: Option<f64>,
    /// How often a thread lost its CPU before it had finished.
    pub involuntary_switches: Option<u64>,
    /// How long threads of the process were ready and waited for a CPU, together, in nanoseconds.
    pub run_queue_ns: Option<u64>,
    /// How long the cgroup's CPU quota kept the process from running, in nanoseconds.
    pub throttled_ns: Option<u64>,
    /// The time for which the CPUs that the process may run on were busy, whoever used them, in nanoseconds.
    pub busy_ns: Option<u64>,
    /// The largest share (0 to 1) of that in any second.
    pub busy_share_peak: Option<f64>,
    /// The time for which the same CPUs had work and the hypervisor ran somebody else, in nanoseconds.
    pub steal_ns: Option<u64>,
    /// The most open files at any sample.
    pub descriptors_peak: Option<u64>,
    /// Open files allowed.
    pub descriptors_limit: Option<u64>,
    /// Local ports that outgoing connections may use.
    pub ports: Option<u64>,
    /// The most TCP sockets at any sample, those in `TIME_WAIT` included, of whatever process shares the network.
    pub sockets_peak: Option<u64>,
    /// The most of them in `TIME_WAIT`.
    pub time_wait_peak: Option<u64>,
    /// The farthest that the time of day moved against the clock that durations are measured with.
    pub wall_drift: Option<WallDrift>,
    /// Spans in which the machine was suspended, until [`Readings::with_system`] moves them to [`Readings::gaps`].
    pub suspended: Vec<Gap>,
}

/// How far the time of day strayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WallDrift {
    /// By how much, forwards or backwards, in nanoseconds.
    pub by_ns: u64,
    /// When that was seen, in nanoseconds of the run's clock.
    pub at_ns: u64,
}

impl SystemReadings {
    /// All CPU time of the process, in nanoseconds.
    pub fn cpu_ns(&self) -> Option<u64> {
        Some(self.user_ns?.saturating_add(self.system_ns?))
    }
}

impl Readings {
    /// Takes over what the operating system told, and puts its gaps among the others.
    #[must_use]
    pub fn with_system(mut self, mut system: SystemReadings) -> Readings {
        self.gaps.append(&mut system.suspended);
        self.gaps.sort_by_key(|gap| gap.from_ns);
        self.system = system;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(from_ns: u64, kind: GapKind) -> Gap {
        Gap {
            from_ns,
            length_ns: 1,
            kind,
        }
    }

    #[test]
    fn readings_are_read_back_as_they_were_written() {
        let readings = Readings {
            elapsed_ns: Some(10),
            gaps: vec![gap(3, GapKind::Stopped)],
            ..Readings::default()
        };
        let readings = readings.with_system(SystemReadings {
            cpus: Some(1.5),
            wall_drift: Some(WallDrift { by_ns: 7, at_ns: 8 }),
            suspended: vec![gap(2, GapKind::Suspended)],
            ..SystemReadings::default()
        });
        let text = serde_json::to_string(&readings).unwrap();
        assert_eq!(serde_json::from_str::<Readings>(&text).unwrap(), readings);
        assert!(text.contains(r#""kind":"suspended""#), "{text}");
    }

    #[test]
    fn what_an_older_version_did_not_write_is_unknown() {
        let readings: Readings = serde_json::from_str(r#"{"is_open_load":true}"#).unwrap();
        let unknown = Readings {
            is_open_load: true,
            ..Readings::default()
        };
        assert_eq!(readings, unknown);
    }

    #[test]
    fn gaps_of_both_kinds_are_in_the_order_of_time() {
        let readings = Readings {
            gaps: vec![gap(1, GapKind::Stopped), gap(9, GapKind::Stopped)],
            ..Readings::default()
        };
        let system = SystemReadings {
            suspended: vec![gap(5, GapKind::Suspended)],
            ..SystemReadings::default()
        };
        let times: Vec<u64> = readings
            .with_system(system)
            .gaps
            .iter()
            .map(|gap| gap.from_ns)
            .collect();
        assert_eq!(times, [1, 5, 9]);
    }
}
