//! What can be asked for, and what it becomes on the way out.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;

use crate::http_client::request::{Limits, Outgoing, limits, outgoing};
use crate::http_client::target::Target;
use crate::http_client::{Error, Request};
use crate::policy::Policy;

fn prepare(mut request: Request) -> Result<Outgoing, Error> {
    let target = Target::parse(&request.url, &Policy::default())?;
    limits(&request)?;
    outgoing(&mut request, target, &HeaderValue::from_static("gorgon"))
}

#[track_caller]
fn refused(request: Request, why: &str) {
    match prepare(request) {
        Err(Error::InvalidRequest(text)) => assert!(text.contains(why), "{text}"),
        other => panic!("{other:?}"),
    }
}

fn with_header(name: &str, value: &str) -> Request {
    Request {
        headers: vec![(name.to_owned(), value.into())],
        ..Request::get("http://localhost/")
    }
}

#[test]
fn headers_that_are_the_hosts_to_set_are_refused_by_name() {
    for name in [
        "host",
        "Host",
        "content-length",
        "Transfer-Encoding",
        "connection",
        "upgrade",
        "te",
        "keep-alive",
        "http2-settings",
        "proxy-authorization",
        "Proxy-Connection",
    ] {
        refused(
            with_header(name, "x"),
            &format!("`{}` is set by gorgon", name.to_ascii_lowercase()),
        );
    }
}

#[test]
fn what_would_break_the_message_is_refused() {
    for name in ["", "a b", "a:b", "a\r\nb", "ä", "a\0"] {
        refused(with_header(name, "x"), "is not the name of a header");
    }
    for value in ["a\r\nx: y", "a\n", "\0", "\u{7f}"] {
        refused(with_header("x", value), "control character");
    }
    for method in ["", "G ET", "GET\r\n", "GÉT", "GET /"] {
        refused(
            Request {
                method: method.to_owned(),
                ..Request::get("http://localhost/")
            },
            "is not a method",
        );
    }
    refused(
        Request {
            method: "CONNECT".to_owned(),
            ..Request::get("http://localhost/")
        },
        "`CONNECT`",
    );
    let flood = vec![("x".to_owned(), b"y".to_vec()); 40_000];
    refused(
        Request {
            headers: flood,
            ..Request::get("http://localhost/")
        },
        "more than 1000 headers",
    );
}

#[test]
fn limits_are_numbers_above_zero_with_known_names() {
    let extra = |name: &str, value: &str| Request {
        extra: vec![(name.to_owned(), value.to_owned())],
        ..Request::get("http://localhost/")
    };
    refused(
        Request {
            timeout: Some(Duration::ZERO),
            ..Request::get("http://localhost/")
        },
        "timeout of 0",
    );
    refused(extra("proxy", "x"), "`proxy` is not a setting");
    for value in ["0", "", "-1", "+1", "1s", "1.5", "18446744073709551616"] {
        refused(extra("connect-timeout", value), "nanoseconds above 0");
    }
    let request = Request {
        timeout: Some(Duration::from_secs(1)),
        ..extra("first-byte-timeout", "250")
    };
    let expected = Limits {
        total: Some(Duration::from_secs(1)),
        connect: None,
        first_byte: Some(Duration::from_nanos(250)),
        between_bytes: None,
    };
    assert_eq!(limits(&request), Ok(expected));
}

#[test]
fn the_host_adds_what_a_message_needs_and_no_more() {
    #[track_caller]
    fn check(request: Request, expected: &[(&str, &str)]) {
        let outgoing = prepare(request).expect("prepares");
        let length = outgoing.content_length().map(|length| length.to_string());
        let headers: Vec<_> = outgoing
            .fields()
            .map(|(name, value)| (name.as_str(), value.to_str().expect("ascii")))
            .chain(length.as_deref().map(|length| ("content-length", length)))
            .collect();
        assert_eq!(headers, expected);
    }
    let get = || Request::get("http://localhost:81/");
    check(get(), &[("host", "localhost:81"), ("user-agent", "gorgon")]);
    check(
        Request {
            decode: true,
            ..get()
        },
        &[
            ("host", "localhost:81"),
            ("user-agent", "gorgon"),
            ("accept-encoding", "gzip, deflate, br"),
        ],
    );
    check(
        Request {
            decode: true,
            ..with_header("Accept-Encoding", "br")
        },
        &[
            ("host", "localhost"),
            ("accept-encoding", "br"),
            ("user-agent", "gorgon"),
        ],
    );
    check(
        with_header("User-Agent", "x"),
        &[("host", "localhost"), ("user-agent", "x")],
    );
    check(
        Request {
            method: "POST".to_owned(),
            ..get()
        },
        &[
            ("host", "localhost:81"),
            ("user-agent", "gorgon"),
            ("content-length", "0"),
        ],
    );
    check(
        Request {
            body: Some(Bytes::from_static(b"abc")),
            ..get()
        },
        &[
            ("host", "localhost:81"),
            ("user-agent", "gorgon"),
            ("content-length", "3"),
        ],
    );
}
