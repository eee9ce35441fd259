//! What to write to a terminal so that a block of lines stays at the bottom of what is shown.

use std::io::Write;

/// Asks the terminal to show what comes only when all of it is there, and ends that. One that does not know of it ignores
/// it. Synchronized output: <https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036>.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// To the beginning of the line, and erases that line and all below.
const ERASE: &[u8] = b"\r\x1b[J";

/// The size of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    /// Characters of a line.
    pub(super) columns: usize,
    /// Lines.
    pub(super) rows: usize,
}

/// The block on a terminal. It writes nothing: it returns what is to be written.
///
/// Invariant: while a block is shown the cursor is on the empty line above it.
#[derive(Debug)]
pub(super) struct Screen {
    shown: Option<Block>,
}

#[derive(Debug)]
struct Block {
    /// What draws it, from the line of the cursor and back to it.
    drawn: Vec<u8>,
    /// The terminal that it was made for.
    size: Size,
}

impl Screen {
    /// A terminal without a block.
    pub(super) const fn new() -> Screen {
        Screen { shown: None }
    }

    /// Whether there is a block.
    pub(super) fn is_shown(&self) -> bool {
        self.shown.is_some()
    }

    /// Shows these lines instead of those before. They must fit the terminal: a line its columns, and all of them its rows
    /// but one.
    pub(super) fn show(&mut self, lines: &[String], size: Size) -> Vec<u8> {
        if lines.is_empty() {
            return self.clear();
        }
        let mut drawn = Vec::new();
        for line in lines {
            drawn.extend(b"\r\n");
            drawn.extend(line.as_bytes());
        }
        // Writing to memory does not fail.
        let _ = write!(drawn, "\r\x1b[{}A", lines.len());
        let frame = [BEGIN, ERASE, &drawn, END].concat();
        self.shown = Some(Block { drawn, size });
        frame
    }

    /// Shows text above the block, on lines of its own, in a terminal that now has this size. If that is not the size
    /// that the block was made for, there is none until it is shown again.
    pub(super) fn above(&mut self, text: &[u8], size: Option<Size>) -> Vec<u8> {
        let Some(block) = self.shown.take() else {
            return text.to_vec();
        };
        let end: &[u8] = match text.last() {
            None | Some(b'\n') => b"",
            Some(_) => b"\n",
        };
        if size != Some(block.size) {
            return [ERASE, text, end].concat();
        }
        let frame = [BEGIN, ERASE, text, end, &block.drawn, END].concat();
        self.shown = Some(block);
        frame
    }

    /// Removes the block. The cursor is where it was before there was one.
    pub(super) fn clear(&mut self) -> Vec<u8> {
        match self.shown.take() {
            Some(_) => ERASE.to_vec(),
            None => Vec::new(),
        }
    }
}
