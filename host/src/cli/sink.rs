//! A file that a result goes to, opened before the run so that a run is never made for nothing.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Error, Exit, Result};

/// Where a result will be written.
#[derive(Debug)]
pub(super) struct Sink {
    path: PathBuf,
    place: Option<Place>,
}

#[derive(Debug)]
enum Place {
    Stdout,
    /// Written beside the final file and renamed: the file is complete or not there.
    Beside(tempfile::NamedTempFile),
    /// A device or a pipe, which cannot be replaced.
    Direct(File),
}

impl Sink {
    /// Makes sure that `path` can be written; `-` is stdout. An existing file stays as it is until the result is there,
    /// and is then replaced.
    pub(super) fn open(path: &Path) -> Result<Sink> {
        let place = if path.as_os_str() == "-" {
            Ok(Place::Stdout)
        } else {
            place(path)
        };
        let place = place.map_err(|cause| cannot_write(path, &cause))?;
        Ok(Sink {
            path: resolved(path),
            place: Some(place),
        })
    }

    pub(super) fn is_stdout(&self) -> bool {
        matches!(self.place, Some(Place::Stdout))
    }

    /// Whether both would be written to one file, so that one result would replace the other.
    pub(super) fn is_same_file(&self, other: &Sink) -> bool {
        let replaces = |sink: &Sink| matches!(sink.place, Some(Place::Beside(_)));
        replaces(self) && replaces(other) && self.path == other.path
    }

    /// Whether the result is written over this file.
    pub(super) fn replaces(&self, file: &Path) -> bool {
        matches!(self.place, Some(Place::Beside(_))) && self.path == resolved(file)
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the result.
    pub(super) fn write(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        let written = match self.place.take() {
            Some(Place::Beside(mut file)) => buffered(file.as_file_mut(), write).and_then(|()| {
                file.persist(&self.path)
                    .map(drop)
                    .map_err(|error| error.error)
            }),
            Some(Place::Direct(mut file)) => buffered(&mut file, write),
            Some(Place::Stdout) => buffered(&mut io::stdout().lock(), write),
            None => Ok(()),
        };
        written.map_err(|cause| cannot_write(&self.path, &cause))
    }
}

/// The file itself: behind a link it is the file that is replaced, and not the link. Of a file that is not there yet, in
/// the folder itself, so that one file has one name.
fn resolved(path: &Path) -> PathBuf {
    let in_folder = || {
        let folder = folder_of(path).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    let resolved = std::fs::canonicalize(path).ok();
    resolved
        .or_else(in_folder)
        .unwrap_or_else(|| path.to_owned())
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent();
    folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn place(path: &Path) -> io::Result<Place> {
    let ends_in_name = path
        .as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|byte| *byte != b'/');
    if !ends_in_name {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    // `/dev/stdout` and its like stand for something that is open already, whatever it is.
    if path.starts_with("/dev") || path.starts_with("/proc") {
        return OpenOptions::new().write(true).open(path).map(Place::Direct);
    }
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Ok(metadata) if !metadata.is_file() => {
            OpenOptions::new().write(true).open(path).map(Place::Direct)
        }
        _ => {
            let folder = folder_of(path);
            // Told of the folder itself rather than of the file that would be made in it.
            std::fs::metadata(folder)?;
            let mut builder = tempfile::Builder::new();
            // As any file that a program makes: readable as the user's mask says.
            builder.prefix(".gorgon-");
            // As the file that is replaced, or as any file that a program makes.
            let mode = std::fs::metadata(path).map_or(0o666, |metadata| metadata.mode() & 0o777);
            builder.permissions(PermissionsExt::from_mode(mode));
            builder.tempfile_in(folder).map(Place::Beside)
        }
    }
}

fn buffered(
    file: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = io::BufWriter::new(file);
    write(&mut buffer)?;
    buffer.flush()
}

fn cannot_write(path: &Path, cause: &io::Error) -> Error {
    let error = Error::new(
        Exit::CannotWrite,
        format!("cannot write `{}`", path.display()),
    )
    .caused_by(cause);
    match cause.kind() {
        io::ErrorKind::NotFound if !path.starts_with("/dev") && !path.starts_with("/proc") => {
            error.hint("make its folder first")
        }
        io::ErrorKind::IsADirectory => error.hint("give the name of a file in it"),
        io::ErrorKind::PermissionDenied => error.hint("choose a place you may write to"),
        io::ErrorKind::StorageFull => error.hint("free some space, or choose another place"),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_when_the_result_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.json");
        std::fs::write(&path, "old").unwrap();
        let mut sink = Sink::open(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        sink.write(|out| write!(out, "new")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn behind_a_link_the_file_is_replaced_and_the_link_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("out.json"), folder.path().join("link"));
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        Sink::open(&link)
            .unwrap()
            .write(|out| write!(out, "new"))
            .unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert!(link.is_symlink());
        assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_cannot_be_written_is_told_before_the_run_or_after_it() {
        let folder = tempfile::tempdir().unwrap();
        for path in [
            folder.path().to_owned(),
            folder.path().join("missing/out.json"),
        ] {
            let error = Sink::open(&path).unwrap_err();
            assert_eq!(error.exit(), Exit::CannotWrite);
            assert!(!error.hints().is_empty(), "{error:?}");
        }
        let mut full = Sink::open(Path::new("/dev/full")).unwrap();
        assert_eq!(
            full.write(|out| write!(out, "x")).unwrap_err().exit(),
            Exit::CannotWrite
        );
    }
}
