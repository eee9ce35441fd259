//! Redirects, followed and not.

use bytes::Bytes;
use tokio::io::AsyncWriteExt;

use super::client;
use super::server::{Server, ok, read_request};
use crate::http_client::{Error, Request};

/// Sends `/to/URL` to `/URL`, `/out/URL` to `URL` and `/loop` to itself; answers anything else with what it received.
async fn redirecting() -> Server {
    Server::start(|mut socket, _| async move {
        while let Some(request) = read_request(&mut socket).await {
            let path = request.path();
            let location = match (path.strip_prefix("/to/"), path.strip_prefix("/out/")) {
                (Some(rest), _) => Some(format!("/{rest}")),
                (_, Some(rest)) => Some(rest.to_owned()),
                _ => (path == "/loop").then(|| path.to_owned()),
            };
            let answer = match location {
                Some(location) => format!(
                    "HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 5\r\n\r\nmoved"
                )
                .into_bytes(),
                None => ok("", request.head.as_bytes()),
            };
            socket.write_all(&answer).await.expect("the client listens");
        }
    })
    .await
}

#[tokio::test]
async fn redirects_are_followed_only_if_asked() {
    let server = redirecting().await;
    let response = client()
        .send(Request::get(server.url("/to/x")))
        .await
        .expect("answered");
    assert_eq!(
        (response.status, &response.body[..]),
        (302, b"moved".as_slice())
    );
    assert_eq!(response.headers.get("location"), Some(b"/x".as_slice()));
}

#[tokio::test]
async fn redirects_are_followed_over_the_kept_connection() {
    let server = redirecting().await;
    let mut client = client();
    let request = Request {
        method: "POST".to_owned(),
        body: Some(Bytes::from_static(b"body")),
        redirects: 3,
        ..Request::get(server.url("/to/to/to/end"))
    };
    let response = client.send(request).await.expect("answered");
    assert_eq!(response.status, 200);
    assert!(response.body.starts_with(b"GET /end HTTP/1.1\r\n"));
    assert_eq!(server.accepted(), 1);
    let traffic = client.take_traffic();
    assert_eq!(
        (traffic.requests, traffic.responses, traffic.redirects),
        (1, 1, 3)
    );
}

#[tokio::test]
async fn one_redirect_too_many_is_an_error() {
    let server = redirecting().await;
    for (path, redirects) in [("/loop", 5), ("/to/to/end", 1)] {
        let result = client()
            .send(Request {
                redirects,
                ..Request::get(server.url(path))
            })
            .await;
        assert_eq!(
            result.expect_err("too many"),
            Error::Other(format!("more than {redirects} redirects"))
        );
    }
}

#[tokio::test]
async fn a_redirect_is_no_way_around_the_policy() {
    let server = redirecting().await;
    for place in [
        "http://169.254.169.254/",
        "//10.0.0.1/",
        "http://example.com/",
        "https://0.0.0.0/",
    ] {
        let request = Request {
            redirects: 5,
            ..Request::get(server.url(&format!("/out/{place}")))
        };
        let result = client().send(request).await;
        assert!(
            matches!(result, Err(Error::Denied(_))),
            "{place}: {result:?}"
        );
    }
}

#[tokio::test]
async fn what_identifies_the_user_stays_with_the_origin() {
    let (here, there) = (redirecting().await, redirecting().await);
    let request = |url: String| Request {
        headers: vec![
            ("authorization".to_owned(), "secret".into()),
            ("x".to_owned(), "y".into()),
        ],
        redirects: 1,
        ..Request::get(url)
    };
    let mut client = client();
    let away = client
        .send(request(here.url(&format!("/out/{}", there.url("/")))))
        .await
        .expect("answered");
    let home = client
        .send(request(here.url("/to/x")))
        .await
        .expect("answered");
    let has = |body: &[u8], text: &str| String::from_utf8_lossy(body).contains(text);
    assert!(has(&away.body, "x: y") && !has(&away.body, "secret"));
    assert!(has(&away.body, &format!("host: {}\r\n", there.address)));
    assert_eq!(away.remote, there.address);
    assert!(has(&home.body, "x: y") && has(&home.body, "secret"));
}
