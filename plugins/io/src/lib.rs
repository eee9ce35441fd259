//! Waits like a call of a database, `--set for=50ms` and a random part of `--set jitter=…` on top, and then goes through
//! `--set length=1MiB` bytes of an answer. There are no files in a sandbox, so the bytes come from memory.

use std::hint::black_box;
use std::time::Duration;

use gorgon_sdk::{Result, clock, context, random};

#[gorgon_sdk::operation]
fn run() -> Result<()> {
    let wait = context::parameter_or("for", Duration::from_millis(50))?;
    let jitter = context::parameter_or("jitter", Duration::ZERO)?;
    let length = context::size_or("length", 1 << 20)?;
    clock::sleep(wait.saturating_add(random::range(Duration::ZERO..=jitter)));
    read(length);
    Ok(())
}

/// Goes through as many bytes, a block at a time, as a program that reads a file does.
fn read(length: u64) {
    let mut block = [0_u8; 64 << 10];
    let mut left = length;
    while left > 0 {
        let size = left.min(block.len() as u64) as usize;
        black_box(&mut block[..size]).fill(left as u8);
        left -= size as u64;
    }
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::Tag;
    use gorgon_sdk::testing::Host;

    use super::*;

    #[test]
    fn without_jitter_every_wait_is_the_same() {
        let call = Host::new().parameter("for", "20ms").run(run);
        assert_eq!(
            (call.tag(), call.elapsed()),
            (&Tag::ok("SUCCESS"), Duration::from_millis(20))
        );
    }

    #[test]
    fn jitter_is_added_anew_for_each_number() {
        let waits: Vec<Duration> = (0..20)
            .map(|number| {
                Host::new()
                    .number(number)
                    .parameter("jitter", "10ms")
                    .run(run)
                    .elapsed()
            })
            .collect();
        assert!(
            waits
                .iter()
                .all(|wait| (50..=60).contains(&wait.as_millis())),
            "{waits:?}"
        );
        assert!(waits.iter().any(|wait| *wait != waits[0]), "{waits:?}");
    }

    #[test]
    fn what_is_no_duration_fails() {
        let call = Host::new().parameter("jitter", "some").run(run);
        assert_eq!(call.tag(), &Tag::fail("bad-parameter:jitter"));
    }
}
