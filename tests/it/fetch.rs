//! Operations that come over HTTP, servers that speak TLS, and the cache of compiled operations.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sha2::{Digest, Sha256};

use crate::support::{Files, Gorgon, RawServer, gorgon};

/// Reads a request and gives the answer, until the client goes away.
fn answer_all(mut stream: impl Read + Write, answer: &[u8]) {
    let mut request = Vec::new();
    let mut byte = [0];
    while let Ok(1) = stream.read(&mut byte) {
        request.push(byte[0]);
        if request.ends_with(b"\r\n\r\n") {
            request.clear();
            if stream
                .write_all(answer)
                .and_then(|()| stream.flush())
                .is_err()
            {
                break;
            }
        }
    }
}

fn file_answer() -> Vec<u8> {
    let file = std::fs::read(gorgon_fixtures::PROBE).expect("the guest is there");
    let mut answer =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", file.len()).into_bytes();
    answer.extend(file);
    answer
}

fn serving(answer: Vec<u8>) -> RawServer {
    RawServer::start(move |stream| answer_all(stream, &answer))
}

/// A server for `localhost` with a certificate of an authority of its own, which is in the file.
fn serving_tls(answer: Vec<u8>, files: &Files) -> (RawServer, PathBuf) {
    let mut params = CertificateParams::new(Vec::new()).expect("no names are fine");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = CertifiedIssuer::self_signed(params, key).expect("a certificate");
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .and_then(|params| params.signed_by(&key, &authority))
        .expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a certificate and its key");
    let config = Arc::new(config);
    let server = RawServer::start(move |stream: TcpStream| {
        let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
        answer_all(StreamOwned::new(session, stream), &answer);
    });
    (server, files.write("authority.pem", authority.pem()))
}

fn numbers(operation: String) -> Gorgon {
    gorgon("run")
        .args([operation.as_str(), "-n", "5", "-w", "2"])
        .set("do", "state")
}

#[test]
fn an_operation_is_fetched_and_run() {
    let server = serving(file_answer());
    let summary = numbers(server.url("/ops/probe.wasm")).json();
    assert_eq!((summary.calls("done"), summary.calls("ok")), (5, 5));
    assert_eq!(summary.at("/components/0/name"), "probe.wasm");
}

#[test]
fn a_pin_decides_what_may_run() {
    let server = serving(file_answer());
    let file = std::fs::read(gorgon_fixtures::PROBE).expect("the guest is there");
    let digest: String = Sha256::digest(&file)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let pinned = server.url(&format!("/probe.wasm#sha256={digest}"));
    assert_eq!(numbers(pinned).json().calls("ok"), 5);
    let other = server.url(&format!("/probe.wasm#sha256={}", "0".repeat(64)));
    numbers(other)
        .expect_exit(65)
        .stderr_contains(&digest)
        .stdout_is_empty();
}

#[test]
fn what_cannot_be_fetched_is_missing_input() {
    let server = serving(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec());
    numbers(server.url("/nothing.wasm"))
        .expect_exit(66)
        .stderr_contains("404");
    numbers("http://example.com/op.wasm".to_owned())
        .expect_exit(64)
        .stderr_contains("#sha256");
}

#[test]
fn a_fetch_over_tls_trusts_what_the_person_trusts() {
    let files = Files::new();
    let (server, authority) = serving_tls(file_answer(), &files);
    let url = server
        .url("/probe.wasm")
        .replace("http://127.0.0.1", "https://localhost");
    numbers(url.clone()).expect_exit(66).has_no_sign_of_a_bug();
    assert_eq!(
        numbers(url.clone())
            .arg("--cacert")
            .arg(&authority)
            .json()
            .calls("ok"),
        5
    );
    assert_eq!(numbers(url).arg("--insecure").json().calls("ok"), 5);
}

#[test]
fn requests_over_tls_need_a_certificate_that_is_trusted_or_the_word_that_it_need_not_be() {
    let files = Files::new();
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec();
    let (server, authority) = serving_tls(answer, &files);
    let url = server
        .url("/")
        .replace("http://127.0.0.1", "https://localhost");
    let calls = || {
        gorgon("run")
            .args(["http", "-n", "20", "-w", "2"])
            .set("url", &url)
    };
    let refused = calls().json_and_exit(69);
    refused.has_tags([("tls", 20)]);
    assert!(refused.at("/failures").to_string().contains("--cacert"));
    let trusted = calls().arg("--cacert").arg(&authority).json();
    trusted.has_tags([("200", 20)]);
    assert_eq!(
        trusted.at("/http/connections_opened"),
        2,
        "one for each worker"
    );
    let waved_through = calls().arg("--insecure").json();
    waved_through.has_tags([("200", 20)]);
    assert!(
        waved_through
            .at("/notes")
            .to_string()
            .contains("--insecure")
    );
}

#[test]
fn a_second_run_finds_the_operation_compiled_and_a_spoilt_cache_is_no_obstacle() {
    let files = Files::new();
    let cache = files.path().join("cache");
    let run = || {
        let run = gorgon("run")
            .args(["noop", "-n", "10"])
            .env("GORGON_CACHE_DIR", &cache);
        assert_eq!(run.json().calls("ok"), 10);
    };
    let compiled = || {
        let entries = std::fs::read_dir(&cache).expect("the cache is there");
        let entries = entries.map(|entry| entry.expect("an entry"));
        entries
            .map(|entry| (entry.path(), entry.metadata().expect("metadata")))
            .collect::<Vec<_>>()
    };
    run();
    let first = compiled();
    assert_eq!(first.len(), 1, "one compiled operation");
    run();
    let second = compiled();
    assert_eq!(second.len(), 1);
    let modified = |entry: &(PathBuf, std::fs::Metadata)| entry.1.modified().expect("a time");
    assert_eq!(
        modified(&first[0]),
        modified(&second[0]),
        "not written again"
    );
    std::fs::write(&first[0].0, b"spoilt").expect("the file can be written");
    run();
    assert!(compiled()[0].1.len() > 1_000, "compiled anew");
}
