//! The result of a run in OpenMetrics' text format 1.0, for whatever collects metrics of CI jobs.
//!
//! <https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md>. Only types are used that
//! Prometheus' older text format has too, so that its push gateway and the text files of its node exporter take it as it is.
//! The number of series is bounded by the caps on tags and names. Calls that never ended are in no summary, and a quantile
//! that they leave in doubt is left out, as is one behind which too few samples stand.

mod exposition;

use std::io;

use self::exposition::{Exposition, Labels, seconds};
use super::view::RunView;
use crate::stats::{Distribution, Quantile, Summary};
use crate::thresholds::ThresholdResult;
use crate::watch::State;

/// Writes the metrics.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, run: &RunView) -> io::Result<()> {
    let mut to = Exposition::new(out);
    let summary = &run.summary;
    about(&mut to, run)?;
    calls(&mut to, summary)?;
    latency(&mut to, summary)?;
    by_row(&mut to, summary)?;
    by_name(&mut to, summary)?;
    http(&mut to, summary)?;
    judgements(&mut to, run)?;
    to.end()
}

fn about(to: &mut Exposition<'_>, run: &RunView) -> io::Result<()> {
    let facts = &run.summary.facts;
    to.gauge("gorgon_run_info", "What ran; always 1")?;
    let labels = [
        ("run", facts.run_id.clone()),
        ("started", facts.started.clone()),
        ("gorgon", facts.gorgon.clone()),
        ("operations", run.operations()),
    ];
    to.sample("", &labels, 1)?;
    to.seconds_gauge(
        "gorgon_elapsed_seconds",
        "From the first call to the last end",
    )?;
    to.sample("", &[], seconds(facts.elapsed_ns.into()))?;
    to.seconds_gauge(
        "gorgon_window_seconds",
        "The time that rates are computed over",
    )?;
    to.sample("", &[], seconds(facts.window_ns.into()))?;
    if let Some(code) = run.exit_code {
        to.gauge("gorgon_exit_code", "What the run ended with")?;
        to.sample("", &[], code)?;
    }
    Ok(())
}

fn calls(to: &mut Exposition<'_>, summary: &Summary) -> io::Result<()> {
    let accounting = &summary.facts.accounting;
    to.gauge(
        "gorgon_accounting",
        "What became of the calls asked for: asked = done + missed + not_started + unfinished",
    )?;
    for (state, count) in [
        ("asked", accounting.asked),
        ("done", accounting.done),
        ("missed", accounting.missed),
        ("not_started", accounting.not_started),
        ("unfinished", accounting.unfinished),
        ("warmup_done", accounting.warmup_done),
    ] {
        to.sample("", &[("state", state.to_owned())], count)?;
    }
    if let (Some(all), Some(ok)) = (summary.rate_per_s(), summary.ok_per_s()) {
        to.gauge(
            "gorgon_calls_per_second",
            "Calls that ended inside the window, divided by it",
        )?;
        to.sample("", &[], all)?;
        to.gauge(
            "gorgon_ok_calls_per_second",
            "The same of those that succeeded",
        )?;
        to.sample("", &[], ok)?;
    }
    Ok(())
}

fn latency(to: &mut Exposition<'_>, summary: &Summary) -> io::Result<()> {
    let latency = &summary.latency;
    let parts = [
        (
            "gorgon_response_seconds",
            "What callers felt: from when a call was due to its end",
            Some(latency.felt()),
        ),
        (
            "gorgon_service_seconds",
            "From the start of a call to its end",
            Some(&latency.service),
        ),
        (
            "gorgon_lag_seconds",
            "From when a call was due to its start",
            latency.lag.as_ref(),
        ),
    ];
    for (name, help, of) in parts {
        if let Some(of) = of {
            to.summary(name, help)?;
            durations(to, &[], of)?;
        }
    }
    let felt = &latency.felt().ended;
    for (name, help, ns) in [
        (
            "gorgon_response_min_seconds",
            "The shortest response",
            felt.min(),
        ),
        (
            "gorgon_response_max_seconds",
            "The longest response",
            felt.max(),
        ),
    ] {
        if let Some(ns) = ns {
            to.seconds_gauge(name, help)?;
            to.sample("", &[], seconds(ns.into()))?;
        }
    }
    Ok(())
}

fn by_row(to: &mut Exposition<'_>, summary: &Summary) -> io::Result<()> {
    let labels = row_labels(summary);
    let rows = || summary.rows.iter().zip(&labels);
    to.counter(
        "gorgon_calls",
        "Calls that ended, by operation, outcome and tag",
    )?;
    for (row, labels) in rows() {
        to.sample("_total", labels, row.count)?;
    }
    to.summary(
        "gorgon_tag_response_seconds",
        "What the callers of these calls felt",
    )?;
    for (row, labels) in rows() {
        durations(to, labels, row.latency.felt())?;
    }
    to.summary(
        "gorgon_measurement_seconds",
        "What the operation measured in these calls",
    )?;
    for (row, labels) in rows() {
        for measurement in &row.measurements {
            let name = ("measurement", measurement.name.clone());
            let labels: Vec<_> = labels.iter().cloned().chain([name]).collect();
            durations(to, &labels, &measurement.samples)?;
        }
    }
    Ok(())
}

/// What tells the rows apart. Operations of the same name, of which a mix may have several, are numbered.
fn row_labels(summary: &Summary) -> Vec<Vec<(&'static str, String)>> {
    let components = &summary.facts.components;
    let rows = summary.rows.iter().map(|row| {
        let index = usize::from(row.key.operation);
        let name = summary.operation(row.key.operation);
        let alike = components
            .iter()
            .enumerate()
            .filter(|(_, of)| of.name == name);
        let place = alike.clone().position(|(other, _)| other == index);
        let operation = match (alike.count(), place) {
            (2.., Some(place)) => format!("{name}#{}", place + 1),
            _ => name.to_owned(),
        };
        vec![
            ("operation", operation),
            ("outcome", row.key.outcome.word().to_owned()),
            ("tag", row.key.tag.clone()),
        ]
    });
    rows.collect()
}

fn by_name(to: &mut Exposition<'_>, summary: &Summary) -> io::Result<()> {
    to.counter("gorgon_counter", "The counters of the operation")?;
    for counter in &summary.counters {
        to.sample(
            "_total",
            &[("counter", counter.name.clone())],
            counter.total,
        )?;
    }
    to.counter(
        "gorgon_check",
        "How often the checks of the operation passed and failed",
    )?;
    for check in &summary.checks {
        for (result, count) in [("passed", check.passed), ("failed", check.failed)] {
            let labels = [("check", check.name.clone()), ("result", result.to_owned())];
            to.sample("_total", &labels, count)?;
        }
    }
    Ok(())
}

fn http(to: &mut Exposition<'_>, summary: &Summary) -> io::Result<()> {
    let Some(http) = &summary.facts.http else {
        return Ok(());
    };
    for (name, help, count) in [
        ("gorgon_http_requests", "Requests made", http.requests),
        (
            "gorgon_http_responses",
            "Responses received",
            http.responses,
        ),
        (
            "gorgon_http_connections",
            "Connections opened",
            http.connections_opened,
        ),
        ("gorgon_http_sent_bytes", "Bytes written", http.bytes_sent),
        (
            "gorgon_http_received_bytes",
            "Bytes read",
            http.bytes_received,
        ),
    ] {
        to.counter(name, help)?;
        to.sample("_total", &[], count)?;
    }
    Ok(())
}

fn judgements(to: &mut Exposition<'_>, run: &RunView) -> io::Result<()> {
    to.gauge(
        "gorgon_rule",
        "What came of each rule: 1 for the result it had",
    )?;
    // A rule may be given twice, and a series must not.
    let mut told: Vec<String> = Vec::new();
    for rule in &run.rules {
        let text = rule.threshold.to_string();
        if told.contains(&text) {
            continue;
        }
        for (result, word) in [
            (ThresholdResult::Pass, "pass"),
            (ThresholdResult::Fail, "fail"),
            (ThresholdResult::NoData, "no_data"),
        ] {
            let labels = [("rule", text.clone()), ("result", word.to_owned())];
            to.sample("", &labels, u8::from(rule.verdict.result == result))?;
        }
        told.push(text);
    }
    let Some(verdict) = &run.summary.facts.verdict else {
        return Ok(());
    };
    to.gauge(
        "gorgon_verdict",
        "Whether the figures can be trusted: 1 for the verdict on the runner",
    )?;
    for state in [State::Valid, State::Degraded, State::Invalid] {
        let labels = [("verdict", state.to_string())];
        to.sample("", &labels, u8::from(verdict.state == state))?;
    }
    Ok(())
}

fn durations(to: &mut Exposition<'_>, labels: &Labels, of: &Distribution) -> io::Result<()> {
    for percentile in of.percentiles() {
        let Some(Quantile::Exact(ns)) = percentile.value else {
            continue;
        };
        // Rounded, since a hundredth of a decimal number is seldom what it looks like.
        let quantile = (percentile.p * 1e4).round() / 1e6;
        let quantile = ("quantile", quantile.to_string());
        let labels: Vec<_> = labels.iter().cloned().chain([quantile]).collect();
        to.sample("", &labels, seconds(ns.into()))?;
    }
    to.sample("_sum", labels, seconds(of.ended.sum()))?;
    to.sample("_count", labels, of.ended.len())
}

#[cfg(test)]
mod tests;
