//! A flag with what it is given, and where that was said.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use super::flag::{Flag, Takes};

/// A flag that something has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The long name of the flag, without the dashes.
    pub flag: String,
    /// What it is given.
    pub given: Given,
    /// Where that was said.
    pub origin: Origin,
}

/// What a flag is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// It is not to be there, whatever a less explicit place says.
    Off,
    /// It is there, with no value.
    On,
    /// It is there with these values. A flag that takes but one has one here.
    Values(Vec<OsString>),
}

/// Where something was said, from the most explicit to the least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    CommandLine,
    /// By this variable of the environment.
    Variable(String),
    /// In a file.
    File {
        /// The file, as a person would name it.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The section, as it stands in brackets.
        section: String,
    },
}

impl Given {
    /// Whether the flag is there.
    pub fn is_on(&self) -> bool {
        match self {
            Given::Off => false,
            Given::On => true,
            Given::Values(values) => !values.is_empty(),
        }
    }

    /// What a text means for a flag; nothing where it cannot mean anything. Several values are lines.
    pub(super) fn of_text(text: &OsString, takes: Takes) -> Option<Given> {
        let word = text.to_str().map(str::to_ascii_lowercase);
        let switch = match word.as_deref() {
            Some("true" | "yes" | "on" | "1") => Some(Given::On),
            Some("false" | "no" | "off" | "0") => Some(Given::Off),
            _ => None,
        };
        let one = || Given::Values(vec![text.clone()]);
        match takes {
            Takes::Nothing => switch,
            Takes::Value => Some(one()),
            Takes::MaybeValue => Some(switch.unwrap_or_else(one)),
            Takes::Values | Takes::Pairs => Some(match text.to_str() {
                Some(text) => {
                    let lines = text.lines().filter(|line| !line.trim().is_empty());
                    Given::Values(lines.map(OsString::from).collect())
                }
                None => one(),
            }),
        }
    }
}

impl Setting {
    /// The arguments that say the same on the command line.
    pub fn arguments(&self) -> Vec<OsString> {
        let flag = OsString::from(format!("--{}", self.flag));
        match &self.given {
            Given::Off => Vec::new(),
            Given::On => vec![flag],
            Given::Values(values) => {
                let argument = |value: &OsString| {
                    let mut argument = flag.clone();
                    argument.push("=");
                    argument.push(value);
                    argument
                };
                values.iter().map(argument).collect()
            }
        }
    }

    /// The names of the pairs that it gives to a flag that takes pairs.
    pub(super) fn names(&self, flag: &Flag) -> Vec<String> {
        match (&self.given, flag.takes) {
            (Given::Values(values), Takes::Pairs) => values.iter().map(name_of).collect(),
            _ => Vec::new(),
        }
    }
}

/// What stands before the `=` of a pair.
pub(super) fn name_of(pair: &OsString) -> String {
    let pair = pair.to_string_lossy();
    pair.split_once('=')
        .map_or(&*pair, |(name, _)| name)
        .to_owned()
}

impl Origin {
    /// The file, if it is one.
    pub fn file(&self) -> Option<&PathBuf> {
        match self {
            Origin::File { path, .. } => Some(path),
            Origin::CommandLine | Origin::Variable(_) => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::CommandLine => f.write_str("command line"),
            Origin::Variable(name) => f.write_str(name),
            Origin::File {
                path,
                line,
                section,
            } => {
                write!(f, "{}:{line} [{section}]", path.display())
            }
        }
    }
}
