//! The encodings of the web that requests need: percent, forms, base64.

use std::fmt::Write;

/// Percent-encodes everything but the unreserved characters of RFC 3986, section 2.3.
pub(crate) fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// `name=value&…`, as an `application/x-www-form-urlencoded` body.
pub(crate) fn form<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let fields: Vec<String> = fields
        .into_iter()
        .map(|(name, value)| format!("{}={}", percent(name), percent(&value)))
        .collect();
    fields.join("&")
}

/// Base64 with padding (RFC 4648, section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, index| {
            bits << 8 | u32::from(*chunk.get(index).unwrap_or(&0))
        });
        for position in 0..4 {
            let sextet = (bits >> (18 - 6 * position)) & 63;
            let letter = if position <= chunk.len() {
                ALPHABET[sextet as usize]
            } else {
                b'='
            };
            encoded.push(char::from(letter));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_stay_as_they_are() {
        assert_eq!(percent("aZ09-._~"), "aZ09-._~");
        assert_eq!(percent("a b&c=ü/?#"), "a%20b%26c%3D%C3%BC%2F%3F%23");
    }

    #[test]
    fn a_form_is_joined_by_ampersands() {
        assert_eq!(
            form([("user", "a&b".to_owned()), ("n", "1".to_owned())]),
            "user=a%26b&n=1"
        );
        assert_eq!(form([]), "");
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
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
}
