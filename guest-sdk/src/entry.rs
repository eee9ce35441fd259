//! What `#[operation]` calls: the way from the exports of the component to the user's functions and back.
//!
//! Public only for the code that the macro writes.

use crate::failure::{Failure, IntoFailure};
use crate::tag::IntoTag;

/// Before the user's function runs: what the SDK keeps within a call starts anew.
pub fn begin_call() {
    crate::random::restart();
}

/// What the user's function returned, as the host wants it.
pub fn tag<T: IntoTag>(value: T) -> Result<String, String> {
    value.into_tag().into_result()
}

/// The number as the user's function takes it.
pub fn number<T: CallNumber>(number: u64) -> T {
    T::from_number(number)
}

/// The type of the parameter of an operation.
#[diagnostic::on_unimplemented(
    message = "the number of a call is a `u64`, not `{Self}`",
    label = "write `u64`",
    note = "an operation is `fn run(number: u64) -> …`, or `fn run() -> …`"
)]
pub trait CallNumber {
    /// The number in this type.
    fn from_number(number: u64) -> Self;
}

impl CallNumber for u64 {
    fn from_number(number: u64) -> u64 {
        number
    }
}

/// The hook that nobody gave.
pub fn nothing() {}

/// Runs the user's `setup`.
pub fn setup<F: FnOnce() -> T, T: IntoShared>(hook: F) -> Result<Vec<u8>, String> {
    begin_call();
    hook().into_shared().map_err(|failure| failure.to_string())
}

/// Runs the user's `teardown`.
pub fn teardown<M, F: SharedHook<M>>(hook: F, shared: Vec<u8>) {
    begin_call();
    if let Err(failure) = hook.call(shared) {
        crate::log::error(format!("teardown failed: {failure}"));
    }
}

/// Runs the user's `start`.
pub fn start<M, F: SharedHook<M>>(hook: F, shared: Vec<u8>) -> Result<(), String> {
    begin_call();
    hook.call(shared).map_err(|failure| failure.to_string())
}

/// Runs the user's `stop`.
pub fn stop<F: FnOnce() -> T, T: IntoDone>(hook: F) {
    begin_call();
    if let Err(failure) = hook().into_done() {
        crate::log::error(format!("stop failed: {failure}"));
    }
}

/// What `setup` may return.
#[diagnostic::on_unimplemented(
    message = "`setup` cannot return `{Self}`",
    note = "`setup` returns `()`, `Vec<u8>`, `String`, `&'static str`, or a `Result` of one of them"
)]
pub trait IntoShared {
    /// The bytes for the other hooks.
    fn into_shared(self) -> Result<Vec<u8>, Failure>;
}

impl IntoShared for () {
    fn into_shared(self) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }
}

impl IntoShared for Vec<u8> {
    fn into_shared(self) -> Result<Vec<u8>, Failure> {
        Ok(self)
    }
}

impl IntoShared for String {
    fn into_shared(self) -> Result<Vec<u8>, Failure> {
        Ok(self.into_bytes())
    }
}

impl IntoShared for &'static str {
    fn into_shared(self) -> Result<Vec<u8>, Failure> {
        Ok(self.into())
    }
}

impl<T: IntoShared, E: IntoFailure> IntoShared for Result<T, E> {
    fn into_shared(self) -> Result<Vec<u8>, Failure> {
        self.map_err(IntoFailure::into_failure)?.into_shared()
    }
}

/// What the other hooks may return.
#[diagnostic::on_unimplemented(
    message = "a hook of the lifecycle cannot return `{Self}`",
    note = "`start`, `stop` and `teardown` return nothing, or a `Result<(), E>`"
)]
pub trait IntoDone {
    /// Done, or why not.
    fn into_done(self) -> Result<(), Failure>;
}

impl IntoDone for () {
    fn into_done(self) -> Result<(), Failure> {
        Ok(())
    }
}

impl<E: IntoFailure> IntoDone for Result<(), E> {
    fn into_done(self) -> Result<(), Failure> {
        self.map_err(IntoFailure::into_failure)
    }
}

/// A hook that may take what `setup` returned. `M` tells the shapes apart, which all are functions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a hook of the lifecycle",
    label = "neither `fn()` nor `fn(shared: &[u8])`",
    note = "`start` and `teardown` take nothing, or one of `&[u8]`, `Vec<u8>`, `&str`, `String`"
)]
pub trait SharedHook<M> {
    /// Runs it.
    fn call(self, shared: Vec<u8>) -> Result<(), Failure>;
}

impl<F: FnOnce() -> T, T: IntoDone> SharedHook<fn() -> T> for F {
    fn call(self, _: Vec<u8>) -> Result<(), Failure> {
        self().into_done()
    }
}

impl<F: FnOnce(Vec<u8>) -> T, T: IntoDone> SharedHook<fn(Vec<u8>) -> T> for F {
    fn call(self, shared: Vec<u8>) -> Result<(), Failure> {
        self(shared).into_done()
    }
}

impl<F: FnOnce(&[u8]) -> T, T: IntoDone> SharedHook<fn(&[u8]) -> T> for F {
    fn call(self, shared: Vec<u8>) -> Result<(), Failure> {
        self(&shared).into_done()
    }
}

impl<F: FnOnce(String) -> T, T: IntoDone> SharedHook<fn(String) -> T> for F {
    fn call(self, shared: Vec<u8>) -> Result<(), Failure> {
        self(String::from_utf8(shared)?).into_done()
    }
}

impl<F: FnOnce(&str) -> T, T: IntoDone> SharedHook<fn(&str) -> T> for F {
    fn call(self, shared: Vec<u8>) -> Result<(), Failure> {
        self(std::str::from_utf8(&shared)?).into_done()
    }
}
