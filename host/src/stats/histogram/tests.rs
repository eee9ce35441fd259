use std::io::Read;

use super::*;
use hdrhistogram::serialization::{Deserializer, Serializer, V2DeflateSerializer, V2Serializer};
use proptest::prelude::*;

/// The crate's histogram with our buckets.
fn crate_histogram() -> hdrhistogram::Histogram<u64> {
    hdrhistogram::Histogram::new_with_bounds(1, HIGHEST_NS, DIGITS).unwrap()
}

fn of(values: &[u64]) -> Histogram {
    let mut histogram = Histogram::new();
    values.iter().for_each(|&ns| histogram.record(ns));
    histogram
}

/// Durations of every magnitude.
fn durations() -> impl Strategy<Value = Vec<u64>> {
    let one = (0u32..44, any::<u64>())
        .prop_map(|(bits, value)| value & ((1u64 << bits) | ((1 << bits) - 1)));
    prop::collection::vec(one, 0..300)
}

#[test]
fn an_empty_histogram_has_no_figures_and_no_memory() {
    let empty = Histogram::new();
    assert_eq!(
        (empty.len(), empty.min(), empty.max(), empty.sum()),
        (0, None, None, 0)
    );
    assert_eq!(
        (empty.mean(), empty.stdev(), empty.quantile(0.5)),
        (None, None, None)
    );
    assert_eq!(empty.memory(), 0);
}

#[test]
fn memory_follows_the_magnitudes_seen_and_not_the_calls() {
    let values: Vec<u64> = (0..100_000).map(|i| 1_048_576 + i * 10).collect();
    assert_eq!(of(&values).memory(), 8 * 1024);
    assert_eq!(of(&[1, 1_000_000, 1_000_000_000]).memory(), 3 * 8 * 1024);
}

#[test]
fn above_an_hour_durations_are_clamped_and_the_maximum_is_true() {
    let histogram = of(&[HIGHEST_NS, HIGHEST_NS * 2, u64::MAX]);
    assert_eq!(
        histogram
            .buckets()
            .map(|bucket| bucket.count)
            .collect::<Vec<_>>(),
        [3]
    );
    assert_eq!(histogram.max(), Some(u64::MAX));
    assert_eq!(
        histogram.sum(),
        u128::from(HIGHEST_NS) * 3 + u128::from(u64::MAX)
    );
}

#[test]
fn ranks_are_not_moved_by_binary_rounding() {
    #[track_caller]
    fn check(q: f64, count: u64, expected: u64) {
        assert_eq!(rank(q, count), expected);
    }
    check(0.5, 20, 10);
    check(0.5, 21, 11);
    check(99.9 / 100.0, 10_000, 9_990);
    check(99.99 / 100.0, 100_000, 99_990);
    check(0.0, 10, 1);
    check(1.0, 10, 10);
    check(0.5, 0, 0);
    check(f64::NAN, 10, 1);
}

#[test]
fn a_quantile_needs_ten_samples_beyond_it() {
    let values: Vec<u64> = (1..=1000).collect();
    assert_eq!(of(&values).quantile(0.99), Some(990));
    assert_eq!(of(&values[..999]).quantile(0.99), None);
    assert_eq!(of(&values[..20]).quantile(0.5), Some(10));
    assert_eq!(of(&values[..19]).quantile(0.5), None);
}

#[test]
fn the_deviation_of_known_samples_is_known() {
    assert_eq!(of(&[7_000_000; 5]).stdev(), Some(0.0));
    let stdev = of(&[100, 200, 300, 400]).stdev().unwrap();
    assert!((stdev - 111.803).abs() < 0.001, "{stdev}");
}

proptest! {
    #[test]
    fn buckets_and_ranks_are_those_of_hdrhistogram(values in durations(), q in 0.0f64..=1.0) {
        let ours = of(&values);
        let mut theirs = crate_histogram();
        values.iter().for_each(|&ns| theirs.record(ns.min(HIGHEST_NS)).unwrap());
        let expected: Vec<(u64, u64)> = theirs
            .iter_recorded()
            .map(|step| (theirs.lowest_equivalent(step.value_iterated_to()), step.count_at_value()))
            .collect();
        prop_assert_eq!(ours.buckets().map(|b| (b.low, b.count)).collect::<Vec<_>>(), expected);
        for bucket in ours.buckets() {
            prop_assert_eq!(bucket.high, theirs.highest_equivalent(bucket.low));
        }
        if !values.is_empty() {
            let value = ours.value_at_rank(rank(q, ours.len()));
            prop_assert_eq!(place(value), place(theirs.value_at_quantile(q)));
        }
    }

    #[test]
    fn a_rank_is_the_sorted_sample_to_three_digits(mut values in durations(), at in any::<prop::sample::Index>()) {
        prop_assume!(!values.is_empty());
        let rank = at.index(values.len());
        let value = of(&values).value_at_rank(rank as u64 + 1);
        values.sort_unstable();
        let (sorted, longest) = (values[rank], values[values.len() - 1]);
        if sorted > HIGHEST_NS {
            // All of these share one bucket.
            prop_assert!((HIGHEST_NS..=longest).contains(&value), "{value} {sorted}");
        } else {
            prop_assert!(value >= sorted && value - sorted <= sorted / 1000, "{value} {sorted}");
        }
    }

    #[test]
    fn merging_equals_recording_everything_in_one(a in durations(), b in durations(), c in durations()) {
        let all = of(&[a.clone(), b.clone(), c.clone()].concat());
        let (a, b, c) = (of(&a), of(&b), of(&c));
        let mut left = a.clone();
        left.merge(&b);
        left.merge(&c);
        let mut right = c.clone();
        right.merge(&b);
        right.merge(&a);
        let mut nested = b.clone();
        nested.merge(&c);
        let mut outer = a.clone();
        outer.merge(&nested);
        prop_assert_eq!(&left, &all);
        prop_assert_eq!(&right, &all);
        prop_assert_eq!(&outer, &all);
    }

    #[test]
    fn what_we_encode_the_crate_decodes_to_the_same(values in durations(), q in 0.0f64..=1.0) {
        let ours = of(&values);
        let mut bytes = crate::base64::decode(&ours.v2_deflate_base64().unwrap()).unwrap();
        let theirs: hdrhistogram::Histogram<u64> = Deserializer::new().deserialize(&mut bytes.as_slice()).unwrap();
        prop_assert_eq!(theirs.len(), ours.len());
        prop_assert_eq!((theirs.low(), theirs.high(), theirs.sigfig()), (1, HIGHEST_NS, DIGITS));
        for bucket in ours.buckets() {
            prop_assert_eq!(theirs.count_at(bucket.low), bucket.count);
        }
        if !values.is_empty() {
            let value = ours.value_at_rank(rank(q, ours.len()));
            prop_assert_eq!(place(value), place(theirs.value_at_quantile(q)));
        }
        // Before compression there is one way to write a histogram, and it is theirs.
        let (mut ours_plain, mut theirs_plain) = (Vec::new(), Vec::new());
        bytes.drain(..8);
        flate2::read::ZlibDecoder::new(bytes.as_slice()).read_to_end(&mut ours_plain).unwrap();
        V2Serializer::new().serialize(&theirs, &mut theirs_plain).unwrap();
        prop_assert_eq!(ours_plain, theirs_plain);
    }

    #[test]
    fn what_the_crate_encodes_we_decode_to_the_same(values in durations()) {
        prop_assume!(!values.is_empty());
        let ours = of(&values);
        let mut theirs = crate_histogram();
        values.iter().for_each(|&ns| theirs.record(ns.min(HIGHEST_NS)).unwrap());
        let mut bytes = Vec::new();
        V2DeflateSerializer::new().serialize(&theirs, &mut bytes).unwrap();
        let encoded = Encoded { hdr: crate::base64::encode(&bytes), ..ours.encoded().unwrap() };
        prop_assert_eq!(encoded.decode(), Ok(ours));
    }
}
