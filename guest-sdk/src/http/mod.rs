//! HTTP/1.1 and HTTP/2. Connections are kept between calls and belong to the worker; the time of every request is
//! measured outside of the sandbox.
//!
//! ```
//! use std::time::Duration;
//! use gorgon_sdk::http;
//!
//! # fn example() -> Result<(), http::Error> {
//! let page = http::get("http://127.0.0.1:8080/search").query("q", "gorgon").send()?;
//! if page.is_success() && page.text().contains("next") {
//!     http::post("http://127.0.0.1:8080/carts")
//!         .header("x-trace", 17)
//!         .body("book=1")
//!         .timeout(Duration::from_secs(2))
//!         .name("buy")
//!         .send()?
//!         .error_for_status()?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A [`Client`] adds a base URL, headers, cookies and retries to several requests. [`send_all`] sends several at once.
//!
//! What the operation does not read is not copied into the sandbox: headers and timings are asked for one by one, and
//! [`Request::discard_body`] leaves the body outside.

mod client;
mod cookies;
mod encoding;
mod error;
mod exchange;
mod method;
mod request;
mod response;
mod retry;
mod session;
pub(crate) mod url;

pub use client::Client;
pub use error::{Error, Phase};
pub use method::Method;
pub use request::Request;
pub use response::{Response, Timings};
pub use retry::Retry;

/// The result of a request.
pub type Result<T = Response> = std::result::Result<T, Error>;

/// A request with any method.
pub fn request(method: impl Into<Method>, url: impl Into<String>) -> Request<'static> {
    Request::new(method.into(), url.into(), None)
}

/// A `GET` request.
pub fn get(url: impl Into<String>) -> Request<'static> {
    request(Method::GET, url)
}

/// A `HEAD` request.
pub fn head(url: impl Into<String>) -> Request<'static> {
    request(Method::HEAD, url)
}

/// A `POST` request.
pub fn post(url: impl Into<String>) -> Request<'static> {
    request(Method::POST, url)
}

/// A `PUT` request.
pub fn put(url: impl Into<String>) -> Request<'static> {
    request(Method::PUT, url)
}

/// A `PATCH` request.
pub fn patch(url: impl Into<String>) -> Request<'static> {
    request(Method::PATCH, url)
}

/// A `DELETE` request.
pub fn delete(url: impl Into<String>) -> Request<'static> {
    request(Method::DELETE, url)
}

/// Sends all requests at once, as a browser does. The answers are in the order of the requests.
///
/// Requests of a [`Client`] carry and collect its cookies; they are not retried.
pub fn send_all<'c>(requests: impl IntoIterator<Item = Request<'c>>) -> Vec<Result> {
    exchange::send_all(requests.into_iter().collect())
}
