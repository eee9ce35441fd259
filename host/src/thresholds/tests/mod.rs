//! Rules from their text to their verdict.

mod errors;
mod evaluation;
mod parsing;
