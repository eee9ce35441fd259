//! The way out.

use std::io::ErrorKind;

use proptest::prelude::*;

use super::grammar::latin1;
use super::script::{Read, Script, Write, drive};
use super::{Answer, Http1, Outcome, exchange, get, head, post, prepared};
use crate::http_client::connection::Connection;
use crate::http_client::error::{Error, Phase};
use crate::http_client::request::Request;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

fn ok() -> Read {
    Read::Bytes(OK.as_bytes().to_vec())
}

#[track_caller]
fn assert_answered(outcome: &Outcome, reusable: bool) {
    match outcome {
        Outcome::Answer(Answer {
            status: 200,
            body,
            reusable: is,
            ..
        }) => {
            assert_eq!((&body[..], *is), (b"ok".as_slice(), reusable));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_leaves_in_one_piece() {
    #[track_caller]
    fn check(request: Request, expected: &str) {
        let script = Script::new([ok()]);
        let outcome = exchange(&mut Http1::new(script.clone()), &prepared(request));
        assert_answered(&outcome, true);
        let (written, calls) = script.written();
        assert_eq!((written, calls), (latin1(expected), 1));
    }
    let at = |url: &str| Request::get(url);
    check(
        at("http://127.0.0.1"),
        "GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: gorgon\r\n\r\n",
    );
    check(
        at("http://127.0.0.1:81/a%20b/?c=d&e#f"),
        "GET /a%20b/?c=d&e HTTP/1.1\r\nhost: 127.0.0.1:81\r\nuser-agent: gorgon\r\n\r\n",
    );
    check(
        Request {
            method: "POST".to_owned(),
            headers: vec![
                ("X-One".to_owned(), b"1".to_vec()),
                ("expect".to_owned(), b"100-continue".to_vec()),
                ("X-One".to_owned(), vec![0xe9, b' ', b'\t']),
            ],
            body: Some("hello".into()),
            ..at("http://localhost/")
        },
        "POST / HTTP/1.1\r\nhost: localhost\r\nx-one: 1\r\nexpect: 100-continue\r\nx-one: \u{e9} \t\r\nuser-agent: gorgon\r\ncontent-length: 5\r\n\r\nhello",
    );
    for (method, length) in [
        ("PUT", "content-length: 0\r\n"),
        ("DELETE", ""),
        ("M-SEARCH", ""),
    ] {
        check(
            Request {
                method: method.to_owned(),
                ..at("http://localhost/")
            },
            &format!(
                "{method} / HTTP/1.1\r\nhost: localhost\r\nuser-agent: gorgon\r\n{length}\r\n"
            ),
        );
    }
}

#[test]
fn requests_follow_each_other_in_the_same_room() {
    let script = Script::default();
    let mut link = Http1::new(script.clone());
    let requests = [post(vec![b'x'; 100]), get(), post(vec![b'y'; 100_000])];
    let mut expected = Vec::new();
    for request in &requests {
        script.then([ok()]);
        assert_answered(&exchange(&mut link, request), true);
        super::super::message::encode(request, &mut expected);
        expected.extend_from_slice(request.body.as_deref().unwrap_or_default());
    }
    assert_eq!(script.written().0, expected);
}

proptest! {
    #[test]
    fn a_request_leaves_whole_however_little_is_taken_at_a_time(
        body in 0_usize..40_000,
        takes in proptest::collection::vec(prop_oneof![(1_usize..20_000).prop_map(Write::Take), Just(Write::Later)], 0..30),
    ) {
        let body: Vec<u8> = (0..body).map(|at| at as u8).collect();
        let script = Script::new([]).writing(takes);
        let mut link = Http1::new(script.clone());
        let request = post(body.clone());
        prop_assert_eq!(exchange(&mut link, &request), Outcome::Waits);
        let mut expected = Vec::new();
        super::super::message::encode(&request, &mut expected);
        expected.extend_from_slice(&body);
        prop_assert_eq!(script.written().0, expected);
        prop_assert_eq!(link.stamps.phase(), Phase::Wait);
    }
}

#[test]
fn a_message_of_which_nothing_left_may_go_elsewhere() {
    for kind in [ErrorKind::BrokenPipe, ErrorKind::ConnectionReset] {
        let script = Script::new([]).writing([Write::Later, Write::Fail(kind)]);
        let expected = Outcome::Failed {
            error: Error::Closed(Phase::Send),
            unsent: true,
        };
        assert_eq!(exchange(&mut Http1::new(script), &get()), expected);

        let script = Script::new([Read::Fail(kind)]).writing([Write::Take(1), Write::Fail(kind)]);
        let expected = Outcome::Failed {
            error: Error::Closed(Phase::Send),
            unsent: false,
        };
        assert_eq!(exchange(&mut Http1::new(script), &get()), expected);
    }
}

#[test]
fn an_answer_is_taken_although_the_request_could_not_be_written() {
    // Refused with an answer, after which the server reads no more.
    let script = Script::new([Read::Later, ok(), Read::End]).writing([
        Write::Take(50),
        Write::Later,
        Write::Fail(ErrorKind::BrokenPipe),
    ]);
    let outcome = exchange(&mut Http1::new(script), &post(vec![0; 100_000]));
    assert_answered(&outcome, false);
}

#[test]
fn an_answer_may_come_while_the_request_still_goes() {
    // It comes to its end before the request does: the connection is of no more use.
    let script = Script::new([ok()]).writing([Write::Take(50), Write::Never]);
    let outcome = exchange(&mut Http1::new(script), &post(vec![0; 100_000]));
    assert_answered(&outcome, false);

    // The server goes on answering only when it has read on.
    let reads = [
        Read::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no".to_vec()),
        Read::Later,
        Read::Later,
        Read::Bytes(b"k".to_vec()),
    ];
    let script = Script::new(reads).writing([Write::Take(50), Write::Later, Write::Later]);
    let outcome = exchange(&mut Http1::new(script.clone()), &post(vec![0; 100_000]));
    assert_answered(&outcome, true);
    assert!(script.written().0.len() > 100_000);
}

#[test]
fn bytes_that_come_before_anything_was_asked_are_no_answer() {
    let script = Script::new([ok()]).eager().writing([Write::Never]);
    match exchange(&mut Http1::new(script), &get()) {
        Outcome::Failed {
            error: Error::Protocol(text),
            unsent: false,
        } => {
            assert!(text.contains("before it was asked"), "{text}");
        }
        other => panic!("{other:?}"),
    }
    // A connection that rested is looked at before it is used.
    let script = Script::new([ok()]);
    let mut link = Http1::new(script.clone());
    assert_answered(&exchange(&mut link, &get()), true);
    script.then([ok()]);
    assert_eq!(drive(link.check(std::time::Duration::ZERO)), Some(false));
}

#[test]
fn a_phase_is_what_the_exchange_waits_for() {
    #[track_caller]
    fn check(reads: &[Read], writes: &[Write], expected: Phase) {
        let script = Script::new(reads.to_vec()).writing(writes.to_vec());
        let mut link = Http1::new(script);
        assert_eq!(exchange(&mut link, &post(vec![0; 100_000])), Outcome::Waits);
        assert_eq!(link.stamps().phase(), expected);
    }
    check(&[], &[Write::Never], Phase::Send);
    check(&[], &[Write::Take(10), Write::Never], Phase::Send);
    check(&[], &[], Phase::Wait);
    check(&[Read::Bytes(b"H".to_vec())], &[], Phase::Receive);
    check(
        &[Read::Bytes(b"H".to_vec())],
        &[Write::Take(10), Write::Never],
        Phase::Receive,
    );
}

#[test]
fn a_head_asks_for_no_body() {
    let script = Script::new([Read::Bytes(
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n".to_vec(),
    )]);
    match exchange(&mut Http1::new(script.clone()), &head()) {
        Outcome::Answer(answer) => assert_eq!((answer.body.len(), answer.reusable), (0, true)),
        other => panic!("{other:?}"),
    }
    assert!(script.written().0.starts_with(b"HEAD / HTTP/1.1\r\n"));
}
