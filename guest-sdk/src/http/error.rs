//! Why there is no response.

use std::borrow::Cow;
use std::fmt;

use crate::host::wire;

/// Why there is no response, or none that the operation can use.
///
/// As the error of an operation it becomes a short tag, so that a thousand refused connections are one row:
/// `invalid-request`, `denied`, `dns`, `connect`, `tls`, `timeout`, `closed`, `too-large`, `protocol`, `decode`,
/// `stopped`, `other`, `json`, or the number of a status.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The request cannot be sent as it is: its URL, method, a header or an extra setting.
    InvalidRequest(String),
    /// The network policy of the run does not allow this host or address; the text names the flag that would.
    Denied(String),
    /// The name could not be resolved.
    Dns(String),
    /// No TCP connection: refused, unreachable, reset while opening.
    Connect(String),
    /// The TLS handshake failed, or the certificate was not accepted.
    Tls(String),
    /// A time limit of this request ran out in that phase.
    Timeout(Phase),
    /// The connection was closed or reset in that phase, before the answer was complete.
    Closed(Phase),
    /// The response is larger than is kept; the limit in bytes.
    TooLarge(u64),
    /// The answer breaks the rules of HTTP.
    Protocol(String),
    /// The body is not what its content-encoding says.
    Decode(String),
    /// The run has ended.
    Stopped,
    /// The status that [`Response::error_for_status`](super::Response::error_for_status) refused.
    Status(u16),
    /// A body that is not the JSON that was asked for.
    Json(String),
    /// Anything else.
    Other(String),
}

impl Error {
    /// The tag of a call that fails for it.
    pub fn tag(&self) -> Cow<'static, str> {
        let tag = match self {
            Error::InvalidRequest(_) => "invalid-request",
            Error::Denied(_) => "denied",
            Error::Dns(_) => "dns",
            Error::Connect(_) => "connect",
            Error::Tls(_) => "tls",
            Error::Timeout(_) => "timeout",
            Error::Closed(_) => "closed",
            Error::TooLarge(_) => "too-large",
            Error::Protocol(_) => "protocol",
            Error::Decode(_) => "decode",
            Error::Stopped => "stopped",
            Error::Status(status) => return status.to_string().into(),
            Error::Json(_) => "json",
            Error::Other(_) => "other",
        };
        tag.into()
    }

    /// What is worth a line in the log: mistakes in the operation. The rest the host knows and shows by itself, and
    /// a line for each refused connection would bury the others.
    pub(crate) fn detail(&self) -> Option<String> {
        matches!(self, Error::InvalidRequest(_) | Error::Json(_)).then(|| self.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::InvalidRequest(text) => write!(f, "the request cannot be sent: {text}"),
            Error::Denied(text) => write!(f, "denied: {text}"),
            Error::Dns(text) => write!(f, "the name could not be resolved: {text}"),
            Error::Connect(text) => write!(f, "no connection: {text}"),
            Error::Tls(text) => write!(f, "the TLS handshake failed: {text}"),
            Error::Timeout(phase) => write!(f, "the time limit ran out ({phase})"),
            Error::Closed(phase) => write!(f, "the connection was closed ({phase})"),
            Error::TooLarge(limit) => write!(f, "the response is larger than {limit} bytes"),
            Error::Protocol(text) => write!(f, "the answer is not HTTP: {text}"),
            Error::Decode(text) => write!(f, "the body could not be decoded: {text}"),
            Error::Stopped => f.write_str("the run has ended"),
            Error::Status(status) => write!(f, "the status is {status}"),
            Error::Json(text) => write!(f, "the body is not the expected JSON: {text}"),
            Error::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Error {}

/// The part of a request in which something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// Waiting for a connection to become free.
    Blocked,
    /// Looking up the name.
    Dns,
    /// Opening the TCP connection.
    Connect,
    /// The TLS handshake.
    Tls,
    /// Writing the request.
    Send,
    /// From the last byte written to the first byte of the answer.
    Wait,
    /// From the first byte of the answer to its last.
    Receive,
    /// Not one of the others.
    Other,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Phase::Blocked => "waiting for a connection",
            Phase::Dns => "looking up the name",
            Phase::Connect => "connecting",
            Phase::Tls => "in the TLS handshake",
            Phase::Send => "sending",
            Phase::Wait => "waiting for the answer",
            Phase::Receive => "receiving",
            Phase::Other => "at an unknown point",
        })
    }
}

impl From<wire::Error> for Error {
    fn from(error: wire::Error) -> Error {
        match error {
            wire::Error::InvalidRequest(text) => Error::InvalidRequest(text),
            wire::Error::Denied(text) => Error::Denied(text),
            wire::Error::Dns(text) => Error::Dns(text),
            wire::Error::Connect(text) => Error::Connect(text),
            wire::Error::Tls(text) => Error::Tls(text),
            wire::Error::Timeout(phase) => Error::Timeout(phase.into()),
            wire::Error::Closed(phase) => Error::Closed(phase.into()),
            wire::Error::TooLarge(limit) => Error::TooLarge(limit),
            wire::Error::Protocol(text) => Error::Protocol(text),
            wire::Error::Decode(text) => Error::Decode(text),
            wire::Error::Stopped => Error::Stopped,
            wire::Error::Other(text) => Error::Other(text),
        }
    }
}

impl From<wire::Phase> for Phase {
    fn from(phase: wire::Phase) -> Phase {
        match phase {
            wire::Phase::Blocked => Phase::Blocked,
            wire::Phase::Dns => Phase::Dns,
            wire::Phase::Connect => Phase::Connect,
            wire::Phase::Tls => Phase::Tls,
            wire::Phase::Send => Phase::Send,
            wire::Phase::Wait => Phase::Wait,
            wire::Phase::Receive => Phase::Receive,
            wire::Phase::Other => Phase::Other,
        }
    }
}
