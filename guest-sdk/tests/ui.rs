//! What the compiler says about operations that are none: it points at the user's code and says what to write.
//!
//! `TRYBUILD=overwrite cargo test -p gorgon-sdk --test ui` writes the expectations anew.

#[test]
fn mistakes_are_explained_where_they_were_made() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
