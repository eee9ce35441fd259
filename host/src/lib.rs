//! gorgon, a load runner whose operations are WebAssembly components.
//!
//! A run, in reading order: [`cli`] parses the command line, [`source`] reads the operation and [`component`] makes it
//! ready; [`engine`] calls it as often as asked, over threads that share nothing but a counter; each thread records into
//! [`stats`] of its own; when all is done they are merged into a summary, which [`report`] writes for people and for
//! programs; [`thresholds`] are the rules it is held to. What a guest asks of the network goes through [`policy`] and
//! [`http_client`].
//!
//! The library is the inside of the program `gorgon`; it is not a stable interface. What others build on is the
//! contract in `wit/`, the guest SDK, the command line and the JSON of a report.

mod base64;
pub mod cli;
pub mod clock;
pub mod compare;
pub mod component;
pub mod data;
pub mod engine;
pub mod environment;
pub mod error;
pub mod http_client;
pub mod monitor;
mod near;
pub mod plugins;
pub mod policy;
pub mod projects;
pub mod redact;
pub mod report;
pub mod saved;
pub mod schedule;
pub mod settings;
pub mod signals;
pub mod source;
mod splitmix;
pub mod stats;
pub mod suite;
pub mod target;
pub mod thresholds;
mod user;
pub mod watch;
