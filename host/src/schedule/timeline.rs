//! The stages of a curve laid out over a run: which of them a call belongs to, and when it is due.

use super::rate::CALL;
use super::stage::Stage;

/// A stage and where it is in the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Leg {
    stage: Stage,
    /// From the beginning of the run.
    begins_ns: u64,
    /// The calls before it and with it, in grains from the beginning of the curve.
    calls_before: u128,
    calls_with: u128,
}

/// All stages of a curve. Calls are grains from its beginning, times are nanoseconds from the beginning of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timeline {
    legs: Box<[Leg]>,
    begins_ns: u64,
    end_ns: u64,
    calls: u128,
}

impl Timeline {
    /// The stages from `begins_ns` to `end_ns`, which may cut them short.
    pub(super) fn new(stages: &[Stage], begins_ns: u64, end_ns: u64) -> Timeline {
        let (mut at_ns, mut calls, mut calls_until_end) = (begins_ns, 0_u128, 0_u128);
        let legs = stages.iter().map(|stage| {
            let calls_before = calls;
            let within = end_ns.saturating_sub(at_ns).min(stage.length_ns());
            calls_until_end = calls_until_end.saturating_add(stage.calls_until(within));
            calls = calls.saturating_add(stage.calls());
            let leg = Leg {
                stage: *stage,
                begins_ns: at_ns,
                calls_before,
                calls_with: calls,
            };
            at_ns = at_ns.saturating_add(stage.length_ns());
            leg
        });
        Timeline {
            legs: legs.collect(),
            begins_ns,
            end_ns,
            calls: calls_until_end,
        }
    }

    /// When the curve begins.
    pub(super) fn begins_ns(&self) -> u64 {
        self.begins_ns
    }

    /// When it ends or is cut short. No call is due then or later.
    pub(super) fn end_ns(&self) -> u64 {
        self.end_ns
    }

    /// The calls until the end, in grains. Whatever comes after so many is not due before the end.
    pub(super) fn calls(&self) -> u128 {
        self.calls
    }

    /// No less than the number of calls that are due before the end.
    pub(super) fn most_calls(&self) -> u64 {
        u64::try_from(self.calls.div_ceil(CALL)).unwrap_or(u64::MAX)
    }

    /// When `calls` are reached, if that is before the end. `leg` is a place to begin to look, no later than the right
    /// one, and becomes the right one.
    pub(super) fn due_ns(&self, calls: u128, leg: &mut usize) -> Option<u64> {
        let found = loop {
            let here = self.legs.get(*leg)?;
            if calls < here.calls_with {
                break here;
            }
            *leg += 1;
        };
        let within = found.stage.time_of(calls - found.calls_before)?;
        let due_ns = found.begins_ns.checked_add(within)?;
        (due_ns < self.end_ns).then_some(due_ns)
    }
}
