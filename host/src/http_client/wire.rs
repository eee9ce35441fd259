//! A stream that stamps and judges what passes, and the body of a request that tells when it was taken.

use std::convert::Infallible;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::stamps::Stamps;
use super::stream::Stream;

/// The stream of one HTTP/1.1 connection.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
    stamps: Arc<Stamps>,
}

impl Wire {
    pub(super) fn new(stream: Stream, stamps: Arc<Stamps>) -> Wire {
        Wire { stream, stamps }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.stamps.is_asked_to_look() && this.stream.has_pending() {
            this.stamps.found_pending();
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        let chunk = &buf.filled()[before..];
        if chunk.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let judged = this.stamps.read(chunk);
        Poll::Ready(
            judged.map_err(|breach| io::Error::new(io::ErrorKind::InvalidData, breach.text())),
        )
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(cx, bytes))?;
        this.stamps.written();
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write_vectored(cx, slices))?;
        this.stamps.written();
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_flush(cx))?;
        this.stamps.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// The body of a request, in one piece.
#[derive(Debug)]
pub(super) struct Payload {
    data: Bytes,
    /// Over HTTP/2 no stream belongs to the request: taking its last byte is as near to sending it as can be seen.
    taking_is_sending: bool,
    stamps: Arc<Stamps>,
}

impl Payload {
    pub(super) fn new(
        data: Option<Bytes>,
        stamps: Arc<Stamps>,
        taking_is_sending: bool,
    ) -> Payload {
        Payload {
            data: data.unwrap_or_default(),
            taking_is_sending,
            stamps,
        }
    }

    pub(super) fn into_data(self) -> Bytes {
        self.data
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.data.is_empty() {
            return Poll::Ready(None);
        }
        this.stamps.hand_over();
        if this.taking_is_sending {
            this.stamps.mark_sent();
        }
        Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut this.data)))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.len() as u64)
    }
}
