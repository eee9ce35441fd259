//! `gorgon report`: a saved run again, in any of its views.

use std::path::{Path, PathBuf};

use clap::Args;

use super::views::{Present, ViewArgs};
use super::{Done, completions, misused, open, output, saved_run};
use crate::error::{Exit, Result};

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

    /// Open the page of `--html` in a browser; without `--html` a temporary file
    #[arg(long)]
    open: bool,

    #[command(flatten)]
    views: ViewArgs,
}

impl ReportArgs {
    pub(super) fn main(mut self) -> Done {
        // Read first, so that no file is left behind for a run that is not there.
        let run = saved_run::together(&self.runs)?;
        let page = self.page()?;
        let files: Vec<&Path> = self.runs.iter().map(Path::new).collect();
        let mut views = self.views.open(&files)?;
        let shown = views.text(&run);
        let written = views.write(&run);
        let opened = match page.filter(|_| written == Exit::Done) {
            Some(page) => open::open(&page).map_or_else(output::told, |()| Exit::Done),
            None => Exit::Done,
        };
        Ok(Exit::first([written, shown, opened]))
    }

    /// The page that is to be opened.
    fn page(&mut self) -> Result<Option<PathBuf>> {
        if !self.open {
            return Ok(None);
        }
        let page = match self.views.html() {
            Some(path) if path.as_os_str() == "-" => {
                return Err(misused("a page that goes to stdout cannot be opened")
                    .hint("give it a file, or leave out `--html`"));
            }
            Some(path) => path.to_owned(),
            None => {
                let path = open::fresh()?;
                output::notice(&format!("the page is `{}`", path.display()));
                self.views.set_html(path.clone());
                path
            }
        };
        Ok(Some(page))
    }
}
