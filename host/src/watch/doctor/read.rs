//! Looks at the machine.

use std::fs;
use std::path::Path;

use super::{Directory, Machine};
use crate::watch::cgroup::Cgroup;
use crate::watch::proc::{self, CpuList};
use crate::watch::sys::{self, Resource};

/// Waits that the timer is tried with, and how long each is, in nanoseconds.
const WAITS: usize = 200;
const WAIT_NS: u32 = 1_000_000;

/// Readings that the cost of one is taken from: about a quarter of a millisecond of them.
const CLOCK_READS: u32 = 10_000;

/// Everything that can be seen.
pub(super) fn machine(directories: Vec<Directory>) -> Machine {
    let limit = |resource| sys::limit(resource).map(|limit| limit.soft);
    let number = |path: &str| proc::number(&text(path)?);
    let cgroup = Cgroup::here();
    let allowed = text("/proc/self/status").and_then(|status| CpuList::allowed(&status));
    let sources = "/sys/devices/system/clocksource/clocksource0";
    Machine {
        open_files: sys::limit(Resource::OpenFiles).map(|limit| (limit.soft, limit.hard)),
        processes: limit(Resource::Processes),
        address_space: limit(Resource::AddressSpace),
        maps: number("/proc/sys/vm/max_map_count"),
        overcommit: number("/proc/sys/vm/overcommit_memory"),
        memory: text("/proc/meminfo").and_then(|text| proc::memory(&text, "MemAvailable:")),
        memory_limit: cgroup.memory,
        ports: text("/proc/sys/net/ipv4/ip_local_port_range").and_then(|text| proc::ports(&text)),
        time_wait_reuse: number("/proc/sys/net/ipv4/tcp_tw_reuse"),
        backlog: number("/proc/sys/net/core/somaxconn"),
        cpus: allowed.map(|list| list.count()),
        quota: cgroup.cpus,
        governors: governors(),
        clock_source: text(&format!("{sources}/current_clocksource"))
            .map(|name| name.trim().to_owned()),
        clock_sources: text(&format!("{sources}/available_clocksource"))
            .map(|names| names.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default(),
        clock_read_ns: read_cost_ns(CLOCK_READS, sys::monotonic_ns),
        timer_late_ns: timer_late_ns(),
        directories: directories
            .into_iter()
            .map(|directory| {
                let result = try_directory(&directory.path);
                (directory, result)
            })
            .collect(),
    }
}

fn text(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// The governor of each CPU. A virtual machine has none.
fn governors() -> Vec<String> {
    let Ok(policies) = fs::read_dir("/sys/devices/system/cpu/cpufreq") else {
        return Vec::new();
    };
    let of = |policy: fs::DirEntry| fs::read_to_string(policy.path().join("scaling_governor")).ok();
    let names = policies.flatten().filter_map(of);
    names.map(|name| name.trim().to_owned()).collect()
}

/// What reading a clock takes, in nanoseconds, by the clock itself.
pub(super) fn read_cost_ns(reads: u32, mut clock: impl FnMut() -> Option<u64>) -> Option<u64> {
    let first = clock()?;
    let mut last = first;
    for _ in 0..reads {
        last = clock()?;
    }
    last.saturating_sub(first).checked_div(u64::from(reads))
}

#[cfg(target_os = "linux")]
fn timer_late_ns() -> Option<u64> {
    let mut timer = sys::Timer::new()?;
    late_p99_ns(WAITS, || timer.lateness_ns(WAIT_NS))
}

#[cfg(not(target_os = "linux"))]
fn timer_late_ns() -> Option<u64> {
    None
}

/// What all but one in a hundred of `waits` are late by at most; nothing if one fails.
pub(super) fn late_p99_ns(waits: usize, mut wait: impl FnMut() -> Option<u64>) -> Option<u64> {
    let late: Option<Vec<u64>> = (0..waits).map(|_| wait()).collect();
    let mut late = late?;
    late.sort_unstable();
    late.get((waits - waits / 100).checked_sub(1)?).copied()
}

/// Whether a file can be made in a directory, or where the directory would be made. Nothing stays behind.
pub(super) fn try_directory(path: &Path) -> Result<(), String> {
    let existing = path.ancestors().find(|level| level.exists());
    let existing = existing.ok_or_else(|| "no directory above it exists".to_owned())?;
    tempfile::tempfile_in(existing).map(drop).map_err(|error| {
        // The standard library names the file, which is none of the user's.
        error.kind().to_string()
    })
}
