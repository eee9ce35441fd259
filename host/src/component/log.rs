//! What guests write: bounded in every direction, because a guest may write for ever.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// Lines that the log of a run keeps; later ones are counted as dropped.
const LINES_MAX: usize = 1_000;
/// Bytes of one line; the rest of it is cut off.
const LINE_BYTES_MAX: usize = 4 << 10;
/// Bytes of the complaint that a failure is reported with.
const COMPLAINT_BYTES_MAX: usize = 512;

/// Where a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The guest's standard output.
    Stdout,
    /// The guest's standard error.
    Stderr,
    /// `context.log`, with its level.
    Debug,
    /// `context.log`, with its level.
    Info,
    /// `context.log`, with its level.
    Warn,
    /// `context.log`, with its level.
    Error,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Origin::Stdout => "stdout",
            Origin::Stderr => "stderr",
            Origin::Debug => "debug",
            Origin::Info => "info",
            Origin::Warn => "warn",
            Origin::Error => "error",
        })
    }
}

/// A line that a guest wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The worker.
    pub worker: u32,
    /// The number of the call.
    pub number: u64,
    /// How it was written.
    pub origin: Origin,
    /// The line, without its end, at most 4 KiB; bytes that are not UTF-8 are replaced.
    pub text: String,
}

type Listener = Box<dyn Fn(&LogLine) + Send + Sync>;

/// The log of a run, shared by all its instances.
#[derive(Default)]
pub struct RunLog {
    listener: Option<Listener>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    lines: Vec<LogLine>,
    written: u64,
}

impl fmt::Debug for RunLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunLog")
            .field("kept", &self.kept)
            .finish_non_exhaustive()
    }
}

impl RunLog {
    /// A log whose lines are also handed to `listener` as they come, all of them.
    pub fn with_listener(listener: impl Fn(&LogLine) + Send + Sync + 'static) -> RunLog {
        RunLog {
            listener: Some(Box::new(listener)),
            kept: Mutex::default(),
        }
    }

    /// How many lines were written, and how many of them dropped.
    pub fn counts(&self) -> (u64, u64) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.written, kept.written - kept.lines.len() as u64)
    }

    /// The lines kept.
    pub fn lines(&self) -> Vec<LogLine> {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .lines
            .clone()
    }

    fn write(&self, line: LogLine) {
        // Not under the lock: a terminal that is slow to read must not hold up the other threads.
        if let Some(listener) = &self.listener {
            listener(&line);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.written += 1;
        if kept.lines.len() < LINES_MAX {
            kept.lines.push(line);
        }
    }
}

/// How Python begins to tell of an exception that nobody caught, and what its interpreter then panics with.
pub(super) const TRACEBACK: &str = "Traceback (most recent call last):";
const PYTHON_PANIC: &str = "Python function threw an unexpected exception";

/// What one instance writes, sorted into lines.
#[derive(Debug)]
struct Output {
    log: Arc<RunLog>,
    worker: u32,
    number: u64,
    partial: [Vec<u8>; 2],
    complaint: String,
    panic_place: String,
    /// Whether the last line of stdout is something else than a line of the log, and that line so far.
    keeps_last: bool,
    last_printed: Option<String>,
}

/// A handle on the output of one instance; the guest's streams hold others.
#[derive(Debug, Clone)]
pub(super) struct GuestOutput(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The call that the instance makes.
    number: AtomicU64,
    /// Whether anything was written since the call began. Most calls write nothing and never touch the lock.
    written: AtomicBool,
    output: Mutex<Output>,
}

impl GuestOutput {
    pub(super) fn new(log: Arc<RunLog>, worker: u32) -> GuestOutput {
        let output = Output {
            log,
            worker,
            number: 0,
            partial: Default::default(),
            complaint: String::new(),
            panic_place: String::new(),
            keeps_last: false,
            last_printed: None,
        };
        GuestOutput(Arc::new(Shared {
            number: AtomicU64::new(0),
            written: AtomicBool::new(false),
            output: Mutex::new(output),
        }))
    }

    /// A stream for the guest's stdout or stderr.
    pub(super) fn stream(&self, origin: Origin) -> GuestStream {
        GuestStream {
            output: self.clone(),
            origin,
        }
    }

    /// From here on the instance writes for this call.
    pub(super) fn begin(&self, number: u64) {
        // Nobody may have asked how the last one ended.
        self.end();
        self.0.number.store(number, Ordering::Relaxed);
    }

    /// Writes a line of the guest's log.
    pub(super) fn line(&self, origin: Origin, text: &str) {
        self.with(|output| output.line(origin, cut(text)));
    }

    /// From here on the last line of stdout that is not empty is kept and not written to the log.
    pub(super) fn keep_last_printed(&self) {
        let mut output = self.0.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.keeps_last = true;
    }

    /// That line, once nothing more is printed.
    pub(super) fn take_last_printed(&self) -> Option<String> {
        let mut output = self.0.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.flush();
        output.last_printed.take()
    }

    /// Ends the call: incomplete lines are complete now. Returns what the guest complained about, if it did.
    pub(super) fn end(&self) -> Option<String> {
        if !self.0.written.swap(false, Ordering::Relaxed) {
            return None;
        }
        let mut output = self.0.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.flush();
        output.take_complaint()
    }

    fn with(&self, write: impl FnOnce(&mut Output)) {
        self.0.written.store(true, Ordering::Relaxed);
        let mut output = self.0.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.number = self.0.number.load(Ordering::Relaxed);
        write(&mut output);
    }
}

impl Output {
    /// Makes lines of what was written without an end.
    fn flush(&mut self) {
        for (index, origin) in [Origin::Stdout, Origin::Stderr].into_iter().enumerate() {
            if !self.partial[index].is_empty() {
                let rest = std::mem::take(&mut self.partial[index]);
                self.line(origin, &String::from_utf8_lossy(&rest));
            }
        }
    }

    fn bytes(&mut self, origin: Origin, bytes: &[u8]) {
        let index = usize::from(origin == Origin::Stderr);
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let partial = &mut self.partial[index];
            let (text, complete) = match piece.strip_suffix(b"\n") {
                Some(text) => (text, true),
                None => (piece, false),
            };
            let room = LINE_BYTES_MAX - partial.len().min(LINE_BYTES_MAX);
            partial.extend_from_slice(&text[..text.len().min(room)]);
            if complete {
                let line = std::mem::take(partial);
                self.line(origin, &String::from_utf8_lossy(&line));
            }
        }
    }

    fn line(&mut self, origin: Origin, text: &str) {
        if matches!(origin, Origin::Stderr | Origin::Warn | Origin::Error) {
            self.complain(text);
        }
        let mut text = text.to_owned();
        if self.keeps_last && origin == Origin::Stdout {
            let line = text.trim();
            if line.is_empty() {
                return;
            }
            match self.last_printed.replace(line.to_owned()) {
                Some(before) => text = before,
                None => return,
            }
        }
        let (worker, number) = (self.worker, self.number);
        self.log.write(LogLine {
            worker,
            number,
            origin,
            text,
        });
    }

    /// Keeps what explains a failure: the first lines, without what Rust says around the message of a panic.
    fn complain(&mut self, text: &str) {
        if text.is_empty() || text.starts_with("note: run with `RUST_BACKTRACE=1`") {
            return;
        }
        if let Some(place) = panic_place(text) {
            self.panic_place = place.to_owned();
            return;
        }
        let room = COMPLAINT_BYTES_MAX - self.complaint.len().min(COMPLAINT_BYTES_MAX);
        if room > 1 {
            let space = if self.complaint.is_empty() { "" } else { " " };
            self.complaint.push_str(space);
            self.complaint
                .push_str(&text[..text.floor_char_boundary(room - 1)]);
        }
    }

    /// What was complained about since the call began, the message before the place.
    fn take_complaint(&mut self) -> Option<String> {
        let complaint = std::mem::take(&mut self.complaint);
        let place = std::mem::take(&mut self.panic_place);
        if complaint.starts_with(TRACEBACK) {
            // The interpreter panics because of it, and adds nothing.
            let said = complaint.trim_end_matches(PYTHON_PANIC).trim_end();
            return Some(said.to_owned());
        }
        match (complaint.is_empty(), place.is_empty()) {
            (true, true) => None,
            (false, true) => Some(complaint),
            (true, false) => Some(format!("panic at {place}")),
            (false, false) => Some(format!("{complaint} (panic at {place})")),
        }
    }
}

/// The place in `thread '<unnamed>' (1) panicked at src/lib.rs:3:5:`.
fn panic_place(line: &str) -> Option<&str> {
    let (_, place) = line.strip_prefix("thread '")?.split_once(" panicked at ")?;
    place.strip_suffix(':')
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LINE_BYTES_MAX)]
}

/// A guest's stdout or stderr.
#[derive(Debug, Clone)]
pub(super) struct GuestStream {
    output: GuestOutput,
    origin: Origin,
}

impl IsTerminal for GuestStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for GuestStream {
    // Only asked for by WASI 0.3, which is not served.
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for GuestStream {
    async fn ready(&mut self) {}
}

impl OutputStream for GuestStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.output.with(|output| output.bytes(self.origin, &bytes));
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(64 << 10)
    }
}

#[cfg(test)]
mod tests;
