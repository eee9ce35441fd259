//! What the operation finds worth measuring inside a call.
//!
//! Everything here is reported under the tag that the call returns in the end: how long `login` took in calls that
//! ended with `200`, and how long in those that ended with `timeout`.
//!
//! ```
//! use gorgon_sdk::measure;
//!
//! # fn render() -> usize { 3 }
//! let pages = measure::time("render", render);
//! measure::count("pages", pages as u64);
//! measure::check("has pages", pages > 0);
//! ```

use std::time::Duration;

use crate::clock::nanos;
use crate::host;

/// A part of the call that is being timed. It ends, and becomes one sample, when this is dropped.
///
/// Spans may nest, overlap and repeat.
///
/// ```
/// use gorgon_sdk::measure;
///
/// let span = measure::span("login");
/// // …
/// span.end();
/// ```
#[derive(Debug)]
#[must_use = "a span ends when it is dropped: `let _span = …`"]
pub struct Span {
    handle: u32,
}

/// Starts timing a part of the call.
pub fn span(name: &str) -> Span {
    Span {
        handle: host::measure::begin(name),
    }
}

impl Span {
    /// Ends it here rather than at the end of its scope.
    pub fn end(self) {}
}

impl Drop for Span {
    fn drop(&mut self) {
        host::measure::end(self.handle);
    }
}

/// Times a closure.
pub fn time<T>(name: &str, part: impl FnOnce() -> T) -> T {
    let _span = span(name);
    part()
}

/// Adds a sample that was timed otherwise.
pub fn record(name: &str, duration: Duration) {
    host::measure::record(name, nanos(duration));
}

/// Adds to a counter of the run.
pub fn count(name: &str, delta: u64) {
    host::measure::count(name, delta);
}

/// Counts a named check as passed or failed, and says which. It neither ends the call nor changes its tag.
pub fn check(name: &str, passed: bool) -> bool {
    host::measure::check(name, passed);
    passed
}
