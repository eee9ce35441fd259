//! The directory in which a person's runs gather.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::format::{Closing, Header};
use super::line;
use super::lines::Lines;
use super::writer::{PARTIAL, RunFile, partial_of};
use crate::error::{Error, Exit, Result};

mod find;

pub use find::find;

/// What the file of a run is called beyond its id.
const ENDING: &str = ".jsonl";

/// A partial file that was not touched for so long is no longer being written.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// Names that are tried where another run has the same id.
const MOST_NAMESAKES: u32 = 1_000;

/// Bytes at the end of a file that are looked through for its last line at first.
const TAIL_BYTES: u64 = 1 << 16;

/// A directory of saved runs. See the module's description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs {
    directory: PathBuf,
}

/// How far a run got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To its end.
    Complete,
    /// It is still going on, or did not come to its end.
    Incomplete,
    /// Its file is none that this gorgon can read.
    Unreadable,
}

/// A saved run, as far as its first and last line tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its id: the name of the file.
    pub id: String,
    /// Where it is.
    pub path: PathBuf,
    /// The length of the file.
    pub bytes: u64,
    /// When it was last written to.
    pub modified: SystemTime,
    /// How far it got.
    pub state: State,
    /// Its header, where it can be read.
    pub header: Option<Header>,
    /// Calls that it counts, for one that is complete.
    pub done: Option<u64>,
}

/// A file by its name alone.
#[derive(Debug)]
struct Named {
    id: String,
    path: PathBuf,
    bytes: u64,
    modified: SystemTime,
}

impl Runs {
    /// The runs of this user, in the folder `runs` of their [state](state_directory).
    pub fn of_user(variable: impl Fn(&str) -> Option<OsString>) -> Option<Runs> {
        let state = state_directory(variable)?;
        Some(Runs::in_directory(state.join("runs")))
    }

    /// The runs in `directory`, which need not exist yet.
    pub fn in_directory(directory: PathBuf) -> Runs {
        Runs { directory }
    }

    /// Where they are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Begins a file for a run, named by its id. If another run has that id already, this one gets a number behind it,
    /// in `header` too. The directory is made where it is missing, for the user alone.
    ///
    /// # Errors
    /// The directory or the file cannot be made.
    pub fn create(&self, header: &mut Header) -> Result<RunFile> {
        let cannot = |cause: &io::Error| {
            let directory = self.directory.display();
            Error::new(
                Exit::CannotWrite,
                format!("cannot save the run in `{directory}`"),
            )
            .caused_by(cause)
            .hint("set `GORGON_STATE_DIR` to a directory that can be written to")
            .hint("or name a file with `--save`")
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.directory)
            .map_err(|cause| cannot(&cause))?;
        let id = file_name(&header.run_id);
        header.run_id.clone_from(&id);
        for number in 2..MOST_NAMESAKES {
            let path = self.directory.join(format!("{}{ENDING}", header.run_id));
            match RunFile::try_create(&path, header) {
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
                    header.run_id = format!("{id}-{number}");
                }
                created => return created.map_err(|cause| cannot(&cause)),
            }
        }
        Err(cannot(&io::ErrorKind::AlreadyExists.into()))
    }

    /// All runs, the newest first. A file that cannot be read is among them, marked as such.
    pub fn list(&self) -> Vec<Entry> {
        self.named().into_iter().map(entry).collect()
    }

    /// Removes the oldest runs beyond `keep` of them and beyond `most_bytes` together, but never the newest, never
    /// `running`, never what may still be written to at the time `now`, and nothing that this gorgon cannot read.
    /// Returns what it removed.
    pub fn prune(
        &self,
        keep: usize,
        most_bytes: u64,
        now: SystemTime,
        running: Option<&Path>,
    ) -> Vec<PathBuf> {
        let runs = self.list();
        let ours = runs
            .into_iter()
            .filter(|run| run.state != State::Unreadable);
        let mut bytes = 0_u64;
        let mut removed = Vec::new();
        for (index, run) in ours.enumerate() {
            bytes = bytes.saturating_add(run.bytes);
            let is_beyond = index > 0 && (index >= keep || bytes > most_bytes);
            let is_partial = run.path.as_os_str().to_string_lossy().ends_with(PARTIAL);
            let age = now.duration_since(run.modified).unwrap_or_default();
            let is_running =
                running.is_some_and(|path| path == run.path || partial_of(path) == run.path);
            if !is_beyond || is_running || (is_partial && age < ABANDONED) {
                continue;
            }
            if fs::remove_file(&run.path).is_ok() {
                removed.push(run.path);
            }
        }
        removed
    }

    /// The files by name, the newest first.
    fn named(&self) -> Vec<Named> {
        let files = fs::read_dir(&self.directory)
            .into_iter()
            .flatten()
            .flatten();
        let mut named: Vec<Named> = files.filter_map(|file| named(&file.path())).collect();
        named.sort_by(|a, b| (b.modified, &b.id).cmp(&(a.modified, &a.id)));
        named
    }
}

/// Where this user's state is kept: `$GORGON_STATE_DIR`, else `$XDG_STATE_HOME/gorgon`, else `~/.local/state/gorgon`. Nothing
/// if none of them is set. `variable` reads the environment.
pub fn state_directory(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name: &str| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    // As the XDG specification has it: a relative path is to be ignored.
    let absolute = |name: &str| set(name).filter(|path| path.is_absolute());
    set("GORGON_STATE_DIR")
        .or_else(|| absolute("XDG_STATE_HOME").map(|base| base.join("gorgon")))
        .or_else(|| absolute("HOME").map(|home| home.join(".local/state/gorgon")))
}

fn named(path: &Path) -> Option<Named> {
    let name = path.file_name()?.to_str()?;
    let id = name.strip_suffix(PARTIAL).unwrap_or(name);
    let id = id.strip_suffix(ENDING).filter(|id| !id.is_empty())?;
    // A symbolic link, or a pipe that would be waited for, is nothing that was saved here.
    let metadata = path.symlink_metadata().ok()?;
    metadata.is_file().then(|| Named {
        id: id.to_owned(),
        path: path.to_owned(),
        bytes: metadata.len(),
        modified: metadata.modified().unwrap_or(UNIX_EPOCH),
    })
}

fn entry(named: Named) -> Entry {
    let ends = File::open(&named.path).ok().and_then(|mut file| {
        let header = Lines::new(BufReader::new(&file), "").header().ok()?;
        Some((header, closing(&mut file, named.bytes)))
    });
    let (header, closing) = ends.unzip();
    let closing = closing.flatten();
    let state = match (&header, &closing) {
        (None, _) => State::Unreadable,
        (_, None) => State::Incomplete,
        (_, Some(_)) => State::Complete,
    };
    Entry {
        id: named.id,
        path: named.path,
        bytes: named.bytes,
        modified: named.modified,
        state,
        header,
        done: closing.map(|closing| closing.done),
    }
}

/// The summary at the end of a file, if there is one.
fn closing(file: &mut File, length: u64) -> Option<Closing> {
    let mut tail = TAIL_BYTES;
    loop {
        let start = length.saturating_sub(tail);
        file.seek(SeekFrom::Start(start)).ok()?;
        let mut bytes = Vec::new();
        file.take(length - start).read_to_end(&mut bytes).ok()?;
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let line = match bytes.iter().rposition(|&byte| byte == b'\n') {
            Some(end) => &bytes[end + 1..],
            None if start == 0 => bytes,
            None if tail > line::MOST_BYTES as u64 => return None,
            None => {
                tail *= 8;
                continue;
            }
        };
        let is_summary = line.starts_with(b"{\"type\":\"summary\"") && line::is_whole(line);
        return is_summary.then(|| serde_json::from_slice(line).ok())?;
    }
}

/// A run's id with nothing in it that means something in a path.
fn file_name(id: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name: String = id
        .chars()
        .map(|c| if is_plain(c) { c } else { '-' })
        .collect();
    match name.trim_start_matches('.') {
        "" => "run".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests;
