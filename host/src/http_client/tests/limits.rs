//! Time limits, each in every phase that it can run out in.
//!
//! The limits are short and the servers silent for ever: how long a test takes decides nothing.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWriteExt;

use super::server::{Server, ok, read_request};
use super::{client, client_with};
use crate::http_client::error::Phase;
use crate::http_client::{Error, ErrorKind, Request, Settings};

const SHORT: Duration = Duration::from_millis(30);

fn short(name: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), SHORT.as_nanos().to_string())]
}

#[tokio::test]
async fn a_server_that_does_not_read_stops_the_sending() {
    let server = Server::start(|socket, _| async move {
        std::future::pending::<()>().await;
        drop(socket);
    })
    .await;
    let body = Some(Bytes::from(vec![0; 64 << 20]));
    let request = Request {
        method: "PUT".to_owned(),
        body,
        timeout: Some(SHORT),
        ..Request::get(server.url("/"))
    };
    assert_eq!(
        client().send(request).await.expect_err("not read"),
        Error::Timeout(Phase::Send)
    );
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for() {
    let server = Server::silent().await;
    let mut client = client();
    let limits = [
        Request {
            timeout: Some(SHORT),
            ..Request::get(server.url("/"))
        },
        Request {
            extra: short("first-byte-timeout"),
            ..Request::get(server.url("/"))
        },
    ];
    for request in limits {
        assert_eq!(
            client.send(request).await.expect_err("no answer"),
            Error::Timeout(Phase::Wait)
        );
    }
    // Each had a connection of its own: the first was in the middle of an exchange.
    assert_eq!(server.accepted(), 2);
    assert_eq!(client.take_traffic().errors_of(ErrorKind::Timeout), 2);
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_is_not_waited_for() {
    for part in [
        "H",
        "HTTP/1.1 200 OK\r\nx: ",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhell",
    ] {
        let server = Server::answering(part).await;
        let request = Request {
            timeout: Some(SHORT),
            ..Request::get(server.url("/"))
        };
        let result = client().send(request).await;
        assert_eq!(
            result.expect_err("no end"),
            Error::Timeout(Phase::Receive),
            "{part:?}"
        );
    }
}

#[tokio::test]
async fn the_limit_of_the_first_byte_is_not_one_of_the_last() {
    let server = Server::start(|mut socket, _| async move {
        read_request(&mut socket).await.expect("a request");
        let answer = ok("", b"hello");
        for byte in answer {
            socket.write_all(&[byte]).await.expect("the client listens");
            // The client reads it, and then an hour goes by.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            tokio::time::pause();
            tokio::time::advance(Duration::from_secs(3600)).await;
            tokio::time::resume();
        }
    })
    .await;
    let minute = Duration::from_secs(60).as_nanos().to_string();
    let extra = vec![("first-byte-timeout".to_owned(), minute)];
    let response = client()
        .send(Request {
            extra,
            ..Request::get(server.url("/"))
        })
        .await
        .expect("answered");
    assert_eq!(&response.body[..], b"hello");
    assert!(response.timings.receive > 3_600_000_000_000);
}

#[tokio::test]
async fn a_server_that_does_not_shake_hands_is_not_waited_for() {
    let server = Server::silent().await;
    let url = format!("https://{}/", server.address);
    let settings = Settings {
        insecure: true,
        ..Settings::default()
    };
    let of_the_request = Request {
        extra: short("connect-timeout"),
        ..Request::get(&url)
    };
    let result = client_with(settings.clone()).send(of_the_request).await;
    assert_eq!(
        result.expect_err("no handshake"),
        Error::Timeout(Phase::Tls)
    );

    let of_the_run = Settings {
        connect_timeout: Some(SHORT),
        ..settings.clone()
    };
    let result = client_with(of_the_run).send(Request::get(&url)).await;
    assert_eq!(
        result.expect_err("no handshake"),
        Error::Timeout(Phase::Tls)
    );

    let whole = Request {
        timeout: Some(SHORT),
        ..Request::get(&url)
    };
    let result = client_with(settings).send(whole).await;
    assert_eq!(
        result.expect_err("no handshake"),
        Error::Timeout(Phase::Tls)
    );
}

/// Linux drops the SYN of a connection that its backlog has no room for, as a dead host would.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_host_that_does_not_answer_is_not_waited_for() {
    use socket2::{Domain, Socket, Type};

    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let any: std::net::SocketAddr = ([127, 0, 0, 1], 0).into();
    socket.bind(&any.into()).expect("a port is free");
    socket.listen(0).expect("listens");
    let address = socket
        .local_addr()
        .expect("it is bound")
        .as_socket()
        .expect("an address");
    // Connections that nobody accepts, until one more finds no room.
    let mut waiting = Vec::new();
    while let Ok(Ok(stream)) =
        tokio::time::timeout(SHORT, tokio::net::TcpStream::connect(address)).await
    {
        waiting.push(stream);
    }
    let request = Request {
        extra: short("connect-timeout"),
        ..Request::get(format!("http://{address}/"))
    };
    assert_eq!(
        client().send(request).await.expect_err("no room"),
        Error::Timeout(Phase::Connect)
    );
}

#[tokio::test]
async fn a_request_that_cannot_be_sent_is_not_sent() {
    let server = Server::answering(ok("", b"hello")).await;
    let mut client = client();
    let requests = [
        Request {
            timeout: Some(Duration::ZERO),
            ..Request::get(server.url("/"))
        },
        Request {
            method: "CONNECT".to_owned(),
            ..Request::get(server.url("/"))
        },
        Request {
            headers: vec![("host".to_owned(), "x".to_owned())],
            ..Request::get(server.url("/"))
        },
        Request {
            extra: vec![("x".to_owned(), "y".to_owned())],
            ..Request::get(server.url("/"))
        },
        Request::get("nothing"),
    ];
    for request in requests {
        assert!(matches!(
            client.send(request).await,
            Err(Error::InvalidRequest(_))
        ));
    }
    assert_eq!(server.accepted(), 0);
    assert_eq!(
        client.take_traffic().errors_of(ErrorKind::InvalidRequest),
        5
    );
}

#[tokio::test]
async fn limits_without_end_are_no_limits() {
    let server = Server::answering(ok("", b"hello")).await;
    let most = u64::MAX.to_string();
    let extra =
        ["connect-timeout", "first-byte-timeout"].map(|name| (name.to_owned(), most.clone()));
    let request = Request {
        timeout: Some(Duration::MAX),
        extra: extra.into(),
        ..Request::get(server.url("/"))
    };
    assert_eq!(client().send(request).await.expect("answered").status, 200);
}
