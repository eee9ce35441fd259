//! Bodies: whole, dropped, cut, endless, broken off.

use bytes::Bytes;
use tokio::io::AsyncWriteExt;

use super::encodings::gzip;
use super::server::{Server, ok, read_request};
use super::{client, client_with};
use crate::http_client::error::Phase;
use crate::http_client::{BodyMode, Error, Request, Response, Settings};

pub(super) async fn get(
    answer: Vec<u8>,
    request: Request,
    settings: Settings,
) -> Result<Response, Error> {
    let server = Server::answering(answer).await;
    client_with(settings)
        .send(Request {
            url: server.url("/"),
            ..request
        })
        .await
}

#[tokio::test]
async fn each_mode_keeps_its_part_and_counts_the_whole() {
    async fn check(body_mode: BodyMode, expected: &[u8]) {
        let body: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let request = Request {
            body_mode,
            ..Request::get("")
        };
        let response = get(ok("", &body), request.clone(), Settings::default())
            .await
            .expect("answered");
        assert_eq!(
            (&response.body[..], response.body_size),
            (expected, 400_000),
            "{body_mode:?}"
        );
        let answer = ok("content-encoding: gzip\r\n", &gzip(&body));
        let response = get(
            answer,
            Request {
                decode: true,
                ..request
            },
            Settings::default(),
        )
        .await
        .expect("answered");
        assert_eq!(
            (&response.body[..], response.body_size),
            (expected, 400_000),
            "{body_mode:?}, decoded"
        );
    }
    let body: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    check(BodyMode::Full, &body).await;
    check(BodyMode::Discard, b"").await;
    check(BodyMode::First(0), b"").await;
    check(BodyMode::First(1), &body[..1]).await;
    check(BodyMode::First(200_001), &body[..200_001]).await;
    check(BodyMode::First(400_000), &body).await;
    check(BodyMode::First(u32::MAX), &body).await;
}

#[tokio::test]
async fn a_body_is_kept_up_to_the_limit() {
    async fn check(body_mode: BodyMode, length: usize, expected: Result<usize, Error>) {
        let settings = Settings {
            body_limit: 1000,
            ..Settings::default()
        };
        let body = vec![b'x'; length];
        let mut chunked =
            format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n")
                .into_bytes();
        chunked.extend_from_slice(&body);
        chunked.extend_from_slice(b"\r\n0\r\n\r\n");
        for answer in [ok("", &body), chunked] {
            let request = Request {
                body_mode,
                ..Request::get("")
            };
            let result = get(answer, request, settings.clone()).await;
            assert_eq!(
                result.map(|response| response.body.len()),
                expected,
                "{body_mode:?} {length}"
            );
        }
    }
    check(BodyMode::Full, 1000, Ok(1000)).await;
    check(BodyMode::Full, 1001, Err(Error::TooLarge(1000))).await;
    check(BodyMode::Discard, 1001, Ok(0)).await;
    check(BodyMode::First(1001), 1001, Ok(1000)).await;
}

#[tokio::test]
async fn a_length_that_will_not_fit_is_not_waited_for() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 9999999999999999999\r\n\r\n";
    let result = get(answer.into(), Request::get(""), Settings::default()).await;
    assert_eq!(result.expect_err("too large"), Error::TooLarge(16 << 20));
}

#[tokio::test]
async fn an_endless_body_ends_at_the_limit() {
    let server = Server::start(|mut socket, _| async move {
        read_request(&mut socket).await.expect("a request");
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        socket.write_all(head).await.expect("the client listens");
        let chunk = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
        while socket.write_all(&chunk).await.is_ok() {}
    })
    .await;
    let result = client().send(Request::get(server.url("/"))).await;
    assert_eq!(result.expect_err("too large"), Error::TooLarge(16 << 20));
}

#[tokio::test]
async fn a_large_body_may_be_dropped() {
    const LENGTH: usize = 100 << 20;
    let server = Server::start(|mut socket, _| async move {
        while read_request(&mut socket).await.is_some() {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {LENGTH}\r\n\r\n");
            socket
                .write_all(head.as_bytes())
                .await
                .expect("the client listens");
            let piece = vec![0; 1 << 20];
            for _ in 0..100 {
                socket.write_all(&piece).await.expect("the client listens");
            }
        }
    })
    .await;
    let mut client = client();
    for reused in [false, true] {
        let request = Request {
            body_mode: BodyMode::Discard,
            ..Request::get(server.url("/"))
        };
        let response = client.send(request).await.expect("answered");
        assert_eq!(
            (response.body.len(), response.body_size, response.reused),
            (0, LENGTH as u64, reused)
        );
    }
    assert!(client.take_traffic().bytes_received > 2 * LENGTH as u64);
}

#[tokio::test]
async fn a_reset_in_the_middle_is_not_a_short_body() {
    let whole = ok("", &[b'x'; 1000]);
    // Before the head, in it, after it and in the body.
    for cut in [
        0,
        1,
        20,
        whole.len() - 1000,
        whole.len() - 500,
        whole.len() - 1,
    ] {
        let part = whole[..cut].to_vec();
        let server = Server::start(move |mut socket, _| {
            let part = part.clone();
            async move {
                read_request(&mut socket).await.expect("a request");
                socket.write_all(&part).await.expect("the client listens");
                socket.set_zero_linger().expect("an option of every socket");
            }
        })
        .await;
        let result = client().send(Request::get(server.url("/"))).await;
        // The reset may overtake what was sent before it.
        let expected = [Error::Closed(Phase::Wait), Error::Closed(Phase::Receive)];
        assert!(
            matches!(&result, Err(error) if expected.contains(error)),
            "{cut}: {result:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_may_come_before_the_request_was_read() {
    let server = Server::start(|mut socket, _| async move {
        let mut answer = ok("connection: close\r\n", b"no");
        answer.splice(9..12, *b"413");
        tokio::io::AsyncReadExt::read_u8(&mut socket)
            .await
            .expect("a request");
        socket.write_all(&answer).await.expect("the client listens");
        // Reads what the client still sends: closing now would reset the connection under the answer.
        let mut rest = vec![0; 1 << 20];
        while tokio::io::AsyncReadExt::read(&mut socket, &mut rest)
            .await
            .is_ok_and(|n| n > 0)
        {}
    })
    .await;
    let body = Some(Bytes::from(vec![0; 8 << 20]));
    let request = Request {
        method: "POST".to_owned(),
        body,
        ..Request::get(server.url("/"))
    };
    assert_eq!(client().send(request).await.expect("answered").status, 413);
}
