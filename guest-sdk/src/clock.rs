//! The run's clock: the one the report is made with.

use std::time::Duration;

use crate::host;

/// Time since the run started. Never goes back.
pub fn now() -> Duration {
    Duration::from_nanos(host::clock::now())
}

/// Waits. Only this instance does: others go on meanwhile. The wait is part of the call's time; waiting between
/// calls is `gorgon run --think`.
///
/// Ends early when the call runs into its timeout, which also ends the call.
pub fn sleep(duration: Duration) {
    host::clock::sleep(nanos(duration));
}

/// The nanoseconds of a duration, as far as they fit: over 584 years they do not.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
