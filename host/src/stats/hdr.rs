//! HdrHistogram's interchange format, [V2 with DEFLATE](https://github.com/HdrHistogram/HdrHistogram), in base64.
//!
//! Forty bytes of header, then the counts in the order of their buckets as zig-zag LEB128, in which a negative number
//! stands for so many empty buckets; all that compressed by zlib, behind a cookie and its length. Numbers of the header
//! are big-endian. Both ways are our own because every tick of a run writes several: the counts go from and to the
//! pages of a [`super::Histogram`] without another 264 KiB in between.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::histogram::{BUCKETS, DIGITS, HIGHEST_NS};
use crate::base64;

const COOKIE: u32 = 0x1c84_9303 | 0x10;
const COMPRESSED_COOKIE: u32 = 0x1c84_9304 | 0x10;

/// Bytes before the counts.
const HEADER: usize = 40;

/// Bytes before what is compressed.
const COMPRESSED_HEADER: usize = 8;

/// The most bytes that one count takes.
const COUNT_BYTES: usize = 9;

/// The most that a histogram can be before it is compressed.
const MOST_BYTES: usize = HEADER + BUCKETS * COUNT_BYTES;

/// The first that adapts its codes to the counts, which makes a third less; higher ones gain nothing more.
const LEVEL: u32 = 3;

thread_local! {
    // Its tables are large: making them anew takes longer than compressing a histogram does.
    static COMPRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL), true));
}

/// What is wrong with an encoded histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HdrError {
    /// Another alphabet, or padding that is wrong.
    #[error("it is not base64")]
    Base64,
    /// Another format, or none.
    #[error("it is no HdrHistogram in format V2 with DEFLATE")]
    Cookie,
    /// Too short or too long.
    #[error("it is not as long as it says")]
    Length,
    /// The compressed part is damaged.
    #[error("it cannot be decompressed")]
    Deflate,
    /// It decompresses to more than there are buckets for.
    #[error("it is larger than a histogram can be")]
    TooLarge,
    /// Made with other digits or bounds.
    #[error("its buckets are not those of gorgon")]
    Shape,
    /// It counts in buckets beyond the last.
    #[error("it has more buckets than there are")]
    Buckets,
    /// The sum of its counts has no end.
    #[error("its counts are more than can be")]
    Counts,
}

/// Encodes counts, given with the index of their bucket in ascending order. `None` if a count exceeds 2^63 - 1, which
/// the format does not have.
pub(super) fn encode(counts: impl Iterator<Item = (usize, u64)>) -> Option<String> {
    let plain = plain(counts)?;
    // Room for what cannot be compressed, so that one call is always enough.
    let mut bytes = Vec::with_capacity(COMPRESSED_HEADER + plain.len() + plain.len() / 256 + 64);
    bytes.extend_from_slice(&COMPRESSED_COOKIE.to_be_bytes());
    bytes.extend_from_slice(&[0; 4]);
    let status = COMPRESS.try_with(|compress| {
        let mut compress = compress.try_borrow_mut().ok()?;
        compress.reset();
        compress
            .compress_vec(&plain, &mut bytes, FlushCompress::Finish)
            .ok()
    });
    if status.ok()?? != Status::StreamEnd {
        return None;
    }
    let length = u32::try_from(bytes.len() - COMPRESSED_HEADER).ok()?;
    bytes[4..COMPRESSED_HEADER].copy_from_slice(&length.to_be_bytes());
    Some(base64::encode(&bytes))
}

fn plain(counts: impl Iterator<Item = (usize, u64)>) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(1024);
    bytes.extend_from_slice(&COOKIE.to_be_bytes());
    bytes.extend_from_slice(&[0; 8]); // the length, known at the end, and the normalising offset
    bytes.extend_from_slice(&u32::from(DIGITS).to_be_bytes());
    bytes.extend_from_slice(&1u64.to_be_bytes());
    bytes.extend_from_slice(&HIGHEST_NS.to_be_bytes());
    bytes.extend_from_slice(&1f64.to_be_bytes());
    let mut next = 0;
    for (index, count) in counts {
        match index - next {
            0 => {}
            1 => push(&mut bytes, 0),
            empty => push(&mut bytes, -(empty as i64)),
        }
        push(&mut bytes, i64::try_from(count).ok()?);
        next = index + 1;
    }
    if next == 0 {
        push(&mut bytes, 0);
    }
    let length = u32::try_from(bytes.len() - HEADER).ok()?;
    bytes[4..8].copy_from_slice(&length.to_be_bytes());
    Some(bytes)
}

/// Decodes, and hands over every count that is not 0 with the index of its bucket, in ascending order.
///
/// # Errors
/// See [`HdrError`]. Some counts may have been handed over before.
pub(super) fn decode(text: &str, mut count: impl FnMut(usize, u64)) -> Result<(), HdrError> {
    let bytes = base64::decode(text).ok_or(HdrError::Base64)?;
    let (cookie, rest) = split_u32(&bytes).ok_or(HdrError::Length)?;
    if cookie != COMPRESSED_COOKIE {
        return Err(HdrError::Cookie);
    }
    let (length, compressed) = split_u32(rest).ok_or(HdrError::Length)?;
    if usize::try_from(length) != Ok(compressed.len()) {
        return Err(HdrError::Length);
    }
    let plain = inflate(compressed)?;
    let (header, mut counts) = plain.split_at_checked(HEADER).ok_or(HdrError::Length)?;
    check_header(header, counts.len())?;
    let mut index = 0;
    while !counts.is_empty() {
        let number = pop(&mut counts).ok_or(HdrError::Length)?;
        let after = match number {
            0.. => index + 1,
            ..0 => usize::try_from(number.unsigned_abs())
                .unwrap_or(BUCKETS + 1)
                .saturating_add(index),
        };
        if after > BUCKETS {
            return Err(HdrError::Buckets);
        }
        if number > 0 {
            count(index, number.unsigned_abs());
        }
        index = after;
    }
    Ok(())
}

fn check_header(header: &[u8], counts: usize) -> Result<(), HdrError> {
    let (cookie, rest) = split_u32(header).ok_or(HdrError::Length)?;
    let (length, shape) = split_u32(rest).ok_or(HdrError::Length)?;
    if cookie != COOKIE {
        return Err(HdrError::Cookie);
    }
    if usize::try_from(length) != Ok(counts) {
        return Err(HdrError::Length);
    }
    let expected = [0u32, u32::from(DIGITS)]
        .into_iter()
        .flat_map(u32::to_be_bytes)
        .chain(
            [1, HIGHEST_NS, 1f64.to_bits()]
                .into_iter()
                .flat_map(u64::to_be_bytes),
        );
    if shape.iter().copied().eq(expected) {
        Ok(())
    } else {
        Err(HdrError::Shape)
    }
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, HdrError> {
    let mut decompress = Decompress::new(true);
    // Somewhat more than the most, so that what is too large is seen to be.
    let most = MOST_BYTES + 1;
    let mut plain = Vec::with_capacity(bytes.len().saturating_mul(4).clamp(512, most));
    loop {
        let before = (decompress.total_in(), plain.len());
        let read = usize::try_from(before.0).unwrap_or(usize::MAX);
        let rest = bytes.get(read..).unwrap_or_default();
        let status = decompress
            .decompress_vec(rest, &mut plain, FlushDecompress::None)
            .map_err(|_| HdrError::Deflate)?;
        if status == Status::StreamEnd {
            let is_all = decompress.total_in() == bytes.len() as u64;
            return if is_all {
                Ok(plain)
            } else {
                Err(HdrError::Length)
            };
        }
        if plain.len() >= most {
            return Err(HdrError::TooLarge);
        }
        if plain.len() == plain.capacity() {
            plain.reserve_exact(plain.len().min(most - plain.len()));
        } else if before == (decompress.total_in(), plain.len()) {
            // With room left and nothing done, what is missing is input.
            return Err(HdrError::Deflate);
        }
    }
}

fn split_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (first, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*first), rest))
}

/// Appends a number as zig-zag LEB128. The ninth byte has eight bits instead of seven and is always the last.
fn push(bytes: &mut Vec<u8>, number: i64) {
    let mut left = (number << 1 ^ number >> 63).cast_unsigned();
    for _ in 1..COUNT_BYTES {
        if left < 0x80 {
            break;
        }
        bytes.push(left as u8 | 0x80);
        left >>= 7;
    }
    bytes.push(left as u8);
}

/// Takes a number away from the front; `None` if it does not end.
fn pop(bytes: &mut &[u8]) -> Option<i64> {
    let mut folded = 0;
    for position in 0..COUNT_BYTES {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if position + 1 == COUNT_BYTES || byte < 0x80 {
            folded |= u64::from(byte) << (7 * position);
            break;
        }
        folded |= u64::from(byte & 0x7f) << (7 * position);
    }
    Some((folded >> 1).cast_signed() ^ -(folded & 1).cast_signed())
}

#[cfg(test)]
mod tests;
