//! Several requests at once.

use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::sync::Barrier;

use super::server::{Server, ok, read_request};
use super::{client, client_with};
use crate::http_client::{BodyMode, Error, ErrorKind, Request, Settings};

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
async fn more_than_a_thousand_requests_are_refused_before_any_is_sent() {
    let server = Server::answering(ok("", b"hello")).await;
    let mut client = client();
    let requests = vec![Request::get(server.url("/")); 1001];
    let results = tokio::select! {
        biased;
        results = client.send_all(requests) => results,
        () = std::future::ready(()) => panic!("something was waited for"),
    };
    assert_eq!(results.len(), 1001);
    let refused = Error::InvalidRequest("more than 1000 requests at once".to_owned());
    for result in results {
        assert_eq!(result.expect_err("refused"), refused);
    }
    assert_eq!(server.accepted(), 0);
    let traffic = client.take_traffic();
    assert_eq!(traffic.requests, 1001);
    assert_eq!(traffic.errors_of(ErrorKind::InvalidRequest), 1001);

    let response = client.send(Request::get(server.url("/"))).await;
    assert_eq!(response.expect("answered").body, "hello");
}

#[tokio::test]
async fn the_bodies_of_a_batch_are_bounded_together() {
    const SHARE: u64 = (256 << 20) / 1000;
    let server = Server::start(|mut socket, _| async move {
        while let Some(request) = read_request(&mut socket).await {
            let length = request.path()[1..].parse().expect("a path of the test");
            let answer = ok("", &vec![b'x'; length]);
            // A client that will not have it stops listening.
            if socket.write_all(&answer).await.is_err() {
                return;
            }
        }
    })
    .await;
    let asking = |length: u64| Request::get(server.url(&format!("/{length}")));
    let first = Request {
        body_mode: BodyMode::First(u32::MAX),
        ..asking(SHARE + 1)
    };
    let discarded = Request {
        body_mode: BodyMode::Discard,
        ..asking(SHARE + 1)
    };
    let mut requests = vec![asking(SHARE), asking(SHARE + 1), first, discarded];
    // Most of the batch costs nothing, and counts.
    requests.resize(1000, Request::get("http://10.0.0.1/"));
    let mut client = client();
    let kept: Vec<_> = client
        .send_all(requests)
        .await
        .into_iter()
        .take(4)
        .map(|result| result.map(|response| response.body.len() as u64))
        .collect();
    let expected = [Ok(SHARE), Err(Error::TooLarge(SHARE)), Ok(SHARE), Ok(0)];
    assert_eq!(kept, expected);

    // A smaller batch has more for each, and no more than one request has alone.
    let requests = vec![asking(SHARE + 1), asking((16 << 20) + 1)];
    let kept: Vec<_> = client
        .send_all(requests)
        .await
        .into_iter()
        .map(|result| result.map(|response| response.body.len() as u64))
        .collect();
    assert_eq!(kept, [Ok(SHARE + 1), Err(Error::TooLarge(16 << 20))]);
}
