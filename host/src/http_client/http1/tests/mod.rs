//! HTTP/1.1 over streams that do exactly what a test says, one poll at a time: no sockets, no runtime, no time.

mod chunks;
mod corpus;
mod differences;
mod grammar;
mod heads;
mod reading;
mod reference;
mod script;
mod sending;

use bytes::Bytes;
use http::HeaderValue;

use super::super::connection::{Connection, Failure};
use super::super::error::Error;
use super::super::request::{self, Outgoing, Request};
use super::super::target::Target;
use super::Http1;
use crate::policy::Policy;
use script::{Script, drive};

/// What comes of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Answer(Answer),
    /// An error, and whether the message may be sent elsewhere.
    Failed {
        error: Error,
        unsent: bool,
    },
    /// It waits for what does not come.
    Waits,
}

/// An answer and what may follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    status: u16,
    /// Sorted by name, in lower case; of one name in their order.
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    /// True if the connection would serve again.
    reusable: bool,
}

/// A request prepared as the client does it.
fn prepared(mut request: Request) -> Outgoing {
    let target = Target::parse(&request.url, &Policy::default()).expect("admitted");
    request::outgoing(&mut request, target, &HeaderValue::from_static("gorgon")).expect("sound")
}

fn get() -> Outgoing {
    prepared(Request::get("http://127.0.0.1/"))
}

fn head() -> Outgoing {
    prepared(Request {
        method: "HEAD".to_owned(),
        ..Request::get("http://127.0.0.1/")
    })
}

fn post(body: Vec<u8>) -> Outgoing {
    prepared(Request {
        method: "POST".to_owned(),
        body: Some(Bytes::from(body)),
        ..Request::get("http://127.0.0.1/")
    })
}

/// Performs one exchange, and looks whether the connection could be used again.
fn exchange(link: &mut Http1<Script>, outgoing: &Outgoing) -> Outcome {
    drive(async {
        let head = match link.ask(outgoing).await {
            Ok(head) => head,
            Err(Failure::Unsent(error)) => return failed(error, true),
            Err(Failure::Failed(error)) => return failed(error, false),
        };
        let mut body = Vec::new();
        loop {
            match link.piece().await {
                Ok(Some(piece)) => body.extend_from_slice(piece),
                Ok(None) => break,
                Err(error) => return failed(error, false),
            }
        }
        let is_kept = link.finish();
        // It is looked at when all that comes has come.
        link.stream.settle();
        let reusable = is_kept && link.check(std::time::Duration::ZERO).await;
        let mut headers: Vec<_> = head
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_vec()))
            .collect();
        headers.sort_by(|(one, _), (other, _)| one.cmp(other));
        Outcome::Answer(Answer {
            status: head.status.as_u16(),
            headers,
            body,
            reusable,
        })
    })
    .unwrap_or(Outcome::Waits)
}

fn failed(error: Error, unsent: bool) -> Outcome {
    Outcome::Failed { error, unsent }
}
