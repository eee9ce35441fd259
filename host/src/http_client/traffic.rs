//! What a client did, in numbers.

use std::sync::atomic::{AtomicU64, Ordering};

use super::error::{Error, ErrorKind};

/// Counters of one client since they were last taken. Merging is addition.
///
/// Every request ends as a response, as an error, or is abandoned by its caller: `requests = responses + Σ errors +
/// abandoned + in flight`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests asked for; the hops of a redirect are not counted again.
    pub requests: u64,
    /// Requests that ended with a response.
    pub responses: u64,
    /// Requests that ended with an error, in the order of [`ErrorKind::ALL`].
    pub errors: [u64; ErrorKind::ALL.len()],
    /// Redirects followed.
    pub redirects: u64,
    /// Connections that were opened, TLS included.
    pub connections_opened: u64,
    /// Exchanges over a connection that had served before.
    pub connections_reused: u64,
    /// Kept connections that the server had closed before anything was sent on them.
    pub connections_stale: u64,
    /// Bytes written to sockets: heads, bodies, TLS.
    pub bytes_sent: u64,
    /// Bytes read from sockets.
    pub bytes_received: u64,
}

impl Traffic {
    /// How many requests ended with an error of this kind.
    pub fn errors_of(&self, kind: ErrorKind) -> u64 {
        self.errors[kind as usize]
    }

    /// Adds the counters of another client.
    pub fn merge(&mut self, other: &Traffic) {
        let Traffic {
            requests,
            responses,
            errors,
            redirects,
            connections_opened,
            connections_reused,
            connections_stale,
            bytes_sent,
            bytes_received,
        } = other;
        self.requests += requests;
        self.responses += responses;
        for (sum, count) in self.errors.iter_mut().zip(errors) {
            *sum += count;
        }
        self.redirects += redirects;
        self.connections_opened += connections_opened;
        self.connections_reused += connections_reused;
        self.connections_stale += connections_stale;
        self.bytes_sent += bytes_sent;
        self.bytes_received += bytes_received;
    }

    pub(super) fn count<T>(&mut self, result: &Result<T, Error>) {
        match result {
            Ok(_) => self.responses += 1,
            Err(error) => self.errors[error.kind() as usize] += 1,
        }
    }
}

/// Counts the bytes of a client's sockets. Sockets live inside the connections' own tasks, so they count here and the
/// client collects.
#[derive(Debug, Default)]
pub(super) struct Meter {
    sent: AtomicU64,
    received: AtomicU64,
}

impl Meter {
    pub(super) fn add_sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn add_received(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Moves what was counted into `traffic`.
    pub(super) fn drain_into(&self, traffic: &mut Traffic) {
        traffic.bytes_sent += self.sent.swap(0, Ordering::Relaxed);
        traffic.bytes_received += self.received.swap(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_traffic() -> impl Strategy<Value = Traffic> {
        (any::<[u32; 8]>(), any::<[u32; 12]>()).prop_map(|(plain, errors)| Traffic {
            requests: plain[0].into(),
            responses: plain[1].into(),
            errors: errors.map(u64::from),
            redirects: plain[2].into(),
            connections_opened: plain[3].into(),
            connections_reused: plain[4].into(),
            connections_stale: plain[5].into(),
            bytes_sent: plain[6].into(),
            bytes_received: plain[7].into(),
        })
    }

    fn merged(parts: &[&Traffic]) -> Traffic {
        let mut sum = Traffic::default();
        parts.iter().for_each(|part| sum.merge(part));
        sum
    }

    proptest! {
        #[test]
        fn merging_does_not_depend_on_order_or_grouping(a in any_traffic(), b in any_traffic(), c in any_traffic()) {
            prop_assert_eq!(merged(&[&a]), a.clone());
            prop_assert_eq!(merged(&[&a, &b]), merged(&[&b, &a]));
            prop_assert_eq!(merged(&[&merged(&[&a, &b]), &c]), merged(&[&a, &merged(&[&b, &c])]));
            prop_assert_eq!(merged(&[&a, &b]).errors[3], a.errors[3] + b.errors[3]);
        }
    }

    #[test]
    fn every_kind_of_error_has_a_place_of_its_own() {
        for (place, kind) in ErrorKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place, "{kind:?}");
        }
    }
}
