//! Renderings of a summary and of an error, for people and for programs.
//!
//! Only this module formats for people. It writes to the writer it is handed and reads nothing but its arguments, so
//! the same summary always gives the same bytes. Whatever a guest chose (tags, names, messages) passes through
//! [`printable`] before it can reach a terminal.

mod bars;
pub(crate) mod caret;
pub mod csv;
pub mod doctor;
pub mod error;
mod findings;
pub mod format;
pub mod html;
pub mod json;
mod latency;
pub mod live;
mod notes;
pub mod printable;
pub mod runs;
pub mod style;
pub mod suite;
mod table;
mod tables;
pub mod text;
pub mod view;

#[cfg(test)]
mod samples;

pub use style::Style;
pub use view::{RunView, Series};
