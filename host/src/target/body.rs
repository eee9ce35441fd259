//! The bodies of answers: made as they are sent, so that a large one costs no memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// What long bodies are made of.
static BLOCK: [u8; 64 * 1024] = [b'g'; 64 * 1024];

/// The body of an answer.
#[derive(Debug)]
pub(super) enum Body {
    /// All of it at once.
    Whole(Bytes),
    /// This many bytes, all the same.
    Filled(u64),
    /// Numbered lines, each a chunk of its own: the next one's number and how many there are.
    Chunks { next: u64, of: u64 },
    /// Less than was announced.
    Short(ShortStep),
}

/// How far a body that breaks off has come.
#[derive(Debug, Clone, Copy)]
pub(super) enum ShortStep {
    /// Nothing was sent.
    Begin,
    /// Its beginning is to reach the client, so one turn is left to the writer.
    Flush,
    /// The connection is to be closed.
    Break,
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let data = match &mut *self {
            Body::Whole(bytes) if bytes.is_empty() => return Poll::Ready(None),
            Body::Whole(bytes) => std::mem::take(bytes),
            Body::Filled(left) => match filled(left) {
                Some(bytes) => bytes,
                None => return Poll::Ready(None),
            },
            Body::Chunks { next, of } => {
                if next == of {
                    return Poll::Ready(None);
                }
                *next += 1;
                Bytes::from(format!("chunk {next} of {of}\n"))
            }
            Body::Short(step @ ShortStep::Begin) => {
                *step = ShortStep::Flush;
                Bytes::from_static(b"that is not all\n")
            }
            Body::Short(step @ ShortStep::Flush) => {
                *step = ShortStep::Break;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            Body::Short(ShortStep::Break) => {
                return Poll::Ready(Some(Err(io::Error::other("broken off on purpose"))));
            }
        };
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Body::Whole(bytes) => bytes.is_empty(),
            Body::Filled(left) => *left == 0,
            Body::Chunks { .. } | Body::Short(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Body::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Body::Filled(left) => SizeHint::with_exact(*left),
            Body::Chunks { .. } | Body::Short(_) => SizeHint::default(),
        }
    }
}

fn filled(left: &mut u64) -> Option<Bytes> {
    let length = usize::try_from(*left)
        .unwrap_or(usize::MAX)
        .min(BLOCK.len());
    *left -= length as u64;
    match BLOCK.get(..length) {
        Some(block) if !block.is_empty() => Some(Bytes::from_static(block)),
        _ => None,
    }
}
