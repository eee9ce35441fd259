//! The log of the run: lines with a level.
//!
//! The functions take a finished text, the macros of the same names what `format!` takes:
//!
//! ```
//! use gorgon_sdk::log;
//!
//! log::info("logged in");
//! log::warn!("{} attempts", 3);
//! ```
//!
//! The log is bounded: what is too much is dropped and counted.

use std::fmt::Display;

use crate::host;
use crate::host::wire;

pub use crate::{__debug as debug, __error as error, __info as info, __warn as warn};

/// How important a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever writes the operation.
    Debug,
    /// Worth knowing.
    Info,
    /// Looks wrong.
    Warn,
    /// Is wrong.
    Error,
}

/// Writes a line of a level that is chosen at run time.
pub fn line(level: Level, text: impl Display) {
    let level = match level {
        Level::Debug => wire::Level::Debug,
        Level::Info => wire::Level::Info,
        Level::Warn => wire::Level::Warn,
        Level::Error => wire::Level::Error,
    };
    host::context::log(level, &text.to_string());
}

/// Writes a line for whoever writes the operation.
pub fn debug(text: impl Display) {
    line(Level::Debug, text);
}

/// Writes a line that is worth knowing.
pub fn info(text: impl Display) {
    line(Level::Info, text);
}

/// Writes a line about what looks wrong.
pub fn warn(text: impl Display) {
    line(Level::Warn, text);
}

/// Writes a line about what is wrong.
pub fn error(text: impl Display) {
    line(Level::Error, text);
}

#[doc(hidden)]
#[macro_export]
macro_rules! __debug {
    ($($text:tt)+) => { $crate::log::debug(::core::format_args!($($text)+)) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __info {
    ($($text:tt)+) => { $crate::log::info(::core::format_args!($($text)+)) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __warn {
    ($($text:tt)+) => { $crate::log::warn(::core::format_args!($($text)+)) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __error {
    ($($text:tt)+) => { $crate::log::error(::core::format_args!($($text)+)) };
}
