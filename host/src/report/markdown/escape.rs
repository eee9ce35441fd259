//! Text that is not ours, or not meant as markup, in Markdown as GitHub reads it (<https://github.github.com/gfm/>).
//!
//! It is shown as it is in a table, too, and neither begins a link, a mention or an element of HTML nor ends a cell.

use crate::report::printable::name;
use crate::report::style::Style;

/// The longest text shown, in characters.
const LONGEST: usize = 300;

/// A name, a message or the like, as code: nothing in it means anything.
pub(super) fn code(text: &str) -> String {
    let shown = shown(text);
    // What ends a span or a cell, or would be taken off its ends.
    let is_plain = !shown.contains(['`', '|']) && shown.trim() == shown;
    match is_plain {
        true => format!("`{shown}`"),
        false => format!(
            "<code>{}</code>",
            entities(&shown, |c| c.is_ascii_punctuation())
        ),
    }
}

/// Text without markup.
pub(super) fn plain(text: &str) -> String {
    // Of the signs that mean something, those that stand in our figures and sentences mean nothing between them.
    entities(&shown(text), |c| {
        c.is_ascii_punctuation() && !",.;:()-/%='+?!\"".contains(c)
    })
    .replace("://", ":&#47;/")
    .replace("www.", "www&#46;")
}

/// A sentence in which names stand between backticks.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // With the last one missing its partner, it is no mark.
    let is_paired = parts.len() % 2 == 1;
    let parts = parts
        .iter()
        .enumerate()
        .map(|(index, part)| match index % 2 == 1 && is_paired {
            true => code(part),
            false => plain_part(part),
        });
    parts
        .collect::<Vec<_>>()
        .join(if is_paired { "" } else { "&#96;" })
}

/// As [`plain`], but that nothing stays nothing.
fn plain_part(text: &str) -> String {
    match text.chars().all(|c| c == ' ') {
        true => text.to_owned(),
        false => plain(text),
    }
}

fn shown(text: &str) -> String {
    let style = Style {
        unicode: true,
        ..Style::PLAIN
    };
    let shown = name(text, style);
    match shown.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown.into_owned(),
    }
}

/// The text with the characters that `is_special` written as their numbers, which mean nothing but themselves. A mention of
/// a person or an issue is looked for in what is shown, so it is broken up there.
fn entities(text: &str, is_special: impl Fn(char) -> bool) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '@' | '#' => written.push_str(&format!("&#{};<!-- -->", u32::from(c))),
            c if is_special(c) => written.push_str(&format!("&#{};", u32::from(c))),
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_means_nothing_is_readable_code() {
        for (text, expected) in [
            ("200", "`200`"),
            ("", "`(empty)`"),
            ("<b>@a #1", "`<b>@a #1`"),
            ("a\nb", "`a\\nb`"),
            ("a|b", "<code>a&#124;b</code>"),
            ("`", "<code>&#96;</code>"),
            (" a", "<code> a</code>"),
            ("\\", "`\\`"),
            ("\\|", "<code>&#92;&#124;</code>"),
            ("@a`", "<code>&#64;<!-- -->a&#96;</code>"),
        ] {
            assert_eq!(code(text), expected);
        }
    }

    #[test]
    fn sentences_are_shown_as_they_are() {
        for (text, expected) in [
            ("> 1.00 s", "&#62; 1.00 s"),
            (
                "done: 3 956 ok, 44 fail; 97.80 %",
                "done: 3 956 ok, 44 fail; 97.80 %",
            ),
            ("`a:80` was denied (3×)", "`a:80` was denied (3×)"),
            ("a `b", "a &#96;b"),
            (
                "*a* [b](http://c) @d #5 <e>",
                "&#42;a&#42; &#91;b&#93;(http:&#47;/c) &#64;<!-- -->d &#35;<!-- -->5 &#60;e&#62;",
            ),
            ("`` x", "`(empty)` x"),
        ] {
            assert_eq!(prose(text), expected);
        }
    }

    proptest! {
        #[test]
        fn nothing_ends_a_cell_or_a_line(text in any::<String>(), marked in "[|`\\\\<>@#*\\n a]{0,12}") {
            for text in [text, marked] {
                for written in [code(&text), plain(&text), prose(&text)] {
                    prop_assert!(!written.contains(['|', '\n']), "{written}");
                    // Every backtick is one of a pair around what holds none.
                    prop_assert_eq!(written.matches('`').count() % 2, 0, "{}", written);
                }
                let outside = plain(&text).replace("<!-- -->", "");
                prop_assert!(!outside.contains(['<', '*', '[', '`', '@', '_', '~']), "{outside}");
            }
        }
    }
}
