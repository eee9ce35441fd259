//! Writes a run as it goes.
//!
//! The file is `NAME.partial` until its summary is on disk, and `NAME` from then on. It and its directory are opened
//! before the load begins, so that a run which uses up the file descriptors does not lose its results. What cannot be
//! written is no reason to end a run: the first error is kept, and told when the run is over.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::format::{Closing, Event, Header, Tick};
use super::line;
use crate::error::{Error, Exit, Result};

/// What a file is called beyond its name until it is complete.
pub(super) const PARTIAL: &str = ".partial";

/// More than this is written without waiting for the caller to flush.
const MOST_BUFFERED: usize = 8 << 20;

/// A line between the header and the summary, which the file makes itself.
#[derive(Debug, Clone)]
pub enum Line {
    /// What was recorded in one stretch of the run.
    Tick(Box<Tick>),
    /// Something that happened to the run itself.
    Event(Event),
}

/// A run that is being written. See the module's description.
#[derive(Debug)]
pub struct RunFile {
    file: File,
    directory: File,
    path: PathBuf,
    partial: PathBuf,
    /// Lines that are not written yet.
    buffer: Vec<u8>,
    written: Closing,
    /// Where the last tick ended.
    last_ns: u64,
    failure: Option<Error>,
    has_ended: bool,
}

/// A run that never began leaves nothing behind.
impl Drop for RunFile {
    fn drop(&mut self) {
        if !self.has_ended && self.written.ticks == 0 {
            // What cannot be removed now is found by whoever looks for old runs.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

impl RunFile {
    /// Makes the file, readable by its owner alone, and writes the header.
    ///
    /// # Errors
    /// There is something at `path` already, or at `path` with `.partial` behind it, or the file cannot be written.
    /// Nothing is ever overwritten.
    pub fn create(path: &Path, header: &Header) -> Result<RunFile> {
        RunFile::try_create(path, header).map_err(|cause| cannot_create(path, &cause))
    }

    /// The same, with the cause as it came.
    pub(super) fn try_create(path: &Path, header: &Header) -> io::Result<RunFile> {
        let partial = partial_of(path);
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        let directory = File::open(parent.unwrap_or(Path::new(".")))?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&partial)?;
        // Looked for only now: whoever had the partial file before has given it its final name by then.
        if path.symlink_metadata().is_ok() {
            fs::remove_file(&partial)?;
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let mut run = RunFile {
            file,
            directory,
            path: path.to_owned(),
            partial,
            buffer: Vec::new(),
            written: Closing::default(),
            last_ns: 0,
            failure: None,
            has_ended: false,
        };
        let header = line::append(&mut run.buffer, header);
        let written = header.ok_or_else(|| io::Error::other("the header is too long"));
        written.and_then(|()| run.file.write_all(&run.buffer))?;
        run.buffer.clear();
        Ok(run)
    }

    /// Adds a line. It is written with the next [`RunFile::flush`]. Ticks are given in the order of time: one that
    /// would begin before the last one ended begins where that ended.
    pub fn append(&mut self, line: Line) {
        if self.failure.is_some() {
            return;
        }
        let appended = match line {
            Line::Tick(mut tick) => {
                tick.from_ns = tick.from_ns.max(self.last_ns);
                tick.to_ns = tick.to_ns.max(tick.from_ns);
                self.last_ns = tick.to_ns;
                self.written.ticks += 1;
                self.written.done += tick.done();
                self.written.warmup_done += tick.warmup_done();
                line::append(&mut self.buffer, &*tick)
            }
            Line::Event(event) => line::append(&mut self.buffer, &event),
        };
        if appended.is_none() {
            let cause = format!("a line would be longer than {} MiB", line::MOST_BYTES >> 20);
            self.fail(|error| error.because(cause));
        }
        if self.buffer.len() > MOST_BUFFERED {
            self.flush();
        }
    }

    /// Hands everything added so far to the system, in one write. From then on it survives the end of this process.
    pub fn flush(&mut self) {
        if self.failure.is_some() || self.buffer.is_empty() {
            return;
        }
        let written = self.file.write_all(&self.buffer);
        self.buffer.clear();
        if let Err(cause) = written {
            self.fail(|error| error.caused_by(&cause));
        }
    }

    /// The first thing that went wrong. Since then nothing is written, and the last line may be there in part.
    pub fn failure(&self) -> Option<&Error> {
        self.failure.as_ref()
    }

    /// Where the file is while it is written.
    pub fn partial_path(&self) -> &Path {
        &self.partial
    }

    /// Where it will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the summary, makes sure that all of it is on disk, and gives the file its name, which is returned.
    ///
    /// # Errors
    /// Something could not be written, now or earlier. What was written stays under the partial name.
    pub fn finish(mut self, facts: Value) -> Result<PathBuf> {
        self.has_ended = true;
        if self.failure.is_none() {
            self.written.facts = facts;
            if line::append(&mut self.buffer, &self.written).is_none() {
                self.fail(|error| error.because("the summary is too long"));
            }
        }
        self.flush();
        if self.failure.is_none()
            && let Err(cause) = self.file.sync_all()
        {
            self.fail(|error| error.caused_by(&cause));
        }
        if self.failure.is_none()
            && let Err(cause) = rename_to_new(&self.partial, &self.path)
        {
            self.fail(|error| error.caused_by(&cause));
        }
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        // Some file systems have no such thing for directories; the file itself is safe.
        let _ = self.directory.sync_all();
        Ok(self.path.clone())
    }

    fn fail(&mut self, with: impl FnOnce(Error) -> Error) {
        let what = format!("cannot save the run at `{}`", self.path.display());
        let partial = self.partial.display();
        let hint =
            format!("what was written until then is in `{partial}`: `gorgon report '{partial}'`");
        self.buffer.clear();
        self.failure = Some(with(Error::new(Exit::CannotWrite, what)).hint(hint));
    }
}

/// The name of a file until it is complete.
pub(super) fn partial_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(PARTIAL);
    PathBuf::from(name)
}

/// Renames, unless there is something already.
fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => {
            // It has its name; that it has another one too does no harm.
            let _ = fs::remove_file(from);
            Ok(())
        }
        Err(_) if to.symlink_metadata().is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        // Not every file system has hard links.
        Err(_) => fs::rename(from, to),
    }
}

fn cannot_create(path: &Path, cause: &io::Error) -> Error {
    let what = format!("cannot save the run at `{}`", path.display());
    let error = Error::new(Exit::CannotWrite, what);
    match cause.kind() {
        io::ErrorKind::AlreadyExists if path.symlink_metadata().is_ok() => error
            .because("there is something by that name, and a run never overwrites anything")
            .hint("choose another name"),
        io::ErrorKind::AlreadyExists => error
            .because(format!(
                "`{}` is there: a run that is still going on, or one that did not come to its end",
                partial_of(path).display()
            ))
            .hint("choose another name, or look at it with `gorgon report` and remove it"),
        io::ErrorKind::NotFound => error
            .caused_by(cause)
            .hint("make the directory first, or choose a name in one that exists"),
        _ => error.caused_by(cause).hint("choose another name"),
    }
}

#[cfg(test)]
mod tests;
