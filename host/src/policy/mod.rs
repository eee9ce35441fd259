//! Which hosts and addresses an operation may reach: nothing but loopback, unless `--allow-host` grants it.
//!
//! A connection is judged twice, and both have to pass:
//! - [`Policy::admit`] judges the host and port of the final URI, before anything is looked up, and
//!   [`Policy::admit_look_up`] a name whose port is not known yet;
//! - [`Policy::admit_address`] judges the address that is then connected to, so that a name cannot be made to lead
//!   somewhere else in between.
//!
//! Invariants: a policy never changes during a run and never does I/O; a name that was not granted is not looked up; link-local,
//! cloud metadata, multicast, broadcast and unspecified addresses are reached by a grant of exactly that address and
//! by no other, whatever name leads to them.

mod address;
mod denied;
mod grant;
mod parse;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use url::Host;

use address::Address;
pub use denied::Denied;
pub use grant::Grant;
pub use parse::GrantError;

/// The grants of a run. The default grants nothing, which leaves loopback.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Policy {
    grants: Vec<Grant>,
}

/// Why a host passed [`Policy::admit`]: decides which of its addresses pass [`Policy::admit_address`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameGrant {
    host: String,
    reach: Reach,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// `localhost`: loopback addresses.
    Loopback,
    /// A granted name: every ordinary address.
    Ordinary,
    /// The host was an address: it is judged by itself.
    Itself,
}

impl Policy {
    /// A policy of these grants and loopback.
    pub fn new(grants: Vec<Grant>) -> Policy {
        Policy { grants }
    }

    /// The grants, as they are shown in a report.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Judges the host and port of a URI.
    ///
    /// # Errors
    /// [`Denied`] if the host is a name that no grant covers, or an address that may not be reached.
    pub fn admit(&self, host: &Host<&str>, port: u16) -> Result<NameGrant, Denied> {
        let name = match host {
            Host::Domain(name) => name,
            Host::Ipv4(ip) => return self.admit_literal(IpAddr::V4(*ip), port),
            Host::Ipv6(ip) => return self.admit_literal(IpAddr::V6(*ip), port),
        };
        let name = plain(name);
        let reach = if is_localhost(&name) {
            Reach::Loopback
        } else if self
            .grants
            .iter()
            .any(|grant| grant.covers_name(&name, port))
        {
            Reach::Ordinary
        } else {
            return Err(Denied::name(&name, port));
        };
        Ok(NameGrant { host: name, reach })
    }

    /// Judges a name that is to be looked up for a connection whose port is not known yet.
    ///
    /// # Errors
    /// [`Denied`] if no grant covers the name on any port.
    pub fn admit_look_up(&self, name: &str) -> Result<(), Denied> {
        let name = plain(name);
        if is_localhost(&name) || self.grants.iter().any(|grant| grant.names(&name)) {
            return Ok(());
        }
        Err(Denied::look_up(&name))
    }

    /// Judges the address that is about to be connected to for a host that was admitted.
    ///
    /// # Errors
    /// [`Denied`] if the grant of the name does not reach this address and no grant names the address.
    pub fn admit_address(&self, address: SocketAddr, name: &NameGrant) -> Result<(), Denied> {
        let (ip, port) = (Address::new(address.ip()), address.port());
        let reached = match name.reach {
            Reach::Ordinary => ip.is_loopback() || ip.special().is_none(),
            Reach::Loopback | Reach::Itself => ip.is_loopback(),
        };
        if reached
            || self
                .grants
                .iter()
                .any(|grant| grant.covers_address(ip, port))
        {
            return Ok(());
        }
        Err(match name.reach {
            Reach::Itself => Denied::address(ip, port),
            Reach::Loopback => Denied::not_loopback(&name.host, ip, port),
            Reach::Ordinary => Denied::behind_name(&name.host, ip, port),
        })
    }

    fn admit_literal(&self, ip: IpAddr, port: u16) -> Result<NameGrant, Denied> {
        let name = NameGrant {
            host: ip.to_string(),
            reach: Reach::Itself,
        };
        self.admit_address(SocketAddr::new(ip, port), &name)?;
        Ok(name)
    }
}

/// A name as grants are written: in lower case, without the dot of the root.
fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}
