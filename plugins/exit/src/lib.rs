//! Exits the process with `--set code=1` in the calls whose number is a multiple of `--set every=…`: in all of them
//! without it, in none with 0. The others end with `SUCCESS`.
//!
//! WASI 0.2 tells the host whether the code was 0 and nothing else, so all others arrive as 1.

use gorgon_sdk::{Result, context};

#[gorgon_sdk::operation]
fn run(number: u64) -> Result<()> {
    let code = context::parameter_or("code", 1)?;
    if number.checked_rem(context::parameter_or("every", 1)?) == Some(0) {
        leave(code);
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "that is what this is for")]
fn leave(code: i32) {
    std::process::exit(code);
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::Tag;
    use gorgon_sdk::testing::Host;

    use super::*;

    #[test]
    fn the_numbers_in_between_return() {
        let call = Host::new().parameter("every", "3").run(|| run(4));
        assert_eq!(call.tag(), &Tag::ok("SUCCESS"));
    }

    #[test]
    fn a_code_that_is_no_number_fails() {
        let call = Host::new().parameter("code", "one").run(|| run(0));
        assert_eq!(call.tag(), &Tag::fail("bad-parameter:code"));
    }
}
