//! The final screen of a run.
//!
//! From top to bottom it answers: what ran and how fast, how the calls ended, how long they took, what went wrong, what
//! else to know, which rules were kept, and how the run ended.

mod thresholds;
mod verdict;

use std::io::{self, Write};

use super::format;
use super::notes::printable_notes;
use super::printable::{columns, name, wrap};
use super::style::{Ink, Style};
use super::{bars, findings, latency, tables};
use crate::error::Exit;
use crate::stats::facts::{Model, Status};
use crate::stats::{Outcome, Summary, Traffic};
use crate::thresholds::{Evaluated, ThresholdResult};

/// Writes the report of a run that was held to no rules.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    write_with(out, summary, &[], None, style)
}

/// Writes the report of a run with what came of the rules it was held to, and the exit code that it ended with.
///
/// # Errors
/// When the writer fails.
pub fn write_with(
    out: &mut dyn Write,
    summary: &Summary,
    evaluated: &[Evaluated],
    exit_code: Option<u8>,
    style: Style,
) -> io::Result<()> {
    header(out, summary, style)?;
    tables::tags(out, summary, style)?;
    latency::write(out, summary, style)?;
    bars::histogram(out, &summary.latency.felt().ended, style)?;
    findings::checks(out, summary, style)?;
    findings::counters(out, summary, style)?;
    findings::failures(out, summary, style)?;
    environment(out, summary, style)?;
    notes(out, summary, style)?;
    verdict::write(out, summary, style)?;
    thresholds::write(out, evaluated, style)?;
    conclusion(out, summary, evaluated, exit_code, style)
}

fn header(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    let facts = &summary.facts;
    let names: Vec<_> = facts
        .components
        .iter()
        .map(|component| name(&component.name, style))
        .collect();
    let elapsed = style.text(&format::duration(facts.elapsed_ns)).into_owned();
    let mut pace = match summary.done() {
        0 if facts.elapsed_ns == 0 => "no call was made".to_owned(),
        0 => format!("no call ended in {elapsed}"),
        done => format!("{} in {elapsed}", format::plural(done, "call", "calls")),
    };
    if let (Some(rate), 1..) = (summary.rate_per_s(), summary.done()) {
        // Where the window is not the whole run, the quotient of the two figures above is not the rate.
        let is_quotient = facts.window_ns == facts.elapsed_ns;
        let window = style.text(&format::duration(facts.window_ns)).into_owned();
        let over = if is_quotient {
            String::new()
        } else {
            format!(" over {window}")
        };
        let sign = if is_quotient { "  =  " } else { ", " };
        pace = format!("{pace}{sign}{} calls/s{over}", format::rate(rate));
    }
    let load = match (facts.load.model, &facts.load.rate) {
        (Model::Closed, _) => format::plural(facts.load.workers, "worker", "workers"),
        (Model::Open, Some(rate)) => format!("open load, rate {}", name(rate, style)),
        (Model::Open, None) => "open load".to_owned(),
    };
    let load = match facts.load.arrivals.as_deref() {
        Some("poisson") => format!("{load}, Poisson arrivals"),
        _ => load,
    };
    let seed = format!("{load}, seed {}", facts.load.seed);
    let parts = [
        (names.join(" + "), Ink::Strong),
        (pace, Ink::Plain),
        (seed, Ink::Dim),
    ];
    paragraph(out, &parts, "   ", style)?;
    writeln!(out)
}

/// Writes parts beside each other where they fit a line, else below each other.
fn paragraph(
    out: &mut dyn Write,
    parts: &[(String, Ink)],
    gap: &str,
    style: Style,
) -> io::Result<()> {
    let mut used = 0;
    for (text, ink) in parts.iter().filter(|(text, _)| !text.is_empty()) {
        if used > 0 && used + gap.len() + columns(text) <= style.columns() {
            write!(out, "{gap}")?;
            used += gap.len();
        } else if used > 0 {
            writeln!(out)?;
            used = 0;
        }
        for (index, line) in wrap(text, style.columns()).iter().enumerate() {
            if index > 0 && used > 0 {
                writeln!(out)?;
                used = 0;
            }
            style.paint(out, *ink, line)?;
            used += columns(line);
        }
    }
    writeln!(out)
}

/// Writes what the calls used: HTTP and instances.
fn environment(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    let lines = environment_lines(summary, style);
    for (label, text, ink) in &lines {
        labelled(out, &format!(" {label:<9}  "), Ink::Dim, text, *ink, style)?;
    }
    if lines.is_empty() {
        Ok(())
    } else {
        writeln!(out)
    }
}

/// What the calls used, in lines: what it is about, where the line before was about something else, then the text.
pub(super) fn environment_lines(
    summary: &Summary,
    style: Style,
) -> Vec<(&'static str, String, Ink)> {
    let mut lines: Vec<(&str, String, Ink)> = Vec::new();
    if let Some(http) = summary.facts.http.as_ref().filter(|http| http.requests > 0) {
        let reused = http.reused_requests as f64 / http.requests as f64;
        let requests = format::plural(http.requests, "request", "requests");
        let connections = format::plural(http.connections_opened, "connection", "connections");
        let reuse = format!(
            "{requests} over {connections} ({} reused)",
            format::share(reused)
        );
        lines.push(("HTTP", reuse, Ink::Plain));
        let (sent, received) = (
            format::bytes(http.bytes_sent),
            format::bytes(http.bytes_received),
        );
        lines.push(("", format!("{sent} sent, {received} received"), Ink::Plain));
        for phases in mean_phases(http) {
            lines.push(("", style.text(&phases).into_owned(), Ink::Plain));
        }
        if !http.errors.is_empty() {
            let total: u64 = http.errors.values().sum();
            let kinds = http
                .errors
                .iter()
                .map(|(kind, &count)| format!("{} {}", format::count(count), name(kind, style)));
            let kinds = kinds.collect::<Vec<_>>().join(", ");
            let errors = format::plural(total, "request", "requests");
            lines.push((
                "",
                format!("{errors} without a response: {kinds}"),
                Ink::Bad,
            ));
        }
    }
    let instances = &summary.facts.instances;
    if instances.created > 0 {
        let mut text = format!("{} made", format::count(instances.created));
        if instances.replaced > 0 {
            text = format!(
                "{text}, {} of them to replace another",
                format::count(instances.replaced)
            );
        }
        if let Some(peak) = instances.memory_peak_bytes {
            text = format!("{text}, at most {} each", format::bytes(peak));
        }
        lines.push(("Instances", text, Ink::Plain));
    }
    if let Some(lifecycle) = summary
        .facts
        .lifecycle
        .filter(|lifecycle| lifecycle.starts > 0)
    {
        let mean = format::duration(lifecycle.start_ns / lifecycle.starts);
        let text = format!(
            "{} of {mean} on average, {} around the calls",
            format::plural(lifecycle.starts, "start", "starts"),
            format::plural(lifecycle.requests, "request", "requests")
        );
        lines.push(("Lifecycle", style.text(&text).into_owned(), Ink::Plain));
    }
    if let Some(text) = own_part(summary) {
        lines.push(("Runner", style.text(&text).into_owned(), Ink::Plain));
    }
    lines
}

/// What the runner itself took, for each call. The first look at it comes some milliseconds after the first call, so that a
/// short run has no such figure.
fn own_part(summary: &Summary) -> Option<String> {
    const SHORTEST_NS: u64 = 100_000_000;
    if summary.facts.elapsed_ns < SHORTEST_NS {
        return None;
    }
    let readings = summary.facts.runner.as_ref()?;
    let cpu_ns = readings.system.cpu_ns()?;
    let per_call = cpu_ns.checked_div(summary.done())?;
    let mut text = format!("{} of CPU a call", format::duration(per_call));
    if let Some(guest_ns) = readings.guest_ns
        && cpu_ns > 0
    {
        // One is measured and the other estimated from a sample.
        let share = (guest_ns as f64 / cpu_ns as f64).min(1.0);
        text = format!("{text}, {:.0} % of it inside the operation", share * 100.0);
    }
    if let Some(delay_ns) = readings.poll_delay.p99_ns {
        text = format!("{text}; poll delay p99 {}", format::duration(delay_ns));
    }
    Some(text)
}

/// Where the mean response spent its time. Phases that took nothing are left out; those of a connection are told for each
/// connection, since most responses have none.
fn mean_phases(http: &Traffic) -> Vec<String> {
    let phases = &http.phases;
    let per = |ns: u64, count: u64| ns.checked_div(count).filter(|mean| *mean > 0);
    let of_connection = [
        ("dns", phases.dns_ns),
        ("connect", phases.connect_ns),
        ("tls", phases.tls_ns),
    ];
    let of_response = [
        ("blocked", phases.blocked_ns),
        ("send", phases.send_ns),
        ("wait", phases.wait_ns),
        ("receive", phases.receive_ns),
    ];
    let told = |parts: &[(&str, u64)], count| {
        let parts = parts.iter().filter_map(|(phase, ns)| {
            per(*ns, count).map(|mean| format!("{phase} {}", format::duration(mean)))
        });
        parts.collect::<Vec<_>>().join(", ")
    };
    let response = ("mean response", told(&of_response, http.responses));
    let connection = (
        "mean connection",
        told(&of_connection, http.connections_opened),
    );
    let told = [response, connection]
        .into_iter()
        .filter(|(_, phases)| !phases.is_empty());
    told.map(|(what, phases)| format!("{what}: {phases}"))
        .collect()
}

fn notes(out: &mut dyn Write, summary: &Summary, style: Style) -> io::Result<()> {
    let notes = printable_notes(summary, style);
    for note in &notes {
        let (sign, ink) = if note.is_warning {
            (" ! ", Ink::Warn)
        } else {
            (" i ", Ink::Dim)
        };
        labelled(out, sign, ink, &note.text, Ink::Plain, style)?;
    }
    if notes.is_empty() {
        Ok(())
    } else {
        writeln!(out)
    }
}

/// Writes a label and, beside it, text that wraps.
pub(super) fn labelled(
    out: &mut dyn Write,
    label: &str,
    label_ink: Ink,
    text: &str,
    ink: Ink,
    style: Style,
) -> io::Result<()> {
    let indent = columns(label);
    for (index, line) in wrap(text, style.columns().saturating_sub(indent))
        .iter()
        .enumerate()
    {
        if index == 0 {
            style.paint(out, label_ink, label)?;
        } else {
            write!(out, "{:indent$}", "")?;
        }
        style.paint(out, ink, line)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes how the run ended, and what became of every call that was asked for.
fn conclusion(
    out: &mut dyn Write,
    summary: &Summary,
    evaluated: &[Evaluated],
    exit_code: Option<u8>,
    style: Style,
) -> io::Result<()> {
    let (sign, text, ink) = concluded(summary, evaluated, exit_code);
    let sign = format!(" {} ", style.text(sign));
    labelled(out, &sign, ink, &text, ink, style)
}

/// How the run ended, and what became of every call that was asked for: a sign, a line without full stop, and how good
/// that is.
pub(super) fn concluded(
    summary: &Summary,
    evaluated: &[Evaluated],
    exit_code: Option<u8>,
) -> (&'static str, String, Ink) {
    let calls = &summary.facts.accounting;
    let [ok, fail, fault] =
        [Outcome::Ok, Outcome::Fail, Outcome::Fault].map(|outcome| summary.count(outcome));
    let ended = match summary.facts.status {
        Status::Completed => "done",
        Status::Interrupted => "interrupted",
        Status::Aborted => "aborted",
        Status::Incomplete => "incomplete",
    };
    let result = match summary.done() {
        0 if calls.asked == 0 => "no call was asked for".to_owned(),
        0 => "no call ended".to_owned(),
        1 if ok == 0 => "the only call did not succeed".to_owned(),
        done if ok == 0 => format!("not one of {} calls succeeded", format::count(done)),
        _ => listed([(ok, "ok"), (fail, "fail"), (fault, "fault")]),
    };
    let lost = listed([
        (calls.missed, "missed"),
        (calls.not_started, "not started"),
        (calls.unfinished, "unfinished"),
    ]);
    let is_whole = summary.facts.status == Status::Completed && lost.is_empty();
    let doubts = doubts(summary, evaluated, exit_code);
    let (sign, ink) = match summary.done() {
        1.. if ok == 0 => ("✗", Ink::Bad),
        _ if !doubts.is_empty() => ("✗", Ink::Bad),
        1.. if is_whole && fail + fault == 0 => ("✓", Ink::Good),
        _ => ("!", Ink::Warn),
    };
    let mut text = format!("{ended}: {result}");
    if !lost.is_empty() {
        text = format!("{text}; {} asked for: {lost}", format::count(calls.asked));
    }
    if calls.warmup_done > 0 {
        text = format!(
            "{text}; {} left out",
            format::plural(calls.warmup_done, "warm-up call", "warm-up calls")
        );
    }
    for doubt in doubts {
        text = format!("{text}; {doubt}");
    }
    (sign, text, ink)
}

/// Why a run failed whose calls may all have succeeded.
fn doubts(summary: &Summary, evaluated: &[Evaluated], exit_code: Option<u8>) -> Vec<String> {
    let rules = |result: ThresholdResult| {
        let rules = evaluated.iter();
        let count = rules.filter(|one| one.verdict.result == result).count() as u64;
        (count > 0).then(|| format::plural(count, "rule", "rules"))
    };
    let broken = rules(ThresholdResult::Fail).map(|rules| format!("{rules} broken"));
    // Whether having no data is a failure was up to whoever ran it.
    let is_strict = exit_code == Some(Exit::Threshold.code());
    let unknown = rules(ThresholdResult::NoData).filter(|_| is_strict);
    let unknown = unknown.map(|rules| format!("{rules} without data"));
    let is_whole = summary.facts.status == Status::Completed;
    let ended_with = |exit: Exit| is_whole && exit_code == Some(exit.code());
    let doubted =
        ended_with(Exit::Environment).then(|| "the verdict is worse than `--require`".to_owned());
    let short = (ended_with(Exit::Unusable) || ended_with(Exit::NoInput))
        .then(|| "the items were not read to their end".to_owned());
    let rules = broken.into_iter().chain(unknown);
    rules.chain(doubted).chain(short).collect()
}

/// The counts that are not zero, each with its word.
fn listed<const N: usize>(counts: [(u64, &str); N]) -> String {
    let listed = counts.iter().filter(|(count, _)| *count > 0);
    listed
        .map(|(count, word)| format!("{} {word}", format::count(*count)))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests;
