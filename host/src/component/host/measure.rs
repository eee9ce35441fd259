//! `gorgon:load/measure`. What is found here is recorded when the call has ended and its tag is known.

use super::super::bindings::gorgon::load::measure::Host;
use super::super::state::State;

/// Spans that one call may have open; what is more is dropped.
const SPANS_MAX: usize = 1_000;

impl Host for State {
    fn begin(&mut self, name: String) -> u32 {
        let span = self.current.next_span;
        self.current.next_span = span.wrapping_add(1);
        if self.current.spans.len() < SPANS_MAX {
            let now_ns = self.now_ns();
            self.current.spans.push((span, cut(name), now_ns));
        }
        span
    }

    fn end(&mut self, span: u32) {
        let now_ns = self.now_ns();
        // From the back: spans mostly end in the reverse order of their beginnings.
        if let Some(at) = self
            .current
            .spans
            .iter()
            .rposition(|(open, ..)| *open == span)
        {
            let (_, name, began_ns) = self.current.spans.swap_remove(at);
            self.record(name, now_ns - began_ns);
        }
    }

    fn record(&mut self, name: String, nanos: u64) {
        self.findings.sample(cut(name), nanos);
    }

    fn count(&mut self, name: String, delta: u64) {
        self.findings.count(cut(name), delta);
    }

    fn check(&mut self, name: String, passed: bool) {
        self.findings.check(cut(name), passed);
    }
}

/// The name as far as a report will show it; the guest may have sent megabytes.
pub(in super::super) fn cut(mut name: String) -> String {
    const NAME_BYTES_MAX: usize = 256;
    if name.len() > NAME_BYTES_MAX {
        name.truncate(name.floor_char_boundary(NAME_BYTES_MAX));
        name.shrink_to_fit();
    }
    name
}
