//! What a report says about a run besides its numbers: put together from all that took part.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::SystemTime;

use super::operation::OperationArgs;
use crate::clock;
use crate::component::log::RunLog;
use crate::component::{Artifact, Parameters, Totals};
use crate::engine::control::Cause;
use crate::engine::{Feed, Finished};
use crate::http_client::{ErrorKind, Traffic};
use crate::monitor::Observed;
use crate::redact;
use crate::report::format;
use crate::stats::{self, RunFacts, Status, shape};
use crate::watch;

/// What is known before a run begins.
pub(super) struct Collected<'a> {
    pub(super) args: &'a [OsString],
    pub(super) artifacts: &'a [Artifact],
    pub(super) operation: &'a OperationArgs,
    pub(super) load: stats::Load,
    pub(super) expect: Option<Vec<String>>,
    pub(super) run_id: String,
    pub(super) started: SystemTime,
    pub(super) log: &'a RunLog,
    pub(super) verbose: bool,
}

impl Collected<'_> {
    /// The facts of a run that has not begun.
    pub(super) fn beforehand(&self) -> RunFacts {
        RunFacts {
            command: redacted(self.args),
            gorgon: env!("CARGO_PKG_VERSION").to_owned(),
            wasmtime: env!("GORGON_WASMTIME_VERSION").to_owned(),
            run_id: self.run_id.clone(),
            started: clock::rfc3339(self.started),
            components: self.artifacts.iter().map(component).collect(),
            load: self.load.clone(),
            expect: self.expect.clone(),
            limits: stats::Limits {
                memory_bytes: self.operation.memory,
                timeout_ns: self.operation.timeout.as_nanos() as u64,
                allow_hosts: self.operation.grants(),
            },
            host: host(),
            ..RunFacts::default()
        }
    }

    /// Adds what a run came to.
    pub(super) fn afterwards(
        &self,
        facts: &mut RunFacts,
        finished: &mut Finished,
        observed: &Observed,
        totals: &Totals,
        cause: Option<&Cause>,
    ) {
        let counts = finished.counts;
        facts.elapsed_ns = counts.last_end_ns.saturating_sub(finished.results_from_ns);
        facts.window_ns = window_ns(facts, finished);
        facts.status = match cause {
            Some(Cause::Interrupt | Cause::Terminate) => Status::Interrupted,
            Some(Cause::Abort(_)) => Status::Aborted,
            Some(Cause::Duration) | None => Status::Completed,
        };
        facts.accounting = stats::Accounting {
            asked: finished.asked,
            done: counts.done,
            missed: finished.missed,
            not_started: finished.not_started,
            unfinished: counts.unfinished,
            warmup_done: counts.warm_up_done,
        };
        facts.instances = stats::Instances {
            created: totals.created,
            replaced: counts.replaced,
            memory_peak_bytes: Some(totals.memory_peak_bytes),
        };
        let uses_http = self.artifacts.iter().any(Artifact::uses_http);
        facts.http = uses_http.then(|| traffic(&totals.traffic, totals.phases));
        let has_lifecycle = self.artifacts.iter().any(Artifact::has_lifecycle);
        facts.lifecycle = has_lifecycle.then_some(totals.lifecycle);
        let (lines, dropped) = self.log.counts();
        facts.log = stats::Log { lines, dropped };
        let denied = std::mem::take(&mut finished.denied);
        facts.denied = denied
            .into_targets()
            .map(|(target, count)| stats::Denied { target, count })
            .collect();
        facts.shape = shape_of(observed);
        let readings = super::readings::of(facts, finished, observed, totals);
        facts.verdict = Some(watch::judge(&readings));
        facts.runner = Some(readings);
    }

    /// Remarks on the run: those given, and what its parts have to say.
    pub(super) fn notes(
        &self,
        given: &[String],
        parameters: &Parameters,
        feed: &Feed,
    ) -> Vec<String> {
        let mut notes = given.to_vec();
        if self.operation.is_insecure() {
            notes.push("`--insecure`: certificates were not checked".to_owned());
        }
        for name in parameters.unused() {
            notes.push(format!(
                "the operation never asked for the parameter `{name}`: is it spelt right?"
            ));
        }
        if let Some(error) = feed.items.as_ref().and_then(|items| items.error()) {
            let why = error.causes().first().map(String::as_str).unwrap_or("");
            notes.push(format!("{}: {why}", error.what()));
        }
        let (lines, dropped) = self.log.counts();
        if lines > 0 {
            notes.push(self.about_the_log(lines, dropped));
        }
        notes
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
}

fn component(artifact: &Artifact) -> stats::Component {
    stats::Component {
        name: artifact.short_name(),
        path: artifact.name().to_owned(),
        sha256: artifact.digest().to_owned(),
        bytes: artifact.size(),
        world: artifact.world().to_owned(),
        kind: artifact.kind().to_owned(),
    }
}

/// Rates are over the time in which calls could start: all of it, unless the run was ended.
fn window_ns(facts: &RunFacts, finished: &Finished) -> u64 {
    let all_made = facts.load.calls.is_some() && finished.not_started == 0;
    match finished.drained_ns {
        Some(drained_ns) if !all_made => drained_ns.saturating_sub(finished.results_from_ns),
        _ => facts.elapsed_ns,
    }
}

fn shape_of(observed: &Observed) -> stats::Shape {
    let mut all = stats::Histogram::new();
    observed.batches.iter().for_each(|batch| all.merge(batch));
    let modes = shape::modes(&all);
    let batches: Vec<(u64, u64)> = observed
        .batches
        .iter()
        .filter_map(|batch| Some((batch.len(), batch.quantile(0.5)?)))
        .collect();
    stats::Shape {
        modes_ns: match &modes[..] {
            [] | [_] => Vec::new(),
            modes => modes.iter().map(|mode| mode.at_ns).collect(),
        },
        drift_ns: shape::drift(&batches).map(|drift| (drift.from_ns, drift.to_ns)),
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
