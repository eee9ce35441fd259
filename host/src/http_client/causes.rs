//! What the errors of libraries mean, in the words of the contract.

use std::error::Error as StdError;
use std::io;

use super::error::{Error, Phase, shown};

/// The outermost I/O error among the causes of an error.
pub(super) fn io_cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a io::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The text of the innermost cause of an error.
pub(super) fn deepest(error: &(dyn StdError + 'static)) -> String {
    causes(error)
        .last()
        .map(|cause| shown(&cause.to_string()))
        .unwrap_or_default()
}

/// An error and its causes, outermost first.
pub(super) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// What an I/O error on an open connection means.
pub(super) fn explain_io(cause: &io::Error, phase: Phase) -> Error {
    match cause.kind() {
        // TLS records that are not as they have to be.
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Error::Protocol(format!(
            "the answer is malformed: {}",
            shown(&cause.to_string())
        )),
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected
        | io::ErrorKind::WriteZero
        | io::ErrorKind::TimedOut => Error::Closed(phase),
        _ => Error::Other(format!(
            "the connection failed: {}",
            shown(&cause.to_string())
        )),
    }
}
