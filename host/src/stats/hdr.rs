//! HdrHistogram's interchange format: [V2 with DEFLATE](https://github.com/HdrHistogram/HdrHistogram), in base64 as
//! RFC 4648 section 4 has it.

use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};

use super::histogram::{Bucket, DIGITS, HIGHEST_NS};

/// An empty histogram of the crate with our bounds. `None` never comes back as long as the bounds are sane.
pub(super) fn empty() -> Option<hdrhistogram::Histogram<u64>> {
    hdrhistogram::Histogram::new_with_bounds(1, HIGHEST_NS, DIGITS).ok()
}

/// Encodes buckets; each is represented by its lowest value, which is where readers place it.
pub(super) fn encode(buckets: impl Iterator<Item = Bucket>) -> Option<String> {
    let mut histogram = empty()?;
    for bucket in buckets {
        histogram.record_n(bucket.low, bucket.count).ok()?;
    }
    let mut bytes = Vec::new();
    V2DeflateSerializer::new()
        .serialize(&histogram, &mut bytes)
        .ok()?;
    Some(base64(&bytes))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let sextet = (bits >> (18 - 6 * position)) as usize & 63;
            text.push(if position <= chunk.len() {
                char::from(ALPHABET[sextet])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
pub(super) fn decode(text: &str) -> hdrhistogram::Histogram<u64> {
    let mut bytes = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        let value = |c: u8| match c {
            b'A'..=b'Z' => u32::from(c - b'A'),
            b'a'..=b'z' => u32::from(c - b'a') + 26,
            b'0'..=b'9' => u32::from(c - b'0') + 52,
            b'+' => 62,
            b'/' => 63,
            _ => 0,
        };
        let bits = chunk.iter().fold(0, |bits, &c| bits << 6 | value(c));
        let padding = chunk.iter().filter(|&&c| c == b'=').count();
        bytes.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
    }
    hdrhistogram::serialization::Deserializer::new()
        .deserialize(&mut bytes.as_slice())
        .unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // The test vectors of RFC 4648 section 10.
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, encoded) in vectors {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn an_encoded_histogram_has_the_known_beginning() {
        // The compressed V2 cookie, 0x1c849314, is what every reader looks for first.
        assert!(encode(std::iter::empty()).unwrap().starts_with("HISTFA"));
    }
}
