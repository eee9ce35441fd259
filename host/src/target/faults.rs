//! Routes that misbehave as asked: servers that hang up, break off, fail now and then, or stop for a while.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH};
use http::{HeaderValue, StatusCode};

use super::answer::{Answer, Refusal, text, with_status};
use super::body::{Body, ShortStep};
use super::query::Query;
use super::state::State;

/// Answers, then closes the connection.
pub(super) fn close() -> Answer {
    let mut answer = text("closing\n");
    answer
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// Announces 1000 bytes, sends a few and closes the connection.
pub(super) fn short() -> Answer {
    let mut answer = text(Bytes::new());
    *answer.body_mut() = Body::Short(ShortStep::Begin);
    answer
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from_static("1000"));
    answer
}

/// Fails every n-th time, counted over all requests for this route.
pub(super) fn flaky(state: &State, query: Query<'_>) -> Result<Answer, Refusal> {
    let every = query.count("every", 5)?;
    let status = query.status(StatusCode::SERVICE_UNAVAILABLE)?;
    if every == 0 {
        return Err(Refusal::bad_request(
            "every `0`: at least `1`, which fails always",
        ));
    }
    if state.next_flaky_call().is_multiple_of(every) {
        return Ok(with_status(status, text("failed, as asked\n")));
    }
    Ok(text("fine this time\n"))
}

/// Waits where the server's clock is inside a stall, and then for as long as any answer takes.
pub(super) async fn stall(state: &State, query: Query<'_>) -> Result<Answer, Refusal> {
    let every = query.duration("every", Duration::from_secs(10))?;
    let length = query.duration("for", Duration::from_secs(1))?;
    let delay = query.duration("delay", Duration::ZERO)?;
    if every.is_zero() || length > every {
        return Err(Refusal::bad_request(
            "a stall is at most as long as its period, which is more than `0s`",
        ));
    }
    let wait = stall_left(state.uptime(), every, length).saturating_add(delay);
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    Ok(text("through\n"))
}

/// How long the stall still lasts that is on `uptime` after the server's start. Stalls are the last `length` of each
/// period of `every`, so that they end at its multiples and the first period begins without one.
fn stall_left(uptime: Duration, every: Duration, length: Duration) -> Duration {
    let into = uptime.as_nanos() % every.as_nanos().max(1);
    let until_end = every.as_nanos() - into;
    if until_end > length.as_nanos() {
        return Duration::ZERO;
    }
    // A period is an hour at most, so this always fits.
    Duration::from_nanos(u64::try_from(until_end).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stall_is_the_end_of_its_period() {
        #[track_caller]
        fn check(uptime_ms: u64, left_ms: u64) {
            let left = stall_left(
                Duration::from_millis(uptime_ms),
                Duration::from_secs(10),
                Duration::from_secs(1),
            );
            assert_eq!(
                left,
                Duration::from_millis(left_ms),
                "{uptime_ms} ms after the start"
            );
        }
        check(0, 0);
        check(8_999, 0);
        check(9_000, 1_000);
        check(9_500, 500);
        check(9_999, 1);
        check(10_000, 0);
        check(19_250, 750);
    }

    #[test]
    fn a_stall_of_the_whole_period_never_stops_and_one_of_nothing_never_starts() {
        let every = Duration::from_secs(10);
        for uptime in [0, 1, 9, 10, 11] {
            let uptime = Duration::from_secs(uptime);
            assert!(!stall_left(uptime, every, every).is_zero());
            assert!(stall_left(uptime, every, Duration::ZERO).is_zero());
        }
    }
}
