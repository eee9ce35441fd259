//! Figures of a comparison as people read them.

use crate::compare::{Compared, Interval, Metric, Verdict};
use crate::report::format;
use crate::report::style::Ink;

/// What a figure is called in a table.
pub(in crate::report) fn name(metric: Metric) -> &'static str {
    match metric {
        Metric::CallsPerS => "calls/s",
        other => other.word(),
    }
}

/// A figure in its unit.
pub(in crate::report) fn value(metric: Metric, value: Option<f64>) -> String {
    let Some(value) = value else {
        return "–".to_owned();
    };
    match metric {
        Metric::CallsPerS => format::rate(value),
        Metric::Fail => format::share(value),
        Metric::P50 | Metric::P90 | Metric::P99 | Metric::Mean => {
            format::duration(value.round() as u64)
        }
    }
}

/// The unit of a figure's difference.
pub(in crate::report) fn unit(is_share: bool) -> &'static str {
    if is_share { "pt" } else { "%" }
}

/// A difference with its unit: `+5.2 %`, `−0.01 pt`.
pub(in crate::report) fn difference(figure: &Compared) -> String {
    let is_share = figure.metric.is_share();
    figure.difference.map_or("–".to_owned(), |part| {
        format!(
            "{} {}",
            signed(part, digits(part, is_share)),
            unit(is_share)
        )
    })
}

/// An interval with its unit: `−12.2 … −10.8 %`.
pub(in crate::report) fn interval(of: Option<Interval>, is_share: bool) -> String {
    let Some(Interval { low, high }) = of else {
        return "–".to_owned();
    };
    let digits = digits(low.abs().max(high.abs()), is_share);
    format!(
        "{} … {} {}",
        signed(low, digits),
        signed(high, digits),
        unit(is_share)
    )
}

/// Digits after the point: points have two, and large percentages none.
fn digits(part: f64, is_share: bool) -> usize {
    match part.abs() * 100.0 {
        _ if is_share => 2,
        99.5.. => 0,
        _ => 1,
    }
}

/// In percent or points. Nothing has no sign, whichever side it was rounded from.
fn signed(part: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", (part * 100.0).abs());
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    let sign = match part {
        _ if is_zero => "",
        0.0.. => "+",
        _ => "−",
    };
    format!("{sign}{text}")
}

/// A verdict with its sign, and how it looks.
pub(in crate::report) fn verdict(figure: &Compared, is_identical: bool) -> (String, Ink) {
    if is_identical && figure.verdict == Verdict::Same {
        return ("  identical".to_owned(), Ink::Dim);
    }
    let (sign, ink) = match figure.verdict {
        Verdict::Better => ("✓", Ink::Good),
        Verdict::Worse => ("✗", Ink::Bad),
        Verdict::Same => (" ", Ink::Plain),
        Verdict::NoEvidence => (" ", Ink::Dim),
        Verdict::NotEnoughData => (" ", Ink::Warn),
    };
    (format!("{sign} {}", figure.verdict), ink)
}

/// The least difference that matters: `2 %`.
pub(in crate::report) fn effect(part: f64) -> String {
    let percent = (part * 1e11).round() / 1e9;
    format!("{percent} %")
}
