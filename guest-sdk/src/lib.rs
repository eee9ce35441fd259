//! Write gorgon operations in Rust.
//!
//! An operation is one function: it gets a unique number, does something, and says with a short word, its *tag*, how
//! that went. `gorgon run` then calls it as often and as fast as it is asked to, in as many sandboxes as it takes.
//!
//! ```
//! use gorgon_sdk::http::{self, Response};
//! use gorgon_sdk::{Result, context};
//!
//! #[gorgon_sdk::operation]
//! fn run(number: u64) -> Result<Response> {
//!     let url = context::required("url")?;
//!     let page = http::get(&url).query("page", number).send()?.error_for_status()?;
//!     let next = page.header("location").unwrap_or(url);
//!     Ok(http::get(next).send()?)
//! }
//! ```
//!
//! ```text
//! cargo build --release --target wasm32-wasip2
//! gorgon run target/wasm32-wasip2/release/first.wasm --set url=http://127.0.0.1:8080/ -n 4000 -w 8
//! ```
//!
//! The package needs `crate-type = ["cdylib"]` in its `[lib]` and this crate in its `[dependencies]`, nothing else.
//!
//! # The parts
//!
//! - [`operation`](macro@operation) makes a function the operation; [`Tag`](struct@Tag), [`IntoTag`] and [`Failure`] say what it
//!   may return and what `?` understands.
//! - [`http`] is the client: requests, responses, a [`Client`](http::Client) with cookies and retries.
//! - [`context`] is what this call is and what `--set`, `--items` and `--data` passed to it; [`random`] is the same
//!   in every run with the same seed.
//! - [`measure`] times parts of a call, counts and checks; [`clock`] is the run's clock; [`log`] writes to its log.
//! - [`testing`] runs an operation in `cargo test`, without gorgon and without a network.
//!
//! # Where it runs
//!
//! In a sandbox that has what this crate offers and nothing else: no files, no environment, no sockets unless they
//! were granted. While a call waits, for a response or in [`clock::sleep`], its instance is suspended and others go
//! on, so everything here is written as plain blocking code. Off WebAssembly the same functions talk to
//! [`testing::Host`].

#[doc(hidden)]
pub mod bindings;
pub mod clock;
pub mod context;
mod entry;
mod failure;
mod host;
pub mod http;
pub mod log;
pub mod measure;
pub mod random;
mod tag;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
pub mod value;

pub use failure::{Failure, IntoFailure, OrFail, Result};
pub use gorgon_sdk_macros::Tag;
/// Makes a function the operation of this component.
///
/// The function takes the number of its call, or nothing, and returns anything that is a tag: see [`IntoTag`].
///
/// ```
/// #[gorgon_sdk::operation]
/// fn run(number: u64) -> bool {
///     number % 5 != 0
/// }
/// ```
///
/// What is to happen around the calls are functions named in the attribute. Each may be left out.
///
/// | | when | takes | returns |
/// |---|---|---|---|
/// | `setup` | once per run, in an instance of its own | nothing | bytes or text for the others, or a `Result` of it |
/// | `start` | once per instance, before its first call | what `setup` returned, or nothing | nothing, or a `Result` |
/// | `stop` | once per instance, at its clean end | nothing | nothing, or a `Result` |
/// | `teardown` | once per run, at its end | what `setup` returned, or nothing | nothing, or a `Result` |
///
/// What `setup` returned may be taken as `&[u8]`, `Vec<u8>`, `&str` or `String`. An error of `setup` ends the run
/// before any load was made, an error of `start` ends the call that needed the instance; the other two are logged.
///
/// ```
/// use std::sync::Mutex;
/// use gorgon_sdk::http::{self, Response};
/// use gorgon_sdk::{Result, context};
///
/// static SESSION: Mutex<String> = Mutex::new(String::new());
///
/// #[gorgon_sdk::operation(setup = make_user, start = log_in, teardown = delete_user)]
/// fn run() -> Result<Response> {
///     let session = SESSION.lock().map(|session| session.clone()).unwrap_or_default();
///     Ok(http::get(context::required("url")?).bearer_auth(session).send()?)
/// }
///
/// fn make_user() -> Result<String> {
///     let user = http::post(context::required("url")? + "/users").send()?.error_for_status()?;
///     Ok(user.text().into_owned())
/// }
///
/// fn log_in(user: &str) -> Result<()> {
///     let token = http::post(context::required("url")? + "/sessions").body(user).send()?.error_for_status()?;
///     if let Ok(mut session) = SESSION.lock() {
///         *session = token.text().into_owned();
///     }
///     Ok(())
/// }
///
/// fn delete_user(user: &str) -> Result<()> {
///     http::delete(format!("{}/users/{user}", context::required("url")?)).send()?;
///     Ok(())
/// }
/// ```
///
/// A component that names one of them exports `gorgon:load/lifecycle` beside `gorgon:load/operation`; one that names
/// none does not.
pub use gorgon_sdk_macros::operation;
#[cfg(feature = "json")]
pub use serde_json::{self, json};
pub use tag::{IntoTag, Tag};

/// The README is a test too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

/// And so is the README of the whole project.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct ProjectReadme;

#[doc(hidden)]
pub mod __private {
    pub use crate::bindings::lifecycle::exports::gorgon::load::lifecycle;
    pub use crate::bindings::op::exports::gorgon::load::operation;
    pub use crate::entry::{begin_call, nothing, number, setup, start, stop, tag, teardown};
}

/// Exports an operation: on WebAssembly through the generated macro, elsewhere by naming it, so that nothing of it
/// counts as unused.
#[doc(hidden)]
#[macro_export]
#[cfg(target_family = "wasm")]
macro_rules! __export_operation {
    ($type:ident) => {
        $crate::bindings::op::__export_op!($type with_types_in $crate::bindings::op);
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(target_family = "wasm"))]
macro_rules! __export_operation {
    ($type:ident) => {
        const _: fn(u64) -> ::core::result::Result<::std::string::String, ::std::string::String> =
            <$type as $crate::__private::operation::Guest>::run;
        const _: $type = $type;
    };
}

/// Exports a lifecycle, in the same way.
#[doc(hidden)]
#[macro_export]
#[cfg(target_family = "wasm")]
macro_rules! __export_lifecycle {
    ($type:ident) => {
        $crate::bindings::lifecycle::__export_lifecycle!($type with_types_in $crate::bindings::lifecycle);
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(target_family = "wasm"))]
macro_rules! __export_lifecycle {
    ($type:ident) => {
        const _: fn() = <$type as $crate::__private::lifecycle::Guest>::stop;
    };
}
