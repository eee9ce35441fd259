//! The attribute `operation` and the derive `Tag` of `gorgon-sdk`, which documents and re-exports both.
//!
//! Written on `proc_macro` alone: a first operation should build in seconds, and `syn` would be most of them. What is
//! parsed is little (the head of a function, the variants of an enum), and whatever is not understood becomes an error
//! at its place in the user's code that says what to write.

mod derive;
mod operation;
mod tokens;

use proc_macro::TokenStream;

/// Makes a function the operation of this component. See `gorgon_sdk::operation`.
#[proc_macro_attribute]
pub fn operation(arguments: TokenStream, item: TokenStream) -> TokenStream {
    operation::expand(arguments, item.clone()).unwrap_or_else(|error| {
        // The function stays, so that the rest of the crate does not complain that it is gone.
        let mut output = error.into_tokens();
        output.extend(item);
        output
    })
}

/// Makes the variants of an enum tags. See `gorgon_sdk::Tag`.
#[proc_macro_derive(Tag, attributes(tag))]
pub fn derive_tag(item: TokenStream) -> TokenStream {
    derive::expand(item).unwrap_or_else(tokens::Error::into_tokens)
}
