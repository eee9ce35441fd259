//! Crashes in the calls whose number is a multiple of `--set every=…`: in all of them without it, in none with 0. The
//! others end with `SUCCESS`.
//!
//! `--set how=…` says how: `panic` (the default), `unreachable`, `abort`, `overflow` (of a division), `recursion`
//! (without end).

use std::hint::black_box;

use gorgon_sdk::{Failure, Result, context};

#[gorgon_sdk::operation]
fn run(number: u64) -> Result<()> {
    let how = context::parameter("how").unwrap_or_else(|| "panic".into());
    let crash = crash(&how)?;
    if number.checked_rem(context::parameter_or("every", 1)?) == Some(0) {
        crash();
    }
    Ok(())
}

/// The way to crash that has this name. A name that is none has to be told for every number, not only the due ones.
fn crash(how: &str) -> Result<fn()> {
    match how {
        "panic" => Ok(|| panic!("this plugin panics on purpose")),
        "unreachable" => Ok(unreachable),
        "abort" => Ok(|| std::process::abort()),
        "overflow" => Ok(|| {
            black_box(black_box(i32::MIN) / black_box(-1));
        }),
        "recursion" => Ok(|| {
            black_box(recurse(&[0; 64]));
        }),
        _ => Err(Failure::new("bad-parameter:how").because(format!(
            "`--set how={how}`: it is `panic`, `unreachable`, `abort`, `overflow` or `recursion`"
        ))),
    }
}

/// The instruction itself, without the message of `unreachable!()`.
fn unreachable() {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    std::process::abort();
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
        for how in ["panic", "unreachable", "abort", "overflow", "recursion"] {
            let call = Host::new()
                .parameter("how", how)
                .parameter("every", "3")
                .run(|| run(4));
            assert_eq!(call.tag(), &Tag::ok("SUCCESS"), "{how}");
        }
    }

    #[test]
    #[should_panic = "on purpose"]
    fn a_multiple_panics() {
        Host::new().parameter("every", "3").run(|| run(6));
    }

    #[test]
    #[should_panic = "attempt to divide with overflow"]
    fn a_division_overflows() {
        Host::new().parameter("how", "overflow").run(|| run(0));
    }

    #[test]
    fn a_way_that_is_none_is_told() {
        let call = Host::new()
            .parameter("how", "gently")
            .parameter("every", "0")
            .run(|| run(1));
        assert_eq!(call.tag(), &Tag::fail("bad-parameter:how"));
        assert!(
            call.log()[0].text.contains("`--set how=gently`"),
            "{:?}",
            call.log()
        );
    }
}
