//! A histogram in writing, from which it comes back exactly.

use serde::{Deserialize, Serialize};

use super::{HdrError, Histogram, PAGE, hdr, place};

/// A histogram that is not empty, as a saved run has it. What the interchange format lacks stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encoded {
    /// How many durations were counted.
    pub count: u64,
    /// Their sum in nanoseconds, written as a string of decimal digits because readers in other languages would round it.
    #[serde(with = "decimal")]
    pub sum: u128,
    /// The shortest in nanoseconds.
    pub min: u64,
    /// The longest in nanoseconds.
    pub max: u64,
    /// The counts: HdrHistogram V2 with DEFLATE, in base64.
    pub hdr: String,
}

/// Why an [`Encoded`] is no histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodedError {
    /// The counts cannot be read.
    #[error("the counts of a histogram cannot be read: {0}")]
    Hdr(#[from] HdrError),
    /// It is empty. An empty histogram is left out.
    #[error("a histogram is empty")]
    Empty,
    /// The number of durations is not the sum of the counts.
    #[error("a histogram of {count} has counts of {counted} together")]
    Count {
        /// What it says.
        count: u64,
        /// What it has.
        counted: u64,
    },
    /// The shortest or longest is not in the first or last bucket.
    #[error("the shortest or longest of a histogram is not where its counts begin and end")]
    Ends,
    /// The sum is less than all of them at the shortest or more than all of them at the longest.
    #[error("the sum of a histogram is not between its shortest and longest, taken {0} times")]
    Sum(u64),
}

impl Histogram {
    /// The exact form for a saved run; `None` for an empty one.
    pub fn encoded(&self) -> Option<Encoded> {
        (!self.is_empty()).then(|| Encoded {
            count: self.count,
            sum: self.sum,
            min: self.min,
            max: self.max,
            // What could not be encoded is refused by a reader, instead of being taken for nothing.
            hdr: self.v2_deflate_base64().unwrap_or_default(),
        })
    }
}

impl Encoded {
    /// The histogram, equal to the one that was encoded.
    ///
    /// # Errors
    /// It cannot be read or does not agree with itself.
    pub fn decode(&self) -> Result<Histogram, EncodedError> {
        let mut histogram = Histogram {
            sum: self.sum,
            min: self.min,
            max: self.max,
            ..Histogram::new()
        };
        let mut counted = Some(0u64);
        let mut ends = None;
        hdr::decode(&self.hdr, |index, count| {
            let (page, slot) = (index / PAGE, index % PAGE);
            histogram.pages[page].get_or_insert_with(|| Box::new([0; PAGE]))[slot] = count;
            counted = counted.and_then(|counted| counted.checked_add(count));
            let (first, _) = *ends.get_or_insert(((page, slot), (page, slot)));
            ends = Some((first, (page, slot)));
        })?;
        let counted = counted.ok_or(HdrError::Counts)?;
        if counted != self.count {
            let count = self.count;
            return Err(EncodedError::Count { count, counted });
        }
        let ends = ends.ok_or(EncodedError::Empty)?;
        if self.min > self.max || ends != (place(self.min), place(self.max)) {
            return Err(EncodedError::Ends);
        }
        let least = u128::from(self.min) * u128::from(counted);
        let most = u128::from(self.max) * u128::from(counted);
        if !(least..=most).contains(&self.sum) {
            return Err(EncodedError::Sum(counted));
        }
        histogram.count = counted;
        Ok(histogram)
    }
}

/// A number as a string of decimal digits.
mod decimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(number: &u128, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u128, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::super::HIGHEST_NS;
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Encoded {
        let mut histogram = Histogram::new();
        values.iter().for_each(|&ns| histogram.record(ns));
        histogram.encoded().unwrap()
    }

    #[test]
    fn an_empty_histogram_is_left_out() {
        assert_eq!(Histogram::new().encoded(), None);
    }

    #[test]
    fn the_form_is_the_documented_one() {
        let json = serde_json::to_value(of(&[3, 7_000_000_000_000])).unwrap();
        assert_eq!(json["count"], 2);
        assert_eq!(json["sum"], "7000000000003");
        assert_eq!(json["min"], 3);
        assert_eq!(json["max"], 7_000_000_000_000u64);
        assert!(json["hdr"].as_str().unwrap().starts_with("HISTFA"));
    }

    #[test]
    fn what_does_not_agree_with_itself_is_refused() {
        #[track_caller]
        fn check(change: impl Fn(&mut Encoded), expected: EncodedError) {
            let mut encoded = of(&[1_000, 2_000, 9_000_000]);
            change(&mut encoded);
            assert_eq!(encoded.decode(), Err(expected));
        }
        check(
            |it| it.count = 4,
            EncodedError::Count {
                count: 4,
                counted: 3,
            },
        );
        check(|it| it.min = 999, EncodedError::Ends);
        check(|it| it.min = 1_001, EncodedError::Ends);
        check(|it| it.max = 8_000_000, EncodedError::Ends);
        check(|it| it.max = u64::MAX, EncodedError::Ends);
        check(|it| it.sum = 2_999, EncodedError::Sum(3));
        check(|it| it.sum = 27_000_001, EncodedError::Sum(3));
        check(|it| it.hdr.clear(), EncodedError::Hdr(HdrError::Length));
        check(
            |it| it.hdr = Histogram::new().v2_deflate_base64().unwrap(),
            EncodedError::Count {
                count: 3,
                counted: 0,
            },
        );
        let mut one = of(&[2_000_000, 2_000_001]);
        (one.min, one.max) = (one.max, one.min);
        assert_eq!(one.decode(), Err(EncodedError::Ends));
    }

    #[test]
    fn counts_without_end_are_refused() {
        let most = u64::MAX >> 1;
        let hdr = hdr::encode([(1, most), (2, most), (3, most)].into_iter()).unwrap();
        let encoded = Encoded {
            count: 1,
            sum: 1,
            min: 1,
            max: 3,
            hdr,
        };
        assert_eq!(encoded.decode(), Err(EncodedError::Hdr(HdrError::Counts)));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_gives_an_error_or_a_histogram() {
        let encoded = of(&[1, 5, 5, 1_000_000, 1_500_000, HIGHEST_NS]);
        let whole = encoded.hdr.as_bytes();
        let with = |bytes: &[u8]| Encoded {
            hdr: String::from_utf8_lossy(bytes).into_owned(),
            ..encoded.clone()
        };
        for bit in 0..whole.len() * 8 {
            let mut bytes = whole.to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let read = with(&bytes).decode();
            assert!(read.is_err() || read == encoded.decode(), "bit {bit}");
        }
        for length in 0..whole.len() {
            assert!(with(&whole[..length]).decode().is_err(), "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn a_histogram_comes_back_exactly(
            values in prop::collection::vec((0u32..=64, any::<u64>()), 1..200),
        ) {
            let mut histogram = Histogram::new();
            for (bits, value) in values {
                histogram.record(value.checked_shr(bits).unwrap_or(0));
            }
            let json = serde_json::to_string(&histogram.encoded().unwrap()).unwrap();
            let read: Encoded = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(read.decode(), Ok(histogram));
        }
    }
}
