//! What the tests are written with: the command under test, servers for it to meet, and its results.
//!
//! - [`gorgon`] runs the real binary, alone in a home directory of its own, and reads like the command line it stands for.
//! - [`Target`] and [`RawServer`] are servers on free ports of the loopback interface.
//! - `Terminal` is what a person looks at while a run goes on.
//! - [`OtherReaders`] are programs that are not gorgon's and read what it writes.
//! - [`Summary`] is a run's JSON. Making one checks what has to hold for every run, so every test checks it.

mod command;
mod files;
mod raw_server;
mod readers;
mod summary;
mod target;
#[cfg(target_os = "linux")]
mod terminal;

pub(crate) use command::{BINARY, Finished, Gorgon, Running, gorgon};
pub(crate) use files::Files;
pub(crate) use raw_server::{Gate, RawServer, Tally};
pub(crate) use readers::OtherReaders;
pub(crate) use summary::Summary;
pub(crate) use target::{Target, TargetProcess};
#[cfg(target_os = "linux")]
pub(crate) use terminal::Terminal;
