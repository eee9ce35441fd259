//! How a run went, as HdrHistogram's interval log V1.3: lossless, and read by its log processors and analysers.

use std::io::{self, Write};

use super::view::RunView;
use crate::clock;
use crate::saved::TickFigures;
use crate::stats::{Histogram, RunFacts};

/// Writes a line for each stretch in which calls ended, with what their callers felt. In a mix each operation has lines
/// of its own, with its name as their tag. Moments are seconds since the run started, maxima milliseconds, the values of
/// the histograms nanoseconds.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn Write, run: &RunView) -> io::Result<()> {
    let facts = &run.summary.facts;
    head(out, facts)?;
    for tick in &run.series.ticks {
        if facts.components.len() < 2 {
            line(out, "", tick, &tick.felt())?;
            continue;
        }
        for (operation, component) in (0..).zip(&facts.components) {
            let tag = format!("Tag={},", tag(&component.name));
            line(out, &tag, tick, &tick.felt_of(operation))?;
        }
    }
    Ok(())
}

fn head(out: &mut dyn Write, facts: &RunFacts) -> io::Result<()> {
    // No version where it is not known, as in a file that somebody wrote by hand.
    writeln!(out, "#[Logged with gorgon {}]", tag(&facts.gorgon))?;
    writeln!(out, "#[Histogram log format version 1.3]")?;
    if let Some(millis) = clock::millis_of_rfc3339(&facts.started) {
        let (seconds, started) = (millis as f64 / 1e3, &facts.started);
        writeln!(
            out,
            "#[StartTime: {seconds:.3} (seconds since epoch), {started}]"
        )?;
        writeln!(out, "#[BaseTime: {seconds:.3} (seconds since epoch)]")?;
    }
    let columns = [
        "StartTimestamp",
        "Interval_Length",
        "Interval_Max",
        "Interval_Compressed_Histogram",
    ];
    writeln!(out, "\"{}\"", columns.join("\",\""))
}

fn line(out: &mut dyn Write, tag: &str, tick: &TickFigures, felt: &Histogram) -> io::Result<()> {
    let (Some(max), Some(histogram)) = (felt.max(), felt.v2_deflate_base64()) else {
        return Ok(());
    };
    let from = tick.from_ns as f64 / 1e9;
    let length = tick.to_ns.saturating_sub(tick.from_ns) as f64 / 1e9;
    let max = max as f64 / 1e6;
    writeln!(out, "{tag}{from:.6},{length:.6},{max:.6},{histogram}")
}

/// A name as a tag, which cannot hold commas, spaces and line breaks: they are percent-encoded, with all else that is not
/// plainly visible, and the `%` itself.
fn tag(name: &str) -> String {
    let mut tag = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'%' | b',' => tag.push_str(&format!("%{byte:02X}")),
            byte if byte.is_ascii_graphic() => tag.push(char::from(byte)),
            byte => tag.push_str(&format!("%{byte:02X}")),
        }
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::course;
    use crate::stats::facts::Model;

    fn written(run: &RunView) -> String {
        let mut out = Vec::new();
        write(&mut out, run).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_form_is_that_of_the_java_tools() {
        let text = written(&course(Model::Closed, 1));
        let head = "#[Logged with gorgon 0.1.0]
#[Histogram log format version 1.3]
#[StartTime: 1795194251.123 (seconds since epoch), 2026-11-20T17:04:11.123Z]
#[BaseTime: 1795194251.123 (seconds since epoch)]
\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"
0.000000,0.100000,";
        assert!(text.starts_with(head), "{text}");
        assert_eq!(text.lines().count(), 5 + 12);
        assert!(
            text.lines()
                .last()
                .unwrap()
                .starts_with("1.100000,0.100000,")
        );
    }

    #[test]
    fn in_a_mix_each_operation_has_its_lines() {
        let run = course(Model::Open, 2);
        let text = written(&run);
        let of = |tag: &str| text.lines().filter(|line| line.starts_with(tag)).count();
        assert_eq!(
            (of("Tag=browse.wasm,"), of("Tag=buy|<b>.wasm,")),
            (12, 12),
            "{text}"
        );
    }

    #[test]
    fn without_a_date_moments_have_no_base() {
        let mut run = course(Model::Closed, 1);
        run.summary.facts.started = "yesterday\n1,2,3,4".to_owned();
        assert!(!written(&run).contains("Time:"));
    }

    #[test]
    fn a_tag_is_one_field() {
        assert_eq!(tag("a, b%\n größe"), "a%2C%20b%25%0A%20gr%C3%B6%C3%9Fe");
    }
}
