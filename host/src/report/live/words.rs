//! Figures of a running run: two digits, which can be read while they change, where a report has three.

use super::{Phase, Progress, Total};
use crate::report::format;
use crate::report::style::Style;

const SECOND_NS: u64 = 1_000_000_000;

/// A duration: `873 ns`, `7.9 µs`, `41 ms`, `1.0 s`, from a minute on as in a report.
pub(super) fn duration(ns: u64) -> String {
    if ns < 1_000 {
        return format!("{ns} ns");
    }
    for (unit, name, limit) in [(1e3, "µs", 1e3), (1e6, "ms", 1e3), (1e9, "s", 60.0)] {
        let number = ns as f64 / unit;
        let decimals = usize::from(number < 9.95);
        let text = format!("{number:.decimals$}");
        if text.parse().unwrap_or(f64::INFINITY) < limit {
            return format!("{text} {name}");
        }
    }
    format::duration(ns.max(60 * SECOND_NS))
}

/// A duration that may not be known.
pub(super) fn maybe_duration(ns: Option<u64>, style: Style) -> String {
    let text = ns.map_or_else(|| "–".to_owned(), duration);
    style.text(&text).into_owned()
}

/// The time of the run: `6.7 s`, `2m31s`.
pub(super) fn elapsed(ns: u64) -> String {
    let tenths = ns / (SECOND_NS / 10);
    if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        format::duration(ns / SECOND_NS * SECOND_NS)
    }
}

/// The time that is left, in whole seconds that are never 0 before the end: `3 s`, `2m31s`.
pub(super) fn left(ns: u64) -> String {
    match ns.div_ceil(SECOND_NS) {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format::duration(seconds.saturating_mul(SECOND_NS)),
    }
}

/// A rate, without its unit: `4.02`, `40.2`, `402`, `12 346`.
pub(super) fn rate(per_s: f64) -> String {
    if !per_s.is_finite() {
        "–".to_owned()
    } else if per_s < 9.995 {
        format!("{:.2}", per_s.max(0.0))
    } else if per_s < 99.95 {
        format!("{per_s:.1}")
    } else {
        format::count(per_s.round() as u64)
    }
}

/// How much of the run is over: `67 %`. It is `100 %` only when all is over.
pub(super) fn percent(progress: &Progress) -> Option<String> {
    let share = progress.share_over()?;
    // The product may fall just short of a whole number, as 0.29 * 100 does.
    let percent = (share * 100.0 + 1e-9).floor();
    let most = if share < 1.0 { 99.0 } else { 100.0 };
    Some(format!("{} %", percent.min(most)))
}

/// The calls that have ended, of how many: `2 684 / 4 000`, `12 / 20+` while the input may bring more.
pub(super) fn counts(progress: &Progress) -> String {
    let done = format::count(progress.done);
    let (total, more) = match progress.total() {
        Total::Known(total) => (format::count(total), ""),
        Total::AtLeast(total) => (format::count(total), "+"),
        Total::Unknown => return format!("{done:>7}"),
    };
    format!("{done:>0$} / {total}{more}", total.len())
}

/// What is going on, where that is not simply the run.
pub(super) fn phase(phase: Phase) -> Option<&'static str> {
    match phase {
        Phase::WarmUp => Some("warm-up"),
        Phase::Running => None,
        Phase::Draining => Some("stopping"),
        Phase::Stopping => Some("stopping now"),
    }
}
