//! `gorgon:load/measure`. What is found here is recorded when the call has ended and its tag is known.

use super::super::bindings::gorgon::load::measure::Host;
use super::super::state::State;

/// Samples, counts and checks that one call may record, and spans it may have open; what is more is dropped.
const FINDINGS_MAX: usize = 10_000;

impl Host for State {
    fn begin(&mut self, name: String) -> u32 {
        let span = self.current.next_span;
        self.current.next_span = span.wrapping_add(1);
        if self.current.spans.len() < FINDINGS_MAX {
            let now_ns = self.now_ns();
            self.current.spans.push((span, name, now_ns));
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
        if self.findings.samples.len() < FINDINGS_MAX {
            self.findings.samples.push((name, nanos));
        }
    }

    fn count(&mut self, name: String, delta: u64) {
        if self.findings.counters.len() < FINDINGS_MAX {
            self.findings.counters.push((name, delta));
        }
    }

    fn check(&mut self, name: String, passed: bool) {
        if self.findings.checks.len() < FINDINGS_MAX {
            self.findings.checks.push((name, passed));
        }
    }
}
