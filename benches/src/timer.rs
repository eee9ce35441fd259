//! How late the operating system itself wakes a thread that waits for an instant: what no runner can be better than.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// What came of waiting for many instants.
#[derive(Debug)]
pub(crate) struct Waits {
    /// How late it was each time, in order of size.
    pub(crate) late_ns: Vec<u64>,
    /// The CPU time of the thread as a share of one processor.
    pub(crate) cpu_share: f64,
}

/// The time on the monotonic clock.
fn now_ns() -> u64 {
    clock_ns(libc::CLOCK_MONOTONIC)
}

#[expect(unsafe_code, reason = "a system call on a structure of our own")]
fn clock_ns(clock: libc::clockid_t) -> u64 {
    let mut now = timespec(0);
    // SAFETY: the structure is valid for the length of the call, which cannot fail for the clocks that are asked for here.
    unsafe { libc::clock_gettime(clock, &raw mut now) };
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

fn timespec(ns: u64) -> libc::timespec {
    libc::timespec {
        tv_sec: (ns / 1_000_000_000).cast_signed(),
        tv_nsec: (ns % 1_000_000_000).cast_signed(),
    }
}

/// Waits for instants `step_ns` apart, `count` of them. An instant that has passed when it is its turn is late
/// too, as a call of open load is.
fn lateness(
    count: u64,
    step_ns: u64,
    mut wait_until: impl FnMut(u64) -> io::Result<()>,
) -> io::Result<Waits> {
    let cpu_ns = clock_ns(libc::CLOCK_THREAD_CPUTIME_ID);
    let start_ns = now_ns();
    let mut late_ns = Vec::new();
    for index in 1..=count {
        let due_ns = start_ns + index * step_ns;
        wait_until(due_ns)?;
        late_ns.push(now_ns().saturating_sub(due_ns));
    }
    late_ns.sort_unstable();
    let used_ns = clock_ns(libc::CLOCK_THREAD_CPUTIME_ID).saturating_sub(cpu_ns);
    let elapsed_ns = now_ns().saturating_sub(start_ns).max(1);
    Ok(Waits {
        late_ns,
        cpu_share: used_ns as f64 / elapsed_ns as f64,
    })
}

/// The lateness of `clock_nanosleep`, which the kernel may round up by its slack of 50 µs.
#[expect(unsafe_code, reason = "a system call on a structure of our own")]
pub(crate) fn of_nanosleep(count: u64, step_ns: u64) -> io::Result<Waits> {
    lateness(count, step_ns, |due_ns| {
        let due = timespec(due_ns);
        loop {
            // SAFETY: `due` is valid for the length of the call, and what was left is not asked for.
            let error = unsafe {
                libc::clock_nanosleep(
                    libc::CLOCK_MONOTONIC,
                    libc::TIMER_ABSTIME,
                    &raw const due,
                    std::ptr::null_mut(),
                )
            };
            match error {
                0 => return Ok(()),
                libc::EINTR => {}
                other => return Err(io::Error::from_raw_os_error(other)),
            }
        }
    })
}

/// The lateness of a `timerfd`, which has no slack.
#[expect(
    unsafe_code,
    reason = "system calls on structures and a descriptor of our own"
)]
pub(crate) fn of_timerfd(count: u64, step_ns: u64) -> io::Result<Waits> {
    // SAFETY: the call takes no pointers, and what it returns is a descriptor that nobody else owns.
    let timer = unsafe {
        match libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_CLOEXEC) {
            -1 => return Err(io::Error::last_os_error()),
            fd => OwnedFd::from_raw_fd(fd),
        }
    };
    lateness(count, step_ns, |due_ns| {
        let once = libc::itimerspec {
            it_interval: timespec(0),
            it_value: timespec(due_ns),
        };
        let mut times = [0_u8; 8];
        // SAFETY: the descriptor is open; the setting and the buffer are valid for the length of the calls.
        let read = unsafe {
            libc::timerfd_settime(
                timer.as_raw_fd(),
                libc::TFD_TIMER_ABSTIME,
                &raw const once,
                std::ptr::null_mut(),
            );
            libc::read(timer.as_raw_fd(), times.as_mut_ptr().cast(), times.len())
        };
        match read {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        }
    })
}
