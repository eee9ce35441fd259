//! The functions a guest may call, one file for each interface of `wit/`.

mod clock;
mod context;
pub(super) mod http;
pub(super) mod measure;
