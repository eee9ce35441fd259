//! How a run went from stretch to stretch, as CSV (RFC 4180) for spreadsheets and scripts.

use std::io;

use super::view::RunView;
use crate::stats::Histogram;

/// Writes a line for each stretch. Times are whole nanoseconds; a percentile behind which too few samples stand is empty.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, run: &RunView) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "from_ns", "to_ns", "calls", "ok", "fail", "fault", "warmup", "p50_ns", "p90_ns", "p99_ns",
        "max_ns",
    ])?;
    for tick in &run.series.ticks {
        let felt: Histogram = tick.felt();
        let known = |ns: Option<u64>| ns.map(|ns| ns.to_string()).unwrap_or_default();
        csv.write_record([
            tick.from_ns.to_string(),
            tick.to_ns.to_string(),
            tick.count.to_string(),
            tick.ok.to_string(),
            tick.fail.to_string(),
            tick.fault.to_string(),
            tick.warmup.to_string(),
            known(felt.quantile(0.5)),
            known(felt.quantile(0.9)),
            known(felt.quantile(0.99)),
            known(felt.max()),
        ])?;
    }
    csv.flush()
}
