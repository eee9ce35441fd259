//! The directories in which suites are saved.

use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{Error, Exit, Result};
use crate::saved;

/// The file in such a directory that says what the suite is.
pub const INDEX: &str = "suite.json";

/// Suites that are kept.
const KEPT: usize = 50;

/// A directory of suites, each a directory of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suites {
    directory: PathBuf,
}

impl Suites {
    /// The suites of this user, beside their runs. `variable` reads the environment.
    pub fn of_user(variable: impl Fn(&str) -> Option<OsString>) -> Option<Suites> {
        let directory = saved::state_directory(variable)?.join("suites");
        Some(Suites { directory })
    }

    /// Makes a directory for the suite called `id`.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(&self, id: &str) -> Result<PathBuf> {
        let path = self.directory.join(id);
        made(&path).map_err(|cause| {
            cannot(&path, &cause)
                .hint("set `GORGON_STATE_DIR` to a directory that can be written to")
                .hint("or name another with `--save-dir`")
        })?;
        Ok(path)
    }

    /// The directory of the suite that `what` names: `last`, an id or the beginning of one, or a path.
    ///
    /// # Errors
    /// There is none.
    pub fn find(suites: Option<&Suites>, what: &str) -> Result<PathBuf> {
        let known = suites.map(Suites::newest_first).unwrap_or_default();
        let name = |path: &PathBuf| {
            path.file_name()
                .map(|name| name.to_string_lossy().into_owned())
        };
        if what == "last" {
            let newest = known.into_iter().next();
            return newest.ok_or_else(|| {
                Error::new(Exit::NoInput, "there is no saved suite")
                    .hint("`gorgon suite FILE.toml` makes one")
            });
        }
        let path = Path::new(what);
        if what.contains('/') || path.join(INDEX).is_file() {
            return Ok(path.to_owned());
        }
        let begins = |path: &&PathBuf| name(path).is_some_and(|name| name.starts_with(what));
        let fitting: Vec<&PathBuf> = known.iter().filter(begins).collect();
        match fitting.as_slice() {
            [one] if !what.is_empty() => Ok((*one).clone()),
            [] => {
                let error = Error::new(Exit::NoInput, format!("there is no saved suite `{}`", what.escape_debug()))
                    .because("it is no id of one, nor the beginning of an id, nor a directory with a `suite.json`");
                let newest = known.first().and_then(name);
                Err(match newest {
                    Some(newest) => error.hint(format!("the newest is `{newest}`, or `last`")),
                    None => error,
                })
            }
            several => Err(Error::new(
                Exit::NoInput,
                format!(
                    "`{}` is the beginning of {} saved suites",
                    what.escape_debug(),
                    several.len()
                ),
            )
            .hint("write more of it")),
        }
    }

    /// Removes the oldest suites beyond those that are kept. Only what is a suite is touched.
    pub fn prune(&self) {
        for path in self.newest_first().into_iter().skip(KEPT) {
            // One more or less is nothing to bother anybody with.
            let _ = fs::remove_dir_all(path);
        }
    }

    /// The suites that are there, by when they were written to last: ids tell seconds alone.
    fn newest_first(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.directory)
            .into_iter()
            .flatten()
            .flatten();
        let suite = |path: PathBuf| {
            let index = path.join(INDEX).metadata().ok()?;
            let is_suite = index.is_file() && !path.is_symlink();
            is_suite.then(|| (index.modified().unwrap_or(UNIX_EPOCH), path))
        };
        let suites = entries.filter_map(|entry| suite(entry.path()));
        let mut suites: Vec<(SystemTime, PathBuf)> = suites.collect();
        suites.sort();
        suites.into_iter().rev().map(|(_, path)| path).collect()
    }
}

/// Makes the directory that a person named. There may be one already, but no suite in it.
///
/// # Errors
/// There is a suite in it, or it cannot be made.
pub fn prepare(path: &Path) -> Result<()> {
    if path.join(INDEX).exists() {
        return Err(Error::new(
            Exit::CannotWrite,
            format!("there is a suite in `{}` already", path.display()),
        )
        .hint("name another directory, or remove that one")
        .hint(format!("`gorgon suite --show {}` shows it", path.display())));
    }
    made(path).map_err(|cause| cannot(path, &cause))
}

fn made(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn cannot(path: &Path, cause: &io::Error) -> Error {
    Error::new(
        Exit::CannotWrite,
        format!("cannot save the suite in `{}`", path.display()),
    )
    .caused_by(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suites(folder: &Path) -> Suites {
        Suites {
            directory: folder.join("suites"),
        }
    }

    fn made(suites: &Suites, id: &str) -> PathBuf {
        let path = suites.create(id).unwrap();
        fs::write(path.join(INDEX), "{}").unwrap();
        path
    }

    #[test]
    fn a_suite_is_found_by_its_name_or_the_beginning_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let suites = suites(folder.path());
        let find = |what: &str| Suites::find(Some(&suites), what).map_err(|error| error.exit());
        assert_eq!(find("last"), Err(Exit::NoInput));
        let (old, new) = (made(&suites, "2026-a"), made(&suites, "2027-b"));
        assert_eq!(find("last"), Ok(new.clone()));
        assert_eq!(find("2026"), Ok(old.clone()));
        assert_eq!(find("202"), Err(Exit::NoInput));
        assert_eq!(find(""), Err(Exit::NoInput));
        assert_eq!(find("2028"), Err(Exit::NoInput));
        assert_eq!(find(&old.to_string_lossy()), Ok(old));
        assert_eq!(find("./nowhere"), Ok(PathBuf::from("./nowhere")));
    }

    #[test]
    fn the_last_suite_is_the_one_written_to_last_whatever_its_id() {
        let folder = tempfile::tempdir().unwrap();
        let suites = suites(folder.path());
        let (first, second) = (made(&suites, "2026-b"), made(&suites, "2026-a"));
        let index = fs::File::options().write(true).open(first.join(INDEX));
        index.unwrap().set_modified(UNIX_EPOCH).unwrap();
        assert_eq!(Suites::find(Some(&suites), "last"), Ok(second));
    }

    #[test]
    fn only_the_oldest_suites_are_removed_and_nothing_that_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let suites = suites(folder.path());
        let paths: Vec<PathBuf> = (0..KEPT + 3)
            .map(|id| made(&suites, &format!("{id:04}")))
            .collect();
        let other = suites.create("0000-other").unwrap();
        suites.prune();
        let is_left: Vec<bool> = paths.iter().map(|path| path.exists()).collect();
        assert!(
            is_left[..3].iter().all(|is_left| !is_left)
                && is_left[3..].iter().all(|is_left| *is_left)
        );
        assert!(other.exists());
    }

    #[test]
    fn no_suite_is_saved_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        assert_eq!(prepare(&path), Ok(()));
        assert_eq!(prepare(&path), Ok(()));
        fs::write(path.join(INDEX), "{}").unwrap();
        assert_eq!(prepare(&path).unwrap_err().exit(), Exit::CannotWrite);
        fs::write(folder.path().join("file"), "").unwrap();
        let error = prepare(&folder.path().join("file")).unwrap_err();
        assert_eq!(error.exit(), Exit::CannotWrite);
    }
}
