//! HTTP/1.1, our own: a kept connection that one exchange after another uses (RFC 9112).
//!
//! Invariants:
//! - A connection serves again only if the last answer left no doubt about where it ended, nothing followed it, both
//!   sides want to go on, and the whole request was written.
//! - Nothing is read as an answer before something was written, nor behind the end of an answer.
//! - Once the buffers have grown to what is asked for, an exchange allocates the fields of its answer and nothing else.
//!
//! `message` is the way out; `buffer`, `head` and `chunks` are the way in, `breach` what may go wrong there. This file
//! puts them together and is polled by the task of the request: there is no task of the connection.

mod breach;
mod buffer;
mod chunks;
mod head;
mod message;
#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::Method;
use tokio::io::{AsyncRead, AsyncWrite};

use super::causes;
use super::connection::{Connection, Failure, Head};
use super::error::Error;
use super::request::Outgoing;
use super::stamps::Stamps;
use breach::{Breach, INTERIM_BYTES};
use buffer::Buffer;
use chunks::{Chunks, Step};
use head::{Answer, Framing, Parsed, Scan};
use message::Message;

/// How long a connection may rest before the kernel is asked (for half a microsecond) whether the server has closed it.
/// The runtime itself hears of that only when it next looks for events.
const LOOK_AFTER: Duration = Duration::from_millis(1);

/// What HTTP/1.1 is spoken over.
pub(super) trait Transport: AsyncRead + AsyncWrite + Unpin + Send {
    /// True if bytes, an end or an error wait in the kernel that the runtime has not heard of yet.
    fn has_pending(&self) -> bool;

    /// True if what was not taken by a failed write was not sent.
    fn sends_what_it_takes(&self) -> bool;
}

/// One connection.
#[derive(Debug)]
pub(super) struct Http1<S> {
    stream: S,
    message: Message,
    /// Why the rest of the message could not be written. The answer may have come all the same.
    send_failure: Option<io::Error>,
    buffer: Buffer,
    scan: Scan,
    /// Bytes of informational answers.
    interim: usize,
    to_head: bool,
    body: Body,
    /// True if the last answer allows another.
    keeps: bool,
    stamps: Arc<Stamps>,
}

/// What is left of the body of the answer.
#[derive(Debug)]
enum Body {
    Length(u64),
    Chunked(Chunks),
    UntilClose,
    Ended,
}

impl<S: Transport> Http1<S> {
    /// Takes over a stream.
    pub(super) fn new(stream: S) -> Http1<S> {
        Http1 {
            stream,
            message: Message::default(),
            send_failure: None,
            buffer: Buffer::default(),
            scan: Scan::default(),
            interim: 0,
            to_head: false,
            body: Body::Ended,
            keeps: false,
            stamps: Arc::new(Stamps::new()),
        }
    }

    /// True if the connection, which rested for so long, is still good. Then nothing has come in since.
    pub(super) async fn check(&mut self, rested: Duration) -> bool {
        if rested >= LOOK_AFTER && self.stream.has_pending() {
            // Yielding lets the runtime fetch the event, and reading then shows what it is: an end, or over TLS perhaps
            // a message that changes nothing.
            tokio::task::yield_now().await;
        }
        poll_fn(|cx| Poll::Ready(self.fill(cx).is_pending())).await
    }

    fn begin(&mut self, outgoing: &Outgoing) {
        self.stamps.begin();
        self.message.begin(outgoing);
        self.send_failure = None;
        self.scan = Scan::default();
        self.interim = 0;
        self.to_head = outgoing.method == Method::HEAD;
        self.body = Body::Ended;
        self.keeps = false;
    }

    /// Writes, and reads until the head of the answer is there: it may come before the request has gone.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<Answer, Failure>> {
        self.send(cx);
        if self.message.is_unsent() {
            return match self.send_failure.take() {
                Some(cause) => {
                    let error = causes::explain_io(&cause, self.stamps.phase());
                    Poll::Ready(Err(if self.stream.sends_what_it_takes() {
                        Failure::Unsent(error)
                    } else {
                        Failure::Failed(error)
                    }))
                }
                // Nobody was asked anything, so nothing can be an answer.
                None => match self.fill(cx) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(Ok(0)) => Poll::Ready(Err(Failure::Failed(self.closed()))),
                    Poll::Ready(Ok(_)) => Poll::Ready(Err(Failure::Failed(Breach::Unasked.into()))),
                    Poll::Ready(Err(cause)) => {
                        Poll::Ready(Err(Failure::Failed(self.explain(&cause))))
                    }
                },
            };
        }
        self.poll_head(cx).map_err(Failure::Failed)
    }

    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Result<Answer, Error>> {
        loop {
            if let Some(answer) = self.parse()? {
                return Poll::Ready(Ok(answer));
            }
            match ready!(self.fill(cx)) {
                Ok(0) => return Poll::Ready(Err(self.closed())),
                Ok(_) if self.stamps.first_at().is_none() => self.stamps.mark_first(),
                Ok(_) => {}
                Err(cause) => return Poll::Ready(Err(self.explain(&cause))),
            }
        }
    }

    /// The head of the answer, if all of it is in the buffer. Leaves out informational answers before it.
    fn parse(&mut self) -> Result<Option<Answer>, Breach> {
        while self.scan.is_worth_parsing(self.buffer.unused()) {
            match head::parse(self.buffer.unused(), self.to_head)? {
                Parsed::Partial => {
                    self.scan.parsed(self.buffer.unused());
                    break;
                }
                Parsed::Interim(size) => {
                    self.interim += size;
                    if self.interim > INTERIM_BYTES {
                        return Err(Breach::EndlessInterim);
                    }
                    self.buffer.consume(size);
                    self.scan = Scan::default();
                }
                Parsed::Complete(answer, size) => {
                    self.buffer.consume(size);
                    return Ok(Some(answer));
                }
            }
        }
        Ok(None)
    }

    /// The place of the next piece of the body in the buffer, or nothing at its end.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Range<usize>>, Error>> {
        // A server may begin to answer while it still reads, and go on only when it has read more.
        self.send(cx);
        loop {
            if let Some(piece) = self.next_piece()? {
                return Poll::Ready(Ok(Some(piece)));
            }
            if matches!(self.body, Body::Ended) {
                return Poll::Ready(Ok(None));
            }
            match ready!(self.fill(cx)) {
                Ok(0) if matches!(self.body, Body::UntilClose) => self.body = Body::Ended,
                Ok(0) => return Poll::Ready(Err(self.closed())),
                Ok(_) => {}
                Err(cause) => return Poll::Ready(Err(self.explain(&cause))),
            }
        }
    }

    /// What of the buffer is body, before more has to come in.
    fn next_piece(&mut self) -> Result<Option<Range<usize>>, Breach> {
        let unused = self.buffer.unused();
        let piece = match &mut self.body {
            Body::Ended => 0,
            Body::UntilClose => unused.len(),
            Body::Length(left) => {
                let piece =
                    usize::try_from(*left).map_or(unused.len(), |left| left.min(unused.len()));
                *left -= piece as u64;
                if *left == 0 {
                    self.body = Body::Ended;
                }
                piece
            }
            Body::Chunked(chunks) => match chunks.step(unused)? {
                Step::More => {
                    self.buffer.consume(unused.len());
                    0
                }
                Step::End { framing } => {
                    self.buffer.consume(framing);
                    self.body = Body::Ended;
                    0
                }
                Step::Data { framing, data } => {
                    self.buffer.consume(framing);
                    data
                }
            },
        };
        Ok((piece > 0).then(|| self.buffer.consume(piece)))
    }

    /// Writes what is left of the request, as far as the stream takes it.
    fn send(&mut self, cx: &mut Context<'_>) {
        if !self.message.is_pending() || self.send_failure.is_some() {
            return;
        }
        match self.message.poll_send(Pin::new(&mut self.stream), cx) {
            Poll::Pending => {}
            Poll::Ready(Ok(())) => self.stamps.mark_sent(),
            Poll::Ready(Err(cause)) => self.send_failure = Some(cause),
        }
    }

    fn fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.buffer.poll_fill(Pin::new(&mut self.stream), cx)
    }

    fn closed(&self) -> Error {
        Error::Closed(self.stamps.phase())
    }

    fn explain(&self, cause: &io::Error) -> Error {
        causes::explain_io(cause, self.stamps.phase())
    }
}

impl<S: Transport> Connection for Http1<S> {
    async fn ask(&mut self, outgoing: &Outgoing) -> Result<Head, Failure> {
        self.begin(outgoing);
        let answer = poll_fn(|cx| self.poll_answer(cx)).await?;
        let length = match answer.framing {
            Framing::Length(length) => Some(length),
            Framing::Chunked | Framing::UntilClose => None,
        };
        self.body = match answer.framing {
            Framing::Length(0) => Body::Ended,
            Framing::Length(length) => Body::Length(length),
            Framing::Chunked => Body::Chunked(Chunks::new()),
            Framing::UntilClose => Body::UntilClose,
        };
        self.keeps = answer.keeps && answer.framing != Framing::UntilClose;
        Ok(Head {
            status: answer.status,
            version: answer.version,
            headers: answer.headers,
            length,
        })
    }

    async fn piece(&mut self) -> Result<Option<&[u8]>, Error> {
        let place = poll_fn(|cx| self.poll_piece(cx)).await?;
        Ok(place.map(|place| self.buffer.consumed(place)))
    }

    fn finish(&mut self) -> bool {
        let is_clean = matches!(self.body, Body::Ended) && !self.message.is_pending();
        // What follows an answer was not asked for, and is no part of the next one.
        let is_quiet = self.buffer.rest();
        self.keeps && is_clean && is_quiet
    }

    fn stamps(&self) -> &Arc<Stamps> {
        &self.stamps
    }
}
