//! A server under test and a client that sees what is on the wire.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::target::{Served, Settings, serve};

/// A server that runs until it is dropped or stopped.
pub(super) struct Target {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<Served>>,
}

impl Target {
    pub(super) fn start() -> Target {
        Target::start_with(Settings::default())
    }

    pub(super) fn start_with(settings: Settings) -> Target {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(listener, settings, async {
            let _ = stopped.await;
        }));
        Target {
            address,
            stop,
            task,
        }
    }

    pub(super) async fn stop(self) -> Served {
        self.stop.send(()).expect("the server runs");
        self.task.await.expect("no panic").expect("no error")
    }

    pub(super) async fn connect(&self) -> Client {
        Client {
            stream: TcpStream::connect(self.address).await.expect("it accepts"),
            read: Vec::new(),
        }
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.connect().await.ask("GET", path, "", "").await
    }

    pub(super) async fn post(&self, path: &str, body: &str) -> Reply {
        self.connect().await.ask("POST", path, "", body).await
    }
}

/// One connection.
pub(super) struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

impl Client {
    pub(super) async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        );
        self.stream
            .write_all(request.as_bytes())
            .await
            .expect("sent");
    }

    pub(super) async fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Reply {
        self.send(method, path, headers, body).await;
        self.reply(method).await
    }

    /// Reads more. False at the end of the connection.
    pub(super) async fn fill(&mut self) -> bool {
        matches!(self.stream.read_buf(&mut self.read).await, Ok(count) if count > 0)
    }

    pub(super) async fn reply(&mut self, method: &str) -> Reply {
        let end = loop {
            if let Some(at) = self
                .read
                .windows(4)
                .position(|window| window == b"\r\n\r\n")
            {
                break at + 4;
            }
            assert!(self.fill().await, "closed before the head: {:?}", self.read);
        };
        let rest = self.read.split_off(end);
        let head = String::from_utf8(std::mem::replace(&mut self.read, rest)).expect("ASCII");
        let status = head
            .get(9..12)
            .and_then(|code| code.parse().ok())
            .expect("a status line");
        let mut reply = Reply {
            status,
            head,
            body: Vec::new(),
        };
        let chunked = reply.header("transfer-encoding") == Some("chunked");
        let length = reply
            .header("content-length")
            .map_or(0, |length| length.parse().expect("a length"));
        if method == "HEAD" {
            return reply;
        }
        if chunked {
            while !self.read.ends_with(b"0\r\n\r\n") {
                assert!(self.fill().await, "closed in the body");
            }
            reply.body = std::mem::take(&mut self.read);
        } else {
            while self.read.len() < length {
                assert!(self.fill().await, "closed in the body");
            }
            let rest = self.read.split_off(length);
            reply.body = std::mem::replace(&mut self.read, rest);
        }
        reply
    }

    /// Everything up to the end of the connection.
    pub(super) async fn rest(&mut self) -> Vec<u8> {
        while self.fill().await {}
        std::mem::take(&mut self.read)
    }
}
