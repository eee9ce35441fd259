//! A run in one plain line, for where there is no terminal.

use super::{Progress, words};
use crate::report::format;
use crate::report::style::Style;

/// The run in one line of ASCII, made to be read by people and by programs that look for a key:
///
/// ```text
/// gorgon: 2684/4000 67% 402/s p50=7.9ms p99=41ms fail=1.04% eta=3s
/// ```
///
/// It begins with the calls that ended, of how many (`12/20+` while the input may bring more, `2684` where there is no such
/// number), how much of the run is over, and the calls each second. Then come keys, in this order: `p50`, `p99`, `fail`
/// and `eta` always; `fault` (a share, as `fail`), `lag` (how long ago the next call of an open load was due), `rules`
/// (`broken`) and `phase` (`warm-up`, `stopping`, `stopping-now`) where there is something to tell. No value has a space
/// in it, and what is not known is `-`.
pub fn line(progress: &Progress, eta_ns: Option<u64>) -> String {
    let or_unknown = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let duration = |ns: Option<u64>| or_unknown(ns.map(words::duration));
    let share = |calls: u64| match progress.done {
        0 => "-".to_owned(),
        _ => format::share(progress.share_of(calls)),
    };
    let mut values = vec![
        words::counts(progress),
        or_unknown(words::percent(progress)),
        format!("{}/s", or_unknown(progress.rate_per_s.map(words::rate))),
        format!("p50={}", duration(progress.p50_ns)),
        format!("p99={}", duration(progress.p99_ns)),
        format!("fail={}", share(progress.fail)),
        format!("eta={}", or_unknown(eta_ns.map(words::left))),
    ];
    if progress.fault > 0 {
        values.push(format!("fault={}", share(progress.fault)));
    }
    if let Some(late_ns) = progress.late_ns {
        values.push(format!("lag={}", words::duration(late_ns)));
    }
    if progress.thresholds_missed {
        values.push("rules=broken".to_owned());
    }
    if let Some(phase) = words::phase(progress.phase) {
        values.push(format!("phase={}", phase.replace(' ', "-")));
    }
    let mut line = "gorgon:".to_owned();
    for value in values {
        line.push(' ');
        line.extend(value.chars().filter(|c| *c != ' '));
    }
    Style::PLAIN.text(&line).into_owned()
}
