//! What a head says, as a table for each rule.

use super::super::breach::{Breach, HEAD_BYTES};
use super::super::head::{Framing, Parsed, Scan, parse};
use super::grammar::latin1;

/// The framing of an answer, and whether it keeps the connection.
fn framing(lines: &str) -> Result<(Framing, bool), Breach> {
    framing_of(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n"), false)
}

fn framing_of(head: &str, to_head: bool) -> Result<(Framing, bool), Breach> {
    let bytes = latin1(head);
    match parse(&bytes, to_head)? {
        Parsed::Complete(answer, size) => {
            assert_eq!(size, bytes.len());
            Ok((answer.framing, answer.keeps))
        }
        other => panic!("{head:?}: {other:?}"),
    }
}

#[test]
fn the_end_of_a_body_follows_from_the_head() {
    use Framing::{Chunked, Length, UntilClose};
    #[track_caller]
    fn check(lines: &str, expected: Framing) {
        assert_eq!(framing(lines), Ok((expected, true)), "{lines:?}");
    }
    check("", UntilClose);
    check("content-length: 5\r\n", Length(5));
    check("Content-LENGTH:5\r\n", Length(5));
    check("content-length: 005\r\n", Length(5));
    check("content-length: 5, 5,5\r\n", Length(5));
    check("content-length: 5\r\ncontent-length: 05\r\n", Length(5));
    check("content-length: 18446744073709551615\r\n", Length(u64::MAX));
    check("x-content-length: 5\r\n", UntilClose);
    check("transfer-encoding: chunked\r\n", Chunked);
    check("Transfer-Encoding:\tCHUNKED \r\n", Chunked);
}

#[test]
fn answers_that_have_no_body_have_none_whatever_they_say() {
    #[track_caller]
    fn check(status: &str, lines: &str, to_head: bool) {
        let head = format!("HTTP/1.1 {status}\r\n{lines}\r\n");
        let expected = Ok((Framing::Length(0), true));
        assert_eq!(framing_of(&head, to_head), expected, "{head:?}");
    }
    for lines in [
        "",
        "content-length: 5\r\n",
        "transfer-encoding: chunked\r\n",
    ] {
        check("204 No Content", lines, false);
        check("304 Not Modified", lines, false);
        check("200 OK", lines, true);
        check("404 Not Found", lines, true);
    }
}

#[test]
fn a_head_that_says_two_things_about_the_body_is_refused() {
    let two = |lines: &str| assert_eq!(framing(lines), Err(Breach::TwoFramings), "{lines:?}");
    two("content-length: 5\r\ntransfer-encoding: chunked\r\n");
    two("transfer-encoding: chunked\r\nx: y\r\ncontent-length: 0\r\n");
    two("transfer-encoding: gzip\r\ncontent-length: x\r\n");

    let length = |lines: &str| {
        let refused = framing(lines);
        assert!(
            matches!(refused, Err(Breach::Length(_))),
            "{lines:?}: {refused:?}"
        );
    };
    for value in [
        "",
        "-5",
        "+5",
        "5 5",
        "5;",
        "0x5",
        "5.0",
        "a",
        "\u{b2}",
        "5,",
        ",5",
        "5, 6",
        "18446744073709551616",
    ] {
        length(&format!("content-length: {value}\r\n"));
    }
    length("content-length: 5\r\ncontent-length: 6\r\n");
    length("content-length: 5\r\ncontent-length: x\r\n");
    length("content-length: x\r\ncontent-length: x\r\n");

    let coding = |lines: &str| {
        let refused = framing(lines);
        assert!(
            matches!(refused, Err(Breach::Coding(_))),
            "{lines:?}: {refused:?}"
        );
    };
    for value in [
        "",
        "gzip",
        "gzip, chunked",
        "chunked, gzip",
        "chunked, chunked",
        "identity",
        "\"chunked\"",
        "chunked;q=1",
        "chunked,",
    ] {
        coding(&format!("transfer-encoding: {value}\r\n"));
    }
    coding("transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n");
    let old = "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    assert!(matches!(framing_of(old, false), Err(Breach::Coding(_))));
    assert!(matches!(framing_of(old, true), Err(Breach::Coding(_))));
}

#[test]
fn the_connection_is_kept_as_version_and_tokens_say() {
    #[track_caller]
    fn check(version: &str, lines: &str, keeps: bool) {
        let head = format!("{version} 200 OK\r\ncontent-length: 0\r\n{lines}\r\n");
        let expected = Ok((Framing::Length(0), keeps));
        assert_eq!(framing_of(&head, false), expected, "{head:?}");
    }
    check("HTTP/1.1", "", true);
    check("HTTP/1.1", "connection: close\r\n", false);
    check("HTTP/1.1", "Connection: CLOSE\r\n", false);
    check("HTTP/1.1", "connection: x ,close\t, y\r\n", false);
    check(
        "HTTP/1.1",
        "connection: keep-alive\r\nconnection: close\r\n",
        false,
    );
    check(
        "HTTP/1.1",
        "connection: close\r\nconnection: keep-alive\r\n",
        false,
    );
    check(
        "HTTP/1.1",
        "connection: closed\r\nproxy-connection: close\r\n",
        true,
    );
    check("HTTP/1.0", "", false);
    check("HTTP/1.0", "connection: Keep-Alive\r\n", true);
    check("HTTP/1.0", "connection: keep-alive, close\r\n", false);
    check("HTTP/1.0", "keep-alive: timeout=5\r\n", false);
}

#[test]
fn lines_are_exactly_as_the_grammar_has_them() {
    #[track_caller]
    fn refused(head: &str) {
        let result = parse(&latin1(head), false);
        assert!(
            matches!(result, Err(Breach::Malformed(_))),
            "{head:?}: {result:?}"
        );
    }
    for first in [
        "HTTP/1.2 200 OK",
        "HTTP/2.0 200 OK",
        "HTTP/11 200 OK",
        "HTTPS/1.1 200 OK",
        "HTTP/1.1  200 OK",
        "HTTP/1.1\t200 OK",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 2x0 OK",
        "HTTP/1.1 +20 OK",
        "HTTP/1.1 099 OK",
        "HTTP/1.1 000 OK",
        "HTTP/1.1 200OK",
        "HTTP/1.1 200 O\rK",
        "HTTP/1.1 200 O\0K",
    ] {
        refused(&format!("{first}\r\n\r\n"));
    }
    for line in [
        "x : y",
        " x: y",
        "\tx: y",
        ": y",
        "no colon",
        "x: a\rb",
        "x: a\0b",
        "x: a\x7fb",
        "x y: z",
        "\u{e9}: x",
        "x: a\r\n b",
        "x: a\r\n\tb",
        "\r",
    ] {
        refused(&format!("HTTP/1.1 200 OK\r\na: b\r\n{line}\r\n\r\n"));
    }
    for start in [
        "http/1.1 200 OK",
        "\r\nHTTP/1.1 200 OK",
        "\nHTTP/1.1 200 OK",
        " HTTP/1.1 200 OK",
        "<html>",
        "220 smtp",
        "\0",
        "\u{16}\u{3}\u{1}",
    ] {
        let result = parse(&latin1(&format!("{start}\r\n\r\n")), false);
        assert!(
            matches!(result, Err(Breach::NotHttp)),
            "{start:?}: {result:?}"
        );
    }
}

#[test]
fn informational_answers_are_not_the_answer() {
    for status in [100, 102, 103, 199] {
        let head = format!("HTTP/1.1 {status} X\r\nlink: <x>\r\n\r\nHTTP/1.1 200 OK\r\n");
        match parse(head.as_bytes(), false) {
            Ok(Parsed::Interim(size)) => assert_eq!(&head[size..], "HTTP/1.1 200 OK\r\n"),
            other => panic!("{head:?}: {other:?}"),
        }
    }
    let switched = parse(b"HTTP/1.1 101 X\r\n\r\n", false);
    assert!(matches!(switched, Err(Breach::Switched)), "{switched:?}");
    match parse(b"HTTP/1.1 999 X\r\n\r\n", false) {
        Ok(Parsed::Complete(answer, _)) => {
            assert_eq!(answer.status.as_u16(), 999);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_head_has_bounds() {
    let of_size = |size: usize| {
        let frame = "HTTP/1.1 200 OK\r\nx: \r\n\r\n";
        frame.replace(": ", &format!(": {}", "y".repeat(size - frame.len())))
    };
    let parsed = |text: &str| parse(text.as_bytes(), false);
    assert!(matches!(
        parsed(&of_size(HEAD_BYTES)),
        Ok(Parsed::Complete(..))
    ));
    let large = of_size(HEAD_BYTES + 1);
    assert!(matches!(parsed(&large), Err(Breach::HeadTooLarge)));
    // No more than that is waited for.
    assert!(matches!(
        parsed(&large[..HEAD_BYTES]),
        Err(Breach::HeadTooLarge)
    ));
    assert!(matches!(
        parsed(&large[..HEAD_BYTES - 1]),
        Ok(Parsed::Partial)
    ));
    let fields = |count| format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(count));
    assert!(matches!(parsed(&fields(256)), Ok(Parsed::Complete(..))));
    assert!(matches!(parsed(&fields(257)), Err(Breach::HeadTooLarge)));
}

#[test]
fn a_head_that_dribbles_is_parsed_a_few_times_and_when_it_is_complete() {
    for end in ["\r\n\r\n", "\n\n", "\r\n\n", "\n\r\n"] {
        let head = format!("HTTP/1.1 200 OK\r\nx: {}{end}", "y".repeat(100_000));
        let (mut scan, mut parsed, mut times) = (Scan::default(), 0, 0);
        for length in 1..=head.len() {
            let come = &head.as_bytes()[..length];
            if scan.is_worth_parsing(come) {
                scan.parsed(come);
                (parsed, times) = (length, times + 1);
            }
        }
        assert_eq!(parsed, head.len(), "{end:?}");
        assert!(times < 25, "{end:?}: {times}");
    }
}
