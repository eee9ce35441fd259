//! The way in: ends that are none, room that grows, and what is left for the next exchange.

use std::io::ErrorKind;

use super::script::{Read, Script};
use super::{Answer, Http1, Outcome, exchange, get};
use crate::http_client::error::{Error, Phase};

fn bytes(text: &str) -> Read {
    Read::Bytes(text.as_bytes().to_vec())
}

#[test]
fn an_end_in_the_middle_is_an_error_in_its_phase() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let beginnings = [
        ("", Phase::Wait),
        ("H", Phase::Receive),
        ("HTTP/1.1 200 OK\r\n", Phase::Receive),
        ("HTTP/1.1 100 Continue\r\n\r\n", Phase::Receive),
        (&format!("{HEAD}hell"), Phase::Receive),
        (CHUNKED, Phase::Receive),
        (&format!("{CHUNKED}5\r\nhello\r\n0\r\n"), Phase::Receive),
        (
            &format!("{CHUNKED}5\r\nhello\r\n0\r\nx: y\r\n"),
            Phase::Receive,
        ),
    ];
    let ends = [
        Read::End,
        Read::Fail(ErrorKind::ConnectionReset),
        Read::Fail(ErrorKind::UnexpectedEof),
    ];
    for (beginning, phase) in beginnings {
        for end in &ends {
            let reads = (!beginning.is_empty()).then(|| bytes(beginning));
            let script = Script::new(reads.into_iter().chain([end.clone()]));
            let expected = Outcome::Failed {
                error: Error::Closed(phase),
                unsent: false,
            };
            assert_eq!(
                exchange(&mut Http1::new(script), &get()),
                expected,
                "{beginning:?} {end:?}"
            );
        }
    }
}

#[test]
fn a_body_until_the_end_needs_a_clean_one() {
    let answered = |end| {
        exchange(
            &mut Http1::new(Script::new([
                bytes("HTTP/1.1 200 OK\r\n\r\nhel"),
                Read::Later,
                bytes("lo"),
                end,
            ])),
            &get(),
        )
    };
    match answered(Read::End) {
        Outcome::Answer(Answer { body, reusable, .. }) => {
            assert_eq!((&body[..], reusable), (b"hello".as_slice(), false))
        }
        other => panic!("{other:?}"),
    }
    // Over TLS this is an end that anybody can have made.
    let expected = Outcome::Failed {
        error: Error::Closed(Phase::Receive),
        unsent: false,
    };
    assert_eq!(answered(Read::Fail(ErrorKind::UnexpectedEof)), expected);
    assert_eq!(answered(Read::Later), Outcome::Waits);
}

#[test]
fn a_connection_serves_again_only_if_nothing_is_in_doubt() {
    #[track_caller]
    fn check(answer: &str, then: &[Read], reusable: bool) {
        let script = Script::new([bytes(answer)].into_iter().chain(then.to_vec()));
        match exchange(&mut Http1::new(script), &get()) {
            Outcome::Answer(answer) => assert_eq!(answer.reusable, reusable, "{answer:?} {then:?}"),
            other => panic!("{answer:?}: {other:?}"),
        }
    }
    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    check(OK, &[], true);
    check(OK, &[Read::End], false);
    check(OK, &[Read::Later, Read::End], false);
    check(OK, &[Read::Fail(ErrorKind::ConnectionReset)], false);
    check(OK, &[bytes("x")], false);
    check(OK, &[Read::Later, bytes(OK)], false);
    check(&format!("{OK}\r\n"), &[], false);
    check(&format!("{OK}{OK}"), &[], false);
    check(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        &[],
        false,
    );
    check("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok", &[], false);
    check("HTTP/1.1 204 X\r\n\r\nok", &[], false);
}

#[test]
fn room_grows_with_what_comes_and_is_given_back() {
    let script = Script::default();
    let mut link = Http1::new(script.clone());
    let answer = |head: usize, body: usize| {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {body}\r\nx: {}\r\n\r\n",
            "y".repeat(head)
        );
        Read::Bytes([head.into_bytes(), vec![b'z'; body]].concat())
    };
    for (head, body) in [
        (10, 10),
        (10_000, 0),
        (100_000, 200_000),
        (10, 1_000_000),
        (100_000, 0),
        (10, 10),
    ] {
        script.then([answer(head, body)]);
        match exchange(&mut link, &get()) {
            Outcome::Answer(answer) => {
                assert_eq!((answer.body.len(), answer.reusable), (body, true))
            }
            other => panic!("{head} {body}: {other:?}"),
        }
        assert!(
            link.buffer.room() <= 64 << 10,
            "{head} {body}: {}",
            link.buffer.room()
        );
    }
}

#[test]
fn a_head_that_comes_byte_by_byte_is_the_same() {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx: {}\r\n\r\nok",
        "y".repeat(20_000)
    );
    let every: Vec<usize> = (0..head.len()).collect();
    match exchange(
        &mut Http1::new(Script::pieces(head.as_bytes(), &every, false)),
        &get(),
    ) {
        Outcome::Answer(answer) => assert_eq!(
            (&answer.body[..], answer.reusable),
            (b"ok".as_slice(), true)
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn informational_answers_come_to_an_end() {
    let many = "HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n".repeat(10_000);
    match exchange(&mut Http1::new(Script::new([bytes(&many)])), &get()) {
        Outcome::Failed {
            error: Error::Protocol(text),
            ..
        } => assert!(text.contains("informational"), "{text}"),
        other => panic!("{other:?}"),
    }
}
