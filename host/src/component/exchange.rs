//! The requests of a call, kept for `gorgon try`.

use crate::http_client;

/// A request that was made, kept when the run is traced.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// The URL as the guest gave it.
    pub url: String,
    /// What came of it: status, length of the body, whether the connection was a kept one, and where the time went; or
    /// the error in words.
    pub outcome: Result<ExchangeResponse, String>,
}

/// The response of an [`Exchange`].
#[derive(Debug, Clone)]
pub struct ExchangeResponse {
    /// The status.
    pub status: u16,
    /// The version the answer came in.
    pub version: http::Version,
    /// The length of the body in bytes.
    pub body_size: u64,
    /// Whether the connection had served before.
    pub reused: bool,
    /// Where the time went.
    pub timings: http_client::Timings,
    /// Names and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The first bytes of the body, as the guest was given them.
    pub beginning: bytes::Bytes,
}
