//! Answers, and what a route says when it cannot give the one that was asked for.

use std::fmt;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use serde_json::Value;

use super::body::Body;

/// An answer on its way.
pub(super) type Answer = Response<Body>;

/// How a request ends when its route has no proper answer.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The request is at fault: a status, and in words what is wrong and what would be right.
    Problem(StatusCode, String),
    /// The method is not one of these.
    Method(&'static str),
    /// The connection is closed without an answer.
    HangUp,
}

impl Refusal {
    /// A 400 with the reason.
    pub(super) fn bad_request(what: impl Into<String>) -> Refusal {
        Refusal::Problem(StatusCode::BAD_REQUEST, what.into())
    }

    /// The answer that tells about it, or the order to hang up.
    pub(super) fn into_answer(self) -> Result<Answer, HangUp> {
        match self {
            Refusal::Problem(status, mut what) => {
                what.push('\n');
                Ok(with_status(status, text(what)))
            }
            Refusal::Method(allowed) => {
                let mut answer = text(format!("this route takes {allowed}\n"));
                *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
                answer
                    .headers_mut()
                    .insert(ALLOW, HeaderValue::from_static(allowed));
                Ok(answer)
            }
            Refusal::HangUp => Err(HangUp),
        }
    }
}

/// Makes the HTTP library close the connection without an answer.
#[derive(Debug)]
pub(super) struct HangUp;

impl fmt::Display for HangUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hung up on purpose")
    }
}

impl std::error::Error for HangUp {}

/// A 200 with text.
pub(super) fn text(text: impl Into<Bytes>) -> Answer {
    typed(
        HeaderValue::from_static("text/plain; charset=utf-8"),
        Body::Whole(text.into()),
    )
}

/// A 200 with JSON.
pub(super) fn json(value: &Value) -> Answer {
    json_bytes(Bytes::from(value.to_string()))
}

/// A 200 with JSON that is already written.
pub(super) fn json_bytes(bytes: Bytes) -> Answer {
    typed(
        HeaderValue::from_static("application/json"),
        Body::Whole(bytes),
    )
}

/// A 200 with a body of a type.
pub(super) fn typed(content_type: HeaderValue, body: Body) -> Answer {
    let mut answer = Response::new(body);
    answer.headers_mut().insert(CONTENT_TYPE, content_type);
    answer
}

/// The same answer with another status.
pub(super) fn with_status(status: StatusCode, mut answer: Answer) -> Answer {
    *answer.status_mut() = status;
    answer
}
