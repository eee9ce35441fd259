//! Random values that are the same in every run with the same seed.
//!
//! They depend on the seed of the run and the number of the call alone: call 17 draws the same values whichever
//! worker makes it, and however often. (In `start` and the other hooks the number is 0.)
//!
//! ```
//! use std::time::Duration;
//! use gorgon_sdk::{clock, random};
//!
//! let die = random::range(1..=6);
//! let colour = random::pick(&["red", "green", "blue"]);
//! clock::sleep(random::range(Duration::from_millis(10)..Duration::from_millis(50)));
//! ```
//!
//! The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014),
//! started once per call from the host's stream, so that a thousand draws do not cost a thousand calls of the host.
//! It is no use for secrets.

use std::cell::Cell;
use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use crate::host;

thread_local! {
    /// The state of the generator; nothing until this call draws.
    static STATE: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Forgets the state, because a new call begins.
pub(crate) fn restart() {
    STATE.set(None);
}

/// Any 64 bits.
pub fn u64() -> u64 {
    let state = STATE
        .get()
        .unwrap_or_else(host::context::random)
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    STATE.set(Some(state));
    mix(state)
}

/// The output function of SplitMix64.
pub(crate) fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number from 0 up to, but not including, 1: each multiple of 2⁻⁵³ with the same probability.
pub fn f64() -> f64 {
    const ULP: f64 = 1.0 / (1_u64 << 53) as f64;
    (u64() >> 11) as f64 * ULP
}

/// A value from a range, each with the same probability. Of an empty range: its lower end.
pub fn range<T: Uniform>(range: impl RangeBounds<T>) -> T {
    let low = match range.start_bound() {
        Bound::Included(low) => low.to_wide(),
        Bound::Excluded(low) => low.to_wide() + 1,
        Bound::Unbounded => T::MIN.to_wide(),
    };
    let high = match range.end_bound() {
        Bound::Included(high) => high.to_wide(),
        Bound::Excluded(high) => high.to_wide() - 1,
        Bound::Unbounded => T::MAX.to_wide(),
    };
    let last = u64::try_from(high - low).unwrap_or(0);
    T::from_wide(low + i128::from(up_to(last)))
}

/// A number from 0 to `last`, without bias: the part of the 64 bits that does not divide evenly is drawn again.
fn up_to(last: u64) -> u64 {
    let Some(count) = last.checked_add(1) else {
        return u64();
    };
    let uneven = (u64::MAX % count + 1) % count;
    loop {
        let bits = u64();
        if bits <= u64::MAX - uneven {
            return bits % count;
        }
    }
}

/// True with this probability.
pub fn chance(probability: f64) -> bool {
    f64() < probability
}

/// One of these, or nothing if there are none.
pub fn pick<T>(choices: &[T]) -> Option<&T> {
    let last = choices.len().checked_sub(1)?;
    choices.get(range(0..=last))
}

/// Puts them in a random order, each order with the same probability (Fisher and Yates).
pub fn shuffle<T>(list: &mut [T]) {
    for index in (1..list.len()).rev() {
        list.swap(index, range(0..=index));
    }
}

/// A word of that many letters (`a` to `z`) and digits.
pub fn word(length: usize) -> String {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    (0..length)
        .filter_map(|_| pick(ALPHABET))
        .map(|letter| char::from(*letter))
        .collect()
}

/// A type that [`range`] can draw: the integers, and durations in nanoseconds.
pub trait Uniform: Sized {
    /// The lower end of an open range.
    const MIN: Self;
    /// The upper end of an open range.
    const MAX: Self;
    /// The value as an integer.
    fn to_wide(&self) -> i128;
    /// The value of an integer that lies between two values.
    fn from_wide(wide: i128) -> Self;
}

macro_rules! uniform {
    ($($type:ident)*) => {$(
        impl Uniform for $type {
            const MIN: $type = $type::MIN;
            const MAX: $type = $type::MAX;

            fn to_wide(&self) -> i128 {
                *self as i128
            }

            fn from_wide(wide: i128) -> $type {
                wide as $type
            }
        }
    )*};
}

uniform!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

impl Uniform for Duration {
    const MIN: Duration = Duration::ZERO;
    const MAX: Duration = Duration::from_nanos(u64::MAX);

    fn to_wide(&self) -> i128 {
        i128::from(crate::clock::nanos(*self))
    }

    fn from_wide(wide: i128) -> Duration {
        Duration::from_nanos(u64::try_from(wide).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Host;

    fn draws(seed: u64, number: u64) -> Vec<u64> {
        Host::new()
            .seed(seed)
            .number(number)
            .with(|| (0..8).map(|_| u64()).collect())
            .0
    }

    #[test]
    fn the_seed_and_the_number_decide_and_nothing_else() {
        assert_eq!(draws(1, 17), draws(1, 17));
        assert_ne!(draws(1, 17), draws(1, 18));
        assert_ne!(draws(1, 17), draws(2, 17));
    }

    #[test]
    fn the_generator_is_splitmix64() {
        // From the reference implementation by Vigna, seeded with 1234567.
        STATE.set(Some(1_234_567));
        let drawn: Vec<u64> = (0..3).map(|_| u64()).collect();
        restart();
        assert_eq!(
            drawn,
            [
                6457827717110365317,
                3203168211198807973,
                9817491932198370423
            ]
        );
    }

    #[test]
    fn every_value_of_a_small_range_comes_up_about_as_often() {
        let (counts, _) = Host::new().with(|| {
            let mut counts = [0_u32; 6];
            for _ in 0..60_000 {
                counts[range(0..6_usize)] += 1;
            }
            counts
        });
        for count in counts {
            assert!((9_500..10_500).contains(&count), "{counts:?}");
        }
    }

    #[test]
    fn ranges_of_every_kind_stay_within_their_ends() {
        Host::new().with(|| {
            for _ in 0..1000 {
                assert!((1..=6).contains(&range(1..=6)));
                assert!((-5..5).contains(&range(-5_i32..5)));
                assert!(range(250_u8..) >= 250);
                assert!((0.0..1.0).contains(&f64()));
                let pause = range(Duration::from_millis(1)..Duration::from_millis(2));
                assert_eq!(pause.as_millis(), 1);
            }
            assert_eq!(range(7..=7), 7);
            assert_eq!(range(std::ops::Range { start: 7, end: 3 }), 7);
            let _: (u64, i64) = (range(..), range(..));
        });
    }

    #[test]
    fn a_shuffle_keeps_every_element() {
        Host::new().with(|| {
            let mut list: Vec<u32> = (0..100).collect();
            shuffle(&mut list);
            assert_ne!(list, (0..100).collect::<Vec<_>>());
            list.sort_unstable();
            assert_eq!(list, (0..100).collect::<Vec<_>>());
            assert_eq!(pick::<u8>(&[]), None);
            assert_eq!(pick(&[9]), Some(&9));
            assert_eq!(word(12).len(), 12);
        });
    }
}
