//! Joins runs into one result: what several runners measured of one load, or one runner several times.

use super::budget::Budget;
use super::reader::SavedRun;
use crate::error::{Error, Exit, Result};
use crate::stats::Tables;

/// Several runs together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// The runs in the order in which they started, without their tables.
    pub runs: Vec<SavedRun>,
    /// All their results together.
    pub tables: Tables,
    /// All calls of their warm-ups together.
    pub warmup: Tables,
}

/// Joins runs by key, exactly: nothing is averaged and nothing lost. The order in which they are given does not matter.
/// Rows name operations by their index, so it is for the caller to know that the runs had the same ones.
///
/// # Errors
/// A run is among them twice, which would count it twice, or all together count more than any run can.
pub fn merge(mut runs: Vec<SavedRun>) -> Result<Merged> {
    let name = |run: &SavedRun| (run.header.started.clone(), run.header.run_id.clone());
    runs.sort_by_cached_key(name);
    if let Some(pair) = runs
        .windows(2)
        .find(|pair| name(&pair[0]) == name(&pair[1]))
    {
        let what = format!("the run `{}` is given twice", pair[0].header.run_id);
        return Err(Error::new(Exit::Usage, what).hint("name each run once"));
    }
    let (mut tables, mut warmup) = (Tables::default(), Tables::default());
    let mut budget = Budget::default();
    for run in &mut runs {
        budget.count(run.counted).map_err(|problem| {
            Error::new(Exit::Unusable, "the saved runs cannot be used together")
                .because(problem.to_string())
        })?;
        tables.merge(std::mem::take(&mut run.tables));
        warmup.merge(std::mem::take(&mut run.warmup));
    }
    Ok(Merged {
        runs,
        tables,
        warmup,
    })
}

#[cfg(test)]
mod tests;
