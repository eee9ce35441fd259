//! The connections that a client keeps between requests.
//!
//! HTTP/1.1 connections are taken out for an exchange and put back after a clean end, so a connection has one user and
//! one that is in doubt never returns. HTTP/2 sessions stay in and are shared.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::http1::Http1;
use super::http2::Session;
use super::stream::Stream;
use super::target::{Origin, Target};

/// More origins than this are not remembered; a client that meets that many loses some parallelism.
const ORIGINS: usize = 256;

/// What a client keeps.
#[derive(Debug)]
pub(super) struct Pool {
    /// The longest idle first.
    idle: Vec<Idle>,
    sessions: Vec<Shared>,
    /// Secure origins that do not speak HTTP/2, so that waiting for a session there is in vain.
    without_http2: HashSet<Origin>,
    gates: HashMap<Origin, Gate>,
    limit: usize,
}

/// Lets one request open a connection to an origin while others wait for a session to share. Holds true once the first
/// has passed: then those who waited look for the session, and if there is none they do not wait for each other.
pub(super) type Gate = Arc<Mutex<bool>>;

#[derive(Debug)]
struct Idle {
    /// The target of its last exchange: cheaper to keep than a copy of the origin.
    target: Arc<Target>,
    link: Box<Http1<Stream>>,
    since: Instant,
    remote: SocketAddr,
}

#[derive(Debug)]
struct Shared {
    target: Arc<Target>,
    session: Session,
    remote: SocketAddr,
}

/// A connection that served before.
#[derive(Debug)]
pub(super) enum Kept {
    /// To be checked and, if it is good, put back afterwards.
    Http1 {
        link: Box<Http1<Stream>>,
        since: Instant,
        remote: SocketAddr,
    },
    /// To open a stream on.
    Http2 {
        session: Session,
        remote: SocketAddr,
    },
}

impl Pool {
    /// A pool that keeps at most `limit` idle connections.
    pub(super) fn new(limit: usize) -> Pool {
        Pool {
            idle: Vec::new(),
            sessions: Vec::new(),
            without_http2: HashSet::new(),
            gates: HashMap::new(),
            limit,
        }
    }

    /// A session with the origin of the target, or the connection that was used last.
    pub(super) fn take(&mut self, target: &Arc<Target>) -> Option<Kept> {
        if target.origin.secure && !self.sessions.is_empty() {
            self.sessions.retain(|shared| shared.session.is_open());
            if let Some(shared) = self
                .sessions
                .iter()
                .find(|shared| same_origin(&shared.target, target))
            {
                return Some(Kept::Http2 {
                    session: shared.session.clone(),
                    remote: shared.remote,
                });
            }
        }
        let place = self
            .idle
            .iter()
            .rposition(|idle| same_origin(&idle.target, target))?;
        let Idle {
            link,
            since,
            remote,
            ..
        } = self.idle.remove(place);
        Some(Kept::Http1 {
            link,
            since,
            remote,
        })
    }

    /// Keeps a connection after a clean exchange.
    pub(super) fn put(
        &mut self,
        target: Arc<Target>,
        link: Box<Http1<Stream>>,
        since: Instant,
        remote: SocketAddr,
    ) {
        if self.limit == 0 {
            return;
        }
        if self.idle.len() >= self.limit {
            self.idle.remove(0);
        }
        self.idle.push(Idle {
            target,
            link,
            since,
            remote,
        });
    }

    /// Shares a session.
    pub(super) fn share(&mut self, target: Arc<Target>, session: Session, remote: SocketAddr) {
        if self.sessions.len() >= self.limit.max(1) {
            self.sessions.remove(0);
        }
        self.sessions.push(Shared {
            target,
            session,
            remote,
        });
    }

    /// Forgets the sessions of an origin: one of them took no more.
    pub(super) fn forget_sessions(&mut self, target: &Arc<Target>) {
        self.sessions
            .retain(|shared| !same_origin(&shared.target, target));
    }

    /// The gate of a secure origin; none if there will be no session to wait for.
    pub(super) fn gate(&mut self, origin: &Origin) -> Option<Gate> {
        if !origin.secure || self.without_http2.contains(origin) {
            return None;
        }
        if let Some(gate) = self.gates.get(origin) {
            return Some(gate.clone());
        }
        let gate = Gate::default();
        self.gates.insert(origin.clone(), gate.clone());
        Some(gate)
    }

    /// Forgets a gate; who waits at it holds it.
    pub(super) fn close_gate(&mut self, origin: &Origin) {
        self.gates.remove(origin);
    }

    /// Remembers that an origin does not speak HTTP/2.
    pub(super) fn note_http1(&mut self, origin: &Origin) {
        if self.without_http2.len() >= ORIGINS {
            self.without_http2.clear();
        }
        self.without_http2.insert(origin.clone());
    }
}

fn same_origin(one: &Arc<Target>, other: &Arc<Target>) -> bool {
    Arc::ptr_eq(one, other) || one.origin == other.origin
}
