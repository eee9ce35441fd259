//! Whether the verdict notices that somebody else takes the processors.

use super::Bench;
use crate::Result;
use crate::gorgon::{Gorgon, Run};
use crate::{system, table};

pub(super) const BENCH: Bench = Bench {
    name: "hog",
    about: "A run of `http` against `gorgon target`, alone and beside twice as many computing threads as there are processors. What \
            the threads do to the latencies is not the target's doing, and the verdict has to say so.",
    takes: "30 s",
    run,
};

fn run(gorgon: &Gorgon) -> Result<()> {
    let target = gorgon.target()?;
    let url = target.url("/json");
    gorgon.prepare(&["http", "--set", &url])?;
    let hogs = system::processors() * 2;
    let mut rows = Vec::new();
    for load in [["--rate", "1000"], ["-w", "8"]] {
        let args = ["http", "--set", &url, load[0], load[1], "-d", "6s"];
        let alone = gorgon.run_unsaved(&args)?;
        let beside = system::beside_hogs(hogs, || gorgon.run_unsaved(&args))?;
        let load = load.join(" ");
        rows.push(row(&load, "alone", &alone));
        rows.push(row(&load, &format!("beside {hogs} threads"), &beside));
    }
    let head = ["load", "", "p50", "p99", "calls made", "verdict", "reasons"];
    table::print(&head, &rows);
    Ok(())
}

fn row(load: &str, beside: &str, run: &Run) -> Vec<String> {
    let (state, reasons) = run.verdict();
    vec![
        format!("`{load}`"),
        beside.to_owned(),
        table::time(run.percentile("response", 50.0)),
        table::time(run.percentile("response", 99.0)),
        run.done().to_string(),
        state,
        reasons.join("<br>"),
    ]
}
