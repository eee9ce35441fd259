//! HTTP methods.

use std::borrow::Cow;
use std::fmt;

/// An HTTP method: one of the constants, or any other token as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method(Cow<'static, str>);

impl Method {
    /// `GET`
    pub const GET: Method = Method(Cow::Borrowed("GET"));
    /// `HEAD`
    pub const HEAD: Method = Method(Cow::Borrowed("HEAD"));
    /// `POST`
    pub const POST: Method = Method(Cow::Borrowed("POST"));
    /// `PUT`
    pub const PUT: Method = Method(Cow::Borrowed("PUT"));
    /// `PATCH`
    pub const PATCH: Method = Method(Cow::Borrowed("PATCH"));
    /// `DELETE`
    pub const DELETE: Method = Method(Cow::Borrowed("DELETE"));
    /// `OPTIONS`
    pub const OPTIONS: Method = Method(Cow::Borrowed("OPTIONS"));
    /// `TRACE`
    pub const TRACE: Method = Method(Cow::Borrowed("TRACE"));

    /// The token itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0.into_owned()
    }
}

/// Whether sending the request twice does what sending it once does (RFC 9110, section 9.2.2).
pub(crate) fn is_idempotent(method: &str) -> bool {
    matches!(
        method,
        "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE"
    )
}

impl From<&'static str> for Method {
    fn from(method: &'static str) -> Method {
        Method(method.into())
    }
}

impl From<String> for Method {
    fn from(method: String) -> Method {
        Method(method.into())
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
