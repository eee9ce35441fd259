//! What kind of address an IP address is, seen through the notations that hide one in another.
//!
//! IPv6 carries IPv4 addresses in several ways: mapped (`::ffff:a.b.c.d`, which the kernel connects by IPv4),
//! compatible (`::a.b.c.d`), NAT64 (`64:ff9b::/96`, RFC 6052), 6to4 (`2002::/16`, RFC 3056), NAT64 under a prefix of the
//! network's own (`64:ff9b:1::/48`, RFC 8215) and Teredo (`2001::/32`, RFC 4380). All are unwrapped, or
//! `[64:ff9b::a9fe:a9fe]` would be a way around the ban on 169.254.169.254.
//!
//! Invariant: where it is not certain that an IPv4 address is inside, or that packets go to it, it can only forbid.

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
    /// IPv4 addresses that may be inside: which one it is depends on the network, or they are the ends of a tunnel and
    /// not where it leads. A grant of one of them says nothing about this address.
    suspected: [Option<IpAddr>; 4],
}

impl Address {
    pub(super) fn new(ip: IpAddr) -> Address {
        let direct = ip.to_canonical();
        let (embedded, suspected) = match direct {
            IpAddr::V4(_) => (None, [None; 4]),
            IpAddr::V6(ip) => (embedded(ip), suspected(ip)),
        };
        Address {
            direct,
            embedded: embedded.map(IpAddr::V4),
            suspected: suspected.map(|ip| ip.map(IpAddr::V4)),
        }
    }

    /// True for the machine's own addresses only: what a translator would send to a loopback is not one.
    pub(super) fn is_loopback(self) -> bool {
        self.direct.is_loopback()
    }

    /// What an address is that only a grant of exactly that address reaches.
    pub(super) fn special(self) -> Option<&'static str> {
        special(self.direct)
            .or_else(|| self.hidden().find_map(special))
            .or_else(|| {
                let loopback = self.hidden().any(|ip| ip.is_loopback());
                loopback.then_some("a loopback address in disguise")
            })
    }

    fn hidden(self) -> impl Iterator<Item = IpAddr> {
        self.embedded
            .into_iter()
            .chain(self.suspected.into_iter().flatten())
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

fn suspected(ip: Ipv6Addr) -> [Option<Ipv4Addr>; 4] {
    match ip.segments() {
        [0x64, 0xff9b, 1, ..] => translated_locally(ip.octets()),
        // RFC 4380, 4: the server, and the client with each bit inverted.
        [0x2001, 0, ..] => {
            let bits = ip.to_bits();
            let server = Ipv4Addr::from_bits((bits >> 64) as u32);
            let client = Ipv4Addr::from_bits(!(bits as u32));
            [Some(server), Some(client), None, None]
        }
        _ => [None; 4],
    }
}

/// Every IPv4 address that a translator with a prefix inside of `64:ff9b:1::/48` may read.
///
/// The prefix has 48, 56, 64 or 96 bits, which cannot be seen from outside, and the address follows it around byte 8
/// (RFC 6052, 2.2). What has to be zero in the unused bytes is not looked at, as a translator need not look at it.
fn translated_locally(bytes: [u8; 16]) -> [Option<Ipv4Addr>; 4] {
    let [.., b6, b7, _, b9, b10, b11, b12, b13, b14, b15] = bytes;
    let last = Ipv4Addr::new(b12, b13, b14, b15);
    let all = [
        Ipv4Addr::new(b6, b7, b9, b10),
        Ipv4Addr::new(b7, b9, b10, b11),
        Ipv4Addr::new(b9, b10, b11, b12),
        last,
    ];
    // Padding reads as 0.0.0.0 under another prefix: it means something only if there is nothing else.
    match all.map(|ip| Some(ip).filter(|ip| ip.octets()[0] != 0)) {
        [None, None, None, None] => [Some(last), None, None, None],
        some => some,
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
