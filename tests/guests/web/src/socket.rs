//! Sockets, by the standard library.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};

use gorgon_sdk::{Failure, Result, Tag};

/// A GET over a connection of its own to the first address that can be connected to.
pub(crate) fn tcp(address: &str) -> Result {
    let addresses = address
        .to_socket_addrs()
        .map_err(|cause| failure("look-up", &cause))?;
    let mut last = Failure::new("no-address");
    for address in addresses {
        match TcpStream::connect(address) {
            Ok(stream) => return get(stream).map_err(|cause| failure("exchange", &cause)),
            Err(cause) => last = failure("connect", &cause),
        }
    }
    Err(last)
}

fn get(mut stream: TcpStream) -> io::Result<Tag> {
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    let status = text.split(' ').nth(1).unwrap_or("nothing");
    Ok(Tag::ok(status.to_owned()))
}

pub(crate) fn listen() -> Result {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|cause| failure("listen", &cause))?;
    drop(listener);
    Ok(Tag::ok("allowed"))
}

pub(crate) fn udp() -> Result {
    let socket = UdpSocket::bind("127.0.0.1:0").map_err(|cause| failure("udp", &cause))?;
    drop(socket);
    Ok(Tag::ok("allowed"))
}

fn failure(what: &str, cause: &io::Error) -> Failure {
    Failure::new(format!("{what}:{:?}", cause.kind())).because(cause.to_string())
}
