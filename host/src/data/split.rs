//! Cuts what is read into items, wherever the reads happen to end.

use bytes::Bytes;

/// The longest item, in bytes. It bounds what an operation is handed at once, and what a file without separators makes
/// gorgon keep.
pub const ITEM_BYTES_MAX: usize = 1 << 20;

/// What ends an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Separator {
    /// A newline, `\n` or `\r\n`. Empty lines are no items.
    #[default]
    Newline,
    /// A byte of zero, as `find -print0` writes it (`-0`). Two in a row have an empty item between them.
    Nul,
}

impl Separator {
    /// The byte that ends an item.
    pub fn byte(self) -> u8 {
        match self {
            Separator::Newline => b'\n',
            Separator::Nul => 0,
        }
    }

    /// What a person calls a part that ends so.
    pub(super) fn part(self) -> &'static str {
        match self {
            Separator::Newline => "line",
            Separator::Nul => "record",
        }
    }
}

/// An item that is longer than [`ITEM_BYTES_MAX`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong {
    /// Which line or record it is, counted from 1; skipped ones count.
    pub(super) line: u64,
}

/// The state between two reads.
#[derive(Debug)]
pub(super) struct Splitter {
    separator: Separator,
    /// The beginning of an item whose end has not been read.
    partial: Vec<u8>,
    /// Lines or records that have ended.
    lines: u64,
    skipped: u64,
}

impl Splitter {
    pub(super) fn new(separator: Separator) -> Splitter {
        Splitter {
            separator,
            partial: Vec::new(),
            lines: 0,
            skipped: 0,
        }
    }

    /// Empty lines so far.
    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Cuts the next bytes and appends the items that end in them.
    ///
    /// # Errors
    /// An item is too long. Those before it have been appended; what follows is of no use any more.
    pub(super) fn feed(&mut self, bytes: &[u8], items: &mut Vec<Bytes>) -> Result<(), TooLong> {
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| *byte == self.separator.byte()) {
            if self.partial.is_empty() {
                self.end(&rest[..at], true, items)?;
            } else {
                let mut whole = std::mem::take(&mut self.partial);
                whole.extend_from_slice(&rest[..at]);
                self.end(&whole, true, items)?;
            }
            rest = &rest[at + 1..];
        }
        self.partial.extend_from_slice(rest);
        // One more may be the `\r` of an end that is still to come.
        if self.partial.len() > ITEM_BYTES_MAX + 1 {
            return Err(self.too_long());
        }
        Ok(())
    }

    /// Appends the last item if nothing ended it.
    ///
    /// # Errors
    /// It is too long.
    pub(super) fn finish(&mut self, items: &mut Vec<Bytes>) -> Result<(), TooLong> {
        let last = std::mem::take(&mut self.partial);
        if last.is_empty() {
            return Ok(());
        }
        self.end(&last, false, items)
    }

    /// An item of its own memory: a slice of what was read would keep all of that for as long as the item is in use.
    fn end(&mut self, item: &[u8], is_ended: bool, items: &mut Vec<Bytes>) -> Result<(), TooLong> {
        let item = match item {
            [line @ .., b'\r'] if is_ended && self.separator == Separator::Newline => line,
            item => item,
        };
        if item.len() > ITEM_BYTES_MAX {
            return Err(self.too_long());
        }
        self.lines += 1;
        if item.is_empty() && self.separator == Separator::Newline {
            self.skipped += 1;
        } else {
            items.push(Bytes::copy_from_slice(item));
        }
        Ok(())
    }

    fn too_long(&self) -> TooLong {
        TooLong {
            line: self.lines + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(reads: &[&[u8]], separator: Separator) -> Result<Vec<Bytes>, TooLong> {
        let mut splitter = Splitter::new(separator);
        let mut items = Vec::new();
        for read in reads {
            splitter.feed(read, &mut items)?;
        }
        splitter.finish(&mut items)?;
        Ok(items)
    }

    #[test]
    fn items_end_with_a_newline_or_a_zero_byte() {
        #[track_caller]
        fn check(bytes: &[u8], lines: &[&[u8]], records: &[&[u8]]) {
            assert_eq!(split(&[bytes], Separator::Newline).unwrap(), lines);
            assert_eq!(split(&[bytes], Separator::Nul).unwrap(), records);
        }
        check(b"", &[], &[]);
        check(b"a", &[b"a"], &[b"a"]);
        check(b"a\nb\n", &[b"a", b"b"], &[b"a\nb\n"]);
        check(b"a\nb", &[b"a", b"b"], &[b"a\nb"]);
        check(b"a\r\nb\r\n", &[b"a", b"b"], &[b"a\r\nb\r\n"]);
        check(b"\n\r\n\na\n\n", &[b"a"], &[b"\n\r\n\na\n\n"]);
        check(b"a\0b\0", &[b"a\0b\0"], &[b"a", b"b"]);
        check(
            b"\0\0a\0\0b",
            &[b"\0\0a\0\0b"],
            &[b"", b"", b"a", b"", b"b"],
        );
        check(b"a\r\0", &[b"a\r\0"], &[b"a\r"]);
        check(b" a \n", &[b" a "], &[b" a \n"]);
        check(b"a\rb\r\r\nc\r", &[b"a\rb\r", b"c\r"], &[b"a\rb\r\r\nc\r"]);
        check(b"\xff\xfe\n", &[b"\xff\xfe"], &[b"\xff\xfe\n"]);
    }

    #[test]
    fn the_longest_item_is_a_mebibyte_and_a_longer_one_is_named_by_its_line() {
        #[track_caller]
        fn check(length: usize, end: &[u8], separator: Separator, expected: Result<usize, u64>) {
            let start = [b"a", &[separator.byte()][..], &[separator.byte()]].concat();
            let long = vec![b'x'; length];
            // In one read, in three, and with the last byte alone.
            for parts in [vec![&long[..]], long.chunks(400_000).collect()] {
                let mut reads = vec![&start[..]];
                reads.extend(parts);
                reads.extend(end.chunks(1));
                let last = split(&reads, separator)
                    .map(|items| items.last().map_or(0, Bytes::len))
                    .map_err(|error| error.line);
                assert_eq!(last, expected);
            }
        }
        for end in [&b""[..], b"\n", b"\r\n"] {
            check(ITEM_BYTES_MAX, end, Separator::Newline, Ok(ITEM_BYTES_MAX));
            check(ITEM_BYTES_MAX + 1, end, Separator::Newline, Err(3));
            check(ITEM_BYTES_MAX + 2, end, Separator::Newline, Err(3));
        }
        check(ITEM_BYTES_MAX, b"\0", Separator::Nul, Ok(ITEM_BYTES_MAX));
        check(ITEM_BYTES_MAX, b"\r\0", Separator::Nul, Err(3));
        check(ITEM_BYTES_MAX, b"\r", Separator::Newline, Err(3));
    }

    #[test]
    fn empty_lines_are_counted() {
        let mut splitter = Splitter::new(Separator::Newline);
        splitter.feed(b"\na\n\r\n\n", &mut Vec::new()).unwrap();
        assert_eq!(splitter.skipped(), 3);
    }

    /// The same said the plain way.
    fn naive(bytes: &[u8], separator: Separator) -> Vec<Vec<u8>> {
        let mut parts: Vec<&[u8]> = bytes.split(|byte| *byte == separator.byte()).collect();
        let last = parts.pop().unwrap_or_default();
        let mut items: Vec<Vec<u8>> = parts
            .into_iter()
            .map(|part| match separator {
                Separator::Newline => part.strip_suffix(b"\r").unwrap_or(part),
                Separator::Nul => part,
            })
            .filter(|part| separator == Separator::Nul || !part.is_empty())
            .map(<[u8]>::to_vec)
            .collect();
        items.extend((!last.is_empty()).then(|| last.to_vec()));
        items
    }

    proptest! {
        #[test]
        fn where_reads_end_makes_no_difference(
            bytes in prop::collection::vec(prop::sample::select(b"ab\n\r\0\xff".as_slice()), 0..200),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
            separator in prop::sample::select(vec![Separator::Newline, Separator::Nul]),
        ) {
            let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            ends.push(bytes.len());
            ends.sort_unstable();
            let mut start = 0;
            let reads: Vec<&[u8]> = ends
                .into_iter()
                .map(|end| &bytes[std::mem::replace(&mut start, end)..end])
                .collect();
            prop_assert_eq!(split(&reads, separator).unwrap(), naive(&bytes, separator));
        }
    }
}
