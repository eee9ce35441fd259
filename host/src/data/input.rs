//! Files that a person named: opened, or an error that helps.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Exit, Result};

/// A path as messages have it: in backticks, on one line.
pub(super) fn shown(path: &Path) -> String {
    format!("`{}`", path.to_string_lossy().escape_debug())
}

/// Opens a file for reading. What is no regular file (a pipe, a device) is let through, a directory is not.
///
/// # Errors
/// It is missing, a directory, or may not be read.
pub(super) fn open(path: &Path) -> Result<File> {
    let opened = File::open(path).and_then(|file| match file.metadata()?.is_dir() {
        true => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        false => Ok(file),
    });
    opened.map_err(|cause| {
        let error = cannot_read(&shown(path), &cause);
        match cause.kind() {
            io::ErrorKind::NotFound => not_found(path, error),
            io::ErrorKind::PermissionDenied => error.hint("make it readable: `chmod +r`"),
            io::ErrorKind::IsADirectory => error.hint("give a file that is in it"),
            _ => error,
        }
    })
}

/// The error of reading `name`, which is a path in backticks or words.
pub(super) fn cannot_read(name: &str, cause: &io::Error) -> Error {
    Error::new(Exit::NoInput, format!("cannot read {name}")).caused_by(cause)
}

fn not_found(path: &Path, error: Error) -> Error {
    if let Some(similar) = similar(path) {
        return error.hint(format!("did you mean {}?", shown(&similar)));
    }
    match std::env::current_dir() {
        Ok(here) if path.is_relative() => error.hint(format!(
            "check the path, it starts from {}",
            shown(here.as_path())
        )),
        _ => error.hint("check the path"),
    }
}

/// A file beside `path` that was perhaps meant: the same name in other letters or with another extension.
fn similar(path: &Path) -> Option<PathBuf> {
    let stem = path.file_stem()?.to_string_lossy().to_lowercase();
    let folder = path.parent()?;
    let listed = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    let names = std::fs::read_dir(listed)
        .ok()?
        .flatten()
        .map(|entry| entry.file_name());
    let alike = names.filter(|name| {
        let other = Path::new(name).file_stem().unwrap_or_default();
        other.to_string_lossy().to_lowercase() == stem
    });
    // The order of a directory is anything: the first by name, so that the message is the same each time.
    let alike = alike.map(|name| folder.join(name));
    alike.filter(|candidate| candidate.is_file()).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &Path, words: &[&str]) {
        let error = open(path).unwrap_err();
        assert_eq!(error.exit(), Exit::NoInput);
        let text = format!("{} {:?} {:?}", error.what(), error.causes(), error.hints());
        for word in words {
            assert!(text.contains(word), "{text}");
        }
        assert!(!error.hints().is_empty());
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_told_with_what_helps() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("users.jsonl"), "{}").unwrap();
        std::fs::write(at("Orders.csv"), "a\n1\n").unwrap();
        check(
            &at("users.csv"),
            &["users.csv", "No such file", "did you mean", "users.jsonl"],
        );
        check(&at("orders.csv"), &["did you mean", "Orders.csv"]);
        check(&at("carts.csv"), &["carts.csv", "check the path"]);
        check(Path::new("no-such.csv"), &["it starts from"]);
        check(Path::new(""), &["cannot read ``"]);
        check(folder.path(), &["directory", "a file that is in it"]);
        check(&at("a\nb"), &[r"a\nb"]);
    }
}
