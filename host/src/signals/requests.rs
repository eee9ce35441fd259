//! Signals that ask something of a run without ending it in an orderly way. They are attended to from the beginning, while
//! an operation is still being compiled: one that nobody catches would end the process.

use std::io;

use tokio::signal::unix::{Signal, SignalKind};

use super::{Manners, received, spawn, unless_ignored};
use crate::error::Result;

/// Watches for them from a thread of its own, which ends with the process.
///
/// # Errors
/// The signals or the thread are not to be had.
pub fn watch_requests(manners: Manners) -> Result<()> {
    let act = move |request| match request {
        Request::Tell => (manners.tell)(),
        Request::Quit => {
            (manners.tell)();
            (manners.tidy_up)();
            by_default(libc::SIGQUIT);
        }
        Request::Stop => (manners.tidy_while)(|| by_default(libc::SIGTSTP)),
    };
    let next = async |requests: &mut Requests| requests.next().await;
    spawn("gorgon-requests", Requests::new, next, act)
}

/// What a signal asks for.
enum Request {
    /// Word of how far the run is.
    Tell,
    /// The end of the process, with a core.
    Quit,
    /// A stop, until it is told to go on.
    Stop,
}

struct Requests {
    user: Option<Signal>,
    quit: Option<Signal>,
    stop: Option<Signal>,
}

impl Requests {
    fn new() -> io::Result<Requests> {
        Ok(Requests {
            user: unless_ignored(SignalKind::user_defined1())?,
            quit: unless_ignored(SignalKind::quit())?,
            stop: unless_ignored(SignalKind::from_raw(libc::SIGTSTP))?,
        })
    }

    async fn next(&mut self) -> Request {
        tokio::select! {
            () = received(&mut self.user) => Request::Tell,
            () = received(&mut self.quit) => Request::Quit,
            () = received(&mut self.stop) => Request::Stop,
        }
    }
}

/// Lets a signal do what it does where nobody catches it. Returns where that was not the end, and it is caught again.
#[expect(unsafe_code, reason = "system calls on structures of our own")]
fn by_default(signal: i32) {
    let mut before = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    let mut default = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: all bits zero are a valid action, and the default one needs no handler of ours. The first call fills in
    // what is set again by the last. `raise` has no pointers; it stops or ends this process before it returns.
    unsafe {
        (*default.as_mut_ptr()).sa_sigaction = libc::SIG_DFL;
        if libc::sigaction(signal, default.as_ptr(), before.as_mut_ptr()) == 0 {
            libc::raise(signal);
            libc::sigaction(signal, before.as_ptr(), std::ptr::null_mut());
        }
    }
}
