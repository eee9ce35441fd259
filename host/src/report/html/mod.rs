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
pub mod suite;
mod tables;
mod trust;

use std::io;

use super::comparison::ComparisonView;
use super::json;
use super::view::RunView;

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
    assets::write(out, &assets::RUN, &page.title, &page, &[document(run)])
}

/// Writes the page of runs beside a baseline. The first of them is what the page is about.
///
/// # Errors
/// When the writer fails.
pub fn write_comparison(out: &mut dyn io::Write, view: &ComparisonView) -> io::Result<()> {
    let sides = against::order(view);
    let runs: Vec<RunView> = sides.iter().map(|(_, side)| against::run(side)).collect();
    let stretch_ns = stretches::stretch_ns(&runs);
    let shown = sides.iter().zip(&runs);
    let shown = shown.map(|((label, _), run)| shown::run(run, label, stretch_ns));
    let mut shown: Vec<data::Run> = shown.collect();
    let comparison = against::against(view, &mut shown);
    let documents: Vec<json::Document> = runs.iter().map(document).collect();
    let page = data::Page {
        title: format!("comparison of {}", comparison.title),
        runs: shown,
        comparison: Some(comparison),
    };
    assets::write(out, &assets::RUN, &page.title, &page, &documents)
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
