//! What the caller knows about a run and the recorders do not: plain data, filled in once the run is over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::watch::{Readings, Verdict};

/// How a run ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It did what was asked.
    #[default]
    Completed,
    /// Somebody stopped it.
    Interrupted,
    /// It ended itself before its time, as told to by a rule or because it could not go on.
    Aborted,
    /// Nobody knows: it is known from what it had saved when it was read.
    Incomplete,
}

/// When calls are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// A worker makes its next call when one has ended.
    #[default]
    Closed,
    /// Calls are due by the clock.
    Open,
}

/// A file with an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// The name it goes by in the report.
    pub name: String,
    /// Where it was read from.
    pub path: String,
    /// The SHA-256 of the file in lower-case hexadecimal.
    pub sha256: String,
    /// The length of the file.
    pub bytes: u64,
    /// The world or interface it was used through.
    pub world: String,
    /// The kind of file: component, command or core module.
    pub kind: String,
}

/// The load that was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// When calls are made.
    pub model: Model,
    /// Workers; in open load the bound on calls in flight, 0 for none.
    pub workers: u64,
    /// Threads that drove them.
    pub threads: u64,
    /// The number of calls asked for, where a number was given.
    pub calls: Option<u64>,
    /// The duration asked for, where one was given.
    pub duration_ns: Option<u64>,
    /// The rate as it was written, in open load.
    pub rate: Option<String>,
    /// How calls arrive in open load: `uniform` or `poisson`.
    pub arrivals: Option<String>,
    /// The warm-up asked for, as it was written.
    pub warm_up: Option<String>,
    /// How long a worker waits between two calls, in closed load.
    pub think_ns: u64,
    /// The weights of the operations, where there is a mix.
    pub weights: Vec<u64>,
    /// The seed of everything random.
    pub seed: u64,
}

/// What a call was allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Memory of one instance.
    pub memory_bytes: u64,
    /// Time of one call.
    pub timeout_ns: u64,
    /// Hosts beyond loopback, as they were granted.
    pub allow_hosts: Vec<String>,
}

/// The machine the load came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// The operating system, with its version where known.
    pub os: String,
    /// Processors usable by the process.
    pub cpus: u64,
    /// Memory, where known.
    pub memory_bytes: Option<u64>,
}

/// What became of every call: `asked = done + missed + not_started + unfinished`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounting {
    /// The calls asked for: `-n`; in open load those due before the end, if that is less; in closed load by time those
    /// started.
    pub asked: u64,
    /// Those that ended.
    pub done: u64,
    /// Those that fell due while the runner itself slept.
    pub missed: u64,
    /// Those that were still to start when the run ended.
    pub not_started: u64,
    /// Those that had started and not ended when the grace was over.
    pub unfinished: u64,
    /// Calls of the warm-up that ended. They are not among those asked for.
    pub warmup_done: u64,
}

/// The sandboxes made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instances {
    /// How many were made, replacements included.
    pub created: u64,
    /// How many took the place of one that was thrown away.
    pub replaced: u64,
    /// The most memory that one of them had, where known.
    pub memory_peak_bytes: Option<u64>,
}

/// What went over HTTP.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Requests made.
    pub requests: u64,
    /// Responses received.
    pub responses: u64,
    /// Connections opened.
    pub connections_opened: u64,
    /// Requests on a connection that had served before.
    pub reused_requests: u64,
    /// Bytes written.
    pub bytes_sent: u64,
    /// Bytes read.
    pub bytes_received: u64,
    /// Requests that got no response, by the kind of error.
    pub errors: BTreeMap<String, u64>,
    /// Where the time of the responses went.
    pub phases: Phases,
}

/// The time of all responses together, by phase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// Waiting for a connection to become free.
    pub blocked_ns: u64,
    /// Looking up names.
    pub dns_ns: u64,
    /// Opening TCP connections.
    pub connect_ns: u64,
    /// TLS handshakes.
    pub tls_ns: u64,
    /// Writing requests.
    pub send_ns: u64,
    /// From the last byte written to the first byte of the answer.
    pub wait_ns: u64,
    /// From the first byte of the answer to its last.
    pub receive_ns: u64,
}

impl Phases {
    /// Adds the times of other responses.
    pub fn add(&mut self, other: &Phases) {
        self.blocked_ns += other.blocked_ns;
        self.dns_ns += other.dns_ns;
        self.connect_ns += other.connect_ns;
        self.tls_ns += other.tls_ns;
        self.send_ns += other.send_ns;
        self.wait_ns += other.wait_ns;
        self.receive_ns += other.receive_ns;
    }
}

/// What was done around the calls by an operation that has a life cycle; none of it is in the calls' figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// Instances that were started.
    pub starts: u64,
    /// How long their `start` took, all together.
    pub start_ns: u64,
    /// Requests made in `setup`, `start`, `stop` and `teardown`. They are in the HTTP traffic too.
    pub requests: u64,
}

/// What the operation logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// Lines written.
    pub lines: u64,
    /// Those of them that were too much to keep.
    pub dropped: u64,
}

/// Something the operation wanted and was not granted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denied {
    /// What it was, in the form in which it can be granted.
    pub target: String,
    /// How often it was tried.
    pub count: u64,
}

/// Everything about a run that no recorder knows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunFacts {
    /// The command line.
    pub command: Vec<String>,
    /// The version of gorgon.
    pub gorgon: String,
    /// The version of wasmtime.
    pub wasmtime: String,
    /// The name of the run.
    pub run_id: String,
    /// When it started, as RFC 3339 has it.
    pub started: String,
    /// The operations, at the indices that the rows name.
    pub components: Vec<Component>,
    /// The load asked for.
    pub load: Load,
    /// The tags that were to count as success, where they were listed.
    #[serde(default)]
    pub expect: Option<Vec<String>>,
    /// What a call was allowed.
    pub limits: Limits,
    /// Where the load came from.
    pub host: Host,
    /// From the first call to the last end, the warm-up left out.
    pub elapsed_ns: u64,
    /// The part of it that rates are computed over.
    pub window_ns: u64,
    /// How the run ended.
    pub status: Status,
    /// What became of every call.
    pub accounting: Accounting,
    /// The sandboxes made.
    pub instances: Instances,
    /// What went over HTTP; `None` where the operation cannot use it.
    pub http: Option<Traffic>,
    /// What was done around the calls; `None` where the operation has no life cycle.
    pub lifecycle: Option<Lifecycle>,
    /// What the operation logged.
    pub log: Log,
    /// What it was not granted.
    pub denied: Vec<Denied>,
    /// What the runner saw of itself and of the machine; `None` where it did not look.
    pub runner: Option<Readings>,
    /// What follows from it.
    pub verdict: Option<Verdict>,
    /// How the durations look: modes, and how the median drifted.
    pub shape: Shape,
    /// Remarks of the runner, each a sentence without full stop.
    pub notes: Vec<String>,
}

impl RunFacts {
    /// Adds the facts of a run of the same load that went on elsewhere. Counts are added up; of times, the longest counts,
    /// since the runs went on side by side. What belongs to one runner alone, its verdict and the shape of its durations,
    /// is left out.
    pub fn add(&mut self, other: &RunFacts) {
        self.run_id = format!("{} + {}", self.run_id, other.run_id);
        self.elapsed_ns = self.elapsed_ns.max(other.elapsed_ns);
        self.window_ns = self.window_ns.max(other.window_ns);
        self.load.workers += other.load.workers;
        self.load.threads += other.load.threads;
        if self.status == Status::Completed {
            self.status = other.status;
        }
        self.accounting.add(&other.accounting);
        self.instances.created += other.instances.created;
        self.instances.replaced += other.instances.replaced;
        self.instances.memory_peak_bytes = self
            .instances
            .memory_peak_bytes
            .max(other.instances.memory_peak_bytes);
        match (&mut self.http, &other.http) {
            (Some(mine), Some(theirs)) => mine.add(theirs),
            (mine @ None, theirs) => mine.clone_from(theirs),
            (Some(_), None) => {}
        }
        self.log.lines += other.log.lines;
        self.log.dropped += other.log.dropped;
        (self.runner, self.verdict, self.shape) = (None, None, Shape::default());
        for note in &other.notes {
            if !self.notes.contains(note) {
                self.notes.push(note.clone());
            }
        }
    }
}

impl Accounting {
    fn add(&mut self, other: &Accounting) {
        self.asked += other.asked;
        self.done += other.done;
        self.missed += other.missed;
        self.not_started += other.not_started;
        self.unfinished += other.unfinished;
        self.warmup_done += other.warmup_done;
    }
}

impl Traffic {
    fn add(&mut self, other: &Traffic) {
        self.requests += other.requests;
        self.responses += other.responses;
        self.connections_opened += other.connections_opened;
        self.reused_requests += other.reused_requests;
        self.bytes_sent += other.bytes_sent;
        self.bytes_received += other.bytes_received;
        for (kind, count) in &other.errors {
            *self.errors.entry(kind.clone()).or_default() += count;
        }
        self.phases.add(&other.phases);
    }
}

/// What the durations of a run look like beyond their figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// The durations around which calls gather, in nanoseconds, if there is more than one.
    pub modes_ns: Vec<u64>,
    /// The median at the beginning and at the end of the run, in nanoseconds, if it drifted.
    pub drift_ns: Option<(u64, u64)>,
}
