//! `gorgon suite`: several runs, one report.

mod around;
mod events;
pub(in crate::cli) mod flags;
mod one_run;
mod place;
mod plan;
mod process;
mod session;
mod shell;
mod show;
mod views;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::operation::fresh;
use super::{Done, output};
use crate::error::Result;
use crate::signals::Leave;
use crate::suite::{self, File, Plan};

pub(super) use self::plan::check;
pub(super) use self::session::Session;
pub(super) use self::views::SuiteViewArgs;

#[derive(Debug, Args)]
pub(super) struct SuiteArgs {
    /// What runs there are, in TOML
    #[arg(value_name = "FILE", required_unless_present = "show")]
    file: Option<PathBuf>,

    /// Print what would be run, and run nothing
    #[arg(long)]
    dry_run: bool,

    /// End with the first run that fails
    #[arg(long)]
    fail_fast: bool,

    /// Show a saved suite again: `last`, its id or the beginning of that, or its directory
    #[arg(long, value_name = "SUITE", conflicts_with_all = ["file", "dry_run", "fail_fast", "save_dir", "no_save"])]
    show: Option<String>,

    /// Save the suite and its runs in this directory instead of the user's own
    #[arg(long, value_name = "DIR", conflicts_with = "no_save")]
    save_dir: Option<PathBuf>,

    /// Keep neither the suite nor its runs
    #[arg(long)]
    no_save: bool,

    #[command(flatten)]
    views: SuiteViewArgs,

    /// Say nothing but results and errors
    #[arg(short, long)]
    quiet: bool,
}

impl SuiteArgs {
    pub(super) fn main(self, argv: &[OsString], leave: Leave) -> Done {
        if self.quiet {
            output::be_quiet();
        }
        let Some(path) = self.file else {
            return show::main(&self.show.unwrap_or_default(), &self.views);
        };
        let plan = read(&path, self.fail_fast)?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.map(PathBuf::from);
        check(&plan, folder.as_deref())?;
        if self.dry_run {
            return Ok(plan::show(&plan, folder.as_deref()));
        }
        Session {
            plan,
            argv: argv.to_vec(),
            folder,
            file: Some(path),
            save_dir: self.save_dir,
            no_save: self.no_save,
            quiet: self.quiet,
            views: self.views,
            leave,
        }
        .run()
    }
}

fn read(path: &std::path::Path, fail_fast: bool) -> Result<Plan> {
    let file = File::read(path, &flags::all())?;
    let mut plan = suite::expand(&file, fresh())?;
    plan.fail_fast |= fail_fast;
    Ok(plan)
}
