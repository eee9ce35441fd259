//! What guests write: bounded in every direction, because a guest may write for ever.

use std::fmt;
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
    /// A log whose kept lines are also handed to `listener` as they come.
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
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.written += 1;
        if kept.lines.len() < LINES_MAX {
            if let Some(listener) = &self.listener {
                listener(&line);
            }
            kept.lines.push(line);
        }
    }
}

/// What one instance writes, sorted into lines.
#[derive(Debug)]
struct Output {
    log: Arc<RunLog>,
    worker: u32,
    number: u64,
    partial: [Vec<u8>; 2],
    complaint: String,
    panic_place: String,
}

/// A handle on the output of one instance; the guest's streams hold others.
#[derive(Debug, Clone)]
pub(super) struct GuestOutput(Arc<Mutex<Output>>);

impl GuestOutput {
    pub(super) fn new(log: Arc<RunLog>, worker: u32) -> GuestOutput {
        let output = Output {
            log,
            worker,
            number: 0,
            partial: Default::default(),
            complaint: String::new(),
            panic_place: String::new(),
        };
        GuestOutput(Arc::new(Mutex::new(output)))
    }

    /// A stream for the guest's stdout or stderr.
    pub(super) fn stream(&self, origin: Origin) -> GuestStream {
        GuestStream {
            output: self.clone(),
            origin,
        }
    }

    /// From here on the instance writes for this call. What it had begun for the last one is complete now.
    pub(super) fn begin(&self, number: u64) {
        self.with(|output| {
            output.flush();
            output.take_complaint();
            output.number = number;
        });
    }

    /// Writes a line of the guest's log.
    pub(super) fn line(&self, origin: Origin, text: &str) {
        self.with(|output| output.line(origin, cut(text)));
    }

    /// Ends the call: incomplete lines are complete now. Returns what the guest complained about, if it did.
    pub(super) fn end(&self) -> Option<String> {
        self.with(|output| {
            output.flush();
            output.take_complaint()
        })
    }

    fn with<T>(&self, f: impl FnOnce(&mut Output) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
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
        let (worker, number, text) = (self.worker, self.number, text.to_owned());
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
mod tests {
    use super::*;

    fn texts(log: &RunLog) -> Vec<String> {
        log.lines()
            .into_iter()
            .map(|line| format!("{} {}", line.origin, line.text))
            .collect()
    }

    #[test]
    fn bytes_become_lines_of_their_call() {
        let log = Arc::new(RunLog::default());
        let output = GuestOutput::new(Arc::clone(&log), 3);
        output.begin(7);
        let (mut stdout, mut stderr) =
            (output.stream(Origin::Stdout), output.stream(Origin::Stderr));
        stdout.write(Bytes::from_static(b"one\ntw")).unwrap();
        stderr.write(Bytes::from_static(b"oh\n")).unwrap();
        stdout.write(Bytes::from_static(b"o\nthree")).unwrap();
        assert_eq!(output.end().as_deref(), Some("oh"));
        assert_eq!(
            texts(&log),
            ["stdout one", "stderr oh", "stdout two", "stdout three"]
        );
        assert!(
            log.lines()
                .iter()
                .all(|line| (line.worker, line.number) == (3, 7))
        );
        assert_eq!(output.end(), None);
    }

    #[test]
    fn a_panic_is_told_without_the_advice_that_follows_it() {
        let output = GuestOutput::new(Arc::default(), 0);
        output.begin(1);
        let panic = "\nthread '<unnamed>' panicked at src/lib.rs:3:5:\nno\nnote: run with `RUST_BACKTRACE=1` environment variable";
        output
            .stream(Origin::Stderr)
            .write(Bytes::from(panic))
            .unwrap();
        assert_eq!(
            output.end().as_deref(),
            Some("no (panic at src/lib.rs:3:5)")
        );
    }

    #[test]
    fn a_guest_that_writes_for_ever_costs_no_more_memory() {
        let log = Arc::new(RunLog::default());
        let output = GuestOutput::new(Arc::clone(&log), 0);
        let mut stream = output.stream(Origin::Stderr);
        for _ in 0..5_000 {
            stream.write(Bytes::from_static(b"line\n")).unwrap();
        }
        for _ in 0..100 {
            stream.write(Bytes::from(vec![b'x'; 64 << 10])).unwrap();
        }
        let complaint = output.end().unwrap();
        assert!(complaint.len() <= COMPLAINT_BYTES_MAX);
        assert_eq!(log.counts(), (5_001, 4_001));
        output.line(Origin::Info, &"é".repeat(LINE_BYTES_MAX));
        assert_eq!(log.counts().0, 5_002);
    }
}
