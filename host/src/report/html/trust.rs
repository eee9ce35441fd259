//! Whether the figures of a run can be trusted: what the runner found against itself, the remarks, and what it looked at
//! and found well.

use super::data::{Item, Mood, Pill, Trust};
use super::shown::safe;
use crate::report::format;
use crate::report::notes::notes;
use crate::stats::Summary;
use crate::watch::{Readings, State, Verdict};

/// The verdict, its reasons, the remarks, then the checks that found nothing.
pub(super) fn trust(summary: &Summary) -> Trust {
    let facts = &summary.facts;
    let (mood, text) = match facts.verdict.as_ref().map(|verdict| verdict.state) {
        Some(State::Valid) => (Mood::Good, "✓ valid"),
        Some(State::Degraded) => (Mood::Warn, "! degraded"),
        Some(State::Invalid) => (Mood::Bad, "✗ invalid"),
        None => (Mood::Plain, "– not assessed"),
    };
    let mut items: Vec<Item> = Vec::new();
    for reason in facts.verdict.iter().flat_map(|verdict| &verdict.reasons) {
        let mood = match reason.state {
            State::Invalid => Mood::Bad,
            State::Valid | State::Degraded => Mood::Warn,
        };
        items.push(item(mood, &reason.text));
    }
    items.extend(notes(summary).iter().map(|note| {
        let mood = if note.is_warning {
            Mood::Warn
        } else {
            Mood::Plain
        };
        item(mood, &note.text)
    }));
    if let (Some(verdict), Some(readings)) = (&facts.verdict, &facts.runner) {
        items.extend(found_well(verdict, readings));
    }
    Trust {
        verdict: Pill {
            mood,
            text: text.to_owned(),
        },
        items,
    }
}

/// A finding. What comes after its last semicolon is what shows it, or what to do.
fn item(mood: Mood, text: &str) -> Item {
    let (text, evidence) = text.rsplit_once("; ").unwrap_or((text, ""));
    Item {
        mood,
        text: safe(text),
        evidence: safe(evidence),
    }
}

/// A check that found nothing: the reasons that it would have given, what it says, and what shows it. `None` where
/// nothing is known of it.
struct Check {
    reasons: &'static [&'static str],
    text: &'static str,
    evidence: fn(&Readings) -> Option<String>,
}

const CHECKS: [Check; 5] = [
    Check {
        reasons: &["lag", "not_started", "missed"],
        text: "calls started when they were due",
        evidence: schedule,
    },
    Check {
        reasons: &["own_cpu", "throttled", "steal", "run_queue"],
        text: "the runner had the CPU time it wanted",
        evidence: cpu,
    },
    Check {
        reasons: &["poll_delay"],
        text: "what calls waited for was seen in time",
        evidence: poll_delay,
    },
    Check {
        reasons: &["gap", "suspended", "wall_clock"],
        text: "the runner never stood still",
        evidence: gaps,
    },
    Check {
        reasons: &["connections", "open_files", "ports"],
        text: "connections and open files sufficed",
        evidence: resources,
    },
];

fn found_well(verdict: &Verdict, readings: &Readings) -> impl Iterator<Item = Item> {
    let is_well = |check: &&Check| {
        let mut reasons = verdict.reasons.iter();
        !reasons.any(|reason| check.reasons.contains(&reason.id.as_str()))
    };
    CHECKS.iter().filter(is_well).filter_map(|check| {
        Some(Item {
            mood: Mood::Good,
            text: check.text.to_owned(),
            evidence: (check.evidence)(readings)?,
        })
    })
}

fn schedule(readings: &Readings) -> Option<String> {
    let schedule = &readings.schedule;
    let lag = schedule.lag.p99_ns.filter(|_| readings.is_open_load)?;
    let mut text = format!("lag p99 {}", format::duration(lag));
    if let Some(longest) = schedule.lag.max_ns {
        text = format!("{text}, longest {}", format::duration(longest));
    }
    let missed = format::count(schedule.missed.unwrap_or(0));
    Some(format!("{text}; {missed} missed"))
}

fn cpu(readings: &Readings) -> Option<String> {
    let system = &readings.system;
    let (cpus, elapsed) = (system.cpus?, readings.elapsed_ns?);
    if elapsed == 0 || cpus <= 0.0 {
        return None;
    }
    let share = |ns: u64, of: f64| format::share((ns as f64 / of).min(1.0));
    let used = share(system.cpu_ns()?, elapsed as f64 * cpus);
    let cpus = format!("{} CPUs", (cpus * 100.0).round() / 100.0);
    let mut text = format!("it used {used} of {cpus}");
    if let Some(peak) = system.cpu_share_peak {
        let peak = format::share(peak.min(1.0));
        text = format!("{text}, {peak} in its busiest second");
    }
    Some(text)
}

fn poll_delay(readings: &Readings) -> Option<String> {
    let delay = &readings.poll_delay;
    delay.samples.filter(|samples| *samples > 0)?;
    let (p50, p99) = (
        format::duration(delay.p50_ns?),
        format::duration(delay.p99_ns?),
    );
    Some(format!("poll delay p50 {p50}, p99 {p99}"))
}

fn gaps(readings: &Readings) -> Option<String> {
    let elapsed = format::duration(readings.elapsed_ns?);
    Some(format!(
        "no gap in {elapsed}, and the time of day was steady"
    ))
}

fn resources(readings: &Readings) -> Option<String> {
    let system = &readings.system;
    let (open, limit) = (system.descriptors_peak?, system.descriptors_limit?);
    let (open, limit) = (format::count(open), format::count(limit));
    Some(format!("at most {open} of {limit} open files"))
}
