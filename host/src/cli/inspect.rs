//! `gorgon inspect`: what an operation is and what it would be allowed, before anything of it runs.

use std::io::{self, Write};

use clap::Args;

use super::{Done, completions, output};
use crate::component::cache::Cache;
use crate::component::config::Shape;
use crate::component::producers::{self, Producer};
use crate::component::{Artifact, fit};
use crate::report::format;
use crate::source::{self, Trust};

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon inspect op.wasm
  gorgon inspect hash")]
pub(super) struct InspectArgs {
    /// A path, `*.wasm`, an https:// address, or the name of a stock plugin
    #[arg(value_name = "OPERATION", add = completions::operations())]
    operation: String,
}

impl InspectArgs {
    pub(super) fn main(self) -> Done {
        let source = source::read(&self.operation, &Trust::default())?;
        let producers = producers::of(&source.bytes);
        let shape = Shape {
            instances: 1,
            operations: 1,
            memory_bytes: 4 << 30,
            backtrace_frames: 0,
        };
        let cache = Cache::of_user();
        let (name, bytes) = (&source.name, &source.bytes);
        let artifact = Artifact::compile(name, bytes, shape, cache.as_ref(), &mut || {})?;
        // What a file that does not fit imports and exports is just what its author wants to see.
        let fit = artifact.check_fit();
        let shown = output::to_stdout(|out| write(out, &artifact, fit.is_ok(), &producers));
        fit.map(|()| shown)
    }
}

fn write(
    out: &mut dyn Write,
    artifact: &Artifact,
    fits: bool,
    producers: &[Producer],
) -> io::Result<()> {
    let fit::Interfaces { imports, exports } = artifact.interfaces();
    writeln!(out, "{}", output::escaped(artifact.name()))?;
    let world = if fits {
        artifact.world()
    } else {
        "none that gorgon knows"
    };
    writeln!(out, "  kind      {}", artifact.kind())?;
    writeln!(out, "  world     {world}")?;
    writeln!(
        out,
        "  size      {} ({} bytes)",
        format::bytes(artifact.size()),
        artifact.size()
    )?;
    writeln!(out, "  sha256    {}", artifact.digest())?;
    for (label, field) in [
        ("language", "language"),
        ("made by", "processed-by"),
        ("sdk", "sdk"),
    ] {
        let named: Vec<String> = producers
            .iter()
            .filter(|producer| producer.field == field)
            .map(named)
            .collect();
        if !named.is_empty() {
            writeln!(out, "  {label:8}  {}", named.join(", "))?;
        }
    }
    writeln!(out, "\nExports")?;
    // Without a package: what a tool chain has left for itself, to make a snapshot with.
    let is_internal = |name: &str| fits && !name.contains(':');
    for (name, functions) in exports.iter().filter(|(name, _)| !is_internal(name)) {
        writeln!(out, "  {}", output::escaped(name))?;
        for function in functions {
            writeln!(out, "    {}", output::escaped(function))?;
        }
    }
    writeln!(out, "\nImports")?;
    if imports.is_empty() {
        writeln!(out, "  nothing")?;
    }
    let width = imports.iter().map(String::len).max().unwrap_or(0);
    for import in &imports {
        writeln!(
            out,
            "  {:width$}  {}",
            output::escaped(import),
            meaning(import)
        )?;
    }
    if !fits {
        return Ok(());
    }
    writeln!(out, "\nIt would be allowed")?;
    let network = if artifact.uses_network() {
        "loopback only; more with `--allow-host`"
    } else {
        "none: it imports neither HTTP nor sockets"
    };
    let variables = if artifact.is_command() {
        "GORGON_NUMBER, and what is given on the command line"
    } else {
        "none"
    };
    writeln!(out, "  network   {network}")?;
    writeln!(out, "  files     none\n  variables {variables}")?;
    writeln!(
        out,
        "  memory    256 MiB an instance; changed with `--memory`"
    )?;
    writeln!(out, "  time      10 s a call; changed with `--timeout`")
}

fn named(producer: &Producer) -> String {
    output::escaped(format!("{} {}", producer.name, producer.version).trim_end())
}

/// What an import lets a guest do.
fn meaning(import: &str) -> &'static str {
    const MEANINGS: [(&str, &str); 20] = [
        ("gorgon:load/clock", "the run's clock, and sleeping"),
        (
            "gorgon:load/context",
            "number, worker, parameters, item, random numbers, log",
        ),
        (
            "gorgon:load/http",
            "HTTP requests, as far as the network policy allows",
        ),
        (
            "gorgon:load/measure",
            "named measurements, counters and checks",
        ),
        (
            "wasi:cli/environment",
            "arguments and variables: those that a program is given for a call, and no others",
        ),
        (
            "wasi:cli/exit",
            "ending its process: the call becomes `!exit`",
        ),
        ("wasi:cli/stdin", "standard input: always empty"),
        ("wasi:cli/stdout", "standard output: goes to the log"),
        ("wasi:cli/stderr", "standard error: goes to the log"),
        (
            "wasi:cli/terminal",
            "asking whether it has a terminal: it has none",
        ),
        ("wasi:clocks/monotonic-clock", "a clock, and waiting for it"),
        ("wasi:clocks/wall-clock", "the time of day"),
        ("wasi:filesystem/", "files: none are opened for it"),
        (
            "wasi:io/",
            "streams and waiting, which other interfaces are made of",
        ),
        ("wasi:random/insecure", "random numbers"),
        (
            "wasi:random/random",
            "random numbers; follow from `--seed` if that is given",
        ),
        (
            "wasi:sockets/",
            "connections, as far as `--allow-host` goes",
        ),
        ("wasi:http/", "HTTP requests, in the way of its language"),
        ("wasi:cli/", "the command line"),
        ("wasi:", "a part of WASI"),
    ];
    MEANINGS
        .iter()
        .find(|(prefix, _)| import.starts_with(prefix))
        .map_or("", |(_, meaning)| meaning)
}
