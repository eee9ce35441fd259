//! HTTP/2 by hyper: one session for each origin, one stream for each exchange.
//!
//! A session answers pings and window updates while nobody waits for an answer, so it is driven by a task of its own,
//! which ends with the last holder of the session.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Uri, Version, header};
use http_body::Body;
use hyper::body::Incoming;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::JoinHandle;

use super::connection::{Connection, Failure, Head};
use super::error::Error;
use super::head;
use super::request::Outgoing;
use super::stamps::Stamps;
use super::stream::Stream;
use super::wire::Payload;

/// The most bytes that the head of an answer may have, as HTTP/2 counts them: 32 more for each header.
const HEAD_BYTES: u32 = 128 << 10;

/// A connection that carries many exchanges at once.
#[derive(Debug, Clone)]
pub(super) struct Session {
    sender: SendRequest<Payload>,
    _task: Arc<Task>,
}

/// The task that drives a session; it ends when this is dropped.
#[derive(Debug)]
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Session {
    /// Takes over a stream on which HTTP/2 was agreed.
    pub(super) async fn new(stream: Stream) -> Result<Session, Error> {
        let (sender, driver) = Builder::new(TokioExecutor::new())
            .max_header_list_size(HEAD_BYTES)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|cause| {
                Error::Protocol(format!("HTTP/2 could not begin: {}", head::deepest(&cause)))
            })?;
        let task = tokio::spawn(async move {
            // How it ended is told to the exchanges.
            let _ = driver.await;
        });
        Ok(Session {
            sender,
            _task: Arc::new(Task(task)),
        })
    }

    /// False once the session has ended, or the server has said that it takes no more.
    pub(super) fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }
}

/// One stream of a session.
#[derive(Debug)]
pub(super) struct Http2 {
    session: Session,
    body: Option<Incoming>,
    stamps: Arc<Stamps>,
}

impl Http2 {
    pub(super) fn new(session: Session) -> Http2 {
        Http2 {
            session,
            body: None,
            stamps: Arc::new(Stamps::new()),
        }
    }
}

impl Connection for Http2 {
    async fn ask(&mut self, outgoing: Outgoing) -> Result<Head, Failure> {
        let Outgoing {
            method,
            target,
            mut headers,
            body,
        } = outgoing;
        let uri = Uri::builder()
            .scheme(target.scheme())
            .authority(target.authority.clone())
            .path_and_query(target.path.clone())
            .build()
            .map_err(|cause| Failure::Failed(Error::InvalidRequest(cause.to_string())))?;
        // Its place is taken by a part of the URI.
        let host = headers.remove(header::HOST);
        let had_body = body.is_some();
        self.stamps
            .begin(body.as_ref().is_some_and(|body| !body.is_empty()));
        if body.as_ref().is_none_or(Bytes::is_empty) {
            self.stamps.mark_sent();
        }
        let mut message = Request::new(Payload::new(body, self.stamps.clone(), true));
        *message.method_mut() = method;
        *message.uri_mut() = uri;
        *message.version_mut() = Version::HTTP_2;
        *message.headers_mut() = headers;

        let answer = match self.session.sender.try_send_request(message).await {
            Ok(answer) => answer,
            Err(mut refused) => {
                let error = explain(refused.error(), &self.stamps);
                let message = refused.take_message().map(|mut message| {
                    if let Some(host) = host {
                        message.headers_mut().insert(header::HOST, host);
                    }
                    message
                });
                return Err(Failure::of(message, target, had_body, error));
            }
        };
        self.stamps.mark_first();
        let (head, body) = head::checked(answer).map_err(Failure::Failed)?;
        self.body = body;
        Ok(head)
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        while let Some(body) = &mut self.body {
            match poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
                None => self.body = None,
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
                Some(Err(cause)) => return Err(explain(&cause, &self.stamps)),
            }
        }
        Ok(None)
    }

    fn finish(&mut self) -> bool {
        self.session.is_open()
    }

    fn stamps(&self) -> &Arc<Stamps> {
        &self.stamps
    }
}

/// What hyper and h2 report, in the words of the contract.
fn explain(error: &hyper::Error, stamps: &Stamps) -> Error {
    let found = head::causes(error).find_map(|cause| cause.downcast_ref::<h2::Error>());
    match found {
        // What the server sent is an end of the stream or of the connection; what h2 itself ended broke the rules.
        Some(cause) if cause.is_remote() => Error::Closed(stamps.phase()),
        Some(cause) => match cause.get_io() {
            Some(cause) => head::explain_io(cause, stamps.phase()),
            None => Error::Protocol(format!(
                "HTTP/2: {}",
                super::error::shown(&cause.to_string())
            )),
        },
        None => match head::io_cause(error) {
            Some(cause) => head::explain_io(cause, stamps.phase()),
            None => Error::Closed(stamps.phase()),
        },
    }
}
