//! What can be wrong with a line of a saved run, in words.

use crate::stats::histogram::EncodedError;

/// What is wrong. Its `Display` is a sentence without full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("it is not as it was written: its checksum is another")]
    Damaged,
    #[error("it is longer than {} MiB", super::line::MOST_BYTES >> 20)]
    TooLong,
    #[error("{0}")]
    Json(String),
    #[error("a header stands after the first line")]
    Header,
    #[error("it comes after the summary, which is the last line")]
    AfterSummary,
    #[error("it goes back in time: from {from_ns} ns to {to_ns} ns, after {last_ns} ns")]
    Backwards {
        from_ns: u64,
        to_ns: u64,
        last_ns: u64,
    },
    #[error("the row `{0}` has parts that are more than the whole")]
    Parts(String),
    #[error("the row `{0}` has a lag or a response, and the load was closed")]
    Closed(String),
    #[error("in `{at}`: {error}")]
    Histogram { at: String, error: EncodedError },
    #[error("it counts more than any run can")]
    TooMany,
    #[error("it has more rows, names and durations than fit into {} MiB", super::budget::MOST_BYTES >> 20)]
    TooMuch,
    #[error("the summary counts {said} {what}, and the ticks before it have {found}")]
    Summary {
        what: &'static str,
        said: u64,
        found: u64,
    },
}
