//! Where an operation comes from: a file, standard input, an address, or the stock plugins.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::component::kind::FILE_BYTES_MAX;
use crate::error::{Error, Exit, Result};
use crate::plugins;

/// How long fetching an operation may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(60);

/// The bytes of an operation and the name a person knows it by.
#[derive(Debug)]
pub struct Source {
    /// A path, an address, or the name of a stock plugin.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

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

/// Reads the operation that `operation` names: `https://…` is fetched, `-` is standard input, what has a `/` in it or ends
/// in `.wasm` is a file, and anything else a stock plugin.
///
/// # Errors
/// It is not there, cannot be read, or is larger than 64 MiB.
pub fn read(operation: &str, trust: &Trust<'_>) -> Result<Source> {
    if operation.is_empty() {
        return Err(
            Error::new(Exit::Usage, "the name of the operation is empty")
                .hint("`gorgon list` shows the stock plugins"),
        );
    }
    let bytes = if operation.starts_with("https://") || operation.starts_with("http://") {
        fetch(operation, trust)?
    } else if operation == "-" {
        bounded(operation, io::stdin().lock())?
    } else if operation.contains('/')
        || operation.ends_with(".wasm")
        || Path::new(operation).is_file()
    {
        file(operation)?
    } else {
        plugin(operation)?.to_vec()
    };
    Ok(Source {
        name: operation.to_owned(),
        bytes,
    })
}

fn plugin(name: &str) -> Result<&'static [u8]> {
    if let Some(plugin) = plugins::find(name) {
        return Ok(plugin.bytes);
    }
    let names: Vec<&str> = plugins::ALL.iter().map(|plugin| plugin.name).collect();
    let error = Error::new(
        Exit::NoInput,
        format!("there is no stock plugin `{}`", name.escape_debug()),
    );
    let error = match near(name, names.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("stock plugins: {}", names.join(", "))),
    };
    Err(error.hint(format!(
        "a file is given by its path: `./{}` or `*.wasm`",
        name.escape_debug()
    )))
}

fn file(path: &str) -> Result<Vec<u8>> {
    let cannot = |cause: &io::Error| {
        let error = Error::new(
            Exit::NoInput,
            format!("cannot read `{}`", path.escape_debug()),
        )
        .caused_by(cause);
        match cause.kind() {
            io::ErrorKind::NotFound => {
                similar_files(path).into_iter().fold(error, |error, near| {
                    error.hint(format!("did you mean `{near}`?"))
                })
            }
            io::ErrorKind::PermissionDenied => error.hint("make it readable: `chmod +r`"),
            io::ErrorKind::IsADirectory => {
                error.hint("give the `.wasm` file that the build made in it")
            }
            _ => error,
        }
    };
    let file = File::open(path).map_err(|cause| cannot(&cause))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(cannot(&io::Error::from(io::ErrorKind::IsADirectory)));
    }
    bounded(path, file)
}

/// Reads everything, but never more than an operation may have.
fn bounded(name: &str, reader: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = reader.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|cause| {
        Error::new(
            Exit::NoInput,
            format!("cannot read `{}`", name.escape_debug()),
        )
        .caused_by(&cause)
    })?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(Error::new(
            Exit::Unusable,
            format!("`{}` is larger than 64 MiB", name.escape_debug()),
        )
        .hint("strip its debug information: `wasm-tools strip op.wasm -o small.wasm`"));
    }
    Ok(bytes)
}

/// Files near `path` that were perhaps meant: the same name in cargo's output folders, or a name like it beside it.
fn similar_files(path: &str) -> Vec<String> {
    let path = Path::new(path);
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Vec::new();
    };
    let built = ["target/wasm32-wasip2/release", "target/wasm32-wasip2/debug"];
    let built = built
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|candidate| candidate.is_file());
    if let Some(built) = built {
        return vec![built.display().to_string()];
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let wasm = names
        .iter()
        .map(String::as_str)
        .filter(|name| name.ends_with(".wasm"));
    near(name, wasm)
        .map(|near| folder.join(near).display().to_string())
        .into_iter()
        .collect()
}

/// The one of `names` that is most like `name`, if any is like it at all.
fn near<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, near) = names.map(|other| (distance(name, other), other)).min()?;
    (distance <= name.len().max(3) / 3).then_some(near)
}

/// The Levenshtein distance: insertions, deletions and replacements of characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Fetches an operation. The address is its own grant: it is what the person asked for, and what is fetched is only run in
/// a sandbox. `#sha256=…` at its end pins the content.
fn fetch(address: &str, trust: &Trust<'_>) -> Result<Vec<u8>> {
    let (address, pin) = match address.split_once('#') {
        Some((address, fragment)) => (address, Some(pin(fragment)?)),
        None => (address, None),
    };
    if pin.is_none() && !is_private(address) {
        return Err(Error::new(
            Exit::Usage,
            format!(
                "`{}` would be fetched in clear text",
                address.escape_debug()
            ),
        )
        .because("anybody on the way could put another operation in its place")
        .hint("fetch it from `https://`, or pin it with `#sha256=…`"));
    }
    let cannot = |cause: &(dyn std::error::Error + 'static)| {
        Error::new(
            Exit::NoInput,
            format!("cannot fetch `{}`", address.escape_debug()),
        )
        .caused_by(cause)
    };
    // The first one installed stays; it is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::blocking::Client::builder()
        .tls_certs_merge(trust.certificates()?)
        .tls_danger_accept_invalid_certs(trust.insecure)
        .timeout(FETCH_TIMEOUT)
        .user_agent(concat!("gorgon/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|cause| cannot(&cause))?;
    let response = client.get(address).send().map_err(|cause| cannot(&cause))?;
    if !response.status().is_success() {
        return Err(Error::new(
            Exit::NoInput,
            format!("cannot fetch `{}`", address.escape_debug()),
        )
        .because(format!("the server answered {}", response.status()))
        .hint("is the address complete, and does it need no login?"));
    }
    let bytes = bounded(address, response)?;
    match pin {
        Some(pin) => pinned(address, bytes, &pin),
        None => Ok(bytes),
    }
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
        format!(
            "`{}` is not the file that was pinned",
            address.escape_debug()
        ),
    )
    .because(format!("pinned:  sha256={pin}"))
    .because(format!("fetched: sha256={found}"))
    .hint("the file has changed since; look at what changed before you pin it anew"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(near("hsah", ["hash", "http"].into_iter()), None);
        assert_eq!(near("hashh", ["hash", "http"].into_iter()), Some("hash"));
        assert_eq!(near("htp", ["hash", "http"].into_iter()), Some("http"));
        assert_eq!(near("browse", ["hash", "http"].into_iter()), None);
    }

    #[test]
    fn distances_are_levenshtein_s() {
        #[track_caller]
        fn check(a: &str, b: &str, expected: usize) {
            assert_eq!(distance(a, b), expected);
            assert_eq!(distance(b, a), expected);
        }
        check("", "", 0);
        check("", "abc", 3);
        check("kitten", "sitting", 3);
        check("flaw", "lawn", 2);
        check("é", "e", 1);
    }

    #[test]
    fn what_is_missing_is_named_with_what_was_perhaps_meant() {
        let error = read("hashh", &Trust::default()).unwrap_err();
        assert_eq!(error.exit(), Exit::NoInput);
        assert!(error.hints()[0].contains("`hash`"), "{error:?}");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("checkout.wasm"), b"").unwrap();
        let error = read(
            folder.path().join("chekout.wasm").to_str().unwrap(),
            &Trust::default(),
        )
        .unwrap_err();
        assert!(error.hints()[0].contains("checkout.wasm"), "{error:?}");
        let error = read(&format!("{}/", folder.path().display()), &Trust::default()).unwrap_err();
        assert!(error.causes()[0].contains("directory"), "{error:?}");
    }

    #[test]
    fn an_endless_file_is_read_up_to_the_limit() {
        let error = read("/dev/zero", &Trust::default()).unwrap_err();
        assert_eq!(error.exit(), Exit::Unusable);
        assert!(error.what().contains("64 MiB"));
    }

    #[test]
    fn clear_text_is_for_this_machine_or_for_what_is_pinned() {
        assert!(is_private("https://example.com/op.wasm"));
        assert!(is_private("http://127.0.0.1:8000/op.wasm"));
        assert!(is_private("http://localhost/op.wasm"));
        assert!(!is_private("http://example.com/op.wasm"));
        let error = read("http://example.com/op.wasm", &Trust::default()).unwrap_err();
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
