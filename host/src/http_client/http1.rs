//! HTTP/1.1 by hyper: a kept connection, driven by the exchange that uses it.
//!
//! hyper splits a connection into a handle and a future that does the work. The future is polled here, in the task of
//! the request, and not spawned: a switch of tasks costs more than the exchange needs.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Uri, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::client::conn::http1::{Builder, Connection as Driver, SendRequest};
use hyper_util::rt::TokioIo;

use super::connection::{Connection, Failure, Head};
use super::error::Error;
use super::head;
use super::request::Outgoing;
use super::stamps::Stamps;
use super::stream::Stream;
use super::wire::{Payload, Wire};

/// The most bytes and headers that the head of an answer may have.
const HEAD_BYTES: usize = 128 << 10;
const HEADERS: usize = 256;

/// How long a connection may rest before the kernel is asked (for half a microsecond) whether the server has closed it.
/// The runtime itself hears of that only when it next looks for events.
const LOOK_AFTER: Duration = Duration::from_millis(1);

/// One connection.
#[derive(Debug)]
pub(super) struct Http1 {
    sender: SendRequest<Payload>,
    /// Nothing once the connection has ended.
    driver: Option<Driver<TokioIo<Wire>, Payload>>,
    /// The body being received.
    body: Option<Incoming>,
    stamps: Arc<Stamps>,
}

impl Http1 {
    /// Takes over a stream.
    pub(super) async fn new(stream: Stream) -> Result<Http1, Error> {
        let stamps = Arc::new(Stamps::new());
        let io = TokioIo::new(Wire::new(stream, stamps.clone()));
        let (sender, driver) = Builder::new()
            .max_buf_size(HEAD_BYTES)
            .max_header_size(HEAD_BYTES)
            .max_headers(HEADERS)
            .handshake(io)
            .await
            .map_err(|cause| Error::Other(cause.to_string()))?;
        Ok(Http1 {
            sender,
            driver: Some(driver),
            body: None,
            stamps,
        })
    }

    /// True if the connection, which rested for so long, is still good. Then nothing has come in since.
    pub(super) async fn check(&mut self, rested: Duration) -> bool {
        if rested >= LOOK_AFTER {
            self.stamps.ask_to_look();
        }
        self.drive_once().await;
        if self.stamps.take_pending() && self.driver.is_some() {
            // The kernel has something. Yielding lets the runtime fetch the event, and the driver then sees what it is:
            // an end, or over TLS perhaps a message that changes nothing.
            tokio::task::yield_now().await;
            self.drive_once().await;
        }
        self.is_open()
    }

    fn is_open(&self) -> bool {
        self.driver.is_some() && self.sender.is_ready()
    }

    async fn drive_once(&mut self) {
        poll_fn(|cx| {
            drive(&mut self.driver, cx);
            Poll::Ready(())
        })
        .await;
    }
}

/// Lets hyper read and write. How the connection ended is told to the exchange, by the handle or by the body.
fn drive(driver: &mut Option<Driver<TokioIo<Wire>, Payload>>, cx: &mut Context<'_>) {
    if let Some(connection) = driver
        && Pin::new(connection).poll(cx).is_ready()
    {
        *driver = None;
    }
}

impl Connection for Http1 {
    async fn ask(&mut self, outgoing: Outgoing) -> Result<Head, Failure> {
        let Outgoing {
            method,
            target,
            headers,
            body,
        } = outgoing;
        self.stamps
            .begin(body.as_ref().is_some_and(|body| !body.is_empty()));
        let had_body = body.is_some();
        let mut message = Request::new(Payload::new(body, self.stamps.clone(), false));
        *message.method_mut() = method;
        *message.uri_mut() = Uri::from(target.path.clone());
        *message.version_mut() = Version::HTTP_11;
        *message.headers_mut() = headers;

        let mut answer = pin!(self.sender.try_send_request(message));
        let answer = poll_fn(|cx| {
            drive(&mut self.driver, cx);
            answer.as_mut().poll(cx)
        });
        let answer = match answer.await {
            Ok(answer) => answer,
            Err(mut refused) => {
                let error = explain(refused.error(), &self.stamps);
                let message = refused.take_message();
                return Err(Failure::of(message, target, had_body, error));
            }
        };
        self.stamps.end_head();
        let (head, body) = head::checked(answer).map_err(Failure::Failed)?;
        self.body = body;
        Ok(head)
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        while let Some(body) = &mut self.body {
            let frame = poll_fn(|cx| match Pin::new(&mut *body).poll_frame(cx) {
                Poll::Pending => {
                    drive(&mut self.driver, cx);
                    Pin::new(&mut *body).poll_frame(cx)
                }
                ready => ready,
            });
            match frame.await {
                None => self.body = None,
                Some(Ok(frame)) => {
                    // Anything but data is trailers, which nobody can ask for.
                    if let Ok(data) = frame.into_data() {
                        self.stamps.used();
                        return Ok(Some(data));
                    }
                }
                Some(Err(cause)) => return Err(explain(&cause, &self.stamps)),
            }
        }
        Ok(None)
    }

    fn finish(&mut self) -> bool {
        // The driver was polled past the end of the body to find it, and has ended if anything followed.
        self.stamps.end();
        self.is_open()
    }

    fn stamps(&self) -> &Arc<Stamps> {
        &self.stamps
    }
}

/// What hyper reports, in the words of the contract.
fn explain(error: &hyper::Error, stamps: &Stamps) -> Error {
    if let Some(breach) = stamps.breach() {
        return Error::Protocol(breach.text().to_owned());
    }
    if error.is_parse_too_large() {
        let text = format!(
            "the head of the answer has more than {} KiB or {HEADERS} headers",
            HEAD_BYTES >> 10
        );
        return Error::Protocol(text);
    }
    if error.is_parse() {
        return Error::Protocol(format!("the answer is malformed: {}", head::deepest(error)));
    }
    match head::io_cause(error) {
        Some(cause) => head::explain_io(cause, stamps.phase()),
        // What is left are the ways in which hyper says that the connection ended.
        None => Error::Closed(stamps.phase()),
    }
}
