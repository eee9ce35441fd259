//! A table of answers, sound and malformed, byte for byte, and what must come of each.
//!
//! Every case is followed by a second request: whatever the first answer was, the second must get its own, over the same
//! connection only if the first left no doubt about where it ended.

use tokio::io::AsyncWriteExt;

use super::client;
use super::server::{Server, ok, read_request};
use crate::http_client::error::Phase;
use crate::http_client::{Error, Request, Response};

/// What must come of an answer.
#[derive(Debug)]
enum Expected {
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
enum After {
    /// Takes the next request on the same connection.
    Stay,
    /// Closes.
    Close,
}

use After::{Close, Stay};

const SOUND: &[(&str, After, Expected)] = &[
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\nContent-Length:5\r\n\r\nhello",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: \t 5 \t\r\n\r\nhello",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Kept(200, ""),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 00005\r\n\r\nhello",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nhello",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5, 5\r\n\r\nhello",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Kept(200, ""),
    ),
    (
        "HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n",
        Stay,
        Kept(200, ""),
    ),
    (
        "HTTP/1.1 404 Nothing to see, \u{e9}\r\ncontent-length: 2\r\n\r\nno",
        Stay,
        Kept(404, "no"),
    ),
    (
        "HTTP/1.1 299 X\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Kept(299, ""),
    ),
    (
        "HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Kept(999, ""),
    ),
    ("HTTP/1.1 204 No Content\r\n\r\n", Stay, Kept(204, "")),
    (
        "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n",
        Stay,
        Kept(304, ""),
    ),
    (
        "HTTP/1.1 200 OK\ncontent-length: 5\n\nhello",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\nx: \u{e9}\r\nempty:\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Kept(200, ""),
    ),
    // Bodies in chunks.
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        Stay,
        Kept(200, ""),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nA\r\n0123456789\r\n00\r\n\r\n",
        Stay,
        Kept(200, "0123456789"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n",
        Stay,
        Kept(200, "hello"),
    ),
    // The end of the connection as the end of the body, and of the connection.
    ("HTTP/1.1 200 OK\r\n\r\nhello", Close, Given(200, "hello")),
    ("HTTP/1.1 200 OK\r\n\r\n", Close, Given(200, "")),
    (
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello",
        Close,
        Given(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\nconnection: x, Close\r\ncontent-length: 5\r\n\r\nhello",
        Stay,
        Given(200, "hello"),
    ),
    (
        "HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        Close,
        Given(200, "hello"),
    ),
    ("HTTP/1.0 200 OK\r\n\r\nhello", Close, Given(200, "hello")),
    (
        "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nhello",
        Stay,
        Kept(200, "hello"),
    ),
    // Informational answers before the real one.
    (
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        Stay,
        Kept(200, "hello"),
    ),
    (
        "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 102 X\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Kept(200, ""),
    ),
];

const DOUBTFUL: &[(&str, After, Expected)] = &[
    // More than was announced: taken, but nothing after it can be trusted.
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello, world",
        Stay,
        Given(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil",
        Stay,
        Given(200, "hello"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello\r\n",
        Stay,
        Given(200, "hello"),
    ),
    (
        "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello",
        Stay,
        Given(204, ""),
    ),
    (
        "HTTP/1.1 304 Not Modified\r\n\r\nhello",
        Stay,
        Given(304, ""),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nmore",
        Stay,
        Given(200, ""),
    ),
];

const MALFORMED: &[(&str, After, Expected)] = &[
    // Two opinions about where the body ends.
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        Stay,
        Refused("both"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        Stay,
        Refused("both"),
    ),
    (
        "HTTP/1.1 204 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n",
        Stay,
        Refused("both"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        Stay,
        Refused("content-length"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5, 6\r\n\r\nhello",
        Stay,
        Refused("content-length"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello",
        Stay,
        Refused("content-length"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: +5\r\n\r\nhello",
        Stay,
        Refused("content-length"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 0x5\r\n\r\nhello",
        Stay,
        Refused("content-length"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5 5\r\n\r\nhello",
        Stay,
        Refused("content-length"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\nhello",
        Stay,
        Refused("content-length"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551616\r\n\r\nhello",
        Stay,
        Refused("content-length"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nhello",
        Close,
        Refused("transfer-encoding"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        Stay,
        Refused("transfer-encoding"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        Stay,
        Refused("transfer-encoding"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        Stay,
        Refused("transfer-encoding"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        Stay,
        Refused("transfer-encoding"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n",
        Stay,
        Refused("transfer-encoding"),
    ),
    (
        "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        Stay,
        Refused("transfer-encoding"),
    ),
    // Chunks.
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5 5\r\nhello\r\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10000000000000000\r\nhello\r\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello, world\r\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n",
        Stay,
        Refused("chunk"),
    ),
    // Lines.
    (
        "HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 200 OK\r\nx: a\rb\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 200 OK\r\nx y: z\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length : 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 200 OK\r\n: x\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 200 OK\r\nno colon\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 200 OK\r\n content-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 200 O\rK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    // The first line.
    (
        "HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 099 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1 2x0 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.1  200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/1.2 200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTP/0.9 200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "HTTPS/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("malformed"),
    ),
    (
        "http/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("does not begin"),
    ),
    (
        "\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("does not begin"),
    ),
    (
        " HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        Stay,
        Refused("does not begin"),
    ),
    ("SSH-2.0-OpenSSH_9.9\r\n", Stay, Refused("does not begin")),
    ("hello", Stay, Refused("does not begin")),
    (
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        Stay,
        Refused("101"),
    ),
];

const SHORT: &[(&str, After, Expected)] = &[
    ("", Close, Cut(Phase::Wait)),
    ("HTTP/1.1 200 OK\r\n", Close, Cut(Phase::Receive)),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n",
        Close,
        Cut(Phase::Receive),
    ),
    ("HTTP/1.1 100 Continue\r\n\r\n", Close, Cut(Phase::Receive)),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
        Close,
        Cut(Phase::Receive),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell",
        Close,
        Cut(Phase::Receive),
    ),
    (
        "HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551614\r\n\r\nhell",
        Close,
        Refused("content-length"),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        Close,
        Cut(Phase::Receive),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhell",
        Close,
        Cut(Phase::Receive),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        Close,
        Cut(Phase::Receive),
    ),
    (
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        Close,
        Cut(Phase::Receive),
    ),
];

/// What came of the first request, and of the one after it.
async fn exchange(answer: &'static str, after: After) -> (Result<Response, Error>, Response) {
    let server = Server::start(move |mut socket, place| async move {
        if place == 0 && read_request(&mut socket).await.is_some() {
            // Latin-1, as servers send it: the table has one character a byte.
            let bytes: Vec<u8> = answer
                .chars()
                .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
                .collect();
            if socket.write_all(&bytes).await.is_err() || after == Close {
                return;
            }
        }
        while read_request(&mut socket).await.is_some()
            && socket.write_all(&ok("", b"second")).await.is_ok()
        {}
    })
    .await;
    let mut client = client();
    let first = client.send(Request::get(server.url("/"))).await;
    let second = client
        .send(Request::get(server.url("/")))
        .await
        .expect("the second request gets its answer");
    assert_eq!(&second.body[..], b"second", "after {answer:?}");
    assert_eq!(
        server.accepted(),
        if second.reused { 1 } else { 2 },
        "after {answer:?}"
    );
    (first, second)
}

async fn check(table: &'static [(&'static str, After, Expected)]) {
    for (answer, after, expected) in table {
        let (first, second) = exchange(answer, *after).await;
        match (expected, first) {
            (Kept(status, body), Ok(response)) => {
                assert_eq!(
                    (response.status, &response.body[..]),
                    (*status, body.as_bytes()),
                    "{answer:?}"
                );
                assert_eq!(response.body_size, body.len() as u64, "{answer:?}");
                assert!(second.reused, "{answer:?}");
            }
            (Given(status, body), Ok(response)) => {
                assert_eq!(
                    (response.status, &response.body[..]),
                    (*status, body.as_bytes()),
                    "{answer:?}"
                );
                assert!(!second.reused, "{answer:?}");
            }
            (Refused(part), Err(Error::Protocol(text))) => {
                assert!(text.contains(part), "{answer:?}: {text}");
                assert!(!second.reused, "{answer:?}");
            }
            (Cut(phase), Err(error)) => {
                assert_eq!(error, Error::Closed(*phase), "{answer:?}");
                assert!(!second.reused, "{answer:?}");
            }
            (expected, first) => panic!("{answer:?}: expected {expected:?}, got {first:?}"),
        }
    }
}

#[tokio::test]
async fn sound_answers_are_taken() {
    check(SOUND).await;
}

#[tokio::test]
async fn what_follows_an_answer_is_never_taken_for_the_next() {
    check(DOUBTFUL).await;
}

#[tokio::test]
async fn malformed_answers_are_refused() {
    check(MALFORMED).await;
}

#[tokio::test]
async fn answers_that_stop_short_are_no_answers() {
    check(SHORT).await;
}

#[tokio::test]
async fn heads_have_a_size() {
    #[derive(Debug)]
    enum Size {
        Fits,
        TooLarge,
    }
    async fn check(lines: String, expected: Size) {
        let server = Server::answering(ok(&lines, b"hello")).await;
        match (client().send(Request::get(server.url("/"))).await, expected) {
            (Ok(response), Size::Fits) => assert_eq!(&response.body[..], b"hello"),
            (Err(Error::Protocol(text)), Size::TooLarge) => {
                assert!(text.contains("128 KiB"), "{text}")
            }
            (result, expected) => panic!("{} bytes: {expected:?}, got {result:?}", lines.len()),
        }
    }
    check("x: y\r\n".repeat(255), Size::Fits).await;
    check("x: y\r\n".repeat(256), Size::TooLarge).await;
    check("x: y\r\n".repeat(10_000), Size::TooLarge).await;
    check(format!("x: {}\r\n", "y".repeat(100 << 10)), Size::Fits).await;
    check(format!("x: {}\r\n", "y".repeat(1 << 20)), Size::TooLarge).await;
}

#[tokio::test]
async fn heads_come_to_an_end() {
    async fn check(start: &'static str, more: &'static str) {
        let server = Server::start(move |mut socket, _| async move {
            if read_request(&mut socket).await.is_some()
                && socket.write_all(start.as_bytes()).await.is_ok()
            {
                let more = more.repeat(100);
                while socket.write_all(more.as_bytes()).await.is_ok() {}
            }
        })
        .await;
        let result = client().send(Request::get(server.url("/"))).await;
        assert!(
            matches!(result, Err(Error::Protocol(_))),
            "{more:?}: {result:?}"
        );
    }
    check("HTTP/1.1 200 OK\r\n", "x: y\r\n").await;
    check("HTTP/1.1 200 OK\r\nx: ", "yyyyyyyyyyyyyyyy").await;
    check("", "HTTP/1.1 100 Continue\r\n\r\n").await;
    check("", "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n").await;
    check(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        "0000000000000000",
    )
    .await;
    check(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;",
        "xxxxxxxxxxxxxxxx",
    )
    .await;
    check(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n",
        "x: y\r\n",
    )
    .await;
}
