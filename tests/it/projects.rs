//! A project from nothing: written, built by its one command, tested and run.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Files, Gorgon, Target, gorgon};

/// What a compiler that is installed in a home directory needs, and no network.
fn with_cargo(run: Gorgon) -> Gorgon {
    let mut run = run.env("CARGO_NET_OFFLINE", "true");
    for (name, default) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        run = run.env(name, in_home(name, default));
    }
    run
}

fn in_home(name: &str, default: &str) -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").expect("there is a home directory"));
    std::env::var_os(name).map_or_else(|| home().join(default), PathBuf::from)
}

#[test]
fn a_project_in_rust_is_built_tested_and_run() {
    let files = Files::new();
    gorgon("new")
        .args(["first", "--lang", "rust"])
        .inside(files.path())
        .expect_exit(0)
        .stdout_contains("cargo build --release --target wasm32-wasip2")
        .stdout_contains("gorgon run target/wasm32-wasip2/release/first.wasm");
    let project = files.path().join("first");
    let built = with_cargo(gorgon("build").arg(&project)).expect_exit(0);
    built.stdout_contains("first.wasm");
    let target = Target::start();
    let summary = gorgon("run")
        .arg(project.join("target/wasm32-wasip2/release/first.wasm"))
        .args(["-n", "20", "-w", "2"])
        .set("url", target.url("/"))
        .json();
    summary.has_tags([("200", 20)]);
    let tested = Command::new("cargo")
        .args(["test", "--offline", "--quiet"])
        .current_dir(&project)
        .output()
        .expect("cargo can be started");
    let said = String::from_utf8_lossy(&tested.stdout);
    assert!(tested.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

/// The tool chain of a language where `toolchains/` has put it. Where it is not there that is told loudly, and in CI it is a
/// failure.
fn tool_chain(language: &str, file: &str) -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/toolchains");
    let there = Path::new(root).join(language).join(file);
    if there.exists() {
        return Some(there);
    }
    let what = format!(
        "a project in {language} is not tested: `toolchains/{language}.sh` installs what it needs"
    );
    assert!(std::env::var_os("CI").is_none(), "{what}");
    // Not by a macro, whose output the test harness keeps to itself.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}");
    None
}

/// A new project in a language, in a folder that is gone with the test.
fn new(files: &Files, language: &str) -> PathBuf {
    gorgon("new")
        .args(["first", "--lang", language])
        .inside(files.path())
        .expect_exit(0)
        .stdout_contains("gorgon run ./op.wasm");
    files.path().join("first")
}

#[track_caller]
fn runs(project: &Path) {
    let target = Target::start();
    let summary = gorgon("run")
        .arg(project.join("op.wasm"))
        .args(["-n", "20", "-w", "2"])
        .set("url", target.url("/"))
        .json();
    summary.has_tags([("200", 20)]);
}

#[track_caller]
fn succeeds(command: &mut Command) {
    let output = command.output().expect("it can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

#[test]
fn a_project_in_c_is_built_tested_and_run() {
    let Some(clang) = tool_chain("c", "wasm32-wasi-clang") else {
        return;
    };
    let files = Files::new();
    let project = new(&files, "c");
    // What `gorgon build` runs, with the compiler named.
    let compiler = format!("WASM_CC={}", clang.display());
    succeeds(Command::new("make").arg(compiler).current_dir(&project));
    runs(&project);
    succeeds(Command::new("make").arg("test").current_dir(&project));
}

#[test]
fn a_project_in_go_is_built_tested_and_run() {
    let Some(go) = tool_chain("go", "bin/go") else {
        return;
    };
    let files = Files::new();
    let project = new(&files, "go");
    let path = format!(
        "{}:{}",
        go.parent().expect("a folder").display(),
        std::env::var("PATH").expect("there is a path")
    );
    gorgon("build")
        .arg(&project)
        .env("PATH", &path)
        .expect_exit(0)
        .stdout_contains("op.wasm");
    runs(&project);
    succeeds(Command::new(&go).arg("test").current_dir(&project));
}

#[test]
fn a_project_replaces_nothing_and_has_a_name_that_every_language_takes() {
    let files = Files::new();
    files.write("taken", "");
    let new = |name: &str| {
        gorgon("new")
            .args([name, "--lang", "rust"])
            .inside(files.path())
    };
    new("taken")
        .expect_exit(73)
        .stderr_contains("already")
        .stderr_contains("hint:");
    for name in ["Upper", "-x", "a/b", "größe", "1st"] {
        let name = if name == "-x" { "--" } else { name };
        new(name).expect_exit(64).stdout_is_empty();
    }
    gorgon("new")
        .args(["first", "--lang", "cobol"])
        .inside(files.path())
        .expect_exit(64)
        .stderr_contains("python");
}

#[test]
fn a_build_that_cannot_be_made_says_why() {
    let files = Files::new();
    gorgon("build")
        .arg(files.path())
        .expect_exit(66)
        .stderr_contains("Cargo.toml")
        .stderr_contains("gorgon new");
    gorgon("build")
        .arg(files.path().join("none"))
        .expect_exit(66)
        .stderr_contains("no folder");
    files.write("op.py", "");
    // There is no interpreter where the command has it.
    gorgon("build")
        .arg(files.path())
        .expect_exit(65)
        .stderr_contains(".venv/bin/python -m gorgon build op.py")
        .stderr_contains("hint:");
}
