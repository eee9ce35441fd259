//! A run in a few lines, for a terminal where they are drawn over and over.
//!
//! ```text
//! browse.wasm + buy.wasm  8 workers
//!  ━━━━━━━━━━━━━━━━━━━━━━━━━─────────────  2 684 / 4 000   67 %   6.7 s  ETA   3 s
//!     402 calls/s  p50 7.9 ms  p99  41 ms  max  1.0 s  busy 8/8   ▅▆▇▇▇▆▂▁▂▅▇▇▇▇▇▇
//!  200 2 626  404 30  503 24 fail  timeout 4 fault       fail 0.89 %  fault 0.15 %
//! ```
//!
//! Figures are padded, so that they stay where they are while they change.

use super::painted::{GAP, Line, columns, cut};
use super::{Phase, Progress, words};
use crate::report::format;
use crate::report::printable::{name, printable};
use crate::report::style::{Ink, Style};
use crate::stats::Outcome;

/// A bar of fewer columns shows nothing.
const BAR_MIN: usize = 6;

/// A line of rates of fewer columns shows nothing.
const SPARK_MIN: usize = 8;

/// The columns that a duration takes: `7.9 ms`, `873 µs`, `2m31s`.
const DURATION: usize = 6;

/// The least columns that the name of the operation is cut to, and the most that a tag takes.
const NAME_MIN: usize = 8;
const TAG_MAX: usize = 24;

/// The run in at most `rows_max` lines, each of at most the columns of the style: what runs, how far it is, how fast it
/// goes, how its calls ended; then the lines that workers logged. Where the rows are few, what runs goes first, then how
/// calls ended, then how fast it goes.
pub fn block(
    progress: &Progress,
    eta_ns: Option<u64>,
    style: Style,
    rows_max: usize,
) -> Vec<String> {
    // The least width that a report is made for is wider than some terminals.
    let room = match style.width {
        0 => style.columns(),
        width => style.columns().min(width),
    };
    let mut lines = vec![
        how_far(progress, eta_ns, style, room),
        how_fast(progress, style, room),
        how_ended(progress, style, room),
    ];
    if rows_max > lines.len() {
        lines.insert(0, what(progress, style, room));
    }
    let logs = progress.logs.iter().map(|(worker, text)| {
        Line::of(Ink::Dim, format!(" worker {worker}  ")).and(Ink::Plain, printable(text, style))
    });
    lines.extend(logs.take(rows_max.saturating_sub(lines.len())));
    lines.truncate(rows_max);
    lines.iter().map(|line| line.painted(room, style)).collect()
}

/// What runs, and what a person should know of it.
fn what(progress: &Progress, style: Style, room: usize) -> Line {
    let mut rest = Line::of(Ink::Dim, printable(&progress.load, style));
    if progress.phase == Phase::WarmUp {
        rest = rest.then(GAP, Line::of(Ink::Plain, "warm-up"));
    }
    if progress.thresholds_missed {
        rest = rest.then(GAP, Line::of(Ink::Warn, "a rule is broken"));
    }
    let name_room = room.saturating_sub(rest.columns() + GAP).max(NAME_MIN);
    let name = cut(&name(&progress.name, style), name_room, style);
    Line::of(Ink::Strong, name).then(GAP, rest)
}

/// The bar, and its figures.
fn how_far(progress: &Progress, eta_ns: Option<u64>, style: Style, room: usize) -> Line {
    let end = match (words::phase(progress.phase), eta_ns) {
        (Some(word), _) if progress.phase != Phase::WarmUp => word.to_owned(),
        (_, eta_ns) => {
            let left = eta_ns.map_or_else(|| style.text("–").into_owned(), words::left);
            format!("ETA {left:>5}")
        }
    };
    let percent = words::percent(progress).map(|percent| format!("{percent:>5}"));
    let counts = words::counts(progress);
    let elapsed = format!("{:>DURATION$}", words::elapsed(progress.elapsed_ns));
    let mut parts = [Some(counts), percent, Some(elapsed), Some(end)];
    let bar_room = |parts: &[Option<String>]| {
        let shown = parts.iter().flatten();
        let taken: usize = shown.map(|part| GAP + columns(part)).sum();
        room.saturating_sub(1 + taken)
    };
    let bar = progress.share_over().map(|share| {
        if bar_room(&parts) < BAR_MIN {
            // The bar says more than the time that has passed.
            parts[2] = None;
        }
        bar(share, bar_room(&parts), progress.thresholds_missed, style)
    });
    let mut line = Line::of(Ink::Plain, " ").then(0, bar.unwrap_or_default());
    for (index, part) in parts.into_iter().flatten().enumerate() {
        let gap = if line.columns() > 1 { GAP } else { 0 };
        if index > 0 && line.columns() + gap + columns(&part) > room {
            break;
        }
        line = line.then(gap, Line::of(Ink::Plain, part));
    }
    line
}

/// A bar that takes all the room; nothing where that is too little. It is full only when all is over.
fn bar(share: f64, room: usize, is_warning: bool, style: Style) -> Line {
    if room < BAR_MIN {
        return Line::default();
    }
    let halves = (share * 2.0 * room as f64) as usize;
    let (full, half) = (halves / 2, halves % 2);
    let ink = if is_warning { Ink::Warn } else { Ink::Bar };
    if style.unicode {
        let over = format!("{}{}", "━".repeat(full), "╸".repeat(half));
        Line::of(ink, over).and(Ink::Dim, "─".repeat(room - full - half))
    } else {
        Line::of(ink, "#".repeat(full)).and(Ink::Dim, "-".repeat(room - full))
    }
}

/// The pace, and the durations of the last seconds. What does not fit is left out, from the end.
fn how_fast(progress: &Progress, style: Style, room: usize) -> Line {
    let labelled = |label: &str, value: &str| {
        Line::of(Ink::Dim, format!("{label} ")).and(Ink::Plain, format!("{value:>DURATION$}"))
    };
    let duration = |label, ns| labelled(label, &words::maybe_duration(ns, style));
    let rate = progress
        .rate_per_s
        .map_or_else(|| "–".to_owned(), words::rate);
    let rate = style.text(&rate).into_owned();
    let busy = format!(
        "{:>2$}/{}",
        progress.busy,
        progress.workers,
        progress.workers.to_string().len()
    );
    let mut cells = vec![
        duration("p50", progress.p50_ns),
        duration("p99", progress.p99_ns),
        duration("max", progress.max_ns),
        Line::of(Ink::Dim, "busy ").and(Ink::Plain, busy),
    ];
    if let Some(late_ns) = progress.late_ns {
        cells.insert(2, duration("lag", Some(late_ns)));
    }
    let mut line = Line::of(Ink::Strong, format!(" {rate:>6}")).and(Ink::Plain, " calls/s");
    for cell in cells {
        if line.columns() + GAP + cell.columns() > room {
            return line;
        }
        line = line.then(GAP, cell);
    }
    let rest = room.saturating_sub(line.columns() + GAP);
    if style.unicode && rest >= SPARK_MIN {
        let spark = spark(&progress.rates, rest);
        line = line.then_at_end(room, Line::of(Ink::Bar, spark));
    }
    line
}

/// The latest rates as columns of different heights, of which the highest is the highest rate.
fn spark(rates: &[f64], room: usize) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let latest = &rates[rates.len().saturating_sub(room)..];
    let rates = latest.iter().map(|rate| {
        let known = rate.is_finite() && *rate > 0.0;
        if known { *rate } else { 0.0 }
    });
    let most = rates.clone().fold(f64::MIN_POSITIVE, f64::max);
    rates
        .map(|rate| HEIGHTS[((rate / most * 7.0).round() as usize).min(7)])
        .collect()
}

/// The most frequent tags, as many as there is room for, and the shares of what went wrong.
fn how_ended(progress: &Progress, style: Style, room: usize) -> Line {
    if progress.done == 0 {
        return Line::of(Ink::Dim, " no call has ended");
    }
    let shares = shares(progress);
    let tags_room = room.saturating_sub(shares.columns() + GAP);
    let mut line = Line::of(Ink::Plain, " ");
    for (index, (tag, outcome, count)) in progress.tags.iter().enumerate() {
        let tag = self::tag(tag, *outcome, *count, style);
        let gap = if index > 0 { GAP } else { 0 };
        let rest = progress.tags.len() - index;
        let more = Line::of(Ink::Dim, format!("+{rest} more"));
        // Whoever is the last needs no room for how many more there are.
        let after = if rest > 1 { GAP + more.columns() } else { 0 };
        if line.columns() + gap + tag.columns() + after > tags_room {
            if line.columns() + gap + more.columns() <= tags_room {
                line = line.then(gap, more);
            }
            break;
        }
        line = line.then(gap, tag);
    }
    if line.columns() > 1 {
        line.then_at_end(room, shares)
    } else {
        line.then(0, shares)
    }
}

fn tag(tag: &str, outcome: Outcome, count: u64, style: Style) -> Line {
    let tag = cut(&name(tag, style), TAG_MAX, style);
    let count = format::count(count);
    let line = Line::of(Ink::Plain, format!("{tag} "));
    match outcome {
        Outcome::Ok => line.and(Ink::Plain, count),
        outcome => line.and(ink(outcome), format!("{count} {}", outcome.word())),
    }
}

fn shares(progress: &Progress) -> Line {
    let share = |outcome: Outcome, calls: u64| {
        let ink = if calls > 0 { ink(outcome) } else { Ink::Dim };
        let share = format::share(progress.share_of(calls));
        Line::of(ink, format!("{} {share}", outcome.word()))
    };
    let fail = share(Outcome::Fail, progress.fail);
    match progress.fault {
        0 => fail,
        fault => fail.then(GAP, share(Outcome::Fault, fault)),
    }
}

fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Ok => Ink::Plain,
        Outcome::Fail => Ink::Bad,
        Outcome::Fault => Ink::Warn,
    }
}
