//! A thread's cursor over a schedule: when the call with an index is due.
//!
//! This is the hot path of pacing: it allocates nothing, shares nothing, and takes the same few operations however far
//! the run has come.

use std::sync::Arc;

use super::plan::{Arrivals, Plan, Schedule};
use super::random::Draws;
use super::rate::CALL;

/// When a call is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The index of the call, from 0, the warm-up included.
    pub index: u64,
    /// In nanoseconds from the beginning of the run.
    pub due_ns: u64,
    /// Whether it belongs to the warm-up: whether it is due before the results begin.
    pub is_warm_up: bool,
}

/// A cursor. It answers for any index; those that do not decrease are quick.
#[derive(Debug, Clone)]
pub struct Walk {
    plan: Arc<Plan>,
    /// The index it was asked for last.
    last: u64,
    /// The stage of the curve that call was in.
    leg: usize,
    /// Poisson: how many calls are drawn, and the sum of it in grains.
    drawn: u64,
    sum: u128,
}

impl Walk {
    pub(super) fn from_beginning(schedule: &Schedule) -> Walk {
        Walk {
            plan: Arc::clone(&schedule.0),
            last: 0,
            leg: 0,
            drawn: 0,
            sum: 0,
        }
    }

    /// A cursor behind the warm-up.
    pub(super) fn from_curve(schedule: &Schedule) -> Walk {
        let warm_up = &schedule.0.warm_up;
        Walk {
            last: warm_up.calls,
            drawn: warm_up.calls,
            sum: warm_up.drawn,
            ..Walk::from_beginning(schedule)
        }
    }

    /// When the call with this index is due; `None` if it is beyond the end. Of two calls the one with the larger index
    /// is never due earlier. Uniform arrivals cost the same for every index. Poisson arrivals draw what lies between
    /// the last index and this one, and all from the beginning after a step back.
    pub fn due(&mut self, index: u64) -> Option<Due> {
        if index < self.last {
            (self.leg, self.drawn, self.sum) = (0, 0, 0);
        }
        self.last = index;
        let warm_up_calls = self.plan.warm_up.calls;
        let is_warm_up = index < warm_up_calls;
        if !is_warm_up && index - warm_up_calls >= self.plan.most_calls() {
            return None;
        }
        let due_ns = match self.plan.arrivals {
            Arrivals::Uniform if is_warm_up => self.plan.uniform_warm_up(index),
            Arrivals::Uniform => self
                .plan
                .uniform(index, index - warm_up_calls, &mut self.leg),
            Arrivals::Poisson => self.poisson(index, is_warm_up),
        };
        Some(Due {
            index,
            due_ns: due_ns?,
            is_warm_up,
        })
    }

    /// The index, from `from` on, of the first call that is due at `ns` or later; if there is none, the index behind the
    /// last call. With uniform arrivals it is found without looking at those between.
    pub fn first_from(&self, from: u64, ns: u64) -> u64 {
        let mut walk = self.clone();
        let mut is_before = |index: u64| walk.due(index).is_some_and(|due| due.due_ns < ns);
        if self.plan.arrivals == Arrivals::Poisson {
            return (from..)
                .find(|index| !is_before(*index))
                .unwrap_or(u64::MAX);
        }
        let (mut before, mut step) = (from, 1_u64);
        if !is_before(before) {
            return before;
        }
        // Of the two, the first is always before and the second never.
        let mut not_before = loop {
            let next = before.saturating_add(step);
            if next == u64::MAX || !is_before(next) {
                break next;
            }
            before = next;
            step = step.saturating_mul(2);
        };
        while not_before - before > 1 {
            let middle = before + (not_before - before) / 2;
            if is_before(middle) {
                before = middle;
            } else {
                not_before = middle;
            }
        }
        not_before
    }

    fn poisson(&mut self, index: u64, is_warm_up: bool) -> Option<u64> {
        let plan = &*self.plan;
        let warm_up = &plan.warm_up;
        let end = warm_up.curve_from.saturating_add(plan.timeline.calls());
        while self.drawn <= index {
            // Nothing more is due, so nothing more is drawn, however far ahead the index is.
            if self.sum > end {
                return None;
            }
            let drawn = drawn_calls(plan.arrival_draws, self.drawn);
            self.sum = self.sum.saturating_add(drawn);
            self.drawn += 1;
        }
        if is_warm_up {
            return warm_up.stage?.time_of(self.sum);
        }
        // The first of the curve can be a grain before it: its time was rounded to the beginning.
        let calls = self.sum.saturating_sub(warm_up.curve_from);
        plan.timeline.due_ns(calls, &mut self.leg)
    }
}

impl Plan {
    fn uniform_warm_up(&self, index: u64) -> Option<u64> {
        let calls = u128::from(index) * CALL + self.moved_by(index);
        let due_ns = self.warm_up.stage?.time_of(calls)?;
        Some(due_ns.min(self.warm_up.length_ns.saturating_sub(1)))
    }

    /// When a call of the curve is due. Whether it is due at all does not depend on jitter, so what jitter would move
    /// past the end is due just before it.
    fn uniform(&self, index: u64, call: u64, leg: &mut usize) -> Option<u64> {
        let calls = u128::from(call) * CALL;
        let due_ns = self.timeline.due_ns(calls, leg)?;
        if self.jitter == 0 {
            return Some(due_ns);
        }
        let mut later = *leg;
        let moved = self
            .timeline
            .due_ns(calls + self.moved_by(index), &mut later);
        Some(moved.unwrap_or(self.timeline.end_ns() - 1))
    }

    /// By how much a call is moved, in grains: less than one call.
    fn moved_by(&self, index: u64) -> u128 {
        /// As many bits of the draw as fit beside a call in 128 bits.
        const BITS: u32 = 54;
        if self.jitter == 0 {
            return 0;
        }
        let drawn = self.jitter_draws.at(index) >> (u64::BITS - BITS);
        (self.jitter * u128::from(drawn)) >> BITS
    }
}

/// What is drawn for a Poisson call, in grains.
pub(super) fn drawn_calls(draws: Draws, index: u64) -> u128 {
    (draws.exponential(index) * CALL as f64) as u128
}
