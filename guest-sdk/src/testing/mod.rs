//! Runs an operation in `cargo test`: without gorgon, without WebAssembly, without a network.
//!
//! Off WebAssembly every function of this crate talks to the [`Host`] that runs the test: parameters are those it was
//! given, requests go to the closure it was given, the clock is virtual and advances by [`sleep`](crate::clock::sleep)
//! alone. What the operation did is in the [`Call`] that comes back.
//!
//! ```
//! use gorgon_sdk::testing::{Answer, Host};
//! use gorgon_sdk::{Result, Tag, context, http};
//!
//! // In a crate of your own this is the function with `#[gorgon_sdk::operation]`.
//! fn run(number: u64) -> Result<http::Response> {
//!     let url = context::required("url")?;
//!     let cart = http::post(format!("{url}/carts")).body(number.to_string()).send()?;
//!     Ok(http::post(format!("{url}/carts/{}/checkout", cart.text())).send()?)
//! }
//!
//! # fn main() {
//! let call = Host::new()
//!     .number(17)
//!     .parameter("url", "http://shop")
//!     .respond(|request| match request.url.as_str() {
//!         "http://shop/carts" => Answer::new(201).body("c1"),
//!         "http://shop/carts/c1/checkout" => Answer::new(200),
//!         _ => Answer::new(404),
//!     })
//!     .run(|| run(17));
//!
//! assert_eq!(call.tag(), &Tag::ok("200"));
//! assert_eq!(call.requests()[0].body, b"17");
//! # }
//! ```
//!
//! Each test thread has its own host, so tests may run in parallel. Outside of a host there are no parameters, and
//! requests fail.

mod call;
mod exchange;
mod host;
pub(crate) mod imports;
mod state;

pub use call::{Call, LogLine};
pub use exchange::{Answer, Request};
pub use host::Host;
