//! TLS: who is trusted, and what is said about who is not.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;

use super::server::{Server, ok, read_request};
use super::{client, client_with};
use crate::error::Exit;
use crate::http_client::error::Phase;
use crate::http_client::{Client, Error, Request, Settings, Shared};

/// A certificate authority and the file that it is trusted by.
pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: tempfile::NamedTempFile,
}

impl Authority {
    pub(super) fn new() -> Authority {
        Authority::named("authority")
    }

    fn named(name: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no names are fine");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(issuer.pem().as_bytes())
            .expect("the disk takes it");
        Authority { issuer, file }
    }

    fn file(&self) -> PathBuf {
        self.file.path().to_owned()
    }

    /// A client that trusts the authority.
    pub(super) fn client(&self) -> Client {
        self.client_with(Settings::default())
    }

    pub(super) fn client_with(&self, settings: Settings) -> Client {
        client_with(Settings {
            extra_roots: vec![self.file()],
            ..settings
        })
    }

    /// A server with a certificate for these names.
    pub(super) fn acceptor(&self, names: &[&str], alpn: &[&str]) -> TlsAcceptor {
        acceptor(names, Some(&self.issuer), alpn, |_| ())
    }
}

fn acceptor(
    names: &[&str],
    issuer: Option<&Issuer<'_, KeyPair>>,
    alpn: &[&str],
    change: impl FnOnce(&mut CertificateParams),
) -> TlsAcceptor {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names");
    change(&mut params);
    let key = KeyPair::generate().expect("a key");
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, issuer),
        None => params.self_signed(&key),
    };
    let certificate: CertificateDer<'static> = certificate.expect("a certificate").into();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the defaults")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a certificate and its key");
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    Arc::new(config).into()
}

/// Answers every request over TLS with `hello`.
async fn serving(acceptor: TlsAcceptor) -> Server {
    Server::start(move |socket, _| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(socket).await else {
                return;
            };
            while read_request(&mut stream).await.is_some() {
                stream
                    .write_all(&ok("", b"hello"))
                    .await
                    .expect("the client listens");
                stream.flush().await.expect("the client listens");
            }
        }
    })
    .await
}

fn secure(server: &Server, host: &str) -> String {
    format!("https://{host}:{}/", server.address.port())
}

#[tokio::test]
async fn an_authority_of_the_command_line_is_trusted() {
    let authority = Authority::new();
    for alpn in [&["http/1.1"][..], &[]] {
        let server = serving(authority.acceptor(&["localhost", "127.0.0.1"], alpn)).await;
        let mut client = authority.client();
        for (host, reused) in [
            ("localhost", false),
            ("localhost", true),
            ("127.0.0.1", false),
        ] {
            let response = client
                .send(Request::get(secure(&server, host)))
                .await
                .expect("answered");
            assert_eq!(&response.body[..], b"hello");
            assert_eq!(response.reused, reused);
            assert_eq!(response.timings.tls == 0, reused);
        }
        let traffic = client.take_traffic();
        assert_eq!(traffic.connections_opened, 2);
        assert!(
            traffic.bytes_received > 3 * ok("", b"hello").len() as u64,
            "TLS is counted"
        );
    }
}

#[tokio::test]
async fn parallel_requests_without_http2_have_a_connection_each() {
    let authority = Authority::new();
    let server = serving(authority.acceptor(&["localhost"], &["http/1.1"])).await;
    let mut client = authority.client();
    let requests = vec![Request::get(secure(&server, "localhost")); 5];
    for result in client.send_all(requests).await {
        assert_eq!(result.expect("answered").status, 200);
    }
    assert!(server.accepted() > 1);
}

#[track_caller]
fn assert_refused(result: Result<crate::http_client::Response, Error>, part: &str) {
    match result {
        Err(Error::Tls(text)) => assert!(text.contains(part), "{text}"),
        other => panic!("expected {part:?}, got {other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_good_is_refused_with_its_reason() {
    let authority = Authority::new();
    let issuer = || Some(&*authority.issuer);
    let bad = [
        (
            acceptor(&["localhost"], None, &[], |_| ()),
            "`--cacert FILE` trusts one more",
        ),
        (
            acceptor(&["localhost"], Some(&Authority::new().issuer), &[], |_| ()),
            "did not sign it",
        ),
        (
            acceptor(
                &["localhost"],
                Some(&Authority::named("another").issuer),
                &[],
                |_| (),
            ),
            "none of the trusted",
        ),
        (
            acceptor(&["example.com"], issuer(), &[], |_| ()),
            "not valid for the name `localhost`, but for",
        ),
        (
            acceptor(&["localhost"], issuer(), &[], |params| {
                params.not_after = date_time_ymd(2020, 1, 1)
            }),
            "has expired",
        ),
        (
            acceptor(&["localhost"], issuer(), &[], |params| {
                params.not_before = date_time_ymd(3000, 1, 1)
            }),
            "not valid yet",
        ),
    ];
    for (acceptor, part) in bad {
        let server = serving(acceptor).await;
        let request = || Request::get(secure(&server, "localhost"));
        assert_refused(authority.client().send(request()).await, part);
        // Nothing of it matters to somebody who asks for that.
        let mut insecure = client_with(Settings {
            insecure: true,
            ..Settings::default()
        });
        assert_eq!(insecure.send(request()).await.expect(part).status, 200);
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_told_apart() {
    let authority = Authority::new();
    let plain = Server::start(|mut socket, _| async move {
        let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        std::future::pending::<()>().await;
    })
    .await;
    assert_refused(
        authority
            .client()
            .send(Request::get(secure(&plain, "localhost")))
            .await,
        "plain `http://`",
    );

    let closing = Server::start(|socket, _| async move { drop(socket) }).await;
    assert_refused(
        authority
            .client()
            .send(Request::get(secure(&closing, "localhost")))
            .await,
        "closed the connection",
    );

    let other = serving(authority.acceptor(&["localhost"], &["spdy/3"])).await;
    assert_refused(
        authority
            .client()
            .send(Request::get(secure(&other, "localhost")))
            .await,
        "alert",
    );
}

#[tokio::test]
async fn an_end_without_a_goodbye_is_no_end_of_a_body() {
    let authority = Authority::new();
    let acceptor = authority.acceptor(&["localhost"], &[]);
    let server = Server::start(move |socket, place| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(socket).await.expect("a handshake");
            read_request(&mut stream).await.expect("a request");
            stream
                .write_all(b"HTTP/1.1 200 OK\r\n\r\nhello")
                .await
                .expect("the client listens");
            stream.flush().await.expect("the client listens");
            if place == 0 {
                stream.shutdown().await.expect("the client listens");
            }
        }
    })
    .await;
    let mut client = authority.client();
    let whole = client
        .send(Request::get(secure(&server, "localhost")))
        .await
        .expect("ended as it should");
    assert_eq!(&whole.body[..], b"hello");
    let cut = client
        .send(Request::get(secure(&server, "localhost")))
        .await;
    assert_eq!(
        cut.expect_err("somebody may have cut it off"),
        Error::Closed(Phase::Receive)
    );
}

#[tokio::test]
async fn the_system_does_not_trust_an_authority_that_nobody_named() {
    let authority = Authority::new();
    let server = serving(authority.acceptor(&["localhost"], &[])).await;
    let result = client()
        .send(Request::get(secure(&server, "localhost")))
        .await;
    // A system without any certificates has a message of its own.
    assert_refused(result, "--cacert FILE");
}

#[test]
fn a_certificate_file_that_cannot_be_used_ends_the_run_before_it_begins() {
    #[track_caller]
    fn check(file: PathBuf, exit: Exit, part: &str) {
        let settings = Settings {
            extra_roots: vec![file],
            ..Settings::default()
        };
        let error = Shared::new(settings).expect_err(part);
        assert_eq!(error.exit(), exit);
        assert!(error.what().contains(part), "{error}");
    }
    check(
        PathBuf::from("no/such/file.pem"),
        Exit::NoInput,
        "`no/such/file.pem`",
    );
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    check(
        file.path().to_owned(),
        Exit::Usage,
        "not a file of PEM certificates",
    );
    file.write_all(b"-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n")
        .expect("written");
    check(
        file.path().to_owned(),
        Exit::Usage,
        "not a file of PEM certificates",
    );
}
