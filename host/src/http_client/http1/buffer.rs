//! What has come in and was not used yet.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

/// The room that a connection begins with: most answers fit, and only the pages that are used are there.
const SMALLEST: usize = 4 << 10;

/// The most room for bodies, which come in pieces.
const PIECE: usize = 64 << 10;

/// Bytes between a connection and whoever reads it.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    room: Vec<u8>,
    unused: Range<usize>,
}

impl Buffer {
    /// What was not used yet.
    pub(super) fn unused(&self) -> &[u8] {
        self.room.get(self.unused.clone()).unwrap_or_default()
    }

    /// Uses the first bytes, and says where they are until more comes in.
    pub(super) fn consume(&mut self, bytes: usize) -> Range<usize> {
        let start = self.unused.start;
        let end = self.unused.end.min(start.saturating_add(bytes));
        self.unused.start = end;
        start..end
    }

    /// Bytes that were consumed since anything came in last.
    pub(super) fn consumed(&self, place: Range<usize>) -> &[u8] {
        self.room.get(place).unwrap_or_default()
    }

    /// Reads what has come in, up to as much as there is room for, and returns how much that was; 0 is the end.
    ///
    /// What is unused stays. If it is so much that there is no room, there will be twice as much, so the caller bounds
    /// what it leaves unused.
    pub(super) fn poll_fill(
        &mut self,
        stream: Pin<&mut impl AsyncRead>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        self.make_room();
        let Some(room) = self.room.get_mut(self.unused.end..) else {
            return Poll::Ready(Ok(0));
        };
        let full = room.len();
        let mut room = ReadBuf::new(room);
        ready!(stream.poll_read(cx, &mut room))?;
        let read = room.filled().len();
        self.unused.end += read;
        if read == full && self.room.len() < PIECE {
            // More than fits comes at once, and will again.
            self.room.resize(self.room.len() * 2, 0);
        }
        Poll::Ready(Ok(read))
    }

    fn make_room(&mut self) {
        if self.room.is_empty() {
            self.room.resize(SMALLEST, 0);
        }
        if self.unused.is_empty() {
            self.unused = 0..0;
        } else if self.unused.end == self.room.len() {
            if self.unused.start > 0 {
                self.room.copy_within(self.unused.clone(), 0);
                self.unused = 0..self.unused.len();
            } else {
                self.room.resize(self.room.len() * 2, 0);
            }
        }
    }

    /// How much room there is.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.room.len()
    }

    /// Lets go of room that only a very long head needed. True if nothing is unused.
    pub(super) fn rest(&mut self) -> bool {
        if self.room.len() > PIECE {
            self.room = Vec::new();
            return std::mem::take(&mut self.unused).is_empty();
        }
        self.unused.is_empty()
    }
}
