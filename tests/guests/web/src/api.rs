//! Requests by `wasi:http`, as its interfaces are.

use wasip2::http::outgoing_handler;
use wasip2::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingResponse, Method, OutgoingBody,
    OutgoingRequest, RequestOptions, Scheme,
};
use wasip2::io::streams::StreamError;

/// What is asked for.
pub(crate) struct Ask {
    pub(crate) method: Method,
    url: String,
    pub(crate) headers: Vec<(&'static str, Vec<u8>)>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) options: Option<RequestOptions>,
}

/// A whole answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        let header = self.headers.iter().find(|(known, _)| known == name);
        header.map(|(_, value)| value.as_slice())
    }
}

/// A request under way.
pub(crate) struct Begun(pub(crate) FutureIncomingResponse);

impl Ask {
    pub(crate) fn new(method: Method, url: &str) -> Ask {
        Ask {
            method,
            url: url.to_owned(),
            headers: Vec::new(),
            body: None,
            options: None,
        }
    }

    pub(crate) fn send(self) -> Result<Answer, ErrorCode> {
        self.begin()?.answer()
    }

    /// Sends the request, and its body in pieces.
    pub(crate) fn begin(self) -> Result<Begun, ErrorCode> {
        let (request, body, options) = (self.request(), self.body, self.options);
        let Some(body) = body else {
            return outgoing_handler::handle(request, options).map(Begun);
        };
        let outgoing = request.body().expect("the first time");
        let begun = outgoing_handler::handle(request, options).map(Begun)?;
        let stream = outgoing.write().expect("the first time");
        for piece in body.chunks(4096) {
            match stream.blocking_write_and_flush(piece) {
                Ok(()) => {}
                // Why is told by the answer.
                Err(StreamError::Closed) => break,
                Err(StreamError::LastOperationFailed(error)) => {
                    return Err(named(&error));
                }
            }
        }
        drop(stream);
        OutgoingBody::finish(outgoing, None)?;
        Ok(begun)
    }

    /// The request without its body.
    pub(crate) fn request(&self) -> OutgoingRequest {
        let fields = Fields::new();
        for (name, value) in &self.headers {
            fields.append(name, value).expect("an allowed header");
        }
        let request = OutgoingRequest::new(fields);
        let (scheme, rest) = self.url.split_once("://").expect("a URL");
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            other => Scheme::Other(other.to_owned()),
        };
        request.set_method(&self.method).expect("a method");
        request.set_scheme(Some(&scheme)).expect("a scheme");
        request
            .set_authority(Some(authority))
            .expect("an authority");
        request.set_path_with_query(Some(path)).expect("a path");
        request
    }
}

impl Begun {
    /// Waits for the head of the answer.
    pub(crate) fn head(self) -> Result<IncomingResponse, ErrorCode> {
        self.0.subscribe().block();
        let response = self.0.get().expect("it is there");
        response.expect("the first time")
    }

    /// Waits for the answer.
    pub(crate) fn answer(self) -> Result<Answer, ErrorCode> {
        let response = self.head()?;
        let (status, headers) = (response.status(), response.headers().entries());
        let incoming = response.consume().expect("the first time");
        let stream = incoming.stream().expect("the first time");
        let mut body = Vec::new();
        loop {
            match stream.blocking_read(64 << 10) {
                Ok(piece) => body.extend(piece),
                Err(StreamError::Closed) => break,
                Err(StreamError::LastOperationFailed(error)) => return Err(named(&error)),
            }
        }
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

fn named(error: &wasip2::io::error::Error) -> ErrorCode {
    wasip2::http::types::http_error_code(error)
        .unwrap_or_else(|| ErrorCode::InternalError(Some(error.to_debug_string())))
}
