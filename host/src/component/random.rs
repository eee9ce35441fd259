//! Random numbers that follow from the seed of the run.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use rand_core::TryRng;

use crate::splitmix::{GOLDEN_GAMMA, mixed};

/// A stream of SplitMix64.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    state: u64,
}

impl Stream {
    /// The stream of a call: it depends on the seed and the number alone. Both are mixed first, so that neighbouring
    /// numbers do not have overlapping streams.
    pub(super) fn of_call(seed: u64, number: u64) -> Stream {
        Stream {
            state: mixed(seed ^ mixed(number.wrapping_add(GOLDEN_GAMMA))),
        }
    }

    /// The next value.
    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        mixed(self.state)
    }
}

/// The stream behind `wasi:random` when the person gave a seed. The state keeps a handle on it and starts it anew with
/// each call, so that what a call draws follows from the seed and its number.
#[derive(Debug, Clone)]
pub(super) struct WasiStream(Arc<Mutex<Stream>>);

impl WasiStream {
    pub(super) fn new(seed: u64, purpose: u64) -> WasiStream {
        WasiStream(Arc::new(Mutex::new(Self::stream(seed, purpose, 0))))
    }

    /// Starts the stream of a call.
    pub(super) fn begin(&self, seed: u64, purpose: u64, number: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Self::stream(seed, purpose, number);
    }

    /// Apart from the streams of `context.random`, and one for each purpose.
    fn stream(seed: u64, purpose: u64, number: u64) -> Stream {
        Stream::of_call(!seed ^ purpose << 63, number)
    }

    fn draw(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}

impl TryRng for WasiStream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.draw() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.draw())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.draw().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_stream_is_splitmix64() {
        // The first values from state 1234567, as in the reference implementation by Sebastiano Vigna.
        let mut stream = Stream { state: 1_234_567 };
        let values: Vec<u64> = (0..3).map(|_| stream.next()).collect();
        assert_eq!(
            values,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn calls_have_streams_of_their_own_and_the_same_ones_for_the_same_seed() {
        let first = |seed, number| Stream::of_call(seed, number).next();
        assert_eq!(first(1, 5), first(1, 5));
        assert_ne!(first(1, 5), first(2, 5));
        let values: HashSet<u64> = (0..10_000).map(|number| first(7, number)).collect();
        assert_eq!(values.len(), 10_000);
    }

    #[test]
    fn wasi_bytes_follow_from_the_seed_and_the_call() {
        let drawn = |seed, number| {
            let mut stream = WasiStream::new(seed, 0);
            stream.begin(seed, 0, number);
            let mut bytes = [0; 13];
            stream.try_fill_bytes(&mut bytes).unwrap();
            bytes
        };
        assert_eq!(drawn(1, 2), drawn(1, 2));
        assert_ne!(drawn(1, 2), drawn(1, 3));
        assert_ne!(drawn(1, 2), drawn(2, 2));
        assert!(drawn(1, 2)[8..].iter().any(|byte| *byte != 0));
    }
}
