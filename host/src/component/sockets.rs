//! `wasi:sockets`: TCP to what the network policy allows, look-ups of names that it allows, and nothing else.
//!
//! wasmtime's own functions do the work. In front of those that look names up stand the ones in here, because wasmtime
//! knows no more than whether names may be looked up at all. A look-up is judged by the name; the connection, whose
//! port is only known then, by the address and by the names that have led to it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Host;
use wasmtime::component::{HasSelf, Linker, Resource};
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p2::bindings::sockets::ip_name_lookup::{
    self, HostResolveAddressStream, ResolveAddressStream,
};
use wasmtime_wasi::p2::bindings::sockets::network::{
    self, ErrorCode, HostNetwork, IpAddress, Network,
};
use wasmtime_wasi::p2::{DynPollable, SocketError};
use wasmtime_wasi::sockets::{SocketAddrUse, WasiSocketsView};

use super::state::State;
use super::told::Told;
use crate::http_client::Shared;
use crate::policy::Denied;

/// The longest name that is looked up, in bytes: no name of the domain name system is longer (RFC 1035, 2.3.4).
const LONGEST_NAME: usize = 253;

/// Addresses whose names are remembered, and names for each; with more, the older are forgotten.
const ADDRESSES_MAX: usize = 256;
const NAMES_MAX: usize = 16;

/// The sockets of one instance.
#[derive(Debug)]
pub(super) struct Sockets {
    shared: Arc<Shared>,
    told: Arc<Told>,
    names: Mutex<Names>,
}

/// What was looked up.
#[derive(Debug, Default)]
struct Names {
    /// The names of the look-ups that the guest holds, by their handles.
    look_ups: HashMap<u32, String>,
    /// Which names have led to an address.
    of: HashMap<IpAddr, Vec<String>>,
}

impl Names {
    fn found(&mut self, look_up: u32, ip: IpAddr) {
        let Some(name) = self.look_ups.get(&look_up) else {
            return;
        };
        let ip = ip.to_canonical();
        if self.of.len() >= ADDRESSES_MAX && !self.of.contains_key(&ip) {
            self.of.clear();
        }
        let names = self.of.entry(ip).or_default();
        if names.contains(name) {
            return;
        }
        if names.len() >= NAMES_MAX {
            names.remove(0);
        }
        names.push(name.clone());
    }
}

impl Sockets {
    pub(super) fn new(shared: Arc<Shared>, told: Arc<Told>) -> Sockets {
        Sockets {
            shared,
            told,
            names: Mutex::default(),
        }
    }

    /// Gives an instance what it may have.
    pub(super) fn allow(self: &Arc<Self>, builder: &mut WasiCtxBuilder) {
        let sockets = Arc::clone(self);
        builder
            .allow_tcp(true)
            .allow_udp(false)
            // Behind the functions below.
            .allow_ip_name_lookup(true)
            .socket_addr_check(move |address, usage| {
                let allowed = sockets.allows(address, usage);
                Box::pin(std::future::ready(allowed))
            });
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn allows(&self, address: SocketAddr, usage: SocketAddrUse) -> bool {
        match usage {
            SocketAddrUse::TcpConnect => {
                self.told.waited();
                match self.judge(address) {
                    Ok(()) => true,
                    Err(denied) => {
                        self.told.denied(&denied);
                        false
                    }
                }
            }
            // What a connection is bound to that is bound to nothing.
            SocketAddrUse::TcpBind => address.ip().is_unspecified() && address.port() == 0,
            _ => false,
        }
    }

    fn judge(&self, address: SocketAddr) -> Result<(), Denied> {
        let policy = self.shared.policy();
        let ip = address.ip().to_canonical();
        let host = match ip {
            IpAddr::V4(ip) => Host::Ipv4(ip),
            IpAddr::V6(ip) => Host::Ipv6(ip),
        };
        let mut judged = policy.admit(&host, address.port()).map(drop);
        let names = self.names();
        for name in names.of.get(&ip).into_iter().flatten() {
            if judged.is_ok() {
                break;
            }
            judged = policy
                .admit(&Host::Domain(name), address.port())
                .and_then(|grant| policy.admit_address(address, &grant));
        }
        judged
    }

    /// Judges what is to be looked up, and returns the name if it is one.
    fn look_up(&self, text: &str) -> Result<Option<String>, Denied> {
        self.told.waited();
        if text.len() > LONGEST_NAME {
            return Ok(None);
        }
        let Ok(Host::Domain(name)) = Host::parse(text) else {
            // An address leads to itself, and what is neither leads nowhere.
            return Ok(None);
        };
        let judged = self.shared.policy().admit_look_up(&name);
        judged.inspect_err(|denied| self.told.denied(denied))?;
        Ok(Some(name))
    }
}

/// Puts the look-up of names in the place of wasmtime's.
pub(super) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    ip_name_lookup::add_to_linker::<State, HasSelf<State>>(linker, |state| state)?;
    linker.allow_shadowing(false);
    Ok(())
}

impl ip_name_lookup::Host for State {
    fn resolve_addresses(
        &mut self,
        network: Resource<Network>,
        name: String,
    ) -> Result<Resource<ResolveAddressStream>, SocketError> {
        let Ok(known) = self.net.look_up(&name) else {
            return Err(ErrorCode::AccessDenied.into());
        };
        let look_up = ip_name_lookup::Host::resolve_addresses(&mut self.sockets(), network, name)?;
        if let Some(name) = known {
            self.net.names().look_ups.insert(look_up.rep(), name);
        }
        Ok(look_up)
    }
}

impl HostResolveAddressStream for State {
    fn resolve_next_address(
        &mut self,
        look_up: Resource<ResolveAddressStream>,
    ) -> Result<Option<IpAddress>, SocketError> {
        let handle = look_up.rep();
        let next = HostResolveAddressStream::resolve_next_address(&mut self.sockets(), look_up)?;
        if let Some(address) = &next {
            self.net.names().found(handle, ip(address));
        }
        Ok(next)
    }

    fn subscribe(
        &mut self,
        look_up: Resource<ResolveAddressStream>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        HostResolveAddressStream::subscribe(&mut self.sockets(), look_up)
    }

    fn drop(&mut self, look_up: Resource<ResolveAddressStream>) -> wasmtime::Result<()> {
        self.net.names().look_ups.remove(&look_up.rep());
        HostResolveAddressStream::drop(&mut self.sockets(), look_up)
    }
}

/// The errors of the above are those of this interface.
impl network::Host for State {
    fn convert_error_code(&mut self, error: SocketError) -> wasmtime::Result<ErrorCode> {
        network::Host::convert_error_code(&mut self.sockets(), error)
    }

    fn network_error_code(
        &mut self,
        error: Resource<wasmtime::Error>,
    ) -> wasmtime::Result<Option<ErrorCode>> {
        network::Host::network_error_code(&mut self.sockets(), error)
    }
}

impl HostNetwork for State {
    fn drop(&mut self, network: Resource<Network>) -> wasmtime::Result<()> {
        HostNetwork::drop(&mut self.sockets(), network)
    }
}

fn ip(address: &IpAddress) -> IpAddr {
    match *address {
        IpAddress::Ipv4((a, b, c, d)) => IpAddr::from([a, b, c, d]),
        IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => {
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http_client::Settings;
    use crate::policy::Policy;

    fn sockets(grants: &[&str]) -> Sockets {
        let grants = grants.iter().map(|text| text.parse().expect("a grant"));
        let settings = Settings {
            policy: Policy::new(grants.collect()),
            ..Settings::default()
        };
        let shared = Shared::new(settings).expect("no files to read");
        Sockets::new(shared, Arc::default())
    }

    /// Whether a connection to `address` is allowed after `name` was looked up and led to `found`.
    #[track_caller]
    fn check(grants: &[&str], name: &str, found: &str, address: &str, allowed: bool) {
        let sockets = sockets(grants);
        match sockets.look_up(name) {
            Ok(Some(name)) => {
                let mut names = sockets.names();
                names.look_ups.insert(7, name);
                names.found(7, found.parse().expect("an address"));
            }
            Ok(None) => {}
            Err(_) => assert!(!allowed, "{name}"),
        }
        let address = address.parse().expect("an address");
        let judged = sockets.allows(address, SocketAddrUse::TcpConnect);
        assert_eq!(judged, allowed, "{grants:?} {name} {address}");
        assert_eq!(sockets.told.take().denied.is_empty(), allowed);
    }

    #[test]
    fn a_name_leads_where_it_was_granted_to_lead() {
        let granted = ["a.example:80"];
        check(&granted, "a.example", "10.0.0.1", "10.0.0.1:80", true);
        check(&granted, "A.Example.", "10.0.0.1", "10.0.0.1:80", true);
        check(&granted, "a.example", "10.0.0.1", "10.0.0.1:81", false);
        check(&granted, "a.example", "10.0.0.1", "10.0.0.2:80", false);
        check(&granted, "b.example", "10.0.0.1", "10.0.0.1:80", false);
        check(&granted, "10.0.0.1", "10.0.0.1", "10.0.0.1:80", false);
        // What a name may not lead to, and where it may lead without a grant.
        check(
            &granted,
            "a.example",
            "169.254.169.254",
            "169.254.169.254:80",
            false,
        );
        check(&[], "localhost", "10.0.0.1", "10.0.0.1:80", false);
        check(&[], "localhost", "127.0.0.1", "127.0.0.1:80", true);
        check(&[], "localhost", "::1", "[::1]:80", true);
        check(&["10.0.0.1"], "10.0.0.1", "10.0.0.1", "10.0.0.1:80", true);
    }

    #[test]
    fn a_socket_does_nothing_but_connect() {
        let sockets = sockets(&["any"]);
        let allows =
            |address: &str, usage| sockets.allows(address.parse().expect("an address"), usage);
        assert!(allows("0.0.0.0:0", SocketAddrUse::TcpBind));
        assert!(allows("[::]:0", SocketAddrUse::TcpBind));
        assert!(!allows("0.0.0.0:80", SocketAddrUse::TcpBind));
        assert!(!allows("127.0.0.1:0", SocketAddrUse::TcpBind));
        for usage in [
            SocketAddrUse::TcpListen,
            SocketAddrUse::TcpAccept,
            SocketAddrUse::UdpBind,
            SocketAddrUse::UdpSend,
            SocketAddrUse::UdpReceive,
        ] {
            assert!(!allows("127.0.0.1:80", usage), "{usage:?}");
            assert!(!allows("0.0.0.0:0", usage), "{usage:?}");
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let sockets = sockets(&["any"]);
        let mut names = sockets.names();
        for index in 0..10_000_u32 {
            names.look_ups.insert(1, format!("{index}.example"));
            names.found(1, IpAddr::from(index.to_be_bytes()));
            names.found(1, IpAddr::from([10, 0, 0, 1]));
            assert!(names.of.len() <= ADDRESSES_MAX);
        }
        assert!(names.of.values().all(|names| names.len() <= NAMES_MAX));
    }
}
