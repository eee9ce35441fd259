//! The seam between a request and the version of HTTP that carries it.
//!
//! Whoever implements [`Connection`] writes a message, parses the head of the answer and finds the end of its body. What
//! the rules of HTTP forbid is refused on its side of the seam; what a caller may limit (sizes, times, redirects,
//! encodings) is on the other side. A leaner HTTP/1.1 has this to do and no more, and the table of malformed answers
//! in the tests to pass.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, Version};

use super::error::Error;
use super::http1::Http1;
use super::http2::Http2;
use super::request::Outgoing;
use super::stamps::Stamps;
use super::target::Target;
use super::wire::Payload;

/// The head of an answer that is not informational.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) version: Version,
    pub(super) headers: HeaderMap,
    /// The length of the body as received, where it is known beforehand.
    pub(super) length: Option<u64>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// Nothing was sent, so the message may be sent elsewhere; and what to say if that is not possible.
    Unsent(Box<Outgoing>, Error),
    /// Something was sent.
    Failed(Error),
}

impl Failure {
    /// Of a message that came back whole, or did not. One without a body comes back with an empty one.
    pub(super) fn of(
        message: Option<Request<Payload>>,
        target: Arc<Target>,
        had_body: bool,
        error: Error,
    ) -> Failure {
        let Some(message) = message else {
            return Failure::Failed(error);
        };
        let (parts, body) = message.into_parts();
        let outgoing = Outgoing {
            method: parts.method,
            target,
            headers: parts.headers,
            body: had_body.then(|| body.into_data()),
        };
        Failure::Unsent(Box::new(outgoing), error)
    }
}

/// One exchange after another with one server. Dropped in the middle of one, it closes what it cannot use again.
pub(super) trait Connection: Send {
    /// Sends a message and waits for the head of its answer.
    fn ask(&mut self, outgoing: Outgoing) -> impl Future<Output = Result<Head, Failure>> + Send;

    /// The next piece of the body, or nothing at its end.
    fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Error>> + Send;

    /// Ends an exchange whose body has ended. True if another may follow.
    fn finish(&mut self) -> bool;

    /// When the bytes of the exchange went and came.
    fn stamps(&self) -> &Arc<Stamps>;
}

/// A connection of either version.
#[derive(Debug)]
pub(super) enum Link {
    /// Owned by one exchange at a time. Boxed, because it is large.
    Http1(Box<Http1>),
    /// One stream of a shared session.
    Http2(Http2),
}

impl Connection for Link {
    async fn ask(&mut self, outgoing: Outgoing) -> Result<Head, Failure> {
        match self {
            Link::Http1(link) => link.ask(outgoing).await,
            Link::Http2(link) => link.ask(outgoing).await,
        }
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        match self {
            Link::Http1(link) => link.chunk().await,
            Link::Http2(link) => link.chunk().await,
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
