//! What the caller knows about a run and the recorders do not: plain data, filled in once the run is over.

use std::collections::BTreeMap;

/// How a run ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// It did what was asked.
    #[default]
    Completed,
    /// Somebody stopped it.
    Interrupted,
    /// It ended itself before its time, as told to by a rule or because it could not go on.
    Aborted,
}

/// When calls are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Model {
    /// A worker makes its next call when one has ended.
    #[default]
    Closed,
    /// Calls are due by the clock.
    Open,
}

/// A file with an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// The seed of everything random.
    pub seed: u64,
}

/// What a call was allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// Memory of one instance.
    pub memory_bytes: u64,
    /// Time of one call.
    pub timeout_ns: u64,
    /// Hosts beyond loopback, as they were granted.
    pub allow_hosts: Vec<String>,
}

/// The machine the load came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Host {
    /// The operating system, with its version where known.
    pub os: String,
    /// Processors usable by the process.
    pub cpus: u64,
    /// Memory, where known.
    pub memory_bytes: Option<u64>,
}

/// What became of every call: `asked = done + missed + not_started + unfinished`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Instances {
    /// How many were made, replacements included.
    pub created: u64,
    /// How many took the place of one that was thrown away.
    pub replaced: u64,
    /// The most memory that one of them had, where known.
    pub memory_peak_bytes: Option<u64>,
}

/// What went over HTTP.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// Instances that were started.
    pub starts: u64,
    /// How long their `start` took, all together.
    pub start_ns: u64,
    /// Requests made in `setup`, `start`, `stop` and `teardown`. They are in the HTTP traffic too.
    pub requests: u64,
}

/// What the operation logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Log {
    /// Lines written.
    pub lines: u64,
    /// Those of them that were too much to keep.
    pub dropped: u64,
}

/// Something the operation wanted and was not granted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Denied {
    /// What it was, in the form in which it can be granted.
    pub target: String,
    /// How often it was tried.
    pub count: u64,
}

/// Everything about a run that no recorder knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    /// Remarks of the runner, each a sentence without full stop.
    pub notes: Vec<String>,
}
