//! What `gorgon new` writes, and how a project is built: for each language a template, its SDK, and one command.

mod recipe;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use self::recipe::{Recipe, built, not_built};

/// Language, path in the project, and what is in the file.
type File = (&'static str, &'static str, &'static [u8]);

static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/projects.rs"));

/// A language that a project can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Rust.
    Rust,
    /// C.
    C,
    /// Go.
    Go,
    /// Python.
    Python,
    /// TypeScript, or JavaScript.
    Js,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 5] = [
        Language::Rust,
        Language::C,
        Language::Go,
        Language::Python,
        Language::Js,
    ];

    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Language::Rust => "rust",
            Language::C => "c",
            Language::Go => "go",
            Language::Python => "python",
            Language::Js => "js",
        }
    }

    /// What has to be done once, in the folder of a project, before it can be built; nothing where that is only to have the
    /// tool chain.
    pub fn preparation(self) -> &'static [&'static str] {
        match self {
            Language::Rust => &["rustup target add wasm32-wasip2"],
            Language::C => {
                &["sudo apt-get install clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32"]
            }
            Language::Go => &[],
            Language::Python => &[
                "python3 -m venv .venv",
                ".venv/bin/pip install -r requirements.txt",
            ],
            Language::Js => &["npm install"],
        }
    }

    /// The command that runs the unit tests of a project.
    pub fn test_command(self) -> &'static str {
        match self {
            Language::Rust => "cargo test",
            Language::C => "make test",
            Language::Go => "go test",
            Language::Python => ".venv/bin/python -m unittest",
            Language::Js => "npm test",
        }
    }
}

/// Names that mean something else to one of the languages, or to the SDKs.
const TAKEN: [&str; 44] = [
    "abstract", "alloc", "as", "async", "await", "become", "box", "break", "const", "continue",
    "core", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for",
    "gorgon", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "op",
    "override", "priv", "pub", "ref", "return", "self", "static", "std", "struct", "test", "true",
];

/// Whether a project, and what is built of it, can have this name in every language.
pub fn is_name(name: &str) -> bool {
    if TAKEN.contains(&name) || name.starts_with("gorgon-sdk") {
        return false;
    }
    let mut signs = name.chars();
    signs.next().is_some_and(|first| first.is_ascii_lowercase())
        && signs.all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-')
        && name.len() <= 64
}

/// Writes a new project into the folder `into`, which must not be there, and returns its files.
///
/// # Errors
/// The folder is there, or cannot be written.
pub fn write(into: &Path, name: &str, language: Language) -> io::Result<Vec<PathBuf>> {
    fs::create_dir(into)?;
    let mut written = Vec::new();
    for (_, path, bytes) in FILES.iter().filter(|(of, ..)| *of == language.name()) {
        let path = into.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => fs::write(&path, text.replace("{{name}}", name))?,
            Err(_) => fs::write(&path, bytes)?,
        }
        written.push(path);
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_in_every_language() {
        for name in ["checkout", "a", "step-2"] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "gorgon",
            "gorgon-sdk",
            "std",
            "fn",
            "",
            "2",
            "-a",
            "Checkout",
            "a b",
            "größe",
            "a/b",
            "..",
            "a_b",
        ] {
            assert!(!is_name(name), "{name}");
        }
        assert!(!is_name(&"x".repeat(65)));
    }
}
