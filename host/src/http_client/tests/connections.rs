//! Connections: kept, replaced, given up, shared out.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Version;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{Barrier, Notify, mpsc, oneshot};

use super::server::{Server, ok, read_request};
use super::{client, client_with};
use crate::http_client::error::Phase;
use crate::http_client::{Error, ErrorKind, Request, Settings, Traffic};

#[tokio::test]
async fn a_kept_connection_serves_request_after_request() {
    let answer = ok("x-answer: yes\r\n", b"hello");
    let server = Server::answering(answer.clone()).await;
    let mut client = client();
    for round in 0..100 {
        let response = client
            .send(Request::get(server.url("/")))
            .await
            .expect("answered");
        assert_eq!(response.status, 200);
        assert_eq!(&response.body[..], b"hello");
        assert_eq!(response.headers["x-answer"], "yes");
        assert_eq!(response.version, Version::HTTP_11);
        assert_eq!(response.remote, server.address);
        assert_eq!(response.reused, round > 0);
        let timings = response.timings;
        let phases = timings.blocked + timings.dns + timings.connect + timings.tls;
        assert!(
            phases + timings.send + timings.wait + timings.receive <= timings.total,
            "{timings:?}"
        );
        assert_eq!(timings.connect == 0, round > 0, "{timings:?}");
        assert_eq!((timings.dns, timings.tls, timings.blocked), (0, 0, 0));
    }
    assert_eq!(server.accepted(), 1);
    let traffic = client.take_traffic();
    let request = format!(
        "GET / HTTP/1.1\r\nhost: {}\r\nuser-agent: gorgon/{}\r\n\r\n",
        server.address,
        env!("CARGO_PKG_VERSION")
    );
    let expected = Traffic {
        requests: 100,
        responses: 100,
        connections_opened: 1,
        connections_reused: 99,
        bytes_sent: 100 * request.len() as u64,
        bytes_received: 100 * answer.len() as u64,
        ..Traffic::default()
    };
    assert_eq!(traffic, expected);
    assert_eq!(client.take_traffic(), Traffic::default());
}

#[tokio::test]
async fn a_message_goes_out_as_it_was_given() {
    let (sender, mut received) = mpsc::unbounded_channel();
    let server = Server::start(move |mut socket, _| {
        let sender = sender.clone();
        async move {
            while let Some(request) = read_request(&mut socket).await {
                sender.send(request).expect("the test listens");
                socket
                    .write_all(&ok("", b""))
                    .await
                    .expect("the client listens");
            }
        }
    })
    .await;
    let body = Bytes::from(vec![7; 300_000]);
    let request = Request {
        method: "PROPFIND".to_owned(),
        headers: vec![
            ("X-One".to_owned(), "1".to_owned()),
            ("x-two".to_owned(), "é".to_owned()),
        ],
        body: Some(body.clone()),
        ..Request::get(server.url("/a%20b?c=d#e"))
    };
    client().send(request).await.expect("answered");
    let request = received.recv().await.expect("received");
    let expected = format!(
        "PROPFIND /a%20b?c=d HTTP/1.1\r\nhost: {}\r\nx-one: 1\r\nx-two: é\r\nuser-agent: gorgon/{}\r\ncontent-length: 300000\r\n\r\n",
        server.address,
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(request.head, expected);
    assert_eq!(request.body, body);
}

#[tokio::test]
async fn a_head_has_no_body() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n").await;
    let mut client = client();
    for reused in [false, true] {
        let request = Request {
            method: "HEAD".to_owned(),
            ..Request::get(server.url("/"))
        };
        let response = client.send(request).await.expect("answered");
        assert_eq!(
            (response.body.len(), response.body_size, response.reused),
            (0, 0, reused)
        );
    }
}

/// Lets an idle connection grow old enough to be looked at, without waiting.
async fn rest() {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(1)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_connection_that_the_server_closed_while_idle_is_replaced_in_silence() {
    let close = Arc::new(Notify::new());
    let (closed, mut has_closed) = mpsc::unbounded_channel();
    let (told, sender) = (close.clone(), closed.clone());
    let server = Server::start(move |mut socket, _| {
        let (told, sender) = (told.clone(), sender.clone());
        async move {
            read_request(&mut socket).await.expect("a request");
            let answered = socket.write_all(&ok("", b"hello")).await;
            answered.expect("the client listens");
            told.notified().await;
            drop(socket);
            sender.send(()).expect("the test listens");
        }
    })
    .await;
    let mut client = client();
    for _ in 0..3 {
        let response = client.send(Request::get(server.url("/"))).await;
        assert!(!response.expect("answered").reused);
        close.notify_one();
        has_closed.recv().await.expect("closed");
        rest().await;
    }
    let traffic = client.take_traffic();
    assert_eq!(traffic.connections_opened, 3);
    assert_eq!(traffic.connections_reused, 0);
    assert_eq!(traffic.connections_stale, 2);
}

#[tokio::test]
async fn a_connection_on_which_something_came_unasked_is_replaced() {
    let (sent, has_sent) = oneshot::channel();
    let sent = Arc::new(std::sync::Mutex::new(Some(sent)));
    let server = Server::start(move |mut socket, place| {
        let sent = sent.lock().expect("not poisoned").take();
        async move {
            while read_request(&mut socket).await.is_some() {
                let body = format!("connection {place}");
                socket
                    .write_all(&ok("", body.as_bytes()))
                    .await
                    .expect("the client listens");
                if place == 0 {
                    // Only once the first answer was read for sure, or it would be surplus of that one.
                    tokio::task::yield_now().await;
                    socket
                        .write_all(&ok("", b"evil"))
                        .await
                        .expect("the client listens");
                    break;
                }
            }
            if let Some(sent) = sent {
                sent.send(socket).expect("the test listens");
            }
        }
    })
    .await;
    let mut client = client();
    let first = client
        .send(Request::get(server.url("/")))
        .await
        .expect("answered");
    assert_eq!(&first.body[..], b"connection 0");
    let _still_open = has_sent.await.expect("sent");
    rest().await;
    let second = client
        .send(Request::get(server.url("/")))
        .await
        .expect("answered");
    assert_eq!(&second.body[..], b"connection 1");
}

#[tokio::test]
async fn a_request_is_not_repeated_once_it_was_sent() {
    let server = Server::start(|mut socket, place| async move {
        assert_eq!(place, 0, "the client came back");
        read_request(&mut socket).await.expect("a request");
        socket
            .write_all(&ok("", b"hello"))
            .await
            .expect("the client listens");
        read_request(&mut socket).await.expect("a second request");
    })
    .await;
    let mut client = client();
    client
        .send(Request::get(server.url("/")))
        .await
        .expect("answered");
    let second = client.send(Request::get(server.url("/"))).await;
    assert_eq!(
        second.expect_err("not answered"),
        Error::Closed(Phase::Wait)
    );
    assert_eq!(server.accepted(), 1);
    assert_eq!(client.take_traffic().errors_of(ErrorKind::Closed), 1);
}

#[tokio::test]
async fn a_request_that_is_dropped_closes_its_connection_and_no_other() {
    let (asked, mut is_asked) = mpsc::unbounded_channel();
    let server = Server::start(move |mut socket, place| {
        let asked = asked.clone();
        async move {
            while let Some(request) = read_request(&mut socket).await {
                if request.path() == "/never" {
                    asked.send(()).expect("the test listens");
                    assert_eq!(
                        socket.read(&mut [0]).await.unwrap_or(0),
                        0,
                        "the client closes"
                    );
                    asked.send(()).expect("the test listens");
                    return;
                }
                let body = format!("connection {place}");
                socket
                    .write_all(&ok("", body.as_bytes()))
                    .await
                    .expect("the client listens");
            }
        }
    })
    .await;
    let mut client = client();
    // Two connections: one is in use when its request is dropped, the other rests.
    let both = vec![
        Request::get(server.url("/a")),
        Request::get(server.url("/b")),
    ];
    for result in client.send_all(both).await {
        result.expect("answered");
    }
    assert_eq!(server.accepted(), 2);
    tokio::select! {
        biased;
        result = client.send(Request::get(server.url("/never"))) => panic!("{result:?}"),
        asked = is_asked.recv() => asked.expect("asked"),
    }
    is_asked.recv().await.expect("closed");
    let response = client
        .send(Request::get(server.url("/")))
        .await
        .expect("answered");
    assert!(response.reused);
    assert_eq!(server.accepted(), 2);
    let traffic = client.take_traffic();
    assert_eq!(
        (traffic.requests, traffic.responses, traffic.errors),
        (4, 3, [0; 12])
    );
}

#[tokio::test]
async fn all_requests_of_a_batch_are_under_way_at_once_and_answered_in_order() {
    const BATCH: usize = 8;
    let barrier = Arc::new(Barrier::new(BATCH));
    let server = Server::start(move |mut socket, _| {
        let barrier = barrier.clone();
        async move {
            while let Some(request) = read_request(&mut socket).await {
                // Nobody is answered before everybody has asked.
                barrier.wait().await;
                socket
                    .write_all(&ok("", request.path().as_bytes()))
                    .await
                    .expect("the client listens");
            }
        }
    })
    .await;
    let mut client = client();
    for round in 0..3 {
        let mut requests: Vec<_> = (0..BATCH)
            .map(|n| Request::get(server.url(&format!("/{n}"))))
            .collect();
        requests.insert(3, Request::get("http://10.0.0.1/"));
        let mut results = client.send_all(requests).await;
        assert!(matches!(results.remove(3), Err(Error::Denied(_))));
        for (n, result) in results.into_iter().enumerate() {
            let response = result.expect("answered");
            assert_eq!(response.body, format!("/{n}"));
            assert_eq!(response.reused, round > 0);
        }
    }
    assert_eq!(server.accepted(), BATCH);
    assert!(client.send_all(Vec::new()).await.is_empty());
}

#[tokio::test]
async fn no_more_idle_connections_are_kept_than_asked_for() {
    let server = Server::answering(ok("", b"hello")).await;
    let mut client = client_with(Settings {
        idle_connections: 1,
        ..Settings::default()
    });
    let requests = || vec![Request::get(server.url("/")); 3];
    let first = client.send_all(requests()).await.len();
    let reused = client
        .send_all(requests())
        .await
        .into_iter()
        .filter(|result| result.as_ref().is_ok_and(|r| r.reused));
    assert_eq!((first, reused.count()), (3, 1));

    let mut client = client_with(Settings {
        idle_connections: 0,
        ..Settings::default()
    });
    for _ in 0..2 {
        assert!(
            !client
                .send(Request::get(server.url("/")))
                .await
                .expect("answered")
                .reused
        );
    }
}

#[tokio::test]
async fn a_refused_connection_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let result = client()
        .send(Request::get(format!("http://{address}/")))
        .await;
    assert_eq!(
        result.expect_err("nobody listens"),
        Error::Connect(format!("connection refused ({address})"))
    );
}

#[tokio::test]
async fn a_name_is_looked_up() {
    let server = Server::answering(ok("", b"hello")).await;
    let mut client = client();
    let response = client
        .send(Request::get(format!(
            "http://localhost:{}/",
            server.address.port()
        )))
        .await;
    let response = response.expect("localhost has a loopback address");
    assert_eq!(response.remote, server.address);
    assert!(response.timings.dns > 0);

    // No resolver takes a label of 64 bytes, so nothing is asked of the network.
    let result = client
        .send(Request::get(format!(
            "http://{}.localhost/",
            "a".repeat(64)
        )))
        .await;
    assert!(matches!(result, Err(Error::Dns(_))), "{result:?}");
}

#[tokio::test]
async fn nothing_is_connected_to_that_was_not_granted() {
    let mut client = client();
    for url in [
        "http://10.0.0.1/",
        "http://example.com/",
        "https://169.254.169.254/",
        "http://0.0.0.0/",
    ] {
        let result = client.send(Request::get(url)).await;
        assert!(
            matches!(&result, Err(Error::Denied(text)) if text.contains("--allow-host")),
            "{url}: {result:?}"
        );
    }
    let traffic = client.take_traffic();
    assert_eq!(
        (
            traffic.connections_opened,
            traffic.errors_of(ErrorKind::Denied)
        ),
        (0, 4)
    );
}
