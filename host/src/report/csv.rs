//! A run as CSV (RFC 4180) for spreadsheets and scripts: how it went from stretch to stretch, and what its rows came to.
//!
//! Moments of the run are in seconds and exact, durations of calls are whole nanoseconds, shares are parts of 1; each
//! column's name says so. A figure that is not known (a percentile behind which too few samples stand) is empty.

mod cells;
mod rows;
mod stretches;

pub use rows::write as write_tags;
pub use stretches::write;

#[cfg(test)]
mod tests;
