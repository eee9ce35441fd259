//! What the rows of a run came to.

use std::io;

use super::cells::{duration_names, durations, is_open, known, text};
use crate::report::view::RunView;
use crate::stats::{Distribution, Row, Summary};

/// Writes a line for each row, that is, for each operation, outcome and tag: its calls, its share of all of them, its rate,
/// and the durations that callers felt. In open load these are followed by their two parts, service and lag.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, run: &RunView) -> io::Result<()> {
    let summary = &run.summary;
    let mut csv = csv::Writer::from_writer(out);
    let names = [
        "operation",
        "outcome",
        "tag",
        "calls",
        "share",
        "calls_per_s",
    ];
    let mut head: Vec<String> = names.map(str::to_owned).to_vec();
    head.extend(duration_names(""));
    let has_parts = summary.rows.iter().any(is_open);
    if has_parts {
        head.extend(duration_names("service_"));
        head.extend(duration_names("lag_"));
    }
    csv.write_record(head)?;
    for row in &summary.rows {
        csv.write_record(line(summary, row, has_parts))?;
    }
    csv.flush()
}

fn line(summary: &Summary, row: &Row, has_parts: bool) -> Vec<String> {
    let mut line = vec![
        text(summary.operation(row.key.operation)),
        row.key.outcome.word().to_owned(),
        text(&row.key.tag),
        row.count.to_string(),
        known(summary.share(row.count)),
        known(summary.row_per_s(row)),
    ];
    line.extend(durations(row.latency.felt()));
    if has_parts {
        line.extend(durations(&row.latency.service));
        let lag = row.latency.lag.as_ref();
        line.extend(durations(lag.unwrap_or(&Distribution::default())));
    }
    line
}
