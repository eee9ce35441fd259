//! `gorgon suite --show`: a saved suite again.

use std::path::Path;

use super::one_run;
use super::views::SuiteViewArgs;
use crate::cli::Done;
use crate::error::{Exit, Result};
use crate::suite::{Index, SuiteView, Suites};

/// Shows the suite that `what` names.
pub(super) fn main(what: &str, views: &SuiteViewArgs) -> Done {
    let mut views = views.open()?;
    let suites = Suites::of_user(|name| std::env::var_os(name));
    let directory = Suites::find(suites.as_ref(), what)?;
    let suite = read(&directory)?;
    Ok(Exit::first([views.write(&suite)]))
}

fn read(directory: &Path) -> Result<SuiteView> {
    let index = Index::read(directory)?;
    let runs = index.runs.iter().map(|run| {
        let file = run.file.as_deref()?;
        // Its name alone: an index from elsewhere is not to lead out of its directory.
        let name = Path::new(file).file_name()?;
        one_run::saved(&directory.join(name))
    });
    Ok(SuiteView {
        runs: runs.collect(),
        directory: directory.to_owned(),
        index,
    })
}
