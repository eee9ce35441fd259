//! Does nothing and ends with `SUCCESS`: what is left in the report is what gorgon itself costs.

#[gorgon_sdk::operation]
fn run() {}

#[cfg(test)]
mod tests {
    use gorgon_sdk::Tag;
    use gorgon_sdk::testing::Host;

    #[test]
    fn nothing_succeeds() {
        assert_eq!(Host::new().run(super::run).tag(), &Tag::ok("SUCCESS"));
    }
}
