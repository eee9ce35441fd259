//! Mixes: exact in every block, in seeded order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn mix(weights: &[u64], order: Order, seed: u64) -> Mix {
    Mix::new(weights, order, seed).unwrap()
}

/// The operations of a block of a random mix.
fn block(mix: &Mix, length: u64, block: u64) -> Vec<u16> {
    let indexes = block * length..(block + 1) * length;
    indexes.map(|index| mix.operation(index, 0, 0)).collect()
}

fn counts(operations: impl IntoIterator<Item = u16>) -> BTreeMap<u16, u64> {
    let mut counts = BTreeMap::new();
    for operation in operations {
        *counts.entry(operation).or_default() += 1;
    }
    counts
}

#[test]
fn weights_that_make_no_mix_are_refused() {
    #[track_caller]
    fn check(weights: &[u64], expected: Option<MixError>) {
        let made = Mix::new(weights, Order::Random, 1);
        assert_eq!(made.err(), expected);
    }
    check(&[], Some(MixError::Empty));
    check(&[1, 0, 2], Some(MixError::Zero(1)));
    check(&vec![1; 65_536], Some(MixError::TooMany(65_536)));
    check(&[1, 1_000_000], Some(MixError::TooFine));
    check(&[1, u64::MAX], Some(MixError::TooFine));
    check(&[u64::MAX, u64::MAX - 1], Some(MixError::TooFine));
    check(&vec![1; 65_535], None);
    check(&[1, 999_999], None);
    check(&[u64::MAX, u64::MAX], None);
    check(&[3_000_000, 999_999_000_000], None);
    check(&[u64::MAX], None);
}

#[test]
fn an_error_counts_operations_as_people_do() {
    assert!(MixError::Zero(1).to_string().starts_with("operation 2 "));
}

#[test]
fn one_operation_gets_every_call() {
    for order in [Order::Random, Order::Repeat] {
        let mix = mix(&[7], order, 1);
        assert_eq!(mix.operation(u64::MAX, u32::MAX, u64::MAX), 0);
    }
}

#[test]
fn the_order_follows_from_the_seed_and_differs_from_block_to_block() {
    let weights = [50, 30, 15, 5, 1];
    let first = mix(&weights, Order::Random, 1);
    let block_of = |mix: &Mix, number| block(mix, 101, number);
    assert_eq!(
        block_of(&first, 0),
        block_of(&mix(&weights, Order::Random, 1), 0)
    );
    assert_ne!(
        block_of(&first, 0),
        block_of(&mix(&weights, Order::Random, 2), 0)
    );
    assert_ne!(block_of(&first, 0), block_of(&first, 1));
    assert_eq!(counts(block_of(&first, 1 << 40)).len(), 5);
    assert!(first.operation(u64::MAX, 0, 0) < 5);
}

#[test]
fn the_same_mix_in_larger_numbers_is_the_same() {
    let small = mix(&[3, 1], Order::Random, 5);
    let large = mix(&[3_000_000, 1_000_000], Order::Random, 5);
    for index in 0..1_000 {
        assert_eq!(small.operation(index, 0, 0), large.operation(index, 0, 0));
    }
}

#[test]
fn every_operation_comes_first_as_often_as_its_weight_says() {
    const BLOCKS: u64 = 20_000;
    for weights in [
        vec![1, 1],
        vec![1, 2],
        vec![5, 3, 2],
        vec![90, 10],
        vec![1; 20],
    ] {
        let mix = mix(&weights, Order::Random, 9);
        let divisor = weights.iter().copied().fold(0, greatest_common_divisor);
        let length = weights.iter().sum::<u64>() / divisor;
        for place in [0, length - 1] {
            let there = (0..BLOCKS).map(|block| mix.operation(block * length + place, 0, 0));
            for (operation, count) in counts(there) {
                let share = weights[usize::from(operation)] as f64 / (length * divisor) as f64;
                let expected = share * BLOCKS as f64;
                // Five standard deviations.
                let room = 5.0 * (expected * (1.0 - share)).sqrt();
                assert!(
                    (count as f64 - expected).abs() < room,
                    "{weights:?} {operation} {count}"
                );
            }
        }
    }
}

#[test]
fn repeating_is_a_round_robin_that_spreads_and_each_worker_is_one_place_ahead() {
    let mix = mix(&[4, 2, 2], Order::Repeat, 1);
    let round = |worker| (0..8).map(move |nth| (worker, nth));
    let of = |worker: u32| -> Vec<u16> {
        round(worker)
            .map(|(worker, nth)| mix.operation(99, worker, nth))
            .collect()
    };
    assert_eq!(of(0), [0, 1, 2, 0, 0, 1, 2, 0]);
    assert_eq!(of(1), [1, 2, 0, 0, 1, 2, 0, 0]);
    assert_eq!(mix.operation(0, u32::MAX, u64::MAX), mix.operation(0, 3, 3));
}

#[test]
fn the_finest_mix_is_made_in_either_order() {
    let weights: Vec<u64> = (0..65_535).map(|n| 1 + n % 28).collect();
    assert!(weights.iter().sum::<u64>() <= 1_000_000);
    for order in [Order::Random, Order::Repeat] {
        assert!(mix(&weights, order, 1).operation(1 << 60, 7, 1 << 60) < 65_535);
    }
}

fn weights() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(1_u64..40, 1..10)
}

proptest! {
    #[test]
    fn every_block_holds_each_operation_exactly_as_often_as_its_weight(
        weights in weights(), seed in any::<u64>(), number in 0_u64..1 << 40,
    ) {
        let divisor = weights.iter().copied().fold(0, greatest_common_divisor);
        let length = weights.iter().sum::<u64>() / divisor;
        let found = counts(block(&mix(&weights, Order::Random, seed), length, number));
        for (operation, weight) in weights.iter().enumerate() {
            prop_assert_eq!(found.get(&(operation as u16)), Some(&(weight / divisor)));
        }
    }

    #[test]
    fn every_part_of_a_round_is_close_to_the_weights(weights in weights(), worker in any::<u32>()) {
        let divisor = weights.iter().copied().fold(0, greatest_common_divisor);
        let length = weights.iter().sum::<u64>() / divisor;
        let mix = mix(&weights, Order::Repeat, 0);
        let mut found = vec![0_u64; weights.len()];
        // Worker 0 sees the round from its beginning; any other sees all of it too.
        for nth in 0..length {
            found[usize::from(mix.operation(0, 0, nth))] += 1;
            for (count, weight) in found.iter().zip(&weights) {
                let share = *weight as f64 / (length * divisor) as f64;
                let room = 1.0 + share * weights.len() as f64 / 2.0;
                prop_assert!((*count as f64 - share * (nth + 1) as f64).abs() <= room);
            }
        }
        let others = counts((0..length).map(|nth| mix.operation(0, worker, nth)));
        for (operation, weight) in weights.iter().enumerate() {
            prop_assert_eq!(others.get(&(operation as u16)), Some(&(weight / divisor)));
        }
    }
}

/// The order in which a comparison gives an index to its operations.
fn order(mix: &Mix, index: u64) -> Vec<u16> {
    let calls = u64::from(mix.calls_of_an_index());
    // The worker has made calls of other indexes before, and these were whole.
    let before = index % 7 * calls;
    let places = before..before + calls;
    places.map(|nth| mix.operation(index, 3, nth)).collect()
}

#[test]
fn a_comparison_gives_each_index_to_every_operation_once() {
    for operations in [2, 3, 5, 16, 100] {
        let each = Mix::each(operations, 7).unwrap();
        for index in (0..50).chain([u64::MAX]) {
            let mut order = order(&each, index);
            order.sort_unstable();
            assert!(order.into_iter().eq(0..operations as u16), "{operations}");
        }
    }
    assert_eq!(Mix::each(0, 7).err(), Some(MixError::Empty));
    assert_eq!(Mix::each(65_536, 7).err(), Some(MixError::TooMany(65_536)));
    assert_eq!(Mix::each(1, 7).unwrap().calls_of_an_index(), 1);
    assert_eq!(mix(&[5, 2], Order::Random, 7).calls_of_an_index(), 1);
}

#[test]
fn the_orders_of_a_comparison_follow_from_the_seed() {
    let orders = |seed| {
        let each = Mix::each(3, seed).unwrap();
        (0..100)
            .map(|index| order(&each, index))
            .collect::<Vec<_>>()
    };
    assert_eq!(orders(1), orders(1));
    assert_ne!(orders(1), orders(2));
}

/// Pearson's sum over cells that are all expected alike.
fn chi_square(counts: impl Iterator<Item = u64> + Clone, cells: u64) -> f64 {
    let expected = counts.clone().sum::<u64>() as f64 / cells as f64;
    let off = counts.map(|count| (count as f64 - expected).powi(2) / expected);
    off.sum()
}

#[test]
fn all_orders_of_a_comparison_are_as_frequent_and_tell_nothing_of_the_next() {
    const INDEXES: u64 = 24_000;
    // The value that chi-square with so many degrees of freedom exceeds once in a thousand times.
    for (operations, orders, limit) in [(2, 2, 10.83), (3, 6, 20.52), (4, 24, 49.73)] {
        for seed in 1..=5 {
            let each = Mix::each(operations, seed).unwrap();
            let (mut seen, mut pairs) = (BTreeMap::new(), BTreeMap::new());
            for index in 0..INDEXES {
                let now = order(&each, index);
                *pairs
                    .entry((now[0], order(&each, index + 1)[0]))
                    .or_default() += 1;
                *seen.entry(now).or_default() += 1;
            }
            assert_eq!(seen.len() as u64, orders);
            let of_orders = chi_square(seen.values().copied(), orders);
            assert!(of_orders < limit, "{operations} {seed}: {of_orders}");
            // Who comes first says nothing of who comes first next: 3, 8 and 15 degrees.
            let limit = [16.27, 26.12, 37.70][operations - 2];
            let of_pairs = chi_square(pairs.values().copied(), (operations * operations) as u64);
            assert!(of_pairs < limit, "{operations} {seed}: {of_pairs}");
        }
    }
}
