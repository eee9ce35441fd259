//! Makes what somebody else chose safe to show: a tag, a name, a message, the text of an error.
//!
//! Invariant: the result holds no control character, nothing that reorders or hides text, no line break; and without
//! Unicode nothing beyond ASCII. So it moves no cursor, colours nothing and stays on its line.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::style::Style;

/// The text with everything that is not plainly visible escaped as Rust writes it: `\n`, `\u{202e}`.
pub fn printable(text: &str, style: Style) -> Cow<'_, str> {
    if text.chars().all(|c| is_visible(c, style)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if is_visible(c, style) => shown.push(c),
            // Ours: the mark of a tag or message that was cut.
            '…' => shown.push_str(".."),
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            c => shown.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(shown)
}

/// A name as it is shown: [`printable`], and `(empty)` if there is nothing to show.
pub fn name(text: &str, style: Style) -> Cow<'_, str> {
    if text.trim().is_empty() && text.chars().all(|c| c == ' ') {
        Cow::Borrowed("(empty)")
    } else {
        printable(text, style)
    }
}

fn is_visible(c: char, style: Style) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    // What Rust's own tables call printable, combining marks included, unless it takes no room: those could pile up.
    let is_escaped = c.escape_debug().count() > 1;
    style.unicode && !is_escaped && c.width().is_some_and(|width| width > 0)
}

/// How many columns text takes.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// The text cut to at most `columns`, marked where something is missing.
pub fn clip(text: &str, columns: usize, style: Style) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    let mark = style.text("…");
    let room = columns.saturating_sub(mark.width());
    let mut clipped = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        clipped.push(c);
    }
    clipped.push_str(&mark);
    Cow::Owned(clipped)
}

/// The text in lines of at most `columns`, broken between words, and inside of one only where it is longer than a line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let width = word.width();
        if used > 0 && used + 1 + width > columns {
            lines.push(String::new());
            used = 0;
        }
        if used > 0 {
            push(&mut lines, " ");
            used += 1;
        }
        for c in word.chars() {
            let width = c.width().unwrap_or(0);
            if used > 0 && used + width > columns {
                lines.push(String::new());
                used = 0;
            }
            push(&mut lines, c.encode_utf8(&mut [0; 4]));
            used += width;
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNICODE: Style = Style {
        color: true,
        unicode: true,
        width: 80,
    };

    #[test]
    fn what_would_steer_a_terminal_is_escaped() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(name(text, UNICODE), expected);
        }
        check("200", "200");
        check("größe 尺寸", "größe 尺寸");
        check("don't \"quote\" \\ back", "don't \"quote\" \\ back");
        check("", "(empty)");
        check("  ", "(empty)");
        check("a\nb\r\tc", "a\\nb\\r\\tc");
        check("\u{1b}[31mred", "\\u{1b}[31mred");
        check("\u{9b}31m", "\\u{9b}31m");
        check("abc\u{202e}def", "abc\\u{202e}def");
        check(
            "a\u{200b}b\u{2028}c\u{feff}",
            "a\\u{200b}b\\u{2028}c\\u{feff}",
        );
        check("\u{7f}\u{0}", "\\u{7f}\\u{0}");
        check("e\u{301}\u{301}", "e\\u{301}\\u{301}");
    }

    #[test]
    fn without_unicode_everything_is_ascii() {
        assert_eq!(printable("größe…", Style::PLAIN), "gr\\u{f6}\\u{df}e..");
    }

    #[test]
    fn clipping_counts_columns_and_not_characters() {
        assert_eq!(clip("abcdef", 6, UNICODE), "abcdef");
        assert_eq!(clip("abcdefg", 6, UNICODE), "abcde…");
        assert_eq!(clip("尺寸尺寸", 6, UNICODE), "尺寸…");
        assert_eq!(clip("abcdefg", 6, Style::PLAIN), "abcd..");
    }

    #[test]
    fn lines_break_between_words_and_inside_long_ones() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij k", 4), ["abcd", "efgh", "ij k"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("x", 0), ["x"]);
        assert_eq!(wrap("a  =  b", 4), ["a  =", "b"]);
    }

    proptest! {
        #[test]
        fn nothing_unprintable_gets_through(text in any::<String>(), unicode in any::<bool>()) {
            let shown = name(&text, Style { unicode, ..UNICODE }).into_owned();
            prop_assert!(!shown.chars().any(char::is_control), "{shown:?}");
            prop_assert!(unicode || shown.is_ascii(), "{shown:?}");
            prop_assert!(!shown.is_empty());
        }

        #[test]
        fn clipped_and_wrapped_text_fits(text in "[a-z 尺寸]{0,60}", columns in 2usize..30) {
            prop_assert!(clip(&text, columns, UNICODE).width() <= columns);
            for line in wrap(&text, columns) {
                prop_assert!(line.width() <= columns, "{line}");
            }
        }
    }
}
