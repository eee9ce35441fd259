//! What a person asked for, checked and worked out as far as it does not depend on the call.

use std::sync::Arc;

use super::curve::Curve;
use super::error::ScheduleError;
use super::random::{Draws, Purpose};
use super::rate::{CALL, MOST_CALLS};
use super::stage::Stage;
use super::timeline::Timeline;
use super::walk::{Walk, drawn_calls};

/// How calls are spread over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arrivals {
    /// Evenly.
    #[default]
    Uniform,
    /// At random, each independent of the others: what many users who know nothing of each other make.
    Poisson,
}

/// The calls at the beginning whose results do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WarmUp {
    /// There are none.
    #[default]
    None,
    /// This many calls. With uniform arrivals they take as many intervals; with Poisson arrivals the curve begins one
    /// nanosecond after the last of them is due.
    Calls(u64),
    /// Those that are due in so many nanoseconds.
    For(u64),
}

/// What a schedule is made of besides its curve.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Options {
    /// How calls are spread.
    pub arrivals: Arrivals,
    /// By up to how much of the time until the next one a call is moved, 0 to 1. Not with Poisson arrivals.
    pub jitter: f64,
    /// What jitter and Poisson arrivals are drawn from.
    pub seed: u64,
    /// What comes before the curve.
    pub warm_up: WarmUp,
    /// The most calls, the warm-up not among them.
    pub calls: Option<u64>,
    /// When the curve is cut short, in nanoseconds from the end of the warm-up.
    pub duration_ns: Option<u64>,
}

/// When each call of a run is due. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Schedule(pub(super) Arc<Plan>);

/// What a schedule has worked out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) arrivals: Arrivals,
    /// The most a call is moved, in grains.
    pub(super) jitter: u128,
    pub(super) arrival_draws: Draws,
    pub(super) jitter_draws: Draws,
    pub(super) warm_up: WarmUpPlan,
    pub(super) timeline: Timeline,
    /// Whether the timeline has an end that somebody asked for.
    ends_by_time: bool,
    calls: Option<u64>,
}

/// The warm-up, worked out. Nothing by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct WarmUpPlan {
    /// The rate; `None` without a warm-up.
    pub(super) stage: Option<Stage>,
    /// Its calls: they have the indexes below.
    pub(super) calls: u64,
    pub(super) length_ns: u64,
    /// Poisson: the sum of what was drawn for its calls, in grains.
    pub(super) drawn: u128,
    /// Poisson: the sum at which the curve begins.
    pub(super) curve_from: u128,
}

/// Poisson warm-ups are drawn when the schedule is made, at some ten nanoseconds a call.
const MOST_POISSON_WARM_UP: u64 = 100_000_000;

impl Schedule {
    /// Checks the options against the curve and each other. A warm-up before Poisson arrivals is drawn here, which
    /// takes up to some seconds for the longest.
    pub fn new(curve: &Curve, options: Options) -> Result<Schedule, ScheduleError> {
        // Written so that NaN, which is in no range, is refused.
        if !(0.0..=1.0).contains(&options.jitter) {
            return Err(ScheduleError::JitterShare(options.jitter));
        }
        if options.arrivals == Arrivals::Poisson && options.jitter > 0.0 {
            return Err(ScheduleError::JitterWithPoisson);
        }
        let arrival_draws = Draws::new(options.seed, Purpose::Arrivals);
        let warm_up = match options.warm_up {
            WarmUp::None | WarmUp::Calls(0) | WarmUp::For(0) => WarmUpPlan::default(),
            _ if curve.first_per_s() == 0.0 => return Err(ScheduleError::WarmUpAtZero),
            asked => match options.arrivals {
                Arrivals::Uniform => WarmUpPlan::uniform(curve, asked)?,
                Arrivals::Poisson => WarmUpPlan::poisson(curve, asked, arrival_draws)?,
            },
        };
        let length_ns = match (curve.duration_ns(), options.duration_ns) {
            (Some(curve), Some(asked)) => Some(curve.min(asked)),
            (one, other) => one.or(other),
        };
        let end_ns = length_ns.map_or(u64::MAX, |ns| warm_up.length_ns.saturating_add(ns));
        Ok(Schedule(Arc::new(Plan {
            arrivals: options.arrivals,
            jitter: (options.jitter * CALL as f64) as u128,
            arrival_draws,
            jitter_draws: Draws::new(options.seed, Purpose::Jitter),
            warm_up,
            timeline: Timeline::new(curve.stages(), warm_up.length_ns, end_ns),
            ends_by_time: length_ns.is_some(),
            calls: options.calls,
        })))
    }

    /// When the curve ends or is cut short, in nanoseconds from the beginning of the run: no call is due then or later.
    /// `None` if only the number of calls ends the run, or nothing does.
    pub fn end_ns(&self) -> Option<u64> {
        self.0.ends_by_time.then(|| self.0.timeline.end_ns())
    }

    /// When the warm-up is over, in nanoseconds from the beginning of the run; 0 if there is none.
    pub fn results_from_ns(&self) -> u64 {
        self.0.timeline.begins_ns()
    }

    /// How many calls belong to the warm-up: those with the indexes below.
    pub fn warm_up_calls(&self) -> u64 {
        self.0.warm_up.calls
    }

    /// Whether the run ends by itself, by time or by the number of calls.
    pub fn has_end(&self) -> bool {
        self.0.ends_by_time || self.0.calls.is_some()
    }

    /// A cursor from the beginning. Every thread takes one of its own; all of them give the same answers.
    pub fn walk(&self) -> Walk {
        Walk::from_beginning(self)
    }

    /// How many calls are due before `ns` from the beginning of the run, the warm-up not among them. Poisson arrivals
    /// are walked through for it, at some ten nanoseconds a call.
    pub fn due_before(&self, ns: u64) -> u64 {
        let plan = &*self.0;
        let most = plan.most_calls().min(plan.timeline.most_calls());
        let first = plan.warm_up.calls;
        let mut walk = Walk::from_curve(self);
        let mut is_before = |call: u64| walk.due(first + call).is_some_and(|due| due.due_ns < ns);
        if plan.arrivals == Arrivals::Poisson {
            return (0..).find(|call| !is_before(*call)).unwrap_or(most);
        }
        // Due times never go back, so the first call that is not before `ns` is found by halving.
        let (mut low, mut high) = (0, most);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// How many calls the run has when nothing interrupts it, the warm-up not among them. `None` if it has no end, and
    /// for Poisson arrivals that end by time if there are probably more than ten million.
    pub fn expected_calls(&self) -> Option<u64> {
        const MOST_DRAWN: u64 = 10_000_000;
        if !self.has_end() {
            return None;
        }
        let plan = &*self.0;
        if plan.arrivals == Arrivals::Poisson {
            let most = plan.most_calls();
            if !plan.ends_by_time {
                return Some(most);
            }
            if most.min(plan.timeline.most_calls()) > MOST_DRAWN {
                return None;
            }
        }
        Some(self.due_before(u64::MAX))
    }
}

impl Plan {
    /// The most calls that are asked for, the warm-up not among them.
    pub(super) fn most_calls(&self) -> u64 {
        self.calls.unwrap_or(MOST_CALLS).min(MOST_CALLS)
    }
}

impl WarmUpPlan {
    fn uniform(curve: &Curve, asked: WarmUp) -> Result<WarmUpPlan, ScheduleError> {
        let stage = Stage::endless(curve.first());
        let due_ns = |call: u64| stage.time_of(u128::from(call) * CALL);
        let (calls, length_ns) = match asked {
            WarmUp::None => (0, 0),
            WarmUp::Calls(calls) => {
                let calls = within_most(calls)?;
                (calls, due_ns(calls).ok_or(ScheduleError::WarmUpTooLong)?)
            }
            WarmUp::For(ns) => {
                let calls = whole_calls(stage.calls_until(ns))?;
                // The last of them is due at the end instead of before it where its time is rounded up.
                let is_late = calls > 0 && due_ns(calls - 1).is_none_or(|due_ns| due_ns >= ns);
                (calls - u64::from(is_late), ns)
            }
        };
        Ok(WarmUpPlan {
            stage: Some(stage),
            calls,
            length_ns,
            ..WarmUpPlan::default()
        })
    }

    fn poisson(curve: &Curve, asked: WarmUp, draws: Draws) -> Result<WarmUpPlan, ScheduleError> {
        let stage = Stage::endless(curve.first());
        let bound = match asked {
            WarmUp::None => 0,
            WarmUp::Calls(calls) => calls,
            WarmUp::For(ns) => whole_calls(stage.calls_until(ns))?,
        };
        if bound > MOST_POISSON_WARM_UP {
            return Err(ScheduleError::PoissonWarmUpTooLong);
        }
        let mut plan = WarmUpPlan {
            stage: Some(stage),
            ..WarmUpPlan::default()
        };
        loop {
            let next = plan.drawn + drawn_calls(draws, plan.calls);
            let due_ns = stage.time_of(next);
            let is_over = match asked {
                WarmUp::None => true,
                WarmUp::Calls(calls) => plan.calls == calls,
                WarmUp::For(ns) => due_ns.is_none_or(|due_ns| due_ns >= ns),
            };
            if is_over {
                break;
            }
            plan.length_ns = due_ns
                .and_then(|due_ns| due_ns.checked_add(1))
                .ok_or(ScheduleError::WarmUpTooLong)?;
            plan.drawn = next;
            plan.calls += 1;
        }
        plan.curve_from = plan.drawn;
        if let WarmUp::For(ns) = asked {
            plan.length_ns = ns;
            plan.curve_from = stage.calls_until(ns);
        }
        Ok(plan)
    }
}

fn within_most(calls: u64) -> Result<u64, ScheduleError> {
    if calls > MOST_CALLS {
        return Err(ScheduleError::WarmUpTooLong);
    }
    Ok(calls)
}

/// How many whole calls grains are, rounded up.
fn whole_calls(grains: u128) -> Result<u64, ScheduleError> {
    let calls = u64::try_from(grains.div_ceil(CALL)).map_err(|_| ScheduleError::WarmUpTooLong)?;
    within_most(calls)
}
