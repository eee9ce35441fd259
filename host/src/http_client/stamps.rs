//! When the bytes of an exchange went out and came in.
//!
//! The library that speaks HTTP owns the stream, so what the stream sees is left here for the client to read: instants,
//! and the ways in which a server breaks the order of question and answer that only the stream can see. All access is
//! from one thread at a time; the atomics are there because the futures of a client may move between threads.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::Instant;

use crate::clock;

use super::error::Phase;
use super::response::nanos;

/// The most bytes an answer may have before its head is complete, informational answers included.
const HEAD_LIMIT: u64 = 256 << 10;

/// The most bytes that may come in without any of them being body: line ends, chunk sizes, trailers.
const FRAMING_LIMIT: u64 = 1 << 20;

/// Where an exchange is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Idle,
    Head,
    Body,
}

/// A breach of order that ends the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breach {
    /// Bytes came before anything was asked.
    Unasked,
    /// The answer does not begin like one.
    NotHttp,
    /// The head does not end.
    EndlessHead,
    /// What frames the body does not end.
    EndlessFraming,
}

impl Breach {
    const ALL: [Breach; 4] = [
        Breach::Unasked,
        Breach::NotHttp,
        Breach::EndlessHead,
        Breach::EndlessFraming,
    ];

    pub(super) fn text(self) -> &'static str {
        match self {
            Breach::Unasked => "the server sent bytes before it was asked",
            Breach::NotHttp => "the answer does not begin with `HTTP/`",
            Breach::EndlessHead => "256 KiB of the answer came without the end of its head",
            Breach::EndlessFraming => "1 MiB of the answer came without a byte of its body",
        }
    }
}

/// What a stream saw of the exchange that it carries.
#[derive(Debug)]
pub(super) struct Stamps {
    /// What the instants count from.
    base: Instant,
    stage: AtomicU8,
    /// True once the body of the request, if there is one, was handed to the library.
    handed_over: AtomicBool,
    /// True while something was written and not flushed.
    dirty: AtomicBool,
    /// Instants, as nanoseconds since `base` plus one; 0 is not yet.
    sent: AtomicU64,
    first: AtomicU64,
    /// Bytes that came in since something was made of them.
    unused: AtomicU64,
    /// 0, or one more than the place in [`Breach::ALL`].
    breach: AtomicU8,
    look: AtomicBool,
    pending: AtomicBool,
}

impl Stamps {
    pub(super) fn new() -> Stamps {
        Stamps {
            base: clock::now(),
            stage: AtomicU8::new(Stage::Idle as u8),
            handed_over: AtomicBool::new(false),
            dirty: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            first: AtomicU64::new(0),
            unused: AtomicU64::new(0),
            breach: AtomicU8::new(0),
            look: AtomicBool::new(false),
            pending: AtomicBool::new(false),
        }
    }

    /// An exchange begins.
    pub(super) fn begin(&self, has_body: bool) {
        self.handed_over.store(!has_body, Relaxed);
        self.dirty.store(false, Relaxed);
        self.sent.store(0, Relaxed);
        self.first.store(0, Relaxed);
        self.unused.store(0, Relaxed);
        self.stage.store(Stage::Head as u8, Relaxed);
    }

    /// The library has taken the last of the request's body.
    pub(super) fn hand_over(&self) {
        self.handed_over.store(true, Relaxed);
    }

    /// Bytes were written.
    pub(super) fn written(&self) {
        self.dirty.store(true, Relaxed);
    }

    /// Everything written has left.
    pub(super) fn flushed(&self) {
        if self.handed_over.load(Relaxed) && self.dirty.swap(false, Relaxed) {
            self.mark_sent();
        }
    }

    pub(super) fn mark_sent(&self) {
        self.sent.store(self.now(), Relaxed);
    }

    /// Bytes were read.
    pub(super) fn read(&self, chunk: &[u8]) -> Result<(), Breach> {
        let breach = self.judge(chunk);
        if let Err(breach) = breach {
            self.breach.store(breach as u8 + 1, Relaxed);
        }
        breach
    }

    fn judge(&self, chunk: &[u8]) -> Result<(), Breach> {
        let stage = self.stage.load(Relaxed);
        if stage == Stage::Body as u8 {
            let unused = self.unused.fetch_add(chunk.len() as u64, Relaxed);
            return if unused > FRAMING_LIMIT {
                Err(Breach::EndlessFraming)
            } else {
                Ok(())
            };
        }
        let asked = self.dirty.load(Relaxed) || self.sent.load(Relaxed) > 0;
        if stage == Stage::Idle as u8 || !asked {
            return Err(Breach::Unasked);
        }
        if self.first.load(Relaxed) == 0 {
            self.mark_first();
            // An empty line before the status line would be forgiven by the parser; it is the rest of something else.
            if chunk.first() != Some(&b'H') {
                return Err(Breach::NotHttp);
            }
        }
        let unused = self.unused.fetch_add(chunk.len() as u64, Relaxed);
        if unused > HEAD_LIMIT {
            Err(Breach::EndlessHead)
        } else {
            Ok(())
        }
    }

    pub(super) fn mark_first(&self) {
        self.first.store(self.now(), Relaxed);
    }

    /// A piece of the body was made of what came in.
    pub(super) fn used(&self) {
        self.unused.store(0, Relaxed);
    }

    /// The head is complete.
    pub(super) fn end_head(&self) {
        self.used();
        self.stage.store(Stage::Body as u8, Relaxed);
    }

    /// The exchange is over.
    pub(super) fn end(&self) {
        self.stage.store(Stage::Idle as u8, Relaxed);
    }

    /// The breach that ended the connection, if one did.
    pub(super) fn breach(&self) -> Option<Breach> {
        let place = self.breach.load(Relaxed).checked_sub(1)?;
        Breach::ALL.get(usize::from(place)).copied()
    }

    /// Asks the stream to look into the kernel when it is read next.
    pub(super) fn ask_to_look(&self) {
        self.look.store(true, Relaxed);
    }

    /// True if the stream was asked to look.
    pub(super) fn is_asked_to_look(&self) -> bool {
        self.look.load(Relaxed) && self.look.swap(false, Relaxed)
    }

    /// Something waits in the kernel.
    pub(super) fn found_pending(&self) {
        self.pending.store(true, Relaxed);
    }

    /// True if something waited in the kernel.
    pub(super) fn take_pending(&self) -> bool {
        self.pending.swap(false, Relaxed)
    }

    /// When the last byte of the request went out.
    pub(super) fn sent_at(&self) -> Option<Instant> {
        self.instant(&self.sent)
    }

    /// When the first byte of the answer came in.
    pub(super) fn first_at(&self) -> Option<Instant> {
        self.instant(&self.first)
    }

    /// The part of the exchange that it is in.
    pub(super) fn phase(&self) -> Phase {
        match (self.first_at(), self.sent_at()) {
            (Some(_), _) => Phase::Receive,
            (None, Some(_)) => Phase::Wait,
            (None, None) => Phase::Send,
        }
    }

    fn instant(&self, stamp: &AtomicU64) -> Option<Instant> {
        let nanos = stamp.load(Relaxed).checked_sub(1)?;
        self.base.checked_add(Duration::from_nanos(nanos))
    }

    fn now(&self) -> u64 {
        nanos(clock::now().saturating_duration_since(self.base)).saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An exchange whose request has gone out.
    fn asked() -> Stamps {
        let stamps = Stamps::new();
        stamps.begin(false);
        stamps.written();
        stamps.flushed();
        stamps
    }

    #[test]
    fn only_what_was_asked_for_is_read() {
        let stamps = Stamps::new();
        assert_eq!(stamps.read(b"HTTP/1.1 200 OK"), Err(Breach::Unasked));
        stamps.begin(false);
        assert_eq!(stamps.read(b"HTTP/1.1 200 OK"), Err(Breach::Unasked));
        assert_eq!(stamps.breach(), Some(Breach::Unasked));

        let stamps = asked();
        assert_eq!(stamps.read(b"HTTP/1.1 200 OK\r\n\r\n"), Ok(()));
        stamps.end_head();
        assert_eq!(stamps.read(b"body"), Ok(()));
        stamps.end();
        assert_eq!(stamps.read(b"more"), Err(Breach::Unasked));
    }

    #[test]
    fn an_answer_begins_like_one_and_its_head_ends() {
        assert_eq!(asked().read(b"\r\nHTTP/1.1 200 OK"), Err(Breach::NotHttp));
        let stamps = asked();
        let line = [b'H'; 1024];
        let taken = (0..1000).take_while(|_| stamps.read(&line).is_ok()).count();
        assert_eq!(taken, 257);
        assert_eq!(stamps.breach(), Some(Breach::EndlessHead));
    }

    #[test]
    fn a_body_has_to_come_of_what_is_read() {
        let stamps = asked();
        stamps.end_head();
        let piece = [b'0'; 64 << 10];
        for _ in 0..100 {
            assert_eq!(stamps.read(&piece), Ok(()));
            stamps.used();
        }
        let taken = (0..1000)
            .take_while(|_| stamps.read(&piece).is_ok())
            .count();
        assert_eq!(taken, 17);
        assert_eq!(stamps.breach(), Some(Breach::EndlessFraming));
    }

    #[test]
    fn a_request_is_sent_when_its_last_byte_has_left() {
        let stamps = Stamps::new();
        stamps.begin(true);
        assert_eq!(stamps.phase(), Phase::Send);
        stamps.written();
        stamps.flushed();
        assert_eq!(
            (stamps.phase(), stamps.sent_at()),
            (Phase::Send, None),
            "the body is still to come"
        );
        stamps.hand_over();
        stamps.written();
        stamps.flushed();
        assert_eq!(stamps.phase(), Phase::Wait);
        let sent = stamps.sent_at();
        stamps.flushed();
        assert_eq!(stamps.sent_at(), sent, "nothing more was written");
        assert_eq!(stamps.read(b"H"), Ok(()));
        assert_eq!(stamps.phase(), Phase::Receive);
        assert!(stamps.first_at() >= sent);
        stamps.begin(false);
        assert_eq!(
            (stamps.phase(), stamps.sent_at(), stamps.first_at()),
            (Phase::Send, None, None)
        );
    }
}
