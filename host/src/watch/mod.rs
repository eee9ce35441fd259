//! The runner watches itself: what its own part in a run was, and whether that puts the figures in doubt.
//!
//! A [`Sampler`] looks at the process and its machine about once a second and gives [`SystemReadings`]; with what the
//! engine knows (its schedule, the delay of its polls, its gaps) they are the [`Readings`] of a run, plain data that
//! can be saved. [`judge()`] is a pure function of them. [`doctor`] looks at the machine before anything runs.
//!
//! What cannot be read is unknown, and the unknown is never held against a run.

mod cgroup;
pub mod doctor;
pub mod judge;
mod proc;
pub mod readings;
mod snapshot;
mod sys;
pub mod system;
mod tracker;

pub use judge::{Reason, State, Verdict, judge};
pub use readings::{
    Connections, Gap, GapKind, Pool, Readings, Schedule, Spread, SystemReadings, Waiting, WallDrift,
};
pub use system::Sampler;
