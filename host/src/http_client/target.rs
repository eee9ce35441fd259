//! Where a request goes: a URL taken apart and admitted once, so that asking for it again costs a look-up.

use std::sync::Arc;

use http::HeaderValue;
use http::uri::{Authority, PathAndQuery, Scheme};
use url::{Host, Url};

use crate::policy::{NameGrant, Policy};

use super::error::{Error, shown};

/// The longest URL that is read, in bytes. HTTP carries no longer path, and reading takes time and several times the
/// memory.
pub(super) const LONGEST_URL: usize = 64 << 10;

/// The longest name that can be looked up, in bytes without the dot of the root (RFC 1035, 2.3.4).
const LONGEST_HOST: usize = 253;

/// What a connection belongs to: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Origin {
    pub(super) secure: bool,
    pub(super) host: Host<String>,
    pub(super) port: u16,
}

/// A URL that may be asked for. Holding one is the proof that the policy admitted its host.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) origin: Origin,
    /// Decides which addresses of the host may be connected to.
    pub(super) name: NameGrant,
    pub(super) url: Url,
    pub(super) path: PathAndQuery,
    pub(super) authority: Authority,
    /// The value of the `host` header.
    pub(super) host: HeaderValue,
}

impl Target {
    /// Takes apart and admits what a guest wrote.
    pub(super) fn parse(text: &str, policy: &Policy) -> Result<Arc<Target>, Error> {
        if text.len() > LONGEST_URL {
            return Err(Error::InvalidRequest(
                "the URL is longer than 64 KiB".to_owned(),
            ));
        }
        let invalid = |why: &str| Error::InvalidRequest(format!("the URL `{}` {why}", shown(text)));
        // The URL standard drops these and repairs a missing slash; here that would hide a bug of the operation.
        if text.contains(|c: char| c.is_control()) {
            return Err(invalid("contains a control character"));
        }
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            Some(scheme)
                if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => {}
            _ => {
                return Err(invalid(
                    "is not absolute: it begins with `http://` or `https://`",
                ));
            }
        }
        let url = Url::parse(text).map_err(|cause| invalid(&format!("does not parse: {cause}")))?;
        Target::admit(url, policy)
    }

    /// Admits a URL whose scheme is known to be http or https.
    pub(super) fn admit(mut url: Url, policy: &Policy) -> Result<Arc<Target>, Error> {
        if !url.username().is_empty() || url.password().is_some() {
            // The URL is not repeated: what stands in it is a secret.
            let text =
                "the URL contains a user name or password: send an `authorization` header instead";
            return Err(Error::InvalidRequest(text.to_owned()));
        }
        url.set_fragment(None);
        let invalid =
            |why: &str| Error::InvalidRequest(format!("the URL `{}` {why}", shown(url.as_str())));
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(invalid("names no host"));
        };
        if port == 0 {
            return Err(invalid("names port 0, which nothing listens on"));
        }
        if let Host::Domain(name) = host
            && name.strip_suffix('.').unwrap_or(name).len() > LONGEST_HOST
        {
            return Err(invalid("names a host longer than 253 bytes"));
        }
        let name = policy.admit(&host, port).map_err(Error::Denied)?;
        let shown_port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        let authority = format!("{host}{shown_port}");
        let path = &url[url::Position::BeforePath..];
        let path: PathAndQuery = path
            .parse()
            .map_err(|_| invalid("is too long or has a path that HTTP cannot carry"))?;
        let host_header = HeaderValue::from_str(&authority)
            .map_err(|_| invalid("names a host that HTTP cannot carry"))?;
        let authority = authority
            .parse()
            .map_err(|_| invalid("names a host that HTTP cannot carry"))?;
        let origin = Origin {
            secure: url.scheme() == "https",
            host: host.to_owned(),
            port,
        };
        Ok(Arc::new(Target {
            origin,
            name,
            path,
            authority,
            host: host_header,
            url,
        }))
    }

    pub(super) fn scheme(&self) -> Scheme {
        if self.origin.secure {
            Scheme::HTTPS
        } else {
            Scheme::HTTP
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart_as_it_is_sent() {
        #[track_caller]
        fn check(url: &str, host: &str, path: &str) {
            let policy = Policy::new(vec!["any".parse().expect("a grant")]);
            let target = Target::parse(url, &policy).expect(url);
            assert_eq!(target.host, host);
            assert_eq!(target.path.as_str(), path);
            assert_eq!(target.authority.as_str(), host);
        }
        check("http://example.com", "example.com", "/");
        check("http://example.com:80/", "example.com", "/");
        check("https://example.com:80/", "example.com:80", "/");
        check("HTTPS://Example.COM:443/a?b#c", "example.com", "/a?b");
        check("http://example.com?a=b&c", "example.com", "/?a=b&c");
        check("http://[::1]:8080/x", "[::1]:8080", "/x");
        check("http://0x7f.1/x", "127.0.0.1", "/x");
        check(
            "http://bücher.example/ü ö?q=ä b|{}",
            "xn--bcher-kva.example",
            "/%C3%BC%20%C3%B6?q=%C3%A4%20b|{}",
        );
        check("http://example.com/a/../b/./c", "example.com", "/b/c");
    }

    #[test]
    fn a_url_that_cannot_be_asked_for_is_refused() {
        #[track_caller]
        fn check(url: &str, why: &str) {
            match Target::parse(url, &Policy::default()) {
                Err(Error::InvalidRequest(text)) => assert!(text.contains(why), "{url:?}: {text}"),
                other => panic!("{url:?}: {other:?}"),
            }
        }
        check("", "is not absolute");
        check("/path", "is not absolute");
        check("localhost:8080/", "is not absolute");
        check("http:/localhost", "is not absolute");
        check("ftp://localhost/", "is not absolute");
        check(" http://localhost/", "is not absolute");
        check("http://local\nhost/", "control character");
        check("http://localhost/\u{0}", "control character");
        check("http://", "does not parse");
        check("http://localhost:65536/", "does not parse");
        check("http://[::1/", "does not parse");
        check("http://localhost:0/", "port 0");
        check("http://user@localhost/", "`authorization`");
        check("http://:secret@localhost/", "`authorization`");
        check(
            &format!("http://localhost/{}", "ü".repeat(30_000)),
            "is too long",
        );
    }

    #[test]
    fn a_url_is_read_up_to_64_kib() {
        #[track_caller]
        fn check(url: &str, expected: Result<(), &str>) {
            let expected = expected.map_err(|text| Error::InvalidRequest(text.to_owned()));
            let target = Target::parse(url, &Policy::default());
            assert_eq!(target.map(drop), expected, "{} bytes", url.len());
        }
        let with_path = |length: usize| {
            let start = "http://localhost/";
            format!("{start}{}", "a".repeat(length - start.len()))
        };
        let too_long = Err("the URL is longer than 64 KiB");
        check(&with_path(64 << 10), Ok(()));
        check(&with_path((64 << 10) + 1), too_long);
        check(&with_path(20_000_000), too_long);
        // Looked at for nothing else: neither for its scheme nor for control characters or secrets.
        check(&"\n".repeat(20_000_000), too_long);
        check(&format!("http://u:p@{}/", "ü".repeat(10_000_000)), too_long);
    }

    #[test]
    fn a_host_is_judged_only_if_its_name_can_be_looked_up() {
        #[track_caller]
        fn check(host: &str, admitted: bool) {
            let policy = Policy::new(vec!["any".parse().expect("a grant")]);
            match Target::parse(&format!("http://{host}/"), &policy) {
                Ok(_) => assert!(admitted, "{host}"),
                Err(Error::InvalidRequest(text)) => {
                    assert!(!admitted, "{host}");
                    assert!(
                        text.ends_with("names a host longer than 253 bytes"),
                        "{text}"
                    );
                    assert!(text.len() < 300, "{text}");
                }
                Err(other) => panic!("{host}: {other}"),
            }
        }
        let name = |length: usize| "abcd.".repeat(length)[..length].to_owned();
        check(&name(253), true);
        check(&format!("{}.", name(253)), true);
        check(&name(254), false);
        check(&format!("{}.", name(254)), false);
        check(&name(60_000), false);
        // Short as it is written and long as it is looked up.
        check(&"ü.".repeat(100), false);
        // The policy would say something else.
        let error = Target::parse(&format!("http://{}/", name(254)), &Policy::default());
        assert!(matches!(error, Err(Error::InvalidRequest(_))), "{error:?}");
    }

    #[test]
    fn a_secret_in_a_url_is_not_repeated() {
        let error = Target::parse("http://user:hunter2@localhost/", &Policy::default())
            .expect_err("refused");
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn the_policy_judges_the_host_as_it_is_understood() {
        #[track_caller]
        fn check(url: &str) {
            assert!(
                matches!(
                    Target::parse(url, &Policy::default()),
                    Err(Error::Denied(_))
                ),
                "{url}"
            );
        }
        check("http://example.com/");
        check("http://127.0.0.1.example.com/");
        check("http://167772161/");
        check("http://169.254.169.254/latest");
    }
}
