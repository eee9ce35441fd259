//! What calls are fed with, besides their numbers: items and rows.
//!
//! [`Items`] are the lines of a file or a pipe (`--items`). They are read while the run goes on, each is given to one
//! call, and the run ends with the last. [`Data`] is a table (`--data`), read before the run and kept in memory; which
//! row a call gets is a function of its index. [`Failed`] keeps the items of calls that did not end well, so that they
//! can be run again (`--failed-items`).
//!
//! Items and cells are bytes: whether they are text is between the file and the operation. Only the names of columns
//! have to be UTF-8, because an operation asks by name.

mod csv;
mod failed;
mod feed;
mod input;
mod items;
mod jsonl;
mod rows;
mod split;
mod table;

pub use self::failed::{Failed, write};
pub use self::items::{Item, Items, Progress, Rest, Taken};
pub use self::rows::{Data, Order, Row};
pub use self::split::{ITEM_BYTES_MAX, Separator};
