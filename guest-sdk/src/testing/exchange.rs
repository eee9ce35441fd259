//! Requests and answers in a test.

use std::time::Duration;

use super::state;
use crate::clock::nanos;
use crate::host::wire;
use crate::http::{Error, Phase, url};

/// A request as the operation sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The method.
    pub method: String,
    /// The absolute URL, with its query.
    pub url: String,
    /// Names and values in the order they are sent.
    pub headers: Vec<(String, String)>,
    /// The body; empty where there is none.
    pub body: Vec<u8>,
    /// The name that it is measured under.
    pub name: Option<String>,
    /// Its limit.
    pub timeout: Option<Duration>,
}

impl Request {
    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// The body as text. What is not UTF-8 in it becomes U+FFFD.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn of(request: &wire::Request, url: &str) -> Request {
        Request {
            method: request.method.clone(),
            url: url.to_owned(),
            headers: request.headers.clone(),
            body: request.body.clone().unwrap_or_default(),
            name: request.name.clone(),
            timeout: request.timeout.map(Duration::from_nanos),
        }
    }
}

/// What the test answers to a request: a response, or an error instead.
#[derive(Debug, Clone)]
pub struct Answer {
    result: Result<(u16, Vec<u8>), Error>,
    headers: Vec<(String, String)>,
    takes: Duration,
}

impl Answer {
    /// A response with this status and an empty body.
    pub fn new(status: u16) -> Answer {
        Answer {
            result: Ok((status, Vec::new())),
            headers: Vec::new(),
            takes: Duration::ZERO,
        }
    }

    /// No response.
    pub fn error(error: Error) -> Answer {
        Answer {
            result: Err(error),
            headers: Vec::new(),
            takes: Duration::ZERO,
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Answer {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Answer {
        if let Ok((_, old)) = &mut self.result {
            *old = body.into();
        }
        self
    }

    /// A JSON body, as `json!` makes it, with its content type.
    #[cfg(feature = "json")]
    #[must_use]
    pub fn json(self, value: &serde_json::Value) -> Answer {
        self.header("content-type", "application/json")
            .body(value.to_string())
    }

    /// How long the answer takes on the virtual clock. Longer than the limit of the request, and it is a timeout.
    #[must_use]
    pub fn after(mut self, time: Duration) -> Answer {
        self.takes = time;
        self
    }
}

impl From<u16> for Answer {
    fn from(status: u16) -> Answer {
        Answer::new(status)
    }
}

impl<B: Into<Vec<u8>>> From<(u16, B)> for Answer {
    fn from((status, body): (u16, B)) -> Answer {
        Answer::new(status).body(body)
    }
}

impl From<Error> for Answer {
    fn from(error: Error) -> Answer {
        Answer::error(error)
    }
}

/// What the host keeps of a response, to be asked for by its id.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) total: u64,
    pub(crate) reused: bool,
}

impl Stored {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        first(&self.headers, name).map(str::to_owned)
    }
}

/// Does what gorgon does with a request, on the virtual clock.
pub(crate) fn send(request: &wire::Request) -> Result<wire::Response, wire::Error> {
    let started = state::with(|state| state.now);
    let result = exchange(request, started);
    state::with(|state| {
        if let Some(name) = &request.name {
            state.samples.push((name.clone(), state.now - started));
        }
    });
    result
}

fn exchange(request: &wire::Request, started: u64) -> Result<wire::Response, wire::Error> {
    let mut request = request.clone();
    let mut followed = 0;
    loop {
        let url = request.url.clone();
        let answer = ask(Request::of(&request, &url));
        let deadline = request.timeout.map(|limit| started.saturating_add(limit));
        if !advance(nanos(answer.takes), deadline) {
            return Err(wire::Error::Timeout(wire::Phase::Wait));
        }
        let (status, body) = answer.result.map_err(on_the_wire)?;
        let location = first(&answer.headers, "location")
            .filter(|_| (300..400).contains(&status) && status != 304);
        let Some(location) = location.filter(|_| followed < request.redirects) else {
            return Ok(store(&request, status, body, answer.headers, started));
        };
        request.url = url::resolve(&url, location);
        if status == 303 || request.method == "POST" && matches!(status, 301 | 302) {
            request.method = "GET".into();
            request.body = None;
        }
        followed += 1;
    }
}

/// The answer of the test. The closure is out of the state meanwhile, because it may use the SDK itself.
fn ask(request: Request) -> Answer {
    let responder = state::with(|state| {
        state.requests.push(request.clone());
        state.responder.take()
    });
    let Some(mut responder) = responder else {
        return Answer::error(Error::Connect(
            "this test answers no requests: use `Host::respond`".into(),
        ));
    };
    let answer = responder(&request);
    state::with(|state| state.responder = Some(responder));
    answer
}

/// Advances the clock by `nanos`, but not past the deadline. False if the deadline came first.
fn advance(nanos: u64, deadline: Option<u64>) -> bool {
    state::with(|state| {
        let end = state.now.saturating_add(nanos);
        state.now = deadline.map_or(end, |deadline| end.min(deadline));
        deadline.is_none_or(|deadline| end <= deadline)
    })
}

fn store(
    request: &wire::Request,
    status: u16,
    mut body: Vec<u8>,
    headers: Vec<(String, String)>,
    started: u64,
) -> wire::Response {
    let body_size = u64::try_from(body.len()).unwrap_or(u64::MAX);
    match request.body_mode {
        wire::BodyMode::Full => {}
        wire::BodyMode::Discard => body.clear(),
        wire::BodyMode::First(limit) => body.truncate(usize::try_from(limit).unwrap_or(usize::MAX)),
    }
    state::with(|state| {
        let id = u32::try_from(state.responses.len()).unwrap_or(u32::MAX);
        let reused = id > 0;
        state.responses.push(Stored {
            headers,
            total: state.now - started,
            reused,
        });
        wire::Response {
            id,
            status,
            body,
            body_size,
        }
    })
}

fn first<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn on_the_wire(error: Error) -> wire::Error {
    match error {
        Error::InvalidRequest(text) => wire::Error::InvalidRequest(text),
        Error::Denied(text) => wire::Error::Denied(text),
        Error::Dns(text) => wire::Error::Dns(text),
        Error::Connect(text) => wire::Error::Connect(text),
        Error::Tls(text) => wire::Error::Tls(text),
        Error::Timeout(phase) => wire::Error::Timeout(phase_on_the_wire(phase)),
        Error::Closed(phase) => wire::Error::Closed(phase_on_the_wire(phase)),
        Error::TooLarge(limit) => wire::Error::TooLarge(limit),
        Error::Protocol(text) => wire::Error::Protocol(text),
        Error::Decode(text) => wire::Error::Decode(text),
        Error::Stopped => wire::Error::Stopped,
        // No host says these two: they are found in the sandbox, in a response.
        Error::Status(_) | Error::Json(_) => wire::Error::Other(error.to_string()),
        Error::Other(text) => wire::Error::Other(text),
    }
}

fn phase_on_the_wire(phase: Phase) -> wire::Phase {
    match phase {
        Phase::Blocked => wire::Phase::Blocked,
        Phase::Dns => wire::Phase::Dns,
        Phase::Connect => wire::Phase::Connect,
        Phase::Tls => wire::Phase::Tls,
        Phase::Send => wire::Phase::Send,
        Phase::Wait => wire::Phase::Wait,
        Phase::Receive => wire::Phase::Receive,
        Phase::Other => wire::Phase::Other,
    }
}
