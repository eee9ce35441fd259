//! A file that is no operation is told apart from every other kind of such file before any load is made.

use std::path::Path;

use crate::support::{Files, Finished, gorgon};

/// Runs a file that cannot be run, and checks the exit code and what is said about it.
#[track_caller]
fn refused(path: &Path, exit: i32, parts: &[&str]) -> Finished {
    let finished = gorgon("run").arg(path).args(["-n", "1"]).expect_exit(exit);
    finished.stdout_is_empty().has_no_sign_of_a_bug();
    for part in parts {
        finished.stderr_contains(part);
    }
    finished
}

#[test]
fn a_missing_file_is_missing_input() {
    refused(
        Path::new("no-such-file.wasm"),
        66,
        &["error: ", "`no-such-file.wasm`"],
    );
}

#[test]
fn a_directory_is_no_input() {
    let files = Files::new();
    refused(files.path(), 66, &["error: ", "directory"]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_unreadable_file_is_told_with_the_systems_reason() {
    // Reading its beginning fails for everybody, the superuser too.
    refused(
        Path::new("/proc/self/mem"),
        66,
        &["error: ", "`/proc/self/mem`"],
    );
}

#[cfg(unix)]
#[test]
fn a_circle_of_links_is_told_with_the_systems_reason() {
    let files = Files::new();
    let link = files.path().join("circle.wasm");
    std::os::unix::fs::symlink(&link, &link).expect("a link");
    refused(&link, 66, &["error: ", "circle.wasm"]);
}

#[test]
fn what_is_not_webassembly_is_told_by_its_first_bytes() {
    let files = Files::new();
    refused(&files.write("empty.wasm", ""), 65, &["empty.wasm", "empty"]);
    refused(
        &files.write("notes.wasm", "hello, this is text\n"),
        65,
        &["notes.wasm", "not", "WebAssembly"],
    );
    refused(
        &files.write("tool.wasm", b"\x7fELF\x02\x01\x01\0"),
        65,
        &["tool.wasm", "7f 45 4c 46"],
    );
    refused(&files.write("cut.wasm", b"\0asm"), 65, &["cut.wasm"]);
    refused(&files.write("one.wasm", b"\0"), 65, &["one.wasm"]);
}

#[test]
fn a_newer_binary_format_asks_for_a_newer_gorgon() {
    let files = Files::new();
    refused(
        &files.write("newer.wasm", b"\0asm\xff\0\x01\0"),
        65,
        &["newer.wasm", "version"],
    );
}

#[test]
fn a_broken_component_is_refused() {
    let files = Files::new();
    let good = std::fs::read(gorgon_fixtures::PROBE).expect("the guest is there");
    let half = good.get(..good.len() / 2).expect("half of it");
    refused(&files.write("half.wasm", half), 65, &["half.wasm"]);
}

#[test]
fn a_core_module_without_an_entry_is_refused() {
    let files = Files::new();
    let path = files.wat(
        "core.wasm",
        r#"(module (func (export "main") (result i32) i32.const 0))"#,
    );
    refused(&path, 65, &["core.wasm", "core", "_start"]);
}

#[test]
fn a_component_that_exports_something_else_is_told_what_it_exports() {
    let files = Files::new();
    let path = files.wat(
        "other.wasm",
        r#"(component
            (core module $m (func (export "f")))
            (core instance $i (instantiate $m))
            (func $f (canon lift (core func $i "f")))
            (export "greet" (func $f)))"#,
    );
    refused(&path, 65, &["other.wasm", "gorgon:load/operation", "greet"]);
}

/// The type of `run` as the contract has it.
const RUN: &str = r#"(param "number" u64) (result (result string (error string)))"#;

/// A component that exports an operation whose `run` has this component type and this core function, after whatever it
/// imports.
fn operation(imports: &str, component_type: &str, core_function: &str) -> String {
    format!(
        r#"(component
            {imports}
            (core module $m
                (memory (export "memory") 1)
                (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
                (func (export "run") {core_function}))
            (core instance $i (instantiate $m))
            (func $run {component_type}
                (canon lift (core func $i "run")
                    (memory (core memory $i "memory"))
                    (realloc (core func $i "realloc"))))
            (instance $operation (export "run" (func $run)))
            (export "gorgon:load/operation@0.1.0" (instance $operation)))"#
    )
}

#[test]
fn a_run_of_the_wrong_type_is_told_the_right_one() {
    let files = Files::new();
    let text = operation(
        "",
        r#"(param "number" u32) (result u32)"#,
        "(param i32) (result i32) i32.const 0",
    );
    refused(
        &files.wat("type.wasm", &text),
        65,
        &["type.wasm", "run", "u64"],
    );
}

#[test]
fn an_unknown_import_is_named() {
    let files = Files::new();
    let import = r#"(import "evil:host/shell@1.0.0" (instance (export "exec" (func (param "line" string)))))"#;
    let text = operation(import, RUN, "(param i64) (result i32) i32.const 0");
    refused(
        &files.wat("evil.wasm", &text),
        65,
        &["evil.wasm", "evil:host/shell"],
    );
}

#[test]
fn an_import_of_another_type_is_told_with_both_types() {
    let files = Files::new();
    let check = |import: &str, parts: &[&str]| {
        let text = operation(import, RUN, "(param i64) (result i32) i32.const 0");
        refused(&files.wat("op.wasm", &text), 65, parts);
    };
    check(
        r#"(import "gorgon:load/context@0.1.0" (instance (export "number" (func (result u32)))))"#,
        &[
            "`number` of `gorgon:load/context@0.1.0` has another type",
            "expected: number: func() -> u64",
            "found:    number: func() -> u32",
            "hint:",
        ],
    );
    check(
        r#"(import "gorgon:load/context@0.1.7" (instance (export "weather" (func))))"#,
        &["asks for `weather`", "later", "hint:"],
    );
    check(
        r#"(import "wasi:cli/stdin@0.2.0" (instance (export "number" (func))))"#,
        &["wasi:cli/stdin@0.2.0", "`number`", "hint:"],
    );
    check(
        r#"(import "wasi:clocks/monotonic-clock@0.3.0" (instance (export "now" (func))))"#,
        &["serves WASI 0.2", "hint:"],
    );
    check(
        r#"(import "gorgon:load/http@0.2.0" (instance (export "get" (func))))"#,
        &["another version of the contract", "hint:"],
    );
}

#[test]
fn a_hook_that_is_missing_or_of_another_type_is_named() {
    let files = Files::new();
    let text = operation("", RUN, "(param i64) (result i32) i32.const 0").replace(
        r#"(export "gorgon:load/operation@0.1.0" (instance $operation))"#,
        r#"(export "gorgon:load/operation@0.1.0" (instance $operation))
            (export "gorgon:load/lifecycle@0.1.0" (instance $operation))"#,
    );
    refused(
        &files.wat("op.wasm", &text),
        65,
        &[
            "`setup` of `gorgon:load/lifecycle@0.1.0`",
            "nothing of that name",
        ],
    );
}

#[test]
fn parts_and_versions_of_wasi_http_that_are_not_served_are_refused_with_what_to_do() {
    let files = Files::new();
    for (import, hint) in [
        ("wasi:http/handler@0.3.0", "WASI 0.2"),
        ("wasi:http/outgoing-handler@0.3.0", "WASI 0.2"),
        ("wasi:http/incoming-handler@0.2.3", "`outgoing-handler`"),
    ] {
        let text = format!(r#"(import "{import}" (instance (export "handle" (func))))"#);
        let text = operation(&text, RUN, "(param i64) (result i32) i32.const 0");
        refused(&files.wat("op.wasm", &text), 65, &[import, hint]);
    }
}

#[test]
fn an_operation_written_by_hand_runs() {
    let files = Files::new();
    // The result lies at 0: `ok`, and the text of three bytes at 16.
    let core_function = "(param i64) (result i32)
        (i32.store8 (i32.const 0) (i32.const 0))
        (i32.store (i32.const 4) (i32.const 16))
        (i32.store (i32.const 8) (i32.const 3))
        (i32.store (i32.const 16) (i32.const 0x00303032))
        i32.const 0";
    let path = files.wat("hand.wasm", &operation("", RUN, core_function));
    gorgon("run")
        .arg(path)
        .args(["-n", "9", "-w", "2"])
        .json()
        .has_tags([("200", 9)]);
}

#[cfg(unix)]
#[test]
fn a_name_with_control_characters_is_shown_escaped() {
    let finished = refused(Path::new("bad\u{1b}[2J\nname.wasm"), 66, &["error: "]);
    assert!(!finished.stderr().contains('\u{1b}'), "{}", finished.all());
}

#[test]
fn proposals_that_are_not_run_are_named() {
    let files = Files::new();
    for (text, hint) in [
        (
            "(component (core module (type (struct (field i32)))))",
            "garbage-collected types",
        ),
        ("(component (core module (memory 1 1 shared)))", "threads"),
        (
            "(component (core module (memory i64 1)))",
            "64-bit memories",
        ),
        ("(component (core module (tag)))", "exceptions"),
        (
            r#"(component (import "x" (func async (param "a" u32))))"#,
            "`async` functions",
        ),
    ] {
        gorgon("run")
            .arg(files.wat("op.wasm", text))
            .args(["-n", "1"])
            .expect_exit(65)
            .stderr_contains(hint)
            .stdout_is_empty()
            .has_no_sign_of_a_bug();
    }
}

#[test]
fn a_file_that_does_not_fit_is_inspected_all_the_same() {
    let files = Files::new();
    let text = r#"(component (import "evil:host/exec" (instance (export "run" (func)))))"#;
    gorgon("inspect")
        .arg(files.wat("op.wasm", text))
        .expect_exit(65)
        .stdout_contains("evil:host/exec")
        .stderr_contains("does not export an operation");
}
