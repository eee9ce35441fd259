//! Requests and responses, against the test host.

use std::time::Duration;

use gorgon_sdk::http::{self, Error, Phase};
use gorgon_sdk::testing::{Answer, Host, Request};
use gorgon_sdk::{clock, json};
use serde::Deserialize;

fn method_and_url(request: &Request) -> String {
    format!("{} {}", request.method, request.url)
}

#[test]
fn a_request_is_sent_as_it_was_built() {
    let (result, call) = Host::new().respond(|_| 200).with(|| {
        http::put("http://shop/carts")
            .query("q", "a b&c")
            .query("n", 17)
            .header("x-trace", 1)
            .bearer_auth("secret")
            .json(&json!({"item": "book"}))
            .timeout(Duration::from_secs(2))
            .name("buy")
            .send()
    });
    assert_eq!(result.expect("an answer").status(), 200);
    let request = &call.requests()[0];
    assert_eq!(
        method_and_url(request),
        "PUT http://shop/carts?q=a%20b%26c&n=17"
    );
    assert_eq!(request.header("X-Trace"), Some("1"));
    assert_eq!(request.header("authorization"), Some("Bearer secret"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.text(), r#"{"item":"book"}"#);
    assert_eq!(request.timeout, Some(Duration::from_secs(2)));
    assert_eq!(call.measurements("buy").len(), 1);
}

#[test]
fn each_function_sends_its_method() {
    let (_, call) = Host::new().respond(|_| 200).with(|| {
        for request in [
            http::get("http://a"),
            http::head("http://a"),
            http::post("http://a"),
            http::put("http://a"),
            http::patch("http://a"),
            http::delete("http://a"),
            http::request("PURGE", "http://a"),
        ] {
            request.send().expect("an answer");
        }
    });
    let methods: Vec<&str> = call
        .requests()
        .iter()
        .map(|request| request.method.as_str())
        .collect();
    assert_eq!(
        methods,
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PURGE"]
    );
}

#[test]
fn a_form_and_basic_credentials_are_encoded() {
    let (_, call) = Host::new().respond(|_| 200).with(|| {
        http::post("http://a")
            .basic_auth("Aladdin", "open sesame")
            .form([("user", "a&b"), ("n", "1")])
            .send()
    });
    let request = &call.requests()[0];
    assert_eq!(request.text(), "user=a%26b&n=1");
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    // The example of RFC 7617, section 2.
    assert_eq!(
        request.header("authorization"),
        Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    );
}

#[test]
fn a_content_type_of_ones_own_is_kept() {
    let (_, call) = Host::new().respond(|_| 200).with(|| {
        http::post("http://a")
            .header("Content-Type", "application/ld+json")
            .json(&1)
            .send()
    });
    let types: Vec<_> = call.requests()[0]
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .collect();
    assert_eq!(types.len(), 1);
}

#[test]
fn a_response_is_read_as_what_it_is() {
    #[derive(Deserialize, PartialEq, Debug)]
    struct Cart {
        id: String,
        total: u32,
    }
    let answer = Answer::new(201)
        .json(&json!({"id": "c1", "total": 12}))
        .header("set-cookie", "a=1")
        .header("Set-Cookie", "b=2")
        .after(Duration::from_millis(3));
    let (_, call) = Host::new().respond(move |_| answer.clone()).with(|| {
        let response = http::get("http://a").send().expect("an answer");
        assert_eq!(
            response.json::<Cart>(),
            Ok(Cart {
                id: "c1".into(),
                total: 12
            })
        );
        assert!(response.is_success());
        assert_eq!(
            response.header("CONTENT-TYPE").as_deref(),
            Some("application/json")
        );
        assert_eq!(response.header("location"), None);
        assert_eq!(response.header_all("set-cookie"), ["a=1", "b=2"]);
        assert_eq!(response.headers().len(), 3);
        assert_eq!(response.body_size(), response.bytes().len() as u64);
        assert_eq!(response.timings().total, Duration::from_millis(3));
        assert_eq!(
            (
                response.version().as_str(),
                response.reused(),
                response.attempts()
            ),
            ("HTTP/1.1", false, 1)
        );
        assert!(matches!(response.json::<Vec<u8>>(), Err(Error::Json(_))));
        assert_eq!(
            response
                .error_for_status()
                .map(|response| response.status()),
            Ok(201)
        );
    });
    assert_eq!(call.elapsed(), Duration::from_millis(3));
}

#[test]
fn the_body_stays_outside_as_far_as_it_is_not_wanted() {
    Host::new().respond(|_| (200, "0123456789")).with(|| {
        let discarded = http::get("http://a")
            .discard_body()
            .send()
            .expect("an answer");
        assert_eq!((discarded.bytes().len(), discarded.body_size()), (0, 10));
        let cut = http::get("http://a")
            .first_bytes(4)
            .send()
            .expect("an answer");
        assert_eq!((cut.text().as_ref(), cut.body_size()), ("0123", 10));
    });
}

#[test]
fn an_error_is_typed_and_its_tag_is_short() {
    #[track_caller]
    fn check(error: Error, tag: &str) {
        let answer = error.clone();
        let (result, _) = Host::new()
            .respond(move |_| answer.clone())
            .with(|| http::get("http://a").send());
        assert_eq!(result.err(), Some(error.clone()));
        assert_eq!(error.tag(), tag);
    }
    check(Error::InvalidRequest("x".into()), "invalid-request");
    check(Error::Denied("x".into()), "denied");
    check(Error::Dns("x".into()), "dns");
    check(Error::Connect("x".into()), "connect");
    check(Error::Tls("x".into()), "tls");
    check(Error::Timeout(Phase::Wait), "timeout");
    check(Error::Closed(Phase::Receive), "closed");
    check(Error::TooLarge(7), "too-large");
    check(Error::Protocol("x".into()), "protocol");
    check(Error::Decode("x".into()), "decode");
    check(Error::Stopped, "stopped");
    check(Error::Other("x".into()), "other");
    let (refused, _) = Host::new()
        .respond(|_| 404)
        .with(|| http::get("http://a").send()?.error_for_status());
    assert_eq!(
        refused.map(|response| response.status()),
        Err(Error::Status(404))
    );
}

#[test]
fn a_limit_that_runs_out_is_a_timeout() {
    let (result, call) = Host::new()
        .respond(|_| Answer::new(200).after(Duration::from_secs(3)))
        .with(|| http::get("http://a").timeout(Duration::from_secs(1)).send());
    assert_eq!(result.err(), Some(Error::Timeout(Phase::Wait)));
    assert_eq!(call.elapsed(), Duration::from_secs(1));
}

#[test]
fn a_value_that_cannot_be_json_is_the_error_of_send() {
    let unsortable = std::collections::BTreeMap::from([(vec![1], 1)]);
    let (result, call) = Host::new()
        .respond(|_| 200)
        .with(|| http::post("http://a").json(&unsortable).send());
    assert!(matches!(result, Err(Error::InvalidRequest(_))));
    assert_eq!(call.requests(), []);
}

#[test]
fn several_requests_are_answered_in_their_order_and_take_as_long_as_the_longest() {
    let (results, call) = Host::new()
        .respond(|request| match request.url.as_str() {
            "http://a/slow" => Answer::new(200).after(Duration::from_millis(30)),
            "http://a/gone" => Answer::error(Error::Connect("refused".into())),
            _ => Answer::new(204).after(Duration::from_millis(10)),
        })
        .with(|| {
            http::send_all(["http://a/slow", "http://a/gone", "http://a/fast"].map(http::get))
        });
    let statuses: Vec<_> = results
        .iter()
        .map(|result| result.as_ref().map(|response| response.status()).ok())
        .collect();
    assert_eq!(statuses, [Some(200), None, Some(204)]);
    assert_eq!(call.elapsed(), Duration::from_millis(30));
}

#[test]
fn a_request_that_cannot_be_sent_does_not_shift_the_answers_of_the_others() {
    let unsortable = std::collections::BTreeMap::from([(vec![1], 1)]);
    let (results, _) = Host::new()
        .respond(|request| request.url.len() as u16 + 200)
        .with(|| {
            http::send_all([
                http::get("http://a"),
                http::post("http://b").json(&unsortable),
                http::get("http://abc"),
            ])
        });
    let statuses: Vec<_> = results
        .iter()
        .map(|result| result.as_ref().map(|response| response.status()).ok())
        .collect();
    assert_eq!(statuses, [Some(208), None, Some(210)]);
}

#[test]
fn the_test_may_use_the_sdk_while_it_answers() {
    let (_, call) = Host::new()
        .respond(|_| {
            clock::sleep(Duration::from_millis(7));
            200
        })
        .with(|| http::get("http://a/").send());
    assert_eq!(call.elapsed(), Duration::from_millis(7));
}
