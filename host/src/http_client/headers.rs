//! The header fields of an answer, taken apart only as far as somebody asks.

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// The header fields of an answer, in the order in which they came.
///
/// An operation asks for few of them or none. Over HTTP/1.1 they are therefore kept as the lines that they came in,
/// which the parser has judged already.
#[derive(Debug, Clone)]
pub struct Headers(Fields);

#[derive(Debug, Clone)]
enum Fields {
    /// Lines of `name: value`, and the empty one that ends them.
    Lines(Bytes),
    Map(HeaderMap),
}

impl Headers {
    /// The fields of these lines, which have passed the parser: each has a name, a colon and no line end inside.
    pub(super) fn of_lines(lines: Bytes) -> Headers {
        Headers(Fields::Lines(lines))
    }

    /// Names, in the case that they came in, and values without the white space around them.
    pub fn iter(&self) -> Iter<'_> {
        match &self.0 {
            Fields::Lines(lines) => Iter(Inner::Lines(lines)),
            Fields::Map(map) => Iter(Inner::Map(map.iter())),
        }
    }

    /// The first value of that name, in any case.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// All values of that name, in any case.
    pub fn get_all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// As a map, for whoever needs one.
    pub fn into_map(self) -> HeaderMap {
        let lines = match self.0 {
            Fields::Map(map) => return map,
            lines @ Fields::Lines(_) => Headers(lines),
        };
        let mut map = HeaderMap::new();
        for (name, value) in lines.iter() {
            // Neither fails: the parser of the answer takes nothing that these do not.
            if let (Ok(name), Ok(value)) = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::from_bytes(value),
            ) {
                map.append(name, value);
            }
        }
        map
    }
}

impl From<HeaderMap> for Headers {
    fn from(map: HeaderMap) -> Headers {
        Headers(Fields::Map(map))
    }
}

/// The fields one by one; see [`Headers::iter`].
#[derive(Debug)]
pub struct Iter<'a>(Inner<'a>);

#[derive(Debug)]
enum Inner<'a> {
    /// The lines that are left.
    Lines(&'a [u8]),
    Map(header::Iter<'a, HeaderValue>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Inner::Map(fields) => {
                let (name, value) = fields.next()?;
                Some((name.as_str(), value.as_bytes()))
            }
            Inner::Lines(rest) => {
                let end = rest.iter().position(|byte| *byte == b'\n')?;
                let (line, after) = rest.split_at(end + 1);
                // The empty line has no colon.
                let colon = line.iter().position(|byte| *byte == b':')?;
                *rest = after;
                let (name, value) = line.split_at(colon);
                let value = value.strip_prefix(b":").unwrap_or(value);
                // White space around it, and the line end. A value has no other control characters but tabs.
                Some((
                    std::str::from_utf8(name).unwrap_or_default(),
                    value.trim_ascii(),
                ))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &'static str) -> Headers {
        Headers::of_lines(Bytes::from_static(text.as_bytes()))
    }

    fn all(headers: &Headers) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        headers
            .iter()
            .map(|(name, value)| (name.to_owned(), text(value)))
            .collect()
    }

    #[test]
    fn lines_are_taken_apart_when_they_are_asked_for() {
        #[track_caller]
        fn check(text: &'static str, expected: &[(&str, &str)]) {
            let expected: Vec<_> = expected
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!(all(&lines(text)), expected, "{text:?}");
        }
        check("", &[]);
        check("\r\n", &[]);
        check("\n", &[]);
        check("a: b\r\n\r\n", &[("a", "b")]);
        check("A:b\r\n\r\n", &[("A", "b")]);
        check("a: \t b c \t \r\n\r\n", &[("a", "b c")]);
        check("a:\r\nb: \r\n\r\n", &[("a", ""), ("b", "")]);
        check("a: b\nc: d:e\r\n\n", &[("a", "b"), ("c", "d:e")]);
        check(
            "a: 1\r\nb: 2\r\nA: 3\r\n\r\n",
            &[("a", "1"), ("b", "2"), ("A", "3")],
        );
    }

    #[test]
    fn names_are_found_in_any_case_in_either_form() {
        let lines = lines("Set-Cookie: a\r\nx: y\r\nset-cookie: b\r\n\r\n");
        let map = Headers::from(lines.clone().into_map());
        for headers in [lines, map] {
            assert_eq!(headers.get("SET-cookie"), Some(b"a".as_slice()));
            let cookies: Vec<_> = headers.get_all("set-cookie").collect();
            assert_eq!(cookies, [b"a", b"b"]);
            assert_eq!(headers.get("x"), Some(b"y".as_slice()));
            assert_eq!(headers.get("set"), None);
            assert_eq!(headers.get(""), None);
            assert_eq!(headers.get_all("z").count(), 0);
        }
    }
}
