//! An answer, and where its time went.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::Version;

use super::headers::Headers;

/// An answer of any status.
#[derive(Debug, Clone)]
pub struct Response {
    /// 100 to 999.
    pub status: u16,
    /// As they were received: a decoded body keeps its `content-encoding` and `content-length`.
    pub headers: Headers,
    /// The body, as far as the request's [`BodyMode`](super::BodyMode) asked for it.
    pub body: Bytes,
    /// The length of the whole body in bytes, after decoding.
    pub body_size: u64,
    /// Where the time went.
    pub timings: Timings,
    /// True if the connection had served before.
    pub reused: bool,
    /// The version of HTTP that the answer came in.
    pub version: Version,
    /// The address that answered.
    pub remote: SocketAddr,
}

/// The phases of a request in nanoseconds. With redirects each is the sum over the hops.
///
/// Over HTTP/2 the connection is shared, so `send` ends when the connection took over the request and not when it was
/// written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// Waiting for a connection.
    pub blocked: u64,
    /// Looking up the name.
    pub dns: u64,
    /// Opening the TCP connection.
    pub connect: u64,
    /// The TLS handshake.
    pub tls: u64,
    /// Writing the request.
    pub send: u64,
    /// From the last byte written to the first byte of the answer.
    pub wait: u64,
    /// From the first byte of the answer to its last.
    pub receive: u64,
    /// From asking to having: all phases and the host's own work.
    pub total: u64,
}

/// A duration as the nanoseconds of a report; 584 years at most.
pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
