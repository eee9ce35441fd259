//! What is asked for is what comes.

use std::time::Duration;

use serde_json::json;

use super::client::Target;
use crate::clock;

#[tokio::test]
async fn a_status_is_answered_as_asked() {
    let target = Target::start();
    let mut client = target.connect().await;
    for status in [200, 201, 204, 304, 404, 418, 500, 503, 599, 999] {
        let reply = client
            .ask("GET", &format!("/status/{status}"), "", "")
            .await;
        assert_eq!(reply.status, status);
    }
    for wrong in ["100", "199", "1000", "20", "abc", "-200"] {
        let reply = client.ask("GET", &format!("/status/{wrong}"), "", "").await;
        assert_eq!(reply.status, 400, "{wrong}");
        assert!(
            reply.text().contains("a number from 200 to 999"),
            "{}",
            reply.text()
        );
    }
}

#[tokio::test]
async fn sizes_come_exactly_and_a_head_request_gets_the_length_alone() {
    let target = Target::start();
    let mut client = target.connect().await;
    for (path, size) in [
        ("0", 0),
        ("1", 1),
        ("64KiB", 65_536),
        ("65537", 65_537),
        ("1MB", 1_000_000),
    ] {
        let reply = client.ask("GET", &format!("/bytes/{path}"), "", "").await;
        assert_eq!(reply.body.len(), size, "{path}");
    }
    let reply = client.ask("HEAD", "/bytes/1GiB", "", "").await;
    assert_eq!(reply.header("content-length"), Some("1073741824"));
    assert_eq!(
        client.ask("GET", "/bytes/1025MiB", "", "").await.status,
        400
    );
    assert_eq!(client.ask("GET", "/bytes/64M", "", "").await.status, 400);
}

#[tokio::test]
async fn chunks_come_one_by_one() {
    let target = Target::start();
    let reply = target.get("/chunked/3").await;
    // The case of the digits is the HTTP library's affair.
    assert_eq!(
        reply.text().to_lowercase(),
        "d\r\nchunk 1 of 3\n\r\nd\r\nchunk 2 of 3\n\r\nd\r\nchunk 3 of 3\n\r\n0\r\n\r\n"
    );
    assert_eq!(target.get("/chunked/0").await.text(), "0\r\n\r\n");
    assert_eq!(target.get("/chunked/2M").await.status, 400);
}

#[tokio::test(start_paused = true)]
async fn a_delay_lasts_at_least_as_long_as_asked_and_at_most_the_jitter_more() {
    let target = Target::start();
    let mut client = target.connect().await;
    for _ in 0..20 {
        let before = clock::now();
        let reply = client.ask("GET", "/delay/10s?jitter=5s", "", "").await;
        assert_eq!(reply.status, 200);
        let took = clock::now() - before;
        assert!(took >= Duration::from_secs(10), "{took:?}");
        // The timer rounds up to the next millisecond.
        assert!(took <= Duration::from_millis(15_002), "{took:?}");
    }
}

#[tokio::test]
async fn json_ids_count_up_and_parameters_come_back() {
    let target = Target::start();
    assert_eq!(target.get("/json").await.json(), json!({ "id": 1 }));
    assert_eq!(
        target.get("/json?a=b%20c&id=x").await.json(),
        json!({ "a": "b c", "id": 2 })
    );
}

#[tokio::test]
async fn echo_tells_the_request() {
    let target = Target::start();
    let reply = target
        .connect()
        .await
        .ask("PATCH", "/echo?q=1", "x-a: 1\r\nx-a: 2\r\n", "hi \u{1f600}")
        .await;
    let told = reply.json();
    assert_eq!(told["method"], "PATCH");
    assert_eq!(told["path"], "/echo");
    assert_eq!(told["query"], "q=1");
    assert_eq!(told["headers"]["x-a"], "1, 2");
    assert_eq!(told["body"], "hi \u{1f600}");
    assert_eq!(told["body_size"], 7);
    let reply = target.post("/echo", &"x".repeat((1 << 20) + 1)).await;
    assert_eq!(reply.status, 413);
}
