//! What is asked of the operating system, apart from its timers.

use std::fs;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd};
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// What a process has used in all, once it has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// User and system time of all its threads.
    pub(crate) cpu_ns: u64,
    /// The most memory it had at once.
    pub(crate) peak_bytes: u64,
}

/// Waits for the end of a process whose output was read.
#[expect(unsafe_code, reason = "std waits for a child without its usage")]
pub(crate) fn wait(child: Child) -> io::Result<Usage> {
    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let mut status = 0;
    // SAFETY: a structure of numbers, all of which may be zero.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both structures are valid for the length of the call, and the child is ours and was not waited for.
    while unsafe { libc::wait4(pid, &raw mut status, 0, &raw mut usage) } == -1 {
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    Ok(Usage {
        cpu_ns: ns(usage.ru_utime) + ns(usage.ru_stime),
        // In KiB on Linux.
        peak_bytes: usage.ru_maxrss.unsigned_abs() << 10,
    })
}

/// Asks a process to end.
#[expect(unsafe_code, reason = "std knows how to kill, not how to ask")]
pub(crate) fn terminate(child: &Child) {
    if let Ok(pid) = libc::pid_t::try_from(child.id()) {
        // SAFETY: a number goes to the kernel, for a child of ours that was not waited for.
        unsafe { libc::kill(pid, libc::SIGTERM) };
    }
}

/// The CPU time that the thread with this name of a process has used so far; nothing where there is none.
pub(crate) fn thread_cpu_ns(pid: u32, name: &str) -> Option<u64> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let mut threads = threads.flatten().map(|thread| thread.path());
    let is_named = |path: &std::path::PathBuf| {
        fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim_end() == name)
    };
    // Its first figure is nanoseconds on a processor.
    let stat = fs::read_to_string(threads.find(is_named)?.join("schedstat")).ok()?;
    stat.split_whitespace().next()?.parse().ok()
}

/// The proportional set size of a process.
pub(crate) fn pss_bytes(pid: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib << 10)
}

fn ns(of: libc::timeval) -> u64 {
    of.tv_sec.unsigned_abs() * 1_000_000_000 + of.tv_usec.unsigned_abs() * 1_000
}

/// A terminal of 80 columns: the end that reads what is shown, and the end of the process that shows it.
#[expect(
    unsafe_code,
    reason = "a system call and the descriptors that it returns"
)]
pub(crate) fn open_terminal() -> io::Result<(OwnedFd, OwnedFd)> {
    let (mut reader, mut writer) = (-1, -1);
    let size = libc::winsize {
        ws_row: 24,
        ws_col: 80,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    // SAFETY: the descriptors and the size are valid for the length of the call; a name and settings are not asked for.
    let opened = unsafe {
        libc::openpty(
            &raw mut reader,
            &raw mut writer,
            std::ptr::null_mut(),
            std::ptr::null(),
            &raw const size,
        )
    };
    if opened == -1 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call succeeded, so both are open and nobody else's.
    Ok(unsafe { (OwnedFd::from_raw_fd(reader), OwnedFd::from_raw_fd(writer)) })
}

/// Does something while `threads` threads do nothing but compute.
pub(crate) fn beside_hogs<T>(threads: usize, what: impl FnOnce() -> T) -> T {
    let is_done = AtomicBool::new(false);
    let hog = || {
        let mut value = 1_u64;
        while !is_done.load(Ordering::Relaxed) {
            for _ in 0..10_000 {
                value = std::hint::black_box(value.wrapping_mul(6_364_136_223_846_793_005));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(hog);
        }
        let result = what();
        is_done.store(true, Ordering::Relaxed);
        result
    })
}

/// How many processors there are.
pub(crate) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The kernel and the processors.
pub(crate) fn describe() -> String {
    let kernel = read_or_unknown("/proc/sys/kernel/osrelease");
    format!("{} processors, Linux {kernel}", processors())
}

/// The load averages of 1, 5 and 15 minutes.
pub(crate) fn load_average() -> String {
    let text = read_or_unknown("/proc/loadavg");
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

fn read_or_unknown(path: &str) -> String {
    fs::read_to_string(path).map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}
