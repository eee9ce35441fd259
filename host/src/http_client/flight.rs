//! One request from asking to having: connections, exchanges, redirects, time limits.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::clock;

use super::batch::Batch;
use super::body::{Kept, Sink};
use super::connection::{Connection, Failure, Head, Link};
use super::core::Core;
use super::error::{Error, Phase};
use super::lease::Lease;
use super::progress::Progress;
use super::redirect;
use super::request::{self, BodyMode, Limits, Outgoing, Request};
use super::response::{Response, nanos};

/// Sends a request and counts how it ended. As one of a batch, it waits for its turn first.
pub(super) async fn fly(
    core: &Core,
    mut request: Request,
    batch: Option<&Batch>,
) -> Result<Response, Error> {
    core.state().traffic.requests += 1;
    let result = Flight::new(core).run(&mut request, batch).await;
    core.state().traffic.count(&result);
    result
}

/// A request on its way. Dropping it closes the connection in use, if an exchange was under way.
struct Flight<'a> {
    core: &'a Core,
    asked: Instant,
    progress: Progress,
    limits: Limits,
    /// The connection of the exchange under way.
    lease: Option<Lease>,
}

impl<'a> Flight<'a> {
    fn new(core: &'a Core) -> Flight<'a> {
        let asked = clock::now();
        Flight {
            core,
            asked,
            progress: Progress::new(asked),
            limits: Limits::default(),
            lease: None,
        }
    }

    async fn run(
        &mut self,
        request: &mut Request,
        batch: Option<&Batch>,
    ) -> Result<Response, Error> {
        self.limits = request::limits(request)?;
        let deadline = self
            .limits
            .total
            .and_then(|limit| self.asked.checked_add(limit));
        // Pinned here, so that there is one of it and it is not moved: it is the largest thing that a call has.
        let ended = {
            let following = pin!(self.follow(request, batch));
            match deadline {
                None => Some(following.await),
                Some(deadline) => timeout_at(deadline, following).await.ok(),
            }
        };
        ended.unwrap_or_else(|| Err(Error::Timeout(self.phase())))
    }

    fn phase(&self) -> Phase {
        self.lease
            .as_ref()
            .map_or(self.progress.phase(), |lease| lease.link.stamps().phase())
    }

    /// Exchanges messages until an answer is not a redirect to follow.
    async fn follow(
        &mut self,
        request: &mut Request,
        batch: Option<&Batch>,
    ) -> Result<Response, Error> {
        let _turn = match batch {
            None => None,
            Some(batch) => {
                self.progress.enter(Phase::Blocked);
                let turn = batch.turns.acquire().await.map_err(|_| Error::Stopped)?;
                self.progress.enter(Phase::Other);
                Some(turn)
            }
        };
        let settings = &self.core.shared.settings;
        let body_limit = batch.map_or(settings.body_limit, |batch| batch.body_limit);
        let (mode, decode, redirects) = (request.body_mode, request.decode, request.redirects);
        let target = self.core.target(&request.url)?;
        let mut outgoing = request::outgoing(request, target, &self.core.user_agent)?;
        let mut followed = 0;
        loop {
            let head = self.exchange(&outgoing).await?;
            let next = if redirects == 0 {
                None
            } else {
                redirect::next(&outgoing, head.status, &head.headers, &settings.policy)?
            };
            let mut sink = match next {
                None => Sink::new(mode, body_limit, decode, &head.headers, head.length)?,
                Some(_) if followed == redirects => {
                    return Err(Error::Other(format!("more than {redirects} redirects")));
                }
                Some(_) => Sink::new(BodyMode::Discard, 0, false, &head.headers, None)?,
            };
            let (reused, remote) = self.receive(&mut sink).await?;
            // Last, because a body that cannot be decoded is no fault of the connection.
            let kept = sink.finish()?;
            match next {
                None => return Ok(self.response(head, kept, reused, remote)),
                Some(next) => {
                    self.core.state().traffic.redirects += 1;
                    followed += 1;
                    outgoing = next;
                }
            }
        }
    }

    /// Sends one message, on a kept connection if there is a good one, and gets the head of the answer.
    async fn exchange(&mut self, outgoing: &Outgoing) -> Result<Head, Error> {
        loop {
            let limit = self
                .limits
                .connect
                .or(self.core.shared.settings.connect_timeout);
            let lease = Lease::get(self.core, &outgoing.target, limit, &mut self.progress).await?;
            let lease = self.lease.insert(lease);
            let answer = match self.limits.first_byte {
                None => lease.link.ask(outgoing).await,
                // Boxed, because it is rare.
                Some(limit) => Box::pin(ask_within(&mut lease.link, outgoing, limit)).await,
            };
            match answer {
                Ok(head) => {
                    self.core.state().traffic.connections_reused += u64::from(lease.reused);
                    return Ok(head);
                }
                // Nothing was sent, so nothing is sent twice.
                Err(Failure::Unsent(_)) if lease.reused => {
                    self.lease = None;
                    let mut state = self.core.state();
                    state.pool.forget_sessions(&outgoing.target);
                    state.traffic.connections_stale += 1;
                }
                Err(Failure::Unsent(error) | Failure::Failed(error)) => return Err(error),
            }
        }
    }

    /// Receives the body, ends the exchange and keeps the connection if that is possible.
    async fn receive(&mut self, sink: &mut Sink) -> Result<(bool, SocketAddr), Error> {
        // Without an exchange under way there is no body; callers have one.
        let Some(lease) = &mut self.lease else {
            return Err(Error::Other("no exchange is under way".to_owned()));
        };
        while let Some(piece) = next_piece(&mut lease.link, self.limits.between_bytes).await? {
            sink.push(piece)?;
        }
        let end = clock::now();
        let stamps = lease.link.stamps();
        self.progress
            .add_exchange(lease.begun, stamps.sent_at(), stamps.first_at(), end);
        let reusable = lease.link.finish();
        let (reused, remote) = (lease.reused, lease.remote);
        if let Some(Lease {
            link: Link::Http1(link),
            target,
            remote,
            ..
        }) = self.lease.take()
            && reusable
        {
            self.core.state().pool.put(target, link, end, remote);
        }
        Ok((reused, remote))
    }

    fn response(&self, head: Head, kept: Kept, reused: bool, remote: SocketAddr) -> Response {
        let mut timings = self.progress.timings;
        timings.total = nanos(clock::now().saturating_duration_since(self.asked));
        Response {
            status: head.status.as_u16(),
            headers: head.headers,
            body: kept.body,
            body_size: kept.size,
            timings,
            reused,
            version: head.version,
            remote,
        }
    }
}

/// The next piece of a body, if it comes in time.
async fn next_piece(link: &mut Link, limit: Option<Duration>) -> Result<Option<&[u8]>, Error> {
    let Some(deadline) = limit.and_then(|limit| clock::now().checked_add(limit)) else {
        return link.piece().await;
    };
    match timeout_at(deadline, link.piece()).await {
        Ok(piece) => piece,
        Err(_) => Err(Error::Timeout(Phase::Receive)),
    }
}

/// Asks, and gives up if the first byte of the answer is not there so long after the last of the request.
async fn ask_within(
    link: &mut Link,
    outgoing: &Outgoing,
    limit: Duration,
) -> Result<Head, Failure> {
    let stamps = link.stamps().clone();
    let mut asking = pin!(link.ask(outgoing));
    // Counted from the beginning of the sending first, which can only be too early, and then from its end.
    let mut from = clock::now();
    while let Some(deadline) = from.checked_add(limit) {
        if let Ok(answer) = timeout_at(deadline, asking.as_mut()).await {
            return answer;
        }
        from = match (stamps.first_at(), stamps.sent_at()) {
            (Some(_), _) => break,
            (None, Some(sent)) if sent > from => sent,
            (None, Some(_)) => return Err(Failure::Failed(Error::Timeout(Phase::Wait))),
            (None, None) => clock::now(),
        };
    }
    asking.await
}
