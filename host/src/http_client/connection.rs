//! The seam between a request and the version of HTTP that carries it.
//!
//! There are two implementations, and the handshake of a connection decides which: [`Http2`], by hyper, where TLS agreed
//! on `h2`; [`Http1`], our own, everywhere else (`docs/design/http-client.md` says why).
//!
//! Whoever implements [`Connection`] writes a message, parses the head of the answer and finds the end of its body. What
//! the rules of HTTP forbid is refused on its side of the seam; what a caller may limit (sizes, times, redirects,
//! encodings) is on the other side.

use std::sync::Arc;

use http::{StatusCode, Version};

use super::error::Error;
use super::headers::Headers;
use super::http1::Http1;
use super::http2::Http2;
use super::request::Outgoing;
use super::stamps::Stamps;
use super::stream::Stream;

/// The head of an answer that is not informational.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) version: Version,
    pub(super) headers: Headers,
    /// The length of the body as received, where it is known beforehand.
    pub(super) length: Option<u64>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// Nothing was sent, so the message may be sent elsewhere; and what to say if that is not possible.
    Unsent(Error),
    /// Something was sent.
    Failed(Error),
}

/// One exchange after another with one server. Dropped in the middle of one, it closes what it cannot use again.
pub(super) trait Connection: Send {
    /// Sends a message and waits for the head of its answer.
    fn ask(&mut self, outgoing: &Outgoing) -> impl Future<Output = Result<Head, Failure>> + Send;

    /// The next piece of the body, or nothing at its end. It is lent until the next is asked for.
    fn piece(&mut self) -> impl Future<Output = Result<Option<&[u8]>, Error>> + Send;

    /// Ends an exchange whose body has ended. True if another may follow.
    fn finish(&mut self) -> bool;

    /// When the bytes of the exchange went and came.
    fn stamps(&self) -> &Arc<Stamps>;
}

/// A connection of either version.
#[derive(Debug)]
pub(super) enum Link {
    /// Owned by one exchange at a time. Boxed, because it is large.
    Http1(Box<Http1<Stream>>),
    /// One stream of a shared session.
    Http2(Http2),
}

impl Connection for Link {
    async fn ask(&mut self, outgoing: &Outgoing) -> Result<Head, Failure> {
        match self {
            Link::Http1(link) => link.ask(outgoing).await,
            // Boxed, because it is large: the exchanges of the other version would have to make room for it.
            Link::Http2(link) => Box::pin(link.ask(outgoing)).await,
        }
    }

    async fn piece(&mut self) -> Result<Option<&[u8]>, Error> {
        match self {
            Link::Http1(link) => link.piece().await,
            Link::Http2(link) => link.piece().await,
        }
    }

    fn finish(&mut self) -> bool {
        match self {
            Link::Http1(link) => link.finish(),
            Link::Http2(link) => link.finish(),
        }
    }

    fn stamps(&self) -> &Arc<Stamps> {
        match self {
            Link::Http1(link) => link.stamps(),
            Link::Http2(link) => link.stamps(),
        }
    }
}
