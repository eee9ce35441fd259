//! Processes that a suite starts: each the first of a process group of its own, so that all that come of it can be ended, and so
//! that a Ctrl-C of the terminal reaches the suite alone, which then passes it on.

mod output;

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::Sender;
use std::time::Duration;

use self::output::{Keep, Output};
use crate::clock;
use crate::error::Exit;

/// What a suite waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// A process has ended, told by its id.
    Ended(u32),
    /// The suite is to end.
    Signal(Exit),
}

/// The most bytes of a command's output that are kept: the last.
const TAIL_BYTES: usize = 16 << 10;

/// How long what a group has left may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(2);

/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(10);

/// A process with all that come of it.
#[derive(Debug)]
pub(super) struct Group {
    child: Child,
    has_ended: bool,
    output: Output,
}

impl Group {
    /// Starts a program whose output on both streams is kept as far as its end.
    ///
    /// # Errors
    /// The system does not start it.
    pub(super) fn start(mut command: Command, events: &Sender<Event>) -> io::Result<Group> {
        let (reader, writer) = io::pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer);
        let child = spawned(&mut command, events)?;
        // It holds the other end of the pipe, which would keep it open.
        drop(command);
        Ok(Group {
            child,
            has_ended: false,
            output: Output::of(reader, Keep::Last(TAIL_BYTES)),
        })
    }

    /// Starts a program whose stderr is ours, and of which the first `most` bytes of stdout are kept.
    ///
    /// # Errors
    /// The system does not start it.
    pub(super) fn start_talking(
        mut command: Command,
        most: usize,
        events: &Sender<Event>,
    ) -> io::Result<Group> {
        let (reader, writer) = io::pipe()?;
        command.stdout(writer);
        let child = spawned(&mut command, events)?;
        drop(command);
        Ok(Group {
            child,
            has_ended: false,
            output: Output::of(reader, Keep::First(most)),
        })
    }

    /// The id of its first process.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal to all that belong to it.
    pub(super) fn signal(&self, signal: i32) {
        signal_group(self.id(), signal);
    }

    /// What the first process ended with, which has been told.
    ///
    /// # Errors
    /// The system does not say.
    pub(super) fn status(&mut self) -> io::Result<ExitStatus> {
        self.has_ended = true;
        self.child.wait()
    }

    /// What it wrote, as far as that is kept. Waits a little for what is on its way.
    pub(super) fn output(&self) -> Vec<u8> {
        self.output.bytes()
    }

    /// Ends all that is left of it: asked first, and then by force.
    pub(super) fn end(mut self) {
        self.signal(libc::SIGTERM);
        if !self.has_ended {
            // It may take the time that the others have, too: whoever is asked to end and has ended is reaped here.
            self.has_ended = self.reaped_in_time();
        }
        let deadline = clock::later(clock::now(), GRACE);
        while signal_group(self.id(), 0) && clock::now() < deadline {
            clock::pause(LOOK);
        }
        self.signal(libc::SIGKILL);
        if !self.has_ended {
            // Nothing survives that signal.
            let _ = self.child.wait();
        }
    }

    fn reaped_in_time(&mut self) -> bool {
        let deadline = clock::later(clock::now(), GRACE);
        loop {
            match self.child.try_wait() {
                Ok(None) if clock::now() < deadline => clock::pause(LOOK),
                Ok(None) => return false,
                Ok(Some(_)) | Err(_) => return true,
            }
        }
    }
}

fn spawned(command: &mut Command, events: &Sender<Event>) -> io::Result<Child> {
    use std::os::unix::process::CommandExt;
    command.stdin(Stdio::null()).process_group(0);
    ends_with_us(command);
    let child = command.spawn()?;
    let (id, events) = (child.id(), events.clone());
    std::thread::spawn(move || {
        wait_unreaped(id);
        // The suite may be over.
        let _ = events.send(Event::Ended(id));
    });
    Ok(child)
}

/// Waits for the end of a child and leaves it to be reaped: until then its id is nobody else's, and can be sent signals.
#[expect(unsafe_code, reason = "one system call on a structure of our own")]
fn wait_unreaped(id: u32) {
    let mut info = std::mem::MaybeUninit::<libc::siginfo_t>::zeroed();
    // SAFETY: the call writes a `siginfo_t`, which `info` has room for.
    while unsafe {
        libc::waitid(
            libc::P_PID,
            id,
            info.as_mut_ptr(),
            libc::WEXITED | libc::WNOWAIT,
        )
    } != 0
    {
        if io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
            break;
        }
    }
}

/// Sends a signal to a group, and tells whether there was anybody to get it.
#[expect(unsafe_code, reason = "one system call without pointers")]
pub(super) fn signal_group(id: u32, signal: i32) -> bool {
    let Ok(id @ 2..) = i32::try_from(id) else {
        return false;
    };
    // SAFETY: there are no pointers, and the group is one that this process has made.
    unsafe { libc::kill(-id, signal) == 0 }
}

/// Has a process asked to end when this one is gone, however that was.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "one system call in the new process, which allocates nothing"
)]
fn ends_with_us(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    // SAFETY: between `fork` and `exec` nothing happens but this system call, which has no pointers.
    unsafe {
        command.pre_exec(|| {
            // Where it is not possible, the process is none the worse for it.
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM);
            Ok(())
        });
    }
}

#[cfg(not(target_os = "linux"))]
fn ends_with_us(_: &mut Command) {}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_group_ends_with_all_that_was_started_in_it() {
        let (sender, events) = mpsc::channel();
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 1000 & echo $!"]);
        let mut group = Group::start(command, &sender).unwrap();
        assert_eq!(events.recv(), Ok(Event::Ended(group.id())));
        assert!(group.status().unwrap().success());
        let id = group.id();
        assert!(signal_group(id, 0), "it is still there");
        let said = String::from_utf8(group.output()).unwrap();
        assert!(said.trim().parse::<u32>().is_ok(), "{said}");
        group.end();
        assert!(!signal_group(id, 0), "it is gone");
    }
}
