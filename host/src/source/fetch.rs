//! Operations that are fetched over HTTP.

use std::path::PathBuf;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::bounded;
use crate::error::{Error, Exit, Result};
use crate::redact;

/// How long fetching an operation may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(60);

/// Whom to believe when an operation is fetched, beside the system's certificates.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trust<'a> {
    /// PEM files of further certificate authorities.
    pub extra_roots: &'a [PathBuf],
    /// Accept every certificate.
    pub insecure: bool,
}

impl Trust<'_> {
    fn certificates(&self) -> Result<Vec<reqwest::Certificate>> {
        let mut certificates = Vec::new();
        for path in self.extra_roots {
            let shown = path.display();
            let cannot = || {
                Error::new(
                    Exit::NoInput,
                    format!("cannot read the certificates in `{shown}`"),
                )
            };
            let pem = std::fs::read(path).map_err(|cause| cannot().caused_by(&cause))?;
            let bundle = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|cause| cannot().caused_by(&cause))?;
            if bundle.is_empty() {
                return Err(cannot()
                    .because("there is none in it")
                    .hint("give a PEM file"));
            }
            certificates.extend(bundle);
        }
        Ok(certificates)
    }
}

/// Fetches an operation. The address is its own grant: it is what the person asked for, and what is fetched is only run in
/// a sandbox. `#sha256=…` at its end pins the content.
pub(super) fn fetch(address: &str, trust: &Trust<'_>) -> Result<Vec<u8>> {
    let (address, pin) = match address.split_once('#') {
        Some((address, fragment)) => (address, Some(pin(fragment)?)),
        None => (address, None),
    };
    if pin.is_none() && !is_private(address) {
        return Err(Error::new(
            Exit::Usage,
            format!("`{}` would be fetched in clear text", shown(address)),
        )
        .because("anybody on the way could put another operation in its place")
        .hint("fetch it from `https://`, or pin it with `#sha256=…`"));
    }
    let cannot = |cause: &(dyn std::error::Error + 'static)| {
        let error = Error::new(Exit::NoInput, format!("cannot fetch `{}`", shown(address)));
        hinted(error.caused_by(cause))
    };
    // The first one installed stays; it is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::builder()
        .tls_certs_merge(trust.certificates()?)
        .tls_danger_accept_invalid_certs(trust.insecure)
        // Not a step of the way in clear text, if the first was not.
        .https_only(address.to_ascii_lowercase().starts_with("https://"))
        .timeout(FETCH_TIMEOUT)
        .user_agent(concat!("gorgon/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|cause| cannot(&cause))?;
    let response = client.get(address).send().map_err(|cause| cannot(&cause))?;
    if !response.status().is_success() {
        return Err(
            Error::new(Exit::NoInput, format!("cannot fetch `{}`", shown(address)))
                .because(format!("the server answered {}", response.status()))
                .hint("is the address complete, and does it need no login?"),
        );
    }
    let bytes = bounded(address, response)?;
    match pin {
        Some(pin) => pinned(address, bytes, &pin),
        None => Ok(bytes),
    }
}

/// The address as it may be shown.
fn shown(address: &str) -> String {
    redact::address(address).escape_debug().to_string()
}

/// What to do about the commonest reasons.
fn hinted(error: Error) -> Error {
    let causes = error.causes().join(" ");
    let hint = if causes.contains("UnknownIssuer") {
        "the certificate is signed by none of the trusted authorities: `--cacert FILE` trusts one more"
    } else if causes.contains("certificate") {
        "the server's certificate is not acceptable; `--insecure` takes it all the same"
    } else if causes.contains("InvalidContentType") {
        "the server does not speak TLS on this port: is it plain `http://`?"
    } else if causes.contains("refused") {
        "is the server running, and the port right?"
    } else if causes.contains("lookup") || causes.contains("dns") {
        "is the name spelt right, and is there a network?"
    } else {
        "is the address right? `curl -I` with the same address shows more"
    };
    error.hint(hint)
}

/// Whether nobody on the way can change what is fetched: TLS, or this machine itself.
fn is_private(address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else {
        return true;
    };
    let loopback = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || loopback
}

/// `sha256=` and 64 hexadecimal digits.
fn pin(fragment: &str) -> Result<String> {
    let digest = fragment.strip_prefix("sha256=").unwrap_or("");
    if digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(digest.to_ascii_lowercase());
    }
    Err(Error::new(
        Exit::Usage,
        format!("`#{}` does not pin the file", fragment.escape_debug()),
    )
    .because("what follows the `#` must be `sha256=` and 64 hexadecimal digits")
    .hint("`sha256sum op.wasm` prints them"))
}

fn pinned(address: &str, bytes: Vec<u8>, pin: &str) -> Result<Vec<u8>> {
    let found: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if found == pin {
        return Ok(bytes);
    }
    Err(Error::new(
        Exit::Unusable,
        format!("`{}` is not the file that was pinned", shown(address)),
    )
    .because(format!("pinned:  sha256={pin}"))
    .because(format!("fetched: sha256={found}"))
    .hint("the file has changed since; look at what changed before you pin it anew"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_text_is_for_this_machine_or_for_what_is_pinned() {
        assert!(is_private("https://example.com/op.wasm"));
        assert!(is_private("http://127.0.0.1:8000/op.wasm"));
        assert!(is_private("http://localhost/op.wasm"));
        assert!(!is_private("http://example.com/op.wasm"));
        let error = fetch("http://example.com/op.wasm", &Trust::default()).unwrap_err();
        assert_eq!(error.exit(), Exit::Usage);
    }

    #[test]
    fn a_pin_is_checked() {
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(pinned("x", b"abc".to_vec(), right).unwrap(), b"abc");
        assert_eq!(
            pinned("x", b"abd".to_vec(), right).unwrap_err().exit(),
            Exit::Unusable
        );
        assert_eq!(
            pin(&format!("sha256={}", right.to_uppercase())).unwrap(),
            right
        );
        assert_eq!(pin("sha256=12").unwrap_err().exit(), Exit::Usage);
        assert_eq!(pin("md5=12").unwrap_err().exit(), Exit::Usage);
    }
}
