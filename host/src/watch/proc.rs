//! Reads the texts of `/proc`: pure functions, which give nothing where a text is not what proc(5) says it is.

use std::ops::RangeInclusive;

/// CPUs by number, as the kernel lists them: `0-3,8`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CpuList(Vec<RangeInclusive<u32>>);

impl CpuList {
    /// Reads a list. One without any CPU is none.
    pub(super) fn parse(text: &str) -> Option<CpuList> {
        let range = |part: &str| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let range = first.parse().ok()?..=last.parse().ok()?;
            (!range.is_empty()).then_some(range)
        };
        let ranges: Option<Vec<_>> = text.trim().split(',').map(range).collect();
        ranges.map(CpuList)
    }

    /// The CPUs that a process may run on, from its `/proc/PID/status`.
    pub(super) fn allowed(status: &str) -> Option<CpuList> {
        CpuList::parse(field(status, "Cpus_allowed_list:")?)
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        let lengths = self
            .0
            .iter()
            .map(|range| u64::from(range.end() - range.start()) + 1);
        lengths.sum()
    }

    fn has(&self, cpu: u32) -> bool {
        self.0.iter().any(|range| range.contains(&cpu))
    }
}

/// What comes after `name` on the line that begins with it.
pub(super) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.strip_prefix(name))
        .map(str::trim)
}

/// What CPUs did, in ticks since the machine started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ticks {
    /// Running something.
    pub(super) busy: u64,
    /// Running nothing, whether or not something waited for a disk.
    pub(super) idle: u64,
    /// Having something to run and not getting to it, for the hypervisor ran somebody else.
    pub(super) steal: u64,
}

/// What the CPUs of a list did, from `/proc/stat`; without a list, all of them.
pub(super) fn ticks(stat: &str, cpus: Option<&CpuList>) -> Option<Ticks> {
    let mut sum = Ticks::default();
    let mut is_found = false;
    for line in stat.lines().take_while(|line| line.starts_with("cpu")) {
        let (name, numbers) = line.split_once(' ')?;
        let is_wanted = match (name.strip_prefix("cpu")?, cpus) {
            ("", cpus) => cpus.is_none(),
            (number, Some(cpus)) => cpus.has(number.parse().ok()?),
            (_, None) => false,
        };
        if is_wanted {
            let of_cpu = ticks_of(numbers)?;
            sum.busy = sum.busy.saturating_add(of_cpu.busy);
            sum.idle = sum.idle.saturating_add(of_cpu.idle);
            sum.steal = sum.steal.saturating_add(of_cpu.steal);
            is_found = true;
        }
    }
    is_found.then_some(sum)
}

/// user nice system idle iowait irq softirq steal; what follows (guests) is in user and nice already.
fn ticks_of(numbers: &str) -> Option<Ticks> {
    let numbers: Result<Vec<u64>, _> = numbers.split_ascii_whitespace().map(str::parse).collect();
    let numbers = numbers.ok()?;
    let &[user, nice, system, idle, iowait, irq, softirq, steal, ..] = &numbers[..] else {
        return None;
    };
    let sum = |parts: &[u64]| {
        parts
            .iter()
            .try_fold(0u64, |sum, part| sum.checked_add(*part))
    };
    Some(Ticks {
        busy: sum(&[user, nice, system, irq, softirq])?,
        idle: sum(&[idle, iowait])?,
        steal,
    })
}

/// How long a thread was ready and waited for a CPU, in nanoseconds, from its `schedstat`. Nothing for one that, the
/// file says, has never run: a kernel that does not count writes zeros.
pub(super) fn waited_ns(schedstat: &str) -> Option<u64> {
    let mut numbers = schedstat
        .split_ascii_whitespace()
        .map(|number| number.parse::<u64>().ok());
    let (ran, waited, times) = (numbers.next()??, numbers.next()??, numbers.next()??);
    (ran > 0 || times > 0).then_some(waited)
}

/// TCP sockets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sockets {
    /// Those in use, other than the next.
    pub(super) in_use: u64,
    /// Those in `TIME_WAIT`, which keep their ports.
    pub(super) time_wait: u64,
}

/// The TCP sockets of `/proc/net/sockstat`, and of `sockstat6` where there is one; `TIME_WAIT` of both is in the first.
pub(super) fn sockets(sockstat: &str, sockstat6: Option<&str>) -> Option<Sockets> {
    let tcp = field(sockstat, "TCP:")?;
    let tcp6 = sockstat6.and_then(|text| number_after(field(text, "TCP6:")?, "inuse"));
    Some(Sockets {
        in_use: number_after(tcp, "inuse")?.saturating_add(tcp6.unwrap_or(0)),
        time_wait: number_after(tcp, "tw")?,
    })
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    let mut words = text.split_ascii_whitespace();
    words.find(|word| *word == name)?;
    words.next()?.parse().ok()
}

/// How many ports `net.ipv4.ip_local_port_range` has.
pub(super) fn ports(range: &str) -> Option<u64> {
    let mut ends = range
        .split_ascii_whitespace()
        .map(|end| end.parse::<u16>().ok());
    let (first, last) = (ends.next()??, ends.next()??);
    (first <= last).then(|| u64::from(last - first) + 1)
}

/// A size of `/proc/meminfo` in bytes.
pub(super) fn memory(meminfo: &str, name: &str) -> Option<u64> {
    let kibibytes = field(meminfo, name)?.strip_suffix("kB")?;
    kibibytes.trim_end().parse::<u64>().ok()?.checked_mul(1024)
}

/// A text that is one number.
pub(super) fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests;
