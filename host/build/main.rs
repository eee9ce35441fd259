//! Compiles the stock plugins to WebAssembly and makes the tables that are embedded into the binary: of the plugins, and of
//! the files of a new project.

#![expect(
    clippy::print_stdout,
    reason = "this is how a build script talks to cargo"
)]

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

mod guests;
mod projects;

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
    println!("cargo::rerun-if-changed=build");
    println!(
        "cargo::rustc-env=GORGON_WASMTIME_VERSION={}",
        locked_version(&root.join("Cargo.lock"), "wasmtime")
    );

    projects::write_table(root, &out);

    let plugins = plugins(&root.join("plugins"));
    let target = guests::target_directory(&out);
    let packages: Vec<&str> = plugins
        .iter()
        .map(|plugin| plugin.package.as_str())
        .collect();
    let built = guests::compile(&root.join("Cargo.toml"), "guest", &target, &packages);
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

fn locked_version(lock: &Path, package: &str) -> String {
    let lock = fs::read_to_string(lock).expect("the workspace has a lock file");
    let at = lock
        .find(&format!("name = \"{package}\"\n"))
        .expect("the package is locked");
    field(&lock[at..], "version")
}
