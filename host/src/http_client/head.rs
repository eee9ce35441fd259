//! What is wrong with the head of an answer that the parser let through, and what the errors of a library mean.

use std::error::Error as StdError;
use std::io;

use http::header::{self, HeaderMap};
use http::{Response, StatusCode};
use http_body::Body;
use hyper::body::Incoming;

use super::connection::Head;
use super::error::{Error, Phase, shown};

/// The head of an answer, and its body if it has one, unless the head is to be refused.
pub(super) fn checked(answer: Response<Incoming>) -> Result<(Head, Option<Incoming>), Error> {
    let (parts, body) = answer.into_parts();
    check(parts.status, &parts.headers)?;
    let head = Head {
        status: parts.status,
        version: parts.version,
        headers: parts.headers,
        length: body.size_hint().exact(),
    };
    Ok((head, (!body.is_end_stream()).then_some(body)))
}

/// Refuses a head that says two things about where its body ends, or that ends HTTP.
fn check(status: StatusCode, headers: &HeaderMap) -> Result<(), Error> {
    if status == StatusCode::SWITCHING_PROTOCOLS {
        return Err(Error::Protocol(
            "the server changed the protocol (101) without being asked".to_owned(),
        ));
    }
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else {
        return Ok(());
    };
    // RFC 9112, 6.3: a message with both may be an attempt to pass a second answer off as the body of the first.
    if headers.contains_key(header::CONTENT_LENGTH) {
        let text = "the answer has both a transfer-encoding and a content-length";
        return Err(Error::Protocol(text.to_owned()));
    }
    // No other coding was asked for, so none may be used; with another one the end of the body could not be found.
    if codings.next().is_some() || !coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
        let coding = shown(&String::from_utf8_lossy(coding.as_bytes()));
        return Err(Error::Protocol(format!(
            "the transfer-encoding is not `chunked` alone: `{coding}`"
        )));
    }
    Ok(())
}

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
        // Framing that the library found wrong, or TLS records that are.
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Error::Protocol(format!(
            "the answer is malformed: {}",
            shown(&cause.to_string())
        )),
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected
        | io::ErrorKind::TimedOut => Error::Closed(phase),
        _ => Error::Other(format!(
            "the connection failed: {}",
            shown(&cause.to_string())
        )),
    }
}
