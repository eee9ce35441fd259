//! A timer of the operating system that an event loop can wait for.

use std::io;
use std::time::Duration;

/// One timer, set to go off once.
#[derive(Debug)]
pub(super) struct TimerFd {
    #[cfg(target_os = "linux")]
    fd: tokio::io::unix::AsyncFd<std::os::fd::OwnedFd>,
}

#[cfg(target_os = "linux")]
impl TimerFd {
    /// A timer on the monotonic clock; never `None` here.
    #[expect(
        unsafe_code,
        reason = "a system call without pointers, and a descriptor handed over"
    )]
    pub(super) fn new() -> io::Result<Option<TimerFd>> {
        use std::os::fd::{FromRawFd, OwnedFd};
        use tokio::io::{Interest, unix::AsyncFd};
        let flags = libc::TFD_NONBLOCK | libc::TFD_CLOEXEC;
        // SAFETY: the call takes no pointers, and what it returns is a descriptor that nobody else owns.
        let fd = unsafe {
            match libc::timerfd_create(libc::CLOCK_MONOTONIC, flags) {
                -1 => return Err(io::Error::last_os_error()),
                fd => OwnedFd::from_raw_fd(fd),
            }
        };
        // SAFETY: an `OwnedFd` always names the same descriptor, which stays open for as long as it lives.
        let fd = unsafe { AsyncFd::register_with_interest(fd, Interest::READABLE) };
        Ok(Some(TimerFd { fd: fd? }))
    }

    /// Sets the timer to go off after `wait`, instead of whatever it was set to.
    #[expect(unsafe_code, reason = "one system call on a structure of our own")]
    pub(super) fn set(&self, wait: Duration) {
        use std::os::fd::AsRawFd;
        // A wait of nothing would switch the timer off.
        let wait = wait.max(Duration::from_nanos(1));
        let once = libc::itimerspec {
            it_interval: libc::timespec {
                tv_sec: 0,
                tv_nsec: 0,
            },
            it_value: libc::timespec {
                tv_sec: libc::time_t::try_from(wait.as_secs()).unwrap_or(libc::time_t::MAX),
                tv_nsec: libc::c_long::from(wait.subsec_nanos() as i32),
            },
        };
        // SAFETY: the descriptor is open, `once` is valid for the length of the call, and the old value is not asked for.
        // It can fail only for a descriptor that is no timer or a time that is none.
        unsafe {
            libc::timerfd_settime(
                self.fd.get_ref().as_raw_fd(),
                0,
                &raw const once,
                std::ptr::null_mut(),
            );
        }
    }

    /// Waits until it has gone off.
    pub(super) async fn fired(&self) -> io::Result<()> {
        loop {
            let mut ready = self.fd.readable().await?;
            if ready.try_io(|fd| take(fd.get_ref())).is_ok() {
                // It goes off once: looking again before it is set anew would be a system call for nothing.
                ready.clear_ready();
                return Ok(());
            }
        }
    }
}

/// Takes back that the timer has gone off; would block if it has not.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "one system call on a buffer of our own")]
fn take(fd: &std::os::fd::OwnedFd) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let mut times = [0_u8; 8];
    // SAFETY: the buffer is valid and as long as said.
    let read = unsafe { libc::read(fd.as_raw_fd(), times.as_mut_ptr().cast(), times.len()) };
    if read == -1 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
impl TimerFd {
    /// There is none.
    pub(super) fn new() -> io::Result<Option<TimerFd>> {
        Ok(None)
    }

    pub(super) fn set(&self, _wait: Duration) {}

    pub(super) async fn fired(&self) -> io::Result<()> {
        std::future::pending().await
    }
}
