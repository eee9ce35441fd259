//! How much of everything a run may take.

use super::{Finding, Health};
use crate::report::format;

/// No limit.
const UNLIMITED: u64 = u64::MAX;

/// A run for which a machine needs no preparation has up to so many connections or workers, and one that is worth the
/// name has more than so few.
const MANY: u64 = 10_000;
const FEW: u64 = 1_000;

/// Memory maps that the process needs for itself, and those of an instance.
const MAPS_OF_OWN: u64 = 2_000;
const MAPS_PER_INSTANCE: u64 = 5;

const GIB: u64 = 1 << 30;

/// For so many seconds a closed connection keeps its port: `TCP_TIMEWAIT_LEN` of Linux.
const TIME_WAIT_S: u64 = 60;

/// How good a number is: too few are bad, fewer than enough a note.
fn health(number: u64, few: u64, enough: u64) -> Health {
    if number < few {
        Health::Bad
    } else if number < enough {
        Health::Note
    } else {
        Health::Fine
    }
}

fn limit(limit: u64) -> String {
    if limit == UNLIMITED {
        "without limit".to_owned()
    } else {
        format!("{} allowed", format::count(limit))
    }
}

/// CPUs, and the quota on them.
pub(super) fn cpus(cpus: Option<u64>, quota: Option<f64>) -> Option<Finding> {
    let cpus = cpus?;
    let finding = |found: String| Finding::fine("cpus", "CPUs", found);
    let Some(quota) = quota.filter(|&quota| quota < cpus as f64) else {
        return Some(finding(format!("{} usable", format::count(cpus))));
    };
    let of = (quota * 100.0).round() / 100.0;
    let threads = (quota.floor() as u64).max(1);
    Some(finding(format!("{of} of {}, by a quota", format::count(cpus))).but(
        Health::Note,
        format!(
            "a quota stops all threads at once when it is used up: raise that of the cgroup or container, or use \
             --threads {threads}"
        ),
    ))
}

/// Memory that can be had.
pub(super) fn memory(available: Option<u64>, limit: Option<u64>) -> Option<Finding> {
    let usable = available.into_iter().chain(limit).min()?;
    let found = match limit.filter(|&limit| limit == usable) {
        Some(limit) => format!("{} by the limit of the cgroup", format::bytes(limit)),
        None => format!("{} available", format::bytes(usable)),
    };
    Some(Finding::fine("memory", "memory", found).but(
        health(usable, GIB / 4, GIB),
        "free memory or raise the limit; --memory bounds what one instance may take",
    ))
}

/// Open files. gorgon raises the soft limit by itself, so it is the hard one that holds.
pub(super) fn open_files(limits: Option<(u64, u64)>) -> Option<Finding> {
    let (_, hard) = limits?;
    Some(Finding::fine("open_files", "open files", limit(hard)).but(
        health(hard, FEW, MANY),
        "every connection takes one; raise the hard limit: `nofile` in /etc/security/limits.conf, `LimitNOFILE=` of a \
         service, or `--ulimit nofile=1048576` of a container",
    ))
}

/// Memory maps, and the workers there is room for.
pub(super) fn maps(maps: Option<u64>) -> Option<Finding> {
    let maps = maps?;
    let workers = maps.saturating_sub(MAPS_OF_OWN) / MAPS_PER_INSTANCE;
    let found = format!(
        "{}, room for {}",
        format::count(maps),
        format::plural(workers, "worker", "workers")
    );
    Some(Finding::fine("maps", "memory maps", found).but(
        health(workers, FEW, MANY),
        "as root: `sysctl -w vm.max_map_count=600000`",
    ))
}

/// Address space. An instance reserves 4 GiB of it so that the hardware checks its bounds.
pub(super) fn address_space(bytes: Option<u64>) -> Option<Finding> {
    let bytes = bytes?;
    if bytes == UNLIMITED {
        return Some(Finding::fine(
            "address_space",
            "address space",
            "without limit",
        ));
    }
    let finding = Finding::fine(
        "address_space",
        "address space",
        format!("{} allowed", format::bytes(bytes)),
    );
    let state = health(bytes, 64 * GIB, UNLIMITED);
    let cure = "every worker reserves 4 GiB of addresses, not of memory; in this shell: `ulimit -v unlimited`";
    Some(finding.but(state, cure))
}

/// Whether the kernel promises memory that it may not have.
pub(super) fn overcommit(mode: Option<u64>) -> Option<Finding> {
    let finding = |found| Finding::fine("overcommit", "overcommit", found);
    match mode? {
        0 => Some(finding("heuristic")),
        1 => Some(finding("always")),
        2 => Some(finding("never").but(
            Health::Note,
            "memory that instances may take counts as taken, so many workers do not fit; as root: `sysctl -w \
             vm.overcommit_memory=0`",
        )),
        _ => None,
    }
}

/// Processes and threads of this user, which other programs of theirs count in.
pub(super) fn processes(processes: Option<u64>, cpus: Option<u64>) -> Option<Finding> {
    let processes = processes?;
    // A thread for each CPU, as many to compile with, and a few that watch.
    let needed = 2 * cpus.unwrap_or(1) + 16;
    Some(Finding::fine("processes", "threads", limit(processes)).but(
        health(processes, needed, needed.saturating_mul(8)),
        "other programs of this user count too; raise `nproc` in /etc/security/limits.conf, or the limit of pids of \
         the container",
    ))
}

/// Local ports, and what they are enough for.
pub(super) fn ports(ports: Option<u64>, reuse: Option<u64>) -> Option<Finding> {
    let ports = ports?;
    let mut found = format!("{} to connect from", format::count(ports));
    if reuse != Some(1) {
        let rate = format::count(ports / TIME_WAIT_S);
        found = format!("{found}, or {rate} new connections a second to one address");
    }
    // Linux comes with 28 232.
    Some(Finding::fine("ports", "ports", found).but(
        health(ports, FEW, 2 * MANY),
        "only new connections take them, kept ones do not; as root: `sysctl -w net.ipv4.ip_local_port_range='1024 \
         65535'` \
         and `sysctl -w net.ipv4.tcp_tw_reuse=1`",
    ))
}

/// Connections that may wait to be accepted by a server on this machine.
pub(super) fn backlog(connections: Option<u64>) -> Option<Finding> {
    let connections = connections?;
    let found = format!("{} connections", format::count(connections));
    Some(Finding::fine("backlog", "accept queue", found).but(
        // 128 was the default before Linux 5.4. Only servers on this machine need it, so none is bad.
        health(connections, 0, 1_024),
        "a server on this machine turns away what connects faster than it accepts; as root: `sysctl -w \
         net.core.somaxconn=4096`",
    ))
}
