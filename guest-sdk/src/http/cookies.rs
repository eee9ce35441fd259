//! A cookie jar: what of RFC 6265 a flow through a site needs.
//!
//! Domains, paths, `Secure` and `Max-Age` are kept as the RFC says, on the run's clock. Of `Expires` only the way to
//! delete a cookie is understood, a year before 2000: the sandbox has no calendar, and a run is short. There is no
//! list of public suffixes: a `Domain` without a dot is refused, nothing more.

use std::time::Duration;

use super::url::Parts;

/// More cookies than this push the oldest out, so that a long run does not fill the sandbox.
const CAPACITY: usize = 300;

#[derive(Debug, Clone, Default)]
pub(crate) struct Jar {
    /// Oldest first.
    cookies: Vec<Cookie>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    domain: String,
    /// Sent to `domain` alone, not to the hosts below it.
    host_only: bool,
    path: String,
    secure: bool,
    expires: Option<Duration>,
}

impl Jar {
    /// Takes in a `set-cookie` header of an answer from `url`. What is not a cookie of that site is left out.
    pub(crate) fn store(&mut self, url: &str, header: &str, now: Duration) {
        let Some((cookie, expired)) =
            Parts::of(url).and_then(|url| Cookie::parse(&url, header, now))
        else {
            return;
        };
        self.cookies.retain(|other| !other.is_same(&cookie));
        if !expired {
            self.cookies.push(cookie);
        }
        if self.cookies.len() > CAPACITY {
            self.cookies.remove(0);
        }
    }

    /// The `cookie` header of a request to `url`: those with the longest path first (RFC 6265, section 5.4).
    pub(crate) fn header(&mut self, url: &str, now: Duration) -> Option<String> {
        let url = Parts::of(url)?;
        self.cookies
            .retain(|cookie| cookie.expires.is_none_or(|expires| now < expires));
        let mut fitting: Vec<&Cookie> = self
            .cookies
            .iter()
            .filter(|cookie| cookie.fits(&url))
            .collect();
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = fitting
            .into_iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of the newest cookie of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.cookies
            .iter()
            .rev()
            .find(|cookie| cookie.name == name)
            .map(|cookie| cookie.value.as_str())
    }

    pub(crate) fn clear(&mut self) {
        self.cookies.clear();
    }
}

impl Cookie {
    /// The cookie, and whether it is one to delete (RFC 6265, sections 5.2 and 5.3).
    fn parse(url: &Parts<'_>, header: &str, now: Duration) -> Option<(Cookie, bool)> {
        let mut parts = header.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let host = url.host();
        let mut cookie = Cookie {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            domain: host.clone(),
            host_only: true,
            path: default_path(url.path).to_owned(),
            secure: false,
            expires: None,
        };
        let (mut max_age, mut long_ago) = (None, false);
        for attribute in parts {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "domain" if !value.is_empty() => {
                    cookie.domain = value.trim_start_matches('.').to_ascii_lowercase();
                    cookie.host_only = false;
                }
                "path" if value.starts_with('/') => cookie.path = value.to_owned(),
                "secure" => cookie.secure = true,
                "max-age" => max_age = value.parse::<i64>().ok(),
                "expires" => long_ago = is_long_ago(value),
                _ => {}
            }
        }
        if cookie.name.is_empty()
            || !may_set(&host, &mut cookie)
            || cookie.secure && !is_trusted(url)
        {
            return None;
        }
        let expired = max_age.map_or(long_ago, |seconds| seconds <= 0);
        cookie.expires = max_age.map(|seconds| now + Duration::from_secs(seconds.unsigned_abs()));
        Some((cookie, expired))
    }

    fn is_same(&self, other: &Cookie) -> bool {
        (&self.name, &self.domain, &self.path) == (&other.name, &other.domain, &other.path)
    }

    fn fits(&self, url: &Parts<'_>) -> bool {
        let host = url.host();
        let domain = if self.host_only {
            host == self.domain
        } else {
            domain_matches(&host, &self.domain)
        };
        domain && path_matches(url.path, &self.path) && (!self.secure || is_trusted(url))
    }
}

/// Whether a host may set a cookie for that domain: its own, or one above it that is not as wide as `com`.
fn may_set(host: &str, cookie: &mut Cookie) -> bool {
    if cookie.domain == host {
        // An address or a single name has nothing below it.
        cookie.host_only |= is_address(host) || !host.contains('.');
        return true;
    }
    cookie.domain.contains('.') && domain_matches(host, &cookie.domain)
}

fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain
        || !is_address(host)
            && host
                .strip_suffix(domain)
                .is_some_and(|rest| rest.ends_with('.'))
}

fn is_address(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok()
}

/// Where a `Secure` cookie may go: over TLS, and to this machine, as browsers have it.
fn is_trusted(url: &Parts<'_>) -> bool {
    let host = url.host();
    url.scheme.eq_ignore_ascii_case("https")
        || host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The directory of the page that set the cookie (RFC 6265, section 5.1.4).
fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(end) => &path[..end],
    }
}

fn path_matches(path: &str, cookie: &str) -> bool {
    let path = if path.is_empty() { "/" } else { path };
    path.strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

/// Whether an `Expires` date is of a year before 2000, which is how servers delete a cookie.
fn is_long_ago(date: &str) -> bool {
    date.split([' ', '-'])
        .filter(|word| word.len() == 4)
        .any(|word| word.parse().is_ok_and(|year: u32| year < 2000))
}

#[cfg(test)]
mod tests;
