//! One request by `wasi:http`: its body is collected, it is sent by the worker's client, its answer is handed over.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use super::super::told::Told;
use super::error::{self, Asked};
use super::room::{Held, Room};
use crate::clock;
use crate::http_client::{self, Request, Response, Sender};

/// What one request needs, from its beginning to its end.
pub(super) struct Ask {
    pub(super) sender: Sender,
    pub(super) told: Arc<Told>,
    pub(super) room: Arc<Room>,
    /// Its number in a traced run.
    pub(super) traced: Option<u64>,
}

/// Why a request is not sent: in the words of `wasi:http`, and in those of the report.
struct Refused(Error, String);

impl Ask {
    /// Sends the request as soon as the guest has finished its body, and waits for the whole answer.
    pub(super) async fn answer(
        self,
        request: http::Request<WasiBody>,
        options: RequestOptions,
    ) -> Result<http::Response<WasiBody>, Error> {
        let (parts, body) = request.into_parts();
        let asked = Asked::of(&parts);
        let (body, _held) = match self.collect(&parts.headers, body).await {
            Ok(collected) => collected,
            Err(Refused(code, why)) => {
                let error = http_client::Error::InvalidRequest(why);
                let error = self.sender.refuse(error);
                self.told.ended(self.traced, &Err(error));
                return Err(code);
            }
        };
        let result = self.send(outgoing(&parts, body, options)).await;
        self.told.ended(self.traced, &result);
        match result {
            Ok(response) => Ok(self.incoming(response)),
            Err(error) => Err(error::name(error, &asked)),
        }
    }

    /// Sends, as soon as it is the request's turn.
    async fn send(&self, request: Request) -> Result<Response, http_client::Error> {
        let free = self.room.turn_now();
        let (_turn, blocked) = match free {
            Some(turn) => (Some(turn), 0),
            None => {
                let since = clock::now();
                let turn = self.room.turn().await;
                let waited = clock::now().saturating_duration_since(since);
                (turn, waited.as_nanos() as u64)
            }
        };
        if self.room.is_full() {
            let why = "the operation has left too many answers unread";
            return Err(self
                .sender
                .refuse(http_client::Error::Other(why.to_owned())));
        }
        let mut response = self.sender.clone().send(request).await?;
        response.timings.blocked += blocked;
        response.timings.total += blocked;
        Ok(response)
    }

    /// The body, once the guest has finished it.
    async fn collect(
        &self,
        headers: &HeaderMap,
        mut body: WasiBody,
    ) -> Result<(Bytes, Held), Refused> {
        let declared = declared_length(headers);
        let limit = self.room.body_limit;
        let mut collected = Vec::new();
        let mut held = Held::none(&self.room);
        while let Some(frame) = body.frame().await {
            let frame = match frame {
                Ok(frame) => frame,
                Err(code) => return Err(unfinished(code, declared, collected.len() as u64)),
            };
            match frame.into_data() {
                Ok(data) => {
                    held.add(data.len());
                    let is_too_large = collected.len() as u64 + data.len() as u64 > limit;
                    if is_too_large || self.room.is_full() {
                        let why = if is_too_large {
                            format!("the body of the request has more than {limit} bytes")
                        } else {
                            "the instance holds too many bodies that nobody has read".to_owned()
                        };
                        return Err(Refused(Error::HttpRequestBodySize(Some(limit)), why));
                    }
                    collected.extend_from_slice(&data);
                }
                Err(frame) => {
                    if frame
                        .trailers_ref()
                        .is_some_and(|fields| !fields.is_empty())
                    {
                        let code = Error::HttpRequestTrailerSectionSize(Some(0));
                        return Err(Refused(code, "trailers are not sent".to_owned()));
                    }
                }
            }
        }
        // wasmtime has compared them where the guest has finished the body; not where it has only let go of it.
        match declared {
            Some(length) if length != collected.len() as u64 => {
                Err(wrong_length(length, collected.len() as u64))
            }
            _ => Ok((Bytes::from(collected), held)),
        }
    }

    fn incoming(&self, response: Response) -> http::Response<WasiBody> {
        let mut held = Held::none(&self.room);
        held.add(response.body.len());
        let body = Whole {
            data: response.body,
            _held: held,
        };
        let mut incoming = http::Response::new(body.map_err(Error::from).boxed_unsync());
        // A status that came in is one.
        *incoming.status_mut() = StatusCode::from_u16(response.status).unwrap_or_default();
        *incoming.version_mut() = response.version;
        *incoming.headers_mut() = response.headers.into_map();
        incoming
    }
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn unfinished(code: Error, declared: Option<u64>, length: u64) -> Refused {
    match declared {
        Some(declared) if declared != length => wrong_length(declared, length),
        _ => {
            let why = "the operation did not finish the body of its request";
            Refused(code, why.to_owned())
        }
    }
}

fn wrong_length(declared: u64, length: u64) -> Refused {
    let why = format!("the body has {length} bytes where its content-length says {declared}");
    Refused(Error::HttpRequestBodySize(Some(length)), why)
}

/// The client's request. The client sets the length itself, from the body that it has.
fn outgoing(parts: &http::request::Parts, body: Bytes, options: RequestOptions) -> Request {
    let headers = parts
        .headers
        .iter()
        .filter(|(name, _)| *name != header::CONTENT_LENGTH)
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect();
    let limits = [
        ("connect-timeout", options.connect_timeout),
        ("first-byte-timeout", options.first_byte_timeout),
    ];
    let limits = limits.into_iter().filter_map(|(name, limit)| {
        Some((name.to_owned(), above_zero(limit?).as_nanos().to_string()))
    });
    Request {
        method: parts.method.as_str().to_owned(),
        headers,
        body: (!body.is_empty()).then_some(body),
        between_bytes: options.between_bytes_timeout.map(above_zero),
        extra: limits.collect(),
        ..Request::get(parts.uri.to_string())
    }
}

/// No time at all is as little as there is: enough for what takes none, such as connecting where there is a connection.
fn above_zero(limit: Duration) -> Duration {
    limit.max(Duration::from_nanos(1))
}

/// The body of an answer, in one piece, and the room that it takes.
struct Whole {
    data: Bytes,
    _held: Held,
}

impl Body for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = std::mem::take(&mut self.get_mut().data);
        Poll::Ready((!data.is_empty()).then(|| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.len() as u64)
    }
}
