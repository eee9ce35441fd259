//! Takes a [`Snapshot`] of this process and its machine. What a system does not have, or keeps to itself, is left out.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::PathBuf;

use super::cgroup::{self, Cgroup};
use super::proc::{self, CpuList};
use super::sys::{self, Resource};
use super::tracker::{Facts, Snapshot};

/// Open files are counted one by one on kernels that do not tell their number. Beyond this many that would disturb the
/// run, so only every [`SELDOM`]th sample counts them.
const MANY_FILES: u64 = 4_096;
const SELDOM: u32 = 10;

/// What is read at every sample.
#[derive(Debug)]
pub(super) struct Source {
    /// The CPUs the process may run on.
    allowed: Option<CpuList>,
    /// Where the quotas of cgroups count.
    quotas: Vec<PathBuf>,
    descriptors: Descriptors,
    stat: Option<File>,
    /// What the last file held; kept for its memory.
    text: String,
}

impl Source {
    /// Looks for what can be read, and at what does not change.
    pub(super) fn new() -> (Source, Facts) {
        let read = |path: &str| fs::read_to_string(path).ok();
        let allowed = read("/proc/self/status").and_then(|status| CpuList::allowed(&status));
        let cgroup = Cgroup::here();
        let facts = Facts {
            cpus: usable_cpus(allowed.as_ref(), cgroup.cpus),
            tick_ns: sys::tick_ns(),
            descriptors: sys::limit(Resource::OpenFiles).map(|limit| limit.soft),
            ports: read("/proc/sys/net/ipv4/ip_local_port_range")
                .and_then(|range| proc::ports(&range)),
        };
        let source = Source {
            allowed,
            quotas: cgroup.stats,
            descriptors: Descriptors::default(),
            stat: File::open("/proc/stat").ok(),
            text: String::new(),
        };
        (source, facts)
    }

    /// What everything stands at now.
    pub(super) fn read(&mut self) -> Snapshot {
        Snapshot {
            monotonic_ns: sys::monotonic_ns(),
            boot_offset_ns: sys::boot_offset_ns(),
            wall_offset_ns: sys::wall_offset_ns(),
            usage: sys::usage(),
            ticks: self.ticks(),
            waits: self.waits(),
            throttled_ns: self.throttled_ns(),
            descriptors: self.descriptors.count(),
            sockets: sockets(),
        }
    }

    fn ticks(&mut self) -> Option<proc::Ticks> {
        let stat = self.stat.as_mut()?;
        stat.rewind().ok()?;
        self.text.clear();
        stat.read_to_string(&mut self.text).ok()?;
        proc::ticks(&self.text, self.allowed.as_ref())
    }

    /// Threads that have ended meanwhile, or have never run, are left out.
    fn waits(&mut self) -> Option<Vec<(u32, u64)>> {
        let mut waits = Vec::new();
        for thread in fs::read_dir("/proc/self/task").ok()?.flatten() {
            self.text.clear();
            let opened = File::open(thread.path().join("schedstat"));
            let is_read = opened
                .and_then(|mut file| file.read_to_string(&mut self.text))
                .is_ok();
            let number = thread
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok());
            if let (true, Some(number)) = (is_read, number)
                && let Some(waited_ns) = proc::waited_ns(&self.text)
            {
                waits.push((number, waited_ns));
            }
        }
        // The thread that reads this has run, so a list without any is one of a kernel that does not count.
        (!waits.is_empty()).then_some(waits)
    }

    /// Of all quotas together; 0 where there is none.
    fn throttled_ns(&self) -> Option<u64> {
        let of = |path: &PathBuf| cgroup::throttled_ns(&fs::read_to_string(path).ok()?);
        self.quotas
            .iter()
            .try_fold(0u64, |sum, path| Some(sum.saturating_add(of(path)?)))
    }
}

/// The CPUs that may be used: as many as the process may run on, or what a quota leaves of them.
pub(super) fn usable_cpus(allowed: Option<&CpuList>, quota: Option<f64>) -> Option<f64> {
    // The standard library's number has the quota in it, rounded down, so it is second choice.
    let by_library = || {
        std::thread::available_parallelism()
            .ok()
            .map(|count| count.get() as f64)
    };
    let cpus = allowed
        .map(|list| list.count() as f64)
        .or_else(by_library)?;
    Some(quota.map_or(cpus, |quota| quota.min(cpus)))
}

fn sockets() -> Option<proc::Sockets> {
    let sockstat = fs::read_to_string("/proc/self/net/sockstat").ok()?;
    let sockstat6 = fs::read_to_string("/proc/self/net/sockstat6").ok();
    proc::sockets(&sockstat, sockstat6.as_deref())
}

/// Counts open files.
#[derive(Debug, Default)]
struct Descriptors {
    /// Samples to let pass.
    skip: u32,
}

impl Descriptors {
    fn count(&mut self) -> Option<u64> {
        // Linux 6.2 and later tell their number as the size of the directory; before, it was 0.
        if let Some(count @ 1..) = fs::metadata("/proc/self/fd").ok().map(|fd| fd.len()) {
            return Some(count);
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        let count = fs::read_dir("/proc/self/fd").ok()?.count() as u64;
        if count > MANY_FILES {
            self.skip = SELDOM - 1;
        }
        Some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_counts_only_where_it_is_less_than_the_cpus() {
        #[track_caller]
        fn check(allowed: &str, quota: Option<f64>, expected: f64) {
            let allowed = CpuList::parse(allowed).unwrap();
            assert_eq!(usable_cpus(Some(&allowed), quota), Some(expected));
        }
        check("0-3", None, 4.0);
        check("0-3", Some(1.5), 1.5);
        check("0-3", Some(8.0), 4.0);
        check("5", Some(0.25), 0.25);
        assert!(usable_cpus(None, None).is_some_and(|cpus| cpus >= 1.0));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_machine_can_be_read() {
        let (mut source, facts) = Source::new();
        assert!(facts.cpus.is_some_and(|cpus| cpus > 0.0));
        assert!(facts.descriptors.is_some_and(|limit| limit > 2));
        let before = source.read();
        let file = File::open("/proc/self/status").unwrap();
        let after = source.read();
        assert!(before.usage.is_some() && before.monotonic_ns < after.monotonic_ns);
        assert!(before.descriptors.is_some_and(|count| count > 2));
        drop(file);
        // Both clocks were read at an instant each, however busy the machine is.
        let asleep = after.boot_offset_ns.zip(before.boot_offset_ns);
        assert!(asleep.is_none_or(|(after, before)| (after - before).abs() < 10_000_000));
    }
}
