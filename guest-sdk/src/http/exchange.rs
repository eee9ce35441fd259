//! From a request to its response, and several at once.
//!
//! What a client does on the way is behind a trait object on purpose: a component whose operation has no [`Client`]
//! then contains neither its code nor the imports that it needs.
//!
//! [`Client`]: super::Client

use std::fmt;

use super::session::Step;
use super::{Request, Response, Result};
use crate::host::{self, wire};

/// What the host answers.
pub(crate) type Answer = std::result::Result<wire::Response, wire::Error>;

/// The way that the requests of a client take.
pub(crate) trait Route: fmt::Debug {
    /// Sends one request and waits for its response.
    fn send(&self, request: wire::Request) -> Result<Response>;

    /// Makes a request ready to be sent together with others.
    fn prepare(&self, request: wire::Request) -> Result<Step>;

    /// Makes the response of what it was answered.
    fn settle(&self, step: Step, answer: Answer) -> Result<Response>;
}

/// Sends a request: straight to the host, or the way its client has for it.
pub(crate) fn send(request: Request<'_>) -> Result<Response> {
    match request.into_parts()? {
        (request, None) => direct(&request).map(|response| Response::new(response, 1)),
        (request, Some(route)) => route.send(request),
    }
}

/// Sends a request to the host, over the shorter of its two functions that does.
pub(crate) fn direct(request: &wire::Request) -> Result<wire::Response> {
    let answer = if is_plain(request) {
        host::http::get(&request.url)
    } else {
        host::http::send(request)
    };
    Ok(answer?)
}

/// Whether the host's `get` does what this request asks for.
fn is_plain(request: &wire::Request) -> bool {
    let wire::Request {
        method,
        url: _,
        headers,
        body,
        body_mode,
        decode,
        redirects,
        timeout,
        name,
        extra,
    } = request;
    method == "GET"
        && headers.is_empty()
        && body.is_none()
        && matches!(body_mode, wire::BodyMode::Full)
        && !decode
        && *redirects == 0
        && timeout.is_none()
        && name.is_none()
        && extra.is_empty()
}

/// Who has a say in the answer to a request that was sent with others.
type Pending<'c> = Option<(&'c dyn Route, Step)>;

/// Sends all requests at once.
pub(crate) fn send_all<'c>(requests: Vec<Request<'c>>) -> Vec<Result<Response>> {
    let mut sent = Vec::new();
    let mut prepare = |request: Request<'c>| match request.into_parts()? {
        (request, None) => {
            sent.push(request);
            Ok(None)
        }
        (request, Some(route)) => {
            let step = route.prepare(request)?;
            sent.push(step.request().clone());
            Ok(Some((route, step)))
        }
    };
    let pending: Vec<Result<Pending<'c>>> = requests.into_iter().map(&mut prepare).collect();
    // A request that could not be made ready has no answer to take.
    let mut answers = host::http::send_all(&sent).into_iter();
    let missing = || {
        Err(wire::Error::Other(
            "the host gave no answer to this request".into(),
        ))
    };
    let settle =
        |pending: Result<Pending<'c>>| match (pending?, answers.next().unwrap_or_else(missing)) {
            (None, answer) => Ok(Response::new(answer?, 1)),
            (Some((route, step)), answer) => route.settle(step, answer),
        };
    pending.into_iter().map(settle).collect()
}
