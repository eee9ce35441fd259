//! Whether calls were made when they were due, and whether time went by as it should.
//!
//! A slow server makes no lag: open load takes more workers then. Lag comes from a bound on the workers, or from a
//! runner that did not get to run.

use super::{Bounds, Reason, share};
use crate::report::format;
use crate::watch::readings::{Gap, GapKind, Readings};

/// Lag, in nanoseconds. A millisecond is twenty times what a quiet machine shows, and part of every response time; with
/// ten the load that arrived is another one than was asked for.
const LAG_NS: Bounds = Bounds {
    degraded: 1e6,
    invalid: 10e6,
};

/// With fewer calls than this the 99th percentile is the one latest call, so the median is judged.
const LAG_CALLS: u64 = 100;

/// Calls missed, as a share of those due. None is missed on a runner that runs; a hundredth moves percentiles.
const MISSED: Bounds = Bounds {
    degraded: 0.0,
    invalid: 0.01,
};

/// Calls not started, as a share of those due. Some fall due in the last instant of any run, hence not from the first.
const NOT_STARTED: Bounds = Bounds {
    degraded: 0.001,
    invalid: 0.01,
};

/// The call that fell due in the last instant of a run of any length.
const LAST_CALL: u64 = 1;

/// Gaps, in nanoseconds: what is told to be one is one.
const GAP_NS: Bounds = Bounds::degraded(0.0);

/// Drift of the time of day, in nanoseconds. Clocks are slewed by far less in an hour, so this was a jump.
const DRIFT_NS: Bounds = Bounds::degraded(100e6);

/// A process that used more of its CPUs than this had none left.
const SATURATED: f64 = 0.9;

/// Calls started later than they were due.
pub(super) fn lag(readings: &Readings) -> Option<Reason> {
    if !readings.is_open_load {
        return None;
    }
    let schedule = &readings.schedule;
    let is_short = schedule.due.is_some_and(|due| due < LAG_CALLS);
    let (name, lag) = if is_short {
        ("p50", schedule.lag.p50_ns?)
    } else {
        ("p99", schedule.lag.p99_ns?)
    };
    LAG_NS.reason("lag", lag as f64, || {
        let lag = format::duration(lag);
        format!(
            "calls started late, the {name} of lag is {lag}: {}",
            cause(readings)
        )
    })
}

/// Calls that were due never started.
pub(super) fn not_started(readings: &Readings) -> Option<Reason> {
    if !readings.is_open_load {
        return None;
    }
    let count = readings.schedule.not_started?;
    let due = readings.schedule.due?;
    let beyond_the_last = count.saturating_sub(LAST_CALL);
    NOT_STARTED.reason("not_started", share(beyond_the_last, due as f64)?, || {
        let calls = format::plural(count, "call", "calls");
        let due = format::count(due);
        format!(
            "{calls} of {due} were due and never started: {}",
            cause(readings)
        )
    })
}

/// Calls fell due while the runner stood still.
pub(super) fn missed(readings: &Readings) -> Option<Reason> {
    let missed = readings.schedule.missed.filter(|&missed| missed > 0)?;
    let due = readings.schedule.due.filter(|&due| due > 0);
    // Without the whole only that there were some is known.
    let part = due.map_or(f64::MIN_POSITIVE, |due| missed as f64 / due as f64);
    MISSED.reason("missed", part, || {
        let calls = format::plural(missed, "call", "calls");
        let of = due.map_or_else(String::new, |due| format!(" of {}", format::count(due)));
        format!(
            "{calls}{of} fell due while the runner itself stood still and were not made; run again, with nothing \
             beside it"
        )
    })
}

/// Why calls are late, and what to do.
fn cause(readings: &Readings) -> String {
    let pool = &readings.pool;
    if pool.is_limit_hit == Some(true) {
        let all = match pool.limit {
            Some(1) => "the only worker was busy".to_owned(),
            Some(limit) => format!("all {} workers were busy", format::count(limit)),
            None => "all workers were busy".to_owned(),
        };
        return format!("{all}; raise -w or the limits");
    }
    if readings.system.cpu_share_peak > Some(SATURATED) {
        return "the runner had used up its CPUs; lower the rate, or use more or faster ones"
            .to_owned();
    }
    "the runner did not get to run in time; lower the rate, or run it with nothing beside it"
        .to_owned()
}

/// No thread of the runner ran.
pub(super) fn stopped(readings: &Readings) -> Option<Reason> {
    gaps(readings, GapKind::Stopped, "gap", |spans| {
        format!("no thread of the runner ran {spans}; look for what stopped or starved it")
    })
}

/// The machine slept.
pub(super) fn suspended(readings: &Readings) -> Option<Reason> {
    gaps(readings, GapKind::Suspended, "suspended", |spans| {
        format!("the machine was suspended {spans}; keep it awake for a run")
    })
}

fn gaps(
    readings: &Readings,
    kind: GapKind,
    id: &str,
    text: impl FnOnce(String) -> String,
) -> Option<Reason> {
    let of_kind: Vec<&Gap> = readings
        .gaps
        .iter()
        .filter(|gap| gap.kind == kind)
        .collect();
    let longest = of_kind.iter().max_by_key(|gap| gap.length_ns)?;
    GAP_NS.reason(id, longest.length_ns as f64, || {
        let (length, at) = (
            format::duration(longest.length_ns),
            format::duration(longest.from_ns),
        );
        if let [_] = of_kind[..] {
            return text(format!("for {length}, {at} into the run"));
        }
        let times = of_kind.len();
        let sum = of_kind
            .iter()
            .fold(0, |sum: u64, gap| sum.saturating_add(gap.length_ns));
        let sum = format::duration(sum);
        text(format!(
            "{times} times, for {sum} together, the longest for {length}, {at} into the run"
        ))
    })
}

/// The time of day moved on its own.
pub(super) fn wall_clock(readings: &Readings) -> Option<Reason> {
    let drift = readings.system.wall_drift?;
    DRIFT_NS.reason("wall_clock", drift.by_ns as f64, || {
        let (by, at) = (format::duration(drift.by_ns), format::duration(drift.at_ns));
        format!(
            "the time of day was moved by {by}, seen {at} into the run: durations are unaffected, times of day are not \
             what they seem; let the clock settle before a run"
        )
    })
}
