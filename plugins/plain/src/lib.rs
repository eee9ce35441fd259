//! Answers at once: with `SUCCESS`, or the tag of `--set tag=…`.

use gorgon_sdk::{Tag, context};

#[gorgon_sdk::operation]
fn run() -> Tag {
    context::parameter("tag").map_or(Tag::ok("SUCCESS"), Tag::ok)
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
    }
}
