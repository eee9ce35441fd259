//! What becomes of the body of an answer: kept, dropped or cut, and decoded before that if it was asked for.
//!
//! Invariant: what is held is bounded by the limit, whatever the server sends; what is not kept takes no memory.

use std::io::{self, Write};

use super::decode::{self, Layer};
use super::error::{Error, shown};
use super::headers::Headers;
use super::request::BodyMode;
use bytes::Bytes;

/// A compressed body that is longer than this and unfolds by more than [`RATIO`] is a bomb: nothing that people send is
/// nearly as regular.
const BOMB_BYTES: u64 = 10 << 20;
const RATIO: u64 = 1000;

/// What was kept of a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) body: Bytes,
    /// The length of the whole body, decoded.
    pub(super) size: u64,
}

/// Takes a body piece by piece.
pub(super) enum Sink {
    /// As it comes.
    Raw(Collector),
    /// Through decoders.
    Decoded { layers: Layer, empty: bool },
}

impl Sink {
    /// A sink for a body of `length` bytes, if that is known.
    pub(super) fn new(
        mode: BodyMode,
        limit: u64,
        decode: bool,
        headers: &Headers,
        length: Option<u64>,
    ) -> Result<Sink, Error> {
        let codings = if decode {
            decode::codings(headers)?
        } else {
            Vec::new()
        };
        let collector = Collector::new(mode, limit, length);
        if !codings.is_empty() {
            return Ok(Sink::Decoded {
                layers: Layer::new(&codings, collector),
                empty: true,
            });
        }
        // What will not fit need not be waited for.
        if mode == BodyMode::Full && length.is_some_and(|length| length > limit) {
            return Err(Error::TooLarge(limit));
        }
        Ok(Sink::Raw(collector))
    }

    /// Takes the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), Error> {
        match self {
            Sink::Raw(collector) => collector.take(piece),
            Sink::Decoded { layers, empty } => {
                *empty &= piece.is_empty();
                layers.collector().encoded += piece.len() as u64;
                let written = layers.write_all(piece);
                written.map_err(|cause| explain(layers, &cause))
            }
        }
    }

    /// Ends the body.
    pub(super) fn finish(self) -> Result<Kept, Error> {
        match self {
            Sink::Raw(collector) => Ok(collector.kept()),
            // Nothing at all is what a server sends that encodes every answer and has nothing to say.
            Sink::Decoded {
                mut layers,
                empty: true,
            } => Ok(std::mem::take(layers.collector()).kept()),
            Sink::Decoded {
                mut layers,
                empty: false,
            } => {
                let finished = layers.finish();
                finished.map_err(|cause| explain(&mut layers, &cause))?;
                Ok(std::mem::take(layers.collector()).kept())
            }
        }
    }
}

fn explain(layers: &mut Layer, cause: &io::Error) -> Error {
    match layers.collector().refused.take() {
        Some(error) => error,
        None => Error::Decode(shown(&cause.to_string())),
    }
}

/// Room that is made for a body of which only its length is there: a server can announce anything.
const TRUSTED: u64 = 64 << 10;

/// Where the bytes of a body end up.
#[derive(Debug, Default)]
pub(super) struct Collector {
    /// How many bytes to keep.
    keep: u64,
    /// How many bytes there may be.
    most: Option<u64>,
    /// How many bytes are expected, where that is known.
    expected: u64,
    kept: Vec<u8>,
    size: u64,
    /// How many bytes came in before decoding.
    pub(super) encoded: u64,
    /// Why no more is taken.
    pub(super) refused: Option<Error>,
}

impl Collector {
    fn new(mode: BodyMode, limit: u64, length: Option<u64>) -> Collector {
        let (keep, most) = match mode {
            BodyMode::Full => (limit, Some(limit)),
            BodyMode::Discard => (0, None),
            BodyMode::First(bytes) => (limit.min(bytes.into()), None),
        };
        Collector {
            keep,
            most,
            expected: length.unwrap_or(0).min(keep).min(TRUSTED),
            ..Collector::default()
        }
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), Error> {
        let room = self.account(piece.len())?;
        self.append(piece.get(..room).unwrap_or_default());
        Ok(())
    }

    /// Counts bytes and says how many of them to keep.
    fn account(&mut self, bytes: usize) -> Result<usize, Error> {
        let room = self.keep.saturating_sub(self.size);
        self.size = self.size.saturating_add(bytes as u64);
        match self.most {
            Some(most) if self.size > most => Err(Error::TooLarge(most)),
            _ => Ok(usize::try_from(room).unwrap_or(usize::MAX).min(bytes)),
        }
    }

    fn append(&mut self, bytes: &[u8]) {
        if self.kept.capacity() == 0 && !bytes.is_empty() {
            // Exactly what is needed, so that it can be handed on as it is.
            self.kept
                .reserve_exact(bytes.len().max(self.expected as usize));
        }
        self.kept.extend_from_slice(bytes);
    }

    fn kept(self) -> Kept {
        Kept {
            body: Bytes::from(self.kept),
            size: self.size,
        }
    }
}

/// Takes what a decoder made.
impl Write for Collector {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.account(bytes.len()).and_then(|room| {
            let unfolds = self.size / self.encoded.max(1);
            if self.size > BOMB_BYTES && unfolds > RATIO {
                return Err(Error::Decode(format!(
                    "the body unfolds to more than {RATIO} times its length"
                )));
            }
            Ok(room)
        });
        match room {
            Ok(room) => {
                self.append(bytes.get(..room).unwrap_or_default());
                Ok(bytes.len())
            }
            Err(error) => {
                self.refused = Some(error);
                Err(io::Error::other("no more is taken"))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
