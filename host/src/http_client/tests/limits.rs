//! Time limits, each in every phase that it can run out in.
//!
//! The limits are a minute long, and the minute goes by when the server says that it has the client where the test
//! wants it: how fast anything is decides nothing.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;

use super::server::{Server, ok, read_request};
use super::{client, client_with};
use crate::http_client::error::Phase;
use crate::http_client::{Client, Error, ErrorKind, Request, Settings};

const MINUTE: Duration = Duration::from_secs(60);

fn a_minute_of(name: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), MINUTE.as_nanos().to_string())]
}

/// What a request comes to if a minute goes by once `reached` is told.
async fn run_out(client: &mut Client, request: Request, reached: &Notify) -> Error {
    let mut sending = pin!(client.send(request));
    tokio::select! {
        biased;
        result = &mut sending => panic!("too early: {result:?}"),
        () = reached.notified() => {}
    }
    // The client takes in what has come for it so far: each yield lets the runtime look for more.
    for _ in 0..100 {
        tokio::select! {
            biased;
            result = &mut sending => panic!("too early: {result:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
    tokio::time::pause();
    tokio::time::advance(MINUTE).await;
    tokio::time::resume();
    sending.await.expect_err("the limit has run out")
}

/// Tells when it has a request, and sends these bytes first.
async fn stopping(reached: Arc<Notify>, part: &'static [u8]) -> Server {
    Server::start(move |mut socket, _| {
        let reached = reached.clone();
        async move {
            while read_request(&mut socket).await.is_some() {
                socket.write_all(part).await.expect("the client listens");
                reached.notify_one();
            }
        }
    })
    .await
}

/// Tells when it has a connection, and does nothing with it.
async fn deaf(reached: Arc<Notify>) -> Server {
    Server::start(move |socket, _| {
        let reached = reached.clone();
        async move {
            reached.notify_one();
            std::future::pending::<()>().await;
            drop(socket);
        }
    })
    .await
}

#[tokio::test]
async fn a_server_that_does_not_read_stops_the_sending() {
    let reached = Arc::new(Notify::new());
    let server = deaf(reached.clone()).await;
    let body = Some(Bytes::from(vec![0; 64 << 20]));
    for limited in [
        Request {
            timeout: Some(MINUTE),
            ..Request::get(server.url("/"))
        },
        // The first byte is not waited for before the last one was sent; what runs out is the whole.
        Request {
            timeout: Some(MINUTE),
            extra: a_minute_of("first-byte-timeout"),
            ..Request::get(server.url("/"))
        },
    ] {
        let request = Request {
            method: "PUT".to_owned(),
            body: body.clone(),
            ..limited
        };
        let error = run_out(&mut client(), request, &reached).await;
        assert_eq!(error, Error::Timeout(Phase::Send));
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for() {
    let reached = Arc::new(Notify::new());
    let server = stopping(reached.clone(), b"").await;
    let mut client = client();
    let limits = [
        Request {
            timeout: Some(MINUTE),
            ..Request::get(server.url("/"))
        },
        Request {
            extra: a_minute_of("first-byte-timeout"),
            ..Request::get(server.url("/"))
        },
    ];
    for request in limits {
        let error = run_out(&mut client, request, &reached).await;
        assert_eq!(error, Error::Timeout(Phase::Wait));
    }
    // Each had a connection of its own: the first was in the middle of an exchange.
    assert_eq!(server.accepted(), 2);
    assert_eq!(client.take_traffic().errors_of(ErrorKind::Timeout), 2);
}

#[tokio::test]
async fn a_body_that_does_not_go_on_is_not_waited_for() {
    let parts: [&[u8]; 2] = [
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nhell",
    ];
    for part in parts {
        let reached = Arc::new(Notify::new());
        let server = stopping(reached.clone(), part).await;
        let request = Request {
            between_bytes: Some(MINUTE),
            ..Request::get(server.url("/"))
        };
        let error = run_out(&mut client(), request, &reached).await;
        assert_eq!(error, Error::Timeout(Phase::Receive));
    }
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_is_not_waited_for() {
    let parts: [&[u8]; 4] = [
        b"H",
        b"HTTP/1.1 200 OK\r\nx: ",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nhell",
    ];
    for part in parts {
        let reached = Arc::new(Notify::new());
        let server = stopping(reached.clone(), part).await;
        let request = Request {
            timeout: Some(MINUTE),
            ..Request::get(server.url("/"))
        };
        let error = run_out(&mut client(), request, &reached).await;
        assert_eq!(
            error,
            Error::Timeout(Phase::Receive),
            "{:?}",
            part.utf8_chunks()
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
    let reached = Arc::new(Notify::new());
    let server = deaf(reached.clone()).await;
    let url = format!("https://{}/", server.address);
    let insecure = Settings {
        insecure: true,
        ..Settings::default()
    };
    let of_the_run = Settings {
        connect_timeout: Some(MINUTE),
        ..insecure.clone()
    };
    let limits = [
        (
            insecure.clone(),
            Request {
                extra: a_minute_of("connect-timeout"),
                ..Request::get(&url)
            },
        ),
        (
            insecure,
            Request {
                timeout: Some(MINUTE),
                ..Request::get(&url)
            },
        ),
        (of_the_run, Request::get(&url)),
    ];
    for (settings, request) in limits {
        let error = run_out(&mut client_with(settings), request, &reached).await;
        assert_eq!(error, Error::Timeout(Phase::Tls));
    }
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
    // A backlog of 0 has room for one connection that nobody accepts.
    let _waiting = std::net::TcpStream::connect(address).expect("room for one");
    let reached = Notify::new();
    reached.notify_one();
    let url = format!("http://{address}/");
    let request = Request {
        extra: a_minute_of("connect-timeout"),
        ..Request::get(url)
    };
    let error = run_out(&mut client(), request, &reached).await;
    assert_eq!(error, Error::Timeout(Phase::Connect));
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
            headers: vec![("host".to_owned(), "x".into())],
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
        between_bytes: Some(Duration::MAX),
        extra: extra.into(),
        ..Request::get(server.url("/"))
    };
    assert_eq!(client().send(request).await.expect("answered").status, 200);
}
