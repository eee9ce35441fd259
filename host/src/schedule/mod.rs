//! When each call of an open-load run is due, and which operation of a mix it belongs to.
//!
//! Values in, values out: nothing here reads a clock, waits, or knows a thread. A [`Curve`] says how often calls are
//! due; its integral A(t) is the number of calls until t. A [`Schedule`] adds what else the person asked for, and gives
//! every thread a [`Walk`], a cursor that answers when a call is due from its index alone. So threads share nothing but
//! the counter that deals out the indexes, and runners elsewhere that take every n-th index need no coordinator. (k6
//! computes its ramps in this way; its `ramping_arrival_rate.go` has the derivation.)
//!
//! *Uniform*: call k is due at A⁻¹(k), from the beginning of its stage each time and to the nearest nanosecond. There
//! is neither drift nor a staircase, however long the run. *Jitter* j moves it to A⁻¹(k + j·u), u uniform in [0, 1) and
//! drawn for k: later than it would be, but not past the next, so neither the order nor the count changes. *Poisson*:
//! call k is due at A⁻¹(S), S the sum of k + 1 exponential numbers with mean 1, which makes a Poisson process of the
//! same rate.
//!
//! The *warm-up* stands in front of the curve, at the rate that the curve begins with, and the curve begins afresh when
//! it is over: uniform calls are due as they would be without it, only later. A call belongs to the warm-up if it is
//! due before [`Schedule::results_from_ns`]. These calls take the first indexes.

mod curve;
mod error;
mod mix;
mod parse;
mod permutation;
mod plan;
mod random;
mod rate;
mod stage;
mod think;
mod timeline;
mod walk;

pub use self::curve::Curve;
pub use self::error::{CurveError, Problem, ScheduleError};
pub use self::mix::{Mix, MixError, Order};
pub use self::plan::{Arrivals, Options, Schedule, WarmUp};
pub use self::think::Think;
pub use self::walk::{Due, Walk};

#[cfg(test)]
mod tests;
