//! Text in XML 1.0.

use super::distinct::distinct;

/// Text as it stands between tags or, in double quotes, in an attribute. Characters that XML cannot hold at all, such as
/// most control characters, are escaped as [`distinct`] escapes them, and with them line breaks, which an attribute would
/// lose.
pub(super) fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for c in distinct(text).chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
            c => xml.push(c),
        }
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_is_text_and_what_xml_lacks_is_escaped() {
        assert_eq!(escaped("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&apos;");
        assert_eq!(escaped("]]>"), "]]&gt;");
        assert_eq!(escaped("\0\n\u{1b}\u{fffe}"), "\\u{0}\\n\\u{1b}\\u{fffe}");
        assert_eq!(escaped("größe 尺寸"), "größe 尺寸");
    }

    proptest! {
        #[test]
        fn every_character_is_one_that_xml_has(text in any::<String>()) {
            // https://www.w3.org/TR/xml/#charsets
            let is_char = |c| matches!(c, '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
            prop_assert!(escaped(&text).chars().all(is_char));
        }
    }
}
