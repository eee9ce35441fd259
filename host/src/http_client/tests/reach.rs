//! The way to a server: look-up, policy, TCP.

use tokio::net::TcpListener;

use super::client;
use super::server::{Server, ok};
use crate::http_client::{Error, ErrorKind, Request};

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
            matches!(&result, Err(Error::Denied(denied)) if denied.to_string().contains("--allow-host")),
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
