//! What `wasi:http` forbids, one thing at a time. `--set what=…` picks it:
//!
//! | `what` | what is tried |
//! |---|---|
//! | `short`, `long` | a body of 3 and of 7 bytes with a content-length of 5 |
//! | `unfinished` | a body of 3 bytes that is let go of, without a length |
//! | `short-unfinished` | the same with a content-length of 5 |
//! | `no-body` | a content-length of 5 without a body |
//! | `two-lengths`, `plus-length` | a second content-length, one of `+5` |
//! | `header` | the header `name` |
//! | `many-headers` | a header 1,100 times |
//! | `endless-headers` | headers without end |
//! | `connect` | the method CONNECT |
//! | `user` | a user name in the URL |
//! | `other-host` | a path that is a URL |
//! | `trailers` | trailers |
//! | `endless-method`, `endless-authority` | one of a million bytes |

use gorgon_sdk::{Failure, Result, Tag, context};
use wasip2::http::outgoing_handler;
use wasip2::http::types::{ErrorCode, Fields, HeaderError, Method, OutgoingBody};

use crate::api::{Ask, Begun};
use crate::fail;

pub(crate) fn misuse(what: &str) -> Result {
    let url = context::required("url")?;
    let post = || Ask::new(Method::Post, &url);
    match what {
        "short" => Err(body(with_length(post()), b"abc", true)),
        "long" => Err(body(with_length(post()), b"abcdefg", true)),
        "unfinished" => Err(body(post(), b"abc", false)),
        "short-unfinished" => Err(body(with_length(post()), b"abc", false)),
        "no-body" => outcome(with_length(post())),
        "two-lengths" => header(&[("content-length", "5"), ("content-length", "6")]),
        "plus-length" => header(&[("content-length", "+5")]),
        "header" => header(&[(context::required("name")?.as_str(), "x")]),
        "many-headers" => {
            let mut ask = Ask::new(Method::Get, &url);
            ask.headers = vec![("x", b"y".to_vec()); 1_100];
            outcome(ask)
        }
        "endless-headers" => {
            let fields = Fields::new();
            for index in 0_u64.. {
                fields
                    .append(&format!("x-{index}"), &[b'y'; 100])
                    .map_err(header_error)?;
            }
            Ok(Tag::ok("an end"))
        }
        "connect" => outcome(Ask::new(Method::Connect, &url)),
        "user" => outcome(Ask::new(
            Method::Get,
            &url.replace("://", "://user:secret@"),
        )),
        "endless-method" => {
            let request = Ask::new(Method::Get, &url).request();
            set(request.set_method(&Method::Other("X".repeat(1_000_000))))
        }
        "endless-authority" => {
            let request = Ask::new(Method::Get, &url).request();
            set(request.set_authority(Some(&"x".repeat(1_000_000))))
        }
        "other-host" => {
            let request = Ask::new(Method::Get, &url).request();
            set(request.set_path_with_query(Some("http://elsewhere.example/")))
        }
        "trailers" => trailers(&post()),
        other => Err(Failure::new("bad-parameter:what").because(other.to_owned())),
    }
}

fn with_length(mut ask: Ask) -> Ask {
    ask.headers.push(("content-length", b"5".to_vec()));
    ask
}

fn outcome(ask: Ask) -> Result {
    match ask.send() {
        Ok(answer) => Ok(Tag::ok(answer.status.to_string())),
        Err(code) => Err(fail(code)),
    }
}

/// Writes a body and finishes it or lets go of it. Returns what the one and then the other end says, which is to be the
/// same.
fn body(ask: Ask, bytes: &[u8], finish: bool) -> Failure {
    let request = ask.request();
    let outgoing = request.body().expect("the first time");
    let begun = match outgoing_handler::handle(request, None) {
        Ok(begun) => Begun(begun),
        Err(code) => return fail(code),
    };
    let stream = outgoing.write().expect("the first time");
    // A body that is too long is refused here or later.
    let _ = stream.blocking_write_and_flush(bytes);
    drop(stream);
    let finished = if finish {
        OutgoingBody::finish(outgoing, None)
    } else {
        drop(outgoing);
        Ok(())
    };
    match (finished, begun.answer()) {
        (_, Ok(answer)) => Failure::new(format!("answered:{}", answer.status)),
        (Ok(()), Err(code)) => fail(code),
        (Err(one), Err(other)) if format!("{one:?}") == format!("{other:?}") => fail(one),
        (Err(one), Err(other)) => Failure::new(format!("{one:?} and {other:?}")),
    }
}

/// Whether something of a request could be set.
fn set(done: std::result::Result<(), ()>) -> Result {
    match done {
        Ok(()) => Ok(Tag::ok("allowed")),
        Err(()) => Err(Failure::new("refused")),
    }
}

fn header(headers: &[(&str, &str)]) -> Result {
    let fields = Fields::new();
    for (name, value) in headers {
        fields
            .append(name, value.as_bytes())
            .map_err(header_error)?;
    }
    Ok(Tag::ok("allowed"))
}

fn header_error(error: HeaderError) -> Failure {
    Failure::new(match error {
        HeaderError::InvalidSyntax => "invalid",
        HeaderError::Forbidden => "forbidden",
        HeaderError::Immutable => "immutable",
    })
}

fn trailers(ask: &Ask) -> Result {
    let request = ask.request();
    let outgoing = request.body().expect("the first time");
    let begun = Begun(outgoing_handler::handle(request, None).map_err(fail)?);
    let fields = Fields::new();
    fields.append("x-checksum", b"1").map_err(header_error)?;
    let finished: std::result::Result<(), ErrorCode> = OutgoingBody::finish(outgoing, Some(fields));
    finished.map_err(fail)?;
    let answer = begun.answer().map_err(fail)?;
    Ok(Tag::ok(answer.status.to_string()))
}
