//! What a person is told about a host that may not be reached: what was refused, and the flag that allows it.

use std::fmt;

use super::address::Address;
use super::grant::Bracketed;

/// A host or address that the policy refuses. Its text names the flag that would allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    what: String,
    grant: String,
}

impl Denied {
    /// The value that `--allow-host` would need.
    pub fn grant(&self) -> &str {
        &self.grant
    }

    pub(super) fn name(name: &str, port: u16) -> Denied {
        Denied {
            what: format!("`{name}:{port}` is not allowed"),
            grant: format!("{name}:{port}"),
        }
    }

    pub(super) fn look_up(name: &str) -> Denied {
        Denied {
            what: format!("to look up `{name}` is not allowed"),
            grant: name.to_owned(),
        }
    }

    pub(super) fn address(ip: Address, port: u16) -> Denied {
        let shown = format!("{}:{port}", Bracketed(ip.direct));
        let what = match ip.special() {
            Some(kind) => format!("`{shown}`, {kind}, is not allowed unless it is named exactly"),
            None => format!("`{shown}` is not allowed"),
        };
        Denied { what, grant: shown }
    }

    pub(super) fn behind_name(name: &str, ip: Address, port: u16) -> Denied {
        let kind = ip.special().unwrap_or("an address");
        let what = format!(
            "`{name}` leads to `{}`, {kind}, which the grant of a name does not cover",
            ip.direct
        );
        Denied {
            what,
            grant: format!("{}:{port}", Bracketed(ip.direct)),
        }
    }

    pub(super) fn not_loopback(name: &str, ip: Address, port: u16) -> Denied {
        let what = format!(
            "`{name}` leads to `{}`, which is not a loopback address",
            ip.direct
        );
        Denied {
            what,
            grant: format!("{}:{port}", Bracketed(ip.direct)),
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `--allow-host {}` allows it", self.what, self.grant)
    }
}

impl std::error::Error for Denied {}
