//! The server as a whole: routes, methods, threads, its end.

use std::net::Ipv4Addr;

use serde_json::json;

use super::client::Target;
use crate::target::{Served, Settings, serve};

#[tokio::test]
async fn the_first_page_lists_the_routes_and_an_unknown_one_points_there() {
    let target = Target::start();
    assert!(target.get("/").await.text().contains("/shop/carts"));
    let reply = target.get("/nothing").await;
    assert_eq!(reply.status, 404);
    assert_eq!(
        reply.text(),
        "there is no `/nothing` here; `/` lists what there is\n"
    );
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let target = Target::start();
    for (method, path, allow) in [
        ("POST", "/", "GET, HEAD"),
        ("DELETE", "/shop/carts/1-1-book", "GET, HEAD"),
        ("GET", "/shop/carts", "POST"),
        ("GET", "/shop/carts/1-1-book/checkout", "POST"),
    ] {
        let reply = target.connect().await.ask(method, path, "", "").await;
        assert_eq!(reply.status, 405, "{method} {path}");
        assert_eq!(reply.header("allow"), Some(allow), "{method} {path}");
    }
}

#[tokio::test]
async fn values_are_refused_with_the_accepted_forms() {
    let target = Target::start();
    for (path, part) in [
        ("/delay/50", "did you mean `50s`?"),
        ("/delay/2h", "at most `1h`"),
        ("/delay/1s?jitter=x", "jitter `x`: begins with `x`"),
        ("/flaky?every=0", "at least `1`"),
        ("/stall?every=1s&for=2s", "at most as long as its period"),
        ("/stall?every=0s&for=0s", "more than `0s`"),
        ("/redirect/2?status=200", "one of 300 to 399"),
        ("/redirect-to", "where to?"),
        ("/redirect-to?url=%0a", "printable ASCII"),
        ("/cookies/set", "which cookies?"),
        ("/cookies/set?a=b%3bc", "cookie `a`"),
    ] {
        let reply = target.get(path).await;
        assert_eq!(reply.status, 400, "{path}");
        assert!(reply.text().contains(part), "{path}: {}", reply.text());
    }
}

#[tokio::test]
async fn an_unread_body_does_not_spoil_the_connection() {
    let target = Target::start();
    let mut client = target.connect().await;
    for _ in 0..3 {
        assert_eq!(
            client
                .ask("POST", "/status/200", "", &"x".repeat(100_000))
                .await
                .status,
            200
        );
    }
    assert_eq!(
        target.stop().await,
        Served {
            requests: 3,
            connections: 1
        }
    );
}

#[tokio::test]
async fn several_threads_serve_one_state() {
    let target = Target::start_with(Settings {
        extra_threads: 2,
        ..Settings::default()
    });
    for id in 1..=20 {
        assert_eq!(target.get("/json").await.json(), json!({ "id": id }));
    }
    assert_eq!(
        target.stop().await,
        Served {
            requests: 20,
            connections: 20
        }
    );
}

#[tokio::test]
async fn stopping_cuts_off_what_is_in_flight() {
    let target = Target::start();
    let mut client = target.connect().await;
    client.send("GET", "/delay/1h", "", "").await;
    // Another answer shows that the server has gone on after the first request was sent.
    target.get("/status/200").await;
    assert_eq!(target.stop().await.connections, 2);
    assert_eq!(client.rest().await, b"");
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused_unless_allowed() {
    let open = || std::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a free port");
    let error = serve(open(), Settings::default(), async {})
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    assert!(error.to_string().contains("`0.0.0.0:"), "{error}");
    let allowed = Settings {
        allow_remote: true,
        ..Settings::default()
    };
    let served = serve(open(), allowed, async {}).await.expect("served");
    assert_eq!(
        served,
        Served {
            requests: 0,
            connections: 0
        }
    );
}
