//! A saved run: a file that is written as the run goes, and what is read from it later.
//!
//! The file is JSON Lines: a header, a tick for every stretch of the run, events, and a summary at the end. Each line
//! ends with a checksum of itself, and nothing in a line refers to a later one, so whatever cuts a file short, what
//! came before is a run that can be read. [`RunFile`] writes one, [`read()`] reads one, [`merge()`] joins several into
//! one result, and [`Runs`] is the directory in which a person's runs gather.

mod budget;
mod extras;
pub mod figures;
pub mod format;
mod line;
mod lines;
pub mod merge;
mod problem;
pub mod reader;
pub mod runs;
#[cfg(test)]
pub(crate) mod testing;
mod tick;
pub mod writer;

pub use extras::Extra;
pub use figures::{RowCount, TickFigures};
pub use format::{Closing, Event, Header, Tick};
pub use merge::{Merged, merge};
pub use reader::{SavedRun, read};
pub use runs::{Entry, Runs, State, find, state_directory};
pub use writer::{Line, RunFile};
