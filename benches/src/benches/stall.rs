//! Whether a server's stall is in the latency as callers would feel it.

use super::Bench;
use crate::Result;
use crate::gorgon::Gorgon;
use crate::table;

pub(super) const BENCH: Bench = Bench {
    name: "stall",
    about: "`gorgon run http --set 'url=…/stall?every=10s&for=1s&delay=10ms' --rate 1000 -d 30s`, all else as it is by default: in one \
            second of ten no answer leaves the server. Calls come evenly, so nine of ten take the delay and the rest are \
            spread evenly up to a second more; p90 is the edge between them, where a thousandth of the calls is 10 ms. The delay is that of a run without stalls, `/delay/10ms`, just before. The goals \
            are 5 % and 100 µs of CPU for a call with its request.",
    takes: "40 s",
    run,
};

/// Percentiles, and how much of the stall is in them: its share of the calls begins at 90 %.
const EXPECTED_MS: [(f64, u64); 4] = [(50.0, 0), (90.0, 0), (95.0, 500), (99.0, 900)];
/// The percentile at which the stall begins: one call more or less in the slow part decides what it is.
const EDGE: &str = "p90";
const STALL_MS: u64 = 1_000;
const MS: u64 = 1_000_000;

fn run(gorgon: &Gorgon) -> Result<()> {
    let target = gorgon.target()?;
    let delay = target.url("/delay/10ms");
    gorgon.prepare(&["http", "--set", &delay])?;
    let calm = gorgon.run_unsaved(&["http", "--set", &delay, "--rate", "1000", "-d", "5s"])?;
    let stall = target.url("/stall?every=10s&for=1s&delay=10ms");
    let run = gorgon.run_unsaved(&["http", "--set", &stall, "--rate", "1000", "-d", "30s"])?;

    let delay_ns = calm
        .percentile("response", 50.0)
        .ok_or("no call was made")?;
    let figures = EXPECTED_MS
        .iter()
        .map(|&(p, more_ms)| (format!("p{p}"), more_ms, run.percentile("response", p)));
    let longest = ("max".to_owned(), STALL_MS, run.max("response"));
    let rows = figures
        .chain([longest])
        .map(|(name, more_ms, measured_ns)| {
            let expected_ns = delay_ns + more_ms * MS;
            let error = match measured_ns {
                Some(_) if name == EDGE => "on the edge".to_owned(),
                Some(ns) => table::change(ns as f64, expected_ns as f64),
                None => "–".to_owned(),
            };
            vec![
                name,
                table::time(expected_ns),
                table::time(measured_ns),
                error,
            ]
        });
    table::print(
        &["", "arithmetic", "measured", "off by"],
        &rows.collect::<Vec<_>>(),
    );

    let count = |what: &str| run.figure(&format!("/calls/{what}")).unwrap_or(0);
    let (state, reasons) = run.verdict();
    println!(
        "\nWithout stalls p50 {}, p99 {}. Calls made {} of {} due; {} missed, {} not started, {} unfinished. CPU {:.1} µs for a call \
         ({:.1} µs without stalls), peak memory {}. Verdict: {state}{}.",
        table::time(delay_ns),
        table::time(calm.percentile("response", 99.0)),
        run.done(),
        count("asked"),
        count("missed"),
        count("not_started"),
        count("unfinished"),
        run.cpu_per_call_ns() / 1e3,
        calm.cpu_per_call_ns() / 1e3,
        table::mebibytes(run.usage.peak_bytes),
        reasons
            .iter()
            .map(|reason| format!("; {reason}"))
            .collect::<String>(),
    );
    Ok(())
}
