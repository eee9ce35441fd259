//! TLS: whom to trust, and what a failed handshake means in words.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, PeerIncompatible,
    RootCertStore, SignatureScheme,
};

use crate::error::{Error, Exit, Result};

/// Reads the certificates of PEM files.
pub(super) fn read_roots(files: &[PathBuf]) -> Result<Vec<CertificateDer<'static>>> {
    let mut roots = Vec::new();
    for file in files {
        let shown = file.display();
        let pem = fs::read(file).map_err(|cause| {
            Error::new(
                Exit::NoInput,
                format!("cannot read the certificate file `{shown}`"),
            )
            .caused_by(&cause)
        })?;
        let unusable = || {
            Error::new(Exit::Usage, format!("`{shown}` is not a file of PEM certificates"))
                .hint("a certificate begins with `-----BEGIN CERTIFICATE-----`; `openssl x509 -inform der` converts others")
        };
        let found: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|cause| unusable().caused_by(&cause))?;
        if found.is_empty() {
            return Err(unusable());
        }
        for certificate in &found {
            RootCertStore::empty()
                .add(certificate.clone())
                .map_err(|cause| unusable().caused_by(&cause))?;
        }
        roots.extend(found);
    }
    Ok(roots)
}

/// The configuration that all connections start from. It offers HTTP/2 and HTTP/1.1.
pub(super) fn configuration(
    extra: &[CertificateDer<'static>],
    insecure: bool,
) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|cause| cause.to_string())?;
    let mut config = if insecure {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
            .with_no_client_auth()
    } else {
        builder
            .with_root_certificates(trusted(extra)?)
            .with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn trusted(extra: &[CertificateDer<'static>]) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(extra.iter().cloned());
    let system = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(system.certs);
    if roots.is_empty() {
        let cause = system
            .errors
            .first()
            .map(|cause| format!(" ({cause})"))
            .unwrap_or_default();
        return Err(format!(
            "this system has no trusted certificates{cause}: `--cacert FILE` names some"
        ));
    }
    Ok(roots)
}

/// Accepts every certificate, as `--insecure` asks. The server still has to prove that it holds the key of the one it
/// shows.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Why a handshake failed, in words that say what to do where something can be done.
pub(super) fn explain(cause: &io::Error, host: &str) -> String {
    let inner = cause
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<TlsError>());
    match inner {
        Some(TlsError::InvalidCertificate(cause)) => certificate(cause, host),
        Some(TlsError::InvalidMessage(_)) => {
            format!("`{host}` does not speak TLS on this port: is it plain `http://`?")
        }
        Some(TlsError::AlertReceived(alert)) => {
            format!("`{host}` refused the handshake with the alert {alert:?}")
        }
        Some(TlsError::PeerIncompatible(PeerIncompatible::Tls12NotOffered)) => {
            format!("`{host}` speaks no TLS newer than 1.1")
        }
        Some(TlsError::NoApplicationProtocol) => {
            format!("`{host}` speaks neither HTTP/2 nor HTTP/1.1")
        }
        Some(other) => format!("the handshake with `{host}` failed: {other}"),
        None if is_closing(cause.kind()) => {
            format!("`{host}` closed the connection during the handshake")
        }
        None => format!("the handshake with `{host}` failed: {cause}"),
    }
}

fn is_closing(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        kind,
        UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe
    )
}

fn certificate(cause: &CertificateError, host: &str) -> String {
    match cause {
        CertificateError::UnknownIssuer => format!(
            "the certificate of `{host}` is signed by none of the trusted authorities: `--cacert FILE` trusts one more"
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("the certificate of `{host}` has expired")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("the certificate of `{host}` is not valid yet")
        }
        CertificateError::NotValidForName => {
            format!("the certificate is not valid for the name `{host}`")
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            let presented = if presented.is_empty() {
                "no name".to_owned()
            } else {
                presented
                    .iter()
                    .map(|name| plain_name(name))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            format!("the certificate is not valid for the name `{host}`, but for {presented}")
        }
        CertificateError::BadSignature => {
            format!(
                "the authority that the certificate of `{host}` names did not sign it; if it came with `--cacert`, is that the current one?"
            )
        }
        CertificateError::Revoked => format!("the certificate of `{host}` is revoked"),
        other if other.to_string().contains("CaUsedAsEndEntity") => format!(
            "the certificate of `{host}` is itself an authority's, as `openssl req -x509` makes them: give the server one with `basicConstraints=CA:FALSE`, or use `--insecure`"
        ),
        other => format!("the certificate of `{host}` is not acceptable: {other}"),
    }
}

/// `localhost` for the `DnsName("localhost")` that the verifier gives.
fn plain_name(presented: &str) -> &str {
    let inner = presented
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.map_or(presented, |name| name.trim_matches('"'))
}
