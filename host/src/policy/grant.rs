//! One value of `--allow-host`: what it covers, and its written form.
//!
//! The written form is canonical: parsing what a grant displays gives the same grant. Grants are serialised in it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::address::Address;
use super::parse::{self, GrantError};

/// A host that may be reached, and the port if it is limited to one.
///
/// Written as a name, `*.example.com` (every name below, not the name itself), an address, `[::1]`, a network in CIDR
/// notation or `any`, each with an optional `:port`; `:*` is every port, as is no port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub(super) host: Granted,
    pub(super) port: Option<u16>,
}

/// What a grant names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Granted {
    /// Every name and every ordinary address.
    Any,
    /// A name, in ASCII and lower case, without a trailing dot.
    Name(String),
    /// Every name below this one.
    Below(String),
    /// An address, ordinary or not.
    Address(IpAddr),
    /// The ordinary addresses of a network; the bits behind the prefix are 0.
    Network(IpAddr, u8),
}

impl Grant {
    pub(super) fn covers_name(&self, name: &str, port: u16) -> bool {
        self.names(name) && self.covers_port(port)
    }

    /// Whether it covers the name, on one port at least.
    pub(super) fn names(&self, name: &str) -> bool {
        match &self.host {
            Granted::Any => true,
            Granted::Name(granted) => granted == name,
            Granted::Below(parent) => name
                .strip_suffix(parent.as_str())
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
            Granted::Address(_) | Granted::Network(..) => false,
        }
    }

    pub(super) fn covers_address(&self, ip: Address, port: u16) -> bool {
        // A translated loopback is whose? Never what `127.0.0.1` meant.
        let embedded = ip.embedded.filter(|ip| !ip.is_loopback());
        let covers = match self.host {
            Granted::Any => ip.special().is_none(),
            Granted::Address(granted) => {
                let granted = granted.to_canonical();
                granted == ip.direct || Some(granted) == embedded
            }
            Granted::Network(network, prefix) => {
                let inside = |ip| masked(ip, prefix) == Some(network);
                ip.special().is_none() && (inside(ip.direct) || embedded.is_some_and(inside))
            }
            Granted::Name(_) | Granted::Below(_) => false,
        };
        covers && self.covers_port(port)
    }

    fn covers_port(&self, port: u16) -> bool {
        self.port.is_none_or(|granted| granted == port)
    }
}

/// The network part of an address; nothing if the prefix is longer than the address.
pub(super) fn masked(ip: IpAddr, prefix: u8) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX
                .checked_shl(32_u32.checked_sub(prefix.into())?)
                .unwrap_or(0);
            Some(IpAddr::V4((ip.to_bits() & mask).into()))
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX
                .checked_shl(128_u32.checked_sub(prefix.into())?)
                .unwrap_or(0);
            Some(IpAddr::V6((ip.to_bits() & mask).into()))
        }
    }
}

/// An address as it stands in a URI: IPv6 in brackets.
pub(super) struct Bracketed(pub(super) IpAddr);

impl fmt::Display for Bracketed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(ip) => write!(f, "{ip}"),
            IpAddr::V6(ip) => write!(f, "[{ip}]"),
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Granted::Any => f.write_str("any")?,
            Granted::Name(name) => f.write_str(name)?,
            Granted::Below(parent) => write!(f, "*.{parent}")?,
            Granted::Address(ip) => write!(f, "{}", Bracketed(*ip))?,
            Granted::Network(ip, prefix) => write!(f, "{ip}/{prefix}")?,
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Grant {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Grant, GrantError> {
        parse::grant(text)
    }
}

impl Serialize for Grant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Grant, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
