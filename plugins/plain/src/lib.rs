//! Answers at once: with `SUCCESS`, or the tag of `--set tag=…`, after making a text of `--set length=…` bytes.

use std::hint::black_box;

use gorgon_sdk::{Result, Tag, context};

#[gorgon_sdk::operation]
fn run() -> Result<Tag> {
    let length = context::size_or("length", 0)?;
    black_box("X".repeat(usize::try_from(length).unwrap_or(usize::MAX)));
    Ok(context::parameter("tag").map_or(Tag::ok("SUCCESS"), Tag::ok))
}

#[cfg(test)]
mod tests {
    use gorgon_sdk::testing::Host;

    use super::*;

    #[test]
    fn the_tag_is_the_one_that_was_asked_for() {
        assert_eq!(Host::new().run(run).tag(), &Tag::ok("SUCCESS"));
        assert_eq!(
            Host::new().parameter("tag", "500").run(run).tag(),
            &Tag::ok("500")
        );
        let long = Host::new().parameter("length", "64KiB").run(run);
        assert_eq!(long.tag(), &Tag::ok("SUCCESS"));
        let bad = Host::new().parameter("length", "some").run(run);
        assert_eq!(bad.tag(), &Tag::fail("bad-parameter:length"));
    }
}
