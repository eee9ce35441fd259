//! Which operation a call belongs to: of a weighted mix, or of those that are compared number by number.

use std::fmt;

use super::permutation::Permutation;
use super::random::{Draws, Purpose};

/// How the operations of a mix follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// At random by the index of the call, though every block of as many calls as the sum of the weights (divided by
    /// their greatest common divisor) holds each operation exactly as often as its weight says.
    #[default]
    Random,
    /// Round robin for each worker: every operation as often as its weight says, spread evenly, and each worker one
    /// place ahead of the worker before it.
    Repeat,
}

/// A weighted mix of operations.
#[derive(Debug, Clone)]
pub struct Mix(Kind);

#[derive(Debug, Clone)]
enum Kind {
    /// There is only one operation.
    One,
    Random {
        permutation: Permutation,
        draws: Draws,
        /// For each operation the weights up to and including its own.
        until: Box<[u32]>,
    },
    /// One round.
    Repeat(Box<[u16]>),
    /// Every operation has a call of each index.
    Each {
        permutation: Permutation,
        draws: Draws,
    },
}

/// The most operations in a mix.
const MOST_OPERATIONS: usize = 65_535;

/// The largest sum of weights, after they are divided by their greatest common divisor.
const MOST_WEIGHT: u32 = 1_000_000;

/// Weights that no mix can have. Its `Display` is one line: what is wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MixError {
    /// There are no operations.
    Empty,
    /// There are more than 65,535 operations: this many.
    TooMany(usize),
    /// The operation at this place, from 0, has weight 0.
    Zero(usize),
    /// The weights, divided by their greatest common divisor, add up to more than a million.
    TooFine,
}

impl fmt::Display for MixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MixError::Empty => f.write_str("a mix needs at least one operation"),
            MixError::TooMany(count) => write!(
                f,
                "a mix has at most {MOST_OPERATIONS} operations, and these are {count}; leave some out"
            ),
            MixError::Zero(position) => write!(
                f,
                "operation {} of the mix has weight 0 and would never be called; leave it out or give it a weight of at \
                 least 1",
                position + 1
            ),
            MixError::TooFine => write!(
                f,
                "the weights of the mix add up to more than {MOST_WEIGHT}, and have no common divisor that helps; give \
                 smaller or rounder ones"
            ),
        }
    }
}

impl std::error::Error for MixError {}

impl Mix {
    /// A mix of as many operations as there are weights. The seed matters to [`Order::Random`] only.
    pub fn new(weights: &[u64], order: Order, seed: u64) -> Result<Mix, MixError> {
        if weights.len() > MOST_OPERATIONS {
            return Err(MixError::TooMany(weights.len()));
        }
        if let Some(position) = weights.iter().position(|weight| *weight == 0) {
            return Err(MixError::Zero(position));
        }
        let until = reduced_sums(weights)?;
        let sum = *until.last().ok_or(MixError::Empty)?;
        Ok(Mix(match order {
            _ if weights.len() == 1 => Kind::One,
            Order::Random => Kind::Random {
                permutation: Permutation::new(sum),
                draws: Draws::new(seed, Purpose::Mix),
                until,
            },
            Order::Repeat => Kind::Repeat(one_round(&until)),
        }))
    }

    /// No mix but a comparison: every one of so many operations has a call of each index, one after the other, in an order
    /// that is random for each index and follows from the seed. So whatever changes while a run goes on, changes for all.
    pub fn each(operations: usize, seed: u64) -> Result<Mix, MixError> {
        let size = u16::try_from(operations).map_err(|_| MixError::TooMany(operations))?;
        Ok(Mix(match size {
            0 => return Err(MixError::Empty),
            1 => Kind::One,
            size => Kind::Each {
                permutation: Permutation::new(u32::from(size)),
                draws: Draws::new(seed, Purpose::Mix),
            },
        }))
    }

    /// How many calls an index has: one, or where every operation has it, as many as there are operations.
    pub fn calls_of_an_index(&self) -> u16 {
        match &self.0 {
            Kind::One | Kind::Random { .. } | Kind::Repeat(_) => 1,
            Kind::Each { permutation, .. } => permutation.size() as u16,
        }
    }

    /// The place, from 0, of the operation that a call belongs to: in random order the call with this `index` of the
    /// run; in repeating order the `nth` call, from 0, of this `worker`; where every operation has each index, the call of
    /// it that is the worker's `nth`, all those before it having been made of whole indexes.
    pub fn operation(&self, index: u64, worker: u32, nth: u64) -> u16 {
        match &self.0 {
            Kind::One => 0,
            Kind::Random {
                permutation,
                draws,
                until,
            } => {
                let sum = u64::from(permutation.size());
                let within = (index % sum) as u32;
                let place = permutation.apply(draws.at(index / sum), within);
                until.partition_point(|until| *until <= place) as u16
            }
            Kind::Repeat(round) => {
                let length = round.len() as u64;
                let place = (u64::from(worker) % length + nth % length) % length;
                round.get(place as usize).copied().unwrap_or(0)
            }
            Kind::Each { permutation, draws } => {
                let place = (nth % u64::from(permutation.size())) as u32;
                permutation.apply(draws.at(index), place) as u16
            }
        }
    }
}

/// For each weight, divided by the greatest common divisor of all, the sum up to and including it.
fn reduced_sums(weights: &[u64]) -> Result<Box<[u32]>, MixError> {
    let divisor = weights.iter().copied().fold(0, greatest_common_divisor);
    let mut sum = 0_u32;
    let sums = weights.iter().map(|weight| {
        let weight = u32::try_from(weight / divisor).map_err(|_| MixError::TooFine)?;
        sum = sum.checked_add(weight).ok_or(MixError::TooFine)?;
        if sum > MOST_WEIGHT {
            return Err(MixError::TooFine);
        }
        Ok(sum)
    });
    sums.collect()
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// One round: occurrence j of an operation of weight w would best be at (j + 1/2) / w of the round, and they stand in
/// the order of these places, those of the same place in the order of the operations.
fn one_round(until: &[u32]) -> Box<[u16]> {
    // Two different places are more than 10^-12 apart, and so differ in whole parts of 2^-43.
    const WHOLE: u64 = 1 << 43;
    let mut places = Vec::with_capacity(until.last().map_or(0, |sum| *sum as usize));
    let mut before = 0;
    for (operation, until) in until.iter().enumerate() {
        let weight = u64::from(until - before);
        before = *until;
        for occurrence in 0..weight {
            let place = (2 * occurrence + 1) * WHOLE / (2 * weight);
            places.push((place, operation as u16));
        }
    }
    places.sort_unstable();
    places.into_iter().map(|(_, operation)| operation).collect()
}

#[cfg(test)]
mod tests;
