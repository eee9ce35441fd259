//! Tries to leave the sandbox.
//!
//! The tag joins with `+` what worked: `args`, `env`, `list` (of a directory), `read`, `write` (of a file), `socket`
//! (a connection to another machine, or a refusal by it), `listen`, `udp`, `name` (the resolution of one that nobody
//! has named). `nothing` where nothing did, which is what it should be.

use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};

use gorgon_sdk::Tag;

/// What is tried, and whether it worked.
type Attempt = (&'static str, fn() -> bool);

pub(crate) fn probe() -> Tag {
    let attempts: [Attempt; 9] = [
        ("args", || std::env::args_os().count() > 0),
        ("env", || std::env::vars_os().count() > 0),
        ("list", || {
            ["/", "."]
                .into_iter()
                .any(|directory| std::fs::read_dir(directory).is_ok())
        }),
        ("read", || std::fs::read("/etc/passwd").is_ok()),
        ("write", || {
            std::fs::write("written-by-the-probe", "").is_ok()
        }),
        ("socket", connects),
        ("listen", || TcpListener::bind("127.0.0.1:0").is_ok()),
        ("udp", || UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("name", || "production.example:80".to_socket_addrs().is_ok()),
    ];
    let worked: Vec<&str> = attempts
        .into_iter()
        .filter(|(_, attempt)| attempt())
        .map(|(name, _)| name)
        .collect();
    if worked.is_empty() {
        Tag::ok("nothing")
    } else {
        Tag::ok(worked.join("+"))
    }
}

/// Whether the network answers, if only to refuse.
fn connects() -> bool {
    // Of a network that is for documentation (RFC 5737).
    match TcpStream::connect("198.51.100.7:80") {
        Ok(_) => true,
        Err(error) => error.kind() == ErrorKind::ConnectionRefused,
    }
}
