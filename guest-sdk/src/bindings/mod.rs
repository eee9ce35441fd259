//! What wit-bindgen makes of `wit/`: generated, committed, and held against the WIT by `tests/bindings.rs`.
//!
//! They compile on every target; off WebAssembly their functions panic, which is why `crate::host` and nothing else
//! calls them.
#![expect(
    unreachable_pub,
    unsafe_code,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used,
    reason = "generated code has its own habits"
)]

#[rustfmt::skip]
pub mod lifecycle;
#[rustfmt::skip]
pub mod op;
