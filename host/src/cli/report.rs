//! `gorgon report`: a saved run again, in any of its views.

use clap::Args;

use super::views::ViewArgs;
use super::{Done, completions, saved_run};
use crate::error::Exit;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gorgon report last
  gorgon report 20261120T1704 --csv -
  gorgon report one.gorgon other.gorgon --json together.json")]
pub(super) struct ReportArgs {
    /// `last`, the name of a run as `gorgon runs` lists it or the beginning of one, or a file. Several are put together as
    /// one, exactly
    #[arg(value_name = "RUN", required = true, num_args = 1.., add = completions::runs())]
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
