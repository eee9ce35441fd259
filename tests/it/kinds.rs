//! Files that are operations without being made for gorgon: programs with a `main`, and core modules.

use std::path::PathBuf;

use crate::support::{Files, Gorgon, gorgon};

/// The program, told what to do.
fn program(command: &str, what: &str) -> Gorgon {
    gorgon(command)
        .arg(gorgon_fixtures::PROGRAM)
        .set("do", what)
}

/// A file made of text.
fn module(files: &Files, name: &str, wat: &str) -> PathBuf {
    files.write(name, wat::parse_str(wat).expect("the text is right"))
}

/// An operation as a C compiler makes it: `even` is ok, `odd` fails.
const CORE_OPERATION: &str = r#"(module
  (memory (export "memory") 1)
  (data (i32.const 64) "even" "odd")
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "gorgon:load/operation@0.1.0#run") (param $number i64) (result i32)
    (local $odd i32)
    (local.set $odd (i32.wrap_i64 (i64.and (local.get $number) (i64.const 1))))
    (i32.store8 (i32.const 16) (local.get $odd))
    (i32.store (i32.const 20) (select (i32.const 68) (i32.const 64) (local.get $odd)))
    (i32.store (i32.const 24) (select (i32.const 3) (i32.const 4) (local.get $odd)))
    (i32.const 16)))"#;

/// A program for WASI 0.1 that prints `hello` and ends with the status given.
fn core_command(status: u32) -> String {
    format!(
        r#"(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\06\00\00\00hello\0a")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))
    (call $exit (i32.const {status}))))"#
    )
}

#[test]
fn a_program_is_given_the_number_and_its_last_line_is_the_tag() {
    let summary = gorgon("run")
        .args([gorgon_fixtures::PROGRAM, "-n", "101", "-w", "4"])
        .json();
    summary.has_tags([("even", 51), ("odd", 50)]);
    assert_eq!(summary.at("/components/0/kind"), "command component");
    // One for each call, and one for each worker that got none.
    let created = summary.at("/instances/created").as_u64();
    assert!((101..105).contains(&created.unwrap_or(0)), "{created:?}");
    assert_eq!(summary.at("/instances/replaced"), 0);
    // The tags are not lines of the log.
    assert_eq!(summary.at("/log/lines"), 0);
}

#[test]
fn the_exit_status_of_a_program_says_whether_its_call_is_ok() {
    let summary = program("run", "fail").args(["-n", "20", "-w", "2"]).json();
    assert_eq!(summary.count("fail", "FAIL"), 4);
    assert_eq!(summary.calls("ok"), 16);
    let failures = summary.at("/failures").to_string();
    assert!(failures.contains("is no good"), "{failures}");
    let summary = program("run", "silent").args(["-n", "20"]).json();
    assert_eq!(summary.count("ok", "SUCCESS"), 10);
    assert_eq!(summary.count("fail", "FAIL"), 10);
}

#[test]
fn what_is_given_on_the_command_line_reaches_a_program() {
    let files = Files::new();
    let finished = program("try", "given")
        .args(["--number", "17", "--item", "a line", "--data"])
        .arg(files.write("d.csv", "user id\nx\n"))
        .set("base-url", "http://127.0.0.1")
        .expect_exit(0);
    for line in [
        r#"["operation", "17", "a line"]"#,
        "GORGON_CELL_USER_ID=x",
        "GORGON_ITEM=a line",
        "GORGON_NUMBER=17",
        "GORGON_SET_BASE_URL=http://127.0.0.1",
        "GORGON_WORKER=0",
        "SUCCESS (ok)",
    ] {
        finished.stdout_contains(line);
    }
    // Nothing of this process's own.
    assert!(!finished.stdout().contains("HOME="), "{}", finished.all());
    let summary = program("run", "item")
        .arg("--items")
        .arg(files.write("items", "größe\nb\n"))
        .json();
    summary.has_tags([("größe", 1), ("b", 1)]);
    // An argument ends at a zero byte.
    let summary = program("run", "item")
        .arg("--items")
        .arg(files.write("items", "a\0b\nc\n"))
        .json();
    assert_eq!(summary.count("fail", "bad-item"), 1);
    assert_eq!(summary.count("ok", "c"), 1);
}

#[test]
fn every_run_of_a_program_begins_anew() {
    for flags in [
        &["-n", "50", "-w", "2"][..],
        &["--rate", "1000/s", "-n", "50"],
    ] {
        program("run", "count")
            .args(flags)
            .json()
            .has_tags([("0", 50)]);
    }
}

#[test]
fn a_program_that_does_not_end_by_itself_is_a_fault() {
    let summary = program("run", "panic").args(["-n", "3"]).json_and_exit(69);
    assert_eq!(summary.count("fault", "!trap"), 3);
    let failures = summary.at("/failures").to_string();
    assert!(failures.contains("as told"), "{failures}");
    let summary = program("run", "spin")
        .args(["-n", "2", "-w", "2", "--timeout", "50ms"])
        .json_and_exit(69);
    assert_eq!(summary.count("fault", "!timeout"), 2);
}

#[test]
fn a_core_module_that_exports_the_operation_runs_as_it_is() {
    let files = Files::new();
    let path = module(&files, "op.wasm", CORE_OPERATION);
    // The second time from the cache.
    for _ in 0..2 {
        let summary = gorgon("run")
            .arg(&path)
            .args(["-n", "1000", "-w", "3"])
            .json();
        assert_eq!(summary.count("ok", "even"), 500);
        assert_eq!(summary.count("fail", "odd"), 500);
        assert_eq!(summary.at("/components/0/kind"), "core module");
        assert_eq!(summary.at("/instances/created"), 3);
    }
    gorgon("inspect")
        .arg(&path)
        .expect_exit(0)
        .stdout_contains("gorgon:load/op@0.1.0");
}

#[test]
fn a_core_module_made_for_a_later_version_that_adds_to_this_one_runs() {
    let files = Files::new();
    let later = CORE_OPERATION.replace("@0.1.0", "@0.1.7");
    let path = module(&files, "op.wasm", &later);
    let summary = gorgon("run").arg(path).args(["-n", "10"]).json();
    assert_eq!(summary.count("ok", "even"), 5);
}

#[test]
fn a_core_module_with_a_start_is_a_program() {
    let files = Files::new();
    let path = module(&files, "ok.wasm", &core_command(0));
    let summary = gorgon("run").arg(&path).args(["-n", "20"]).json();
    assert_eq!(summary.count("ok", "hello"), 20);
    assert_eq!(summary.at("/components/0/kind"), "command core module");
    let path = module(&files, "bad.wasm", &core_command(7));
    let summary = gorgon("run")
        .arg(&path)
        .args(["-n", "20"])
        .json_and_exit(69);
    assert_eq!(summary.count("fail", "hello"), 20);
}

#[test]
fn a_core_module_that_is_neither_says_what_it_lacks() {
    #[track_caller]
    fn check(wat: &str, words: &[&str]) {
        let files = Files::new();
        let finished = gorgon("run")
            .arg(module(&files, "op.wasm", wat))
            .args(["-n", "1"])
            .expect_exit(65);
        finished.stdout_is_empty().has_no_sign_of_a_bug();
        for part in words {
            finished.stderr_contains(part);
        }
    }
    check("(module)", &["exports nothing", "hint:"]);
    let other = CORE_OPERATION.replace("@0.1.0", "@0.7.0");
    check(&other, &["another version of the contract", "hint:"]);
    let program = core_command(0).replace("fd_write", "fd_wrote");
    check(&program, &["cannot run", "fd_wrote", "WASI 0.1", "hint:"]);
    let wrong = CORE_OPERATION.replace("(param $number i64)", "(param $number i64) (param i32)");
    check(&wrong, &["cannot be made a component", "run", "hint:"]);
    let import = CORE_OPERATION.replacen(
        "(module",
        r#"(module (import "env" "system" (func (param i32) (result i32)))"#,
        1,
    );
    check(&import, &["cannot be made a component", "env", "hint:"]);
}

#[test]
fn the_component_of_a_core_module_can_be_written_and_does_the_same() {
    let files = Files::new();
    let component = files.path().join("component.wasm");
    let adapt = |module: &PathBuf| gorgon("adapt").arg(module).arg("-o").arg(&component);
    adapt(&module(&files, "op.wasm", CORE_OPERATION))
        .expect_exit(0)
        .stderr_contains("is a component of");
    let summary = gorgon("run").arg(&component).args(["-n", "10"]).json();
    assert_eq!(summary.at("/components/0/kind"), "component");
    assert_eq!(summary.count("fail", "odd"), 5);
    adapt(&component)
        .expect_exit(65)
        .stderr_contains("a component already");
    adapt(&module(&files, "none.wasm", "(module)")).expect_exit(65);
    adapt(&module(&files, "program.wasm", &core_command(0)))
        .expect_exit(65)
        .stderr_contains("run it as it is");
}
