//! Operations that are WebAssembly components. The only module that names wasmtime.
//!
//! In the order of a run: `kind` tells what a file is, `adapt` makes a component of a core module, `artifact` compiles it or finds it in the `cache`, `fit` checks it
//! against the contract; `config` sets wasmtime up; `sandboxes` makes instances, `hooks` runs
//! `setup` and `teardown`, and a `sandbox` is called, with a `state` that the functions in `host` work on, and beside them `web`
//! (`wasi:http`) and `sockets`, or as a program (`command`); `fault` names what went wrong.

pub mod adapt;
mod artifact;
mod bindings;
pub mod cache;
mod code;
mod command;
pub mod config;
mod contract;
mod epoch;
mod exchange;
mod exports;
mod fault;
pub mod fit;
mod hooks;
mod host;
pub mod kind;
mod limits;
pub mod log;
pub mod producers;
mod random;
mod ready;
mod responses;
mod run_context;
mod sandbox;
mod sandboxes;
mod sockets;
mod state;
mod timed;
mod told;
mod types;
mod web;

pub use self::artifact::Artifact;
pub use self::command::{is_variable_of_programs, same_variable};
pub use self::exchange::{Exchange, ExchangeResponse};
pub use self::run_context::{Parameters, RunContext};
pub use self::sandbox::{Kept, Sandbox};
pub use self::sandboxes::{Bounds, Sandboxes, Totals};
