//! What kind of file this is, told by its first bytes and, for a core module, by its exports.

use wasmparser::{Encoding, ExternalKind, Parser, Payload};

use crate::error::{Error, Exit};

/// The largest file that is read, in bytes. A Python component has 20 MB.
pub const FILE_BYTES_MAX: u64 = 64 << 20;

/// Where a guest written to the contract of 0.1 exports its function as a core module, and its hooks.
const CORE_OPERATION: &str = "gorgon:load/operation@0.1.";
pub(super) const CORE_LIFECYCLE: &str = "gorgon:load/lifecycle@0.1.";

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A component; what it exports decides what it can be used for.
    Component,
    /// A core module that can be made one.
    Core(CoreKind),
}

/// What a core module is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoreKind {
    /// It exports the functions of the contract.
    Operation {
        /// The names of all that it exports.
        exports: Vec<String>,
    },
    /// A program with `_start`.
    Command,
}

/// Tells what a file is, of those that are WebAssembly of a version that this host knows.
///
/// # Errors
/// It is something else; the error says what, and what to do about it. `name` is what the person called the file.
pub fn tell(name: &str, bytes: &[u8]) -> Result<Kind, Error> {
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
        Some(Ok(Payload::Version { encoding: Encoding::Component, .. })) => Ok(Kind::Component),
        Some(Ok(Payload::Version { encoding: Encoding::Module, .. })) => core_module(name, bytes).map(Kind::Core),
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

fn core_module(name: &str, bytes: &[u8]) -> Result<CoreKind, Error> {
    let exports = core_exports(bytes).map_err(|cause| {
        Error::new(
            Exit::Unusable,
            format!("`{name}` is a damaged WebAssembly core module"),
        )
        .because(cause.message().to_owned())
        .hint("build the operation again")
    })?;
    if exports
        .iter()
        .any(|export| export.starts_with(CORE_OPERATION))
    {
        return Ok(CoreKind::Operation { exports });
    }
    if exports.iter().any(|export| export == "_start") {
        return Ok(CoreKind::Command);
    }
    let error = Error::new(
        Exit::Unusable,
        format!("`{name}` is a core WebAssembly module without an operation"),
    );
    let another = exports
        .iter()
        .find(|export| export.starts_with("gorgon:load/operation@"));
    Err(match another {
        Some(another) => error
            .because(format!("it exports `{another}`, of another version of the contract"))
            .hint("this gorgon speaks `gorgon:load@0.1`; build it against `wit/load.wit` of this version"),
        None => error
            .because(format!(
                "it exports neither `gorgon:load/operation@0.1.0#run` nor `_start`; it exports {}",
                listed(&exports)
            ))
            .hint("build it with an SDK, or as a program with a `main`"),
    })
}

fn core_exports(bytes: &[u8]) -> Result<Vec<String>, wasmparser::BinaryReaderError> {
    let mut exports = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        if let Payload::ExportSection(section) = payload? {
            for export in section {
                let export = export?;
                if export.kind == ExternalKind::Func {
                    exports.push(export.name.to_owned());
                }
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
        let error = tell("op.wasm", bytes).unwrap_err();
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
        let later = r#"(module (func (export "gorgon:load/operation@0.9.0#run")))"#;
        let later = wat::parse_str(later).unwrap();
        refused(&later, "without an operation", "another version");
        refused(&later[..later.len() - 1], "damaged", "build");
    }

    #[test]
    fn components_and_the_two_kinds_of_core_modules_are_told_apart() {
        let told = |wat: &str| tell("op.wasm", &wat::parse_str(wat).unwrap()).unwrap();
        assert_eq!(told("(component)"), Kind::Component);
        let command = r#"(module (func (export "_start")))"#;
        assert_eq!(told(command), Kind::Core(CoreKind::Command));
        let run = "gorgon:load/operation@0.1.0#run";
        let exports = vec![run.to_owned()];
        assert_eq!(
            told(&format!(r#"(module (func (export "{run}")))"#)),
            Kind::Core(CoreKind::Operation { exports })
        );
    }
}
