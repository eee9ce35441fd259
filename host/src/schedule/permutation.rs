//! A random order of the numbers below a limit, one number at a time and without a table.

use crate::splitmix::mixed;

/// A keyed permutation of the numbers 0 to size - 1.
///
/// It is a balanced Feistel network over pairs of numbers below the root of the size, rounded up, with cycle walking: a
/// result that is out of range goes through the network again (John Black and Phillip Rogaway, "Ciphers with Arbitrary
/// Finite Domains", CT-RSA 2002). There are at most about 2 √size pairs too many, so that is seldom but for the
/// smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Permutation {
    size: u32,
    /// The smallest number whose square is at least `size`.
    root: u32,
}

/// Four make a good permutation of a large domain (Michael Luby and Charles Rackoff, 1988); small ones need more.
const ROUNDS: u64 = 8;

impl Permutation {
    /// Of the numbers below `size`.
    pub(super) fn new(size: u32) -> Permutation {
        let down = size.isqrt();
        Permutation {
            size,
            root: down + u32::from(down * down < size),
        }
    }

    /// How many numbers there are.
    pub(super) fn size(self) -> u32 {
        self.size
    }

    /// Where the permutation with this key puts `number`, which is below the size.
    pub(super) fn apply(self, key: u64, number: u32) -> u32 {
        if self.size <= 1 {
            return number;
        }
        let mut moved = number;
        loop {
            moved = self.once(key, moved);
            // Below the size again after a whole cycle at the latest, since `number` is.
            if moved < self.size {
                return moved;
            }
        }
    }

    fn once(self, key: u64, number: u32) -> u32 {
        let (mut left, mut right) = (number / self.root, number % self.root);
        for round in 0..ROUNDS {
            let random = mixed(key ^ (round << 32 | u64::from(right)));
            // The upper half, scaled to the root instead of divided by it.
            let added = ((random >> 32) * u64::from(self.root)) >> 32;
            let sum = left + added as u32;
            let next = if sum >= self.root {
                sum - self.root
            } else {
                sum
            };
            (left, right) = (right, next);
        }
        left * self.root + right
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_number_comes_up_once_whatever_the_size() {
        for size in 1..=300 {
            let permutation = Permutation::new(size);
            for key in [0, 1, u64::MAX, 0x1234_5678_9abc_def0] {
                let mut seen: Vec<u32> = (0..size).map(|n| permutation.apply(key, n)).collect();
                seen.sort_unstable();
                assert!(seen.into_iter().eq(0..size), "{size} {key}");
            }
        }
    }

    #[test]
    fn large_sizes_are_permuted_too() {
        for size in [4_095, 65_537, 999_999, 1_000_000] {
            let permutation = Permutation::new(size);
            let mut seen = vec![false; size as usize];
            for number in 0..size {
                seen[permutation.apply(7, number) as usize] = true;
            }
            assert!(seen.into_iter().all(|one| one), "{size}");
        }
    }

    #[test]
    fn every_order_of_a_few_is_about_as_frequent() {
        const KEYS: u64 = 24_000;
        for (size, orders) in [(2_u32, 2_u64), (3, 6), (4, 24)] {
            let permutation = Permutation::new(size);
            let mut seen = BTreeMap::<Vec<u32>, u64>::new();
            for key in 0..KEYS {
                let order = (0..size).map(|n| permutation.apply(mixed(key), n));
                *seen.entry(order.collect()).or_default() += 1;
            }
            assert_eq!(seen.len() as u64, orders, "{size}: {seen:?}");
            for count in seen.values() {
                let share = *count as f64 * orders as f64 / KEYS as f64;
                assert!((0.8..1.2).contains(&share), "{size}: {seen:?}");
            }
        }
    }
}
