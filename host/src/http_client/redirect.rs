//! What is asked for after a redirect: the rules of RFC 9110, 15.4, as browsers follow them.

use http::header::{self, HeaderName, HeaderValue};
use http::{Method, StatusCode};

use crate::policy::Policy;

use super::error::{Error, shown};
use super::headers::Headers;
use super::request::Outgoing;
use super::target::{LONGEST_URL, Target};

/// The message that follows a redirect, or nothing if the answer is none.
///
/// 303 becomes a GET, and so does a POST after 301 or 302, which drops the body; 307 and 308 repeat the message. What
/// identifies the user is not carried to another origin. The policy judges the new host as it did the first.
pub(super) fn next(
    previous: &Outgoing,
    status: StatusCode,
    answer: &Headers,
    policy: &Policy,
) -> Result<Option<Outgoing>, Error> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = answer.get("location") else {
        return Ok(None);
    };
    let unusable = |why: &str| {
        let location = shown(&String::from_utf8_lossy(location));
        Error::Protocol(format!("the redirect to `{location}` {why}"))
    };
    let text = std::str::from_utf8(location).map_err(|_| unusable("is not UTF-8"))?;
    if text.len() > LONGEST_URL {
        return Err(unusable("is longer than 64 KiB"));
    }
    let url = previous
        .target
        .url
        .join(text)
        .map_err(|cause| unusable(&format!("does not parse: {cause}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(unusable("leads out of HTTP"));
    }
    let target = Target::admit(url, policy).map_err(|error| match error {
        // The guest did not write this URL, so it is not the request that is invalid.
        Error::InvalidRequest(text) => Error::Protocol(format!("the redirect is unusable: {text}")),
        other => other,
    })?;

    let mut next = previous.clone();
    let becomes_get = match status.as_u16() {
        303 => next.method != Method::HEAD,
        301 | 302 => next.method == Method::POST,
        _ => false,
    };
    if becomes_get {
        next.method = Method::GET;
        next.body = None;
        remove(&mut next.headers, &OF_A_BODY);
    }
    if target.origin != previous.target.origin {
        remove(&mut next.headers, &OF_THE_USER);
    }
    next.target = target;
    Ok(Some(next))
}

/// What is about a body, without its length, which the client sets.
const OF_A_BODY: [HeaderName; 4] = [
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LOCATION,
];

/// What identifies the user.
const OF_THE_USER: [HeaderName; 2] = [header::AUTHORIZATION, header::COOKIE];

fn remove(headers: &mut Vec<(HeaderName, HeaderValue)>, names: &[HeaderName]) {
    headers.retain(|(name, _)| !names.contains(name));
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;
    use crate::http_client::request::{Request, outgoing};

    fn policy() -> Policy {
        Policy::new(vec![
            "a.example".parse().expect("a grant"),
            "b.example".parse().expect("a grant"),
        ])
    }

    fn follow(method: &str, status: u16, location: &str) -> Result<Option<Outgoing>, Error> {
        let header = |name: &str, value: &str| (name.to_owned(), value.into());
        let mut request = Request {
            method: method.to_owned(),
            headers: vec![
                header("authorization", "secret"),
                header("cookie", "secret"),
                header("content-type", "text/plain"),
                header("x", "y"),
            ],
            body: Some(Bytes::from_static(b"body")),
            ..Request::get("http://a.example/dir/page?q#f")
        };
        let target = Target::parse(&request.url, &policy()).expect("admitted");
        let previous =
            outgoing(&mut request, target, &HeaderValue::from_static("gorgon")).expect("prepares");
        let mut answer = HeaderMap::new();
        answer.insert(
            header::LOCATION,
            HeaderValue::from_bytes(location.as_bytes()).expect("a value"),
        );
        next(
            &previous,
            StatusCode::from_u16(status).expect("a status"),
            &answer.into(),
            &policy(),
        )
    }

    fn value(outgoing: &Outgoing, wanted: &str) -> Option<String> {
        let (_, value) = outgoing.fields().find(|(name, _)| *name == wanted)?;
        Some(value.to_str().expect("ascii").to_owned())
    }

    #[test]
    fn method_and_body_change_as_browsers_change_them() {
        #[track_caller]
        fn check(method: &str, status: u16, expected: &str, keeps_body: bool) {
            let next = follow(method, status, "/x")
                .expect("followed")
                .expect("a redirect");
            assert_eq!(next.method.as_str(), expected);
            assert_eq!(next.body.is_some(), keeps_body);
            assert_eq!(next.content_length().is_some(), keeps_body);
            assert_eq!(value(&next, "content-type").is_some(), keeps_body);
            assert_eq!(value(&next, "x").as_deref(), Some("y"));
        }
        check("POST", 301, "GET", false);
        check("POST", 302, "GET", false);
        check("POST", 303, "GET", false);
        check("POST", 307, "POST", true);
        check("POST", 308, "POST", true);
        check("PUT", 301, "PUT", true);
        check("PUT", 302, "PUT", true);
        check("PUT", 303, "GET", false);
        check("DELETE", 303, "GET", false);
        check("HEAD", 303, "HEAD", true);
        check("GET", 307, "GET", true);
    }

    #[test]
    fn the_new_place_is_relative_to_the_old_one() {
        #[track_caller]
        fn check(location: &str, url: &str, keeps_secrets: bool) {
            let next = follow("GET", 302, location)
                .expect("followed")
                .expect("a redirect");
            assert_eq!(next.target.url.as_str(), url);
            let authority = next.target.authority.as_str();
            assert_eq!(value(&next, "host").as_deref(), Some(authority));
            assert_eq!(value(&next, "authorization").is_some(), keeps_secrets);
            assert_eq!(value(&next, "cookie").is_some(), keeps_secrets);
        }
        check("/x", "http://a.example/x", true);
        check("x", "http://a.example/dir/x", true);
        check("../x?y", "http://a.example/x?y", true);
        check("?y", "http://a.example/dir/page?y", true);
        check("#g", "http://a.example/dir/page?q", true);
        check("", "http://a.example/dir/page?q", true);
        check("http://a.example:80/x", "http://a.example/x", true);
        check("//b.example/x", "http://b.example/x", false);
        check("http://a.example:81/x", "http://a.example:81/x", false);
        check("https://a.example/x", "https://a.example/x", false);
    }

    #[test]
    fn a_redirect_that_must_not_be_followed_is_an_error() {
        assert!(matches!(
            follow("GET", 302, "http://c.example/"),
            Err(Error::Denied(_))
        ));
        assert!(matches!(
            follow("GET", 302, "http://169.254.169.254/"),
            Err(Error::Denied(_))
        ));
        assert!(matches!(
            follow("GET", 302, "//10.0.0.1/"),
            Err(Error::Denied(_))
        ));
        assert!(matches!(
            follow("GET", 302, "ftp://a.example/"),
            Err(Error::Protocol(_))
        ));
        assert!(matches!(
            follow("GET", 302, "javascript:alert(1)"),
            Err(Error::Protocol(_))
        ));
        assert!(matches!(
            follow("GET", 302, "http://u:p@a.example/"),
            Err(Error::Protocol(_))
        ));
        assert!(matches!(
            follow("GET", 302, "http://[/"),
            Err(Error::Protocol(_))
        ));
        #[track_caller]
        fn check_too_long(location: &str, why: &str) {
            match follow("GET", 302, location) {
                Err(Error::Protocol(text)) => assert!(text.ends_with(why), "{text}"),
                other => panic!("{other:?}"),
            }
        }
        check_too_long(&"/".repeat((64 << 10) + 1), "is longer than 64 KiB");
        check_too_long(
            &format!("http://{}/", "a.".repeat(1000)),
            "names a host longer than 253 bytes",
        );
    }

    #[test]
    fn only_a_redirect_with_a_place_to_go_to_is_one() {
        for status in [200, 300, 304, 305, 306, 399] {
            assert!(matches!(follow("GET", status, "/x"), Ok(None)), "{status}");
        }
        let previous = follow("GET", 302, "/x")
            .expect("followed")
            .expect("a redirect");
        assert!(matches!(
            next(
                &previous,
                StatusCode::FOUND,
                &HeaderMap::new().into(),
                &policy()
            ),
            Ok(None)
        ));
    }
}
