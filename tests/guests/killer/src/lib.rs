//! Ends in every way that is not a return, in the calls whose number is a multiple of `--set every=…` (1 without it).
//! The others end with `SUCCESS`.
//!
//! `--set kind=…` picks the way: `loop`, `abort`, `exit`, `leak` (grows until it may not), `recursion`, `panic`.

use std::hint::black_box;

use gorgon_sdk::{Failure, Result, context};

#[gorgon_sdk::operation]
fn run(number: u64) -> Result<()> {
    let kill = way(&context::required("kind")?)?;
    if number.checked_rem(context::parameter_or("every", 1)?) == Some(0) {
        kill();
    }
    Ok(())
}

fn way(kind: &str) -> Result<fn()> {
    match kind {
        "loop" => Ok(spin),
        "abort" => Ok(|| std::process::abort()),
        "exit" => Ok(exit),
        "leak" => Ok(leak),
        "recursion" => Ok(|| {
            black_box(recurse(&[0; 64]));
        }),
        "panic" => Ok(|| panic!("this guest panics on purpose")),
        _ => Err(Failure::new("bad-parameter:kind").because(format!("there is no kind `{kind}`"))),
    }
}

fn spin() {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

#[expect(clippy::disallowed_methods, reason = "that is what this is for")]
fn exit() {
    std::process::exit(7);
}

fn leak() {
    let mut kept = Vec::new();
    loop {
        // Only reserved: to touch it would take longer, and the limit is on what is there to be touched.
        kept.push(black_box(Vec::<u8>::with_capacity(1 << 20)));
    }
}

#[expect(unconditional_recursion, reason = "that is what this is for")]
fn recurse(above: &[u8; 64]) -> u8 {
    let here = black_box(*above);
    recurse(&here) ^ here[0]
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::Tag;
    use gorgon_sdk::testing::Host;

    use super::*;

    #[test]
    fn the_numbers_in_between_return() {
        for kind in ["loop", "abort", "exit", "leak", "recursion", "panic"] {
            let call = Host::new()
                .parameter("kind", kind)
                .parameter("every", "3")
                .run(|| run(4));
            assert_eq!(call.tag(), &Tag::ok("SUCCESS"), "{kind}");
        }
        let call = Host::new().parameter("kind", "gently").run(|| run(4));
        assert_eq!(call.tag(), &Tag::fail("bad-parameter:kind"));
    }
}
