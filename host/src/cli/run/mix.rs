//! The operations of a run: `browse.wasm=90 buy.wasm=10`.

use std::path::Path;

use super::super::{misused, values};
use crate::error::Result;
use crate::plugins;

/// An operation as it was named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Named {
    /// What it is read from.
    pub(in crate::cli) name: String,
    /// How many calls of all it gets, beside the others.
    pub(in crate::cli) weight: u64,
}

/// Reads the operations. A weight of 1 need not be said.
pub(super) fn read(operations: &[String]) -> Result<Vec<Named>> {
    operations.iter().map(|text| named(text)).collect()
}

fn named(text: &str) -> Result<Named> {
    let whole = Named {
        name: text.to_owned(),
        weight: 1,
    };
    // Addresses and the names of files may hold `=` themselves.
    let Some((name, weight)) = text.rsplit_once('=') else {
        return Ok(whole);
    };
    let is_operation = name.ends_with(".wasm") || plugins::find(name).is_some();
    if !is_operation || Path::new(text).is_file() {
        return Ok(whole);
    }
    match values::positive(weight) {
        Ok(weight) => Ok(Named {
            name: name.to_owned(),
            weight,
        }),
        Err(cause) => Err(misused(format!("`{text}` has no weight that can be read"))
            .caused_by(&cause)
            .hint("a mix is written `browse.wasm=90 buy.wasm=10`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Exit;

    #[test]
    fn a_weight_stands_after_the_operation_and_is_one_without() {
        #[track_caller]
        fn check(text: &str, name: &str, weight: u64) {
            let name = name.to_owned();
            assert_eq!(named(text), Ok(Named { name, weight }));
        }
        check("op.wasm", "op.wasm", 1);
        check("op.wasm=90", "op.wasm", 90);
        check("hash=2k", "hash", 2_000);
        check("a=b.wasm", "a=b.wasm", 1);
        check("https://host/get?v=2", "https://host/get?v=2", 1);
        check("https://host/op.wasm=3", "https://host/op.wasm", 3);
        check("nothing=3", "nothing=3", 1);
    }

    #[test]
    fn a_weight_that_is_none_is_told() {
        for text in [
            "op.wasm=0",
            "op.wasm=-1",
            "op.wasm=",
            "op.wasm=1.5",
            "hash=x",
        ] {
            let error = named(text).unwrap_err();
            assert_eq!(error.exit(), Exit::Usage);
            assert!(error.what().contains(text), "{error}");
        }
    }
}
