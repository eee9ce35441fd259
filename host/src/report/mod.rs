//! Renderings of a summary and of an error, for people and for programs.
//!
//! Only this module formats for people. It writes to the writer it is handed and reads nothing but its arguments, so
//! the same summary always gives the same bytes. Whatever a guest chose (tags, names, messages) passes through
//! [`printable`] before it can reach a terminal.

#[cfg(test)]
mod agreement;
mod bars;
pub(crate) mod caret;
pub mod comparison;
mod conclusion;
pub mod csv;
mod distinct;
pub mod doctor;
mod document;
pub mod error;
mod findings;
pub mod format;
pub mod github;
pub mod hgrm;
pub mod hlog;
pub mod html;
pub mod json;
pub mod junit;
mod latency;
pub mod live;
pub mod markdown;
mod notes;
mod opening;
pub mod openmetrics;
pub mod printable;
pub mod runs;
pub mod settings;
pub mod side_by_side;
pub mod style;
pub mod suite;
pub mod svg;
mod table;
mod tables;
pub mod text;
pub mod view;
mod xml;

#[cfg(test)]
mod samples;

pub use style::Style;
pub use view::{RunView, Series};
