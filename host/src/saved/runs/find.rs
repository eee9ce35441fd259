//! Which run a person means.

use std::path::{Path, PathBuf};

use super::{ENDING, Named, PARTIAL, Runs};
use crate::error::{Error, Exit, Result};

/// How many ids are told where none fits or several do.
const TOLD: usize = 5;

/// The file of the run that `what` names: `last` for the one written to last, an id, a path, or the beginning of an id
/// that no other run begins with. `runs` is where ids are looked for, if there is such a place.
///
/// # Errors
/// No run fits, or several do ([`Exit::NoInput`]); the error has the ids that come nearest.
pub fn find(runs: Option<&Runs>, what: &str) -> Result<PathBuf> {
    let named = runs.map(Runs::named).unwrap_or_default();
    if what == "last" {
        let newest = named.into_iter().next();
        return newest.map(|run| run.path).ok_or_else(|| nothing(runs));
    }
    if let Some(run) = named.iter().find(|run| run.id == what) {
        return Ok(run.path.clone());
    }
    let path = Path::new(what);
    // What looks like a path is one even if nothing is there: reading it tells why.
    let is_name_of_file = what.ends_with(ENDING) || what.ends_with(PARTIAL);
    if path.is_file() || what.contains('/') || is_name_of_file {
        return Ok(path.to_owned());
    }
    let fitting: Vec<&Named> = named
        .iter()
        .filter(|run| !what.is_empty() && run.id.starts_with(what))
        .collect();
    match fitting.as_slice() {
        [run] => Ok(run.path.clone()),
        [] => Err(unknown(what, &named, runs)),
        several => {
            let error = Error::new(
                Exit::NoInput,
                format!("`{what}` is the beginning of {} saved runs", several.len()),
            );
            Err(error.hint(format!("one of them: {}", ids(several.iter().copied()))))
        }
    }
}

fn nothing(runs: Option<&Runs>) -> Error {
    let error = Error::new(Exit::NoInput, "there is no saved run");
    match runs {
        Some(runs) => error.because(format!("`{}` has none", runs.directory.display())),
        None => error
            .because("no directory for them is known: `HOME` is not set")
            .hint("set `GORGON_STATE_DIR`, or give the path of a saved run"),
    }
}

fn unknown(what: &str, named: &[Named], runs: Option<&Runs>) -> Error {
    if named.is_empty() {
        let error = Error::new(Exit::NoInput, format!("there is no saved run `{what}`"));
        let nothing = nothing(runs);
        let error = nothing.causes().iter().fold(error, Error::because);
        return nothing.hints().iter().fold(error, Error::hint);
    }
    // Most often an id is right at its beginning; among equals the newest come first.
    let mut near: Vec<&Named> = named.iter().collect();
    near.sort_by_key(|run| std::cmp::Reverse(common(what, &run.id)));
    Error::new(Exit::NoInput, format!("there is no saved run `{what}`"))
        .because("it is no id of one, nor the beginning of an id, nor a file")
        .hint(format!(
            "saved are, among others: {}",
            ids(near.into_iter())
        ))
}

fn common(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

fn ids<'a>(of: impl Iterator<Item = &'a Named>) -> String {
    let ids: Vec<String> = of.take(TOLD).map(|run| format!("`{}`", run.id)).collect();
    ids.join(", ")
}
