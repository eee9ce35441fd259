//! What the cgroup of this process, or one above it, limits: CPU time and memory. Both versions, as cgroups(7) and the
//! kernel's "Control Group v2" describe them.

use std::path::{Path, PathBuf};

/// A limit of memory that is none: version 1 writes the largest number of whole pages.
const NO_LIMIT: u64 = 1 << 60;

/// The limits that hold here.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cgroup {
    /// CPUs, of which it may be a fraction: the least of the quotas.
    pub(super) cpus: Option<f64>,
    /// The files that count how long such a quota stopped the process, one for each quota.
    pub(super) stats: Vec<PathBuf>,
    /// Bytes: the least of the limits.
    pub(super) memory: Option<u64>,
}

impl Cgroup {
    /// The limits of this process.
    pub(super) fn here() -> Cgroup {
        Cgroup::find(&|path| std::fs::read_to_string(path).ok())
    }

    /// The limits that the files say, read through `read`. A group that cannot be seen, as those above a container
    /// cannot, is passed over.
    fn find(read: &dyn Fn(&Path) -> Option<String>) -> Cgroup {
        let groups = read(Path::new("/proc/self/cgroup")).unwrap_or_default();
        let mut found = Cgroup::default();
        for group in groups.lines() {
            // hierarchy:controllers:path, where version 2 has hierarchy 0 and no controllers.
            let mut parts = group.splitn(3, ':');
            let (Some(hierarchy), Some(controllers), Some(path)) =
                (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let has = |name: &str| controllers.split(',').any(|controller| controller == name);
            if hierarchy == "0" {
                for level in levels("/sys/fs/cgroup", path) {
                    found.quota(&level, || quota(&read(&level.join("cpu.max"))?));
                    found.limit(read(&level.join("memory.max")));
                }
            } else if has("cpu") {
                for level in levels(&format!("/sys/fs/cgroup/{controllers}"), path) {
                    let file = |name: &str| read(&level.join(name));
                    let v1 = || quota_v1(&file("cpu.cfs_quota_us")?, &file("cpu.cfs_period_us")?);
                    found.quota(&level, v1);
                }
            } else if has("memory") {
                for level in levels("/sys/fs/cgroup/memory", path) {
                    found.limit(read(&level.join("memory.limit_in_bytes")));
                }
            }
        }
        found
    }

    fn quota(&mut self, level: &Path, cpus: impl FnOnce() -> Option<f64>) {
        if let Some(cpus) = cpus() {
            self.cpus = Some(self.cpus.map_or(cpus, |least| least.min(cpus)));
            self.stats.push(level.join("cpu.stat"));
        }
    }

    fn limit(&mut self, text: Option<String>) {
        let limit = text.and_then(|text| super::proc::number(&text));
        let limit = limit.filter(|&bytes| bytes < NO_LIMIT);
        self.memory = [self.memory, limit].into_iter().flatten().min();
    }
}

/// The directories of a group and of all above it, down to where they are mounted.
fn levels(mount: &str, path: &str) -> Vec<PathBuf> {
    let path = Path::new(path.trim_start_matches('/'));
    // A group outside of what this process sees is written with `..`.
    let is_seen = !path.components().any(|part| part.as_os_str() == "..");
    let inside = path
        .ancestors()
        .filter(|level| is_seen || level.as_os_str().is_empty());
    inside.map(|level| Path::new(mount).join(level)).collect()
}

/// CPUs by a version 2 `cpu.max`: `quota period` in microseconds, or `max period`.
fn quota(cpu_max: &str) -> Option<f64> {
    let (quota, period) = cpu_max.trim().split_once(' ')?;
    ratio(quota, period)
}

/// CPUs by a version 1 quota and period in microseconds; a quota of -1 is none.
fn quota_v1(quota: &str, period: &str) -> Option<f64> {
    ratio(quota.trim(), period.trim())
}

fn ratio(quota: &str, period: &str) -> Option<f64> {
    let (quota, period) = (quota.parse::<u64>().ok()?, period.parse::<u64>().ok()?);
    (quota > 0 && period > 0).then(|| quota as f64 / period as f64)
}

/// For how long a quota stopped its group, in nanoseconds, from its `cpu.stat`.
pub(super) fn throttled_ns(cpu_stat: &str) -> Option<u64> {
    let number = |name: &str| super::proc::number(super::proc::field(cpu_stat, name)?);
    let v2 = || number("throttled_usec ")?.checked_mul(1000);
    v2().or_else(|| number("throttled_time "))
}

#[cfg(test)]
mod tests;
