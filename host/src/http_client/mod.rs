//! The HTTP client of an operation: HTTP/1.1 and, where TLS agrees on it, HTTP/2.
//!
//! A [`Client`] belongs to one worker, as a browser belongs to one user: its connections, its TLS sessions and its
//! traffic are its own. All clients of a run share one [`Shared`], which never changes.
//!
//! Invariants:
//! - No host is looked up and no address connected to that the [`Policy`](crate::policy::Policy) does not admit, after a
//!   redirect as before.
//! - A message is sent once. Another connection is tried only when nothing was sent on the first.
//! - An answer that breaks the rules of HTTP is an error and ends its connection: nothing of it can be taken for a part
//!   of the next answer.
//! - Memory is bounded by the limits, whatever a server sends.
//! - Dropping a future of the client in the middle closes the HTTP/1.1 connection, or resets the HTTP/2 stream, that it
//!   was using, and nothing else.
//!
//! In reading order: `request` and `target` say what is asked for, `flight` gets it, with `lease`, `connect`,
//! `pool` for the way there, `connection` with `http1` and `http2` behind it for the exchange, and `body` for what comes
//! back; `batch` lets several fly at once, `sender` lets them fly on their own.

mod batch;
mod body;
mod causes;
mod connect;
mod connection;
mod core;
mod decode;
mod error;
mod flight;
mod headers;
mod http1;
mod http2;
mod lease;
mod pool;
mod progress;
mod redirect;
mod request;
mod response;
mod sender;
mod settings;
mod stamps;
mod stream;
mod target;
#[cfg(test)]
mod tests;
mod tls;
mod traffic;

use std::sync::Arc;

use self::core::Core;
pub use error::{Error, ErrorKind, Phase};
pub use headers::{Headers, Iter};
pub use request::{BodyMode, HEADERS_MAX, Request, belongs_to_the_client};
pub use response::{Response, Timings};
pub use sender::Sender;
pub use settings::{Settings, Shared};
pub use traffic::Traffic;

/// The client of one worker. Its futures run on a tokio runtime with I/O and time.
#[derive(Debug)]
pub struct Client {
    core: Arc<Core>,
}

impl Client {
    /// A client without connections.
    pub fn new(shared: Arc<Shared>) -> Client {
        Client {
            core: Arc::new(Core::new(shared)),
        }
    }

    /// Sends a request and waits for its answer, body included.
    ///
    /// # Errors
    /// There is no answer, or it is none that can be handed over; see [`Error`].
    pub async fn send(&mut self, request: Request) -> Result<Response, Error> {
        flight::fly(&self.core, request, None).await
    }

    /// Sends all requests at once: each on a connection of its own over HTTP/1.1, on streams of one over HTTP/2. The
    /// results are in the order of the requests.
    ///
    /// A batch is bounded as a whole. Of more than 1,000 requests none is sent: each is answered with
    /// [`Error::InvalidRequest`]. Each of `n` requests, failed ones included, keeps at most
    /// `min(body_limit, max(64 KiB, 256 MiB / n))` bytes of its body: with [`BodyMode::Full`] more is
    /// [`Error::TooLarge`], with [`BodyMode::First`] no more than that is handed over.
    pub async fn send_all(&mut self, requests: Vec<Request>) -> Vec<Result<Response, Error>> {
        batch::fly(&self.core, requests).await
    }

    /// Sends for this client from elsewhere.
    pub fn sender(&self) -> Sender {
        Sender::new(Arc::clone(&self.core))
    }

    /// The counters since they were last taken.
    pub fn take_traffic(&mut self) -> Traffic {
        let mut traffic = std::mem::take(&mut self.core.state().traffic);
        self.core.meter.drain_into(&mut traffic);
        traffic
    }
}
