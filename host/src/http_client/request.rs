//! What a caller asks for, and its translation into what is sent.
//!
//! Everything that could make a request unsendable is found here, before a connection is touched.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{self, HeaderName, HeaderValue};

use super::error::{Error, shown};
use super::target::Target;

/// The most headers that a request may bring. No server takes more, and the map they are kept in panics at 32,768.
pub const HEADERS_MAX: usize = 1000;

/// What to do with the body of an answer. All of it is received and counted in every mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BodyMode {
    /// Hand it over; more than the limit is [`Error::TooLarge`].
    #[default]
    Full,
    /// Drop it.
    Discard,
    /// Hand over at most that many bytes of its beginning, and never more than the limit.
    First(u32),
}

/// A request, unchecked.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `POST` or another token.
    pub method: String,
    /// `http://` or `https://`, absolute.
    pub url: String,
    /// Names and values, sent in this order and without change. What frames the message or belongs to the connection is
    /// the client's to set.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body; sent with its length.
    pub body: Option<Bytes>,
    /// What to do with the body of the answer.
    pub body_mode: BodyMode,
    /// Ask for compressed answers and hand over the decoded body.
    pub decode: bool,
    /// How many redirects to follow; 0 hands the 3xx answer over, one too many is an [`Error::Other`].
    pub redirects: u32,
    /// The limit for everything, redirects and body included.
    pub timeout: Option<Duration>,
    /// The limit for each wait for more of the answer's body.
    pub between_bytes: Option<Duration>,
    /// Rarely needed settings by name: `connect-timeout` (look-up, TCP and TLS together) and `first-byte-timeout` (from
    /// the request sent to the first byte of the answer), in nanoseconds.
    pub extra: Vec<(String, String)>,
}

impl Request {
    /// A GET without headers or limits whose body is handed over.
    pub fn get(url: impl Into<String>) -> Request {
        Request {
            method: "GET".to_owned(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            body_mode: BodyMode::Full,
            decode: false,
            redirects: 0,
            timeout: None,
            between_bytes: None,
            extra: Vec::new(),
        }
    }
}

/// The time limits of a request; none of them is zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) total: Option<Duration>,
    pub(super) connect: Option<Duration>,
    pub(super) first_byte: Option<Duration>,
    pub(super) between_bytes: Option<Duration>,
}

/// A message as it goes out, in the terms that both versions of HTTP share.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) target: Arc<Target>,
    /// The caller's, in its order.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// What is added where the caller brings none.
    user_agent: Option<HeaderValue>,
    accepts_encodings: bool,
    pub(super) body: Option<Bytes>,
}

static HOST: HeaderName = header::HOST;
static USER_AGENT: HeaderName = header::USER_AGENT;
static ACCEPT_ENCODING: HeaderName = header::ACCEPT_ENCODING;
static ENCODINGS: HeaderValue = HeaderValue::from_static("gzip, deflate, br");

impl Outgoing {
    /// The header fields in the order in which they are sent, `host` first and without `content-length`, which is last.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        let user_agent = self.user_agent.iter().map(|value| (&USER_AGENT, value));
        let encodings = self
            .accepts_encodings
            .then_some((&ACCEPT_ENCODING, &ENCODINGS));
        std::iter::once((&HOST, &self.target.host))
            .chain(self.headers.iter().map(|(name, value)| (name, value)))
            .chain(user_agent)
            .chain(encodings)
    }

    /// The value of `content-length`, if it is sent. RFC 9110, 8.6: methods that expect a body say so even when there is
    /// none.
    pub(super) fn content_length(&self) -> Option<usize> {
        let expects_body = matches!(self.method, Method::POST | Method::PUT | Method::PATCH);
        match &self.body {
            Some(body) => Some(body.len()),
            None => expects_body.then_some(0),
        }
    }
}

/// Checks the limits of a request.
pub(super) fn limits(request: &Request) -> Result<Limits, Error> {
    let mut limits = Limits {
        total: request.timeout,
        between_bytes: request.between_bytes,
        ..Limits::default()
    };
    if limits.total == Some(Duration::ZERO) {
        return Err(Error::InvalidRequest(
            "a timeout of 0 leaves no time for anything".to_owned(),
        ));
    }
    for (name, value) in &request.extra {
        let limit = match name.as_str() {
            "connect-timeout" => &mut limits.connect,
            "first-byte-timeout" => &mut limits.first_byte,
            _ => {
                let known = "known are `connect-timeout` and `first-byte-timeout`";
                return Err(Error::InvalidRequest(format!(
                    "`{}` is not a setting: {known}",
                    shown(name)
                )));
            }
        };
        let digits = value.bytes().all(|b| b.is_ascii_digit());
        *limit = match value.parse::<u64>() {
            Ok(nanos) if nanos > 0 && digits => Some(Duration::from_nanos(nanos)),
            _ => {
                let value = shown(value);
                let text =
                    format!("`{name}` is not `{value}`, but a number of nanoseconds above 0");
                return Err(Error::InvalidRequest(text));
            }
        };
    }
    Ok(limits)
}

/// Checks method and headers and completes them. Takes headers and body out of the request.
pub(super) fn outgoing(
    request: &mut Request,
    target: Arc<Target>,
    user_agent: &HeaderValue,
) -> Result<Outgoing, Error> {
    let method = method(&request.method)?;
    if request.headers.len() > HEADERS_MAX {
        return Err(Error::InvalidRequest(format!(
            "there are more than {HEADERS_MAX} headers"
        )));
    }
    let mut headers = Vec::with_capacity(request.headers.len());
    for (name, value) in request.headers.drain(..) {
        headers.push(field(&name, value)?);
    }
    let brings = |wanted: &HeaderName| headers.iter().any(|(name, _)| name == wanted);
    Ok(Outgoing {
        method,
        target,
        user_agent: (!brings(&USER_AGENT)).then(|| user_agent.clone()),
        accepts_encodings: request.decode && !brings(&ACCEPT_ENCODING),
        headers,
        body: request.body.take(),
    })
}

fn method(text: &str) -> Result<Method, Error> {
    let method = Method::from_bytes(text.as_bytes())
        .map_err(|_| Error::InvalidRequest(format!("`{}` is not a method", shown(text))))?;
    if method == Method::CONNECT {
        let text = "`CONNECT` makes a tunnel and has no response to measure";
        return Err(Error::InvalidRequest(text.to_owned()));
    }
    Ok(method)
}

fn field(name: &str, value: Vec<u8>) -> Result<(HeaderName, HeaderValue), Error> {
    let invalid = |why: String| Error::InvalidRequest(why);
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| invalid(format!("`{}` is not the name of a header", shown(name))))?;
    if belongs_to_the_client(&name) {
        return Err(invalid(format!(
            "the header `{name}` is set by gorgon: leave it out"
        )));
    }
    // The value is not shown: it may be a secret.
    let value = HeaderValue::from_maybe_shared(Bytes::from(value)).map_err(|_| {
        invalid(format!(
            "the value of the header `{name}` contains a control character"
        ))
    })?;
    Ok((name, value))
}

/// Headers that frame the message or are about the connection: a guest that set them could end one message inside
/// another, or turn the connection into something that is not HTTP.
pub fn belongs_to_the_client(name: &HeaderName) -> bool {
    matches!(
        *name,
        header::HOST
            | header::CONTENT_LENGTH
            | header::TRANSFER_ENCODING
            | header::CONNECTION
            | header::UPGRADE
            | header::TE
    ) || matches!(name.as_str(), "keep-alive" | "http2-settings")
        || name.as_str().starts_with("proxy-")
}
