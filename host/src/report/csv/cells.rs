//! What stands in the cells.

use crate::report::distinct::distinct;
use crate::report::format;
use crate::stats::{Distribution, PERCENTILES, Quantile, Row, Summary};

/// Text that a spreadsheet shows and does not reckon with. One that begins like a formula gets a `'` before it, as
/// spreadsheets themselves mark text, and so does one that begins with a `'`: without its first `'` a cell is always the
/// text. See <https://owasp.org/www-community/attacks/CSV_Injection>; tabs and line breaks, which are listed there too, are
/// escaped before they get here.
pub(super) fn text(of: &str) -> String {
    const FORMULAS: [char; 9] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\''];
    let mark = if of.starts_with(FORMULAS) { "'" } else { "" };
    format!("{mark}{}", distinct(of))
}

/// A moment of the run in seconds, exactly.
pub(super) fn seconds(ns: u64) -> String {
    format!("{}.{:09}", ns / 1_000_000_000, ns % 1_000_000_000)
}

/// A figure that may not be known.
pub(super) fn known(of: Option<impl ToString>) -> String {
    of.map(|of| of.to_string()).unwrap_or_default()
}

/// The names of the columns of durations, each after `before`.
pub(super) fn duration_names(before: &str) -> impl Iterator<Item = String> + '_ {
    let percentiles = PERCENTILES.map(format::percentile);
    let names = ["min".to_owned(), "mean".to_owned()].into_iter();
    let names = names.chain(percentiles).chain(["max".to_owned()]);
    names.map(move |name| format!("{before}{name}_ns"))
}

/// What stands in them.
pub(super) fn durations(of: &Distribution) -> impl Iterator<Item = String> {
    let percentiles = of.percentiles().map(|percentile| match percentile.value {
        Some(Quantile::Exact(ns)) => Some(ns),
        Some(Quantile::AtLeast(_)) | None => None,
    });
    let mean = of.ended.mean().map(|ns| ns.round() as u64);
    let figures = [of.ended.min(), mean].into_iter();
    let figures = figures.chain(percentiles).chain([of.ended.max()]);
    figures.map(known)
}

/// What a row's column is called: `ok/200`, and in a mix `ok/200/browse.wasm`.
pub(super) fn row_name(summary: &Summary, key: &crate::stats::RowKey) -> String {
    let name = format!("{}/{}", key.outcome.word(), key.tag);
    let is_mix = summary.facts.components.len() > 1;
    text(&match is_mix {
        true => format!("{name}/{}", summary.operation(key.operation)),
        false => name,
    })
}

/// Whether a row has durations besides those that callers felt.
pub(super) fn is_open(row: &Row) -> bool {
    row.latency.response.is_some()
}
