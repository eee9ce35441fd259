//! A request under construction.

use std::fmt::Display;
use std::time::Duration;

use super::exchange::{self, Route};
use super::{Error, Method, Response, Result, encoding, url};
use crate::clock::nanos;
use crate::host::wire;

/// A request under construction; [`send`](Request::send) sends it.
///
/// A mistake in what it is made of (a value that cannot be JSON) is the error of `send`.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until `.send()`"]
pub struct Request<'c> {
    route: Option<&'c dyn Route>,
    wire: wire::Request,
    problem: Option<Error>,
}

impl<'c> Request<'c> {
    pub(crate) fn new(method: Method, url: String, route: Option<&'c dyn Route>) -> Request<'c> {
        let wire = wire::Request {
            method: method.into_string(),
            url,
            headers: Vec::new(),
            body: None,
            body_mode: wire::BodyMode::Full,
            decode: false,
            redirects: 0,
            timeout: None,
            name: None,
            extra: Vec::new(),
        };
        Request {
            route,
            wire,
            problem: None,
        }
    }

    /// Adds a header. One of the same name is kept beside it.
    pub fn header(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.wire.headers.push((name.into(), value.to_string()));
        self
    }

    /// Adds `name=value` to the query of the URL, both percent-encoded.
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        url::add_query(
            &mut self.wire.url,
            &encoding::form([(name, value.to_string())]),
        );
        self
    }

    /// Sends `authorization: Bearer TOKEN`.
    pub fn bearer_auth(self, token: impl Display) -> Self {
        self.header("authorization", format_args!("Bearer {token}"))
    }

    /// Sends `authorization: Basic …` (RFC 7617).
    pub fn basic_auth(self, user: impl Display, password: impl Display) -> Self {
        let credentials = encoding::base64(format!("{user}:{password}").as_bytes());
        self.header("authorization", format_args!("Basic {credentials}"))
    }

    /// The body, as it is.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.wire.body = Some(body.into());
        self
    }

    /// A value as a JSON body, with its content type unless there is one already.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => self.body(body).content_type("application/json"),
            Err(error) => {
                self.problem = Some(Error::InvalidRequest(format!(
                    "the body cannot be JSON: {error}"
                )));
                self
            }
        }
    }

    /// Fields as the body of a form, with its content type unless there is one already.
    pub fn form<'f, V: Display>(self, fields: impl IntoIterator<Item = (&'f str, V)>) -> Self {
        let body = encoding::form(
            fields
                .into_iter()
                .map(|(name, value)| (name, value.to_string())),
        );
        self.body(body)
            .content_type("application/x-www-form-urlencoded")
    }

    /// The limit for the whole request, redirects and body included. Without one, the call's own timeout is the only
    /// limit.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.wire.timeout = Some(nanos(limit));
        self
    }

    /// The limit for looking up the name, connecting and the TLS handshake together.
    pub fn connect_timeout(self, limit: Duration) -> Self {
        self.extra("connect-timeout", nanos(limit))
    }

    /// The limit from the request sent to the first byte of the answer.
    pub fn first_byte_timeout(self, limit: Duration) -> Self {
        self.extra("first-byte-timeout", nanos(limit))
    }

    /// Follows up to that many redirects; without it, a 3xx answer is the response.
    pub fn follow_redirects(mut self, limit: u32) -> Self {
        self.wire.redirects = limit;
        self
    }

    /// Leaves the body of the response outside of the sandbox. It is received and counted all the same.
    pub fn discard_body(mut self) -> Self {
        self.wire.body_mode = wire::BodyMode::Discard;
        self
    }

    /// Keeps at most that many bytes of the beginning of the body.
    pub fn first_bytes(mut self, limit: u32) -> Self {
        self.wire.body_mode = wire::BodyMode::First(limit);
        self
    }

    /// Asks for a compressed answer and decodes it. Without it no `accept-encoding` is sent.
    pub fn accept_compressed(mut self) -> Self {
        self.wire.decode = true;
        self
    }

    /// Also reports this request as a measurement of this name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.wire.name = Some(name.into());
        self
    }

    /// A setting of the host that has no method here. One that the host does not know is the error of `send`.
    pub fn extra(mut self, name: impl Into<String>, value: impl Display) -> Self {
        self.wire.extra.push((name.into(), value.to_string()));
        self
    }

    /// Sends the request and waits for the response, of whatever status.
    ///
    /// # Errors
    ///
    /// If there is no response; see [`Error`].
    pub fn send(self) -> Result<Response> {
        exchange::send(self)
    }

    /// What crosses to the host, and the way it takes there.
    pub(crate) fn into_parts(self) -> Result<(wire::Request, Option<&'c dyn Route>)> {
        match self.problem {
            Some(problem) => Err(problem),
            None => Ok((self.wire, self.route)),
        }
    }

    fn content_type(self, value: &str) -> Self {
        let given = self
            .wire
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if given {
            self
        } else {
            self.header("content-type", value)
        }
    }
}
