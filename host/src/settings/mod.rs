//! What sets flags besides the command line: variables of the environment, and files.
//!
//! A *setting* is a flag with what it is given, and where that was said. The settings of one place are a *layer*, and
//! [`resolve`] is the rule by which layers come together. Nothing here knows the command-line parser: which flags there are
//! is handed in as [`Command`], so that each is described once, where it is defined.

mod document;
mod file;
mod flag;
mod guard;
mod place;
mod resolve;
mod setting;
mod variables;

pub use self::document::{BYTES_MAX, Document, Entry, Raw, Scope};
pub use self::file::{File, Whose};
pub use self::flag::{Command, Flag, Takes};
pub use self::place::{Place, Places, State};
pub use self::resolve::{LeftOut, Resolved, resolve};
pub use self::setting::{Given, Origin, Setting};
pub use self::variables::Variables;

#[cfg(test)]
mod testing;
