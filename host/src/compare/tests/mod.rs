//! Tests of comparisons: what must hold exactly, and what must hold in 2,000 trials.

mod exact;
mod made;
mod trials;
