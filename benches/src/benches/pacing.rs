//! How punctual open load is.

use super::Bench;
use crate::Result;
use crate::gorgon::{Gorgon, Run};
use crate::measures::{median, quantile};
use crate::table;
use crate::timer::{self, Waits};

pub(super) const BENCH: Bench = Bench {
    name: "pacing",
    about: "`gorgon run noop --rate RATE -d TIME`: how long after they were due calls began, beside how long after an instant the \
            operating system wakes a thread that waits for it each millisecond and does nothing else. Medians of 3 rounds, in \
            each of which all rows were measured in turn; the goal is a p99 at 1000/s within 200 µs of the timer's.",
    takes: "90 s",
    run,
};

/// The rates, and times that let ten calls lie beyond the p99.
const LOADS: [(&str, &str); 3] = [("100/s", "10s"), ("1000/s", "5s"), ("10k/s", "5s")];
const ROUNDS: usize = 3;
const WAITS: u64 = 2_500;
const MS: u64 = 1_000_000;
/// The percentiles shown; the maximum comes after them.
const SHOWN: [f64; 3] = [50.0, 99.0, 99.9];

/// The lateness of one row in one round: the percentiles shown, and the longest.
type Lateness = [Option<u64>; 4];

fn run(gorgon: &Gorgon) -> Result<()> {
    gorgon.prepare(&["noop"])?;
    let mut timers: [Vec<Waits>; 2] = Default::default();
    let mut runs: [Vec<Run>; 3] = Default::default();
    for _ in 0..ROUNDS {
        timers[0].push(timer::of_nanosleep(WAITS, MS)?);
        timers[1].push(timer::of_timerfd(WAITS, MS)?);
        for ((rate, time), runs) in LOADS.iter().zip(&mut runs) {
            runs.push(gorgon.run_unsaved(&["noop", "--rate", rate, "-d", time])?);
        }
    }

    let mut rows = Vec::new();
    for (name, waits) in ["`clock_nanosleep`", "`timerfd`"].iter().zip(&timers) {
        let of_rounds: Vec<Lateness> = waits.iter().map(of_waits).collect();
        let cpu = middle_share(waits.iter().map(|waits| waits.cpu_share));
        rows.push(row(name, &of_rounds, [cpu, "–".to_owned()]));
    }
    for ((rate, _), runs) in LOADS.iter().zip(&runs) {
        let of_rounds: Vec<Lateness> = runs.iter().map(of_run).collect();
        let cpu = middle_share(runs.iter().map(Run::cpu_share));
        let done: u64 = runs.iter().map(Run::done).sum();
        let due: u64 = runs
            .iter()
            .filter_map(|run| run.figure("/calls/asked"))
            .sum();
        let more = [cpu, format!("{done} of {due}")];
        rows.push(row(&format!("gorgon, {rate}"), &of_rounds, more));
    }
    let head = [
        "",
        "p50",
        "p99",
        "p99 of each round",
        "p99.9",
        "max",
        "CPU, of one core",
        "calls made",
    ];
    table::print(&head, &rows);

    let own = middle(&runs[1].iter().map(of_run).collect::<Vec<_>>(), 1);
    for (name, waits) in ["clock_nanosleep", "timerfd"].iter().zip(&timers) {
        let of_rounds: Vec<Lateness> = waits.iter().map(of_waits).collect();
        if let (Some(own), Some(of_timer)) = (own, middle(&of_rounds, 1)) {
            let over_us = (own as f64 - of_timer as f64) / 1e3;
            println!("\nThe p99 at 1000/s is that of `{name}` {over_us:+.0} µs.");
        }
    }
    Ok(())
}

fn of_waits(waits: &Waits) -> Lateness {
    [0.5, 0.99, 0.999, 1.0].map(|q| quantile(&waits.late_ns, q))
}

fn of_run(run: &Run) -> Lateness {
    let [p50, p99, p999] = SHOWN.map(|p| run.percentile("lag", p));
    [p50, p99, p999, run.max("lag")]
}

fn middle(of_rounds: &[Lateness], index: usize) -> Option<u64> {
    median(of_rounds.iter().filter_map(|round| round[index]).collect())
}

/// The median of shares of a processor.
fn middle_share(shares: impl Iterator<Item = f64>) -> String {
    let middle = median(shares.map(|share| (share * 1e6) as u64).collect());
    table::percent(middle.unwrap_or(0) as f64 / 1e6)
}

fn row(name: &str, of_rounds: &[Lateness], more: [String; 2]) -> Vec<String> {
    let each: Vec<String> = of_rounds
        .iter()
        .map(|round| table::time(round[1]))
        .collect();
    let mut row = vec![
        name.to_owned(),
        table::time(middle(of_rounds, 0)),
        table::time(middle(of_rounds, 1)),
        each.join(", "),
        table::time(middle(of_rounds, 2)),
        table::time(middle(of_rounds, 3)),
    ];
    row.extend(more);
    row
}
