//! The parameters in a URL, read with the same rules as the command line's values.

use std::borrow::Cow;
use std::time::Duration;

use http::StatusCode;

use super::answer::Refusal;
use crate::cli::values;

/// The part of a URL after the `?`. Parameters that a route does not know are ignored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    pub(super) fn of(uri: &'a http::Uri) -> Query<'a> {
        Query(uri.query().unwrap_or(""))
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// All parameters in their order, decoded.
    pub(super) fn pairs(self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> {
        url::form_urlencoded::parse(self.0.as_bytes())
    }

    /// The first parameter of that name.
    pub(super) fn get(self, name: &str) -> Option<Cow<'a, str>> {
        self.pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// A duration, `default` where it is not given.
    pub(super) fn duration(self, name: &str, default: Duration) -> Result<Duration, Refusal> {
        self.get(name)
            .map_or(Ok(default), |value| duration(name, &value))
    }

    /// A count, `default` where it is not given.
    pub(super) fn count(self, name: &str, default: u64) -> Result<u64, Refusal> {
        self.get(name)
            .map_or(Ok(default), |value| count(name, &value))
    }

    /// A status code, `default` where it is not given.
    pub(super) fn status(self, default: StatusCode) -> Result<StatusCode, Refusal> {
        self.get("status")
            .map_or(Ok(default), |value| status(&value))
    }
}

/// The longest wait that a request can ask for.
const LONGEST: Duration = Duration::from_secs(3_600);

/// A duration of at most an hour; `name` is what the complaint calls it.
pub(super) fn duration(name: &str, value: &str) -> Result<Duration, Refusal> {
    match values::duration(value) {
        Ok(duration) if duration <= LONGEST => Ok(duration),
        Ok(_) => Err(Refusal::bad_request(format!(
            "{name} `{value}`: at most `1h`"
        ))),
        Err(error) => Err(Refusal::bad_request(format!("{name} `{value}`: {error}"))),
    }
}

/// A count; `name` is what the complaint calls it.
pub(super) fn count(name: &str, value: &str) -> Result<u64, Refusal> {
    values::count(value).map_err(|error| Refusal::bad_request(format!("{name} `{value}`: {error}")))
}

/// A status that a server can end a request with.
pub(super) fn status(value: &str) -> Result<StatusCode, Refusal> {
    StatusCode::from_bytes(value.as_bytes())
        .ok()
        .filter(|status| !status.is_informational())
        .ok_or_else(|| Refusal::bad_request(format!("status `{value}`: a number from 200 to 999")))
}
