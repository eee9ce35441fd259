//! Reading a value of `--allow-host`, with an answer for each way to get it wrong.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use url::Host;

use super::grant::{Bracketed, Grant, Granted, masked};

/// A value of `--allow-host` that says nothing usable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantError {
    what: String,
    hint: String,
}

impl GrantError {
    fn new(what: impl Into<String>, hint: impl Into<String>) -> GrantError {
        GrantError {
            what: what.into(),
            hint: hint.into(),
        }
    }

    /// What is wrong with the value.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to write instead.
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Display for GrantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.hint)
    }
}

impl std::error::Error for GrantError {}

pub(super) fn grant(text: &str) -> Result<Grant, GrantError> {
    refuse_what_is_no_host(text)?;
    let (host, port) = split_port(text)?;
    let port = port.map(read_port).transpose()?.flatten();
    let host = match host.split_once('/') {
        Some((address, prefix)) => network(address, prefix)?,
        None => read_host(host)?,
    };
    Ok(Grant { host, port })
}

/// Everything that a URL may have and a host may not.
fn refuse_what_is_no_host(text: &str) -> Result<(), GrantError> {
    if text.is_empty() {
        return Err(GrantError::new(
            "the host is empty",
            "write a host such as `staging.example.com`",
        ));
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        let hint = if host.is_empty() {
            "write a host".to_owned()
        } else {
            format!("write `{host}`")
        };
        return Err(GrantError::new(
            format!("`{scheme}://` does not belong to a host"),
            hint,
        ));
    }
    if text.contains('@') {
        let host = text.rsplit('@').next().unwrap_or_default();
        return Err(GrantError::new(
            "a user name does not belong to a host",
            format!("write `{host}`"),
        ));
    }
    if let Some(at) = text
        .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '\\' | ','))
    {
        let c = text[at..].chars().next().unwrap_or_default();
        let hint = if c == ',' {
            "give the flag once for each host"
        } else {
            "write a host such as `example.com:8080`"
        };
        return Err(GrantError::new(
            format!("{c:?} does not belong to a host"),
            hint,
        ));
    }
    Ok(())
}

/// Splits off what stands behind the colon that begins a port.
fn split_port(text: &str) -> Result<(&str, Option<&str>), GrantError> {
    if let Some(close) = text.rfind(']') {
        let (host, rest) = text.split_at(close + 1);
        // `[fd00::]/8:443`: the prefix stands between the bracket and the port.
        return Ok(match rest.split_once(':') {
            Some((prefix, port)) => (&text[..host.len() + prefix.len()], Some(port)),
            None => (text, None),
        });
    }
    if let Some(slash) = text.find('/') {
        return Ok(match text[slash..].split_once(':') {
            Some((prefix, port)) => (&text[..slash + prefix.len()], Some(port)),
            None => (text, None),
        });
    }
    if text.matches(':').count() > 1 {
        return Err(without_brackets(text));
    }
    Ok(match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    })
}

fn without_brackets(text: &str) -> GrantError {
    let what =
        "an IPv6 address stands in brackets, or its end and the port could not be told apart";
    let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
    let hint = match (text.parse::<Ipv6Addr>(), host.parse::<Ipv6Addr>()) {
        (Ok(_), Ok(_)) => format!("write `[{text}]` or `[{host}]:{port}`"),
        (Ok(_), Err(_)) => format!("write `[{text}]`"),
        (Err(_), Ok(_)) => format!("write `[{host}]:{port}`"),
        (Err(_), Err(_)) => "write it as in `[::1]:8080`".to_owned(),
    };
    GrantError::new(what, hint)
}

/// A port, or nothing for `*`.
fn read_port(text: &str) -> Result<Option<u16>, GrantError> {
    if text == "*" {
        return Ok(None);
    }
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u16>() {
        Ok(port) if digits && port > 0 => Ok(Some(port)),
        _ => Err(GrantError::new(
            format!("`{text}` is not a port"),
            "a port is a number from 1 to 65535; `:*`, or no port, is every port",
        )),
    }
}

fn network(address: &str, prefix: &str) -> Result<Granted, GrantError> {
    // Both `[fd00::]/8` and `[fd00::/8]` are in use.
    let (address, prefix) = match (address.strip_prefix('['), prefix.strip_suffix(']')) {
        (Some(address), Some(prefix)) if !address.ends_with(']') => (address, prefix),
        _ => (
            address.trim_start_matches('[').trim_end_matches(']'),
            prefix,
        ),
    };
    let Ok(ip) = address.parse::<IpAddr>() else {
        let what = "a path does not belong to a host";
        let hint = if address.is_empty() {
            "write a host such as `example.com`".to_owned()
        } else {
            format!("write `{address}`; a network is written as in `10.0.0.0/8`")
        };
        return Err(GrantError::new(what, hint));
    };
    let longest = if ip.is_ipv4() { 32 } else { 128 };
    let digits = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
    let prefix = match prefix.parse::<u8>() {
        Ok(prefix) if digits && prefix <= longest => prefix,
        _ => {
            let what = format!("`/{prefix}` is not the length of a network prefix");
            return Err(GrantError::new(
                what,
                format!("it is a number from 0 to {longest}"),
            ));
        }
    };
    match masked(ip, prefix) {
        // A network of one address names that address exactly, which is more than a network does.
        Some(_) if prefix == longest => Ok(Granted::Address(ip.to_canonical())),
        Some(network) if network == ip => Ok(Granted::Network(network, prefix)),
        Some(network) => Err(GrantError::new(
            format!("`{ip}/{prefix}` names an address inside its network"),
            format!(
                "write `{network}/{prefix}` for the network or `{}` for the address",
                Bracketed(ip)
            ),
        )),
        None => Err(GrantError::new(
            format!("`/{prefix}` is too long"),
            format!("at most {longest}"),
        )),
    }
}

fn read_host(text: &str) -> Result<Granted, GrantError> {
    match text {
        "" => {
            return Err(GrantError::new(
                "the host is empty",
                "write a host before the colon, or `any` for every host",
            ));
        }
        "*" => {
            return Err(GrantError::new(
                "`*` alone is not a host",
                "write `any` to allow every host",
            ));
        }
        "any" => return Ok(Granted::Any),
        _ => {}
    }
    let (name, below) = match text.strip_prefix("*.") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    if name.is_empty() || name == "." {
        return Err(GrantError::new(
            format!("`{text}` names no host"),
            "write it as in `*.example.com`",
        ));
    }
    if name.contains('*') {
        let what = format!("`{text}` has a star in a place where it means nothing");
        return Err(GrantError::new(
            what,
            "a star stands for the first labels, as in `*.example.com`",
        ));
    }
    let malformed = || {
        GrantError::new(
            format!("`{text}` is not a host"),
            "write a name or an address",
        )
    };
    match Host::parse(name).map_err(|_| malformed())? {
        Host::Ipv4(_) | Host::Ipv6(_) if below => Err(GrantError::new(
            format!("`{text}` puts a star before an address"),
            "write a network as in `10.0.0.0/8`",
        )),
        Host::Ipv4(ip) => Ok(Granted::Address(IpAddr::V4(ip))),
        Host::Ipv6(ip) => Ok(Granted::Address(IpAddr::V6(ip).to_canonical())),
        Host::Domain(domain) => {
            let domain = domain.strip_suffix('.').unwrap_or(&domain).to_owned();
            // `Host::parse` lets through what no look-up could mean: `a..b`, `.a`, a label beyond 63 bytes.
            let sound = domain.len() <= 253
                && domain
                    .split('.')
                    .all(|label| (1..=63).contains(&label.len()));
            match (sound, below) {
                (false, _) => Err(malformed()),
                (true, true) => Ok(Granted::Below(domain)),
                (true, false) => Ok(Granted::Name(domain)),
            }
        }
    }
}
