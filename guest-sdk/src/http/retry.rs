//! When a request is sent again, and how long to wait before.

use std::time::Duration;

use super::{Error, Result, method};
use crate::host::wire;
use crate::random;

/// How often a request that failed is sent again, and after which wait.
///
/// Retries hide failures, and a load test is there to find them: so they are off unless asked for, only requests that
/// do twice what they do once (`GET`, `HEAD`, `PUT`, `DELETE`, `OPTIONS`, `TRACE`) are retried, and two counters of
/// the run tell of them: `http.attempts`, and `http.retried` for the requests whose first attempt failed.
///
/// ```
/// use std::time::Duration;
/// use gorgon_sdk::http::{Client, Retry};
///
/// let client = Client::new().retry(Retry::times(3).first_wait(Duration::from_millis(100)));
/// ```
#[derive(Debug, Clone)]
pub struct Retry {
    times: u32,
    first_wait: Duration,
    longest_wait: Duration,
    statuses: Vec<u16>,
}

impl Retry {
    /// At most that many times after the first attempt, for a connection that failed, a timeout, and the statuses
    /// 429, 500, 502, 503 and 504. Before the first retry: 300 ms; before each further one: twice as long, at most
    /// 10 s; each shortened at random by up to a half, lest all workers come back at once.
    pub fn times(times: u32) -> Retry {
        Retry {
            times,
            first_wait: Duration::from_millis(300),
            longest_wait: Duration::from_secs(10),
            statuses: vec![429, 500, 502, 503, 504],
        }
    }

    /// The wait before the first retry.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Retry {
        self.first_wait = wait;
        self
    }

    /// No wait is longer.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Retry {
        self.longest_wait = wait;
        self
    }

    /// Retries these statuses and no others.
    #[must_use]
    pub fn statuses(mut self, statuses: impl Into<Vec<u16>>) -> Retry {
        self.statuses = statuses.into();
        self
    }

    /// Whether this request may be sent twice at all.
    pub(crate) fn covers(&self, request: &wire::Request) -> bool {
        method::is_idempotent(&request.method)
    }

    /// Whether to send again after this result of attempt `attempt`, counted from 1.
    pub(crate) fn again(&self, attempt: u32, result: &Result<wire::Response>) -> bool {
        attempt <= self.times
            && match result {
                Ok(response) => self.statuses.contains(&response.status),
                Err(Error::Dns(_) | Error::Connect(_) | Error::Timeout(_) | Error::Closed(_)) => {
                    true
                }
                Err(_) => false,
            }
    }

    /// The wait after attempt `attempt`, counted from 1.
    pub(crate) fn wait(&self, attempt: u32) -> Duration {
        let doubled = 2_u32
            .checked_pow(attempt.saturating_sub(1))
            .unwrap_or(u32::MAX);
        let wait = self
            .first_wait
            .saturating_mul(doubled)
            .min(self.longest_wait);
        random::range(wait / 2..=wait)
    }
}
