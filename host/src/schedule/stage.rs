//! A stage of a curve: the rate changes evenly from one value to another, or does not change.
//!
//! `calls_until` is the integral of the rate and `time_of` its inverse. The n-th call of a stage with a slope is at the
//! root of a quadratic. A float gives a first estimate of it, which is off by some nanoseconds at the most; the
//! integral in integers then settles which nanosecond it is. So the result is exact, the same on every machine, and
//! never goes back from one call to the next.

use super::rate::Rate;

/// A stage. Times are nanoseconds and calls are grains, both from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stage {
    from: Rate,
    to: Rate,
    length_ns: u64,
    /// All of the stage; 2^128 - 1 if it is more than that, which only an endless stage can have.
    calls: u128,
}

impl Stage {
    /// A stage of this length, or `None` if its calls are too many for 127 bits of grains.
    pub(super) fn new(from: Rate, to: Rate, length_ns: u64) -> Option<Stage> {
        let rates = from.grains_per_ns() + to.grains_per_ns();
        let twice = rates.checked_mul(u128::from(length_ns))?;
        Some(Stage {
            from,
            to,
            length_ns,
            calls: twice / 2,
        })
    }

    /// A stage that ends with the nanoseconds of 64 bits, after 584 years.
    pub(super) fn endless(rate: Rate) -> Stage {
        Stage {
            from: rate,
            to: rate,
            length_ns: u64::MAX,
            calls: rate.grains_per_ns().saturating_mul(u128::from(u64::MAX)),
        }
    }

    pub(super) fn from(&self) -> Rate {
        self.from
    }

    pub(super) fn to(&self) -> Rate {
        self.to
    }

    pub(super) fn length_ns(&self) -> u64 {
        self.length_ns
    }

    /// All calls of the stage, in grains.
    pub(super) fn calls(&self) -> u128 {
        self.calls
    }

    /// The calls of the first `ns` of the stage, in grains, rounded up. `ns` is at most its length.
    pub(super) fn calls_until(&self, ns: u64) -> u128 {
        if self.from == self.to {
            return self.from.grains_per_ns().saturating_mul(u128::from(ns));
        }
        if self.from < self.to {
            let (whole, is_more) = self.risen(ns);
            return whole + u128::from(is_more);
        }
        // Seen from its end a falling stage is a rising one, so what is left of it is known to the same precision.
        self.calls - self.risen(self.length_ns - ns).0
    }

    /// The calls within `ns` of the end with the lower rate, rounded down, and whether something was cut off.
    ///
    /// That is low * ns + (high - low) * ns^2 / (2 * length). Nothing overflows: (high - low) * length is at most twice
    /// the calls of the stage, and the remainder is smaller than the length.
    fn risen(&self, ns: u64) -> (u128, bool) {
        let (low, high) = self.low_and_high();
        let (ns, length) = (u128::from(ns), u128::from(self.length_ns));
        let climbed = (high - low) / 2 * ns;
        let (whole, rest) = (climbed / length, climbed % length);
        let (more, cut) = (rest * ns / length, rest * ns % length);
        (low * ns + whole * ns + more, cut > 0)
    }

    fn low_and_high(&self) -> (u128, u128) {
        let (from, to) = (self.from.grains_per_ns(), self.to.grains_per_ns());
        (from.min(to), from.max(to))
    }

    /// When `calls` are reached, to the nearest nanosecond. Where the rate is 0 for a time, it is the end of that time.
    /// `None` if the stage has no more than these calls.
    pub(super) fn time_of(&self, calls: u128) -> Option<u64> {
        if calls >= self.calls {
            return None;
        }
        let estimate = self.estimate(calls).min(self.length_ns - 1);
        let below = self.calls_until(estimate);
        let above = self.calls_until(estimate + 1);
        let (ns, below, above) = if below <= calls && calls < above {
            (estimate, below, above)
        } else {
            let ns = self.settle(estimate, calls);
            (ns, self.calls_until(ns), self.calls_until(ns + 1))
        };
        Some(ns + u64::from(calls - below >= above - calls))
    }

    /// About when `calls` are reached.
    fn estimate(&self, calls: u128) -> u64 {
        if self.from == self.to {
            return (calls as f64 / self.from.grains_per_ns() as f64) as u64;
        }
        let (low, high) = self.low_and_high();
        let (low, high, length) = (low as f64, high as f64, self.length_ns as f64);
        // The root of low * t + slope / 2 * t^2 = calls, in the form that subtracts nothing and so loses no digits.
        let root = |calls: u128| {
            let calls = calls as f64;
            let slope = (high - low) / length;
            let divisor = low + (low * low + 2.0 * slope * calls).sqrt();
            // Without calls and without a rate to begin with this is 0 / 0, which becomes 0.
            (2.0 * calls / divisor) as u64
        };
        if self.from < self.to {
            root(calls)
        } else {
            self.length_ns.saturating_sub(root(self.calls - calls))
        }
    }

    /// The last nanosecond by which no more than `calls` are reached, looked for around an estimate in growing steps
    /// and then by halving. The stage has more than `calls`.
    fn settle(&self, estimate: u64, calls: u128) -> u64 {
        let mut step = 1_u64;
        let mut low = estimate;
        while low > 0 && self.calls_until(low) > calls {
            low = low.saturating_sub(step);
            step = step.saturating_mul(2);
        }
        let mut high = low.saturating_add(step).min(self.length_ns);
        while high < self.length_ns && self.calls_until(high) <= calls {
            low = high;
            step = step.saturating_mul(2);
            high = low.saturating_add(step).min(self.length_ns);
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.calls_until(middle) <= calls {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::super::rate::CALL;
    use super::*;
    use proptest::prelude::*;

    fn stage(from: &str, to: &str, length_ns: u64) -> Stage {
        Stage::new(
            Rate::read(from).unwrap(),
            Rate::read(to).unwrap(),
            length_ns,
        )
        .unwrap()
    }

    #[test]
    fn a_constant_stage_is_exact() {
        let stage = Stage::endless(Rate::read("3/s").unwrap());
        assert_eq!(stage.time_of(0), Some(0));
        assert_eq!(stage.time_of(CALL), Some(333_333_333));
        assert_eq!(stage.time_of(2 * CALL), Some(666_666_667));
        assert_eq!(stage.time_of(3 * CALL), Some(1_000_000_000));
        assert_eq!(
            stage.time_of(3_000_000_001 * CALL),
            Some(1_000_000_000_333_333_333)
        );
    }

    #[test]
    fn a_ramp_has_half_of_its_calls_in_the_steeper_part() {
        const SECOND: u64 = 1_000_000_000;
        let up = stage("0", "500", 30 * SECOND);
        assert_eq!(up.calls(), 7_500 * CALL);
        assert_eq!(up.calls_until(15 * SECOND), 1_875 * CALL);
        assert_eq!(up.time_of(1_875 * CALL), Some(15 * SECOND));
        let down = stage("500", "0", 30 * SECOND);
        assert_eq!(down.calls_until(15 * SECOND), (7_500 - 1_875) * CALL);
        assert_eq!(down.time_of((7_500 - 1_875) * CALL), Some(15 * SECOND));
        assert_eq!(down.time_of(7_500 * CALL), None);
        assert_eq!(up.time_of(0), Some(0));
        assert_eq!(down.time_of(0), Some(0));
    }

    #[test]
    fn the_slowest_ramp_begins_at_its_beginning() {
        let slow = stage("0", "0.000000001/h", u64::MAX);
        assert_eq!(slow.time_of(0), Some(0));
        assert_eq!(slow.calls_until(0), 0);
        assert_eq!(slow.calls_until(u64::MAX), slow.calls());
    }

    #[test]
    fn a_stage_without_calls_is_never_reached() {
        assert_eq!(stage("0", "0", 1_000).time_of(0), None);
        assert_eq!(stage("5", "5", 0).time_of(0), None);
    }

    /// Rates from the slowest to the fastest, each magnitude as often as another, with nothing in between.
    fn rates() -> impl Strategy<Value = Rate> {
        let read = |text: String| Rate::read(&text).unwrap();
        prop_oneof![
            1 => Just(Rate::ZERO),
            4 => (1_u64..1_000, 0_u32..=12).prop_map(move |(digits, zeros)| {
                let nano = digits * 10_u64.pow(zeros);
                read(format!("{}.{:09}/h", nano / 1_000_000_000, nano % 1_000_000_000))
            }),
            4 => (1_u64..=1_000_000_000).prop_map(move |rate| read(format!("{rate}/s"))),
            1 => Just(read("1G".to_owned())),
        ]
    }

    fn lengths() -> impl Strategy<Value = u64> {
        (1_u64..1_000, 0_u32..=16).prop_map(|(digits, zeros)| digits * 10_u64.pow(zeros))
    }

    proptest! {
        #[test]
        fn the_time_of_a_call_is_where_the_integral_reaches_it(
            from in rates(), to in rates(), length in lengths(), share in 0.0..1.0_f64,
        ) {
            let Some(stage) = Stage::new(from, to, length) else { return Ok(()) };
            prop_assume!(stage.calls() > 0);
            let calls = ((stage.calls() as f64 * share) as u128).min(stage.calls() - 1);
            let ns = stage.time_of(calls).unwrap();
            prop_assert!(ns <= length);
            if ns > 0 {
                prop_assert!(stage.calls_until(ns - 1) <= calls);
            }
            if ns < length {
                prop_assert!(stage.calls_until(ns + 1) > calls);
            }
        }

        #[test]
        fn later_calls_are_never_due_earlier(
            from in rates(), to in rates(), length in lengths(), share in 0.0..1.0_f64, step in any::<u64>(),
        ) {
            let Some(stage) = Stage::new(from, to, length) else { return Ok(()) };
            let calls = (stage.calls() as f64 * share) as u128;
            let (first, second) = (stage.time_of(calls), stage.time_of(calls + u128::from(step)));
            if let (Some(first), Some(second)) = (first, second) {
                prop_assert!(first <= second);
            }
        }

        #[test]
        fn the_integral_begins_at_nothing_ends_at_all_and_never_falls(
            from in rates(), to in rates(), length in lengths(), at in any::<u64>(),
        ) {
            let Some(stage) = Stage::new(from, to, length) else { return Ok(()) };
            let at = at % length;
            prop_assert_eq!(stage.calls_until(0), 0);
            prop_assert_eq!(stage.calls_until(length), stage.calls());
            prop_assert!(stage.calls_until(at) <= stage.calls_until(at + 1));
        }
    }
}
