//! What a run counted and timed, from one call to the summary of everything.
//!
//! Values in, values out: nothing here reads a clock, does input or output, or knows threads (the lock inside
//! [`Interner`] excepted, which is taken for a new name and never for a known one). The path of one call is
//! [`Recorder`], filled by one thread; recorders are merged by key, and merging is commutative, associative and loses
//! nothing; a [`Summary`] is made of the merged one.

mod agreement;
pub mod distribution;
pub mod facts;
mod hdr;
pub mod histogram;
pub mod interner;
pub mod recorder;
pub mod results;
mod rows;
pub mod shape;
pub mod summary;
mod table;
pub mod tags;
mod tallies;

pub use agreement::{Agreement, Difference, Said};
pub use distribution::{Distribution, PERCENTILES, Percentile, Quantile};
pub use facts::{
    Accounting, Component, Denied, Host, Instances, Lifecycle, Limits, Load, Log, Model, Phases,
    RunFacts, Shape, Status, Traffic,
};
pub use histogram::Histogram;
pub use interner::{Interner, RowId, RowKey};
pub use recorder::{Recorder, Times};
pub use results::{Check, Counter, Failure, Latency, Measurement, Row};
pub use rows::{CheckStats, FailureStats, FirstFailure, OpenStats, RowStats};
pub use summary::Summary;
pub use tags::{Fault, OTHER, Outcome, normalise};
pub use tallies::Tables;
