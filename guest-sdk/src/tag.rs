//! Tags, and everything that an operation may return as one.

use std::borrow::Cow;
use std::fmt::{self, Display};

use crate::failure::{Failure, IntoFailure};

/// How a call went: a short word, and whether the call counts as one that went as it was meant to.
///
/// The report has one row per tag. Keep them few: `200`, `bought`, `sold-out`, not the text of an error.
///
/// As a derive, it makes the variants of an enum tags:
///
/// ```
/// use gorgon_sdk::{IntoTag, Tag};
///
/// #[derive(Tag)]
/// enum Outcome {
///     Bought,
///     #[tag(fail)]
///     SoldOut,
///     #[tag("402", fail)]
///     Declined { code: u32 },
/// }
///
/// assert_eq!(Outcome::Bought.into_tag(), Tag::ok("bought"));
/// assert_eq!(Outcome::SoldOut.into_tag(), Tag::fail("sold-out"));
/// assert_eq!(Outcome::Declined { code: 7 }.into_tag(), Tag::fail("402"));
/// ```
///
/// Such an enum may also be the error of a `Result`, where every variant fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    name: Cow<'static, str>,
    ok: bool,
}

impl Tag {
    /// The tag of a call that went as it was meant to.
    pub fn ok(name: impl Into<Cow<'static, str>>) -> Tag {
        Tag {
            name: name.into(),
            ok: true,
        }
    }

    /// The tag of a call that did not.
    pub fn fail(name: impl Into<Cow<'static, str>>) -> Tag {
        Tag {
            name: name.into(),
            ok: false,
        }
    }

    /// The tag of an HTTP status: its number, a failure unless it is 200 to 399.
    pub fn status(status: u16) -> Tag {
        Tag {
            name: status.to_string().into(),
            ok: (200..400).contains(&status),
        }
    }

    /// The word itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the call went as it was meant to.
    pub fn is_ok(&self) -> bool {
        self.ok
    }

    pub(crate) fn into_name(self) -> Cow<'static, str> {
        self.name
    }

    pub(crate) fn into_result(self) -> Result<String, String> {
        if self.ok {
            Ok(self.name.into_owned())
        } else {
            Err(self.name.into_owned())
        }
    }
}

/// The word alone.
impl Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What an operation may return.
///
/// | returned | tag |
/// |---|---|
/// | `()` | `SUCCESS` |
/// | `true`, `false` | `SUCCESS`, failing `FAIL` |
/// | `&str`, `String` | that word |
/// | a status as `u16`, a [`Response`](crate::http::Response) | its number; failing unless it is 200 to 399 |
/// | an enum that derives [`Tag`](derive@crate::Tag) | the name of the variant |
/// | [`Tag`] | as made |
/// | `Result<T, E>` | the tag of `T`, or the failing tag of `E` |
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tag",
    label = "an operation cannot return this",
    note = "an operation returns `()`, `bool`, `&str`, `String`, a status as `u16`, an `http::Response`, a `Tag`, an \
            enum with `#[derive(gorgon_sdk::Tag)]`, or a `Result` of one of them"
)]
pub trait IntoTag {
    /// The tag.
    fn into_tag(self) -> Tag;
}

impl IntoTag for Tag {
    fn into_tag(self) -> Tag {
        self
    }
}

impl IntoTag for () {
    fn into_tag(self) -> Tag {
        Tag::ok("SUCCESS")
    }
}

impl IntoTag for bool {
    fn into_tag(self) -> Tag {
        if self {
            Tag::ok("SUCCESS")
        } else {
            Tag::fail("FAIL")
        }
    }
}

impl IntoTag for u16 {
    fn into_tag(self) -> Tag {
        Tag::status(self)
    }
}

impl IntoTag for String {
    fn into_tag(self) -> Tag {
        Tag::ok(self)
    }
}

impl IntoTag for &str {
    fn into_tag(self) -> Tag {
        Tag::ok(self.to_owned())
    }
}

impl IntoTag for Cow<'static, str> {
    fn into_tag(self) -> Tag {
        Tag::ok(self)
    }
}

impl IntoTag for Failure {
    fn into_tag(self) -> Tag {
        Tag::fail(self.log())
    }
}

impl<T: IntoTag, E: IntoFailure> IntoTag for std::result::Result<T, E> {
    fn into_tag(self) -> Tag {
        match self {
            Ok(value) => value.into_tag(),
            Err(error) => error.into_failure().into_tag(),
        }
    }
}
