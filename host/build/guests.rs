//! Compiles packages to WebAssembly from a build script, with the cargo that runs it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where guests are compiled: one directory for all profiles of the host, and for plugins and test guests together, so that
/// what they share is compiled once.
pub(crate) fn target_directory(out_dir: &Path) -> PathBuf {
    let target = out_dir
        .ancestors()
        .nth(4)
        .expect("OUT_DIR lies in target/PROFILE/build/PACKAGE/out");
    target.join("guests")
}

/// Compiles `packages` of the workspace of `manifest` (all of it if none is named) and returns the folder with the
/// components.
pub(crate) fn compile(manifest: &Path, profile: &str, target: &Path, packages: &[&str]) -> PathBuf {
    let mut cargo = Command::new(env::var_os("CARGO").expect("cargo sets it"));
    cargo.args([
        "build",
        "--quiet",
        "--target",
        "wasm32-wasip2",
        "--profile",
        profile,
    ]);
    cargo
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(target);
    for package in packages {
        cargo.args(["--package", package]);
    }
    // What is meant for the host's compilation must not reach the guests'.
    for variable in [
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_WRAPPER",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTFLAGS",
    ] {
        cargo.env_remove(variable);
    }
    let status = cargo.status().expect("cargo can be started");
    assert!(
        status.success(),
        "the guests of {} do not compile; if the WebAssembly target is missing: rustup toolchain install",
        manifest.display()
    );
    target.join("wasm32-wasip2").join(profile)
}
