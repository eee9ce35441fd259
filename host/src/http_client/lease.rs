//! A connection for one exchange: a kept one that is still good, a stream of a session, or a new one.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::clock;

use super::connect;
use super::connection::Link;
use super::core::Core;
use super::error::{Error, Phase};
use super::http1::Http1;
use super::http2::{Http2, Session};
use super::pool::Kept;
use super::progress::Progress;
use super::target::Target;

/// A connection in use. Dropped before the exchange has ended, it is not used again.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) link: Link,
    pub(super) target: Arc<Target>,
    pub(super) remote: SocketAddr,
    /// True if it had served before.
    pub(super) reused: bool,
    /// When it was had: the exchange begins.
    pub(super) begun: Instant,
}

impl Lease {
    /// Gets a connection to the target, opening one within `limit` if there is none.
    pub(super) async fn get(
        core: &Core,
        target: &Arc<Target>,
        limit: Option<Duration>,
        progress: &mut Progress,
    ) -> Result<Lease, Error> {
        if let Some(lease) = Lease::kept(core, target).await {
            return Ok(lease);
        }
        let gate = core.state().pool.gate(&target.origin);
        let Some(gate) = gate else {
            return Lease::open(core, target, limit, progress).await;
        };
        progress.enter(Phase::Blocked);
        let mut passed = gate.lock().await;
        progress.enter(Phase::Other);
        if !std::mem::replace(&mut *passed, true) {
            let opened = Lease::open(core, target, limit, progress).await;
            core.state().pool.close_gate(&target.origin);
            return opened;
        }
        // Whoever was first has shared a session, or has found that there is none to share, or has failed.
        drop(passed);
        core.state().pool.close_gate(&target.origin);
        match Lease::kept(core, target).await {
            Some(lease) => Ok(lease),
            None => Lease::open(core, target, limit, progress).await,
        }
    }

    async fn kept(core: &Core, target: &Arc<Target>) -> Option<Lease> {
        loop {
            let kept = core.state().pool.take(target)?;
            let (link, remote) = match kept {
                Kept::Http2 { session, remote } => (Link::Http2(Http2::new(session)), remote),
                Kept::Http1 {
                    mut link,
                    since,
                    remote,
                } => {
                    if !link
                        .check(clock::now().saturating_duration_since(since))
                        .await
                    {
                        core.state().traffic.connections_stale += 1;
                        continue;
                    }
                    (Link::Http1(link), remote)
                }
            };
            return Some(Lease {
                link,
                target: target.clone(),
                remote,
                reused: true,
                begun: clock::now(),
            });
        }
    }

    async fn open(
        core: &Core,
        target: &Arc<Target>,
        limit: Option<Duration>,
        progress: &mut Progress,
    ) -> Result<Lease, Error> {
        let deadline = limit.and_then(|limit| clock::now().checked_add(limit));
        // Boxed, because it is rare and large: every request would have to make room for it.
        let opened = {
            let dialling = Box::pin(dial(core, target, progress));
            match deadline {
                None => Some(dialling.await),
                Some(deadline) => timeout_at(deadline, dialling).await.ok(),
            }
        };
        let opened = opened.unwrap_or_else(|| Err(Error::Timeout(progress.phase())));
        let (link, remote) = opened?;
        Ok(Lease {
            link,
            target: target.clone(),
            remote,
            reused: false,
            begun: clock::now(),
        })
    }
}

async fn dial(
    core: &Core,
    target: &Arc<Target>,
    progress: &mut Progress,
) -> Result<(Link, SocketAddr), Error> {
    let connector = if target.origin.secure {
        Some(core.connector()?)
    } else {
        None
    };
    let policy = &core.shared.settings.policy;
    let (stream, remote) =
        connect::open(target, policy, connector, core.meter.clone(), progress).await?;
    core.state().traffic.connections_opened += 1;
    if stream.speaks_http2() {
        let session = Session::new(stream).await?;
        core.state()
            .pool
            .share(target.clone(), session.clone(), remote);
        return Ok((Link::Http2(Http2::new(session)), remote));
    }
    if target.origin.secure {
        core.state().pool.note_http1(&target.origin);
    }
    Ok((Link::Http1(Box::new(Http1::new(stream))), remote))
}
