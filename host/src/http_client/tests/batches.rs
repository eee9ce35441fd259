//! Several requests at once.

use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::sync::Barrier;

use super::server::{Server, ok, read_request};
use super::{client, client_with};
use crate::http_client::{Error, Request, Settings};

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
