//! The live view of a run on stderr: a block that is drawn over and over on a terminal, else a line now and then.
//!
//! Between two frames the cursor rests on an empty line *above* the block. So a frame is: erase everything below, draw,
//! go back up. Nothing above can be lost, whatever happened since the last frame, and there are no rows to be counted: a
//! terminal that was resized has kept the cursor at its place while it broke lines anew or cut them off; and what somebody
//! else wrote (the `^C` of a key, a panic, the shell while the process was stopped) has moved the cursor behind it. The
//! price is that they write over the block if it was not [removed](clear_in_passing) before. The cursor is never hidden
//! and no mode stays set, so there is nothing to restore after a process that was killed.

mod screen;

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use screen::{Screen, Size};

use super::output;
use crate::report::Style;
use crate::report::live::{Eta, Progress, block, line};

/// What is on the terminal. There is one for the process, as there is one stderr: log lines and notices come from any
/// thread.
static SCREEN: Mutex<Screen> = Mutex::new(Screen::new());

/// How far the run was when it was last looked at, for those who ask.
static LATEST: Mutex<Option<Progress>> = Mutex::new(None);

/// Keeps how far the run is.
pub(super) fn remember(progress: &Progress) {
    *LATEST.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress.clone());
}

/// Tells it in one line.
pub(super) fn tell() {
    let latest = LATEST
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    match latest {
        Some(progress) => print_above(&format!("{}\n", line(&progress, None))),
        None => print_above("gorgon: no second of the run has passed yet\n"),
    }
}

/// How the run is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Not at all.
    Silent,
    /// A plain line now and then.
    Lines,
    /// A block that is drawn over and over.
    Block,
}

/// Shows a run while it goes on. It has no clock: whoever holds it calls [`show`](LiveView::show) each
/// [`period`](LiveView::period). When it is dropped the block is gone.
#[derive(Debug)]
pub(super) struct LiveView {
    mode: Mode,
    style: Style,
    eta: Eta,
}

impl LiveView {
    /// A view on stderr; `quiet` for none.
    pub(super) fn new(quiet: bool) -> LiveView {
        let term = std::env::var_os("TERM");
        LiveView {
            mode: mode(quiet, io::stderr().is_terminal(), term.as_deref()),
            style: output::stderr_style(),
            eta: Eta::default(),
        }
    }

    /// Whether there is a block, with room for the latest log line of each worker, rather than lines that follow each other.
    pub(super) fn is_block(&self) -> bool {
        self.mode == Mode::Block
    }

    /// How often to show the run; nothing if it is not to be shown at all.
    pub(super) fn period(&self) -> Option<Duration> {
        match self.mode {
            Mode::Silent => None,
            Mode::Lines => Some(Duration::from_secs(10)),
            Mode::Block => Some(Duration::from_millis(250)),
        }
    }

    /// Shows the run as it is now.
    pub(super) fn show(&mut self, progress: &Progress) {
        self.eta.note(progress.elapsed_ns, progress.done);
        let eta_ns = self.eta.left_ns(progress);
        match self.mode {
            Mode::Silent => {}
            Mode::Lines => write(format!("{}\n", line(progress, eta_ns)).as_bytes()),
            Mode::Block => {
                let size = terminal_size();
                let lines = lines(progress, eta_ns, self.style, size);
                let mut screen = screen();
                write(&screen.show(&lines, size));
            }
        }
    }

    /// Removes the block, so that what comes next stands where it began.
    pub(super) fn clear(&mut self) {
        let mut screen = screen();
        write(&screen.clear());
    }
}

impl Drop for LiveView {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Writes text to stderr, with its colours if that shows them; above the block, if there is one. All that this process
/// writes to stderr during a run goes through here.
pub(super) fn print_above(text: &str) {
    let mut shown =
        anstream::AutoStream::new(Vec::new(), anstream::AutoStream::choice(&io::stderr()));
    // Writing to memory does not fail.
    let _ = shown.write_all(text.as_bytes());
    let text = shown.into_inner();
    let mut screen = screen();
    let size = screen.is_shown().then(terminal_size);
    write(&screen.above(&text, size));
}

/// Removes the block if nobody is writing just now: for a process that leaves at once, whoever holds things up.
pub(super) fn clear_in_passing() {
    clear_while(|| {});
}

/// The same, and nothing is drawn before `act` has ended.
pub(super) fn clear_while(act: fn()) {
    let screen = match SCREEN.try_lock() {
        Ok(screen) => Some(screen),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    };
    let screen = screen.map(|mut screen| {
        write(&screen.clear());
        screen
    });
    act();
    drop(screen);
}

/// A terminal without a name is as good as a dumb one: nothing is known of what it understands.
fn mode(quiet: bool, is_terminal: bool, term: Option<&OsStr>) -> Mode {
    let is_dumb = term.is_none_or(|term| term.is_empty() || term == "dumb");
    match (quiet, is_terminal && !is_dumb) {
        (true, _) => Mode::Silent,
        (false, true) => Mode::Block,
        (false, false) => Mode::Lines,
    }
}

/// The lines of a block for a terminal of this size. At most half of it, so that the messages above can be read, and in a
/// low one as much as there is room for.
fn lines(progress: &Progress, eta_ns: Option<u64>, style: Style, size: Size) -> Vec<String> {
    const LINES: usize = 4;
    let style = Style {
        width: size.columns,
        ..style
    };
    // The line on which the cursor rests, and one for what is above.
    let room = size.rows.saturating_sub(2);
    block(progress, eta_ns, style, room.min(LINES.max(size.rows / 2)))
}

fn screen() -> MutexGuard<'static, Screen> {
    SCREEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One write for each frame, so that no terminal shows half of it.
fn write(bytes: &[u8]) {
    // Nothing can be told to somebody whose stderr is closed.
    let _ = io::stderr().write_all(bytes);
}

/// The size of the terminal at stderr, or the usual one where it does not tell.
#[expect(unsafe_code, reason = "one system call on a structure of our own")]
fn terminal_size() -> Size {
    let mut size = libc::winsize {
        ws_row: 0,
        ws_col: 0,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    // SAFETY: TIOCGWINSZ writes a `winsize`, which `size` is. If it fails, `size` is as it was.
    unsafe { libc::ioctl(libc::STDERR_FILENO, libc::TIOCGWINSZ, &raw mut size) };
    let or_usual = |known: u16, usual| {
        if known == 0 {
            usual
        } else {
            usize::from(known)
        }
    };
    Size {
        columns: or_usual(size.ws_col, 80),
        rows: or_usual(size.ws_row, 24),
    }
}

#[cfg(test)]
mod terminal;
#[cfg(test)]
mod tests;
