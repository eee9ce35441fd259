//! From a host to a stream: look-up, policy, TCP, TLS.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use url::Host;

use crate::policy::Policy;

use super::error::{Error, Phase, shown};
use super::progress::Progress;
use super::stream::{Stream, Tcp};
use super::target::Target;
use super::tls;
use super::traffic::Meter;

/// Opens a connection to the first address of the target's host that is admitted and answers. `connector` is there if
/// the target is secure.
pub(super) async fn open(
    target: &Target,
    policy: &Policy,
    connector: Option<TlsConnector>,
    meter: Arc<Meter>,
    progress: &mut Progress,
) -> Result<(Stream, SocketAddr), Error> {
    let addresses = addresses(target, progress).await?;
    let admitted = admit(&addresses, target, policy)?;

    progress.enter(Phase::Connect);
    let (socket, remote) = connect(&admitted).await?;
    // Requests are written in one piece; waiting for another could only delay them.
    socket
        .set_nodelay(true)
        .map_err(|cause| Error::Connect(explain(&cause, remote)))?;
    let tcp = Tcp::new(socket, meter);

    let stream = match connector {
        None => Stream::Plain(tcp),
        Some(connector) => {
            progress.enter(Phase::Tls);
            let host = target.url.host_str().unwrap_or_default();
            let name = server_name(&target.origin.host)?;
            let connected = connector.connect(name, tcp).await;
            Stream::Tls(Box::new(
                connected.map_err(|cause| Error::Tls(tls::explain(&cause, host)))?,
            ))
        }
    };
    progress.enter(Phase::Other);
    Ok((stream, remote))
}

async fn addresses(target: &Target, progress: &mut Progress) -> Result<Vec<SocketAddr>, Error> {
    let port = target.origin.port;
    let name = match &target.origin.host {
        Host::Ipv4(ip) => return Ok(vec![(*ip, port).into()]),
        Host::Ipv6(ip) => return Ok(vec![(*ip, port).into()]),
        Host::Domain(name) => name,
    };
    progress.enter(Phase::Dns);
    let failed = |why: &str| Error::Dns(format!("`{}` {why}", shown(name)));
    let found: Vec<_> = lookup_host((name.as_str(), port))
        .await
        .map_err(|cause| failed(&format!("has no address: {}", look_up_cause(&cause))))?
        .collect();
    if found.is_empty() {
        Err(failed("has no address"))
    } else {
        Ok(found)
    }
}

/// The resolver's reason without the prefix that the standard library puts before it.
fn look_up_cause(cause: &io::Error) -> String {
    let text = cause.to_string();
    text.strip_prefix("failed to lookup address information: ")
        .map(str::to_owned)
        .unwrap_or(text)
}

/// The addresses that the policy lets through; an error if it lets none.
fn admit(
    addresses: &[SocketAddr],
    target: &Target,
    policy: &Policy,
) -> Result<Vec<SocketAddr>, Error> {
    let mut admitted = Vec::with_capacity(addresses.len());
    let mut refused = None;
    for address in addresses {
        match policy.admit_address(*address, &target.name) {
            Ok(()) => admitted.push(*address),
            Err(denied) => refused = refused.or(Some(denied)),
        }
    }
    match refused {
        Some(denied) if admitted.is_empty() => Err(Error::Denied(denied)),
        _ => Ok(admitted),
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<(TcpStream, SocketAddr), Error> {
    let mut last = Error::Connect("there is no address to connect to".to_owned());
    for address in addresses {
        match TcpStream::connect(*address).await {
            Ok(socket) => return Ok((socket, *address)),
            Err(cause) => last = Error::Connect(explain(&cause, *address)),
        }
    }
    Err(last)
}

fn explain(cause: &io::Error, address: SocketAddr) -> String {
    if matches!(cause.raw_os_error(), Some(libc::EMFILE | libc::ENFILE)) {
        return format!("too many open files ({address}): `ulimit -n` raises the limit");
    }
    match cause.kind() {
        io::ErrorKind::ConnectionRefused => format!("connection refused ({address})"),
        io::ErrorKind::ConnectionReset => format!("connection reset ({address})"),
        io::ErrorKind::ConnectionAborted => format!("connection aborted ({address})"),
        io::ErrorKind::NetworkUnreachable => format!("network unreachable ({address})"),
        io::ErrorKind::HostUnreachable => format!("host unreachable ({address})"),
        io::ErrorKind::TimedOut => format!("no answer from {address}"),
        io::ErrorKind::AddrNotAvailable => {
            format!(
                "no local port is left ({address}): fewer new connections, or more source addresses, would help"
            )
        }
        io::ErrorKind::PermissionDenied => format!("this system does not permit it ({address})"),
        _ => format!("{} ({address})", shown(&cause.to_string())),
    }
}

fn server_name(host: &Host<String>) -> Result<ServerName<'static>, Error> {
    match host {
        Host::Ipv4(ip) => Ok(IpAddr::V4(*ip).into()),
        Host::Ipv6(ip) => Ok(IpAddr::V6(*ip).into()),
        Host::Domain(name) => {
            // A trailing dot is for the resolver; certificates have none.
            let name = name.strip_suffix('.').unwrap_or(name);
            ServerName::try_from(name.to_owned()).map_err(|_| {
                Error::Tls(format!(
                    "`{}` is not a name that a certificate can have",
                    shown(name)
                ))
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_admitted_addresses_of_a_name_are_connected_to() {
        #[track_caller]
        fn check(url: &str, found: &[&str], expected: Option<&[&str]>) {
            let policy = Policy::new(vec!["granted.example".parse().expect("a grant")]);
            let parse = |all: &[&str]| -> Vec<SocketAddr> {
                all.iter()
                    .map(|one| one.parse().expect("an address"))
                    .collect()
            };
            let target = Target::parse(url, &policy).expect("admitted");
            match (admit(&parse(found), &target, &policy), expected) {
                (Ok(admitted), Some(expected)) => assert_eq!(admitted, parse(expected)),
                (Err(Error::Denied(denied)), None) => {
                    let text = denied.to_string();
                    assert!(text.contains("`--allow-host"), "{text}");
                }
                (result, expected) => panic!("expected {expected:?}, got {result:?}"),
            }
        }
        check(
            "http://localhost/",
            &["[::1]:80", "127.0.0.1:80"],
            Some(&["[::1]:80", "127.0.0.1:80"]),
        );
        check(
            "http://localhost/",
            &["10.0.0.1:80", "127.0.0.1:80"],
            Some(&["127.0.0.1:80"]),
        );
        check("http://localhost/", &["10.0.0.1:80"], None);
        let both = ["169.254.169.254:80", "10.0.0.1:80"];
        check("http://granted.example/", &both, Some(&both[1..]));
        check("http://granted.example/", &both[..1], None);
    }

    #[test]
    fn a_failed_connection_is_explained_in_few_words() {
        #[track_caller]
        fn check(code: i32, expected: &str) {
            let address = ([127, 0, 0, 1], 9).into();
            assert_eq!(
                explain(&io::Error::from_raw_os_error(code), address),
                expected
            );
        }
        check(libc::ECONNREFUSED, "connection refused (127.0.0.1:9)");
        check(libc::ENETUNREACH, "network unreachable (127.0.0.1:9)");
        check(libc::EHOSTUNREACH, "host unreachable (127.0.0.1:9)");
        check(libc::ETIMEDOUT, "no answer from 127.0.0.1:9");
        check(
            libc::EMFILE,
            "too many open files (127.0.0.1:9): `ulimit -n` raises the limit",
        );
        let ports = "fewer new connections, or more source addresses, would help";
        check(
            libc::EADDRNOTAVAIL,
            &format!("no local port is left (127.0.0.1:9): {ports}"),
        );
    }
}
