//! What it costs to watch a run and to keep it.

use super::Bench;
use crate::Result;
use crate::gorgon::{Gorgon, Run};
use crate::measures::{median, quantile};
use crate::table;

pub(super) const BENCH: Bench = Bench {
    name: "live",
    about: "`gorgon run noop -n COUNT` for about 3 s, three ways in turn, 5 rounds: with `-q --no-save`, with `-q` alone, which saves the \
            run, and with `--no-save` alone on a terminal, which draws the block. CPU time of the process for each call. The \
            goal is 1 %. Both are the work of one thread, whose share of the process is what can be told apart from the \
            spread of such runs; and both cost by the second and not by the call, so at the end is what a second of a run \
            that sleeps costs.",
    takes: "2 minutes",
    run,
};

const ROUNDS: usize = 5;
const IDLE_ROUNDS: usize = 3;
const SECONDS: u64 = 3;
const NAMES: [&str; 3] = [
    "`-q --no-save`",
    "`-q`: saved",
    "`--no-save`, on a terminal",
];

fn run(gorgon: &Gorgon) -> Result<()> {
    gorgon.prepare(&["noop"])?;
    let trial = gorgon.run_unsaved(&["noop", "-d", "1s"])?;
    let count = (trial.done() * SECONDS).to_string();
    let mut figures: [Vec<u64>; 3] = Default::default();
    let mut shown = 0;
    for _ in 0..ROUNDS {
        let plain = gorgon.run_unsaved(&["noop", "-n", &count])?;
        let saved = gorgon.run(&["noop", "-n", &count, "-q"])?;
        let (watched, bytes) = gorgon.run_on_terminal(&["noop", "-n", &count, "--no-save"])?;
        shown = bytes;
        for (run, figures) in [plain, saved, watched].iter().zip(&mut figures) {
            figures.push(picoseconds(run));
        }
    }
    let [plain, ..] = &figures;
    let rows = NAMES.iter().zip(&figures).map(|(name, figures)| {
        let mut sorted = figures.clone();
        sorted.sort_unstable();
        let [least, middle, most] = [0.0, 0.5, 1.0].map(|q| quantile(&sorted, q).unwrap_or(0));
        let ns = |picoseconds: u64| format!("{:.1} ns", picoseconds as f64 / 1e3);
        // Each with its neighbour of the same round, which shared the machine's mood.
        let ratios = figures.iter().zip(plain);
        let ratios = ratios.map(|(figure, plain)| figure * 100_000 / (*plain).max(1));
        let ratio = median(ratios.collect()).unwrap_or(0) as f64 / 1e5;
        vec![
            (*name).to_owned(),
            ns(middle),
            format!("{} to {}", ns(least), ns(most)),
            format!("{ratio:.3}"),
        ]
    });
    let head = [
        "",
        "CPU of a call, median",
        "of the rounds",
        "ratio to the first, median of the rounds",
    ];
    table::print(&head, &rows.collect::<Vec<_>>());
    println!(
        "\nEach run made {count} calls. The last one on a terminal wrote {shown} bytes there."
    );
    share(gorgon, &count)?;
    idle(gorgon)
}

/// What of the CPU time of a run that is shown and saved is the thread's that does both.
fn share(gorgon: &Gorgon, count: &str) -> Result<()> {
    let mut rows = Vec::new();
    for round in 1..=IDLE_ROUNDS {
        let (run, watching_ns) = gorgon.run_watched(&["noop", "-n", count])?;
        let share = watching_ns as f64 / run.usage.cpu_ns.max(1) as f64;
        rows.push(vec![
            round.to_string(),
            format!("{:.2} s", run.usage.cpu_ns as f64 / 1e9),
            format!("{:.2} ms", watching_ns as f64 / 1e6),
            format!("{:.2} %", share * 100.0),
        ]);
    }
    let head = [
        "shown and saved, round",
        "CPU of the process",
        "of the thread that watches",
        "share",
    ];
    println!();
    table::print(&head, &rows);
    Ok(())
}

/// A run in which nothing else computes shows smaller differences than a ratio does.
fn idle(gorgon: &Gorgon) -> Result<()> {
    let sleep = ["sleep", "--set", "for=1s", "-n", "5"];
    gorgon.prepare(&sleep[..3])?;
    let mut figures: [Vec<u64>; 3] = Default::default();
    for _ in 0..IDLE_ROUNDS {
        let plain = gorgon.run_unsaved(&sleep)?;
        let saved = gorgon.run(&[&sleep[..], &["-q"]].concat())?;
        let (watched, _) = gorgon.run_on_terminal(&[&sleep[..], &["--no-save"]].concat())?;
        for (run, figures) in [plain, saved, watched].iter().zip(&mut figures) {
            figures.push((run.cpu_share() * 1e6) as u64);
        }
    }
    let rows = NAMES.iter().zip(&figures).map(|(name, figures)| {
        let of = |figure: &u64| format!("{:.2} %", *figure as f64 / 1e4);
        let each: Vec<String> = figures.iter().map(of).collect();
        let middle = median(figures.clone()).unwrap_or(0);
        vec![(*name).to_owned(), of(&middle), each.join(", ")]
    });
    let head = [
        "`gorgon run sleep --set for=1s -n 5`",
        "CPU, of one core",
        "of each round",
    ];
    println!();
    table::print(&head, &rows.collect::<Vec<_>>());
    Ok(())
}

fn picoseconds(run: &Run) -> u64 {
    (run.cpu_per_call_ns() * 1e3) as u64
}
