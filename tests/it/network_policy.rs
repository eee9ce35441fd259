//! Nothing but loopback is reached unless it was named.

use crate::support::{RawServer, Target, gorgon};

/// `0.0.0.0` is an address that reaches this machine and still is no loopback one, so a denial can be told from a
/// connection that failed.
fn beside_loopback(server: &RawServer) -> String {
    server.url("/").replace("127.0.0.1", "0.0.0.0")
}

fn answering() -> RawServer {
    RawServer::answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
}

#[test]
fn an_address_that_was_not_named_is_denied_without_a_connection() {
    let server = answering();
    let finished = gorgon("run")
        .args(["http", "-n", "20", "-w", "2", "--json", "-"])
        .set("url", beside_loopback(&server))
        .expect_exit(77);
    assert_eq!(server.connections(), 0);
    let summary = finished.summary();
    assert_eq!((summary.calls("done"), summary.calls("ok")), (20, 0));
    finished
        .stderr_contains("--allow-host 0.0.0.0")
        .has_no_sign_of_a_bug();
}

#[test]
fn a_name_that_was_not_named_is_denied_with_the_flag_that_would_name_it() {
    let finished = gorgon("run")
        .args(["http", "-n", "4", "-w", "2"])
        .set("url", "http://production.example/")
        .expect_exit(77);
    finished
        .stdout_contains("--allow-host production.example")
        .has_no_sign_of_a_bug();
}

#[cfg(target_os = "linux")]
#[test]
fn an_address_that_was_named_is_reached() {
    let server = answering();
    let summary = gorgon("run")
        .args(["http", "-n", "20", "-w", "2", "--allow-host", "0.0.0.0"])
        .set("url", beside_loopback(&server))
        .json();
    summary.has_tags([("200", 20)]);
    assert!(server.connections() >= 1);
}

#[test]
fn a_grant_for_another_port_is_none() {
    let server = answering();
    gorgon("run")
        .args(["http", "-n", "4", "-w", "2", "--allow-host", "0.0.0.0:1"])
        .set("url", beside_loopback(&server))
        .expect_exit(77);
    assert_eq!(server.connections(), 0);
}

#[test]
fn loopback_needs_no_grant() {
    let target = Target::start();
    gorgon("run")
        .args(["http", "-n", "4", "-w", "2"])
        .set("url", target.url("/status/200"))
        .json()
        .has_tags([("200", 4)]);
}

#[test]
fn grants_that_are_none_are_refused() {
    for (grant, part) in [
        ("http://example.com", "example.com"),
        ("*", "any"),
        ("example.com/path", "path"),
        ("", ""),
    ] {
        let finished = gorgon("run")
            .args(["http", "-n", "1", "--allow-host", grant])
            .expect_exit(64);
        finished.stderr_contains(part).has_no_sign_of_a_bug();
    }
}
