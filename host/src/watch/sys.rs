//! The system calls of this module: clocks, the use of resources, and limits. Nothing where a system has none of it.

use std::mem::MaybeUninit;

/// What a reading of one clock between two of another may take, in nanoseconds, to say how far they are apart.
const READ_TOGETHER_NS: u64 = 100_000;

/// How often that is tried: a thread may lose its CPU between two readings, but hardly each time.
const TRIES: usize = 8;

/// How far the clock that goes on while the machine is suspended is ahead of the one that does not, in nanoseconds. It
/// grows by the length of each suspension and stays as it is otherwise, to within 0.1 ms.
pub(super) fn boot_offset_ns() -> Option<i64> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    return ahead_ns(libc::CLOCK_BOOTTIME);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    None
}

/// How far the time of day is ahead of the monotonic clock, in nanoseconds.
pub(super) fn wall_offset_ns() -> Option<i64> {
    ahead_ns(libc::CLOCK_REALTIME)
}

/// The monotonic clock, in nanoseconds.
pub(super) fn monotonic_ns() -> Option<u64> {
    clock_ns(libc::CLOCK_MONOTONIC)
}

fn ahead_ns(clock: libc::clockid_t) -> Option<i64> {
    (0..TRIES).find_map(|_| {
        let before = monotonic_ns()?;
        let there = clock_ns(clock)?;
        let after = monotonic_ns()?;
        let is_together = after.saturating_sub(before) <= READ_TOGETHER_NS;
        let ahead = i128::from(there) - i128::from(before);
        is_together.then(|| i64::try_from(ahead).ok())?
    })
}

#[expect(unsafe_code, reason = "a system call on a structure of our own")]
fn clock_ns(clock: libc::clockid_t) -> Option<u64> {
    let mut time = MaybeUninit::<libc::timespec>::zeroed();
    // SAFETY: the pointer is valid for writing, and zeros are a valid `timespec` should nothing be written.
    let time = unsafe {
        if libc::clock_gettime(clock, time.as_mut_ptr()) != 0 {
            return None;
        }
        time.assume_init()
    };
    let seconds = u64::try_from(time.tv_sec).ok()?;
    let nanoseconds = u64::try_from(time.tv_nsec).ok()?;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanoseconds)
}

/// What the process used of the CPUs since it began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) user_ns: u64,
    pub(super) system_ns: u64,
    pub(super) involuntary_switches: u64,
}

/// The use of this process.
#[expect(unsafe_code, reason = "a system call on a structure of our own")]
pub(super) fn usage() -> Option<Usage> {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is valid for writing, and zeros are a valid `rusage` should nothing be written.
    let usage = unsafe {
        if libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr()) != 0 {
            return None;
        }
        usage.assume_init()
    };
    let ns = |time: libc::timeval| {
        let seconds = u64::try_from(time.tv_sec).ok()?;
        let microseconds = u64::try_from(time.tv_usec).ok()?;
        seconds
            .checked_mul(1_000_000_000)?
            .checked_add(microseconds * 1000)
    };
    Some(Usage {
        user_ns: ns(usage.ru_utime)?,
        system_ns: ns(usage.ru_stime)?,
        involuntary_switches: u64::try_from(usage.ru_nivcsw).ok()?,
    })
}

/// What a process may have only so much of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Resource {
    OpenFiles,
    Processes,
    AddressSpace,
}

/// A limit of this process. `u64::MAX` is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limit {
    /// What holds.
    pub(super) soft: u64,
    /// What it can be raised to without being root.
    pub(super) hard: u64,
}

/// No limit, as [`Limit`] has it.
pub(super) const UNLIMITED: u64 = u64::MAX;

/// A limit of this process.
#[expect(unsafe_code, reason = "a system call on a structure of our own")]
pub(super) fn limit(resource: Resource) -> Option<Limit> {
    let which = match resource {
        Resource::OpenFiles => libc::RLIMIT_NOFILE,
        Resource::Processes => libc::RLIMIT_NPROC,
        Resource::AddressSpace => libc::RLIMIT_AS,
    };
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` is a valid structure to write to.
    let is_told = unsafe { libc::getrlimit(which, &raw mut limit) } == 0;
    let value = |of: libc::rlim_t| {
        if of == libc::RLIM_INFINITY {
            UNLIMITED
        } else {
            of
        }
    };
    is_told.then(|| Limit {
        soft: value(limit.rlim_cur),
        hard: value(limit.rlim_max),
    })
}

/// The length of a tick of `/proc/stat`, in nanoseconds.
#[expect(unsafe_code, reason = "a system call without pointers")]
pub(super) fn tick_ns() -> Option<u64> {
    // SAFETY: it takes a number and gives one.
    let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
    1_000_000_000u64.checked_div(u64::try_from(per_second).ok()?)
}

/// A timer of the kernel's, such as open load is paced by.
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub(super) struct Timer(std::fs::File);

#[cfg(target_os = "linux")]
impl Timer {
    /// Makes one, on the monotonic clock.
    #[expect(unsafe_code, reason = "a system call that makes a file")]
    pub(super) fn new() -> Option<Timer> {
        use std::os::fd::FromRawFd;
        // SAFETY: no pointers; the descriptor is new and nobody else's.
        unsafe {
            let descriptor = libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_CLOEXEC);
            (descriptor >= 0).then(|| Timer(std::fs::File::from_raw_fd(descriptor)))
        }
    }

    /// Waits for a time (less than a second, in nanoseconds), and says by how much it was too long.
    #[expect(unsafe_code, reason = "a system call on a structure of our own")]
    pub(super) fn lateness_ns(&mut self, wait_ns: u32) -> Option<u64> {
        use std::io::Read;
        use std::os::fd::AsRawFd;
        let mut time = MaybeUninit::<libc::itimerspec>::zeroed();
        let started = monotonic_ns()?;
        // SAFETY: zeros are a valid `itimerspec`, and the pointer to it is valid for reading; what was set before is
        // not asked for, as the null pointer says.
        let is_set = unsafe {
            let time = time.assume_init_mut();
            time.it_value.tv_nsec = libc::c_long::from(i32::try_from(wait_ns).ok()?);
            libc::timerfd_settime(self.0.as_raw_fd(), 0, time, std::ptr::null_mut()) == 0
        };
        if !is_set {
            return None;
        }
        self.0.read_exact(&mut [0; 8]).ok()?;
        Some(
            monotonic_ns()?
                .saturating_sub(started)
                .saturating_sub(u64::from(wait_ns)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::process_cpu_ns;

    #[test]
    fn time_and_cpu_time_only_grow() {
        let (before, cpu) = (monotonic_ns(), process_cpu_ns());
        let sum: u64 = (0..100_000u64).map(std::hint::black_box).sum();
        assert!(sum > 0 && monotonic_ns() >= before && process_cpu_ns() >= cpu);
        assert!(process_cpu_ns() > 0);
    }

    #[test]
    fn the_use_of_the_process_grows_with_its_work() {
        let until = process_cpu_ns() + 50_000_000;
        let before = usage().unwrap();
        while process_cpu_ns() < until {}
        let after = usage().unwrap();
        assert!(after.user_ns + after.system_ns > before.user_ns + before.system_ns);
        assert!(after.involuntary_switches >= before.involuntary_switches);
    }

    #[test]
    fn limits_and_ticks_are_told() {
        let files = limit(Resource::OpenFiles).unwrap();
        assert!(files.soft > 2 && files.hard >= files.soft);
        assert!(limit(Resource::Processes).is_some() && limit(Resource::AddressSpace).is_some());
        assert!(tick_ns().is_some_and(|ns| (1..=1_000_000_000).contains(&ns)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_timer_can_be_waited_for() {
        let mut timer = Timer::new().unwrap();
        assert!(timer.lateness_ns(1_000).is_some());
    }
}
