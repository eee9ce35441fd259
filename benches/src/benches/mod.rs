//! The benches, each a comparison with something that is known.

mod cpu;
mod hog;
mod http_client;
mod languages;
mod live;
mod memory;
mod pacing;
mod peers;
mod sleepers;
mod stall;

use crate::Result;
use crate::gorgon::Gorgon;

/// One bench.
#[derive(Debug)]
pub(crate) struct Bench {
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    /// What it compares with what, for the reader of its table.
    pub(crate) about: &'static str,
    /// How long, about.
    pub(crate) takes: &'static str,
    /// Measures and prints.
    pub(crate) run: fn(&Gorgon) -> Result<()>,
}

/// All of them, in the order in which they run.
pub(crate) const ALL: [Bench; 10] = [
    pacing::BENCH,
    stall::BENCH,
    sleepers::BENCH,
    live::BENCH,
    hog::BENCH,
    memory::BENCH,
    cpu::BENCH,
    http_client::BENCH,
    languages::BENCH,
    peers::BENCH,
];

/// The bench of that name.
pub(crate) fn find(name: &str) -> Option<&'static Bench> {
    ALL.iter().find(|bench| bench.name == name)
}
