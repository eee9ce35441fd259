//! How a run went from stretch to stretch.

use std::io;

use super::cells::{duration_names, durations, known, row_name, seconds};
use crate::report::view::RunView;
use crate::saved::TickFigures;
use crate::stats::Distribution;

/// Writes a line for each stretch, with what the callers of its calls felt (response in open load, service in closed load)
/// and a column for each row: how many calls of it ended.
///
/// # Errors
/// When the writer fails.
pub fn write(out: &mut dyn io::Write, run: &RunView) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(head(run))?;
    for tick in &run.series.ticks {
        csv.write_record(line(tick, run.series.keys.len()))?;
    }
    csv.flush()
}

fn head(run: &RunView) -> Vec<String> {
    let counts = [
        "from_s",
        "to_s",
        "calls",
        "ok",
        "fail",
        "fault",
        "warmup",
        "calls_per_s",
    ];
    let rows = &run.series.keys;
    let rows = rows.iter().map(|key| row_name(&run.summary, key));
    let counts = counts.map(str::to_owned).into_iter();
    counts.chain(duration_names("")).chain(rows).collect()
}

fn line(tick: &TickFigures, rows: usize) -> Vec<String> {
    let length_ns = tick.to_ns.saturating_sub(tick.from_ns);
    let per_s = (length_ns > 0).then(|| tick.count as f64 * 1e9 / length_ns as f64);
    let mut line = vec![seconds(tick.from_ns), seconds(tick.to_ns)];
    let counts = [tick.count, tick.ok, tick.fail, tick.fault, tick.warmup];
    line.extend(counts.map(|count| count.to_string()));
    line.push(known(per_s));
    line.extend(durations(&Distribution::of(tick.felt())));
    let first = line.len();
    line.resize(first + rows, "0".to_owned());
    for of in &tick.rows {
        if let Some(cell) = line.get_mut(first + of.row) {
            *cell = of.count.to_string();
        }
    }
    line
}
