//! Where a suite is saved, and what the files of its runs are called.

use std::path::{Path, PathBuf};

use crate::cli::output;
use crate::error::{Error, Exit, Result};
use crate::suite::{self, Suites};

/// Where a suite is saved.
#[derive(Debug)]
pub(super) enum Place {
    /// Among the user's suites, of which the oldest are removed.
    Users(PathBuf, Suites),
    /// Where it was asked for.
    Asked(PathBuf),
    /// In a directory that is removed with this.
    Temporary(tempfile::TempDir),
}

impl Place {
    /// Makes a place for the suite called `id`.
    ///
    /// # Errors
    /// It cannot be made, or is taken.
    pub(super) fn make(save_dir: Option<&Path>, no_save: bool, id: &str) -> Result<Place> {
        if let Some(path) = save_dir {
            suite::prepare(path)?;
            return absolute(path).map(Place::Asked);
        }
        let users = match no_save {
            true => None,
            false => Suites::of_user(|name| std::env::var_os(name)),
        };
        match users {
            Some(suites) => Ok(Place::Users(absolute(&suites.create(id)?)?, suites)),
            None => {
                if !no_save {
                    output::notice(
                        "the suite is not saved: neither HOME nor XDG_STATE_HOME says where",
                    );
                }
                tempfile::tempdir().map(Place::Temporary).map_err(|cause| {
                    Error::new(
                        Exit::CannotWrite,
                        "there is no place for what the runs record",
                    )
                    .caused_by(&cause)
                    .hint(
                        "set `TMPDIR` to a folder that can be written to, or leave out `--no-save`",
                    )
                })
            }
        }
    }

    /// The directory.
    pub(super) fn path(&self) -> &Path {
        match self {
            Place::Users(path, _) | Place::Asked(path) => path,
            Place::Temporary(folder) => folder.path(),
        }
    }
}

/// The runs are made in another folder than the one in which the path was given.
fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|cause| {
        Error::new(
            Exit::CannotWrite,
            format!("cannot tell where `{}` is", path.display()),
        )
        .caused_by(&cause)
    })
}

/// The name of a run's file: its place, and what can be read of its label.
pub(super) fn file_name(index: usize, label: &str) -> String {
    let mut name = format!("{:03}", index + 1);
    let mut is_gap = true;
    for c in label.chars().take(60) {
        match c {
            c if c.is_ascii_alphanumeric() || c == '.' => {
                if is_gap {
                    name.push('-');
                }
                name.push(c);
                is_gap = false;
            }
            _ => is_gap = true,
        }
    }
    name + ".jsonl"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_has_what_can_be_in_one() {
        assert_eq!(file_name(0, "growing -w 4 #2"), "001-growing-w-4-2.jsonl");
        assert_eq!(
            file_name(41, "../../etc/ größe url=http://h:1/"),
            "042-..-..-etc-gr-e-url-http-h-1.jsonl"
        );
        assert_eq!(file_name(999, ""), "1000.jsonl");
    }
}
