//! The shape of the JSON summary, `gorgon.summary/0`. Its schema is generated from here.
//!
//! Rules: names are in snake_case; durations are whole nanoseconds in fields that end in `_ns`, rates are per second in
//! fields that end in `_per_s`; numbers of calls and seeds are strings, since they may exceed what a double holds; what
//! was not measured is null or absent and never 0; readers ignore fields they do not know.

use schemars::JsonSchema;
use serde::Serialize;

use std::collections::BTreeMap;

use crate::watch::Readings;

/// The result of a run of gorgon.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "gorgon.summary/0")]
pub struct Document {
    /// Name and version of this format: `gorgon.summary/0`. To be checked first.
    pub schema: String,
    /// How the run ended.
    pub status: Status,
    /// What the process exits with, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<u8>,
    /// What was run, where and when.
    pub run: Run,
    /// The operations.
    pub components: Vec<Component>,
    /// What became of every call: `asked = done + missed + not_started + unfinished` and `done = ok + fail + fault`.
    pub calls: Calls,
    /// All calls together.
    pub totals: Totals,
    /// The calls by operation, outcome and tag; of each operation the most frequent first. Their counts add up to
    /// `calls.done`.
    pub tags: Vec<Tag>,
    /// What failed calls said, equal messages of a tag together, the most frequent first.
    pub failures: Vec<Failure>,
    /// Failures of further kinds, which are only counted.
    pub failures_beyond: u64,
    /// The operation's counters, by name.
    pub counters: Vec<Counter>,
    /// The operation's checks, by name.
    pub checks: Vec<Check>,
    /// The rules the run was held to, in the order they were given in.
    pub thresholds: Vec<Threshold>,
    /// Whether the figures can be trusted.
    pub verdict: Verdict,
    /// What the runner saw of itself and of its machine, which the verdict follows from; null where it did not look.
    pub readings: Option<Readings>,
    /// What the durations look like beyond their figures.
    pub shape: Shape,
    /// Whether operations that had the same numbers answered alike; null where that was not asked for.
    pub agreement: Option<Agreement>,
    /// Remarks.
    pub notes: Vec<Note>,
    /// What went over HTTP; null where the operation cannot use it.
    pub http: Option<Http>,
    /// The sandboxes made.
    pub instances: Instances,
    /// What was done around the calls; null where the operation has no life cycle.
    pub lifecycle: Option<Lifecycle>,
    /// What the operation logged.
    pub log: Log,
    /// What the operation wanted and was not granted.
    pub denied: Vec<Denied>,
    /// The machines that made the calls, where there were others than this one.
    pub runners: Vec<Runner>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It did what was asked.
    Completed,
    /// Somebody stopped it.
    Interrupted,
    /// It ended itself before its time.
    Aborted,
    /// Nobody knows: this is what it had saved when it was read.
    Incomplete,
}

/// What was run, where and when.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Run {
    /// The name of the run.
    pub id: String,
    /// When it started, as RFC 3339 has it.
    pub started: String,
    /// From the first call to the last end, the warm-up left out.
    pub elapsed_ns: u64,
    /// The part of it that rates are computed over.
    pub window_ns: u64,
    /// The command line.
    pub command: Vec<String>,
    /// The version of gorgon.
    pub gorgon: String,
    /// The version of wasmtime.
    pub wasmtime: String,
    /// The seed of everything random.
    pub seed: String,
    /// The load asked for.
    pub load: Load,
    /// What a call was allowed.
    pub limits: Limits,
    /// The machine the load came from.
    pub host: Host,
}

/// The load asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Load {
    /// When calls are made.
    pub model: Model,
    /// Workers; in open load the bound on calls in flight, null for none.
    pub workers: Option<u64>,
    /// Threads that drove them.
    pub threads: u64,
    /// The number of calls, where one was given.
    pub calls: Option<u64>,
    /// The duration, where one was given.
    pub duration_ns: Option<u64>,
    /// The rate, in open load.
    pub rate: Option<String>,
    /// How calls arrive in open load: `uniform` or `poisson`.
    pub arrivals: Option<String>,
    /// The warm-up, where one was asked for.
    pub warm_up: Option<String>,
    /// How long a worker waits between two calls, in closed load.
    pub think_ns: u64,
    /// The weights of the operations; empty where there is only one.
    pub weights: Vec<u64>,
    /// Whether every operation had a call of each number, to be compared; `calls` are those of all together.
    pub side_by_side: bool,
}

/// When calls are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// A worker makes its next call when one has ended.
    Closed,
    /// Calls are due by the clock.
    Open,
}

/// What a call was allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Limits {
    /// Memory of one instance.
    pub memory_bytes: u64,
    /// Time of one call.
    pub timeout_ns: u64,
    /// Hosts beyond loopback, as they were granted.
    pub allow_hosts: Vec<String>,
}

/// The machine the load came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Host {
    /// The operating system.
    pub os: String,
    /// Processors usable by the process.
    pub cpus: u64,
    /// Memory, where known.
    pub memory_bytes: Option<u64>,
}

/// A file with an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Component {
    /// The name it goes by.
    pub name: String,
    /// Where it was read from.
    pub path: String,
    /// The SHA-256 of the file in lower-case hexadecimal.
    pub sha256: String,
    /// The length of the file.
    pub bytes: u64,
    /// The world or interface it was used through.
    pub world: String,
    /// The kind of file.
    pub kind: String,
    /// The most memory that one of its instances had, where known.
    pub memory_peak_bytes: Option<u64>,
}

/// What became of every call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Calls {
    /// The calls asked for.
    pub asked: u64,
    /// Those that ended.
    pub done: u64,
    /// Those that fell due while the runner itself slept.
    pub missed: u64,
    /// Those that were still to start when the run ended.
    pub not_started: u64,
    /// Those that had started and not ended when the grace was over.
    pub unfinished: u64,
    /// Calls of the warm-up that ended, which are not among those asked for.
    pub warmup_done: u64,
    /// Those done that the operation calls a success.
    pub ok: u64,
    /// Those done that the operation calls a failure.
    pub fail: u64,
    /// Those done that the host had to end.
    pub fault: u64,
}

/// All calls together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Totals {
    /// Calls that ended; the same as `calls.done`.
    pub completed: u64,
    /// Calls that ended inside the window, divided by it; null where the window has no length.
    pub throughput_per_s: Option<f64>,
    /// The same of the calls that succeeded.
    pub ok_per_s: Option<f64>,
    /// How long they took.
    pub latency: Latency,
}

/// How long calls took.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Latency {
    /// Start to end.
    pub service: Durations,
    /// Due to start; null in closed load, where it does not exist.
    pub lag: Option<Durations>,
    /// Due to end; in closed load the same as `service`.
    pub response: Durations,
}

/// The figures of one histogram.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Durations {
    /// How many there are. Calls that never ran have none.
    pub count: u64,
    /// Calls that never ended, of which only a bound is known. They rank in the percentiles, but enter nothing else.
    pub censored: u64,
    /// The shortest.
    pub min_ns: Option<u64>,
    /// The mean.
    pub mean_ns: Option<u64>,
    /// The standard deviation.
    pub stdev_ns: Option<u64>,
    /// The longest.
    pub max_ns: Option<u64>,
    /// Percentiles, in ascending order.
    pub percentiles: Vec<Percentile>,
    /// The histogram in HdrHistogram's V2 format with DEFLATE, in base64. It holds nanoseconds with three digits, from
    /// 1 ns to 1 h; what is longer is counted as 1 h.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hdr_v2_deflate_base64: Option<String>,
}

/// A percentile and what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Percentile {
    /// Which one, 0 to 100.
    pub p: f64,
    /// Its value, to three digits; null where fewer than ten samples lie beyond it, or only a bound is known.
    pub ns: Option<u64>,
    /// A lower bound of it, where calls that never ended leave no more to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least_ns: Option<u64>,
    /// Samples beyond it, calls that never ended among them.
    pub samples_beyond: u64,
}

/// The calls of one operation that ended with one outcome and tag.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Tag {
    /// The name of the operation's component.
    pub component: String,
    /// The tag. One that begins with `!` is the host's; a guest's own `!` or `\` at the beginning has a `\` before it.
    pub tag: String,
    /// How the calls ended.
    pub outcome: Outcome,
    /// How many there are.
    pub count: u64,
    /// The share of all calls that ended, 0 to 1.
    pub share: f64,
    /// Those that ended inside the window, divided by it.
    pub throughput_per_s: Option<f64>,
    /// When the first of them ended, since the run started.
    pub first_at_ns: u64,
    /// How long they took.
    pub latency: Latency,
    /// What the operation measured inside of them, by name.
    pub measurements: Vec<Measurement>,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The operation calls it a success.
    Ok,
    /// The operation calls it a failure.
    Fail,
    /// The host had to end it.
    Fault,
}

/// A named part of calls.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Measurement {
    /// The name.
    pub name: String,
    /// Its samples.
    pub durations: Durations,
}

/// Failures with one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    /// The name of the operation's component.
    pub component: String,
    /// The tag of the calls.
    pub tag: String,
    /// How they ended.
    pub outcome: Outcome,
    /// What they said.
    pub message: String,
    /// How many there are.
    pub count: u64,
    /// The earliest.
    pub first: FirstFailure,
}

/// The earliest failure of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FirstFailure {
    /// The number of the call.
    pub number: String,
    /// The worker that made it.
    pub worker: u32,
    /// When, since the run started.
    pub at_ns: u64,
}

/// A counter of the operation's.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Counter {
    /// Its name.
    pub name: String,
    /// Its sum.
    pub total: u64,
    /// The sum divided by the length of the run.
    pub total_per_s: Option<f64>,
}

/// A check of the operation's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// Times it passed.
    pub passed: u64,
    /// Times it failed.
    pub failed: u64,
}

/// A rule the run was held to. It says what fails the run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Threshold {
    /// The rule, in its canonical form: `p99 > 150ms`.
    pub rule: String,
    /// What came of it.
    pub result: ThresholdResult,
    /// What was measured; null where nothing was, or only a bound is known.
    pub measured: Option<Quantity>,
    /// A lower bound of it, where calls that never ended leave no more to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Quantity>,
    /// Why there is no data, in English and not for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A figure with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "unit", content = "value", rename_all = "snake_case")]
pub enum Quantity {
    /// Nanoseconds.
    Ns(u64),
    /// A part of a whole, 0 to 1.
    Share(f64),
    /// A number of calls, or of what a counter counts.
    Count(u64),
    /// How many in a second.
    PerS(f64),
}

/// What came of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdResult {
    /// The rule was kept.
    Pass,
    /// The rule was broken, and the run with it.
    Fail,
    /// There is not enough to tell.
    NoData,
}

/// Whether the figures can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// The verdict.
    pub state: VerdictState,
    /// What led to it, the gravest first.
    pub reasons: Vec<Reason>,
}

/// Something that puts the figures in doubt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reason {
    /// Its name, which does not change: `lag`, `poll_delay`, `run_queue`.
    pub id: String,
    /// The verdict that would follow from it alone.
    pub state: VerdictState,
    /// What it is, in English and not for programs.
    pub text: String,
}

/// What the durations look like beyond their figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Shape {
    /// The durations around which calls gather; empty where there is one group, or no telling.
    pub modes_ns: Vec<u64>,
    /// How the median went from the beginning of the run to its end; null where it did not drift.
    pub drift: Option<Drift>,
}

/// A median that drifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Drift {
    /// The median of the first quarter.
    pub from_ns: u64,
    /// That of the last.
    pub to_ns: u64,
}

/// A verdict on the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictState {
    /// Nothing speaks against them.
    Valid,
    /// They are to be taken with the reasons given.
    Degraded,
    /// They say more about the runner than about what it measured.
    Invalid,
    /// Nobody looked.
    NotAssessed,
}

/// Whether operations that had the same numbers answered alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Agreement {
    /// Numbers that every operation has answered.
    pub compared: u64,
    /// Those of them that were not answered alike.
    pub differing: u64,
    /// The lowest of those.
    pub first: Vec<Difference>,
}

/// A number that was not answered alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// The number.
    pub number: String,
    /// What each operation answered.
    pub answers: Vec<Said>,
}

/// What an operation answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Said {
    /// The name of the operation's component.
    pub component: String,
    /// The tag.
    pub tag: String,
    /// How the call ended.
    pub outcome: Outcome,
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Note {
    /// How much it matters.
    pub level: NoteLevel,
    /// A sentence without full stop, in English and not for programs.
    pub text: String,
}

/// How much a remark matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteLevel {
    /// It may change what the figures mean.
    Warning,
    /// It explains.
    Info,
}

/// What went over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Http {
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
    /// Where the time of the responses went, all together; divided by `responses` it is the mean.
    pub phases: Phases,
}

/// The sandboxes made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Instances {
    /// How many were made, replacements included.
    pub created: u64,
    /// How many took the place of one that was thrown away.
    pub replaced: u64,
    /// The most memory that one of them had, where known.
    pub memory_peak_bytes: Option<u64>,
}

/// The time of all responses together, by phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
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

/// What was done around the calls by an operation that has a life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Lifecycle {
    /// Instances that were started.
    pub starts: u64,
    /// How long their `start` took, all together.
    pub start_ns: u64,
    /// Requests made in `setup`, `start`, `stop` and `teardown`. They are in `http` too.
    pub requests: u64,
}

/// What the operation logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Log {
    /// Lines written.
    pub lines: u64,
    /// Those of them that were too much to keep.
    pub dropped: u64,
}

/// Something the operation wanted and was not granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Denied {
    /// What it was.
    pub target: String,
    /// How often it was tried.
    pub count: u64,
}

/// A machine that made calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Runner {
    /// Its name.
    pub name: String,
    /// Calls it has ended.
    pub done: u64,
}
