//! `gorgon doctor`: what of this machine would stand in the way of a run, and what to do about it.
//!
//! Reading and judging are apart: `read` looks at the machine once, everything else is a pure function of what it
//! saw. What cannot be read has no finding.

mod capacity;
mod precision;
mod read;

use std::path::PathBuf;

use serde::Serialize;

/// How something on the machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As it should be.
    Fine,
    /// Good enough for most runs, and worth knowing.
    Note,
    /// It will get in the way.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A name that does not change: `open_files`.
    pub id: &'static str,
    /// How it is.
    pub state: Health,
    /// What it is called: `open files`.
    pub what: String,
    /// What was found: `1 048 576 allowed`.
    pub found: String,
    /// What to do about it, where something is to be done: a sentence without full stop.
    pub cure: Option<String>,
}

impl Finding {
    fn fine(id: &'static str, what: &str, found: impl Into<String>) -> Finding {
        Finding {
            id,
            state: Health::Fine,
            what: what.to_owned(),
            found: found.into(),
            cure: None,
        }
    }

    /// The same, in a worse state and with a cure. [`Health::Fine`] needs none and gets none.
    fn but(mut self, state: Health, cure: impl Into<String>) -> Finding {
        self.state = state;
        self.cure = (state > Health::Fine).then(|| cure.into());
        self
    }
}

/// A directory that gorgon writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// A name that does not change: `cache_directory`.
    pub id: &'static str,
    /// What it is called: `cache`.
    pub what: &'static str,
    /// Where it is, or would be made.
    pub path: PathBuf,
    /// What to do if it cannot be written to: a sentence without full stop.
    pub cure: String,
}

/// What was seen of a machine; nothing where it does not tell.
#[derive(Debug, Clone, Default, PartialEq)]
struct Machine {
    /// Open files: the soft limit and what it can be raised to. `u64::MAX` is no limit, here and below.
    open_files: Option<(u64, u64)>,
    /// Processes and threads of this user.
    processes: Option<u64>,
    /// Addresses of this process, in bytes.
    address_space: Option<u64>,
    /// `vm.max_map_count`.
    maps: Option<u64>,
    /// `vm.overcommit_memory`.
    overcommit: Option<u64>,
    /// Memory that is free or can be made so, in bytes.
    memory: Option<u64>,
    /// What the cgroup allows of it.
    memory_limit: Option<u64>,
    /// Local ports.
    ports: Option<u64>,
    /// `net.ipv4.tcp_tw_reuse`.
    time_wait_reuse: Option<u64>,
    /// `net.core.somaxconn`.
    backlog: Option<u64>,
    /// CPUs the process may run on.
    cpus: Option<u64>,
    /// What the quota of the cgroup leaves of them.
    quota: Option<f64>,
    /// How the CPUs choose their frequency: the name of each that there is.
    governors: Vec<String>,
    /// What the kernel takes the time from, and what it could.
    clock_source: Option<String>,
    clock_sources: Vec<String>,
    /// How long reading the clock takes, in nanoseconds.
    clock_read_ns: Option<u64>,
    /// What one in a hundred waits of a millisecond was longer than asked for, in nanoseconds.
    timer_late_ns: Option<u64>,
    /// The directories, and why one cannot be written to.
    directories: Vec<(Directory, Result<(), String>)>,
}

/// Looks at this machine, for about a quarter of a second.
pub fn examine(directories: Vec<Directory>) -> Vec<Finding> {
    findings(&read::machine(directories))
}

/// What was seen, from what a run needs first to what only some need.
fn findings(machine: &Machine) -> Vec<Finding> {
    let found = [
        capacity::cpus(machine.cpus, machine.quota),
        capacity::memory(machine.memory, machine.memory_limit),
        capacity::open_files(machine.open_files),
        capacity::maps(machine.maps),
        capacity::address_space(machine.address_space),
        capacity::overcommit(machine.overcommit),
        capacity::processes(machine.processes, machine.cpus),
        capacity::ports(machine.ports, machine.time_wait_reuse),
        capacity::backlog(machine.backlog),
        precision::clock_source(machine.clock_source.as_deref(), &machine.clock_sources),
        precision::clock_read(machine.clock_read_ns),
        precision::timer(machine.timer_late_ns),
        precision::governor(&machine.governors),
    ];
    let directories = machine.directories.iter();
    let directories = directories.map(|(directory, result)| writable(directory, result.as_ref()));
    found.into_iter().flatten().chain(directories).collect()
}

fn writable(directory: &Directory, result: Result<&(), &String>) -> Finding {
    let path = directory.path.display();
    match result {
        Ok(()) => Finding::fine(directory.id, directory.what, path.to_string()),
        Err(why) => Finding::fine(
            directory.id,
            directory.what,
            format!("{path} cannot be written to: {why}"),
        )
        .but(Health::Bad, directory.cure.clone()),
    }
}

#[cfg(test)]
mod tests;
