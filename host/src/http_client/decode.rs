//! Undoing content codings (RFC 9110, 8.4): gzip, deflate and br, at most two on top of each other.
//!
//! Decoders push what they make into the next and the last into a [`Collector`], which stops them when it has had
//! enough: nothing here holds more than a window and one buffer, however far a body unfolds.

use std::io::{self, Write};

use brotli_decompressor::DecompressorWriter;
use flate2::write::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

use super::body::Collector;
use super::error::{Error, shown};
use super::headers::Headers;

/// More layers serve nobody but an attacker: each multiplies what a byte unfolds to.
const LAYERS: usize = 2;
const BUFFER: usize = 16 << 10;

/// A content coding that can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Deflate,
    Brotli,
}

/// The codings of a body, in the order in which they were applied.
pub(super) fn codings(headers: &Headers) -> Result<Vec<Coding>, Error> {
    let mut codings = Vec::new();
    for value in headers.get_all("content-encoding") {
        let value = String::from_utf8_lossy(value);
        for name in value
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            codings.push(match name.to_ascii_lowercase().as_str() {
                "gzip" | "x-gzip" => Coding::Gzip,
                "deflate" => Coding::Deflate,
                "br" => Coding::Brotli,
                "identity" => continue,
                _ => {
                    return Err(Error::Decode(format!(
                        "the content-encoding `{}` was not asked for",
                        shown(name)
                    )));
                }
            });
        }
    }
    if codings.len() > LAYERS {
        return Err(Error::Decode(format!(
            "the body is encoded {} times, and {LAYERS} is the most",
            codings.len()
        )));
    }
    Ok(codings)
}

/// A decoder and what it pushes into.
pub(super) enum Layer {
    Collect(Collector),
    Gzip(Box<MultiGzDecoder<Layer>>),
    Deflate(Box<Inflate>),
    Brotli(Box<DecompressorWriter<Layer>>),
}

impl Layer {
    /// Decoders that undo `codings`, the last applied first.
    pub(super) fn new(codings: &[Coding], collector: Collector) -> Layer {
        codings
            .iter()
            .fold(Layer::Collect(collector), |next, coding| match coding {
                Coding::Gzip => Layer::Gzip(Box::new(MultiGzDecoder::new(next))),
                Coding::Deflate => Layer::Deflate(Box::new(Inflate::new(next))),
                Coding::Brotli => Layer::Brotli(Box::new(DecompressorWriter::new(next, BUFFER))),
            })
    }

    /// Ends the body: every coding must have come to its own end.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match self {
            Layer::Collect(_) => Ok(()),
            Layer::Gzip(layer) => {
                layer.try_finish()?;
                layer.get_mut().finish()
            }
            Layer::Deflate(layer) => {
                layer.finish()?;
                layer.next.finish()
            }
            Layer::Brotli(layer) => {
                layer.close()?;
                layer.get_mut().finish()
            }
        }
    }

    pub(super) fn collector(&mut self) -> &mut Collector {
        match self {
            Layer::Collect(collector) => collector,
            Layer::Gzip(layer) => layer.get_mut().collector(),
            Layer::Deflate(layer) => layer.next.collector(),
            Layer::Brotli(layer) => layer.get_mut().collector(),
        }
    }
}

impl Write for Layer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Layer::Collect(collector) => collector.write(bytes),
            Layer::Gzip(layer) => layer.write(bytes),
            Layer::Deflate(layer) => layer.write(bytes),
            Layer::Brotli(layer) => layer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Undoes `deflate`, which is the zlib format to the standard and the raw one to some servers; browsers take both.
///
/// flate2's own writer does not notice when its input stops short, so this drives the decompressor itself.
pub(super) struct Inflate {
    state: State,
    next: Layer,
}

enum State {
    /// Nothing has come, or one byte: too little to tell the formats apart.
    Unknown(Option<u8>),
    Inside(Decompress),
    Ended,
}

impl Inflate {
    fn new(next: Layer) -> Inflate {
        Inflate {
            state: State::Unknown(None),
            next,
        }
    }

    fn finish(&self) -> io::Result<()> {
        match self.state {
            State::Ended => Ok(()),
            _ => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the deflate stream is cut off",
            )),
        }
    }

    fn inflate(&mut self, mut input: &[u8]) -> io::Result<()> {
        let mut output = [0; BUFFER];
        loop {
            let State::Inside(decompress) = &mut self.state else {
                return if input.is_empty() {
                    Ok(())
                } else {
                    Err(invalid("bytes follow the deflate stream"))
                };
            };
            let (read, made) = (decompress.total_in(), decompress.total_out());
            let status = decompress
                .decompress(input, &mut output, FlushDecompress::None)
                .map_err(|cause| invalid(&cause.to_string()))?;
            let read = (decompress.total_in() - read) as usize;
            let made = (decompress.total_out() - made) as usize;
            input = input.get(read..).unwrap_or_default();
            self.next
                .write_all(output.get(..made).unwrap_or_default())?;
            if status == Status::StreamEnd {
                self.state = State::Ended;
            } else if read == 0 && made == 0 {
                return Ok(());
            }
        }
    }
}

impl Write for Inflate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let State::Unknown(first) = self.state {
            let (first, second) = match (first, bytes) {
                (None, [first, second, ..]) => (*first, *second),
                (Some(first), [second, ..]) => (first, *second),
                (None, [first]) => {
                    self.state = State::Unknown(Some(*first));
                    return Ok(1);
                }
                (_, []) => return Ok(0),
            };
            // RFC 1950, 2.2: the method is 8 and the two bytes are a multiple of 31.
            let zlib = first & 0x0f == 8 && u16::from_be_bytes([first, second]) % 31 == 0;
            let held = matches!(self.state, State::Unknown(Some(_)));
            self.state = State::Inside(Decompress::new(zlib));
            if held {
                self.inflate(&[first])?;
            }
        }
        self.inflate(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}
