//! Makes the table of files that `gorgon new` writes: the template of each language, and its SDK as a folder beside it, so
//! that a project needs nothing of this checkout.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the SDK in a project.
const SDK: &str = "gorgon-sdk";

/// Writes the table to `out`. Each entry is a language, the path of a file in the project, and what is in it.
pub(crate) fn write_table(root: &Path, out: &Path) {
    let mut table = String::from("&[\n");
    let mut entry = |language: &str, path: &Path, source: &Path| {
        println!("cargo::rerun-if-changed={}", source.display());
        let path = path.display().to_string();
        writeln!(
            table,
            "    ({language:?}, {path:?}, include_bytes!({:?})),",
            source.display().to_string()
        )
        .expect("a string takes everything");
    };
    let templates = root.join("host/templates");
    for language in folders(&templates) {
        let template = templates.join(&language);
        for file in files(&template) {
            entry(&language, &in_project(&file, &template, ""), &file);
        }
        if language == "rust" {
            continue;
        }
        let sdk = root.join("sdks").join(&language);
        // The tests of an SDK in Go lie beside what they test.
        let is_test = |file: &PathBuf| file.to_string_lossy().ends_with("_test.go");
        for file in files(&sdk).iter().filter(|file| !is_test(file)) {
            entry(&language, &in_project(file, &sdk, SDK), file);
        }
    }
    // The one in Rust is part of a workspace here and stands alone there.
    let sdk = root.join("guest-sdk");
    for part in ["src", "macros/src"] {
        for file in files(&sdk.join(part)) {
            entry("rust", &in_project(&file, &sdk, SDK), &file);
        }
    }
    let workspace = read(&root.join("Cargo.toml"));
    for part in ["", "macros"] {
        let manifest = alone(&read(&sdk.join(part).join("Cargo.toml")), &workspace);
        let source = out.join(format!("sdk-{part}.toml"));
        fs::write(&source, manifest).expect("OUT_DIR can be written to");
        let path = Path::new(SDK).join(part).join("Cargo.toml");
        entry("rust", &path, &source);
    }
    table.push(']');
    fs::write(out.join("projects.rs"), table).expect("OUT_DIR can be written to");
}

/// Where a file of `folder` is in a project. A template's `gitignore` must not be one in this repository.
fn in_project(file: &Path, folder: &Path, below: &str) -> PathBuf {
    let inside = file.strip_prefix(folder).expect("it lies in it");
    if inside == Path::new("gitignore") {
        return PathBuf::from(".gitignore");
    }
    Path::new(below).join(inside)
}

fn folders(parent: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    let mut folders: Vec<String> = folders
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    folders
}

/// All sources in a folder and those below it: not what tools leave there, and no tests of an SDK itself.
fn files(folder: &Path) -> Vec<PathBuf> {
    const LEFT_OUT: [&str; 7] = [
        "node_modules",
        "__pycache__",
        "build",
        "dist",
        "target",
        "test",
        "tests",
    ];
    const SOURCES: [&str; 16] = [
        "c", "d.ts", "go", "h", "js", "json", "md", "mod", "py", "pyi", "rs", "s", "toml", "ts",
        "txt", "wit",
    ];
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut found = Vec::new();
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_source = SOURCES.iter().any(|end| name.ends_with(&format!(".{end}")))
            || ["Makefile", "gitignore", "py.typed"].contains(&&*name);
        if path.is_dir() {
            // The generator of an SDK may be called `build`, and is then a folder of sources.
            let is_left_out =
                LEFT_OUT.contains(&&*name) && !(name == "build" && folder.ends_with("src"));
            if !is_left_out && !name.starts_with('.') && !name.ends_with(".egg-info") {
                found.extend(files(&path));
            }
        } else if is_source {
            found.push(path);
        }
    }
    found
}

/// A manifest of this workspace as one that stands alone: what it inherits is written out, and what only its own tests
/// need is left out.
fn alone(manifest: &str, workspace: &str) -> String {
    let mut alone = String::new();
    let mut is_left_out = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_left_out = ["[dev-dependencies]", "[lints]"].contains(&line);
        }
        let line = match line.split_once(".workspace = true") {
            Some(("gorgon-sdk-macros", _)) => {
                "gorgon-sdk-macros = { path = \"macros\" }".to_owned()
            }
            Some((key, _)) => inherited(key, workspace),
            None => match line.split_once(" = { workspace = true") {
                // `name = { workspace = true, optional = true }`
                Some((key, rest)) => {
                    let value = inherited(key, workspace);
                    let (_, version) = value.split_once(" = ").expect("a key and a value");
                    let version = version
                        .trim_start_matches("{ version = ")
                        .trim_end_matches(" }");
                    format!("{key} = {{ version = {version}{rest}")
                }
                None => line.to_owned(),
            },
        };
        if !is_left_out {
            alone.push_str(&line);
            alone.push('\n');
        }
    }
    alone
}

/// The line of the workspace's manifest that says what a key stands for.
fn inherited(key: &str, workspace: &str) -> String {
    let begin = format!("{key} = ");
    let line = workspace.lines().find(|line| line.starts_with(&begin));
    line.unwrap_or_else(|| panic!("the workspace has no `{key}`"))
        .to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
