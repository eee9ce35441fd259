//! Bodies in chunks.

use proptest::prelude::*;

use super::super::breach::{Breach, IDLE_BYTES};
use super::super::chunks::{Chunks, Step};
use super::grammar::latin1;

/// The data of a body, and what is behind its end.
type Decoded = (Vec<u8>, Vec<u8>);

/// Decodes a body in pieces that end at `cuts`; nothing if its end does not come.
fn decode(bytes: &[u8], cuts: &[usize]) -> Result<Option<Decoded>, Breach> {
    let (mut chunks, mut data) = (Chunks::new(), Vec::new());
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| (*cut).min(bytes.len())).collect();
    cuts.push(bytes.len());
    cuts.sort_unstable();
    let mut at = 0;
    for cut in cuts {
        while at < cut {
            match chunks.step(&bytes[at..cut])? {
                Step::More => at = cut,
                Step::Data {
                    framing,
                    data: length,
                } => {
                    at += framing;
                    data.extend_from_slice(&bytes[at..at + length]);
                    at += length;
                }
                Step::End { framing } => return Ok(Some((data, bytes[at + framing..].to_vec()))),
            }
        }
    }
    Ok(None)
}

#[test]
fn data_is_what_is_between_the_framing() {
    #[track_caller]
    fn check(body: &str, data: &str, rest: &str) {
        let expected = Ok(Some((latin1(data), latin1(rest))));
        assert_eq!(decode(&latin1(body), &[]), expected, "{body:?}");
    }
    check("0\r\n\r\n", "", "");
    check("5\r\nhello\r\n0\r\n\r\n", "hello", "");
    check("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\nmore", "hello", "more");
    check(
        "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
        "01234567890123456789",
        "",
    );
    check("0005\r\nhello\r\n000\r\n\r\n", "hello", "");
    check("2\r\n\r\n\r\n0\r\n\r\n", "\r\n", "");
    check("5;a\r\nhello\r\n0;b=\"c\"\r\n\r\n", "hello", "");
    check("5 \t;a = b;c\r\nhello\r\n0 \r\n\r\n", "hello", "");
    check("0\r\nx: y\r\nX-Sum:5 \r\nempty:\r\n\r\nHTTP", "", "HTTP");
}

#[test]
fn framing_that_is_not_as_it_has_to_be_is_refused() {
    #[track_caller]
    fn check(body: &str, why: &str) {
        let refused = decode(&latin1(body), &[]).expect_err(body);
        assert!(refused.to_string().contains(why), "{body:?}: {refused}");
    }
    for size in [
        "",
        " 5",
        "\t5",
        "-5",
        "+5",
        "0x5",
        "5_",
        "5 5",
        "5\n",
        "g",
        "5,",
        "\"5\"",
        "\u{b2}",
        "\r",
        "10000000000000000",
        "fffffffffffffffff",
    ] {
        check(&format!("{size}\r\nhello\r\n0\r\n\r\n"), "chunk size");
    }
    for extension in [";a\nb", ";\0", ";\x7f", ";a\x0b"] {
        check(
            &format!("5{extension}\r\nhello\r\n0\r\n\r\n"),
            "chunk extension",
        );
    }
    check("5\rXhello\r\n0\r\n\r\n", "line end of a chunk");
    check("5\r\r\nhello\r\n0\r\n\r\n", "line end of a chunk");
    check("5\r\nhello0\r\n\r\n", "line end of a chunk");
    check("5\r\nhello\n0\r\n\r\n", "line end of a chunk");
    check("5\r\nhello\rX0\r\n\r\n", "line end of a chunk");
    check("0\r\n\rX", "line end of a chunk");
    for trailer in [
        "\n",
        " x: y\r\n",
        "x : y\r\n",
        "x\r\n",
        ": y\r\n",
        "x: y\n\r\n",
        "x: a\0\r\n",
        "x: y\r\n z\r\n",
        "\u{e9}: y\r\n",
        "HTTP/1.1 200 OK\r\n",
    ] {
        check(&format!("0\r\n{trailer}\r\n"), "trailer");
    }
    check("0\r\nx: y\rX\r\n\r\n", "line end of a chunk");
}

#[test]
fn what_says_nothing_comes_to_an_end() {
    let most = IDLE_BYTES as usize;
    let check = |start: &str, more: &str| {
        let body = |count: usize| format!("{start}{}", more.repeat(count / more.len()));
        assert_eq!(
            decode(body(most - 10).as_bytes(), &[]),
            Ok(None),
            "{start:?}"
        );
        let refused = decode(body(most + 10).as_bytes(), &[]).expect_err("too long");
        assert!(
            refused.to_string().contains("32 KiB"),
            "{start:?}: {refused}"
        );
    };
    check("", "0");
    check("5;", "x");
    check("5", " ");
    check("0\r\nx: ", "y");
    check("0\r\n", "x");
    // Together as well as alone.
    let many = "1;xxxxxxxxx\r\n.\r\n".repeat(most / 10 + 1);
    decode(many.as_bytes(), &[]).expect_err("too long");
    // Data may have any length.
    let much = format!("{}0\r\n\r\n", "1\r\n.\r\n".repeat(100_000));
    assert_eq!(
        decode(much.as_bytes(), &[]).map(|body| body.map(|(data, _)| data.len())),
        Ok(Some(100_000))
    );
}

proptest! {
    #[test]
    fn however_data_is_chunked_and_cut_it_comes_back(
        pieces in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 1..300), 0_usize..4, "(;[ -~]{0,20})?"), 0..8),
        trailers in proptest::collection::vec("[a-z]{1,5}:[ -~]{0,10}", 0..3),
        cuts in proptest::collection::vec(0_usize..3000, 0..10),
        rest in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let (mut body, mut data) = (Vec::new(), Vec::new());
        for (piece, zeros, extension) in pieces {
            body.extend_from_slice(format!("{}{:x}{extension}\r\n", "0".repeat(zeros), piece.len()).as_bytes());
            body.extend_from_slice(&piece);
            body.extend_from_slice(b"\r\n");
            data.extend_from_slice(&piece);
        }
        body.extend_from_slice(b"0\r\n");
        for trailer in trailers {
            body.extend_from_slice(format!("{trailer}\r\n").as_bytes());
        }
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(&rest);
        // What is behind a cut after the end was not read.
        let (decoded, left) = decode(&body, &cuts).expect("sound").expect("complete");
        prop_assert_eq!(decoded, data);
        prop_assert_eq!(left, rest);
    }
}
