//! What several requests have in common.

use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::cookies::Jar;
use super::{Method, Request, Retry, url};

/// What several requests have in common: a base URL, headers, limits, cookies, retries.
///
/// Connections are not its business: those belong to the worker and are kept without it.
///
/// ```
/// use gorgon_sdk::http::{Client, Response, Result};
///
/// fn browse(base: &str) -> Result<Response> {
///     let client = Client::new().base(base).header("accept", "text/html").cookies();
///     client.post("/login").form([("user", "medusa")]).send()?.error_for_status()?;
///     client.get("/account").send()
/// }
/// ```
///
/// A client may live in a `static`, where it is kept, with its cookies, for as long as the instance: that is one
/// virtual user, who logs in once. Made within the operation, it is a new user for each call.
#[derive(Debug, Default)]
pub struct Client {
    base: Option<String>,
    headers: Vec<(String, String)>,
    timeout: Option<Duration>,
    redirects: u32,
    cookies: Option<Mutex<Jar>>,
    retry: Option<Retry>,
}

impl Client {
    /// A client that adds nothing.
    pub fn new() -> Client {
        Client::default()
    }

    /// What the URLs of its requests are put behind, unless they are absolute: `/users` under `http://host/api` is
    /// `http://host/api/users`.
    #[must_use]
    pub fn base(mut self, url: impl Into<String>) -> Client {
        self.base = Some(url.into());
        self
    }

    /// A header of every request.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Display) -> Client {
        self.headers.push((name.into(), value.to_string()));
        self
    }

    /// The limit of every request that has none of its own.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Client {
        self.timeout = Some(limit);
        self
    }

    /// How many redirects every request follows.
    #[must_use]
    pub fn follow_redirects(mut self, limit: u32) -> Client {
        self.redirects = limit;
        self
    }

    /// Keeps cookies, and sends them where they belong. A request with a `cookie` header of its own is left alone.
    #[must_use]
    pub fn cookies(mut self) -> Client {
        self.cookies = Some(Mutex::default());
        self
    }

    /// Sends requests that failed again.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Client {
        self.retry = Some(retry);
        self
    }

    /// A request with any method.
    pub fn request(&self, method: impl Into<Method>, url: impl AsRef<str>) -> Request<'_> {
        let url = url.as_ref();
        let url = self
            .base
            .as_deref()
            .map_or_else(|| url.to_owned(), |base| url::join(base, url));
        let mut request =
            Request::new(method.into(), url, Some(self)).follow_redirects(self.redirects);
        if let Some(limit) = self.timeout {
            request = request.timeout(limit);
        }
        self.headers.iter().fold(request, |request, (name, value)| {
            request.header(name, value)
        })
    }

    /// A `GET` request.
    pub fn get(&self, url: impl AsRef<str>) -> Request<'_> {
        self.request(Method::GET, url)
    }

    /// A `HEAD` request.
    pub fn head(&self, url: impl AsRef<str>) -> Request<'_> {
        self.request(Method::HEAD, url)
    }

    /// A `POST` request.
    pub fn post(&self, url: impl AsRef<str>) -> Request<'_> {
        self.request(Method::POST, url)
    }

    /// A `PUT` request.
    pub fn put(&self, url: impl AsRef<str>) -> Request<'_> {
        self.request(Method::PUT, url)
    }

    /// A `PATCH` request.
    pub fn patch(&self, url: impl AsRef<str>) -> Request<'_> {
        self.request(Method::PATCH, url)
    }

    /// A `DELETE` request.
    pub fn delete(&self, url: impl AsRef<str>) -> Request<'_> {
        self.request(Method::DELETE, url)
    }

    /// The value of a cookie that the client keeps, the newest of that name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar()?.get(name).map(str::to_owned)
    }

    /// Forgets all cookies.
    pub fn clear_cookies(&self) {
        if let Some(mut jar) = self.jar() {
            jar.clear();
        }
    }

    pub(crate) fn retries(&self) -> Option<&Retry> {
        self.retry.as_ref()
    }

    /// The cookies, if it keeps any. The lock is there for `static` alone and never contended in a sandbox.
    pub(crate) fn jar(&self) -> Option<MutexGuard<'_, Jar>> {
        Some(
            self.cookies
                .as_ref()?
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}
