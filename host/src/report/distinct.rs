//! Text that somebody else chose, for views that programs read: printable, on one line, and different where it was.
//!
//! What is not plainly visible is escaped as [`super::printable`] escapes it: `\n`, `\u{1b}`. A text may itself hold what
//! looks like such an escape; its backslashes are doubled, there alone, so that no two texts become the same and each can
//! be had back.

use super::printable::printable;
use super::style::Style;

/// What may follow the backslash of an escape.
const ESCAPES: [char; 4] = ['n', 'r', 't', 'u'];

/// The text with what cannot be seen escaped.
pub(super) fn distinct(text: &str) -> String {
    let style = Style {
        unicode: true,
        ..Style::PLAIN
    };
    let mut shown = String::with_capacity(text.len());
    let mut backslashes = 0;
    for c in text.chars() {
        if c == '\\' {
            backslashes += 1;
            continue;
        }
        let mut one = [0; 4];
        let one = c.encode_utf8(&mut one);
        let visible = printable(one, style);
        let is_escaped = *visible != *one;
        let times = if is_escaped || ESCAPES.contains(&c) {
            2
        } else {
            1
        };
        shown.extend(std::iter::repeat_n('\\', backslashes * times));
        backslashes = 0;
        shown.push_str(&visible);
    }
    shown.extend(std::iter::repeat_n('\\', backslashes));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The text that is shown like this.
    fn read(shown: &str) -> String {
        let mut text = String::new();
        let mut rest = shown;
        while let Some(at) = rest.find(|c| c != '\\') {
            let (slashes, after) = rest.split_at(at);
            let next = after.chars().next().unwrap();
            rest = &after[next.len_utf8()..];
            if !ESCAPES.contains(&next) {
                text.push_str(slashes);
                text.push(next);
                continue;
            }
            text.extend(std::iter::repeat_n('\\', slashes.len() / 2));
            text.push(match (slashes.len() % 2, next) {
                (0, next) => next,
                (_, 'n') => '\n',
                (_, 'r') => '\r',
                (_, 't') => '\t',
                (_, _) => {
                    let (code, after) = rest[1..].split_once('}').unwrap();
                    rest = after;
                    char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()
                }
            });
        }
        text + rest
    }

    #[test]
    fn only_what_looks_like_an_escape_is_changed() {
        for (text, expected) in [
            ("200", "200"),
            ("", ""),
            ("\\!trap", "\\!trap"),
            ("größe…", "größe…"),
            ("a\nb", "a\\nb"),
            ("a\\nb", "a\\\\nb"),
            ("\u{1b}", "\\u{1b}"),
            ("\\u{1b}", "\\\\u{1b}"),
            ("\\\u{1b}", "\\\\\\u{1b}"),
            ("\\", "\\"),
        ] {
            assert_eq!(distinct(text), expected);
            assert_eq!(read(expected), text);
        }
    }

    proptest! {
        #[test]
        fn a_text_can_be_had_back(text in "([\\\\nu{}1b\n\u{1b}\u{202e}aé]|\\PC){0,12}") {
            prop_assert_eq!(read(&distinct(&text)), text);
        }
    }
}
