//! Compiles the stock plugins to WebAssembly and makes the table that is embedded into the binary.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let host = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let root = host
        .parent()
        .expect("the host is a folder of the workspace");
    for input in [
        "plugins",
        "guest-sdk/src",
        "guest-sdk/macros",
        "guest-sdk/Cargo.toml",
        "wit",
        "Cargo.lock",
    ] {
        println!("cargo::rerun-if-changed={}", root.join(input).display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!(
        "cargo::rustc-env=GORGON_WASMTIME_VERSION={}",
        locked_version(&root.join("Cargo.lock"), "wasmtime")
    );

    let plugins = plugins(&root.join("plugins"));
    // One directory for all profiles and for the test guests too, so that the SDK is compiled once.
    let target = out
        .ancestors()
        .nth(4)
        .expect("OUT_DIR lies in target/PROFILE/build/PACKAGE/out")
        .join("guests");
    build(root, &target, &plugins);
    let built = target.join("wasm32-wasip2/guest");
    let mut table = String::from("&[\n");
    for plugin in &plugins {
        let file = built.join(format!("{}.wasm", plugin.package.replace('-', "_")));
        let copy = out.join(format!("{}.wasm", plugin.name));
        // A copy of our own: another build may be writing to the shared directory when rustc reads it.
        fs::copy(&file, &copy)
            .unwrap_or_else(|error| panic!("cannot copy {}: {error}", file.display()));
        writeln!(
            table,
            "    Plugin {{ name: {:?}, description: {:?}, bytes: include_bytes!({:?}) }},",
            plugin.name, plugin.description, copy
        )
        .expect("a string takes everything");
    }
    table.push(']');
    fs::write(out.join("plugins.rs"), table).expect("OUT_DIR can be written to");
}

struct Manifest {
    name: String,
    package: String,
    description: String,
}

fn plugins(directory: &Path) -> Vec<Manifest> {
    let mut plugins: Vec<Manifest> = fs::read_dir(directory)
        .expect("the workspace has a folder of plugins")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.join("Cargo.toml").is_file())
        .map(|path| {
            let manifest =
                fs::read_to_string(path.join("Cargo.toml")).expect("the manifest can be read");
            let name = path
                .file_name()
                .expect("a folder has a name")
                .to_string_lossy()
                .into_owned();
            Manifest {
                name,
                package: field(&manifest, "name"),
                description: field(&manifest, "description"),
            }
        })
        .collect();
    plugins.sort_by(|a, b| a.name.cmp(&b.name));
    plugins
}

/// `key = "value"` of the `[package]` table, which our manifests begin with.
fn field(manifest: &str, key: &str) -> String {
    manifest
        .lines()
        .find_map(|line| {
            line.strip_prefix(key)?
                .trim_start()
                .strip_prefix('=')?
                .trim()
                .strip_prefix('"')?
                .strip_suffix('"')
        })
        .unwrap_or_else(|| panic!("a plugin's Cargo.toml has no `{key}`"))
        .to_owned()
}

fn build(root: &Path, target: &Path, plugins: &[Manifest]) {
    let mut cargo = Command::new(env::var_os("CARGO").expect("cargo sets it"));
    cargo.current_dir(root).args([
        "build",
        "--quiet",
        "--profile",
        "guest",
        "--target",
        "wasm32-wasip2",
    ]);
    cargo.arg("--target-dir").arg(target);
    for plugin in plugins {
        cargo.args(["--package", &plugin.package]);
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
        "the stock plugins do not compile; if the target is missing: rustup toolchain install"
    );
}

fn locked_version(lock: &Path, package: &str) -> String {
    let lock = fs::read_to_string(lock).expect("the workspace has a lock file");
    let at = lock
        .find(&format!("name = \"{package}\"\n"))
        .expect("the package is locked");
    field(&lock[at..], "version")
}
