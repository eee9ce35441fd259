//! Uses the network without gorgon's interfaces, as guests do that know nothing of them. `--set do=…` picks what:
//!
//! | `do` | what happens | tag |
//! |---|---|---|
//! | `get` | GET of `url` | the status |
//! | `twice` | two of them, one after the other | the statuses with `+` between them |
//! | `unread` | GET of `url`, the body not asked for | the status |
//! | `size` | GET of `url` | the length of the body |
//! | `many` | `count` (3) GETs of `url` at once | how many answers have the status 200 |
//! | `post` | POST of `length` (20) bytes to `url`, the length given where `announced` is | the status |
//! | `echo` | POST to `url` with a header | what came back of body and header |
//! | `leak` | GET of `url`, nothing of which is let go of | the status |
//! | `limited` | GET of `url` within `connect`, `first`, `between` | the status |
//! | `abandon` | GET of `url` that is not waited for | `abandoned` |
//! | `misuse` | one thing that is not allowed, see [`misuse`] | the error's name |
//! | `tcp` | GET over a socket to `address` | the status |
//! | `listen`, `udp` | a socket of that kind on the loopback interface | `allowed` |
//!
//! Without an answer the call fails with the name of the error.

mod api;
mod misuse;
mod socket;

use std::time::Duration;

use gorgon_sdk::{Failure, Result, Tag, context};
use wasip2::http::types::{ErrorCode, Method, RequestOptions};

use crate::api::{Answer, Ask};

#[gorgon_sdk::operation]
fn run(number: u64) -> Result {
    match context::required("do")?.as_str() {
        "get" => status(get()?.send()),
        "twice" => {
            let (first, second) = (get()?.send(), get()?.send());
            let statuses = [first.map_err(fail)?, second.map_err(fail)?];
            Ok(joined(&statuses))
        }
        "unread" => match get()?.begin().and_then(|begun| begun.head()) {
            Ok(response) => Ok(tag(response.status())),
            Err(code) => Err(fail(code)),
        },
        "leak" => match get()?.begin().and_then(|begun| begun.head()) {
            Ok(response) => {
                let status = response.status();
                std::mem::forget((response.headers(), response.consume(), response));
                Ok(tag(status))
            }
            Err(code) => Err(fail(code)),
        },
        "size" => {
            let answer = get()?.send().map_err(fail)?;
            Ok(Tag::ok(answer.body.len().to_string()))
        }
        "many" => many(),
        "post" => post(),
        "echo" => echo(number),
        "limited" => {
            let mut ask = get()?;
            ask.options = Some(limits()?);
            status(ask.send())
        }
        "abandon" => {
            drop(get()?.begin().map_err(fail)?);
            Ok(Tag::ok("abandoned"))
        }
        "misuse" => misuse::misuse(&context::required("what")?),
        "tcp" => socket::tcp(&context::required("address")?),
        "listen" => socket::listen(),
        "udp" => socket::udp(),
        other => Err(Failure::new("bad-parameter:do")
            .because(format!("there is nothing to do for `{other}`"))),
    }
}

fn get() -> Result<Ask> {
    Ok(Ask::new(Method::Get, &context::required("url")?))
}

fn many() -> Result {
    let count: usize = context::parameter_or("count", 3)?;
    let mut begun = Vec::new();
    for _ in 0..count {
        begun.push(get()?.begin().map_err(fail)?);
    }
    let mut good = 0;
    for one in begun {
        good += u64::from(one.answer().map_err(fail)?.status == 200);
    }
    Ok(Tag::ok(good.to_string()))
}

fn post() -> Result {
    let length: usize = context::parameter_or("length", 20)?;
    let mut ask = Ask::new(Method::Post, &context::required("url")?);
    if let Some(announced) = context::parameter("announced") {
        ask.headers.push(("content-length", announced.into_bytes()));
    }
    ask.body = Some(vec![b'x'; length]);
    status(ask.send())
}

fn echo(number: u64) -> Result {
    let mut ask = Ask::new(Method::Post, &context::required("url")?);
    let value = number.to_string();
    ask.headers.push(("x-number", value.clone().into_bytes()));
    ask.body = Some(format!("the number is {value}").into_bytes());
    let answer = ask.send().map_err(fail)?;
    let echoed = String::from_utf8_lossy(&answer.body);
    let parts = [
        ("method", echoed.contains("\"POST\"")),
        ("body", echoed.contains(&format!("the number is {value}"))),
        (
            "header",
            echoed.contains("x-number") && echoed.contains(&format!("\"{value}\"")),
        ),
        (
            "json",
            answer
                .header("content-type")
                .is_some_and(|kind| kind.starts_with(b"application/json")),
        ),
    ];
    let came: Vec<_> = parts
        .iter()
        .filter(|(_, came)| *came)
        .map(|(part, _)| *part)
        .collect();
    Ok(Tag::ok(came.join("+")))
}

fn limits() -> Result<RequestOptions> {
    let options = RequestOptions::new();
    let limit = |name: &str| -> Result<Option<u64>> {
        if context::parameter(name).is_none() {
            return Ok(None);
        }
        let limit: Duration = context::parameter_or(name, Duration::ZERO)?;
        Ok(Some(limit.as_nanos() as u64))
    };
    let unsupported = |()| Failure::new("unsupported");
    options
        .set_connect_timeout(limit("connect")?)
        .map_err(unsupported)?;
    options
        .set_first_byte_timeout(limit("first")?)
        .map_err(unsupported)?;
    options
        .set_between_bytes_timeout(limit("between")?)
        .map_err(unsupported)?;
    Ok(options)
}

fn status(answer: std::result::Result<Answer, ErrorCode>) -> Result {
    Ok(tag(answer.map_err(fail)?.status))
}

fn tag(status: u16) -> Tag {
    if status < 400 {
        Tag::ok(status.to_string())
    } else {
        Tag::fail(status.to_string())
    }
}

fn joined(answers: &[Answer]) -> Tag {
    let statuses: Vec<_> = answers
        .iter()
        .map(|answer| answer.status.to_string())
        .collect();
    Tag::ok(statuses.join("+"))
}

/// The name of an error, without its details.
fn fail(code: ErrorCode) -> Failure {
    let text = format!("{code:?}");
    let name = text.trim_start_matches("ErrorCode::");
    let end = name
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(name.len());
    Failure::new(name[..end].to_owned()).because(text.clone())
}
