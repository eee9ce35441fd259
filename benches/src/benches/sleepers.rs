//! What workers cost that wait.

use super::Bench;
use crate::Result;
use crate::gorgon::Gorgon;
use crate::table;

pub(super) const BENCH: Bench = Bench {
    name: "sleepers",
    about: "`gorgon run sleep --set for=1s -w 200 -d 5s`: CPU while nobody has anything to do. The goal is less than 2 % of a core.",
    takes: "20 s",
    run,
};

const ROUNDS: usize = 3;

fn run(gorgon: &Gorgon) -> Result<()> {
    let start = gorgon.prepare(&["sleep", "--set", "for=1ms"])?;
    let mut rows = Vec::new();
    for round in 1..=ROUNDS {
        let run = gorgon.run_unsaved(&["sleep", "--set", "for=1s", "-w", "200", "-d", "5s"])?;
        let elapsed_ns = run.figure("/run/elapsed_ns").unwrap_or(0).max(1) as f64;
        let more_ns = run.usage.cpu_ns.saturating_sub(start.usage.cpu_ns) as f64;
        rows.push(vec![
            round.to_string(),
            run.done().to_string(),
            table::time(run.usage.cpu_ns),
            table::percent(run.cpu_share()),
            table::percent(more_ns / elapsed_ns),
            table::time(run.percentile("service", 50.0)),
        ]);
    }
    let head = [
        "round",
        "calls",
        "CPU",
        "of one core",
        "without the start of a process",
        "p50 of a call",
    ];
    table::print(&head, &rows);
    println!(
        "\nA run of one call takes {} of CPU.",
        table::time(start.usage.cpu_ns)
    );
    Ok(())
}
