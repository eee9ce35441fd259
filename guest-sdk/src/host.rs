//! The one seam to what runs the operation: gorgon on WebAssembly, `testing::Host` elsewhere.
//!
//! Both sides offer the same functions over the same types, those of the generated bindings, so that the rest of the
//! crate is one code for both.

#[cfg(target_family = "wasm")]
pub(crate) use crate::bindings::op::gorgon::load::{clock, context, http, measure};
#[cfg(not(target_family = "wasm"))]
pub(crate) use crate::testing::imports::{clock, context, http, measure};

/// The types that cross the seam.
pub(crate) mod wire {
    pub(crate) use crate::bindings::op::gorgon::load::context::Level;
    pub(crate) use crate::bindings::op::gorgon::load::http::{
        BodyMode, Error, Phase, Request, Response, Timings,
    };
}
