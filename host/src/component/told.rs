//! What happens beside a call, until the call is asked what it found.
//!
//! Requests by `wasi:http` are under way in tasks of their own and addresses are judged inside of wasmtime's sockets:
//! neither can reach the state of the instance.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::exchange::Exchange;
use super::host::http::{phases, traced_response};
use super::host::measure::cut;
use crate::http_client::{Error, Response};
use crate::policy::Denied;
use crate::stats::Phases;

/// Refused targets that are kept; findings keep no more.
const DENIED_MAX: usize = 64;

/// What was not asked for yet.
#[derive(Debug, Default)]
pub(super) struct News {
    /// Whether something was asked of the network.
    pub(super) waited: bool,
    /// Targets that the network policy refused.
    pub(super) denied: Vec<String>,
    /// Why the last request had no response.
    pub(super) last_error: Option<String>,
    /// Where the time of the responses went.
    pub(super) phases: Phases,
    /// The requests, in a run that is traced, with their numbers.
    pub(super) exchanges: Vec<(u64, Exchange)>,
}

/// News of one instance, from whoever has any.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Never contended: all who have a part in it live on one thread.
    news: Mutex<News>,
}

impl Told {
    fn news(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All news since the last time.
    pub(super) fn take(&self) -> News {
        std::mem::take(&mut *self.news())
    }

    /// Something was asked of the network.
    pub(super) fn waited(&self) {
        self.news().waited = true;
    }

    /// A request of a traced run has begun.
    pub(super) fn begun(&self, number: u64, exchange: Exchange) {
        self.news().exchanges.push((number, exchange));
    }

    /// A request has ended; `number` is its own in a traced run.
    pub(super) fn ended(&self, number: Option<u64>, result: &Result<Response, Error>) {
        let mut news = self.news();
        let traced = news
            .exchanges
            .iter_mut()
            .rfind(|(begun, _)| Some(*begun) == number);
        if let Some((_, exchange)) = traced {
            exchange.outcome = result
                .as_ref()
                .map(traced_response)
                .map_err(ToString::to_string);
        }
        match result {
            Ok(response) => news.phases.add(&phases(&response.timings)),
            Err(error) => {
                if let Error::Denied(denied) = error {
                    news.deny(denied);
                }
                news.last_error = Some(error.to_string());
            }
        }
    }

    /// The network policy has refused something that is no request.
    pub(super) fn denied(&self, denied: &Denied) {
        let mut news = self.news();
        news.deny(denied);
        news.last_error = Some(format!("denied: {denied}"));
    }
}

impl News {
    fn deny(&mut self, denied: &Denied) {
        if self.denied.len() < DENIED_MAX {
            self.denied.push(cut(denied.grant().to_owned()));
        }
    }
}
