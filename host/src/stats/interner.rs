//! Gives every row of the results its number, once for all threads of a run.
//!
//! The caps are decided here and nowhere else: what does not fit goes to an `!other` row of its own operation and
//! outcome, whichever thread meets it, so that merging never has to fold anything.

use std::collections::HashSet;

use super::table::Table;
use super::tags::{OTHER, Outcome};

/// How many guest tags (operation, outcome and tag) get a row of their own.
pub const TAG_CAP: usize = 256;

/// How many measurements (row and name) get a histogram of their own.
pub const MEASUREMENT_CAP: usize = 1024;

/// How many counters, and how many checks, are kept by name.
pub const NAME_CAP: usize = 256;

/// How many kinds of failure (row and message) are kept by message.
pub const FAILURE_CAP: usize = 64;

/// What tells one row of the results from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowKey {
    /// The index of the operation in the run's mix.
    pub operation: u16,
    /// How its calls ended.
    pub outcome: Outcome,
    /// The guest's tag as [`super::tags::normalise`] leaves it, or a reserved one.
    pub tag: String,
}

/// The number of a row. Means something only together with the interner that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub(super) u32);

/// The numbers of one run, shared by its threads. See the module's description.
#[derive(Debug)]
pub struct Interner {
    expect: Option<HashSet<String>>,
    pub(super) rows: Table<RowKey>,
    pub(super) measurements: Table<(RowId, String)>,
    pub(super) failures: Table<(RowId, String)>,
    pub(super) counters: Table<String>,
    pub(super) checks: Table<String>,
}

impl Interner {
    /// An interner for one run. With `expect`, exactly the guest tags listed there are [`Outcome::Ok`], whichever arm
    /// of the result they came in; without, the arm decides.
    pub fn new(expect: Option<Vec<String>>) -> Interner {
        Interner {
            expect: expect.map(|tags| tags.into_iter().collect()),
            rows: Table::new(TAG_CAP),
            measurements: Table::new(MEASUREMENT_CAP),
            failures: Table::new(FAILURE_CAP),
            counters: Table::new(NAME_CAP),
            checks: Table::new(NAME_CAP),
        }
    }

    /// Whether a tag as the guest returned it counts as a success.
    pub fn outcome(&self, returned: Result<&str, &str>) -> Outcome {
        let is_ok = match (&self.expect, returned) {
            (Some(expect), Ok(tag) | Err(tag)) => expect.contains(tag),
            (None, returned) => returned.is_ok(),
        };
        if is_ok { Outcome::Ok } else { Outcome::Fail }
    }

    /// The row of what came too late to get its own.
    pub(super) fn other_row(&self, operation: u16, outcome: Outcome) -> RowId {
        RowId(self.rows.admit(RowKey {
            operation,
            outcome,
            tag: OTHER.to_owned(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_expectations_the_arm_decides() {
        let interner = Interner::new(None);
        assert_eq!(interner.outcome(Ok("x")), Outcome::Ok);
        assert_eq!(interner.outcome(Err("x")), Outcome::Fail);
    }

    #[test]
    fn with_expectations_only_the_listed_tags_are_ok_in_either_arm() {
        let interner = Interner::new(Some(vec!["404".to_owned(), "!odd".to_owned()]));
        assert_eq!(interner.outcome(Ok("404")), Outcome::Ok);
        assert_eq!(interner.outcome(Err("404")), Outcome::Ok);
        assert_eq!(interner.outcome(Err("!odd")), Outcome::Ok);
        assert_eq!(interner.outcome(Ok("200")), Outcome::Fail);
        assert_eq!(
            Interner::new(Some(Vec::new())).outcome(Ok("200")),
            Outcome::Fail
        );
    }
}
