//! A file of settings as it lies on disk.

use std::fs::File as Disk;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::document::{BYTES_MAX, Document, Problem, Scope, line_of};
use super::flag::{Command, Flag};
use super::guard;
use super::setting::{Given, Origin, Setting};
use crate::error::{Error, Exit, Result};
use crate::redact;

/// The bit of a mode that lets everybody read.
const ALL_READ: u32 = 0o004;

/// Whose file it is, and so how far it is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// It was named by the person, and so may say everything.
    Named,
    /// It was found in the working directory or above it, and may have come with the project.
    Project,
    /// It is among the user's own files.
    Users,
}

/// A file of settings.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    whose: Whose,
    document: Document,
    is_readable_for_all: bool,
}

impl File {
    /// Reads a file. Every key in it has to be a flag of `commands`.
    ///
    /// # Errors
    /// It is not there or cannot be read (exit 66), or something in it cannot be used (exit 64), with the line.
    pub fn read(path: &Path, whose: Whose, commands: &Command) -> Result<File> {
        let shown = path.display();
        let cannot = |cause: &std::io::Error| {
            Error::new(Exit::NoInput, format!("cannot read `{shown}`")).caused_by(cause)
        };
        let disk = Disk::open(path).map_err(|cause| cannot(&cause))?;
        let mode = disk.metadata().map_err(|cause| cannot(&cause))?.mode();
        let mut bytes = Vec::new();
        disk.take(BYTES_MAX + 1)
            .read_to_end(&mut bytes)
            .map_err(|cause| cannot(&cause))?;
        let document = parse(bytes, commands).map_err(|problem| about(path, problem))?;
        Ok(File {
            path: path.to_owned(),
            whose,
            document,
            is_readable_for_all: mode & ALL_READ != 0,
        })
    }

    /// The file, as a person would name it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whose file it is.
    pub fn whose(&self) -> Whose {
        self.whose
    }

    /// What is in it.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What a section of it sets of the flags of a command.
    ///
    /// # Errors
    /// It sets what a project's file must not set unasked.
    pub fn layer(&self, scope: &Scope, command: &Command) -> Result<Vec<Setting>> {
        let entries = self.document.entries(scope).iter();
        let settings = entries.filter_map(|entry| {
            let flag = command.flag(&entry.key)?;
            // A section for several commands may hold what only another one of them takes.
            let given = entry.value.given(flag.takes)?;
            Some(self.setting(scope, flag, given, entry.line))
        });
        settings.collect()
    }

    fn setting(&self, scope: &Scope, flag: &Flag, given: Given, line: usize) -> Result<Setting> {
        let was_asked_for = self.whose != Whose::Project || matches!(scope, Scope::Profile(_));
        if !was_asked_for && let Some(why) = guard::objection(flag, &given, &self.folder()) {
            return Err(self.unasked(flag, why, line));
        }
        let given = match given {
            Given::Values(values) if flag.is_path => Given::Values(
                values
                    .into_iter()
                    .map(|value| self.beside_it(value.into()))
                    .collect(),
            ),
            given => given,
        };
        let origin = Origin::File {
            path: self.path.clone(),
            line,
            section: scope.section(),
        };
        Ok(Setting {
            flag: flag.name.clone(),
            given,
            origin,
        })
    }

    /// Its folder.
    fn folder(&self) -> PathBuf {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        }
    }

    /// A path in it, which is meant from its folder on.
    fn beside_it(&self, path: PathBuf) -> std::ffi::OsString {
        let folder = self
            .path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        match folder {
            Some(folder) if path.as_os_str() != "-" => folder.join(path).into_os_string(),
            _ => path.into_os_string(),
        }
    }

    fn unasked(&self, flag: &Flag, why: &str, line: usize) -> Error {
        let (name, shown) = (&flag.name, self.path.display());
        let what =
            format!("`{shown}`, line {line}: `{name}` is not taken from a project's file unasked");
        Error::new(Exit::Usage, what)
            .because(why)
            .hint("put it into a profile, `[profile.NAME]`, and ask for that: `--profile NAME`")
            .hint(format!(
                "or say it on the command line, `--{name} …`; or name the file: `--config {shown}`"
            ))
    }

    /// Where it holds something like a secret although everybody can read it: the line, and the flag with the name.
    pub fn exposed(&self) -> Option<(usize, String)> {
        use super::document::Raw;
        if !self.is_readable_for_all {
            return None;
        }
        let is_secret = |pair: &str| redact::argument(pair) != pair;
        let entries = self.document.sections().flat_map(|(_, entries)| entries);
        entries.into_iter().find_map(|entry| {
            let texts: Vec<String> = match &entry.value {
                Raw::Table(pairs) => pairs
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect(),
                Raw::List(texts) => texts.clone(),
                Raw::Text(text) => vec![text.clone()],
                Raw::Switch(_) | Raw::Other(_) => Vec::new(),
            };
            let secret = texts.iter().find(|text| is_secret(text))?;
            let name = secret.split_once('=').map(|(name, _)| name);
            let name = name.filter(|_| matches!(entry.value, Raw::Table(_)));
            let key = &entry.key;
            Some((
                entry.line,
                name.map_or(key.clone(), |name| format!("{key}.{name}")),
            ))
        })
    }
}

fn parse(bytes: Vec<u8>, commands: &Command) -> Result<Document, Problem> {
    if bytes.len() as u64 > BYTES_MAX {
        return Err(Problem {
            line: None,
            what: format!("it is larger than {} MiB", BYTES_MAX >> 20),
            hint: Some("is it the right file?".to_owned()),
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Document::read(&text, commands),
        Err(error) => {
            let valid =
                String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            Err(Problem {
                line: Some(line_of(&valid, valid.len())),
                what: "it is not UTF-8".to_owned(),
                hint: Some("TOML is UTF-8; save the file as that".to_owned()),
            })
        }
    }
}

fn about(path: &Path, problem: Problem) -> Error {
    let shown = path.display();
    let what = match problem.line {
        Some(line) => format!("`{shown}`, line {line}: {}", problem.what),
        None => format!("`{shown}` cannot be used: {}", problem.what),
    };
    let error = Error::new(Exit::Usage, what);
    match problem.hint {
        Some(hint) => error.hint(hint),
        None => error.hint("`--no-config` goes without files of settings"),
    }
}

#[cfg(test)]
mod tests;
