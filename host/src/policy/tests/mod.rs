//! What the policy judges, and how its grants are written.

mod judgement;
mod notation;
