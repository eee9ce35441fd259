//! Failures: what `?` makes of everything that can go wrong in an operation.

use std::borrow::Cow;
use std::fmt::{self, Display};

use crate::tag::Tag;

/// Why a call failed: the tag it ends with, and perhaps a sentence for the log.
///
/// It is the error of [`Result`], and `?` makes one of the errors of this crate, of the common ones of the standard
/// library, of text, and of an enum that derives [`Tag`](derive@crate::Tag). Anything else becomes one with [`OrFail`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    tag: Cow<'static, str>,
    detail: Option<String>,
}

impl Failure {
    /// A failure with this tag.
    pub fn new(tag: impl Into<Cow<'static, str>>) -> Failure {
        Failure {
            tag: tag.into(),
            detail: None,
        }
    }

    /// Adds a sentence that is logged when the call ends with this failure.
    #[must_use]
    pub fn because(mut self, detail: impl Display) -> Failure {
        self.detail = Some(detail.to_string());
        self
    }

    /// The tag the call ends with.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The sentence for the log.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Logs the sentence, if there is one, and keeps the tag.
    pub(crate) fn log(self) -> Cow<'static, str> {
        if let Some(detail) = &self.detail {
            crate::log::error(detail);
        }
        self.tag
    }
}

/// The tag, and the sentence if there is one.
impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{}: {detail}", self.tag),
            None => f.write_str(&self.tag),
        }
    }
}

impl std::error::Error for Failure {}

/// What an operation usually returns: a tag, or why there is none.
///
/// `Result` alone is a [`Tag`] or a [`Failure`]; the first may be anything that is [`IntoTag`](crate::IntoTag).
pub type Result<T = Tag, E = Failure> = std::result::Result<T, E>;

/// What may stand in the error of a `Result` that an operation returns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the reason of a failure",
    label = "an operation cannot fail with this",
    note = "make it a tag with `.or_fail(\"tag\")` (`use gorgon_sdk::OrFail`), or return `gorgon_sdk::Result`"
)]
pub trait IntoFailure {
    /// The failure.
    fn into_failure(self) -> Failure;
}

/// Makes a type an error of an operation, for `?` and for `Result<_, E>` alike.
macro_rules! failure {
    ($($type:ty: $error:ident => $failure:expr;)*) => {$(
        impl From<$type> for Failure {
            fn from($error: $type) -> Failure {
                $failure
            }
        }

        impl IntoFailure for $type {
            fn into_failure(self) -> Failure {
                self.into()
            }
        }
    )*};
}

failure! {
    &'static str: tag => Failure::new(tag);
    String: tag => Failure::new(tag);
    Cow<'static, str>: tag => Failure::new(tag);
    Tag: tag => Failure::new(tag.into_name());
    crate::http::Error: error => Failure { tag: error.tag(), detail: error.detail() };
    crate::context::Error: error => Failure::new(error.tag()).because(error);
    std::num::ParseIntError: error => Failure::new("not-a-number").because(error);
    std::num::ParseFloatError: error => Failure::new("not-a-number").because(error);
    std::str::Utf8Error: error => Failure::new("not-utf-8").because(error);
    std::string::FromUtf8Error: error => Failure::new("not-utf-8").because(error);
    std::convert::Infallible: never => match never {};
}

#[cfg(feature = "json")]
failure! {
    serde_json::Error: error => Failure::new("json").because(error);
}

impl IntoFailure for Failure {
    fn into_failure(self) -> Failure {
        self
    }
}

/// Gives the lack of something a tag, for `?`.
///
/// ```
/// use gorgon_sdk::{OrFail, Result};
///
/// fn first_word(text: &str) -> Result<&str> {
///     text.split_whitespace().next().or_fail("empty")
/// }
///
/// assert_eq!(first_word("").unwrap_err().tag(), "empty");
/// ```
pub trait OrFail {
    /// What there is if nothing went wrong.
    type Value;

    /// The value, or a failure with this tag. The text of an error goes to the log.
    fn or_fail(self, tag: impl Into<Cow<'static, str>>) -> Result<Self::Value>;
}

impl<T> OrFail for Option<T> {
    type Value = T;

    fn or_fail(self, tag: impl Into<Cow<'static, str>>) -> Result<T> {
        self.ok_or_else(|| Failure::new(tag))
    }
}

impl<T, E: Display> OrFail for std::result::Result<T, E> {
    type Value = T;

    fn or_fail(self, tag: impl Into<Cow<'static, str>>) -> Result<T> {
        self.map_err(|error| Failure::new(tag).because(error))
    }
}
