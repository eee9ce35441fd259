//! What became of a suite: a file in its directory, beside those of its runs.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::expand::{PlannedRun, label};
use super::settings::With;
use super::store::INDEX;
use crate::error::{Error, Exit, Result};
use crate::report::RunView;

/// The name and version of the file's format.
pub const FORMAT: &str = "gorgon.suite-index/0";

/// The most bytes of such a file that are read.
const MOST_BYTES: u64 = 64 << 20;

/// What is known of a suite besides what the files of its runs hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// The name and version of the format.
    pub format: String,
    /// The name of the suite, by when it started.
    pub id: String,
    /// What it is about.
    #[serde(default)]
    pub title: Option<String>,
    /// When it started, as RFC 3339 has it.
    pub started: String,
    /// The version of gorgon.
    pub gorgon: String,
    /// The command line.
    pub command: Vec<String>,
    /// The suite file, where there is one.
    #[serde(default)]
    pub file: Option<String>,
    /// What the order of the runs follows from, where it is random.
    #[serde(default)]
    pub order_seed: Option<u64>,
    /// How it ended.
    #[serde(default)]
    pub state: SuiteState,
    /// What it exited with.
    #[serde(default)]
    pub exit_code: Option<u8>,
    /// What went wrong around all runs.
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// The runs, in the order in which they are made.
    pub runs: Vec<SavedRun>,
}

/// How a suite ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuiteState {
    /// It goes on, or was broken off.
    #[default]
    Incomplete,
    /// Every run was made.
    Completed,
    /// Somebody stopped it.
    Interrupted,
    /// It ended early by itself.
    Aborted,
}

/// A run of a suite.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SavedRun {
    /// What it is called; runs of one list share it.
    pub name: String,
    /// Which entry of the suite it is of.
    pub entry: usize,
    /// Its place among the different runs of that entry. Repetitions of one run share it.
    pub point: usize,
    /// What tells it from its neighbours.
    #[serde(default)]
    pub with: Vec<With>,
    /// Which repetition of it this is, where there are several.
    #[serde(default)]
    pub repetition: Option<u32>,
    /// Its command line, without secrets.
    #[serde(default)]
    pub command: Vec<String>,
    /// How far it got.
    #[serde(default)]
    pub state: State,
    /// What its process exited with.
    #[serde(default)]
    pub exit_code: Option<u8>,
    /// The file that it is saved to, in the directory of the suite.
    #[serde(default)]
    pub file: Option<String>,
    /// Why it was not made or failed, and what went wrong around it.
    #[serde(default)]
    pub problems: Vec<Problem>,
}

/// How far a run of a suite got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was not made.
    #[default]
    NotRun,
    /// It was made, and there is a result.
    Done,
    /// It was to be made, and there is no result.
    Failed,
}

/// Something that went wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What.
    pub message: String,
    /// Why, outermost first.
    #[serde(default)]
    pub cause: Vec<String>,
    /// What to do next.
    #[serde(default)]
    pub hint: Vec<String>,
}

impl Problem {
    /// The same as an error tells it.
    pub fn of(error: &Error) -> Problem {
        Problem {
            message: error.what().to_owned(),
            cause: error.causes().to_vec(),
            hint: error.hints().to_vec(),
        }
    }
}

impl SavedRun {
    /// A run that is to be made. `command` is how it will be.
    pub fn planned(run: &PlannedRun, command: Vec<String>) -> SavedRun {
        SavedRun {
            name: run.name.clone(),
            entry: run.entry,
            point: run.point,
            with: run.with.clone(),
            repetition: run.repetition,
            command,
            ..SavedRun::default()
        }
    }

    /// What it is called, with what tells it from others.
    pub fn label(&self) -> String {
        label(&self.name, &self.with, self.repetition)
    }

    /// What tells it from the others of its name.
    pub fn point_label(&self) -> String {
        let label = label("", &self.with, None);
        label.trim_start().to_owned()
    }
}

/// A suite with the results of its runs, as its reports show it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SuiteView {
    /// What is known of the suite.
    pub index: Index,
    /// The result of each of its runs, where there is one.
    pub runs: Vec<Option<RunView>>,
    /// Where they are.
    pub directory: PathBuf,
}

impl SuiteView {
    /// The runs with what came of them.
    pub fn runs(&self) -> impl Iterator<Item = (&SavedRun, Option<&RunView>)> {
        let views = self.runs.iter().map(Option::as_ref);
        self.index.runs.iter().zip(views)
    }
}

impl Index {
    /// Writes it into the directory of the suite. Whoever reads it meanwhile finds the old or the new one.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, directory: &Path) -> Result<()> {
        let cannot = |cause: &io::Error| {
            let what = format!("cannot write `{}`", directory.join(INDEX).display());
            Error::new(Exit::CannotWrite, what).caused_by(cause)
        };
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(directory)?;
            serde_json::to_writer_pretty(&mut file, self).map_err(io::Error::from)?;
            file.persist(directory.join(INDEX))
                .map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|cause: io::Error| cannot(&cause))
    }

    /// Reads that of the suite in a directory.
    ///
    /// # Errors
    /// There is none ([`Exit::NoInput`]), or it cannot be used ([`Exit::Unusable`]).
    pub fn read(directory: &Path) -> Result<Index> {
        use std::io::Read;
        let path = directory.join(INDEX);
        let missing = |cause: &io::Error| {
            Error::new(
                Exit::NoInput,
                format!("there is no suite in `{}`", directory.display()),
            )
            .because(format!("`{}`: {cause}", path.display()))
            .hint("a suite is saved in a directory with a `suite.json`; `last` is the newest")
        };
        let unusable = |cause: &dyn std::fmt::Display| {
            Error::new(
                Exit::Unusable,
                format!("the suite in `{}` cannot be used", directory.display()),
            )
            .because(cause.to_string())
        };
        let file = std::fs::File::open(&path).map_err(|cause| missing(&cause))?;
        let mut bytes = Vec::new();
        file.take(MOST_BYTES)
            .read_to_end(&mut bytes)
            .map_err(|cause| missing(&cause))?;
        let index: Index = serde_json::from_slice(&bytes).map_err(|cause| unusable(&cause))?;
        if index.format != FORMAT {
            let format = index.format.escape_debug().to_string();
            return Err(unusable(&format!(
                "its format is `{format}`, and this gorgon reads `{FORMAT}`"
            ))
            .hint("it was saved by another version of gorgon; that one can show it"));
        }
        Ok(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let index = Index {
            format: FORMAT.to_owned(),
            id: "x".to_owned(),
            order_seed: Some(u64::MAX),
            state: SuiteState::Aborted,
            exit_code: Some(99),
            runs: vec![SavedRun {
                name: "a".to_owned(),
                state: State::Failed,
                problems: vec![Problem {
                    message: "no".to_owned(),
                    ..Problem::default()
                }],
                ..SavedRun::default()
            }],
            ..Index::default()
        };
        index.write(folder.path()).unwrap();
        assert_eq!(Index::read(folder.path()), Ok(index));
    }

    #[test]
    fn what_is_no_index_is_told() {
        #[track_caller]
        fn check(bytes: &[u8], exit: Exit, says: &str) {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(INDEX), bytes).unwrap();
            let error = Index::read(folder.path()).unwrap_err();
            assert_eq!(error.exit(), exit);
            assert!(error.causes().join(" ").contains(says), "{error:?}");
        }
        check(b"", Exit::Unusable, "EOF");
        check(b"{}", Exit::Unusable, "format");
        check(b"\xff", Exit::Unusable, "");
        let newer = br#"{"format":"gorgon.suite-index/9","id":"","started":"","gorgon":"","command":[],"runs":[]}"#;
        check(newer, Exit::Unusable, "`gorgon.suite-index/9`");
        let folder = tempfile::tempdir().unwrap();
        let error = Index::read(folder.path()).unwrap_err();
        assert_eq!(error.exit(), Exit::NoInput);
    }
}
