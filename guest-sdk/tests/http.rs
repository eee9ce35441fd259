//! The client, against the test host.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gorgon_sdk::http::{self, Client, Error, Phase, Retry};
use gorgon_sdk::testing::{Answer, Host, Request};
use gorgon_sdk::{clock, json};
use serde::Deserialize;

/// Answers the first requests with these, and all further ones with the last.
fn one_after_another(answers: Vec<Answer>) -> impl FnMut(&Request) -> Answer {
    let next = Rc::new(Cell::new(0));
    move |_| {
        let index = next.get().min(answers.len() - 1);
        next.set(next.get() + 1);
        answers[index].clone()
    }
}

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
fn a_client_adds_what_its_requests_have_in_common() {
    let (_, call) = Host::new().respond(|_| 200).with(|| {
        let client = Client::new()
            .base("http://shop/api/")
            .header("accept", "text/html")
            .timeout(Duration::from_secs(1))
            .follow_redirects(3);
        client.get("/users").send()?;
        client
            .get("http://other/")
            .timeout(Duration::from_secs(2))
            .send()
    });
    let [first, second] = call.requests() else {
        panic!("two requests")
    };
    assert_eq!(method_and_url(first), "GET http://shop/api/users");
    assert_eq!(
        (first.header("accept"), first.timeout),
        (Some("text/html"), Some(Duration::from_secs(1)))
    );
    assert_eq!(method_and_url(second), "GET http://other/");
    assert_eq!(second.timeout, Some(Duration::from_secs(2)));
}

#[test]
fn cookies_are_kept_only_by_a_client_that_was_asked_to() {
    fn cookies(client: Client) -> Vec<Option<String>> {
        let (_, call) = Host::new()
            .respond(|_| Answer::new(200).header("set-cookie", "s=1; Path=/"))
            .with(|| {
                client.get("http://shop/login").send()?;
                client.get("http://shop/account").send()
            });
        call.requests()
            .iter()
            .map(|request| request.header("cookie").map(str::to_owned))
            .collect()
    }
    assert_eq!(cookies(Client::new()), [None, None]);
    assert_eq!(cookies(Client::new().cookies()), [None, Some("s=1".into())]);
    assert_eq!(
        cookies(Client::new().cookies().header("cookie", "mine=1")),
        [Some("mine=1".into()), Some("mine=1".into())]
    );
}

#[test]
fn a_client_shows_and_forgets_its_cookies() {
    let client = Client::new().cookies();
    Host::new()
        .respond(|_| Answer::new(200).header("set-cookie", "s=1"))
        .with(|| {
            client
                .get("http://shop/")
                .send()
                .map(|response| response.status())
        })
        .0
        .expect("an answer");
    assert_eq!(client.cookie("s").as_deref(), Some("1"));
    client.clear_cookies();
    assert_eq!(client.cookie("s"), None);
}

/// A login that sets its cookie on the redirect, as most do.
fn login_page(request: &Request) -> Answer {
    match (request.url.as_str(), request.header("cookie")) {
        ("http://shop/login", _) => Answer::new(302)
            .header("location", "account")
            .header("set-cookie", "s=1"),
        ("http://shop/account", Some("s=1")) => Answer::new(200),
        ("http://shop/out", _) => Answer::new(307).header("location", "http://elsewhere/"),
        _ => Answer::new(401),
    }
}

#[test]
fn a_cookie_set_by_a_redirect_is_sent_to_where_it_leads() {
    let (status, call) = Host::new().respond(login_page).with(|| {
        let client = Client::new()
            .base("http://shop")
            .cookies()
            .follow_redirects(2);
        client
            .post("/login")
            .form([("user", "medusa")])
            .name("login")
            .send()
            .map(|response| response.status())
    });
    assert_eq!(status, Ok(200));
    let [_, followed] = call.requests() else {
        panic!("two requests")
    };
    assert_eq!(method_and_url(followed), "GET http://shop/account");
    assert_eq!(
        (followed.text().as_str(), followed.header("content-type")),
        ("", None)
    );
    assert_eq!(
        call.measurements("login").len(),
        1,
        "the steps are one measurement"
    );
}

#[test]
fn credentials_do_not_follow_a_redirect_to_another_host() {
    let (_, call) = Host::new().respond(login_page).with(|| {
        let client = Client::new()
            .base("http://shop")
            .cookies()
            .follow_redirects(1);
        client.put("/out").bearer_auth("secret").body("kept").send()
    });
    let [_, followed] = call.requests() else {
        panic!("two requests")
    };
    assert_eq!(method_and_url(followed), "PUT http://elsewhere/");
    assert_eq!(
        (followed.text().as_str(), followed.header("authorization")),
        ("kept", None)
    );
}

#[test]
fn redirects_end_where_the_limit_does() {
    let around = |_: &Request| Answer::new(302).header("location", "/");
    for client in [Client::new(), Client::new().cookies()] {
        let (status, call) = Host::new().respond(around).with(|| {
            client
                .get("http://a/")
                .follow_redirects(3)
                .send()
                .map(|response| response.status())
        });
        assert_eq!((status, call.requests().len()), (Ok(302), 4));
    }
}

#[test]
fn the_steps_of_a_redirect_share_one_limit() {
    let around = |_: &Request| {
        Answer::new(302)
            .header("location", "/")
            .after(Duration::from_millis(400))
    };
    for client in [Client::new(), Client::new().cookies()] {
        let (result, call) = Host::new().respond(around).with(|| {
            client
                .get("http://a/")
                .follow_redirects(9)
                .timeout(Duration::from_secs(1))
                .send()
                .err()
        });
        assert!(matches!(result, Some(Error::Timeout(_))), "{result:?}");
        assert_eq!(call.elapsed(), Duration::from_secs(1));
    }
}

#[test]
fn a_failed_request_is_retried_after_growing_waits_and_counted() {
    let refused = Answer::error(Error::Connect("refused".into()));
    let answers = one_after_another(vec![refused, Answer::new(503), Answer::new(200)]);
    let (attempts, call) = Host::new().respond(answers).with(|| {
        let client = Client::new().retry(Retry::times(3).first_wait(Duration::from_millis(100)));
        client
            .get("http://a/")
            .send()
            .map(|response| response.attempts())
    });
    assert_eq!(attempts, Ok(3));
    assert_eq!(
        (call.counter("http.attempts"), call.counter("http.retried")),
        (3, 1)
    );
    let shortest = Duration::from_millis(50 + 100);
    assert!(
        (shortest..=2 * shortest).contains(&call.elapsed()),
        "{:?}",
        call.elapsed()
    );
}

#[test]
fn retries_end_with_the_last_answer() {
    let (status, call) = Host::new().respond(|_| 503).with(|| {
        Client::new()
            .retry(Retry::times(2))
            .get("http://a/")
            .send()
            .map(|response| (response.status(), response.attempts()))
    });
    assert_eq!(status, Ok((503, 3)));
    assert_eq!(call.requests().len(), 3);
}

#[test]
fn what_is_not_safe_to_repeat_is_not_repeated() {
    #[track_caller]
    fn check(host: Host, answer: Answer, method: &'static str, client: Client, requests: usize) {
        let (_, call) = host
            .respond(move |_| answer.clone())
            .with(|| client.request(method, "http://a/").send());
        assert_eq!(call.requests().len(), requests);
    }
    let retrying = || Client::new().retry(Retry::times(1));
    check(Host::new(), Answer::new(503), "GET", retrying(), 2);
    check(Host::new(), Answer::new(503), "PUT", retrying(), 2);
    check(Host::new(), Answer::new(503), "POST", retrying(), 1);
    check(Host::new(), Answer::new(503), "PATCH", retrying(), 1);
    check(Host::new(), Answer::new(503), "GET", Client::new(), 1);
    check(Host::new(), Answer::new(404), "GET", retrying(), 1);
    check(
        Host::new(),
        Answer::error(Error::Denied("x".into())),
        "GET",
        retrying(),
        1,
    );
    check(
        Host::new(),
        Answer::error(Error::Timeout(Phase::Wait)),
        "GET",
        retrying(),
        2,
    );
    check(
        Host::new().stopping(),
        Answer::new(503),
        "GET",
        retrying(),
        1,
    );
}

#[test]
fn the_wait_before_a_retry_has_an_upper_end() {
    let (_, call) = Host::new().respond(|_| 503).with(|| {
        let retry = Retry::times(40)
            .first_wait(Duration::from_secs(1))
            .longest_wait(Duration::from_secs(4));
        Client::new().retry(retry).get("http://a/").send()
    });
    assert!(
        call.elapsed() <= Duration::from_secs(1 + 2 + 38 * 4),
        "{:?}",
        call.elapsed()
    );
}

#[test]
fn only_the_statuses_asked_for_are_retried() {
    let (_, call) = Host::new().respond(|_| 500).with(|| {
        Client::new()
            .retry(Retry::times(5).statuses([502]))
            .get("http://a/")
            .send()
    });
    assert_eq!(call.requests().len(), 1);
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
