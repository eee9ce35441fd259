//! Answers, byte for byte, and what must come of each: one a line, because a table is read down its columns.

use crate::http_client::error::Phase;

/// What must come of an answer.
#[derive(Debug)]
pub(in crate::http_client) enum Expected {
    /// Status and body, and the connection serves again.
    Kept(u16, &'static str),
    /// Status and body, and the connection is given up.
    Given(u16, &'static str),
    /// [`Error::Protocol`] with this in its text.
    Refused(&'static str),
    /// [`Error::Closed`] in this phase.
    Cut(Phase),
}

use Expected::{Cut, Given, Kept, Refused};

/// What the server does after its bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::http_client) enum After {
    /// Takes the next request on the same connection.
    Stay,
    /// Closes.
    Close,
}

use After::{Close, Stay};

#[rustfmt::skip]
pub(in crate::http_client) const SOUND: &[(&str, After, Expected)] = &[
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200 OK\r\nContent-Length:5\r\n\r\nhello", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200 OK\r\ncontent-length: \t 5 \t\r\n\r\nhello", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Kept(200, "")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 00005\r\n\r\nhello", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nhello", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5, 5\r\n\r\nhello", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", Stay, Kept(200, "")),
    ("HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n", Stay, Kept(200, "")),
    ("HTTP/1.1 404 Nothing to see, \u{e9}\r\ncontent-length: 2\r\n\r\nno", Stay, Kept(404, "no")),
    ("HTTP/1.1 299 X\r\ncontent-length: 0\r\n\r\n", Stay, Kept(299, "")),
    ("HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n", Stay, Kept(999, "")),
    ("HTTP/1.1 204 No Content\r\n\r\n", Stay, Kept(204, "")),
    ("HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n", Stay, Kept(304, "")),
    ("HTTP/1.1 200 OK\ncontent-length: 5\n\nhello", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200 OK\r\nx: \u{e9}\r\nempty:\r\ncontent-length: 0\r\n\r\n", Stay, Kept(200, "")),
    // Bodies in chunks.
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", Stay, Kept(200, "")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nA\r\n0123456789\r\n00\r\n\r\n", Stay, Kept(200, "0123456789")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n", Stay, Kept(200, "hello")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n", Stay, Kept(200, "hello")),
    // The end of the connection as the end of the body, and of the connection.
    ("HTTP/1.1 200 OK\r\n\r\nhello", Close, Given(200, "hello")),
    ("HTTP/1.1 200 OK\r\n\r\n", Close, Given(200, "")),
    ("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello", Close, Given(200, "hello")),
    ("HTTP/1.1 200 OK\r\nconnection: x, Close\r\ncontent-length: 5\r\n\r\nhello", Stay, Given(200, "hello")),
    ("HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello", Close, Given(200, "hello")),
    ("HTTP/1.0 200 OK\r\n\r\nhello", Close, Given(200, "hello")),
    ("HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nhello", Stay, Kept(200, "hello")),
    // Informational answers before the real one.
    ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", Stay, Kept(200, "hello")),
    ("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 102 X\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Kept(200, "")),
];

#[rustfmt::skip]
pub(in crate::http_client) const DOUBTFUL: &[(&str, After, Expected)] = &[
    // More than was announced: taken, but nothing after it can be trusted.
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello, world", Stay, Given(200, "hello")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", Stay, Given(200, "hello")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello\r\n", Stay, Given(200, "hello")),
    ("HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello", Stay, Given(204, "")),
    ("HTTP/1.1 304 Not Modified\r\n\r\nhello", Stay, Given(304, "")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nmore", Stay, Given(200, "")),
];

#[rustfmt::skip]
pub(in crate::http_client) const MALFORMED: &[(&str, After, Expected)] = &[
    // Two opinions about where the body ends.
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", Stay, Refused("both")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n", Stay, Refused("both")),
    ("HTTP/1.1 204 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n", Stay, Refused("both")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello", Stay, Refused("content-length")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5, 6\r\n\r\nhello", Stay, Refused("content-length")),
    ("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello", Stay, Refused("content-length")),
    ("HTTP/1.1 200 OK\r\ncontent-length: +5\r\n\r\nhello", Stay, Refused("content-length")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 0x5\r\n\r\nhello", Stay, Refused("content-length")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5 5\r\n\r\nhello", Stay, Refused("content-length")),
    ("HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\nhello", Stay, Refused("content-length")),
    ("HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551616\r\n\r\nhello", Stay, Refused("content-length")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nhello", Close, Refused("transfer-encoding")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", Stay, Refused("transfer-encoding")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n", Stay, Refused("transfer-encoding")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n", Stay, Refused("transfer-encoding")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n", Stay, Refused("transfer-encoding")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n", Stay, Refused("transfer-encoding")),
    ("HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", Stay, Refused("transfer-encoding")),
    // Chunks.
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n", Stay, Refused("chunk")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n", Stay, Refused("chunk")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", Stay, Refused("chunk")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", Stay, Refused("chunk")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5 5\r\nhello\r\n0\r\n\r\n", Stay, Refused("chunk")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10000000000000000\r\nhello\r\n0\r\n\r\n", Stay, Refused("chunk")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello, world\r\n0\r\n\r\n", Stay, Refused("chunk")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", Stay, Refused("chunk")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n", Stay, Refused("chunk")),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n", Stay, Refused("chunk")),
    // Lines.
    ("HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 200 OK\r\nx: a\rb\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 200 OK\r\nx y: z\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 200 OK\r\n: x\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 200 OK\r\nno colon\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 200 OK\r\n content-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 200 O\rK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    // The first line.
    ("HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 099 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1 2x0 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.1  200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/1.2 200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTP/0.9 200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("HTTPS/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("malformed")),
    ("http/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("does not begin")),
    ("\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("does not begin")),
    (" HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Stay, Refused("does not begin")),
    ("SSH-2.0-OpenSSH_9.9\r\n", Stay, Refused("does not begin")),
    ("hello", Stay, Refused("does not begin")),
    ("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", Stay, Refused("101")),
];

#[rustfmt::skip]
pub(in crate::http_client) const SHORT: &[(&str, After, Expected)] = &[
    ("", Close, Cut(Phase::Wait)),
    ("HTTP/1.1 200 OK\r\n", Close, Cut(Phase::Receive)),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n", Close, Cut(Phase::Receive)),
    ("HTTP/1.1 100 Continue\r\n\r\n", Close, Cut(Phase::Receive)),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", Close, Cut(Phase::Receive)),
    ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell", Close, Cut(Phase::Receive)),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", Close, Cut(Phase::Receive)),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhell", Close, Cut(Phase::Receive)),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", Close, Cut(Phase::Receive)),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", Close, Cut(Phase::Receive)),
];
