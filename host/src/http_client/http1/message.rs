//! A request on its way out.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::AsyncWrite;

use super::super::request::Outgoing;

/// A body up to this length is copied behind the head, so that both leave in one piece; a longer one is not worth
/// copying.
const COPIED: usize = 16 << 10;

/// More room than this is not kept from one request to the next.
const KEPT: usize = 16 << 10;

/// The bytes of a request, and how many of them have been written.
#[derive(Debug, Default)]
pub(super) struct Message {
    /// The head, and a body that is short.
    head: Vec<u8>,
    /// A body that is long.
    body: Bytes,
    written: usize,
    /// True until everything has been written and flushed.
    pending: bool,
}

impl Message {
    /// Replaces what was written before by another request.
    pub(super) fn begin(&mut self, outgoing: &Outgoing) {
        self.head.clear();
        self.head.shrink_to(KEPT);
        encode(outgoing, &mut self.head);
        self.body = Bytes::new();
        if let Some(body) = &outgoing.body {
            if body.len() <= COPIED {
                self.head.extend_from_slice(body);
            } else {
                self.body = body.clone();
            }
        }
        self.written = 0;
        self.pending = true;
    }

    /// True until everything has left.
    pub(super) fn is_pending(&self) -> bool {
        self.pending
    }

    /// True if the stream has taken nothing of the message.
    pub(super) fn is_unsent(&self) -> bool {
        self.written == 0
    }

    /// Writes what is left. A short message takes one call of the system.
    pub(super) fn poll_send(
        &mut self,
        mut stream: Pin<&mut impl AsyncWrite>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let head = self.head.get(self.written..).unwrap_or_default();
            let done = self.written.saturating_sub(self.head.len());
            let body = self.body.get(done..).unwrap_or_default();
            let stream = stream.as_mut();
            let written = match (head, body) {
                ([], []) => break,
                (one, []) | ([], one) => ready!(stream.poll_write(cx, one))?,
                (head, body) => {
                    let both = [IoSlice::new(head), IoSlice::new(body)];
                    ready!(stream.poll_write_vectored(cx, &both))?
                }
            };
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += written;
        }
        ready!(stream.poll_flush(cx))?;
        self.pending = false;
        self.body = Bytes::new();
        Poll::Ready(Ok(()))
    }
}

/// Writes the head of a request (RFC 9112, 2.1): the target in origin form, `host` first, names in lower case.
///
/// Nothing of a guest can end a line here: methods, paths, names and values have types that have no room for it.
pub(super) fn encode(outgoing: &Outgoing, out: &mut Vec<u8>) {
    let mut add = |part: &[u8]| out.extend_from_slice(part);
    add(outgoing.method.as_str().as_bytes());
    add(b" ");
    add(outgoing.target.path.as_str().as_bytes());
    add(b" HTTP/1.1\r\n");
    for (name, value) in outgoing.fields() {
        add(name.as_str().as_bytes());
        add(b": ");
        add(value.as_bytes());
        add(b"\r\n");
    }
    if let Some(length) = outgoing.content_length() {
        let mut room = [0; 20];
        add(b"content-length: ");
        add(decimal(length, &mut room));
        add(b"\r\n");
    }
    add(b"\r\n");
}

/// The digits of a number, at the end of `room`.
fn decimal(mut number: usize, room: &mut [u8; 20]) -> &[u8] {
    let mut start = room.len();
    for (place, digit) in room.iter_mut().enumerate().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
        start = place;
        if number == 0 {
            break;
        }
    }
    room.get(start..).unwrap_or_default()
}
