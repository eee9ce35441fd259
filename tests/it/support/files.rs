//! Files that a test makes: components and modules from text, and things that are neither.

use std::path::{Path, PathBuf};

/// A directory of files that is gone with the test.
pub(crate) struct Files {
    directory: tempfile::TempDir,
}

impl Files {
    pub(crate) fn new() -> Files {
        Files {
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// A file with these bytes.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::write(&path, bytes).expect("a file can be written");
        path
    }

    /// A binary of this WebAssembly text.
    #[track_caller]
    pub(crate) fn wat(&self, name: &str, text: &str) -> PathBuf {
        self.write(name, wat::parse_str(text).expect("the text is WebAssembly"))
    }
}
