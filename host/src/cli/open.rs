//! Opens a page in the browser of whoever runs this.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Exit, Result};

/// The programs that open a file with what the person uses for it, the first that is there.
const OPENERS: &[&str] = if cfg!(target_os = "macos") {
    &["open"]
} else {
    &["xdg-open", "wslview"]
};

/// Has a file opened. Openers hand it on to a browser and end.
///
/// # Errors
/// There is nothing that opens files, or it fails at once.
pub(super) fn open(path: &Path) -> Result<()> {
    for opener in OPENERS {
        let started = Command::new(opener)
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match started {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => {
                return Err(cannot(path).because(format!("`{opener}` ended with {status}")));
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(cannot(path).caused_by(&cause)),
        }
    }
    let openers: Vec<String> = OPENERS.iter().map(|name| format!("`{name}`")).collect();
    Err(cannot(path).because(format!("there is no {} here", openers.join(" and no "))))
}

fn cannot(path: &Path) -> Error {
    Error::new(
        Exit::Environment,
        format!("cannot open `{}`", path.display()),
    )
    .hint("it is written: open it with a browser, here or elsewhere")
}

/// A name for a page that nobody has given one: a fresh file where temporary files are.
///
/// # Errors
/// There is no place for it.
pub(super) fn fresh() -> Result<PathBuf> {
    let file = tempfile::Builder::new()
        .prefix("gorgon-")
        .suffix(".html")
        .tempfile();
    let path = file.and_then(|file| file.into_temp_path().keep().map_err(io::Error::from));
    path.map_err(|cause| {
        Error::new(Exit::CannotWrite, "there is no place for the page")
            .caused_by(&cause)
            .hint("name a file: `--html report.html`")
    })
}
