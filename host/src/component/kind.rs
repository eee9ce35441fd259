//! What kind of file this is, told by its first bytes and, for a core module, by its exports.

use wasmparser::{Encoding, Parser, Payload};

use crate::error::{Error, Exit};

/// The largest file that is read, in bytes. A Python component has 20 MB.
pub const FILE_BYTES_MAX: u64 = 64 << 20;

/// Where a guest written to the contract of 0.1 exports its function as a core module.
const CORE_EXPORT: &str = "gorgon:load/operation@0.1.";

/// Checks that `bytes` are a WebAssembly component of the version this host knows.
///
/// # Errors
/// They are something else; the error says what, and what to do about it. `name` is what the person called the file.
pub fn check(name: &str, bytes: &[u8]) -> Result<(), Error> {
    let unusable = |what: String| Error::new(Exit::Unusable, what);
    if bytes.is_empty() {
        return Err(unusable(format!("`{name}` is empty"))
            .hint("build the operation again; was the disk full, or the build interrupted?"));
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(unusable(format!("`{name}` is not a WebAssembly file"))
            .because(format!(
                "it starts with {}, a WebAssembly file with 00 61 73 6d",
                first_bytes(bytes)
            ))
            .hint(hint_for_foreign(bytes)));
    }
    match Parser::new(0).parse_all(bytes).next() {
        Some(Ok(Payload::Version { encoding: Encoding::Component, .. })) => Ok(()),
        Some(Ok(Payload::Version { encoding: Encoding::Module, .. })) => Err(core_module(name, bytes)),
        Some(Err(cause)) => Err(unusable(format!("`{name}` is of a WebAssembly version that gorgon does not know"))
            .because(cause.message().to_owned())
            .hint("it was made by a newer tool chain, or it is damaged; `gorgon --version` tells what this one is built on")),
        _ => Err(unusable(format!("`{name}` is damaged")).because("it ends within its header".to_owned())),
    }
}

fn first_bytes(bytes: &[u8]) -> String {
    let hex: Vec<String> = bytes
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    hex.join(" ")
}

fn hint_for_foreign(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\x7fELF") {
        "this is a native program; build for WebAssembly: `cargo build --target wasm32-wasip2`"
    } else if bytes.starts_with(b"(module") || bytes.starts_with(b"(component") {
        "this is WebAssembly text; turn it into a binary: `wasm-tools parse op.wat -o op.wasm`"
    } else if std::str::from_utf8(bytes).is_ok() {
        "this is text, perhaps the source; give the file that the build makes of it, `*.wasm`"
    } else {
        "give the `.wasm` file that the build made"
    }
}

fn core_module(name: &str, bytes: &[u8]) -> Error {
    let exports = match core_exports(bytes) {
        Ok(exports) => exports,
        Err(cause) => {
            return Error::new(
                Exit::Unusable,
                format!("`{name}` is a damaged WebAssembly core module"),
            )
            .because(cause.message().to_owned())
            .hint("build the operation again");
        }
    };
    let error = Error::new(
        Exit::Unusable,
        format!("`{name}` is a core WebAssembly module, not a component"),
    );
    if exports.iter().any(|export| export.starts_with(CORE_EXPORT)) {
        error
            .because("it exports the operation, but has not been made a component yet")
            .hint("wrap it: `wasm-tools component new op.wasm -o op.component.wasm` (with `--adapt` if it uses WASI)")
    } else if exports.iter().any(|export| export == "_start") {
        error
            .because("it is a WASI command: it exports `_start`, and gorgon looks for an operation")
            .hint("export `run` of `gorgon:load/operation@0.1.0`; in Rust: `#[gorgon_sdk::operation]` and `--target wasm32-wasip2`")
    } else {
        error
            .because(format!("it exports neither an operation nor `_start`; it exports {}", listed(&exports)))
            .hint("build it as a component: `cargo build --target wasm32-wasip2`, with `#[gorgon_sdk::operation]`")
    }
}

fn core_exports(bytes: &[u8]) -> Result<Vec<String>, wasmparser::BinaryReaderError> {
    let mut exports = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::ExportSection(section) = payload? {
            for export in section {
                exports.push(export?.name.to_owned());
            }
        }
    }
    Ok(exports)
}

/// The first few of some names, in backticks.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 5;
    if names.is_empty() {
        return "nothing".to_owned();
    }
    let mut shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{}`", name.escape_debug()))
        .collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(bytes: &[u8], what: &str, words: &str) {
        let error = check("op.wasm", bytes).unwrap_err();
        assert_eq!(error.exit(), Exit::Unusable);
        assert!(error.what().contains(what), "{error:?}");
        let told = format!("{:?} {:?}", error.causes(), error.hints());
        assert!(told.contains(words), "{told}");
    }

    #[test]
    fn files_that_are_no_components_are_told_apart() {
        refused(b"", "is empty", "build");
        refused(b"\x7fELF\x02\x01", "not a WebAssembly file", "7f 45 4c 46");
        refused(b"fn run() {}", "not a WebAssembly file", "source");
        refused(b"(module)", "not a WebAssembly file", "text");
        refused(b"\xff\xfe\x00", "not a WebAssembly file", "the build made");
        refused(b"\0asm\x09\0\0\0", "version", "newer");
        refused(b"\0asm", "", "");
        refused(
            &wat::parse_str("(module)").unwrap(),
            "core WebAssembly module",
            "exports nothing",
        );
        let start = wat::parse_str(r#"(module (func (export "_start")))"#).unwrap();
        refused(&start, "core WebAssembly module", "_start");
        let run = wat::parse_str(r#"(module (func (export "gorgon:load/operation@0.1.0#run")))"#)
            .unwrap();
        refused(&run, "core WebAssembly module", "component new");
        refused(&start[..start.len() - 1], "damaged", "build");
    }

    #[test]
    fn a_component_passes() {
        assert_eq!(
            check("op.wasm", &wat::parse_str("(component)").unwrap()),
            Ok(())
        );
    }
}
