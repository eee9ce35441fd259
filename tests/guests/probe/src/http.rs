//! The whole client, one thing at a time, against `--set url=…`. `--set step=…` picks it:
//!
//! | `step` | request | tag |
//! |---|---|---|
//! | `get` | a plain GET | the status |
//! | `number` | GET with `?number=` | the status |
//! | `post` | POST with a JSON body and a header `x-number` | the status |
//! | `text` | GET | the body |
//! | `size` | GET, the body discarded | its size |
//! | `first` | GET, 4 bytes of the body | those and the size of all |
//! | `header` | GET | the header `header`, or `no header` |
//! | `headers` | GET, all headers to the log | how many there are |
//! | `timings` | GET, named `named`; the phases to the log | `kept` or `fresh`, for the connection |
//! | `version` | GET | the version |
//! | `redirects` | GET, following `redirects` (5) | the status |
//! | `timeout` | GET with the limit `limit` (1 s) | the status |
//! | `compressed` | GET, asking for compression | the size of the decoded body |
//! | `all` | `count` (3) GETs at once | the statuses with `+` between them |
//! | `cookies` | GET of `url`, then of `then`, with one jar | the body of the second |
//! | `retry` | GET, retried `times` (3) | the attempts |
//! | `late` | asks for a header of the first response in later calls | never: it traps |
//!
//! Without a response the call fails with the short tag of the error.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gorgon_sdk::http::{self, Client, Response, Retry};
use gorgon_sdk::{Failure, IntoTag, Result, Tag, context, json, log};

pub(crate) fn probe(number: u64) -> Result {
    let url = context::required("url")?;
    match context::required("step")?.as_str() {
        "get" => Ok(http::get(url).send()?.into_tag()),
        "number" => Ok(http::get(url)
            .query("number", number)
            .discard_body()
            .send()?
            .into_tag()),
        "post" => {
            let body = json!({"number": number, "item": "book", "quantity": 1});
            Ok(http::post(url)
                .json(&body)
                .header("x-number", number)
                .send()?
                .into_tag())
        }
        "text" => Ok(Tag::ok(http::get(url).send()?.text().into_owned())),
        "size" => Ok(Tag::ok(
            http::get(url)
                .discard_body()
                .send()?
                .body_size()
                .to_string(),
        )),
        "first" => {
            let response = http::get(url).first_bytes(4).send()?;
            Ok(Tag::ok(format!(
                "{} of {}",
                response.text(),
                response.body_size()
            )))
        }
        "header" => {
            let name = context::parameter("header").unwrap_or_else(|| "content-type".into());
            Ok(http::get(url)
                .send()?
                .header(&name)
                .map_or(Tag::fail("no header"), Tag::ok))
        }
        "headers" => Ok(headers(&http::get(url).send()?)),
        "timings" => Ok(timings(&http::get(url).name("named").send()?)),
        "version" => Ok(Tag::ok(http::get(url).send()?.version())),
        "redirects" => Ok(http::get(url)
            .follow_redirects(context::parameter_or("redirects", 5)?)
            .send()?
            .into_tag()),
        "timeout" => {
            let limit = context::parameter_or("limit", Duration::from_secs(1))?;
            Ok(http::get(url).timeout(limit).send()?.into_tag())
        }
        "compressed" => Ok(Tag::ok(
            http::get(url)
                .accept_compressed()
                .send()?
                .bytes()
                .len()
                .to_string(),
        )),
        "all" => all(&url),
        "cookies" => cookies(&url),
        "retry" => {
            let retry = Retry::times(context::parameter_or("times", 3)?)
                .first_wait(Duration::from_millis(10));
            Ok(Tag::ok(
                Client::new()
                    .retry(retry)
                    .get(url)
                    .send()?
                    .attempts()
                    .to_string(),
            ))
        }
        "late" => late(&url),
        other => {
            Err(Failure::new("bad-parameter:step").because(format!("there is no step `{other}`")))
        }
    }
}

fn headers(response: &Response) -> Tag {
    let headers = response.headers();
    for (name, value) in &headers {
        log::info!("{name}: {value}");
    }
    Tag::ok(headers.len().to_string())
}

fn timings(response: &Response) -> Tag {
    log::info!("{:?}", response.timings());
    Tag::ok(if response.reused() { "kept" } else { "fresh" })
}

fn all(url: &str) -> Result {
    let count = context::parameter_or("count", 3_usize)?;
    let mut statuses = Vec::new();
    for result in http::send_all(std::iter::repeat_n(http::get(url), count)) {
        statuses.push(result?.status().to_string());
    }
    Ok(Tag::ok(statuses.join("+")))
}

fn cookies(url: &str) -> Result {
    let client = Client::new().cookies().follow_redirects(5);
    client.get(url).send()?;
    Ok(Tag::ok(
        client
            .get(context::required("then")?)
            .send()?
            .text()
            .into_owned(),
    ))
}

/// A response does not outlive its call: the host ends a call that asks for one of an earlier call.
fn late(url: &str) -> Result {
    static KEPT: Mutex<Option<Response>> = Mutex::new(None);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(response) = kept.as_ref() {
        return Ok(Tag::fail(response.version()));
    }
    *kept = Some(http::get(url).send()?);
    Ok(Tag::ok("kept"))
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::testing::{Answer, Host};

    use super::*;

    #[test]
    fn each_step_has_the_tag_that_is_documented() {
        #[track_caller]
        fn check(step: &str, tag: Tag) {
            let answer = Answer::new(200)
                .header("content-type", "text/plain")
                .body("0123456789");
            let host = Host::new()
                .parameter("url", "http://a/")
                .parameter("then", "http://a/b");
            let call = host
                .parameter("step", step)
                .respond(move |_| answer.clone())
                .run(|| probe(17));
            assert_eq!(call.tag(), &tag, "{step}");
        }
        check("get", Tag::ok("200"));
        check("number", Tag::ok("200"));
        check("post", Tag::ok("200"));
        check("text", Tag::ok("0123456789"));
        check("size", Tag::ok("10"));
        check("first", Tag::ok("0123 of 10"));
        check("header", Tag::ok("text/plain"));
        check("headers", Tag::ok("1"));
        check("timings", Tag::ok("fresh"));
        check("version", Tag::ok("HTTP/1.1"));
        check("redirects", Tag::ok("200"));
        check("timeout", Tag::ok("200"));
        check("compressed", Tag::ok("10"));
        check("all", Tag::ok("200+200+200"));
        check("cookies", Tag::ok("0123456789"));
        check("retry", Tag::ok("1"));
        check("late", Tag::ok("kept"));
        check("backwards", Tag::fail("bad-parameter:step"));
    }

    #[test]
    fn without_a_response_the_error_is_the_tag() {
        let call = Host::new()
            .parameter("url", "http://a/")
            .parameter("step", "get")
            .run(|| probe(0));
        assert_eq!(call.tag(), &Tag::fail("connect"));
    }
}
