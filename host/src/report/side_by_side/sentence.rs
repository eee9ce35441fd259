//! What follows from a comparison, in a sentence.

use super::{Side, SideBySide, excess, is_invalid};
use crate::compare::{BATCHES_LEAST, Compared, Comparison, Metric, Verdict, recommended_calls};
use crate::report::format;

/// The shortest stretch that a run is cut into, in nanoseconds.
const STRETCH_NS: u64 = 50_000_000;

/// With so many stretches there is as a rule enough to learn from, even where neighbours resemble each other.
const STRETCHES_GOOD: u64 = 64;

impl SideBySide<'_> {
    /// What is known of a side against the fastest, without full stop; nothing for the fastest itself. `name` makes a name
    /// fit to be shown.
    pub(super) fn sentence(&self, side: &Side, name: &dyn Fn(&str) -> String) -> Option<String> {
        let comparison = side.against_fastest.as_ref()?;
        let median = comparison.figure(Metric::P50)?;
        let fastest = name(self.name(self.sides.first()?));
        let other = name(self.name(side));
        let matters = format!("{} %", self.settings.min_effect * 100.0);
        Some(match median.verdict {
            Verdict::Worse => format!("{fastest} is {} times faster than {other}", times(median)?),
            Verdict::Better => format!("{other} is faster than {fastest}"),
            Verdict::Same => format!("{fastest} and {other} take equally long, to {matters}"),
            Verdict::NoEvidence if is_invalid(self.run) => {
                format!(
                    "which of {fastest} and {other} is faster cannot be told: the run is invalid"
                )
            }
            Verdict::NoEvidence => format!(
                "which of {fastest} and {other} is faster cannot be told{}",
                self.longer(median)
            ),
            Verdict::NotEnoughData => format!(
                "not enough data to tell {fastest} from {other}{}",
                self.enough(comparison)
            ),
        })
    }

    /// How many calls would tell the difference that there seems to be, or the least one that matters.
    fn longer(&self, of: &Compared) -> String {
        let effect = of.difference.map_or(0.0, f64::abs).max(of.min_effect);
        match recommended_calls(of, effect) {
            Some(calls) => format!(
                "; `-n {calls}` would tell a difference of {}",
                excess(effect).trim_start_matches('+')
            ),
            None => String::new(),
        }
    }

    /// How long a run would have enough stretches to learn from how much the figures vary by themselves.
    fn enough(&self, comparison: &Comparison) -> String {
        let stretches = comparison.batches[0].min(comparison.batches[1]);
        let elapsed_ns = self.run.summary.facts.elapsed_ns;
        let factor = if stretches < BATCHES_LEAST {
            ((STRETCHES_GOOD * STRETCH_NS) as f64 / elapsed_ns.max(1) as f64).max(2.0)
        } else {
            4.0
        };
        let why = if stretches < BATCHES_LEAST {
            format!(
                "the run was {}, and it takes {} at least",
                format::duration(elapsed_ns),
                format::duration(BATCHES_LEAST as u64 * STRETCH_NS)
            )
        } else {
            "there are too few calls, or they depend too much on those before them".to_owned()
        };
        let load = &self.run.summary.facts.load;
        let each = self.sides.iter().map(Side::calls).max().unwrap_or(0);
        match load.duration_ns {
            Some(_) => {
                let seconds = (elapsed_ns as f64 * factor / 1e9).ceil().max(1.0);
                format!(": {why}; `-d {seconds}s` would do")
            }
            None if each > 0 => {
                format!(": {why}; `-n {}` would do", round_up(each as f64 * factor))
            }
            None => format!(": {why}"),
        }
    }
}

/// How many times faster the fastest is, and how sure that is: `1.39 ± 0.05`. One digit of the uncertainty is told, at most
/// four behind the point.
fn times(median: &Compared) -> Option<String> {
    let (difference, interval) = (median.difference?, median.interval?);
    let half = (interval.high - interval.low) / 2.0;
    let digits = (-half.max(1e-9).log10()).ceil().clamp(0.0, 4.0) as usize;
    let digits = if difference < 9.0 {
        digits.max(2)
    } else {
        digits
    };
    Some(format!("{:.digits$} ± {half:.digits$}", difference + 1.0))
}

/// A number of calls up to two digits: more would be a promise.
fn round_up(calls: f64) -> u64 {
    let unit = 10f64.powf((calls.max(1.0).log10() - 1.0).floor().max(0.0));
    ((calls / unit).ceil() * unit) as u64
}
