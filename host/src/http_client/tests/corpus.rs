//! Sound and malformed answers, and what comes of them.
//!
//! Every case is followed by a second request: whatever the first answer was, the second must get its own, over the same
//! connection only if the first left no doubt about where it ended.

use std::time::Duration;

use proptest::prelude::*;
use tokio::io::AsyncWriteExt;

use super::answers::After::Close;
use super::answers::Expected::{Cut, Given, Kept, Refused};
use super::answers::{After, DOUBTFUL, Expected, MALFORMED, SHORT, SOUND};
use super::client;
use super::server::{Server, ok, read_request};
use crate::http_client::{Error, Request, Response};

/// An answer of the table, which has one character for each byte.
fn latin1(answer: &str) -> Vec<u8> {
    let byte = |c| u8::try_from(u32::from(c)).expect("the table is in Latin-1");
    answer.chars().map(byte).collect()
}

/// What came of the first request, and of the one after it.
async fn exchange(answer: &'static str, after: After) -> (Result<Response, Error>, Response) {
    let server = Server::start(move |mut socket, place| async move {
        if place == 0 && read_request(&mut socket).await.is_some() {
            let bytes = latin1(answer);
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

/// What means something in the grammar of an answer.
const CHANGES: &[&[u8]] = &[
    b"", b"\r", b"\n", b"\r\n", b"\0", b" ", b"0", b"9", b"f", b":", b",", b";",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_change_of_an_answer_reaches_the_next_request(
        case in any::<proptest::sample::Index>(),
        at in any::<proptest::sample::Index>(),
        change in proptest::sample::select(CHANGES),
        remove in 0_usize..3,
    ) {
        let mut bytes = latin1(case.get(SOUND).0);
        let at = at.index(bytes.len());
        let end = bytes.len().min(at + remove);
        bytes.splice(at..end, change.iter().copied());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let server = Server::start(move |mut socket, place| {
                let bytes = bytes.clone();
                async move {
                    if place == 0 {
                        read_request(&mut socket).await.expect("a request");
                        socket.write_all(&bytes).await.expect("the client listens");
                    }
                    while read_request(&mut socket).await.is_some() && socket.write_all(&ok("", b"second")).await.is_ok() {}
                }
            })
            .await;
            let mut client = client();
            // What became of the first does not matter, and it may have become an answer without an end.
            let limited = Request { timeout: Some(Duration::from_millis(20)), ..Request::get(server.url("/")) };
            let _ = client.send(limited).await;
            let second = client.send(Request::get(server.url("/"))).await.expect("answered");
            assert_eq!(&second.body[..], b"second");
        });
    }
}
