//! The summary for programs: one JSON document, `gorgon.summary/0`.

mod document;

pub use document::*;

use std::io;

use super::notes;
use super::view::RunView;
use crate::stats::{self, Distribution, Quantile, Summary, facts};
use crate::thresholds as rules;
use crate::watch;

/// Name and version of the format. The version counts what breaks readers; additions do not.
pub const SCHEMA: &str = "gorgon.summary/0";

/// Writes the document of a run with everything that is known of it.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, run: &RunView) -> io::Result<()> {
    crate::report::document::write(out, &whole_document(run))
}

/// The document of a run with everything that is known of it.
pub fn whole_document(run: &RunView) -> Document {
    Document {
        exit_code: run.exit_code,
        thresholds: thresholds(&run.rules),
        ..document(&run.summary)
    }
}

/// The document of a run. Its exit code and [`thresholds`] are not known here and left out.
pub fn document(summary: &Summary) -> Document {
    let facts = &summary.facts;
    Document {
        schema: SCHEMA.to_owned(),
        status: match facts.status {
            facts::Status::Completed => Status::Completed,
            facts::Status::Interrupted => Status::Interrupted,
            facts::Status::Aborted => Status::Aborted,
            facts::Status::Incomplete => Status::Incomplete,
        },
        exit_code: None,
        run: run(facts),
        components: facts.components.iter().map(component).collect(),
        calls: calls(summary),
        totals: Totals {
            completed: summary.done(),
            throughput_per_s: summary.rate_per_s(),
            ok_per_s: summary.ok_per_s(),
            latency: latency(&summary.latency),
        },
        tags: summary.rows.iter().map(|row| tag(summary, row)).collect(),
        failures: summary
            .failures
            .iter()
            .map(|kind| failure(summary, kind))
            .collect(),
        failures_beyond: summary.failures_beyond,
        counters: summary
            .counters
            .iter()
            .map(|one| counter(summary, one))
            .collect(),
        checks: summary.checks.iter().map(check).collect(),
        thresholds: Vec::new(),
        verdict: verdict(facts),
        readings: facts.runner.clone(),
        shape: Shape {
            modes_ns: facts.shape.modes_ns.clone(),
            drift: facts
                .shape
                .drift_ns
                .map(|(from_ns, to_ns)| Drift { from_ns, to_ns }),
        },
        agreement: facts.agreement.as_ref().map(|of| agreement(summary, of)),
        notes: notes::notes(summary).into_iter().map(note).collect(),
        http: facts.http.as_ref().map(http),
        instances: Instances {
            created: facts.instances.created,
            replaced: facts.instances.replaced,
            memory_peak_bytes: facts.instances.memory_peak_bytes,
        },
        lifecycle: facts.lifecycle.map(|of| Lifecycle {
            starts: of.starts,
            start_ns: of.start_ns,
            requests: of.requests,
        }),
        log: Log {
            lines: facts.log.lines,
            dropped: facts.log.dropped,
        },
        denied: facts.denied.iter().map(denied).collect(),
        runners: Vec::new(),
    }
}

/// A verdict's word.
pub(super) fn verdict_state(state: watch::State) -> VerdictState {
    match state {
        watch::State::Valid => VerdictState::Valid,
        watch::State::Degraded => VerdictState::Degraded,
        watch::State::Invalid => VerdictState::Invalid,
    }
}

fn verdict(facts: &facts::RunFacts) -> Verdict {
    let Some(verdict) = &facts.verdict else {
        return Verdict {
            state: VerdictState::NotAssessed,
            reasons: Vec::new(),
        };
    };
    let reasons = verdict.reasons.iter().map(|reason| Reason {
        id: reason.id.clone(),
        state: verdict_state(reason.state),
        text: reason.text.clone(),
    });
    Verdict {
        state: verdict_state(verdict.state),
        reasons: reasons.collect(),
    }
}

/// The rules a run was held to, for [`Document::thresholds`].
pub fn thresholds(evaluated: &[rules::Evaluated]) -> Vec<Threshold> {
    evaluated.iter().map(threshold).collect()
}

fn threshold(of: &rules::Evaluated) -> Threshold {
    let verdict = &of.verdict;
    let known = |is_bound: bool| {
        let measured = verdict.measured.filter(|of| of.is_lower_bound == is_bound);
        measured.map(|of| quantity(of.quantity))
    };
    Threshold {
        rule: of.threshold.to_string(),
        result: match verdict.result {
            rules::ThresholdResult::Pass => ThresholdResult::Pass,
            rules::ThresholdResult::Fail => ThresholdResult::Fail,
            rules::ThresholdResult::NoData => ThresholdResult::NoData,
        },
        measured: known(false),
        at_least: known(true),
        reason: verdict.reason.clone(),
    }
}

fn quantity(of: rules::Quantity) -> Quantity {
    match of {
        rules::Quantity::Ns(ns) => Quantity::Ns(ns),
        rules::Quantity::Share { part, whole } => {
            Quantity::Share(rules::Quantity::ratio(part, whole))
        }
        rules::Quantity::Count(count) => Quantity::Count(count),
        rules::Quantity::PerS(per_s) => Quantity::PerS(per_s),
    }
}

fn phases(of: &facts::Phases) -> Phases {
    Phases {
        blocked_ns: of.blocked_ns,
        dns_ns: of.dns_ns,
        connect_ns: of.connect_ns,
        tls_ns: of.tls_ns,
        send_ns: of.send_ns,
        wait_ns: of.wait_ns,
        receive_ns: of.receive_ns,
    }
}

/// The JSON Schema of [`Document`], draft 2020-12.
pub fn schema() -> serde_json::Value {
    crate::report::document::schema::<Document>()
}

fn run(facts: &facts::RunFacts) -> Run {
    let (load, limits, host) = (&facts.load, &facts.limits, &facts.host);
    let (model, workers) = match load.model {
        facts::Model::Closed => (Model::Closed, Some(load.workers)),
        facts::Model::Open => (
            Model::Open,
            Some(load.workers).filter(|&workers| workers > 0),
        ),
    };
    Run {
        id: facts.run_id.clone(),
        started: facts.started.clone(),
        elapsed_ns: facts.elapsed_ns,
        window_ns: facts.window_ns,
        command: facts.command.clone(),
        gorgon: facts.gorgon.clone(),
        wasmtime: facts.wasmtime.clone(),
        seed: load.seed.to_string(),
        load: Load {
            model,
            workers,
            threads: load.threads,
            calls: load.calls,
            duration_ns: load.duration_ns,
            rate: load.rate.clone(),
            arrivals: load.arrivals.clone(),
            warm_up: load.warm_up.clone(),
            think_ns: load.think_ns,
            weights: load.weights.clone(),
            side_by_side: load.side_by_side,
        },
        limits: Limits {
            memory_bytes: limits.memory_bytes,
            timeout_ns: limits.timeout_ns,
            allow_hosts: limits.allow_hosts.clone(),
        },
        host: Host {
            os: host.os.clone(),
            cpus: host.cpus,
            memory_bytes: host.memory_bytes,
        },
    }
}

fn component(of: &facts::Component) -> Component {
    Component {
        name: of.name.clone(),
        path: of.path.clone(),
        sha256: of.sha256.clone(),
        bytes: of.bytes,
        world: of.world.clone(),
        kind: of.kind.clone(),
        memory_peak_bytes: of.memory_peak_bytes,
    }
}

fn calls(summary: &Summary) -> Calls {
    let accounting = &summary.facts.accounting;
    Calls {
        asked: accounting.asked,
        done: accounting.done,
        missed: accounting.missed,
        not_started: accounting.not_started,
        unfinished: accounting.unfinished,
        warmup_done: accounting.warmup_done,
        ok: summary.count(stats::Outcome::Ok),
        fail: summary.count(stats::Outcome::Fail),
        fault: summary.count(stats::Outcome::Fault),
    }
}

fn latency(of: &stats::Latency) -> Latency {
    Latency {
        service: durations(&of.service),
        lag: of.lag.as_ref().map(durations),
        response: durations(of.felt()),
    }
}

fn durations(of: &Distribution) -> Durations {
    let whole = |ns: f64| ns.round() as u64;
    Durations {
        count: of.ended.len(),
        censored: of.censored.len(),
        min_ns: of.ended.min(),
        mean_ns: of.ended.mean().map(whole),
        stdev_ns: of.ended.stdev().map(whole),
        max_ns: of.ended.max(),
        percentiles: of.percentiles().into_iter().map(percentile).collect(),
        hdr_v2_deflate_base64: of.ended.v2_deflate_base64(),
    }
}

fn percentile(of: stats::Percentile) -> Percentile {
    let (ns, at_least_ns) = match of.value {
        Some(Quantile::Exact(ns)) => (Some(ns), None),
        Some(Quantile::AtLeast(ns)) => (None, Some(ns)),
        None => (None, None),
    };
    Percentile {
        p: of.p,
        ns,
        at_least_ns,
        samples_beyond: of.samples_beyond,
    }
}

fn tag(summary: &Summary, row: &stats::Row) -> Tag {
    let measurement = |of: &stats::Measurement| Measurement {
        name: of.name.clone(),
        durations: durations(&of.samples),
    };
    Tag {
        component: summary.operation(row.key.operation).to_owned(),
        tag: row.key.tag.clone(),
        outcome: outcome(row.key.outcome),
        count: row.count,
        share: summary.share(row.count).unwrap_or(0.0),
        throughput_per_s: summary.row_per_s(row),
        first_at_ns: row.first_ns,
        latency: latency(&row.latency),
        measurements: row.measurements.iter().map(measurement).collect(),
    }
}

fn outcome(of: stats::Outcome) -> Outcome {
    match of {
        stats::Outcome::Ok => Outcome::Ok,
        stats::Outcome::Fail => Outcome::Fail,
        stats::Outcome::Fault => Outcome::Fault,
    }
}

fn failure(summary: &Summary, of: &stats::Failure) -> Failure {
    Failure {
        component: summary.operation(of.key.operation).to_owned(),
        tag: of.key.tag.clone(),
        outcome: outcome(of.key.outcome),
        message: of.message.clone(),
        count: of.count,
        first: FirstFailure {
            number: of.first.number.to_string(),
            worker: of.first.worker,
            at_ns: of.first.at_ns,
        },
    }
}

fn agreement(summary: &Summary, of: &stats::Agreement) -> Agreement {
    let said = |said: &stats::Said| Said {
        component: summary.operation(said.operation).to_owned(),
        tag: said.tag.clone(),
        outcome: outcome(said.outcome),
    };
    let difference = |of: &stats::Difference| Difference {
        number: of.number.to_string(),
        answers: of.said.iter().map(said).collect(),
    };
    Agreement {
        compared: of.compared,
        differing: of.differing,
        first: of.first.iter().map(difference).collect(),
    }
}

fn counter(summary: &Summary, of: &stats::Counter) -> Counter {
    Counter {
        name: of.name.clone(),
        total: of.total,
        total_per_s: summary.counter_per_s(of),
    }
}

fn check(of: &stats::Check) -> Check {
    Check {
        name: of.name.clone(),
        passed: of.passed,
        failed: of.failed,
    }
}

fn note(of: notes::Note) -> Note {
    Note {
        level: if of.is_warning {
            NoteLevel::Warning
        } else {
            NoteLevel::Info
        },
        text: of.text,
    }
}

fn http(of: &facts::Traffic) -> Http {
    Http {
        requests: of.requests,
        responses: of.responses,
        connections_opened: of.connections_opened,
        reused_requests: of.reused_requests,
        bytes_sent: of.bytes_sent,
        bytes_received: of.bytes_received,
        errors: of.errors.clone(),
        phases: phases(&of.phases),
    }
}

fn denied(of: &facts::Denied) -> Denied {
    Denied {
        target: of.target.clone(),
        count: of.count,
    }
}

#[cfg(test)]
mod tests;
