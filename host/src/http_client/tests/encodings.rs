//! Encoded bodies: undone, left alone, refused.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;

use super::bodies::get;
use super::client;
use super::server::{Server, ok};
use crate::http_client::{BodyMode, Error, Request, Response, Settings};

pub(super) fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn raw_deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// Up to 65,536 bytes as one uncompressed block (RFC 7932, 9.2), and an empty last one.
fn brotli(data: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    if let Some(last) = data.len().checked_sub(1) {
        let header = u32::try_from(last).expect("short") << 4 | 1 << 20;
        encoded.extend_from_slice(&header.to_le_bytes()[..3]);
        encoded.extend_from_slice(data);
        encoded.push(0b11);
    } else {
        encoded.push(0b110);
    }
    encoded
}

fn decoding() -> Request {
    Request {
        decode: true,
        ..Request::get("")
    }
}

async fn decoded(encoding: &str, body: &[u8]) -> Result<Response, Error> {
    get(
        ok(&format!("content-encoding: {encoding}\r\n"), body),
        decoding(),
        Settings::default(),
    )
    .await
}

#[tokio::test]
async fn a_body_arrives_as_it_was_before_it_was_encoded() {
    async fn check(encoding: &str, body: Vec<u8>, expected: &[u8]) {
        let response = decoded(encoding, &body)
            .await
            .unwrap_or_else(|error| panic!("{encoding}: {error}"));
        assert_eq!(response.body, expected, "{encoding}");
        assert_eq!(response.body_size, expected.len() as u64, "{encoding}");
        let kept = response.headers.get("content-encoding");
        assert_eq!(kept, Some(encoding.as_bytes()));
    }
    let text = b"hello, hello, hello".repeat(1000);
    check("gzip", gzip(&text), &text).await;
    check("X-GZIP", gzip(&text), &text).await;
    check("deflate", zlib(&text), &text).await;
    check("deflate", raw_deflate(&text), &text).await;
    check("br", brotli(&text), &text).await;
    check("identity", text.clone(), &text).await;
    check("gzip", gzip(b""), b"").await;
    check("deflate", raw_deflate(b""), b"").await;
    check("br", brotli(b""), b"").await;
    // Two members of gzip are one body; two codings are undone from the last.
    check(
        "gzip",
        [gzip(b"hello, "), gzip(b"world")].concat(),
        b"hello, world",
    )
    .await;
    check("deflate, gzip", gzip(&zlib(&text)), &text).await;
    check("gzip, identity, br", brotli(&gzip(&text)), &text).await;
    // Servers say so even where there is nothing.
    check("gzip", Vec::new(), b"").await;
}

#[tokio::test]
async fn a_body_that_nobody_wants_decoded_stays_as_it_came() {
    let body = gzip(b"hello");
    let answer = ok("content-encoding: gzip\r\n", &body);
    let response = get(answer, Request::get(""), Settings::default())
        .await
        .expect("answered");
    assert_eq!(response.body, body);
}

#[tokio::test]
async fn a_body_that_is_not_what_it_says_is_an_error() {
    async fn check(encoding: &str, body: Vec<u8>) {
        match decoded(encoding, &body).await {
            Err(Error::Decode(_)) => {}
            other => panic!("{encoding}, {} bytes: {other:?}", body.len()),
        }
    }
    fn without_end(mut body: Vec<u8>) -> Vec<u8> {
        body.pop();
        body
    }
    fn with_more(mut body: Vec<u8>) -> Vec<u8> {
        body.extend_from_slice(b"more");
        body
    }
    fn spoiled(mut body: Vec<u8>, place: usize) -> Vec<u8> {
        body[place] ^= 0xff;
        body
    }
    let text = b"hello, hello, hello";
    for encoding in ["gzip", "br"] {
        check(encoding, b"plain text".to_vec()).await;
    }
    check("deflate", vec![0xff; 20]).await;
    check("gzip", without_end(gzip(text))).await;
    check("deflate", without_end(zlib(text))).await;
    check("deflate", without_end(raw_deflate(text))).await;
    check("br", without_end(brotli(text))).await;
    check("gzip", with_more(gzip(text))).await;
    check("deflate", with_more(zlib(text))).await;
    check("deflate", with_more(raw_deflate(text))).await;
    check("br", with_more(brotli(text))).await;
    let end = gzip(text).len() - 1;
    check("gzip", spoiled(gzip(text), end)).await;
    check("gzip", spoiled(gzip(text), end - 4)).await;
    check("deflate", spoiled(zlib(text), zlib(text).len() - 1)).await;
    check("deflate", vec![0x78]).await;
    check("zstd", b"whatever".to_vec()).await;
    check("gzip, gzip, gzip", gzip(&gzip(&gzip(text)))).await;
}

#[tokio::test]
async fn a_body_cut_before_it_was_encoded_is_no_fault_of_the_connection() {
    let mut body = gzip(b"hello");
    body.truncate(body.len() - 1);
    let server = Server::answering(ok("content-encoding: gzip\r\n", &body)).await;
    let mut client = client();
    let get = || Request {
        url: server.url("/"),
        ..decoding()
    };
    assert!(matches!(client.send(get()).await, Err(Error::Decode(_))));
    let raw = Request {
        decode: false,
        ..get()
    };
    assert!(client.send(raw).await.expect("answered").reused);
}

#[tokio::test]
async fn a_bomb_does_not_unfold() {
    // 64 MiB of zeros in some hundred bytes.
    let bomb = gzip(&gzip(&vec![0; 64 << 20]));
    assert!(bomb.len() < 1000);
    let answer = ok("content-encoding: gzip, gzip\r\n", &bomb);
    for body_mode in [BodyMode::Full, BodyMode::Discard, BodyMode::First(10)] {
        let request = Request {
            body_mode,
            ..decoding()
        };
        let result = get(
            answer.clone(),
            request,
            Settings {
                body_limit: 1 << 30,
                ..Settings::default()
            },
        )
        .await;
        match result {
            Err(Error::Decode(text)) => assert!(text.contains("unfolds"), "{text}"),
            other => panic!("{body_mode:?}: {other:?}"),
        }
    }
    let result = get(
        answer,
        decoding(),
        Settings {
            body_limit: 1000,
            ..Settings::default()
        },
    )
    .await;
    assert_eq!(result.expect_err("too large"), Error::TooLarge(1000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_cut_of_a_body_into_pieces_makes_no_difference(
        data in proptest::collection::vec(any::<u8>(), 0..5000),
        cuts in proptest::collection::vec(1_usize..600, 1..20),
        mode in prop_oneof![Just(BodyMode::Full), Just(BodyMode::Discard), (0_u32..6000).prop_map(BodyMode::First)],
        coding in 0_usize..5,
    ) {
        let (name, encoded) = [
            ("identity", data.clone()),
            ("gzip", gzip(&data)),
            ("deflate", zlib(&data)),
            ("deflate", raw_deflate(&data)),
            ("br", brotli(&data)),
        ][coding].clone();
        let mut headers = http::HeaderMap::new();
        headers.insert("content-encoding", name.parse().expect("a value"));
        let mut sink = crate::http_client::body::Sink::new(mode, 5000, true, &headers.into(), None).expect("a sink");
        let mut rest = Bytes::from(encoded);
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            sink.push(&rest.split_to((*cut).min(rest.len()))).expect("taken");
        }
        let kept = sink.finish().expect("ends");
        let keep = match mode {
            BodyMode::Full => data.len(),
            BodyMode::Discard => 0,
            BodyMode::First(bytes) => data.len().min(bytes as usize),
        };
        prop_assert_eq!(kept.size, data.len() as u64);
        prop_assert_eq!(&kept.body[..], &data[..keep]);
    }
}
