//! A response, of which only what is read crosses into the sandbox.

use std::borrow::Cow;
use std::time::Duration;

use super::{Error, Result};
use crate::host::{self, wire};
use crate::{IntoTag, Tag};

/// A response. Any status is one, 500 too.
///
/// It belongs to its call: what has not been read by the end of the call is gone, and asking for a header in a later
/// call traps.
#[derive(Debug)]
pub struct Response {
    id: u32,
    status: u16,
    body: Vec<u8>,
    body_size: u64,
    attempts: u32,
}

impl Response {
    pub(crate) fn new(response: wire::Response, attempts: u32) -> Response {
        let wire::Response {
            id,
            status,
            body,
            body_size,
        } = response;
        Response {
            id,
            status,
            body,
            body_size,
            attempts,
        }
    }

    /// The status, 100 to 999.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The response, unless its status is 400 or more.
    ///
    /// # Errors
    ///
    /// [`Error::Status`], which as a tag is the number of the status.
    pub fn error_for_status(self) -> Result<Response> {
        if self.status >= 400 {
            Err(Error::Status(self.status))
        } else {
            Ok(self)
        }
    }

    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<String> {
        host::http::header(self.id, name)
    }

    /// All values of that name, for headers that repeat, such as `set-cookie`.
    pub fn header_all(&self, name: &str) -> Vec<String> {
        host::http::header_all(self.id, name)
    }

    /// All headers, in the order they came.
    pub fn headers(&self) -> Vec<(String, String)> {
        host::http::headers_of(self.id)
    }

    /// The body, as far as the request asked for it.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.body
    }

    /// The body as text. What is not UTF-8 in it becomes U+FFFD.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if it is not what `T` wants; the text says what and where.
    #[cfg(feature = "json")]
    pub fn json<'a, T: serde::Deserialize<'a>>(&'a self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| Error::Json(error.to_string()))
    }

    /// The length of the whole body in bytes, after decoding, even where it was discarded.
    pub fn body_size(&self) -> u64 {
        self.body_size
    }

    /// Where the time of the request went.
    pub fn timings(&self) -> Timings {
        host::http::timings_of(self.id).into()
    }

    /// Whether the response came over a connection that had served before.
    pub fn reused(&self) -> bool {
        host::http::reused(self.id)
    }

    /// The version the response came in: `HTTP/1.1`, `HTTP/2`.
    pub fn version(&self) -> String {
        host::http::version(self.id)
    }

    /// How often the request was sent: more than once only where a [`Client`](super::Client) retried it.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl IntoTag for Response {
    fn into_tag(self) -> Tag {
        Tag::status(self.status)
    }
}

impl IntoTag for &Response {
    fn into_tag(self) -> Tag {
        Tag::status(self.status)
    }
}

/// Where the time of a request went. The phases of a request that followed redirects are sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// Waiting for a connection to become free.
    pub blocked: Duration,
    /// Looking up the name; 0 on a kept connection.
    pub dns: Duration,
    /// Opening the TCP connection; 0 on a kept one.
    pub connect: Duration,
    /// The TLS handshake; 0 on a kept connection.
    pub tls: Duration,
    /// Writing the request.
    pub send: Duration,
    /// From the last byte written to the first byte of the answer.
    pub wait: Duration,
    /// From the first byte of the answer to its last.
    pub receive: Duration,
    /// From asking to having, all phases and the host's own work.
    pub total: Duration,
}

impl From<wire::Timings> for Timings {
    fn from(timings: wire::Timings) -> Timings {
        Timings {
            blocked: Duration::from_nanos(timings.blocked),
            dns: Duration::from_nanos(timings.dns),
            connect: Duration::from_nanos(timings.connect),
            tls: Duration::from_nanos(timings.tls),
            send: Duration::from_nanos(timings.send),
            wait: Duration::from_nanos(timings.wait),
            receive: Duration::from_nanos(timings.receive),
            total: Duration::from_nanos(timings.total),
        }
    }
}
