//! `gorgon doctor`: whether this machine is fit to make load, and what to change if not.

use clap::Args;

use super::run::users_runs;
use super::{Done, output};
use crate::component::cache::Cache;
use crate::error::Exit;
use crate::report;
use crate::watch::doctor::{self, Directory, Health};

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// Write what was found as JSON
    #[arg(long)]
    json: bool,
}

impl DoctorArgs {
    pub(super) fn main(self) -> Done {
        let findings = doctor::examine(directories());
        let shown = output::to_stdout(|out| {
            if self.json {
                serde_json::to_writer_pretty(&mut *out, &findings).map_err(std::io::Error::from)?;
                return writeln!(out);
            }
            report::doctor::write(out, &findings, output::stdout_style())
        });
        let is_bad = findings.iter().any(|finding| finding.state == Health::Bad);
        let health = if is_bad {
            Exit::Environment
        } else {
            Exit::Done
        };
        Ok(Exit::first([shown, health]))
    }
}

fn directories() -> Vec<Directory> {
    let cache = Cache::of_user().map(|cache| Directory {
        id: "cache_directory",
        what: "cache",
        path: cache.directory().to_owned(),
        cure: "set `GORGON_CACHE_DIR` to a directory that can be written to".to_owned(),
    });
    let runs = users_runs().map(|runs| Directory {
        id: "state_directory",
        what: "saved runs",
        path: runs.directory().to_owned(),
        cure: "set `GORGON_STATE_DIR` to a directory that can be written to".to_owned(),
    });
    cache.into_iter().chain(runs).collect()
}
