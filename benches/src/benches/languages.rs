//! What the language of an operation costs: the operation that every language has, built by `tests/conformance/build.sh`.

use std::path::PathBuf;

use super::Bench;
use crate::Result;
use crate::gorgon::{Gorgon, Run};
use crate::measures::median;
use crate::table;

pub(super) const BENCH: Bench = Bench {
    name: "languages",
    about: "The operation of `tests/conformance` in each language. Compiled: CPU time of a first run of one call, without that of a \
            second, which finds it compiled; the latter is the start. A call: CPU time of the process for each of `do=fail`, which returns \
            a tag and no more, and of `do=shop`, two requests with JSON; the instance: what `--isolate call` adds. Memory: \
            what 8 more workers add to the process (PSS), an eighth of it. Medians of 3 rounds.",
    takes: "3 minutes",
    run,
};

const LANGUAGES: [&str; 5] = ["rust", "c", "go", "python", "js"];
const ROUNDS: usize = 3;

fn run(gorgon: &Gorgon) -> Result<()> {
    let target = gorgon.target()?;
    let shop = target.url("");
    let mut rows = Vec::new();
    for language in LANGUAGES {
        let file = PathBuf::from("target/conformance")
            .join(language)
            .with_extension("wasm");
        let Ok(metadata) = file.metadata() else {
            println!("{language} is not built: `tests/conformance/build.sh {language}`\n");
            continue;
        };
        let file = file.display().to_string();
        let bytes = metadata.len();
        rows.push(measured(gorgon, language, &file, bytes, &shop)?);
    }
    let head = [
        "",
        "file",
        "compiled",
        "start",
        "instance",
        "a call",
        "two requests",
        "memory of a worker",
    ];
    table::print(&head, &rows);
    Ok(())
}

fn measured(
    gorgon: &Gorgon,
    language: &str,
    file: &str,
    bytes: u64,
    shop: &str,
) -> Result<Vec<String>> {
    let fail = [file, "--set", "do=fail", "--start", "1"];
    let once = [&fail[..], &["-n", "1"]].concat();
    let first = gorgon.run_unsaved(&once)?;
    let again = gorgon.run_unsaved(&once)?;
    let calls = |more: &[&str]| -> Result<Option<u64>> {
        let args = [&[file][..], more].concat();
        let runs = (0..ROUNDS).map(|_| gorgon.run_unsaved(&args));
        let runs: Vec<Run> = runs.collect::<Result<_>>()?;
        Ok(median(
            runs.iter()
                .map(|run| run.cpu_per_call_ns() as u64)
                .collect(),
        ))
    };
    let call = calls(&["--set", "do=fail", "-n", "20000", "-w", "8"])?;
    let isolated = calls(&[
        "--set",
        "do=fail",
        "-n",
        "2000",
        "-w",
        "8",
        "--isolate",
        "call",
    ])?;
    let requests = calls(&["--set", "do=shop", "--set", shop, "-n", "5000", "-w", "8"])?;
    let asleep = |workers: &str| {
        let args = [
            file,
            "--set",
            "do=slow",
            "-d",
            "2s",
            "--grace",
            "0s",
            "--timeout",
            "1m",
            "-w",
            workers,
        ];
        gorgon.peak_pss(&args)
    };
    let worker = asleep("9")?.saturating_sub(asleep("1")?) / 8;
    Ok(vec![
        language.to_owned(),
        format!("{} KB", bytes / 1000),
        table::time(first.usage.cpu_ns.saturating_sub(again.usage.cpu_ns)),
        table::time(again.usage.cpu_ns),
        table::time(
            isolated
                .zip(call)
                .map(|(with, without)| with.saturating_sub(without)),
        ),
        table::time(call),
        table::time(requests),
        table::mebibytes(worker),
    ])
}
