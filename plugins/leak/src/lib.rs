//! Keeps `--set size=1MiB` more with every call, until the limit of its memory ends it.
//!
//! The counter `leaked bytes` says how much.

use std::sync::{Mutex, PoisonError};

use gorgon_sdk::{OrFail, Result, context, measure};

/// Everything that was ever allocated.
static KEPT: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

#[gorgon_sdk::operation]
fn run() -> Result<()> {
    let size = context::size_or("size", 1 << 20)?;
    // Not of zeroes: those would be promised and never take a page.
    let block = vec![1; usize::try_from(size).or_fail("bad-parameter:size")?];
    KEPT.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(block);
    measure::count("leaked bytes", size);
    Ok(())
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::Tag;
    use gorgon_sdk::testing::Host;

    use super::*;

    #[test]
    fn what_is_allocated_is_kept() {
        for _ in 0..3 {
            let call = Host::new().parameter("size", "4KiB").run(run);
            assert_eq!(
                (call.tag(), call.counter("leaked bytes")),
                (&Tag::ok("SUCCESS"), 4096)
            );
        }
        let kept: Vec<usize> = KEPT
            .lock()
            .expect("no test panicked")
            .iter()
            .map(Vec::len)
            .collect();
        assert_eq!(kept, [4096; 3]);
    }
}
