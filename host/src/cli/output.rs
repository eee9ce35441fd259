//! Where words go: stdout for results, stderr for the rest, each with or without colour as it is a terminal or not.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::live;
use crate::error::{Error, Exit};
use crate::report::{self, Style};

/// Writes a result to stdout. A reader that has gone away (`| head`) is no error; anything else that keeps the result
/// from being written is.
pub(super) fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Exit {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Exit::Done,
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
        Err(cause) => {
            error(&Error::new(Exit::CannotWrite, "cannot write to stdout").caused_by(&cause));
            Exit::CannotWrite
        }
    }
}

/// Writes text to stderr, with its colours if that shows them.
pub(super) fn to_stderr(text: &str) {
    live::print_above(text);
}

/// Whether a person reads stderr as it comes.
pub(super) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Tells what went wrong.
pub(super) fn error(error: &Error) {
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = report::error::write(&mut text, error, stderr_style());
    to_stderr(&String::from_utf8_lossy(&text));
}

/// Tells an error that does not keep the rest from being done.
pub(super) fn told(of: Error) -> Exit {
    error(&of);
    of.exit()
}

/// Whether the person asked for results and errors alone.
static QUIET: AtomicBool = AtomicBool::new(false);

/// From here on there are no notices.
pub(super) fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// A line to the person while something is going on.
pub(super) fn notice(text: &str) {
    if QUIET.load(Ordering::Relaxed) {
        return;
    }
    to_stderr(&format!("gorgon: {text}\n"));
}

/// Text that somebody else chose, safe to show on a terminal.
pub(super) fn escaped(text: &str) -> String {
    report::printable::printable(text, stdout_style()).into_owned()
}

/// A tag that a guest chose, safe to show; the empty one is shown as such.
pub(super) fn tag(text: &str) -> String {
    report::printable::name(text, stdout_style()).into_owned()
}

/// A duration in the characters that can be shown.
pub(super) fn duration(ns: u64) -> String {
    stdout_style()
        .text(&report::format::duration(ns))
        .into_owned()
}

/// Clap's text with colours if stdout shows them.
pub(super) fn rendered(text: &clap::builder::StyledStr) -> String {
    if stdout_style().color {
        text.ansi().to_string()
    } else {
        text.to_string()
    }
}

/// How stdout is written to.
pub(super) fn stdout_style() -> Style {
    style(
        anstream::AutoStream::choice(&io::stdout()),
        io::stdout().is_terminal(),
    )
}

/// How stderr is written to.
pub(super) fn stderr_style() -> Style {
    style(
        anstream::AutoStream::choice(&io::stderr()),
        io::stderr().is_terminal(),
    )
}

fn style(choice: anstream::ColorChoice, terminal: bool) -> Style {
    let color = matches!(
        choice,
        anstream::ColorChoice::Always | anstream::ColorChoice::AlwaysAnsi
    );
    let width = if terminal { terminal_width() } else { None };
    Style {
        color,
        unicode: locale_is_unicode(),
        width: width.unwrap_or(80),
    }
}

/// What the locale says of the terminal's characters: `LC_ALL` before `LC_CTYPE` before `LANG`, as POSIX has it. Nothing
/// set is the rule in containers, where UTF-8 is what everybody uses.
fn locale_is_unicode() -> bool {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match set("LC_ALL")
        .or_else(|| set("LC_CTYPE"))
        .or_else(|| set("LANG"))
    {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        }
        None => true,
    }
}

#[expect(unsafe_code, reason = "one system call on a structure of our own")]
fn terminal_width() -> Option<usize> {
    let mut size = libc::winsize {
        ws_row: 0,
        ws_col: 0,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    // SAFETY: TIOCGWINSZ writes a `winsize`, which `size` is.
    let known = unsafe { libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &raw mut size) } == 0;
    (known && size.ws_col > 0).then_some(usize::from(size.ws_col))
}
