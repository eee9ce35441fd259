//! A client with cookies, redirects and retries, against the test host.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gorgon_sdk::http::{Client, Error, Phase, Retry};
use gorgon_sdk::testing::{Answer, Host, Request};

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
