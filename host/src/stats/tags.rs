//! What a call came to: its outcome, the host's reserved tags, and the form in which a guest's tag is kept.
//!
//! A guest can never produce a reserved tag: [`normalise`] escapes what looks like one, and is injective but for a
//! collision of 32 bits of SHA-256.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The longest guest tag kept whole, in bytes.
pub const TAG_BYTES: usize = 64;

/// The tag of everything beyond a cap of the interner.
pub const OTHER: &str = "!other";

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The operation says that it went as meant.
    Ok,
    /// The operation says that it did not.
    Fail,
    /// The host found that the call could not end properly.
    Fault,
}

impl Outcome {
    /// The word for it in every report.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Fail => "fail",
            Outcome::Fault => "fault",
        }
    }
}

/// What the host found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The guest trapped.
    Trap,
    /// The call ran into its timeout.
    Timeout,
    /// The guest trapped in a call in which the growth of its memory was refused.
    Memory,
    /// The guest exited.
    Exit,
    /// The guest broke the canonical ABI.
    Abi,
    /// The instance's `start` failed.
    Start,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Fault; 6] = [
        Fault::Trap,
        Fault::Timeout,
        Fault::Memory,
        Fault::Exit,
        Fault::Abi,
        Fault::Start,
    ];

    /// The reserved tag.
    pub fn tag(self) -> &'static str {
        match self {
            Fault::Trap => "!trap",
            Fault::Timeout => "!timeout",
            Fault::Memory => "!memory",
            Fault::Exit => "!exit",
            Fault::Abi => "!abi",
            Fault::Start => "!start",
        }
    }

    /// The position in [`Fault::ALL`].
    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

/// The form in which a name given by a guest (a tag, or the name of a measurement, counter or check) is kept: longer
/// than [`TAG_BYTES`] it is cut at a character, followed by `…` and eight hexadecimal digits of the SHA-256 of the
/// whole; beginning with `!` or `\` it gets one `\` before it. Any other name is borrowed as it is.
pub fn normalise(name: &str) -> Cow<'_, str> {
    // On the path of every call, so the ordinary name is recognised by its length and first byte alone.
    let is_marked = matches!(name.as_bytes().first(), Some(b'!' | b'\\'));
    match (name.len() > TAG_BYTES, is_marked) {
        (false, false) => Cow::Borrowed(name),
        (false, true) => Cow::Owned(format!("\\{name}")),
        (true, false) => Cow::Owned(shorten(name)),
        (true, true) => Cow::Owned(format!("\\{}", shorten(name))),
    }
}

fn shorten(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let head = &name[..name.floor_char_boundary(TAG_BYTES)];
    let mut short = String::with_capacity(head.len() + 11);
    short.push_str(head);
    short.push('…');
    for byte in digest.iter().take(4) {
        for nibble in [byte >> 4, byte & 15] {
            short.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(normalise(name), expected);
    }

    #[test]
    fn ordinary_tags_are_kept_as_they_are() {
        check("200", "200");
        check("", "");
        check("a!b", "a!b");
        check("with space\n", "with space\n");
        let longest = "x".repeat(TAG_BYTES);
        check(&longest, &longest);
        assert!(matches!(normalise("200"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_guest_cannot_write_a_reserved_tag() {
        check("!trap", "\\!trap");
        check("\\!trap", "\\\\!trap");
        check("\\", "\\\\");
        for fault in Fault::ALL {
            assert_ne!(normalise(fault.tag()), fault.tag());
        }
        assert_ne!(normalise(OTHER), OTHER);
    }

    #[test]
    fn a_long_tag_is_cut_and_marked_with_its_digest() {
        // printf 'x%.0s' {1..65} | sha256sum
        check(&"x".repeat(65), &format!("{}…9537c5fd", "x".repeat(64)));
        let long = normalise(&"é".repeat(40)).into_owned();
        assert!(
            long.starts_with(&"é".repeat(32)) && !long.starts_with(&"é".repeat(33)),
            "{long}"
        );
        let odd = normalise(&format!("a{}", "é".repeat(40))).into_owned();
        assert!(odd.starts_with(&format!("a{}…", "é".repeat(31))), "{odd}");
        assert!(normalise(&format!("!{}", "x".repeat(80))).starts_with("\\!x"));
    }

    #[test]
    fn faults_are_in_the_order_of_their_index() {
        for (index, fault) in Fault::ALL.into_iter().enumerate() {
            assert_eq!(fault.index(), index);
        }
    }

    proptest! {
        #[test]
        fn different_tags_stay_different(a in "[!\\\\ab…é]{0,80}", b in "[!\\\\ab…é]{0,80}") {
            prop_assert_eq!(a == b, normalise(&a) == normalise(&b));
        }

        #[test]
        fn no_tag_becomes_reserved(tag in "[!\\\\]{0,3}(trap|other|timeout|x{70})?") {
            prop_assert!(!normalise(&tag).starts_with('!'));
        }
    }
}
