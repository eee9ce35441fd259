//! `gorgon compare`.

mod operations;
mod views;

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use self::operations::OperationsArgs;
use self::views::Views;
use super::views::Present;
use super::{Done, misused, run, saved_run};
use crate::compare::Settings;
use crate::plugins;
use crate::signals::Leave;

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Operations
    #[arg(value_name = "OPERATION", required = true, num_args = 1..)]
    what: Vec<String>,

    /// Write the comparison as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write the comparison as Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    #[command(flatten)]
    operations: OperationsArgs,
}

/// The flags of a run as a comparison means them.
pub(super) fn explained(command: clap::Command) -> clap::Command {
    operations::explained(command)
}

impl CompareArgs {
    pub(super) fn main(self, argv: &[OsString], leave: Leave) -> Done {
        let json_to_stdout = self
            .json
            .as_deref()
            .is_some_and(|path| path.as_os_str() == "-");
        run::told_as_json(self.compare(argv, leave), json_to_stdout)
    }

    fn compare(self, argv: &[OsString], leave: Leave) -> Done {
        let settings = Settings::default();
        let mut views = Views::open(settings, self.json.as_deref(), self.markdown.as_deref())?;
        if self.what.iter().all(|what| is_operation(what)) {
            return self
                .operations
                .run(&self.what, Box::new(views), argv, leave);
        }
        if let Some(flag) = operations::given(argv) {
            return Err(misused(format!(
                "`{flag}` is for operations that are run side by side"
            ))
            .because("what is named here are saved runs")
            .hint("leave it out, or name operations: `gorgon compare a.wasm b.wasm -n 2000`"));
        }
        let [run] = &*self.what else {
            return Err(misused("runs cannot be compared"));
        };
        let run = saved_run::named(run)?;
        if !run.summary.facts.load.side_by_side {
            return Err(misused("one run of one operation is nothing to compare"));
        }
        Ok(views.write(&run))
    }
}

/// Whether a word on the command line means an operation and not a saved run.
fn is_operation(what: &str) -> bool {
    if what == "-" || what.contains("://") || what.ends_with(".wasm") {
        return true;
    }
    match Path::new(what).is_file() {
        true => is_webassembly(what),
        false => plugins::find(what).is_some(),
    }
}

/// Whether a file begins as every file of WebAssembly does, whatever its name.
fn is_webassembly(path: &str) -> bool {
    let mut magic = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut magic));
    read.is_ok() && magic == *b"\0asm"
}
