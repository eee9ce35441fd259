//! What this call is, and what the person who started the run has passed to it.
//!
//! Parameters come from `--set NAME=VALUE`:
//!
//! ```
//! use std::time::Duration;
//! use gorgon_sdk::{Result, clock, context};
//!
//! fn wait() -> Result<()> {
//!     let pause = context::parameter_or("pause", Duration::from_millis(50))?;
//!     let times: u32 = context::parameter_or("times", 1)?;
//!     for _ in 0..times {
//!         clock::sleep(pause);
//!     }
//!     Ok(())
//! }
//! ```

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::{host, value};

/// The number of this call. In `setup`, `teardown`, `start` and `stop`: 0.
pub fn number() -> u64 {
    host::context::number()
}

/// The worker that makes this call, counted from 0. In open load: the place in flight that it occupies.
pub fn worker() -> u32 {
    host::context::worker()
}

/// How many workers the run was started with. In open load: 0.
pub fn workers() -> u32 {
    host::context::workers()
}

/// When this call was due, as time since the run started. In closed load: when it started.
pub fn due() -> Duration {
    Duration::from_nanos(host::context::due())
}

/// Names this run: the same for every call of one run, different from run to run.
pub fn run_id() -> String {
    host::context::run_id()
}

/// True once the run is ending: a long call may then return early.
pub fn stopping() -> bool {
    host::context::stopping()
}

/// The item of this call, one line of `--items`; nothing in a run without items.
pub fn item() -> Option<Vec<u8>> {
    host::context::item()
}

/// The item as text. What is not UTF-8 in it becomes U+FFFD.
pub fn item_str() -> Option<String> {
    item().map(text)
}

/// One cell of this call's row of `--data`; nothing where the run has no data or the data no such column.
pub fn cell(column: &str) -> Option<Vec<u8>> {
    host::context::cell(column)
}

/// The cell as text. What is not UTF-8 in it becomes U+FFFD.
pub fn cell_str(column: &str) -> Option<String> {
    cell(column).map(text)
}

/// This call's row of `--data`: column and cell, in the order of the file. Empty in a run without data.
pub fn row() -> Vec<(String, Vec<u8>)> {
    host::context::row()
}

/// All parameters, by name.
pub fn parameters() -> Vec<(String, String)> {
    host::context::parameters()
}

/// The value given with `--set NAME=VALUE`, or nothing.
pub fn parameter(name: &str) -> Option<String> {
    host::context::parameter(name)
}

/// The value given with `--set NAME=VALUE`.
///
/// # Errors
///
/// If it was not given. The call then ends with the tag `missing-parameter:NAME`.
pub fn required(name: &str) -> Result<String, Error> {
    parameter(name).ok_or_else(|| Error {
        name: name.to_owned(),
        bad: None,
    })
}

/// The value given with `--set NAME=VALUE` in another type, or nothing.
///
/// # Errors
///
/// If it is not a value of that type. The call then ends with the tag `bad-parameter:NAME`.
pub fn parameter_as<T: FromParameter>(name: &str) -> Result<Option<T>, Error> {
    let parse = |text: String| {
        T::from_parameter(&text).map_err(|bad| Error {
            name: name.to_owned(),
            bad: Some(bad),
        })
    };
    parameter(name).map(parse).transpose()
}

/// The same with a default for a parameter that was not given.
///
/// # Errors
///
/// As [`parameter_as`].
pub fn parameter_or<T: FromParameter>(name: &str, default: T) -> Result<T, Error> {
    Ok(parameter_as(name)?.unwrap_or(default))
}

/// A duration that has to be given, such as `--set for=50ms`. See [`value::duration`].
///
/// # Errors
///
/// If it was not given, or is not a duration.
pub fn duration(name: &str) -> Result<Duration, Error> {
    parameter_as(name)?.ok_or_else(|| Error {
        name: name.to_owned(),
        bad: None,
    })
}

/// A size in bytes, such as `--set size=1MiB`, or the default. See [`value::size`].
///
/// # Errors
///
/// If it is not a size.
pub fn size_or(name: &str, default: u64) -> Result<u64, Error> {
    let parse = |text: String| {
        value::size(&text).map_err(|bad| Error {
            name: name.to_owned(),
            bad: Some(bad),
        })
    };
    Ok(parameter(name).map(parse).transpose()?.unwrap_or(default))
}

/// A type that a parameter may have.
///
/// Numbers may be written as counts (`4k`, `4_000`), durations have units (`50ms`).
pub trait FromParameter: Sized {
    /// The value that `text` stands for.
    ///
    /// # Errors
    ///
    /// If it stands for none.
    fn from_parameter(text: &str) -> Result<Self, value::Error>;
}

impl FromParameter for String {
    fn from_parameter(text: &str) -> Result<String, value::Error> {
        Ok(text.to_owned())
    }
}

impl FromParameter for Duration {
    fn from_parameter(text: &str) -> Result<Duration, value::Error> {
        value::duration(text)
    }
}

impl FromParameter for bool {
    fn from_parameter(text: &str) -> Result<bool, value::Error> {
        match text {
            "true" | "yes" | "on" | "1" => Ok(true),
            "false" | "no" | "off" | "0" => Ok(false),
            _ => Err(value::Error::new(text, "one of `true` and `false`")),
        }
    }
}

macro_rules! counts {
    ($($type:ident)*) => {$(
        impl FromParameter for $type {
            fn from_parameter(text: &str) -> Result<$type, value::Error> {
                $type::try_from(value::count(text)?).map_err(|_| {
                    value::Error::new(text, concat!("in the range of `", stringify!($type), "`"))
                })
            }
        }
    )*};
}

counts!(u8 u16 u32 u64 usize);

macro_rules! numbers {
    ($($type:ident)*) => {$(
        impl FromParameter for $type {
            fn from_parameter(text: &str) -> Result<$type, value::Error> {
                text.trim().parse().map_err(|_| {
                    value::Error::new(text, concat!("a number of the type `", stringify!($type), "`"))
                })
            }
        }
    )*};
}

numbers!(i8 i16 i32 i64 isize f32 f64);

/// A parameter that is missing, or not what it has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    name: String,
    bad: Option<value::Error>,
}

impl Error {
    /// The name of the parameter.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tag of a call that fails for it.
    pub(crate) fn tag(&self) -> Cow<'static, str> {
        let kind = if self.bad.is_some() { "bad" } else { "missing" };
        format!("{kind}-parameter:{}", self.name).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.bad {
            Some(bad) => write!(f, "the value of `--set {name}=…` cannot be used: {bad}"),
            None => write!(
                f,
                "the parameter `{name}` is missing: give it with `--set {name}=…`"
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.bad.as_ref().map(|bad| bad as _)
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
