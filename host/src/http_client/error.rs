//! Why there is no response: the errors of `gorgon:load/http`, in its words.

use std::fmt;

/// The part of a request in which something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Waiting for a connection, because another request was opening one to share.
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
    /// The host's own work in between.
    Other,
}

impl Phase {
    /// The name in `gorgon:load/http`.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Blocked => "blocked",
            Phase::Dns => "dns",
            Phase::Connect => "connect",
            Phase::Tls => "tls",
            Phase::Send => "send",
            Phase::Wait => "wait",
            Phase::Receive => "receive",
            Phase::Other => "other",
        }
    }
}

/// Why there is no response. A response of any status is a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The request cannot be sent as it is: its URL, method, a header or a setting.
    InvalidRequest(String),
    /// The network policy does not allow the host or its address; the text names the flag that would.
    Denied(crate::policy::Denied),
    /// The name could not be resolved.
    Dns(String),
    /// No TCP connection.
    Connect(String),
    /// The TLS handshake failed, or the certificate was not accepted.
    Tls(String),
    /// A time limit of the request ran out in that phase.
    Timeout(Phase),
    /// The connection was closed or reset in that phase, before the answer was complete.
    Closed(Phase),
    /// The body is larger than is kept: the limit in bytes.
    TooLarge(u64),
    /// The answer breaks the rules of HTTP.
    Protocol(String),
    /// The body is not what its content-encoding says.
    Decode(String),
    /// The run has ended. Only the caller knows, so the client never returns it.
    Stopped,
    /// Anything else.
    Other(String),
}

/// An [`Error`] without its details, to count by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// [`Error::InvalidRequest`].
    InvalidRequest,
    /// [`Error::Denied`].
    Denied,
    /// [`Error::Dns`].
    Dns,
    /// [`Error::Connect`].
    Connect,
    /// [`Error::Tls`].
    Tls,
    /// [`Error::Timeout`].
    Timeout,
    /// [`Error::Closed`].
    Closed,
    /// [`Error::TooLarge`].
    TooLarge,
    /// [`Error::Protocol`].
    Protocol,
    /// [`Error::Decode`].
    Decode,
    /// [`Error::Stopped`].
    Stopped,
    /// [`Error::Other`].
    Other,
}

impl ErrorKind {
    /// Every kind, in the order in which they are counted.
    pub const ALL: [ErrorKind; 12] = [
        ErrorKind::InvalidRequest,
        ErrorKind::Denied,
        ErrorKind::Dns,
        ErrorKind::Connect,
        ErrorKind::Tls,
        ErrorKind::Timeout,
        ErrorKind::Closed,
        ErrorKind::TooLarge,
        ErrorKind::Protocol,
        ErrorKind::Decode,
        ErrorKind::Stopped,
        ErrorKind::Other,
    ];

    /// The name in `gorgon:load/http`.
    pub fn name(self) -> &'static str {
        match self {
            ErrorKind::InvalidRequest => "invalid-request",
            ErrorKind::Denied => "denied",
            ErrorKind::Dns => "dns",
            ErrorKind::Connect => "connect",
            ErrorKind::Tls => "tls",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Closed => "closed",
            ErrorKind::TooLarge => "too-large",
            ErrorKind::Protocol => "protocol",
            ErrorKind::Decode => "decode",
            ErrorKind::Stopped => "stopped",
            ErrorKind::Other => "other",
        }
    }
}

impl Error {
    /// What to count the error as.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Error::Denied(_) => ErrorKind::Denied,
            Error::Dns(_) => ErrorKind::Dns,
            Error::Connect(_) => ErrorKind::Connect,
            Error::Tls(_) => ErrorKind::Tls,
            Error::Timeout(_) => ErrorKind::Timeout,
            Error::Closed(_) => ErrorKind::Closed,
            Error::TooLarge(_) => ErrorKind::TooLarge,
            Error::Protocol(_) => ErrorKind::Protocol,
            Error::Decode(_) => ErrorKind::Decode,
            Error::Stopped => ErrorKind::Stopped,
            Error::Other(_) => ErrorKind::Other,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind().name();
        match self {
            Error::InvalidRequest(text)
            | Error::Dns(text)
            | Error::Connect(text)
            | Error::Tls(text)
            | Error::Protocol(text)
            | Error::Decode(text)
            | Error::Other(text) => write!(f, "{kind}: {text}"),
            Error::Denied(denied) => write!(f, "{kind}: {denied}"),
            Error::Timeout(phase) | Error::Closed(phase) => write!(f, "{kind} ({})", phase.name()),
            Error::TooLarge(limit) => write!(f, "{kind}: the body has more than {limit} bytes"),
            Error::Stopped => f.write_str(kind),
        }
    }
}

impl std::error::Error for Error {}

/// Text of a guest or a server as it may stand in a message: one line, of bounded length.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut shown: String = text
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
