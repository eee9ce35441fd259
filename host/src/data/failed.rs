//! What to run again: the items of calls that did not end well, and those that no call was given.

use std::io::{self, Write};

use bytes::Bytes;

use super::items::Item;
use super::split::Separator;

/// Items of calls that did not end ok. Each thread collects its own, without a lock; they are merged at the end.
///
/// Memory grows with the items that failed and not with those of the run: 40 bytes and the item itself, which has memory
/// of its own and is not copied. Only a run in which everything fails keeps all of its file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Failed {
    items: Vec<Item>,
}

impl Failed {
    /// Adds an item by its index.
    pub fn push(&mut self, index: u64, bytes: Bytes) {
        self.items.push(Item { index, bytes });
    }

    /// Adds what another thread collected.
    pub fn merge(&mut self, mut other: Failed) {
        self.items.append(&mut other.items);
    }

    /// How many were added.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether none was added.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// In the order of the file, each once.
    fn into_sorted(mut self) -> Vec<Item> {
        self.items.sort_by_key(|item| item.index);
        self.items.dedup_by_key(|item| item.index);
        self.items
    }
}

/// Writes items so that they can be read as they were: `failed` and `not_done`, in the order of the file, each once and
/// ended by the separator. `not_done` must come in that order, as [`Items::rest`](super::Items::rest) does; it is
/// written as it comes and never kept. Returns how many were written.
///
/// # Errors
/// When the writer fails.
pub fn write(
    out: &mut dyn Write,
    failed: Failed,
    not_done: impl Iterator<Item = Item>,
    separator: Separator,
) -> io::Result<u64> {
    let mut failed = failed.into_sorted().into_iter().peekable();
    let mut not_done = not_done.peekable();
    let (mut written, mut last) = (0, None);
    loop {
        let is_failed_next = match (failed.peek(), not_done.peek()) {
            (Some(failed), Some(other)) => failed.index <= other.index,
            (failed, _) => failed.is_some(),
        };
        let next = match is_failed_next {
            true => failed.next(),
            false => not_done.next(),
        };
        let Some(item) = next else {
            return Ok(written);
        };
        if last.replace(item.index) != Some(item.index) {
            write_item(out, &item.bytes, separator)?;
            written += 1;
        }
    }
}

fn write_item(out: &mut dyn Write, item: &[u8], separator: Separator) -> io::Result<()> {
    out.write_all(item)?;
    // The reader takes one `\r` from the end of a line; this one belongs to the item.
    if separator == Separator::Newline && item.ends_with(b"\r") {
        out.write_all(b"\r")?;
    }
    out.write_all(&[separator.byte()])
}

#[cfg(test)]
mod tests {
    use super::super::split::Splitter;
    use super::*;
    use proptest::prelude::*;

    fn item(index: u64, text: &'static str) -> Item {
        let bytes = Bytes::from_static(text.as_bytes());
        Item { index, bytes }
    }

    #[test]
    fn failed_items_and_those_not_done_are_written_once_in_the_order_of_the_file() {
        #[track_caller]
        fn check(threads: &[&[Item]], not_done: &[Item], separator: Separator, expected: &str) {
            let mut all = Failed::default();
            for items in threads {
                let mut failed = Failed::default();
                for item in *items {
                    failed.push(item.index, item.bytes.clone());
                }
                all.merge(failed);
            }
            let mut out = Vec::new();
            let written = write(&mut out, all, not_done.iter().cloned(), separator).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
            assert_eq!(
                written as usize,
                expected.matches(char::from(separator.byte())).count()
            );
        }
        let (a, b, c, d) = (item(0, "a"), item(1, "b"), item(2, "c"), item(3, ""));
        let one = std::slice::from_ref;
        check(&[], &[], Separator::Newline, "");
        check(
            &[&[c.clone(), a.clone()], one(&b)],
            &[],
            Separator::Newline,
            "a\nb\nc\n",
        );
        check(
            &[one(&b)],
            &[c.clone(), d.clone()],
            Separator::Nul,
            "b\0c\0\0",
        );
        check(
            &[&[c.clone(), c.clone()]],
            one(&c),
            Separator::Newline,
            "c\n",
        );
        check(&[one(&c)], &[a, b.clone()], Separator::Newline, "a\nb\nc\n");
        check(&[], &[b, c], Separator::Newline, "b\nc\n");
    }

    #[test]
    fn a_writer_that_fails_is_told() {
        let mut failed = Failed::default();
        assert!(failed.is_empty());
        failed.push(0, Bytes::from_static(b"ab"));
        assert_eq!(failed.len(), 1);
        let mut full: &mut [u8] = &mut [0; 2];
        let error = write(&mut full, failed, std::iter::empty(), Separator::Newline).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WriteZero);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_the_items_it_was(
            bytes in prop::collection::vec(prop::sample::select(b"ab\n\r\0\xff".as_slice()), 0..200),
            separator in prop::sample::select(vec![Separator::Newline, Separator::Nul]),
        ) {
            let split = |bytes: &[u8]| {
                let mut splitter = Splitter::new(separator);
                let mut items = Vec::new();
                splitter.feed(bytes, &mut items).unwrap();
                splitter.finish(&mut items).unwrap();
                items
            };
            let items = split(&bytes);
            let mut failed = Failed::default();
            for (index, item) in items.iter().enumerate() {
                failed.push(index as u64, item.clone());
            }
            let mut out = Vec::new();
            write(&mut out, failed, std::iter::empty(), separator).unwrap();
            prop_assert_eq!(split(&out), items);
        }
    }
}
