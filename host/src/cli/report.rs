//! `gorgon report`: a saved run again, in any of its views.

use clap::Args;

use super::views::{Present, ViewArgs};
use super::{Done, saved_run};
use crate::error::Exit;

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// `last`, the name of a run as `gorgon runs` lists it or the beginning of one, or a file. Several are put together as
    /// one, exactly
    #[arg(value_name = "RUN", required = true, num_args = 1..)]
    runs: Vec<String>,

    #[command(flatten)]
    views: ViewArgs,
}

impl ReportArgs {
    pub(super) fn main(self) -> Done {
        let mut views = self.views.open()?;
        let run = saved_run::together(&self.runs)?;
        let shown = views.text(&run);
        Ok(Exit::first([views.write(&run), shown]))
    }
}
