//! Servers that misbehave, in time and on the wire.

use std::time::Duration;

use super::client::{Client, Target};
use crate::clock;

#[tokio::test(start_paused = true)]
async fn every_request_that_arrives_in_a_stall_is_answered_at_its_end() {
    let target = Target::start();
    let start = clock::now();
    let mut clients = [
        target.connect().await,
        target.connect().await,
        target.connect().await,
    ];
    let early = clients[0]
        .ask("GET", "/stall?every=10s&for=1s", "", "")
        .await;
    assert_eq!(early.text(), "through\n");
    assert!(clock::now() - start < Duration::from_secs(9));
    tokio::time::sleep_until(start + Duration::from_millis(9_400)).await;
    for client in &mut clients {
        client.send("GET", "/stall?every=10s&for=1s", "", "").await;
    }
    for client in &mut clients {
        assert_eq!(client.reply("GET").await.status, 200);
        let at = clock::now() - start;
        assert!(at >= Duration::from_millis(9_999), "{at:?}");
        assert!(at <= Duration::from_millis(10_100), "{at:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_delay_of_a_stall_is_on_top_of_it_and_the_same_outside() {
    let target = Target::start();
    let start = clock::now();
    let path = "/stall?every=10s&for=1s&delay=200ms";
    let mut client = target.connect().await;
    let since = async |at: u64, client: &mut Client| {
        tokio::time::sleep_until(start + Duration::from_millis(at)).await;
        assert_eq!(client.ask("GET", path, "", "").await.status, 200);
        clock::now() - start
    };
    let outside = since(1_000, &mut client).await;
    let inside = since(9_400, &mut client).await;
    for (answered, due) in [(outside, 1_200), (inside, 10_200)] {
        let due = Duration::from_millis(due);
        assert!(answered + Duration::from_millis(1) >= due, "{answered:?}");
        assert!(answered <= due + Duration::from_millis(100), "{answered:?}");
    }
}

#[tokio::test]
async fn flaky_fails_every_nth_time_over_all_connections() {
    let target = Target::start();
    let mut statuses = Vec::new();
    for _ in 0..9 {
        statuses.push(target.get("/flaky?every=3&status=500").await.status);
    }
    assert_eq!(statuses, [200, 200, 500, 200, 200, 500, 200, 200, 500]);
}

#[tokio::test]
async fn close_answers_and_drop_does_not() {
    let target = Target::start();
    let mut client = target.connect().await;
    let reply = client.ask("GET", "/close", "", "").await;
    assert_eq!(
        (reply.status, reply.header("connection")),
        (200, Some("close"))
    );
    assert_eq!(client.rest().await, b"");
    let mut client = target.connect().await;
    client.send("GET", "/drop", "", "").await;
    assert_eq!(client.rest().await, b"");
}

#[tokio::test]
async fn short_breaks_off_after_the_beginning() {
    let target = Target::start();
    let mut client = target.connect().await;
    client.send("GET", "/short", "", "").await;
    let text = String::from_utf8(client.rest().await).expect("ASCII");
    assert!(text.contains("content-length: 1000\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\nthat is not all\n"), "{text}");
}
