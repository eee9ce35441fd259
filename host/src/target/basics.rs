//! Routes that answer as asked: a status, a delay, a size, JSON, or the request itself.

use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal, json as json_answer, json_bytes, text, typed, with_status};
use super::body::Body;
use super::query::{self, Query};
use super::state::State;
use crate::cli::values;

/// The most bytes and the most chunks of one answer.
const MOST_BYTES: u64 = 1 << 30;
const MOST_CHUNKS: u64 = 1_000_000;
/// The most bytes of a request that are kept to be shown or read.
pub(super) const MOST_KEPT: usize = 1 << 20;

pub(super) fn status(value: &str) -> Result<Answer, Refusal> {
    let status = query::status(value)?;
    let without_body = [
        StatusCode::NO_CONTENT,
        StatusCode::RESET_CONTENT,
        StatusCode::NOT_MODIFIED,
    ];
    if without_body.contains(&status) {
        let mut answer = Answer::new(Body::Whole(Bytes::new()));
        *answer.status_mut() = status;
        return Ok(answer);
    }
    Ok(with_status(
        status,
        text(
            status
                .canonical_reason()
                .unwrap_or("no name for this status"),
        ),
    ))
}

pub(super) async fn delay(state: &State, value: &str, query: Query<'_>) -> Result<Answer, Refusal> {
    let least = query::duration("delay", value)?;
    let jitter = query.duration("jitter", Duration::ZERO)?;
    let extra = if jitter.is_zero() {
        Duration::ZERO
    } else {
        jitter.mul_f64(state.draw())
    };
    tokio::time::sleep(least + extra).await;
    Ok(text("waited\n"))
}

pub(super) fn bytes(value: &str) -> Result<Answer, Refusal> {
    let size = values::size(value)
        .map_err(|error| Refusal::bad_request(format!("size `{value}`: {error}")))?;
    if size > MOST_BYTES {
        return Err(Refusal::bad_request(format!(
            "size `{value}`: at most `1GiB`"
        )));
    }
    Ok(typed(
        HeaderValue::from_static("application/octet-stream"),
        Body::Filled(size),
    ))
}

pub(super) fn chunked(value: &str) -> Result<Answer, Refusal> {
    let of = query::count("chunks", value)?;
    if of > MOST_CHUNKS {
        return Err(Refusal::bad_request(format!(
            "chunks `{value}`: at most `1M`"
        )));
    }
    Ok(typed(
        HeaderValue::from_static("text/plain; charset=utf-8"),
        Body::Chunks { next: 0, of },
    ))
}

pub(super) fn json(state: &State, query: Query<'_>) -> Answer {
    let id = state.next_json_id();
    if query.is_empty() {
        return json_bytes(Bytes::from(format!("{{\"id\":{id}}}")));
    }
    let mut fields: Map<String, Value> = query
        .pairs()
        .map(|(name, value)| (name.into_owned(), Value::from(value)))
        .collect();
    fields.insert("id".to_owned(), Value::from(id));
    json_answer(&Value::Object(fields))
}

pub(super) fn headers(headers: &HeaderMap) -> Answer {
    json_answer(&shown(headers))
}

pub(super) fn echo(head: &Parts, body: &[u8]) -> Answer {
    json_answer(&json!({
        "method": head.method.as_str(),
        "path": head.uri.path(),
        "query": head.uri.query(),
        "headers": shown(&head.headers),
        "body_size": body.len(),
        // Absent, not mangled, where it is no text.
        "body": std::str::from_utf8(body).ok(),
    }))
}

/// Headers as an object. Values of one name are joined with `, `; bytes that are no ASCII stand as ISO 8859-1.
fn shown(headers: &HeaderMap) -> Value {
    let mut object = Map::new();
    for name in headers.keys() {
        let values: Vec<String> = headers
            .get_all(name)
            .iter()
            .map(|value| {
                value
                    .as_bytes()
                    .iter()
                    .map(|&byte| char::from(byte))
                    .collect()
            })
            .collect();
        object.insert(name.as_str().to_owned(), Value::from(values.join(", ")));
    }
    Value::Object(object)
}

/// Reads a request's body, which has to be small.
pub(super) async fn read(body: Incoming) -> Result<Bytes, Refusal> {
    match Limited::new(body, MOST_KEPT).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(Refusal::Problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            "this route reads bodies of at most `1MiB`".to_owned(),
        )),
        // The client went away in the middle or broke the framing.
        Err(_) => Err(Refusal::HangUp),
    }
}

/// Reads a request's body to its end and forgets it, so that the connection stays usable.
pub(super) async fn drain(mut body: Incoming) -> Result<(), Refusal> {
    while let Some(frame) = body.frame().await {
        frame.map_err(|_| Refusal::HangUp)?;
    }
    Ok(())
}
