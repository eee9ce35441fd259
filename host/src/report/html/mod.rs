//! The report as one HTML file that needs no network: everything on a page that can be sent to somebody.
//!
//! All that the page says is decided here and written in the same words as in the other views; the scripts in
//! `assets/report/` lay it out, draw it, and let a reader look closer. The page holds it as JSON: what the page shows
//! ([`data::Page`]), and for each run the document that `--json` writes, as it is, for whoever wants to save it.
//!
//! Whatever a guest chose stays text. It is in JSON whose angle brackets and ampersands are escaped, so that no browser
//! can take it for markup; the scripts put text into the page as text only; and the page's own policy admits no script and
//! no style but those that were put into it, by their digests, and no request at all.

mod against;
mod assets;
mod cards;
mod course;
pub mod data;
mod head;
mod heat;
mod layers;
mod lines;
mod repeat;
mod shown;
mod spectrum;
mod stretches;
mod tables;
mod trust;

use std::io;

use super::json;
use super::view::RunView;
use crate::compare::Comparison;

/// Writes the page of a run.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, run: &RunView) -> io::Result<()> {
    let page = data::Page {
        title: head::title(&run.summary),
        runs: vec![shown::run(run, "this run", stretches::stretch_ns([run]))],
        comparison: None,
    };
    assets::write(out, &page, &[document(run)])
}

/// Writes the page of a run beside its baseline.
///
/// # Errors
/// When the writer fails.
pub fn write_compared(out: &mut dyn io::Write, compared: &Compared<'_>) -> io::Result<()> {
    let (run, baseline) = (compared.run, compared.baseline);
    let stretch_ns = stretches::stretch_ns([run, baseline]);
    let mut this = shown::run(run, "this run", stretch_ns);
    against::changes(&mut this.figures, compared.comparison);
    let page = data::Page {
        title: format!("{} against its baseline", head::title(&run.summary)),
        runs: vec![this, shown::run(baseline, "the baseline", stretch_ns)],
        comparison: Some(against::against(compared)),
    };
    assets::write(out, &page, &[document(run), document(baseline)])
}

/// A run, what it is compared with, and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// The run.
    pub run: &'a RunView,
    /// What it is compared with.
    pub baseline: &'a RunView,
    /// What it has different.
    pub comparison: &'a Comparison,
    /// What to know about that: whether it may mislead, and a sentence without full stop.
    pub remarks: &'a [(bool, String)],
    /// What the comparison was held to: the rule, what came of it, and what was found.
    pub rules: &'a [data::Rule],
}

/// The most bytes that the histograms of rows may take of a page.
const MOST_HISTOGRAMS: usize = 192 << 10;

/// The document of a run as `--json` writes it. Where there are so many rows that their histograms would make the page too
/// large to be sent around, they are left out.
fn document(run: &RunView) -> json::Document {
    let mut document = json::whole_document(run);
    let mut bytes = 0;
    for_each_of_rows(&mut document, |histogram| {
        bytes += histogram.as_ref().map_or(0, String::len);
    });
    if bytes > MOST_HISTOGRAMS {
        for_each_of_rows(&mut document, |histogram| *histogram = None);
    }
    document
}

fn for_each_of_rows(document: &mut json::Document, mut each: impl FnMut(&mut Option<String>)) {
    for row in &mut document.tags {
        let latency = &mut row.latency;
        let calls = [&mut latency.service, &mut latency.response];
        let calls = calls.into_iter().chain(&mut latency.lag);
        let measured = row.measurements.iter_mut().map(|one| &mut one.durations);
        calls
            .chain(measured)
            .for_each(|durations| each(&mut durations.hdr_v2_deflate_base64));
    }
}

#[cfg(test)]
mod tests;
