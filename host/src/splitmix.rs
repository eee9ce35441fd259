//! SplitMix64 (Guy Steele, Doug Lea, Christine Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014), which
//! passes BigCrush, needs one word of state, and whose n-th value can be had without the ones before it. All that is
//! random and follows from a seed is made of it.

/// The step from one state to the next.
pub(crate) const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// The output function: a bijection in which every bit of the result depends on every bit of `z`.
pub(crate) fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The value that follows `steps` steps after `state`.
pub(crate) fn after(state: u64, steps: u64) -> u64 {
    mixed(state.wrapping_add(steps.wrapping_mul(GOLDEN_GAMMA)))
}

/// A value as a number from 0 on and below 1.
pub(crate) fn unit(value: u64) -> f64 {
    (value >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_are_those_of_the_reference_implementation() {
        // The first from state 1234567, by Sebastiano Vigna's.
        let values: Vec<u64> = (1..=3).map(|steps| after(1_234_567, steps)).collect();
        assert_eq!(
            values,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn a_unit_is_below_one() {
        assert_eq!(unit(0), 0.0);
        assert!(unit(u64::MAX) < 1.0);
    }
}
