//! The head of an answer: its lines, and what they say about the body and the connection.

use std::mem::MaybeUninit;

use bytes::Bytes;
use http::{StatusCode, Version};

use super::super::headers::Headers;
use super::breach::{Breach, FIELDS, HEAD_BYTES};

/// What a complete head says.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) version: Version,
    pub(super) headers: Headers,
    pub(super) framing: Framing,
    /// True if the server keeps the connection after this answer.
    pub(super) keeps: bool,
}

/// Where the body ends (RFC 9112, 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// After so many bytes; 0 for an answer that has no body.
    Length(u64),
    /// After the last chunk.
    Chunked,
    /// With the connection.
    UntilClose,
}

/// What the beginning of a buffer holds.
#[derive(Debug)]
pub(super) enum Parsed {
    /// A head that is not complete.
    Partial,
    /// An informational answer of so many bytes.
    Interim(usize),
    /// The head of the answer, of so many bytes.
    Complete(Answer, usize),
}

/// Parses what has come so far of an answer. `to_head`: to a request that was a `HEAD`.
pub(super) fn parse(bytes: &[u8], to_head: bool) -> Result<Parsed, Breach> {
    // An empty line before the status line would be forgiven by the parser; it is the rest of something else.
    if bytes.first().is_some_and(|first| *first != b'H') {
        return Err(Breach::NotHttp);
    }
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS];
    let mut answer = httparse::Response::new(&mut []);
    let parsed = httparse::ParserConfig::default().parse_response_with_uninit_headers(
        &mut answer,
        bytes,
        &mut fields,
    );
    let size = match parsed {
        Ok(httparse::Status::Complete(size)) if size <= HEAD_BYTES => size,
        Ok(httparse::Status::Partial) if bytes.len() < HEAD_BYTES => return Ok(Parsed::Partial),
        Ok(_) | Err(httparse::Error::TooManyHeaders) => return Err(Breach::HeadTooLarge),
        Err(cause) => return Err(Breach::Malformed(explain(cause))),
    };
    let status = answer
        .code
        .and_then(|code| StatusCode::from_u16(code).ok())
        .ok_or(Breach::Malformed("invalid status code"))?;
    if status == StatusCode::SWITCHING_PROTOCOLS {
        return Err(Breach::Switched);
    }
    if status.is_informational() {
        return Ok(Parsed::Interim(size));
    }
    let version = match answer.version {
        Some(0) => Version::HTTP_10,
        _ => Version::HTTP_11,
    };
    let said = Said::by(answer.headers)?;
    let complete = Answer {
        status,
        version,
        framing: said.framing(status, version, to_head)?,
        keeps: said.keeps(version),
        headers: Headers::of_lines(Bytes::copy_from_slice(lines(bytes, size))),
    };
    Ok(Parsed::Complete(complete, size))
}

/// How far a head that is not complete has been looked at: a server that sends it byte by byte must not have all of it
/// parsed for each.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// How much was parsed in vain.
    parsed: usize,
    /// How much was searched for the end.
    searched: usize,
}

impl Scan {
    /// False if parsing would only find again that the head is not complete: neither has an empty line come since, nor
    /// as much again.
    pub(super) fn is_worth_parsing(&mut self, bytes: &[u8]) -> bool {
        let from = self.searched.saturating_sub(2);
        self.searched = bytes.len();
        if bytes.len() >= self.parsed.saturating_mul(2) || bytes.len() >= HEAD_BYTES {
            return !bytes.is_empty();
        }
        let new = bytes.get(from..).unwrap_or(bytes);
        new.windows(3).any(|end| end == b"\n\r\n") || new.windows(2).any(|end| end == b"\n\n")
    }

    /// This was parsed, and was not complete.
    pub(super) fn parsed(&mut self, bytes: &[u8]) {
        self.parsed = bytes.len();
    }
}

/// The lines after the first.
fn lines(bytes: &[u8], size: usize) -> &[u8] {
    let head = bytes.get(..size).unwrap_or(bytes);
    let first = head.iter().position(|byte| *byte == b'\n');
    first.map_or(&[], |end| &head[end + 1..])
}

/// What fields say about the body and the connection.
#[derive(Debug, Default)]
struct Said {
    coding: Option<Coding>,
    length: Option<Result<u64, Breach>>,
    close: bool,
    keep_alive: bool,
}

/// A transfer coding.
#[derive(Debug)]
enum Coding {
    Chunked,
    Other(String),
}

impl Said {
    fn by(fields: &[httparse::Header<'_>]) -> Result<Said, Breach> {
        let mut said = Said::default();
        for field in fields {
            let is = |name| field.name.eq_ignore_ascii_case(name);
            // Most fields are told apart by the length of their names.
            match field.name.len() {
                10 if is("connection") => said.connection(field.value),
                14 if is("content-length") => said.length(field.value),
                17 if is("transfer-encoding") => said.coding(field.value),
                _ => {}
            }
        }
        Ok(said)
    }

    /// RFC 9110, 7.6.1: a list of tokens, in any case.
    fn connection(&mut self, value: &[u8]) {
        for token in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            self.close |= token.eq_ignore_ascii_case(b"close");
            self.keep_alive |= token.eq_ignore_ascii_case(b"keep-alive");
        }
    }

    /// RFC 9110, 8.6: digits. Several equal ones, in one field or in more, are what a careless intermediary makes of one
    /// and leave no doubt.
    fn length(&mut self, value: &[u8]) {
        for member in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            let length = digits(member);
            self.length = Some(match (self.length.take(), length) {
                (None, Some(length)) => Ok(length),
                (Some(Ok(known)), Some(length)) if known == length => Ok(length),
                (Some(Err(breach)), _) => Err(breach),
                _ => Err(Breach::Length(text(value))),
            });
        }
    }

    /// RFC 9112, 6.1: no other coding than `chunked` was asked for, so none may be used, nor this one twice.
    fn coding(&mut self, value: &[u8]) {
        self.coding = Some(match self.coding.take() {
            None if value.eq_ignore_ascii_case(b"chunked") => Coding::Chunked,
            None => Coding::Other(text(value)),
            Some(_) => Coding::Other(format!("…, {}", text(value))),
        });
    }

    /// RFC 9112, 6.3, in its order, but stricter: of a message with both statements on its length none is believed.
    fn framing(
        &self,
        status: StatusCode,
        version: Version,
        to_head: bool,
    ) -> Result<Framing, Breach> {
        if self.coding.is_some() && self.length.is_some() {
            return Err(Breach::TwoFramings);
        }
        match &self.coding {
            Some(Coding::Other(coding)) => return Err(Breach::Coding(coding.clone())),
            // RFC 9112, 6.1: HTTP/1.0 knows no transfer codings, so its framing is faulty.
            Some(Coding::Chunked) if version == Version::HTTP_10 => {
                return Err(Breach::Coding("chunked in HTTP/1.0".to_owned()));
            }
            Some(Coding::Chunked) | None => {}
        }
        if to_head || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
            return Ok(Framing::Length(0));
        }
        match (&self.coding, &self.length) {
            (Some(_), _) => Ok(Framing::Chunked),
            (None, Some(Ok(length))) => Ok(Framing::Length(*length)),
            (None, Some(Err(breach))) => Err(breach.clone()),
            (None, None) => Ok(Framing::UntilClose),
        }
    }

    /// RFC 9112, 9.3.
    fn keeps(&self, version: Version) -> bool {
        !self.close && (version == Version::HTTP_11 || self.keep_alive)
    }
}

/// A number of digits and nothing else that fits.
fn digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

fn explain(cause: httparse::Error) -> &'static str {
    match cause {
        httparse::Error::HeaderName => "invalid header name",
        httparse::Error::HeaderValue => "invalid header value",
        httparse::Error::NewLine => "invalid line end",
        httparse::Error::Status => "invalid status line",
        httparse::Error::Version => "invalid HTTP version",
        httparse::Error::Token => "invalid character",
        httparse::Error::TooManyHeaders => "too many headers",
    }
}
