//! What a report says about a run besides its numbers: put together from all that took part.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::SystemTime;

use super::operation::{OperationArgs, Seed};
use crate::clock;
use crate::component::log::RunLog;
use crate::component::{Artifact, Totals};
use crate::engine::control::Cause;
use crate::engine::{Finished, Load};
use crate::http_client::{ErrorKind, Traffic};
use crate::redact;
use crate::report::format;
use crate::stats::{self, Recorder, RunFacts, Status};

/// Everything that knows something about the run.
pub(super) struct Collected<'a> {
    pub(super) args: &'a [OsString],
    pub(super) artifact: &'a Artifact,
    pub(super) operation: &'a OperationArgs,
    pub(super) load: &'a Load,
    pub(super) seed: Seed,
    pub(super) run_id: String,
    pub(super) started: SystemTime,
    pub(super) log: &'a RunLog,
    pub(super) totals: Totals,
    pub(super) cause: Option<&'a Cause>,
    /// When calls could start for the last time, on the run's clock, if the run ended early.
    pub(super) drained_ns: Option<u64>,
    pub(super) verbose: bool,
    pub(super) unused_parameters: Vec<String>,
}

impl Collected<'_> {
    /// The facts of the run, and what was recorded.
    pub(super) fn about(self, finished: Finished, notes: &[String]) -> (RunFacts, Recorder) {
        let counts = finished.counts;
        let around = self.totals.clone();
        let elapsed_ns = counts.last_end_ns;
        let (lines, dropped) = self.log.counts();
        let facts = RunFacts {
            command: redacted(self.args),
            gorgon: env!("CARGO_PKG_VERSION").to_owned(),
            wasmtime: env!("GORGON_WASMTIME_VERSION").to_owned(),
            components: vec![self.component()],
            load: self.load(),
            limits: self.limits(),
            host: host(),
            elapsed_ns,
            window_ns: self.window_ns(&finished, elapsed_ns),
            status: self.status(),
            accounting: stats::Accounting {
                asked: finished.asked,
                done: counts.done,
                missed: 0,
                not_started: finished.not_started,
                unfinished: counts.unfinished,
                warmup_done: 0,
            },
            instances: stats::Instances {
                created: self.totals.created,
                replaced: counts.replaced,
                memory_peak_bytes: Some(self.totals.memory_peak_bytes),
            },
            http: self
                .artifact
                .uses_http()
                .then(|| traffic(&self.totals.traffic, self.totals.phases)),
            lifecycle: self
                .artifact
                .has_lifecycle()
                .then_some(self.totals.lifecycle),
            log: stats::Log { lines, dropped },
            denied: finished
                .denied
                .into_targets()
                .map(|(target, count)| stats::Denied { target, count })
                .collect(),
            notes: self.notes(notes, lines, dropped),
            started: clock::rfc3339(self.started),
            run_id: self.run_id,
        };
        let mut recorder = finished.recorder;
        for (name, delta) in &around.counters {
            recorder.counter(name, *delta);
        }
        for (name, passed) in &around.checks {
            recorder.check(name, *passed);
        }
        (facts, recorder)
    }

    fn component(&self) -> stats::Component {
        stats::Component {
            name: self.artifact.short_name(),
            path: self.artifact.name().to_owned(),
            sha256: self.artifact.digest().to_owned(),
            bytes: self.artifact.size(),
            world: self.artifact.world().to_owned(),
            kind: "component".to_owned(),
        }
    }

    fn load(&self) -> stats::Load {
        stats::Load {
            model: stats::Model::Closed,
            workers: u64::from(self.load.workers),
            threads: self
                .load
                .threads
                .min(self.load.busy_workers().max(1) as usize) as u64,
            calls: self.load.calls,
            duration_ns: self
                .load
                .duration
                .map(|duration| duration.as_nanos() as u64),
            rate: None,
            seed: self.seed.value,
        }
    }

    fn limits(&self) -> stats::Limits {
        stats::Limits {
            memory_bytes: self.operation.memory,
            timeout_ns: self.operation.timeout.as_nanos() as u64,
            allow_hosts: self.operation.grants(),
        }
    }

    /// Rates are over the time in which calls could start: all of it, unless the run was ended.
    fn window_ns(&self, finished: &Finished, elapsed_ns: u64) -> u64 {
        let all_made = self.load.calls.is_some() && finished.not_started == 0;
        match self.drained_ns {
            Some(drained_ns) if !all_made => drained_ns,
            _ => elapsed_ns,
        }
    }

    fn status(&self) -> Status {
        match self.cause {
            Some(Cause::Interrupt | Cause::Terminate) => Status::Interrupted,
            Some(Cause::Abort(_)) => Status::Aborted,
            Some(Cause::Duration) | None => Status::Completed,
        }
    }

    fn about_the_log(&self, lines: u64, dropped: u64) -> String {
        let counted = format::plural(lines, "line", "lines");
        match (self.verbose, dropped) {
            (true, _) => format!("the operation logged {counted}"),
            (false, 0) => format!("the operation logged {counted}; `-v` shows them as they come"),
            (false, _) => {
                let dropped = format::count(dropped);
                format!(
                    "the operation logged {counted}, {dropped} of them not kept; `-v` shows all as they come"
                )
            }
        }
    }

    fn notes(&self, given: &[String], lines: u64, dropped: u64) -> Vec<String> {
        let mut notes = given.to_vec();
        if self.operation.is_insecure() {
            notes.push("`--insecure`: certificates were not checked".to_owned());
        }
        for name in &self.unused_parameters {
            notes.push(format!(
                "the operation never asked for the parameter `{name}`: is it spelt right?"
            ));
        }
        if lines > 0 {
            notes.push(self.about_the_log(lines, dropped));
        }
        notes
    }
}

/// The command line without secrets: a report is shown to others.
fn redacted(args: &[OsString]) -> Vec<String> {
    let text = |arg: &OsString| arg.to_string_lossy().into_owned();
    args.iter()
        .map(text)
        .map(|arg| redact::argument(&arg))
        .collect()
}

fn traffic(traffic: &Traffic, phases: stats::Phases) -> stats::Traffic {
    stats::Traffic {
        requests: traffic.requests + traffic.redirects,
        // The hops of a redirect are requests and responses of their own.
        responses: traffic.responses + traffic.redirects,
        connections_opened: traffic.connections_opened,
        reused_requests: traffic.connections_reused,
        bytes_sent: traffic.bytes_sent,
        bytes_received: traffic.bytes_received,
        errors: errors(traffic),
        phases,
    }
}

fn errors(traffic: &Traffic) -> BTreeMap<String, u64> {
    let counted = ErrorKind::ALL
        .iter()
        .map(|kind| (kind.name().to_owned(), traffic.errors_of(*kind)));
    counted.filter(|(_, count)| *count > 0).collect()
}

fn host() -> stats::Host {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let memory = std::fs::read_to_string("/proc/meminfo").ok();
    let memory = memory.and_then(|text| {
        text.lines()
            .next()?
            .split_whitespace()
            .nth(1)?
            .parse::<u64>()
            .ok()
    });
    stats::Host {
        os: format!("{} {}", std::env::consts::OS, release.trim())
            .trim_end()
            .to_owned(),
        cpus: std::thread::available_parallelism().map_or(0, usize::from) as u64,
        memory_bytes: memory.map(|kibibytes| kibibytes * 1024),
    }
}
