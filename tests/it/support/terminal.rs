//! A terminal that a test looks at.

use std::ffi::{CStr, OsStr};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::FromRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

/// A pseudo terminal: what is written to it is read by the test.
pub(crate) struct Terminal {
    /// The end that a process writes to.
    process: File,
    shown: mpsc::Receiver<Vec<u8>>,
    /// What was shown so far.
    text: String,
}

impl Terminal {
    pub(crate) fn new(columns: u16, rows: u16) -> Terminal {
        let (mut person, process) = open(columns, rows).expect("a pseudo terminal");
        let (sender, shown) = mpsc::channel();
        std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            // It ends with an error, once nobody has the other end any more.
            while let Ok(length @ 1..) = person.read(&mut chunk) {
                // The test may have seen enough; who writes must not be held up.
                let _ = sender.send(chunk[..length].to_vec());
            }
        });
        Terminal {
            process,
            shown,
            text: String::new(),
        }
    }

    /// The terminal as a stream of a process.
    pub(crate) fn stream(&self) -> Stdio {
        Stdio::from(self.process.try_clone().expect("a second handle"))
    }

    /// Waits until this was shown.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, part: &str) {
        while !self.text.contains(part) {
            match self.shown.recv_timeout(Duration::from_secs(300)) {
                Ok(bytes) => self.text += &String::from_utf8_lossy(&bytes),
                Err(_) => panic!("`{part}` is never shown: {:?}", self.text),
            }
        }
    }

    /// Everything that was shown until now, and forgets it.
    #[track_caller]
    pub(crate) fn shown_so_far(&mut self) -> String {
        const HERE: &str = "<here>";
        self.process
            .write_all(HERE.as_bytes())
            .expect("a terminal takes text");
        self.wait_for(HERE);
        let text = std::mem::take(&mut self.text);
        let (before, after) = text.split_once(HERE).expect("it has been shown");
        self.text = after.to_owned();
        before.to_owned()
    }

    /// Everything that was shown until all processes with this terminal had ended.
    pub(crate) fn end(mut self) -> String {
        drop(self.process);
        for bytes in self.shown {
            self.text += &String::from_utf8_lossy(&bytes);
        }
        self.text
    }
}

/// Both ends of a new pseudo terminal, the person's first.
#[expect(unsafe_code, reason = "a pseudo terminal is made by system calls")]
fn open(columns: u16, rows: u16) -> io::Result<(File, File)> {
    let succeeded = |code: i32| match code {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    };
    // Tests beside this one start processes, which are not to inherit it: it would not end before they do.
    // SAFETY: takes flags and returns a new descriptor or -1, which is looked at before it becomes a file's.
    let descriptor = unsafe { libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is open, and nobody else's.
    let person = unsafe { File::from_raw_fd(descriptor) };
    let mut name = [0; 128];
    let size = libc::winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    // SAFETY: the descriptor is that of a pseudo terminal, `name` has room for as much as is said, and TIOCSWINSZ reads a
    // `winsize`.
    unsafe {
        succeeded(libc::unlockpt(descriptor))?;
        succeeded(libc::ptsname_r(descriptor, name.as_mut_ptr(), name.len()))?;
        succeeded(libc::ioctl(descriptor, libc::TIOCSWINSZ, &raw const size))?;
    }
    // SAFETY: `ptsname_r` succeeded, so the name ends with a zero byte inside the array.
    let name = unsafe { CStr::from_ptr(name.as_ptr()) };
    let process = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_NOCTTY)
        .open(OsStr::from_bytes(name.to_bytes()))?;
    Ok((person, process))
}
