//! What kind of address an IP address is, seen through the notations that hide one in another.
//!
//! IPv6 carries IPv4 addresses in several ways: mapped (`::ffff:a.b.c.d`, which the kernel connects by IPv4),
//! compatible (`::a.b.c.d`), NAT64 (`64:ff9b::/96`, RFC 6052) and 6to4 (`2002::/16`, RFC 3056). All are unwrapped, or
//! `[64:ff9b::a9fe:a9fe]` would be a way around the ban on 169.254.169.254.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where clouds hand credentials to whoever asks from inside, apart from the link-local 169.254.169.254: AWS and
/// Google over IPv6, Alibaba, Oracle, Azure.
const METADATA: [IpAddr; 5] = [
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
];

/// An address and the IPv4 address inside it, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address {
    /// The address; a mapped one as the IPv4 address that it is.
    pub(super) direct: IpAddr,
    /// The IPv4 address that a translator makes of it.
    pub(super) embedded: Option<IpAddr>,
}

impl Address {
    pub(super) fn new(ip: IpAddr) -> Address {
        let direct = ip.to_canonical();
        let embedded = match direct {
            IpAddr::V4(_) => None,
            IpAddr::V6(ip) => embedded(ip).map(IpAddr::V4),
        };
        Address { direct, embedded }
    }

    /// True for the machine's own addresses only: what a translator would send to a loopback is not one.
    pub(super) fn is_loopback(self) -> bool {
        self.direct.is_loopback()
    }

    /// What an address is that only a grant of exactly that address reaches.
    pub(super) fn special(self) -> Option<&'static str> {
        special(self.direct)
            .or_else(|| self.embedded.and_then(special))
            .or_else(|| {
                let hidden = self.embedded.is_some_and(|ip| ip.is_loopback());
                hidden.then_some("a loopback address in disguise")
            })
    }
}

fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(from(high, low)),
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

fn special(ip: IpAddr) -> Option<&'static str> {
    if METADATA.contains(&ip) {
        return Some("a cloud metadata address");
    }
    if ip.is_unspecified() {
        return Some("the unspecified address");
    }
    if ip.is_multicast() {
        return Some("a multicast address");
    }
    match ip {
        IpAddr::V4(ip) if ip.is_link_local() => Some("a link-local address"),
        IpAddr::V6(ip) if ip.is_unicast_link_local() => Some("a link-local address"),
        // 0.0.0.0/8 is "this network" (RFC 1122): Linux connects some of it to the machine itself.
        IpAddr::V4(ip) if ip.octets()[0] == 0 => Some("an address of this network"),
        IpAddr::V4(ip) if ip.is_broadcast() => Some("the broadcast address"),
        _ => None,
    }
}
