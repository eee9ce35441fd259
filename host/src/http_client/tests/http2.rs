//! HTTP/2, spoken with hyper's server.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Response as Answer, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::{Barrier, Notify, mpsc};

use super::secure::Authority;
use super::server::Server;
use crate::http_client::error::Phase;
use crate::http_client::{BodyMode, Error, Request, Settings};

/// What a handler does with a request.
type Asked = http::Request<Incoming>;

/// Handles each request over HTTP/2; a handler that returns nothing resets the stream. Ends the connection in good
/// order when told to.
async fn serving<H, F>(authority: &Authority, end: Arc<Notify>, handle: H) -> Server
where
    H: Fn(Asked) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Option<Answer<Full<Bytes>>>> + Send + 'static,
{
    let acceptor = authority.acceptor(&["localhost"], &["h2", "http/1.1"]);
    Server::start(move |socket, _| {
        let (acceptor, handle, end) = (acceptor.clone(), handle.clone(), end.clone());
        async move {
            let stream = acceptor.accept(socket).await.expect("a handshake");
            let service = service_fn(move |asked| {
                let answer = handle(asked);
                async move { answer.await.ok_or("no answer") }
            });
            let mut connection = std::pin::pin!(
                Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service)
            );
            tokio::select! {
                // How it ends is the client's to judge.
                _ = connection.as_mut() => {}
                () = end.notified() => {
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
            }
        }
    })
    .await
}

fn url(server: &Server, path: &str) -> String {
    format!("https://localhost:{}{path}", server.address.port())
}

/// Answers with what was asked.
async fn echo(asked: Asked) -> Option<Answer<Full<Bytes>>> {
    let about = format!(
        "{} {} {:?}",
        asked.method(),
        asked.uri(),
        asked.headers().get("host")
    );
    let body = asked.into_body().collect().await.ok()?.to_bytes();
    let answer = Answer::builder()
        .header("x-about", about)
        .body(Full::new(body));
    Some(answer.expect("an answer"))
}

#[tokio::test]
async fn http2_is_spoken_where_the_server_chooses_it() {
    let authority = Authority::new();
    let server = serving(&authority, Arc::default(), echo).await;
    let mut client = authority.client();
    for round in 0..10 {
        let request = Request {
            method: "POST".to_owned(),
            body: Some(Bytes::from(vec![b'x'; 200_000])),
            body_mode: BodyMode::First(10),
            ..Request::get(url(&server, "/a?b"))
        };
        let response = client.send(request).await.expect("answered");
        assert_eq!(response.version, Version::HTTP_2);
        assert_eq!(
            (&response.body[..], response.body_size),
            (b"xxxxxxxxxx".as_slice(), 200_000)
        );
        let about = format!("POST {} None", url(&server, "/a?b"));
        assert_eq!(response.headers.get("x-about"), Some(about.as_bytes()));
        assert_eq!(response.reused, round > 0);
        let timings = response.timings;
        assert!(
            timings.send + timings.wait + timings.receive + timings.tls <= timings.total,
            "{timings:?}"
        );
    }
    assert_eq!(server.accepted(), 1);
    let traffic = client.take_traffic();
    assert_eq!(
        (traffic.connections_opened, traffic.connections_reused),
        (1, 9)
    );
    assert!(traffic.bytes_sent > 2_000_000, "{traffic:?}");
}

#[tokio::test]
async fn parallel_requests_are_streams_of_one_connection() {
    const BATCH: usize = 20;
    let authority = Authority::new();
    let barrier = Arc::new(Barrier::new(BATCH));
    let server = serving(&authority, Arc::default(), move |asked: Asked| {
        let barrier = barrier.clone();
        async move {
            // Nobody is answered before everybody has asked.
            barrier.wait().await;
            Some(Answer::new(Full::from(asked.uri().path().to_owned())))
        }
    })
    .await;
    let mut client = authority.client();
    for _ in 0..2 {
        let requests = (0..BATCH)
            .map(|n| Request::get(url(&server, &format!("/{n}"))))
            .collect();
        for (n, result) in client.send_all(requests).await.into_iter().enumerate() {
            assert_eq!(result.expect("answered").body, format!("/{n}"));
        }
    }
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn requests_that_waited_for_a_session_in_vain_do_not_wait_for_each_other() {
    // Nobody trusts the server, so there is no session to share, and each request finds out for itself.
    let server = serving(&Authority::new(), Arc::default(), echo).await;
    let mut client = Authority::new().client();
    let requests = vec![Request::get(url(&server, "/")); 5];
    for result in client.send_all(requests).await {
        assert!(matches!(result, Err(Error::Tls(_))), "{result:?}");
    }
    assert_eq!(server.accepted(), 5);
}

#[tokio::test]
async fn a_stream_that_the_server_resets_is_an_error_of_its_own() {
    let authority = Authority::new();
    let count = Arc::new(AtomicUsize::new(0));
    let server = serving(&authority, Arc::default(), move |_| {
        let first = count.fetch_add(1, Ordering::Relaxed) == 0;
        async move { (!first).then(|| Answer::new(Full::from("hello"))) }
    })
    .await;
    let mut client = authority.client();
    let reset = client.send(Request::get(url(&server, "/"))).await;
    assert_eq!(reset.expect_err("reset"), Error::Closed(Phase::Wait));
    let response = client
        .send(Request::get(url(&server, "/")))
        .await
        .expect("answered");
    assert!(response.reused);
}

#[tokio::test]
async fn a_request_that_is_dropped_resets_its_stream_and_keeps_the_session() {
    let authority = Authority::new();
    let (asked, mut is_asked) = mpsc::unbounded_channel();
    let server = serving(&authority, Arc::default(), move |request: Asked| {
        let asked = asked.clone();
        async move {
            if request.uri().path() == "/never" {
                /// Tells when the server gives the request up.
                struct Dropped(mpsc::UnboundedSender<&'static str>);
                impl Drop for Dropped {
                    fn drop(&mut self) {
                        let _ = self.0.send("dropped");
                    }
                }
                let _dropped = Dropped(asked.clone());
                asked.send("asked").expect("the test listens");
                std::future::pending::<()>().await;
            }
            Some(Answer::new(Full::from("hello")))
        }
    })
    .await;
    let mut client = authority.client();
    tokio::select! {
        biased;
        result = client.send(Request::get(url(&server, "/never"))) => panic!("{result:?}"),
        asked = is_asked.recv() => assert_eq!(asked, Some("asked")),
    }
    assert_eq!(is_asked.recv().await, Some("dropped"));
    let response = client
        .send(Request::get(url(&server, "/")))
        .await
        .expect("answered");
    assert!(response.reused);
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn a_session_that_the_server_ends_is_replaced() {
    let authority = Authority::new();
    let end = Arc::new(Notify::new());
    let server = serving(&authority, end.clone(), echo).await;
    let mut client = authority.client();
    for round in 1..4 {
        let response = client
            .send(Request::get(url(&server, "/")))
            .await
            .expect("answered");
        assert_eq!((response.reused, server.accepted()), (false, round));
        end.notify_one();
        // The session's own task has to hear of the end, as it would between two calls: each yield lets the runtime
        // look for what has come in.
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_client_that_is_dropped_ends_its_session() {
    let authority = Authority::new();
    let (ended, mut has_ended) = mpsc::unbounded_channel();
    let acceptor = authority.acceptor(&["localhost"], &["h2"]);
    let server = Server::start(move |socket, _| {
        let (acceptor, ended) = (acceptor.clone(), ended.clone());
        async move {
            let stream = acceptor.accept(socket).await.expect("a handshake");
            let service = service_fn(|_| async {
                Ok::<_, Infallible>(Answer::new(Full::<Bytes>::default()))
            });
            let served = Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
            ended.send(served.is_ok()).expect("the test listens");
        }
    })
    .await;
    let mut client = authority.client();
    client
        .send(Request::get(url(&server, "/")))
        .await
        .expect("answered");
    drop(client);
    has_ended.recv().await.expect("ended");
}

#[tokio::test]
async fn a_body_over_http2_has_the_same_limits() {
    let authority = Authority::new();
    let server = serving(&authority, Arc::default(), |_| async {
        Some(Answer::new(Full::from(vec![0; 1 << 20])))
    })
    .await;
    let limit = (1 << 20) - 1;
    let mut client = authority.client_with(Settings {
        body_limit: limit,
        ..Settings::default()
    });
    let result = client.send(Request::get(url(&server, "/"))).await;
    assert_eq!(result.expect_err("too large"), Error::TooLarge(limit));
    let discarded = Request {
        body_mode: BodyMode::Discard,
        ..Request::get(url(&server, "/"))
    };
    let response = client.send(discarded).await.expect("answered");
    assert_eq!((response.body_size, response.reused), (1 << 20, true));
}
