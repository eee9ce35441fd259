//! Whether the figures of a run can be trusted as far as the runner's own part goes.
//!
//! A pure function of the [`Readings`]. Each rule looks at one thing that makes a runner report its own slowness as
//! that of what it loads, and has two bounds: beyond the first the figures are worse than they had to be and still
//! worth reading, beyond the second they say more about the runner than about anything else. The bounds are constants
//! beside their rules, with the reason. Three things hold for all of them: what is unknown makes no reason; a run that
//! is merely short has none either; and a reading that gets worse never makes the verdict better.

mod cpu;
mod resources;
mod schedule;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::readings::Readings;

/// How far the figures of a run can be trusted.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing was found against them.
    #[default]
    Valid,
    /// They may be somewhat off.
    Degraded,
    /// They are about the runner and not about what it loaded.
    Invalid,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Valid => "valid",
            State::Degraded => "degraded",
            State::Invalid => "invalid",
        })
    }
}

/// Something that was found against a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule, by a name that does not change: `lag`, `steal`.
    pub id: String,
    /// What it makes of the run, never [`State::Valid`].
    pub state: State,
    /// A sentence without full stop: the figure, and what to do.
    pub text: String,
}

/// The judgement on a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// That of the worst reason.
    pub state: State,
    /// What was found, the worst first.
    pub reasons: Vec<Reason>,
}

/// A rule: nothing where it finds nothing, or does not know.
type Rule = fn(&Readings) -> Option<Reason>;

/// All rules. Of equally bad reasons the earlier is told first: what happened, then why.
const RULES: [Rule; 14] = [
    schedule::lag,
    schedule::not_started,
    schedule::missed,
    schedule::stopped,
    schedule::suspended,
    cpu::own_cpu,
    cpu::throttled,
    cpu::steal,
    cpu::run_queue,
    cpu::poll_delay,
    resources::connections,
    resources::open_files,
    resources::ports,
    schedule::wall_clock,
];

/// Judges a run by what was seen of the runner.
pub fn judge(readings: &Readings) -> Verdict {
    let mut reasons: Vec<Reason> = RULES.iter().filter_map(|rule| rule(readings)).collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.state));
    Verdict {
        state: reasons.first().map_or(State::Valid, |reason| reason.state),
        reasons,
    }
}

/// Where a figure begins to count against a run, and where it makes it worthless.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    degraded: f64,
    invalid: f64,
}

impl Bounds {
    /// Bounds of a figure that never makes a run worthless.
    const fn degraded(beyond: f64) -> Bounds {
        Bounds {
            degraded: beyond,
            invalid: f64::INFINITY,
        }
    }

    /// The reason that a figure beyond the bounds is.
    fn reason(self, id: &str, figure: f64, text: impl FnOnce() -> String) -> Option<Reason> {
        let state = if figure > self.invalid {
            State::Invalid
        } else if figure > self.degraded {
            State::Degraded
        } else {
            return None;
        };
        Some(Reason {
            id: id.to_owned(),
            state,
            text: text(),
        })
    }
}

/// `part` of `whole`; nothing where there is no whole.
fn share(part: u64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part as f64 / whole)
}

#[cfg(test)]
mod tests;
