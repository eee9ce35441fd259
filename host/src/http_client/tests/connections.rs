//! Connections: kept, replaced, given up, shared out.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Version;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Notify, mpsc, oneshot};

use super::client;
use super::server::{Server, ok, read_request};
use crate::http_client::error::Phase;
use crate::http_client::{Error, ErrorKind, Request, Traffic};

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
        assert_eq!(response.headers.get("x-answer"), Some(b"yes".as_slice()));
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
            ("X-One".to_owned(), "1".into()),
            ("x-two".to_owned(), "é".into()),
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
async fn a_close_that_only_the_kernel_knows_of_is_seen_as_well() {
    let (close, told) = std::sync::mpsc::channel();
    let (closed, has_closed) = std::sync::mpsc::channel();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}/", listener.local_addr().expect("it is bound"));
    // A server with a thread of its own, so that the test can wait for it without running the runtime.
    let server = std::thread::spawn(move || {
        for _ in 0..2 {
            let (mut socket, _) = listener.accept().expect("a connection");
            socket.read_exact(&mut [0; 16]).expect("a request");
            socket
                .write_all(&ok("", b"hello"))
                .expect("the client listens");
            told.recv().expect("the test says so");
            // What was not read would make this a reset.
            socket
                .set_nonblocking(true)
                .expect("an option of every socket");
            while socket.read(&mut [0; 1024]).is_ok_and(|bytes| bytes > 0) {}
            drop(socket);
            closed.send(()).expect("the test listens");
        }
    });
    let mut client = client();
    for _ in 0..2 {
        let response = client.send(Request::get(&url)).await.expect("answered");
        assert!(!response.reused);
        rest().await;
        close.send(()).expect("the server listens");
        has_closed.recv().expect("closed");
    }
    assert_eq!(client.take_traffic().connections_stale, 1);
    server.join().expect("all was as it should be");
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
