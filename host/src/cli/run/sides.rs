//! Operations side by side: `gorgon compare a.wasm b.wasm`, or one operation with different parameters.

use std::sync::Arc;

use super::super::misused;
use super::super::operation::OperationArgs;
use super::mix::Named;
use crate::component::Parameters;
use crate::error::Result;
use crate::redact;

/// Operations that are compared: each has a call of every number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct SideBySide {
    pub(in crate::cli) sides: Vec<Side>,
    /// Whether they have to answer alike.
    pub(in crate::cli) check: bool,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Side {
    /// What it is read from.
    pub(in crate::cli) operation: String,
    /// Its own parameters, which the others do not have.
    pub(in crate::cli) parameters: Vec<(String, String)>,
}

impl SideBySide {
    /// The operations as those of a mix have names.
    pub(super) fn named(&self) -> Vec<Named> {
        let named = |side: &Side| Named {
            name: side.operation.clone(),
            weight: 1,
        };
        self.sides.iter().map(named).collect()
    }

    /// The parameters of each.
    pub(super) fn parameters(&self, all: &OperationArgs) -> Vec<Arc<Parameters>> {
        let of = |side: &Side| all.parameters(&side.parameters);
        self.sides.iter().map(of).collect()
    }

    /// What tells them apart, for reports: the name of the file or, where these are the same, its path; the parameters that
    /// differ; and where nothing does, a number. `files` are path and name of each.
    pub(super) fn names(&self, files: &[(&str, String)]) -> Vec<String> {
        let names = match self.differing() {
            Some(differing) => differing,
            None => of_files(files),
        };
        numbered(names)
    }

    /// For each side the parameters that some other side does not have, or not so; nothing where there are none.
    fn differing(&self) -> Option<Vec<String>> {
        let is_shared = |pair: &&(String, String)| {
            let has_it = |side: &Side| side.parameters.contains(pair);
            self.sides.iter().all(has_it)
        };
        let names = self.sides.iter().map(|side| {
            let own = side.parameters.iter().filter(|pair| !is_shared(pair));
            let shown = own.map(|(name, value)| redact::argument(&format!("{name}={value}")));
            shown.collect::<Vec<_>>().join(",")
        });
        let names: Vec<String> = names.collect();
        let has_own = names.iter().any(|name| !name.is_empty());
        // Who has nothing of its own has what all have.
        let or_plain = |name: String| {
            if name.is_empty() {
                "plain".to_owned()
            } else {
                name
            }
        };
        has_own.then(|| names.into_iter().map(or_plain).collect())
    }
}

/// Operations side by side have no other load than that of workers who give each number to all of them.
pub(super) fn check_load(has_rate: bool, has_order: bool) -> Result<()> {
    if has_rate {
        return Err(misused("operations side by side cannot have a `--rate`")
            .because(
                "a worker gives a number to each of them in turn, so when a call is due depends on how long the one before took",
            )
            .hint("leave it out; or `gorgon run` each with the same `--rate` and `gorgon compare` the two runs"));
    }
    if has_order {
        return Err(
            misused("operations side by side cannot have an `--order` of their own").because(
                "which of them has a number first is drawn for each number, so that none gains from it",
            ),
        );
    }
    Ok(())
}

/// The names of files or, where different files have the same name, their paths.
fn of_files(files: &[(&str, String)]) -> Vec<String> {
    let name = |(path, name): &(&str, String)| {
        let is_ambiguous = files
            .iter()
            .any(|(other_path, other)| other == name && other_path != path);
        if is_ambiguous {
            redact::address(path)
        } else {
            name.clone()
        }
    };
    files.iter().map(name).collect()
}

/// The names with a number behind those that occur more than once.
fn numbered(names: Vec<String>) -> Vec<String> {
    let number = |(index, name): (usize, &String)| {
        let before = names[..index].iter().filter(|other| *other == name).count();
        let is_alone = names.iter().filter(|other| *other == name).count() == 1;
        if is_alone {
            name.clone()
        } else {
            format!("{name} #{}", before + 1)
        }
    };
    names.iter().enumerate().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sides: &[(&str, &[(&str, &str)])], expected: &[&str]) {
        let own = |pairs: &[(&str, &str)]| {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            pairs.iter().map(owned).collect()
        };
        let side = |(operation, pairs): &(&str, &[(&str, &str)])| Side {
            operation: (*operation).to_owned(),
            parameters: own(pairs),
        };
        let compared = SideBySide {
            sides: sides.iter().map(side).collect(),
            check: false,
        };
        let short = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let files: Vec<_> = sides.iter().map(|(path, _)| (*path, short(path))).collect();
        assert_eq!(compared.names(&files), expected);
    }

    #[test]
    fn operations_go_by_what_tells_them_apart() {
        check(
            &[("a/x.wasm", &[]), ("b/y.wasm", &[])],
            &["x.wasm", "y.wasm"],
        );
        check(
            &[("a/x.wasm", &[]), ("b/x.wasm", &[])],
            &["a/x.wasm", "b/x.wasm"],
        );
        check(
            &[("hash", &[]), ("noop", &[]), ("hash", &[])],
            &["hash #1", "noop", "hash #2"],
        );
    }

    #[test]
    fn variants_go_by_the_parameters_that_differ() {
        check(
            &[
                ("http", &[("url", "http://127.0.0.1:1"), ("n", "1")]),
                ("http", &[("url", "http://127.0.0.1:2"), ("n", "1")]),
            ],
            &["url=http://127.0.0.1:1", "url=http://127.0.0.1:2"],
        );
        check(
            &[("hash", &[("rounds", "1")]), ("hash", &[])],
            &["rounds=1", "plain"],
        );
        check(
            &[("hash", &[("rounds", "1")]), ("hash", &[("rounds", "1")])],
            &["hash #1", "hash #2"],
        );
    }

    #[test]
    fn what_tells_them_apart_may_be_a_secret() {
        check(
            &[("http", &[("token", "a")]), ("http", &[("token", "b")])],
            &["token=… #1", "token=… #2"],
        );
    }
}
