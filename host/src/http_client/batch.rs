//! Several requests at once, bounded together: in their number, in how many are under way, in what they keep.
//!
//! Invariants: a batch that is too large makes no task and sends nothing; the bodies that a batch keeps are together no
//! longer than [`BODIES`], whatever the servers send.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::core::Core;
use super::error::Error;
use super::flight;
use super::request::Request;
use super::response::Response;

/// The most requests of one batch. Each is a task, and a guest writes a long list in no time.
const REQUESTS: usize = 1000;

/// How many requests of one batch are under way at a time; the others are `blocked`.
const PARALLEL: usize = 256;

/// How many bytes the bodies of one batch may have together.
const BODIES: u64 = 256 << 20;

/// What each request of a batch may keep however many there are: a batch is for pages and their parts, and most of
/// those are shorter.
const SHARE: u64 = 64 << 10;

/// What the requests of one batch have in common.
#[derive(Debug)]
pub(super) struct Batch {
    /// One permit for each request that may be under way.
    pub(super) turns: Semaphore,
    /// The most bytes of a body that each request keeps.
    pub(super) body_limit: u64,
}

/// Sends all requests at once; the results are in the order of the requests.
pub(super) async fn fly(core: &Arc<Core>, requests: Vec<Request>) -> Vec<Result<Response, Error>> {
    if requests.len() > REQUESTS {
        return refuse(core, requests.len());
    }
    let batch = Arc::new(Batch {
        turns: Semaphore::new(PARALLEL),
        body_limit: share(core.shared.settings.body_limit, requests.len()),
    });
    let mut results: Vec<_> = requests.iter().map(|_| None).collect();
    let mut flights = JoinSet::new();
    for (place, request) in requests.into_iter().enumerate() {
        let (core, batch) = (core.clone(), batch.clone());
        flights.spawn(async move { (place, flight::fly(&core, request, Some(&batch)).await) });
    }
    while let Some(joined) = flights.join_next().await {
        // A flight that did not come back leaves its place empty.
        if let Ok((place, result)) = joined
            && let Some(slot) = results.get_mut(place)
        {
            *slot = Some(result);
        }
    }
    let lost = || {
        Err(Error::Other(
            "the request was lost: this is a bug in gorgon".to_owned(),
        ))
    };
    results
        .into_iter()
        .map(|result| result.unwrap_or_else(lost))
        .collect()
}

/// Answers each request of a batch that has too many, and counts them as if they had been sent one by one.
fn refuse(core: &Core, requests: usize) -> Vec<Result<Response, Error>> {
    let refused = Err(Error::InvalidRequest(format!(
        "more than {REQUESTS} requests at once"
    )));
    let traffic = &mut core.state().traffic;
    for _ in 0..requests {
        traffic.requests += 1;
        traffic.count(&refused);
    }
    vec![refused; requests]
}

/// How many bytes of its body each of so many requests may keep, of which one alone may keep `limit`.
fn share(limit: u64, requests: usize) -> u64 {
    let even = BODIES / (requests as u64).max(1);
    limit.min(even.max(SHARE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bodies_of_a_batch_share_what_may_be_kept() {
        #[track_caller]
        fn check(limit: u64, requests: usize, expected: u64) {
            assert_eq!(share(limit, requests), expected, "{limit} {requests}");
        }
        const LIMIT: u64 = 16 << 20;
        check(LIMIT, 0, LIMIT);
        check(LIMIT, 1, LIMIT);
        check(LIMIT, 16, LIMIT);
        check(LIMIT, 17, 15_790_320);
        check(LIMIT, 1000, 268_435);
        check(1000, 1, 1000);
        check(1000, 1000, 1000);
        check(u64::MAX, 1, 256 << 20);
        check(u64::MAX, 4096, 64 << 10);
        check(u64::MAX, usize::MAX, 64 << 10);
    }

    #[test]
    fn no_batch_that_is_sent_keeps_more_than_all_may_keep() {
        for requests in 1..=REQUESTS {
            let kept = share(u64::MAX, requests) * requests as u64;
            assert!(kept <= BODIES, "{requests}: {kept}");
        }
    }
}
