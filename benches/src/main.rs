//! Measures the real, optimised `gorgon` against truths that are known otherwise: the operating system's timer, arithmetic,
//! or gorgon itself with one thing changed. Prints Markdown; see `docs/performance.md`.
//!
//! Nothing here passes or fails on time: what a machine does beside it is in every figure. Hence figures are compared only
//! within one bench, and the load average is beside them.

#![expect(clippy::print_stdout, reason = "this is what it is for")]
#![expect(clippy::print_stderr, reason = "how far it has come")]

mod benches;
mod gorgon;
mod measures;
mod native;
mod nginx;
mod pinned;
mod system;
mod table;
mod timer;

use std::process::ExitCode;

use gorgon::Gorgon;

/// What goes wrong here is told to whoever runs it, and that is all.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let done = match names.split_first() {
        Some((first, arguments)) if first == "native" => native::main(arguments),
        _ => run(&names),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gorgon-benches: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| benches::find(name).is_none()) {
        let known: Vec<&str> = benches::ALL.iter().map(|bench| bench.name).collect();
        return Err(format!(
            "there is no bench `{unknown}`; there are {}",
            known.join(", ")
        )
        .into());
    }
    let gorgon = Gorgon::find()?;
    println!("{}, {}\n", gorgon.version()?, system::describe());
    for bench in benches::ALL {
        if !names.is_empty() && !names.iter().any(|name| name == bench.name) {
            continue;
        }
        eprintln!("{}: about {}", bench.name, bench.takes);
        let before = system::load_average();
        println!("## {}\n\n{}\n", bench.name, bench.about);
        (bench.run)(&gorgon)?;
        println!(
            "\nLoad average {before} before, {} after.\n",
            system::load_average()
        );
    }
    Ok(())
}
