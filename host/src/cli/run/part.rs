//! A run as a part of a suite, before the first run of it is made.

use super::super::misused;
use super::{RunArgs, mix};
use crate::error::Result;

impl RunArgs {
    /// Checks all that can be told without opening anything: for a run of a suite, before the first is made.
    ///
    /// # Errors
    /// No run can be made of these flags.
    pub(in crate::cli) fn check_as_part_of_suite(&self) -> Result<()> {
        if self.job.load.is_several() {
            return Err(misused("one value stands for several runs")
                .hint("write a list, as in `workers = [1, 2, 4]`"));
        }
        if self.job.feed.reads_stdin() {
            return Err(misused("no run of a suite can read standard input")
                .hint("write the items to a file"));
        }
        let named = mix::read(&self.operations)?;
        self.job.operation.check()?;
        self.job.rules.check()?;
        self.job.feed.check(&named)?;
        self.job
            .load
            .check(self.job.feed.has_items() || self.job.operation.has_rows_that_end())
    }

    /// The names of its operations.
    ///
    /// # Errors
    /// One of them has a weight that cannot be read.
    pub(in crate::cli) fn operation_names(&self) -> Result<Vec<String>> {
        let named = mix::read(&self.operations)?;
        Ok(named.into_iter().map(|one| one.name).collect())
    }
}
