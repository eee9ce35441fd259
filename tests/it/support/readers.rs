//! Programs that are not gorgon's and read what it writes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What `tests/other-readers/install.sh` installs, as CI does before the tests.
pub(crate) struct OtherReaders {
    python: PathBuf,
}

impl OtherReaders {
    /// Nothing, and a word to whoever runs the tests, where they are not installed. In CI they are.
    pub(crate) fn installed() -> Option<OtherReaders> {
        let there = Path::new(ROOT).join("target/other-readers");
        // Written when all of it is there.
        if there.join("installed").exists() {
            let python = there.join("bin/python");
            return Some(OtherReaders { python });
        }
        let is_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
        let missing =
            "the other programs' readers are not installed: tests/other-readers/install.sh";
        assert!(!is_ci, "{missing}");
        // Past what the test harness keeps to itself. It is no failure that nobody can read it.
        let _ = writeln!(std::io::stderr(), "\nSKIPPED: {missing}\n");
        None
    }

    /// What the script of this name says to an input.
    #[track_caller]
    pub(crate) fn ask(&self, script: &str, input: &[u8]) -> Value {
        let script = Path::new(ROOT).join("tests/other-readers").join(script);
        let mut reader = Command::new(&self.python)
            .arg("-X")
            .arg("utf8")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut stdin = reader.stdin.take().expect("a pipe");
        // It reads to the end before it writes, so neither waits for the other.
        stdin.write_all(input).expect("it reads");
        drop(stdin);
        let output = reader.wait_with_output().expect("it ends");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {complaint}", output.status);
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}
