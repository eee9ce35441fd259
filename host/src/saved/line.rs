//! A line in bytes: JSON on one line, whose last member is a checksum of everything before it.

use serde::Serialize;

/// The longest line, without its end. Longer ones are neither written nor read.
pub(super) const MOST_BYTES: usize = 32 << 20;

/// What stands before the checksum.
const BEFORE: &[u8] = b",\"crc32\":\"";

/// What stands after it.
const AFTER: &[u8] = b"\"}";

/// Hexadecimal digits of a checksum.
const DIGITS: usize = 8;

/// Appends a value, which must be an object with at least one member, as a line. `None`, and nothing appended, if that
/// cannot be or the line would be too long.
pub(super) fn append(bytes: &mut Vec<u8>, value: &impl Serialize) -> Option<()> {
    let start = bytes.len();
    let is_written = serde_json::to_writer(&mut *bytes, value).is_ok();
    // The closing brace comes back behind the checksum.
    let is_object = bytes.len() > start + 2 && bytes.pop() == Some(b'}');
    let length = bytes.len() - start + BEFORE.len() + DIGITS + AFTER.len();
    if !is_written || !is_object || length > MOST_BYTES {
        bytes.truncate(start);
        return None;
    }
    let checksum = crc32fast::hash(&bytes[start..]);
    bytes.extend_from_slice(BEFORE);
    bytes.extend_from_slice(format!("{checksum:08x}").as_bytes());
    bytes.extend_from_slice(AFTER);
    bytes.push(b'\n');
    Some(())
}

/// Whether a line, given without its end, is what was written.
pub(super) fn is_whole(line: &[u8]) -> bool {
    let checked = line.strip_suffix(AFTER).and_then(|rest| {
        let (rest, digits) = rest.split_at_checked(rest.len().checked_sub(DIGITS)?)?;
        Some((rest.strip_suffix(BEFORE)?, digits))
    });
    checked.is_some_and(|(content, digits)| {
        // Compared as text, so that there is one way to write a checksum.
        digits == format!("{:08x}", crc32fast::hash(content)).as_bytes()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(value: &serde_json::Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        append(&mut bytes, value).unwrap();
        bytes
    }

    #[test]
    fn a_line_is_json_with_the_checksum_of_what_stands_before_it() {
        // The checksum is what Python's `zlib.crc32` gives for `{"a":"ß"` in UTF-8.
        let line = line(&json!({"a": "ß"}));
        let text = String::from_utf8(line.clone()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value, json!({"a": "ß", "crc32": "19f3f75b"}));
        assert!(
            text.ends_with("\"}\n") && text.matches('\n').count() == 1,
            "{text}"
        );
        assert!(is_whole(&line[..line.len() - 1]));
    }

    #[test]
    fn a_line_with_another_bit_is_not_whole() {
        let line = line(&json!({"a": "b\nc", "d": 5}));
        let line = &line[..line.len() - 1];
        for bit in 0..line.len() * 8 {
            let mut other = line.to_vec();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_whole(&other), "bit {bit}");
        }
        for length in 0..line.len() {
            assert!(!is_whole(&line[..length]), "{length} bytes");
        }
    }

    #[test]
    fn what_is_no_object_is_not_written() {
        let mut bytes = b"before".to_vec();
        for value in [json!({}), json!([1]), json!("text"), json!(5)] {
            assert_eq!(append(&mut bytes, &value), None);
        }
        let long = json!({"a": "x".repeat(MOST_BYTES)});
        assert_eq!(append(&mut bytes, &long), None);
        assert_eq!(bytes, b"before");
    }
}
