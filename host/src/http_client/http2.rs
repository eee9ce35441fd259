//! HTTP/2 by hyper: one session for each origin, one stream for each exchange.
//!
//! A session answers pings and window updates while nobody waits for an answer, so it is driven by a task of its own,
//! which ends with the last holder of the session.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, Version, header};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::JoinHandle;

use super::causes;
use super::connection::{Connection, Failure, Head};
use super::error::{Error, shown};
use super::request::Outgoing;
use super::stamps::Stamps;
use super::stream::Stream;

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
                Error::Protocol(format!(
                    "HTTP/2 could not begin: {}",
                    causes::deepest(&cause)
                ))
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
    /// The piece that is lent.
    piece: Bytes,
    stamps: Arc<Stamps>,
}

impl Http2 {
    pub(super) fn new(session: Session) -> Http2 {
        Http2 {
            session,
            body: None,
            piece: Bytes::new(),
            stamps: Arc::new(Stamps::new()),
        }
    }
}

impl Connection for Http2 {
    async fn ask(&mut self, outgoing: &Outgoing) -> Result<Head, Failure> {
        self.stamps.begin();
        if outgoing.body.as_ref().is_none_or(Bytes::is_empty) {
            self.stamps.mark_sent();
        }
        let message = message(outgoing, self.stamps.clone()).map_err(Failure::Failed)?;
        let answer = match self.session.sender.try_send_request(message).await {
            Ok(answer) => answer,
            Err(refused) => {
                let error = explain(refused.error(), &self.stamps);
                // A message that comes back was not sent.
                return Err(match refused.message() {
                    Some(_) => Failure::Unsent(error),
                    None => Failure::Failed(error),
                });
            }
        };
        self.stamps.mark_first();
        let (head, body) = checked(answer).map_err(Failure::Failed)?;
        self.body = body;
        Ok(head)
    }

    async fn piece(&mut self) -> Result<Option<&[u8]>, Error> {
        while let Some(body) = &mut self.body {
            match poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
                None => self.body = None,
                Some(Ok(frame)) => {
                    // Anything but data is trailers, which nobody can ask for.
                    if let Ok(data) = frame.into_data() {
                        self.piece = data;
                        return Ok(Some(&self.piece));
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

/// The message as hyper takes it. `host` has its place in the URI.
fn message(outgoing: &Outgoing, stamps: Arc<Stamps>) -> Result<Request<Payload>, Error> {
    let target = &outgoing.target;
    let uri = Uri::builder()
        .scheme(target.scheme())
        .authority(target.authority.clone())
        .path_and_query(target.path.clone())
        .build()
        .map_err(|cause| Error::InvalidRequest(cause.to_string()))?;
    let mut headers = HeaderMap::new();
    for (name, value) in outgoing.fields().filter(|(name, _)| *name != header::HOST) {
        headers.append(name.clone(), value.clone());
    }
    if let Some(length) = outgoing.content_length() {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    let mut message = Request::new(Payload {
        data: outgoing.body.clone().unwrap_or_default(),
        stamps,
    });
    *message.method_mut() = outgoing.method.clone();
    *message.uri_mut() = uri;
    *message.version_mut() = Version::HTTP_2;
    *message.headers_mut() = headers;
    Ok(message)
}

/// The head of an answer, and its body if it has one. The library refuses fields that belong to a connection.
fn checked(answer: Response<Incoming>) -> Result<(Head, Option<Incoming>), Error> {
    let (parts, body) = answer.into_parts();
    // RFC 9113, 8.6: there is no such status in HTTP/2.
    if parts.status == StatusCode::SWITCHING_PROTOCOLS {
        let text = "the server changed the protocol (101) without being asked";
        return Err(Error::Protocol(text.to_owned()));
    }
    let head = Head {
        status: parts.status,
        version: parts.version,
        headers: parts.headers.into(),
        length: body.size_hint().exact(),
    };
    Ok((head, (!body.is_end_stream()).then_some(body)))
}

/// The body of a request, in one piece.
#[derive(Debug)]
struct Payload {
    data: Bytes,
    stamps: Arc<Stamps>,
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.data.is_empty() {
            return Poll::Ready(None);
        }
        // No stream belongs to the request: taking its last byte is as near to sending it as can be seen.
        this.stamps.mark_sent();
        Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut this.data)))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.len() as u64)
    }
}

/// What hyper and h2 report, in the words of the contract.
fn explain(error: &hyper::Error, stamps: &Stamps) -> Error {
    let found = causes::causes(error).find_map(|cause| cause.downcast_ref::<h2::Error>());
    match found {
        // What the server sent is an end of the stream or of the connection; what h2 itself ended broke the rules.
        Some(cause) if cause.is_remote() => Error::Closed(stamps.phase()),
        Some(cause) => match cause.get_io() {
            Some(cause) => causes::explain_io(cause, stamps.phase()),
            None => Error::Protocol(format!("HTTP/2: {}", shown(&cause.to_string()))),
        },
        None => match causes::io_cause(error) {
            Some(cause) => causes::explain_io(cause, stamps.phase()),
            None => Error::Closed(stamps.phase()),
        },
    }
}
