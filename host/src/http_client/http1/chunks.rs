//! Bodies in chunks (RFC 9112, 7.1).
//!
//! Strict where a lenient reader and a strict one would find different ends: digits and line ends are exactly what the
//! grammar says. Only white space after a size is forgiven, as browsers do.

use super::breach::{Breach, IDLE_BYTES};

/// Where in a chunked body the next byte belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the beginning of a size, or in it.
    Size {
        any: bool,
    },
    /// In white space after a size.
    AfterSize,
    /// In an extension.
    Extension,
    /// At the line end of a size.
    SizeLf,
    /// In the data of a chunk.
    Data,
    /// At the line end after the data.
    DataCr,
    DataLf,
    /// At the beginning of a trailer line, or of the last line.
    Trailer,
    TrailerName,
    TrailerValue,
    TrailerLf,
    /// At the end of the last line.
    LastLf,
    /// Behind the end.
    End,
}

/// Finds data and the end in what comes in.
#[derive(Debug)]
pub(super) struct Chunks {
    place: Place,
    /// The size as far as it was read, then what is left of it.
    left: u64,
    /// How many more bytes may say nothing.
    idle: u32,
}

/// What the first bytes of an input are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many bytes of framing, and then so many of data.
    Data { framing: usize, data: usize },
    /// So many bytes of framing, and then the end of the body.
    End { framing: usize },
    /// Framing, and more has to come.
    More,
}

impl Chunks {
    pub(super) fn new() -> Chunks {
        Chunks {
            place: Place::Size { any: false },
            left: 0,
            idle: IDLE_BYTES,
        }
    }

    /// Reads on, until there is data or an end.
    pub(super) fn step(&mut self, input: &[u8]) -> Result<Step, Breach> {
        for (framing, byte) in input.iter().enumerate() {
            if self.place == Place::Data {
                let rest = (input.len() - framing) as u64;
                let data = self.left.min(rest);
                self.left -= data;
                if self.left == 0 {
                    self.place = Place::DataCr;
                }
                let data = usize::try_from(data).unwrap_or(usize::MAX);
                return Ok(Step::Data { framing, data });
            }
            self.place = self.next(*byte)?;
            if self.place == Place::End {
                let framing = framing + 1;
                return Ok(Step::End { framing });
            }
        }
        Ok(Step::More)
    }

    /// Where the next byte belongs after this one, which is not data.
    fn next(&mut self, byte: u8) -> Result<Place, Breach> {
        Ok(match (self.place, byte) {
            (Place::Size { .. }, byte) if byte.is_ascii_hexdigit() => self.digit(byte)?,
            (Place::Size { any: true } | Place::AfterSize, b' ' | b'\t') => {
                self.idle(Place::AfterSize)?
            }
            (Place::Size { any: true } | Place::AfterSize, b';') => self.idle(Place::Extension)?,
            (Place::Size { any: true } | Place::AfterSize | Place::Extension, b'\r') => {
                Place::SizeLf
            }
            (Place::Size { .. } | Place::AfterSize, _) => {
                return Err(Breach::Chunk("invalid chunk size"));
            }
            (Place::Extension, byte) if is_text(byte) => self.idle(Place::Extension)?,
            (Place::Extension, _) => return Err(Breach::Chunk("invalid chunk extension")),
            (Place::SizeLf, b'\n') if self.left == 0 => Place::Trailer,
            (Place::SizeLf, b'\n') => Place::Data,
            (Place::DataCr, b'\r') => Place::DataLf,
            (Place::DataLf, b'\n') => Place::Size { any: false },
            (Place::Trailer, b'\r') => Place::LastLf,
            (Place::Trailer | Place::TrailerName, byte) if is_token(byte) => {
                self.idle(Place::TrailerName)?
            }
            (Place::TrailerName, b':') => self.idle(Place::TrailerValue)?,
            (Place::TrailerValue, b'\r') => Place::TrailerLf,
            (Place::TrailerValue, byte) if is_text(byte) => self.idle(Place::TrailerValue)?,
            (Place::TrailerLf, b'\n') => Place::Trailer,
            (Place::LastLf, b'\n') => Place::End,
            (Place::Trailer | Place::TrailerName | Place::TrailerValue, _) => {
                return Err(Breach::Chunk("invalid trailer after the last chunk"));
            }
            (Place::Data | Place::End, _)
            | (Place::SizeLf | Place::DataCr | Place::DataLf, _)
            | (Place::TrailerLf | Place::LastLf, _) => {
                return Err(Breach::Chunk("invalid line end of a chunk"));
            }
        })
    }

    fn digit(&mut self, byte: u8) -> Result<Place, Breach> {
        let digit = char::from(byte).to_digit(16).map_or(0, u64::from);
        let any = Place::Size { any: true };
        let next = if self.left == 0 && digit == 0 {
            self.idle(any)?
        } else {
            any
        };
        self.left = self
            .left
            .checked_mul(16)
            .and_then(|left| left.checked_add(digit))
            .ok_or(Breach::Chunk("invalid chunk size"))?;
        Ok(next)
    }

    /// Goes on with a byte that says nothing, of which there may not be many.
    fn idle(&mut self, next: Place) -> Result<Place, Breach> {
        self.idle = self.idle.checked_sub(1).ok_or(Breach::Chunk(
            "chunk extensions and trailers of more than 32 KiB",
        ))?;
        Ok(next)
    }
}

/// What may stand in an extension or in a value (RFC 9110, 5.5).
fn is_text(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}

/// What may stand in a name (RFC 9110, 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
