//! The ways in which an answer breaks the rules, each of which ends its connection.

use std::fmt;

use super::super::error::{Error, shown};

/// The most bytes and fields that one head may have.
pub(super) const HEAD_BYTES: usize = 128 << 10;
pub(super) const FIELDS: usize = 256;

/// The most bytes of informational answers before the real one.
pub(super) const INTERIM_BYTES: usize = 128 << 10;

/// The most bytes of a chunked body, from its first chunk to its last, that say nothing: extensions, trailers, padding.
pub(super) const IDLE_BYTES: u32 = 32 << 10;

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Breach {
    /// Bytes came before anything was asked.
    Unasked,
    /// RFC 9112, 4: the answer does not begin like one.
    NotHttp,
    /// RFC 9112, 4 and 5: what the parser found wrong with the lines of the head.
    Malformed(&'static str),
    /// The head has no end, or one that is too far off.
    HeadTooLarge,
    /// Informational answers without end.
    EndlessInterim,
    /// RFC 9110, 15.2.2: the protocol was changed without being asked.
    Switched,
    /// RFC 9112, 6.3: two statements on where the body ends.
    TwoFramings,
    /// RFC 9112, 6.1: a transfer coding that was not asked for.
    Coding(String),
    /// RFC 9110, 8.6: no length, or several.
    Length(String),
    /// RFC 9112, 7.1: what is wrong with the chunks.
    Chunk(&'static str),
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breach::Unasked => f.write_str("the server sent bytes before it was asked"),
            Breach::NotHttp => f.write_str("the answer does not begin with `HTTP/`"),
            Breach::Malformed(why) => write!(f, "the answer is malformed: {why}"),
            Breach::HeadTooLarge => write!(
                f,
                "the head of the answer has more than {} KiB or {FIELDS} headers",
                HEAD_BYTES >> 10
            ),
            Breach::EndlessInterim => write!(
                f,
                "{} KiB of informational answers came and no other",
                INTERIM_BYTES >> 10
            ),
            Breach::Switched => {
                f.write_str("the server changed the protocol (101) without being asked")
            }
            Breach::TwoFramings => {
                f.write_str("the answer has both a transfer-encoding and a content-length")
            }
            Breach::Coding(coding) => write!(
                f,
                "the transfer-encoding is not `chunked` alone: `{}`",
                shown(coding)
            ),
            Breach::Length(length) => write!(
                f,
                "the answer is malformed: its content-length is `{}`",
                shown(length)
            ),
            Breach::Chunk(why) => write!(f, "the answer is malformed: {why}"),
        }
    }
}

impl From<Breach> for Error {
    fn from(breach: Breach) -> Error {
        Error::Protocol(breach.to_string())
    }
}
