//! What the policy judges, and how its grants are written.

mod disguises;
mod judgement;
mod notation;
