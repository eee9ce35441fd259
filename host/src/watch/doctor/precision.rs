//! How well time can be told and kept.

use super::{Finding, Health};
use crate::report::format;

/// Reading the clock twice a call should not be seen beside a call. In nanoseconds.
const CLOCK_FAST_NS: u64 = 100;
const CLOCK_SLOW_NS: u64 = 500;

/// How late a timer may be, in nanoseconds. Later than the second, every open load is degraded.
const TIMER_GOOD_NS: u64 = 200_000;
const TIMER_LATE_NS: u64 = 1_000_000;

/// Sources of time that take a system call or a bus to read.
const SLOW_SOURCES: [&str; 6] = [
    "hpet",
    "acpi_pm",
    "jiffies",
    "refined-jiffies",
    "pit",
    "xen",
];

fn health(number: u64, good: u64, bad: u64) -> Health {
    if number <= good {
        Health::Fine
    } else if number <= bad {
        Health::Note
    } else {
        Health::Bad
    }
}

/// What the kernel takes the time from.
pub(super) fn clock_source(source: Option<&str>, available: &[String]) -> Option<Finding> {
    let source = source?;
    let finding = Finding::fine("clock_source", "clock source", source);
    if !SLOW_SOURCES.contains(&source) {
        return Some(finding);
    }
    let cure = if available.iter().any(|name| name == "tsc") {
        "every reading of it takes long; as root: `echo tsc > \
         /sys/devices/system/clocksource/clocksource0/current_clocksource`"
    } else {
        "every reading of it takes long, and the kernel trusts no faster one here: use a machine with an invariant TSC"
    };
    Some(finding.but(Health::Bad, cure))
}

/// What reading the clock costs.
pub(super) fn clock_read(ns: Option<u64>) -> Option<Finding> {
    let ns = ns?;
    Some(
        Finding::fine("clock_read", "reading it", format::duration(ns)).but(
            health(ns, CLOCK_FAST_NS, CLOCK_SLOW_NS),
            "calls of a few microseconds look longer than they are; see the clock source",
        ),
    )
}

/// How late timers are.
pub(super) fn timer(late_ns: Option<u64>) -> Option<Finding> {
    let late = late_ns?;
    let found = format!("{} late at most in 99 of 100", format::duration(late));
    Some(Finding::fine("timer", "timers", found).but(
        health(late, TIMER_GOOD_NS, TIMER_LATE_NS),
        "calls by rate start that late: stop what else runs here, or use a machine with CPUs of its own",
    ))
}

/// How CPUs choose their frequency. One that begins slowly times the first calls after each pause wrongly.
pub(super) fn governor(governors: &[String]) -> Option<Finding> {
    let mut names: Vec<&str> = governors.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let finding = Finding::fine("governor", "frequency", names.join(", "));
    if names.is_empty() {
        None
    } else if names.iter().all(|name| *name == "performance") {
        Some(finding)
    } else {
        let cure = "CPUs that save power are slower after a pause; as root: `cpupower frequency-set -g performance`";
        Some(finding.but(Health::Note, cure))
    }
}
