//! What a call costs, and how much of that is the operation itself.

use super::Bench;
use crate::Result;
use crate::gorgon::{Gorgon, Run};
use crate::measures::median;
use crate::table;

pub(super) const BENCH: Bench = Bench {
    name: "cpu",
    about: "`gorgon run OP -n COUNT -w 8`: CPU time of the process for each call, its start included, and the share of it inside the \
            operation, as the report has it. Medians of 3 rounds in turn.",
    takes: "60 s",
    run,
};

const ROUNDS: usize = 3;

fn run(gorgon: &Gorgon) -> Result<()> {
    let target = gorgon.target()?;
    let url = target.url("/json");
    let loads: [(&str, &[&str], &str); 3] = [
        ("noop", &["noop"], "5000000"),
        ("hash", &["hash"], "30000"),
        ("http", &["http", "--set", &url], "100000"),
    ];
    for (_, operation, _) in &loads {
        gorgon.prepare(operation)?;
    }
    let mut runs: [Vec<Run>; 3] = Default::default();
    for _ in 0..ROUNDS {
        for ((_, operation, calls), runs) in loads.iter().zip(&mut runs) {
            runs.push(gorgon.run_unsaved(&[*operation, &["-n", calls, "-w", "8"]].concat())?);
        }
    }
    let rows = loads.iter().zip(&runs).map(|((name, _, calls), runs)| {
        let of = |figure: fn(&Run) -> u64| median(runs.iter().map(figure).collect());
        let inside = of(|run| {
            let guest_ns = run.figure("/readings/guest_ns").unwrap_or(0);
            (guest_ns as f64 / run.usage.cpu_ns.max(1) as f64 * 1e4) as u64
        });
        vec![
            format!("`{name}`"),
            (*calls).to_owned(),
            table::time(of(|run| run.cpu_per_call_ns() as u64)),
            table::percent(inside.unwrap_or(0) as f64 / 1e4),
            table::time(of(|run| run.percentile("service", 50.0).unwrap_or(0))),
        ]
    });
    let head = [
        "operation",
        "calls",
        "CPU of a call",
        "inside the operation",
        "p50 of a call",
    ];
    table::print(&head, &rows.collect::<Vec<_>>());
    Ok(())
}
