//! Suites: several runs, one report.
//!
//! A [`File`] says which runs there are; [`expand()`] makes a [`Plan`] of it, with the command line of each run; an
//! [`Index`] tells what became of them, in the directory that they are saved to; [`growth`] is how they compare. Nothing here
//! starts a process or knows the command line's flags: those are handed in as data.

mod document;
pub mod expand;
pub mod file;
pub mod flags;
pub mod growth;
pub mod index;
mod settings;
mod store;

pub use expand::{Plan, PlannedRun, RateOf, expand};
pub use file::File;
pub use flags::{Flag, FlagKind, Flags};
pub use growth::Growth;
pub use index::{Index, Problem, SavedRun, State, SuiteView};
pub use settings::{Alternative, Setting, With};
pub use store::{INDEX, Suites, prepare};

#[cfg(test)]
mod tests;
