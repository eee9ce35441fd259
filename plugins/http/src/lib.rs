//! Sends one request per call; its status is the tag.
//!
//! | parameter | meaning | without it |
//! |---|---|---|
//! | `url` | where to | an error |
//! | `method` | `GET`, `POST` or another | `POST` with a body, `GET` without |
//! | `header.NAME` | a header, as often as there are names | none |
//! | `body` | the body | none |
//! | `status` | the status that a call has to answer with | any below 400 |
//!
//! `{number}` and `{item}` in the URL, the values of headers and the body become the number and the item of the call.

use std::sync::OnceLock;

use gorgon_sdk::{Failure, Result, Tag, context, http};

/// The parameters, which are the same for every call and thus read once per instance.
static PLAN: OnceLock<Result<Plan>> = OnceLock::new();

#[gorgon_sdk::operation]
fn run(number: u64) -> Result {
    PLAN.get_or_init(Plan::read)
        .as_ref()
        .map_err(Clone::clone)?
        .perform(number)
}

/// What to send, before the number and the item are put in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Plan {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    status: Option<u16>,
}

impl Plan {
    fn read() -> Result<Plan> {
        // A request that is not the one that was meant measures nothing.
        let known = ["url", "method", "body", "status"];
        let is_known = |name: &str| known.contains(&name) || name.starts_with("header.");
        if let Some((unknown, _)) = context::parameters()
            .into_iter()
            .find(|(name, _)| !is_known(name))
        {
            let names = "url, method, body, status and header.NAME";
            return Err(
                Failure::new(format!("bad-parameter:{unknown}")).because(format!(
                    "there is no parameter `{unknown}`: known are {names}"
                )),
            );
        }
        let body = context::parameter("body");
        let default_method = if body.is_some() { "POST" } else { "GET" };
        let header = |(name, value): (String, String)| {
            Some((name.strip_prefix("header.")?.to_owned(), value))
        };
        Ok(Plan {
            method: context::parameter("method").unwrap_or_else(|| default_method.into()),
            url: context::required("url")?,
            headers: context::parameters()
                .into_iter()
                .filter_map(header)
                .collect(),
            body,
            status: context::parameter_as("status")?,
        })
    }

    fn perform(&self, number: u64) -> Result {
        let item = context::item_str();
        let texts = self
            .headers
            .iter()
            .map(|(_, value)| value)
            .chain([&self.url])
            .chain(&self.body);
        if item.is_none() && texts.into_iter().any(|text| text.contains("{item}")) {
            return Err(Failure::new("missing-item")
                .because("`{item}` stands for nothing: the run has no items"));
        }
        let item = item.unwrap_or_default();
        let fill = |text: &str| fill(text, number, &item);
        let mut request = http::request(self.method.clone(), fill(&self.url)).discard_body();
        for (name, value) in &self.headers {
            request = request.header(name, fill(value));
        }
        if let Some(body) = &self.body {
            request = request.body(fill(body));
        }
        let status = request.send()?.status();
        let is_expected = self
            .status
            .map_or(status < 400, |expected| status == expected);
        Ok(if is_expected {
            Tag::ok(status.to_string())
        } else {
            Tag::fail(status.to_string())
        })
    }
}

/// The text with its `{number}` and `{item}` replaced, in one pass: what stands in an item is not replaced again.
fn fill(text: &str, number: u64, item: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some(after) = rest.strip_prefix("{number}") {
            filled.push_str(&number.to_string());
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{item}") {
            filled.push_str(item);
            rest = after;
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::testing::{Call, Host};

    use super::*;

    /// Through a plan of its own rather than through `run`, which keeps the first it has read.
    fn call(parameters: &[(&str, &str)], status: u16) -> Call {
        let host = Host::new().item("a{number}").respond(move |_| status);
        let host = parameters
            .iter()
            .fold(host, |host, (name, value)| host.parameter(*name, *value));
        host.run(|| Plan::read()?.perform(17))
    }

    #[test]
    fn a_url_is_enough() {
        let call = call(&[("url", "http://shop/")], 200);
        assert_eq!(call.tag(), &Tag::ok("200"));
        assert_eq!(
            (
                call.requests()[0].method.as_str(),
                call.requests()[0].body.len()
            ),
            ("GET", 0)
        );
    }

    #[test]
    fn everything_that_is_set_is_sent() {
        let parameters = [
            ("url", "http://shop/{number}/{item}?{other}"),
            ("header.x-number", "n{number}"),
            ("header.accept", "*/*"),
            ("body", "{\"item\": \"{item}\"}"),
        ];
        let call = call(&parameters, 201);
        let request = &call.requests()[0];
        assert_eq!(request.method, "POST");
        assert_eq!(request.url, "http://shop/17/a{number}?{other}");
        assert_eq!(
            (request.header("x-number"), request.header("accept")),
            (Some("n17"), Some("*/*"))
        );
        assert_eq!(request.text(), "{\"item\": \"a{number}\"}");
    }

    #[test]
    fn the_method_may_be_set() {
        let call = call(
            &[("url", "http://shop/"), ("body", ""), ("method", "PURGE")],
            200,
        );
        assert_eq!(call.requests()[0].method, "PURGE");
    }

    #[test]
    fn the_status_decides() {
        #[track_caller]
        fn check(expected: Option<&str>, status: u16, tag: Tag) {
            let mut parameters = vec![("url", "http://shop/")];
            parameters.extend(expected.map(|expected| ("status", expected)));
            assert_eq!(call(&parameters, status).tag(), &tag);
        }
        check(None, 399, Tag::ok("399"));
        check(None, 400, Tag::fail("400"));
        check(Some("404"), 404, Tag::ok("404"));
        check(Some("404"), 200, Tag::fail("200"));
        check(Some("ok"), 200, Tag::fail("bad-parameter:status"));
    }

    #[test]
    fn what_cannot_be_sent_fails_with_its_reason() {
        assert_eq!(
            Host::new().run(|| run(0)).tag(),
            &Tag::fail("missing-parameter:url")
        );
        let refused = Host::new()
            .parameter("url", "http://shop/")
            .run(|| Plan::read()?.perform(0));
        assert_eq!(refused.tag(), &Tag::fail("connect"));
    }

    #[test]
    fn a_parameter_that_is_none_is_named() {
        let call = call(&[("url", "http://host/"), ("methd", "POST")], 200);
        assert_eq!(call.tag(), &Tag::fail("bad-parameter:methd"));
        assert!(call.requests().is_empty());
    }

    #[test]
    fn an_item_in_a_run_without_items_is_missed() {
        let call = Host::new()
            .parameter("url", "http://host/{item}")
            .respond(|_| 200)
            .run(|| Plan::read()?.perform(1));
        assert_eq!(call.tag(), &Tag::fail("missing-item"));
        assert!(call.requests().is_empty());
    }
}
